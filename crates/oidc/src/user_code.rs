//! The short code that a person carries from a device without a keyboard to a browser (RFC 8628 §6.1).
//!
//! Eight consonants in two groups: no vowel, so that no word comes about, and no digit, so that nothing is taken for
//! something else. Case, dashes and blanks do not matter. There are 20^8 codes, 34 bits: guessing is for limits to stop.

use std::fmt;

use zeroize::Zeroizing;

/// A code that can be one; whether it is anybody's, a row says. It has no `Display`: it is a secret while it lasts.
#[derive(Clone, PartialEq, Eq)]
pub struct UserCode(Zeroizing<[u8; LENGTH]>);

impl UserCode {
    /// What somebody typed; `None` where it cannot be a code.
    pub fn parse(typed: &str) -> Option<Self> {
        if typed.len() > LONGEST {
            return None;
        }
        let mut letters = Zeroizing::new([0; LENGTH]);
        let mut count = 0;
        let mattering = |c: &char| !c.is_whitespace() && !c.is_ascii_punctuation() && !DASHES.contains(c);
        for letter in typed.chars().filter(mattering) {
            let letter = u8::try_from(letter.to_ascii_uppercase()).ok().filter(|letter| LETTERS.contains(letter))?;
            *letters.get_mut(count)? = letter;
            count += 1;
        }
        (count == LENGTH).then_some(Self(letters))
    }

    /// A code from random bytes, each of which decides a letter if it can do so evenly; `None` where there are too few.
    pub fn from_random(random: &[u8]) -> Option<Self> {
        let count = LETTERS.len();
        let even = u8::try_from(256 - 256 % count).unwrap_or(u8::MAX);
        let mut letters = Zeroizing::new([0; LENGTH]);
        let mut bytes = random.iter().filter(|byte| **byte < even);
        for letter in letters.iter_mut() {
            *letter = LETTERS[usize::from(*bytes.next()?) % count];
        }
        Some(Self(letters))
    }

    /// Its letters, over which the row's key is made.
    pub fn letters(&self) -> &[u8] {
        &*self.0
    }

    /// As it is shown: `WDJB-MJHT`. This is the one place where it becomes text.
    pub fn to_text(&self) -> Zeroizing<String> {
        let (first, last) = self.0.split_at(LENGTH / 2);
        let half = |half: &[u8]| half.iter().map(|letter| char::from(*letter)).collect::<String>();
        Zeroizing::new(format!("{}-{}", half(first), half(last)))
    }
}

impl fmt::Debug for UserCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UserCode([redacted])")
    }
}

/// RFC 8628 §6.1: consonants alone.
const LETTERS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
const LENGTH: usize = 8;
/// What keyboards make of a dash.
const DASHES: [char; 4] = ['\u{2010}', '\u{2011}', '\u{2013}', '\u{2014}'];
const LONGEST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8628 §6.1: case and punctuation are removed before the comparison.
    #[test]
    fn case_dashes_and_blanks_do_not_matter() {
        for (typed, shown) in [
            ("WDJB-MJHT", Some("WDJB-MJHT")),
            ("wdjbmjht", Some("WDJB-MJHT")),
            (" wdjb mjht\n", Some("WDJB-MJHT")),
            ("WD.JB\u{2013}MJ_HT", Some("WDJB-MJHT")),
            ("WDJB-MJH", None),
            ("WDJB-MJHTT", None),
            ("WDJB-MJHA", None),
            ("WDJB-MJH8", None),
            ("WDJB-MJHÑ", None),
            ("", None),
        ] {
            let found = UserCode::parse(typed).map(|code| code.to_text().to_string());
            assert_eq!(found.as_deref(), shown, "{typed:?}");
        }
        assert_eq!(UserCode::parse(&format!("WDJB-MJHT{}", " ".repeat(LONGEST))), None);
    }

    #[test]
    fn random_bytes_decide_evenly() {
        let code = |bytes: &[u8]| UserCode::from_random(bytes).map(|code| code.to_text().to_string());
        assert_eq!(
            code(&[0, 1, 2, 3, 19, 20, 239, 240, 255, 0]).as_deref(),
            Some("BCDF-ZBZB"),
            "240 and 255 are passed over"
        );
        assert_eq!(code(&[255; 64]), None);
        assert_eq!(code(&[0; 7]), None);
    }

    #[test]
    fn debug_shows_no_code() {
        let shown = format!("{:?}", UserCode::parse("WDJB-MJHT"));
        assert!(!shown.contains("WDJB"), "{shown}");
    }
}
