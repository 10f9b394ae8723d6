//! Passwords that are tried first: the most used ones, and what is made of them and of the keyboard by rote.
//!
//! The list is public and comes with the program, so that nothing is asked of anybody.

/// Whether this password is among the first that are tried.
pub(super) fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = without_spelling(&lower);
    let [lower_stem, plain_stem] = [&lower, &plain].map(|text| stem(text));
    [lower.as_str(), &plain, lower_stem, plain_stem].into_iter().any(|text| is_listed(text) || is_by_rote(text))
}

/// The words among them: what a page needs to say how hard a password is to guess. In the order of their letters.
pub fn common_words() -> impl Iterator<Item = &'static str> {
    LIST.0.lines().filter(|line| (4..=8).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_lowercase()))
}

fn is_listed(text: &str) -> bool {
    text.is_empty() || LIST.binary_search_by(text)
}

/// One unit over and over, or a walk over the keyboard, forward or backward.
fn is_by_rote(text: &str) -> bool {
    let unit = unit(text);
    unit.chars().count() <= 2 || (unit.len() < text.len() && is_listed(unit)) || is_walk(unit)
}

/// The shortest text of which this one is made by repetition; at its end it may break off.
fn unit(text: &str) -> &str {
    let cuts = text.char_indices().map(|(at, _)| at).skip(1);
    let repeats = |cut: &usize| {
        let (unit, rest) = text.split_at(*cut);
        rest.chars().zip(unit.chars().cycle()).all(|(one, other)| one == other)
    };
    // Half of it at most, so that a text that merely ends as it begins is no repetition.
    cuts.take_while(|cut| cut * 2 <= text.len()).find(|cut| repeats(cut)).map_or(text, |cut| &text[..cut])
}

fn is_walk(text: &str) -> bool {
    let backward: String = text.chars().rev().collect();
    WALKS.iter().any(|walk| walk.contains(text) || walk.contains(&backward))
}

/// Without the few digits and signs that people append when they are told to; more than a few, by rote.
fn stem(text: &str) -> &str {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit() || "!?.@#$%*_-+".contains(c));
    let tail = &text[stem.len()..];
    if stem.is_empty() || (tail.len() > FEW && !is_by_rote(tail)) { text } else { stem }
}

/// Without the spelling that looks clever: `p@$$w0rd`.
fn without_spelling(text: &str) -> String {
    let letter = |c| match c {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    };
    text.chars().map(letter).collect()
}

/// Lines in the order of their bytes.
struct Sorted(&'static str);

impl Sorted {
    fn binary_search_by(&self, wanted: &str) -> bool {
        let (mut from, mut to) = (0, self.0.len());
        while from < to {
            let middle = usize::midpoint(from, to);
            let begin = self.0[..middle].rfind('\n').map_or(0, |at| at + 1);
            let end = self.0[middle..].find('\n').map_or(self.0.len(), |at| middle + at);
            match self.0[begin..end].cmp(wanted) {
                std::cmp::Ordering::Equal => return true,
                std::cmp::Ordering::Less => from = end + 1,
                std::cmp::Ordering::Greater => to = begin,
            }
        }
        false
    }
}

const LIST: Sorted = Sorted(include_str!("../../data/common-passwords.txt"));

/// A year, and two signs.
const FEW: usize = 6;

/// The alphabet, rows and columns of keyboards; what is longer than a row goes on in the next.
const WALKS: &[&str] = &[
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiop",
    "qwertzuiopasdfghjklyxcvbnmqwertzuiop",
    "azertyuiopqsdfghjklmwxcvbnazertyuiop",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "1234567890qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "1qazxsw23edcvfr45tgbnhy67ujm,ki8",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "qawsedrftgyhujikolp",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_line_is_found() {
        let lines: Vec<&str> = LIST.0.lines().collect();
        assert!(lines.len() > 29_000 && lines.is_sorted());
        assert!(lines.iter().all(|line| LIST.binary_search_by(line)));
        for other in ["", "aaa", "zzzzzzzzz-no", "correct horse battery staple", "\u{fc}"] {
            assert!(!LIST.binary_search_by(other), "{other}");
        }
    }

    #[test]
    fn what_is_tried_first() {
        for (password, common) in [
            ("password", true),
            ("Passw0rd123!", true),
            ("P@$$w0rd", true),
            ("passwordpassword", true),
            ("PasswordPasswordPassword1", true),
            ("monkey2026!!", true),
            ("sunshine123456789012", true),
            ("sunshine382940218374", false),
            ("aaaaaaaaaaaaaaaa", true),
            ("abababababababab", true),
            ("abcabcabcabcabca", true),
            ("12345678901234567890", true),
            ("qwertyuiopasdfgh", true),
            ("poiuytrewq", true),
            ("zyxwvutsrqponmlk", true),
            ("1qaz2wsx3edc4rfv", true),
            ("qwertyqwertyqwerty", true),
            ("correct horse battery staple", false),
            ("the connexion of the sciences", false),
            ("lovelace engine notes", false),
            ("tulip-anvil-marmot", false),
            ("gx7!Kw02", false),
        ] {
            assert_eq!(is_common(password), common, "{password}");
        }
    }
}
