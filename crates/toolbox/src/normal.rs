//! Unicode's canonical normal forms (UAX #15), from the tables for single characters: the iterators of the same crate
//! bring the compatibility tables along, a tenth of the module in the browser.

use unicode_normalization::char::{canonical_combining_class, compose, decompose_canonical};

/// NFD.
pub(crate) fn decomposed(text: &str) -> String {
    in_order(text).into_iter().collect()
}

/// NFC: each character joins the starter before it, unless one of its own class or above stands between.
pub(crate) fn composed(text: &str) -> String {
    let mut joined: Vec<char> = Vec::with_capacity(text.len());
    let mut starter = None;
    let mut class_before = 0;
    for letter in in_order(text) {
        let class = canonical_combining_class(letter);
        if let Some(at) = starter {
            let is_blocked = joined.len() > at + 1 && class_before >= class;
            if let Some(whole) = compose(joined[at], letter).filter(|_| !is_blocked) {
                joined[at] = whole;
                continue;
            }
        }
        if class == 0 {
            starter = Some(joined.len());
        }
        class_before = class;
        joined.push(letter);
    }
    joined.into_iter().collect()
}

/// Decomposed, the marks behind each starter sorted by their class.
fn in_order(text: &str) -> Vec<char> {
    let mut letters = Vec::with_capacity(text.len());
    text.chars().for_each(|letter| decompose_canonical(letter, |part| letters.push(part)));
    for marks in letters.chunk_by_mut(|_, next| canonical_combining_class(*next) != 0) {
        // A starter's own class is 0, so that it stays in front.
        marks.sort_by_key(|letter| canonical_combining_class(*letter));
    }
    letters
}

#[cfg(test)]
mod tests {
    use unicode_normalization::UnicodeNormalization as _;

    use super::{composed, decomposed};

    fn agree(text: &str) {
        assert_eq!(composed(text), text.nfc().collect::<String>(), "{text:?}");
        assert_eq!(decomposed(text), text.nfd().collect::<String>(), "{text:?}");
    }

    #[test]
    fn every_character_alone_and_behind_others_is_as_the_iterators_have_it() {
        for letter in ('\0'..=char::MAX).filter(|letter| *letter < '\u{33480}') {
            agree(&format!("a{letter}\u{323}\u{301}"));
            agree(&format!("\u{301}{letter}\u{316}e\u{302}{letter}"));
        }
    }

    #[test]
    fn known_forms() {
        assert_eq!(composed("e\u{301}"), "é");
        assert_eq!(decomposed("é"), "e\u{301}");
        assert_eq!(composed("\u{1100}\u{1161}\u{11a8}"), "각");
        agree("");
    }
}
