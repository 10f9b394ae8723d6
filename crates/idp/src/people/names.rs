//! The names by which people sign in, and what may be one.
//!
//! Usernames follow PRECIS (RFC 8265 §3.3, UsernameCaseMapped), from whose letters, digits and signs we take a part: what
//! looks like another name because of its width, its case or its composition is that name.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A checked e-mail address, as it was written but for blanks around it.
pub(super) fn email(text: &str) -> Option<&str> {
    let text = text.trim();
    let (local, domain) = text.rsplit_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(is_odd);
    let labels = domain.split('.').all(|label| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-'));
    let dots = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    // RFC 5321 §4.5.3.1, and the length of a path without its brackets.
    let short = local.len() <= 64 && text.len() <= 254;
    (plain(local) && plain(domain) && labels && dots && short).then_some(text)
}

/// A checked username, prepared but for its case: letters with their marks and digits, and between them `.`, `_` and
/// `-`. It cannot be taken for an e-mail address or an id.
pub(super) fn username(text: &str) -> Option<String> {
    let text = text.trim();
    if text.chars().take(MAX_USERNAME + 1).count() > MAX_USERNAME {
        return None;
    }
    let text: String = text.chars().flat_map(of_usual_width).nfc().collect();
    let allowed = text.chars().all(|c| is_of_name(c) || "._-".contains(c));
    let ends = text.starts_with(char::is_alphanumeric) && text.ends_with(is_of_name);
    let short = text.chars().count() <= MAX_USERNAME;
    (allowed && ends && short && runs_one_way(&text) && text.parse::<oidc::Id>().is_err()).then_some(text)
}

/// RFC 8264 §9.1 and §9.17: letters, digits and marks, of which none stands for another letter or for several.
fn is_of_name(c: char) -> bool {
    (c.is_alphanumeric() || is_combining_mark(c)) && std::iter::once(c).nfkc().eq(std::iter::once(c).nfc())
}

/// RFC 8265 §3.3.1: full and half width are widths of a letter, not other letters.
fn of_usual_width(c: char) -> Vec<char> {
    match c {
        '\u{ff01}'..='\u{ffef}' => std::iter::once(c).nfkc().collect(),
        c => vec![c],
    }
}

/// The Bidi Rule of RFC 5893 §2, narrowed: a name of a script that runs from right to left has no letter of the other
/// way, and digits of one kind alone, so that it looks the same wherever it stands.
fn runs_one_way(text: &str) -> bool {
    let (has, all) = (|test: fn(char) -> bool| text.contains(test), text.chars());
    if !has(is_right_to_left) {
        return true;
    }
    let letters = all.clone().filter(|c| c.is_alphabetic() && !is_combining_mark(*c));
    let first = text.starts_with(|c| is_right_to_left(c) && c.is_alphabetic());
    first && letters.clone().all(is_right_to_left) && !(has(|c| c.is_ascii_digit()) && has(is_arabic_digit))
}

/// Hebrew, Arabic and their neighbours.
fn is_right_to_left(c: char) -> bool {
    let scripts = matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}');
    (scripts || matches!(c, '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')) && !is_arabic_digit(c)
}

fn is_arabic_digit(c: char) -> bool {
    matches!(c, '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}')
}

/// A checked full name, or `Some(None)` where there is none.
#[allow(clippy::option_option, reason = "no name is right, and another thing than a wrong one")]
pub(super) fn full_name(text: &str) -> Option<Option<&str>> {
    let text = text.trim();
    let right = text.chars().take(MAX_NAME + 1).count() <= MAX_NAME && !text.contains(char::is_control);
    right.then_some(Some(text).filter(|text| !text.is_empty()))
}

/// The login name of a checked e-mail address.
pub(super) fn of_email(email: &str) -> String {
    format!("email:{}", folded(email))
}

/// The login name of a checked username.
pub(super) fn of_username(username: &str) -> String {
    format!("username:{}", folded(username))
}

/// RFC 8265 §3.3.2: in lower case, and composed once more.
fn folded(name: &str) -> String {
    name.to_lowercase().nfc().collect()
}

/// The login name that somebody typed, where it can be one.
pub(super) fn typed(text: &str) -> Option<String> {
    match text.contains('@') {
        true => email(text).map(of_email),
        false => username(text).map(|name| of_username(&name)),
    }
}

/// As limits count what somebody typed: their login name, or whatever stands in its place.
pub(crate) fn counted(text: &str) -> String {
    typed(text).unwrap_or_else(|| text.trim().to_lowercase())
}

/// What RFC 5322 §3.2.3 keeps for other uses, and what is not seen (RFC 6532 allows other letters).
fn is_odd(c: char) -> bool {
    let unseen = matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    c.is_whitespace() || c.is_control() || unseen || "()<>[]:;@\\,\"".contains(c)
}

const MAX_USERNAME: usize = 64;
const MAX_NAME: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_an_email_address() {
        for (text, right) in [
            ("ada@example.com", true),
            (" Ada.Lovelace+x@Example.COM ", true),
            ("root@localhost", true),
            ("jürgen@bücher.example", true),
            ("", false),
            ("ada", false),
            ("@example.com", false),
            ("ada@", false),
            ("ada@@example.com", false),
            ("a da@example.com", false),
            ("ada@exam\nple.com", false),
            ("ada\u{202e}@example.com", false),
            ("ada@example..com", false),
            ("ada@.example.com", false),
            ("ada@-example.com", false),
            (".ada@example.com", false),
            ("a..da@example.com", false),
            ("Ada <ada@example.com>", false),
            ("ada@example.com,bob@example.com", false),
        ] {
            assert_eq!(email(text).is_some(), right, "{text:?}");
        }
        assert!(email(&format!("{}@example.com", "a".repeat(64))).is_some());
        assert!(email(&format!("{}@example.com", "a".repeat(65))).is_none());
        assert!(email(&format!("a@{}com", "abc.".repeat(70))).is_none());
    }

    #[test]
    fn what_is_a_username() {
        for (text, right) in [
            ("ada", true),
            ("Ada.Lovelace_1-x", true),
            ("نادية", true),
            ("a", true),
            ("", false),
            ("ada@home", false),
            ("ada lovelace", false),
            (".ada", false),
            ("ada-", false),
            ("email:ada", false),
            ("0f0102030405060708090a0b0c0d0eff", false),
            // RFC 8265 §3.5: a half-open name, and letters that stand for others.
            ("foo bar", false),
            ("henry\u{2163}", false),
            ("\u{265a}", false),
            ("o\u{fb03}ce", false),
            ("x\u{b2}", false),
            ("जूलिया", true),
            ("juliet\u{2019}s", false),
            // RFC 5893 §2: Arabic with a Latin letter in it, and with digits of two kinds.
            ("ناديةa", false),
            ("1نادية", false),
            ("نادية12", true),
            ("نادية1\u{661}", false),
            ("\u{301}a", false),
        ] {
            assert_eq!(username(text).is_some(), right, "{text:?}");
        }
        assert!(username(&"a".repeat(64)).is_some() && username(&"a".repeat(65)).is_none());
    }

    #[test]
    fn one_name_however_it_is_typed() {
        assert_eq!(typed(" ADA@Example.com"), Some("email:ada@example.com".to_owned()));
        assert_eq!(typed("ADA"), Some("username:ada".to_owned()));
        assert_eq!(typed("email:ada"), None);
        for (one, other) in [("\u{ff21}da", "ada"), ("Ze\u{301}lie", "z\u{e9}lie"), ("Ådne", "a\u{30a}dne")] {
            assert_eq!(typed(one), typed(other), "{one}");
            assert!(typed(one).is_some(), "{one}");
        }
        assert_eq!(typed("Zoe\u{308}@example.com"), typed("zo\u{eb}@example.com"));
    }

    #[test]
    fn a_full_name_may_be_missing() {
        assert_eq!(full_name(" Ada  Lovelace "), Some(Some("Ada  Lovelace")));
        assert_eq!(full_name("  "), Some(None));
        assert_eq!(full_name("Ada\r\nBcc: x"), None);
        assert_eq!(full_name(&"ä".repeat(257)), None);
    }
}
