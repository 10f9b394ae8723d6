//! Names that people and apps chose for themselves, made safe to show.

/// What is shown of a text that somebody else chose.
///
/// Control characters and the marks that turn the direction of what follows
/// (UAX #9 §2) are left out: with them a name could rearrange the sentence
/// around it. Escaping for HTML is the template's work, not done here.
pub fn shown(text: &str) -> String {
    text.chars().filter(|&c| !disturbs(c)).collect()
}

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

fn disturbs(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{2069}'
                | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_direction_and_controls_are_left_out() {
        assert_eq!(shown("Ada\u{202e}gnp.exe\u{2069}\u{0}\n"), "Adagnp.exe");
        assert_eq!(shown("ندى <Ada>"), "ندى <Ada>");
    }

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
