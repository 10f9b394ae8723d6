//! Names that people and apps chose for themselves, made safe to show.

pub use oidc::shown::shown;

/// One or two letters that stand for a name where there is no picture.
///
/// Two only where letters stand apart: those of a joined script would run
/// together into a word of their own.
pub fn initials(name: &str) -> String {
    let name = shown(name);
    let mut letters = name.split_whitespace().filter_map(first_letter);
    let Some(first) = letters.next() else {
        return "•".to_owned();
    };
    let last = letters.next_back().filter(|_| stands_apart(first));
    let mut initials: String = first.to_uppercase().collect();
    if let Some(last) = last.filter(|&c| stands_apart(c)) {
        initials.extend(last.to_uppercase());
    }
    initials
}

fn first_letter(word: &str) -> Option<char> {
    word.chars().find(|c| c.is_alphanumeric())
}

fn stands_apart(c: char) -> bool {
    // Latin, Greek, Cyrillic, Armenian; one sign is enough for all others.
    c < '\u{0590}'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_drawn_from_the_first_and_the_last_word() {
        assert_eq!(initials("Ada King Lovelace"), "AL");
        assert_eq!(initials("photos"), "P");
        assert_eq!(initials("ندى الخطيب"), "ن");
        assert_eq!(initials("(☂) "), "•");
        assert_eq!(initials(""), "•");
        assert_eq!(initials("\u{202e}élodie"), "É");
    }
}
