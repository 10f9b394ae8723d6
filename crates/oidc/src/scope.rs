//! Scopes (RFC 6749 §3.3, OpenID Connect Core §5.4).

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A set of scope values. On the wire and at rest it is one text with single spaces, sorted, so that
/// equal sets have equal texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Scopes(BTreeSet<String>);

/// The text is not a list of scope values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("scope must be values of printable ASCII without quote and backslash, separated by single spaces, 64 at most")]
pub struct NotScopes;

impl Scopes {
    /// Parses the parameter (RFC 6749 §3.3). The empty text is the empty set; a value given twice counts once.
    pub fn parse(text: &str) -> Result<Self, NotScopes> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let values: Vec<&str> = text.split(' ').collect();
        if values.len() > MOST || !values.iter().all(|value| is_value(value)) {
            return Err(NotScopes);
        }
        Ok(Self(values.into_iter().map(str::to_owned).collect()))
    }

    /// Whether `value` is among them.
    pub fn contains(&self, value: &str) -> bool {
        self.0.contains(value)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Those that `other` has too.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// The same with one more.
    #[must_use]
    pub fn and(mut self, value: &str) -> Self {
        self.0.insert(value.to_owned());
        self
    }

    /// Those that `other` lacks.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        Self(self.0.difference(&other.0).cloned().collect())
    }

    /// Whether `other` has all of them: a refresh may narrow, never widen (RFC 6749 §6).
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { " " };
            write!(f, "{separator}{value}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for Scopes {
    type Error = NotScopes;

    fn try_from(text: String) -> Result<Self, NotScopes> {
        Self::parse(&text)
    }
}

impl From<Scopes> for String {
    fn from(scopes: Scopes) -> Self {
        scopes.to_string()
    }
}

/// `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`.
fn is_value(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// Makes a request one of OpenID Connect (Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// Asks for access while the person is away (Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";
/// Asks for a device secret, by which other apps of the developer join the session (Native SSO 1.0 §3.1).
pub const DEVICE_SSO: &str = "device_sso";
/// The scopes that have a meaning of their own here (Core §5.4, §11).
pub const STANDARD: &[&str] = &[OPENID, "profile", "email", "phone", "address", OFFLINE_ACCESS];

/// Those that only clients have which are registered with them: what this installation knows of a person beside the
/// standard claims, each as one claim of its own name.
pub const OF_OURS: &[&str] = &[GROUPS, ROLES];
/// The groups that the person is in.
pub const GROUPS: &str = "groups";
/// What the person is at the client that asks.
pub const ROLES: &str = "roles";

const MOST: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(text: &str) -> Scopes {
        Scopes::parse(text).expect("scopes")
    }

    #[test]
    fn order_and_repetition_do_not_matter() {
        assert_eq!(scopes("profile openid profile"), scopes("openid profile"));
        assert_eq!(scopes("profile openid").to_string(), "openid profile");
        assert_eq!(scopes("").to_string(), "");
    }

    /// RFC 6749 §3.3 and appendix A.4.
    #[test]
    fn the_grammar_is_kept() {
        for text in [" ", "a  b", " a", "a ", "a\tb", "a\nb", "\"a\"", "a\\b", "ü", "a\u{7f}"] {
            assert_eq!(Scopes::parse(text), Err(NotScopes), "{text:?}");
        }
        let many = |count: usize| (0..count).map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
        assert!(Scopes::parse(&many(64)).is_ok());
        assert_eq!(Scopes::parse(&many(65)), Err(NotScopes));
    }

    #[test]
    fn a_refresh_may_narrow_and_never_widen() {
        assert!(scopes("email").is_within(&scopes("openid email")));
        assert!(!scopes("email phone").is_within(&scopes("openid email")));
        assert_eq!(scopes("email phone").intersection(&scopes("openid email")), scopes("email"));
        assert_eq!(scopes("email phone").without(&scopes("openid email")), scopes("phone"));
    }
}
