//! The names by which people sign in, and what may be one.

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

/// A checked username: letters and digits, and between them `.`, `_` and `-`. It cannot be taken for an e-mail
/// address or an id.
pub(super) fn username(text: &str) -> Option<&str> {
    let text = text.trim();
    let allowed = text.chars().all(|c| c.is_alphanumeric() || "._-".contains(c));
    let ends = text.starts_with(char::is_alphanumeric) && text.ends_with(char::is_alphanumeric);
    let short = text.chars().take(MAX_USERNAME + 1).count() <= MAX_USERNAME;
    (allowed && ends && short && text.parse::<oidc::Id>().is_err()).then_some(text)
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
    format!("email:{}", email.to_lowercase())
}

/// The login name of a checked username.
pub(super) fn of_username(username: &str) -> String {
    format!("username:{}", username.to_lowercase())
}

/// The login name that somebody typed, where it can be one.
pub(super) fn typed(text: &str) -> Option<String> {
    match text.contains('@') {
        true => email(text).map(of_email),
        false => username(text).map(of_username),
    }
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
    }

    #[test]
    fn a_full_name_may_be_missing() {
        assert_eq!(full_name(" Ada  Lovelace "), Some(Some("Ada  Lovelace")));
        assert_eq!(full_name("  "), Some(None));
        assert_eq!(full_name("Ada\r\nBcc: x"), None);
        assert_eq!(full_name(&"ä".repeat(257)), None);
    }
}
