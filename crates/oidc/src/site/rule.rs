//! A rule of a site: who may see what stands below a path, and how they must have proven themselves.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Who may see something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody, signed in or not.
    Public,
    /// Whoever signs in.
    Anybody,
    /// Whoever is in one of these groups.
    Groups(Vec<String>),
}

/// A rule. Its text is `PATH [public | groups=A+B] [acr=NAME] [max-age=SECONDS]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rule {
    path: String,
    access: Access,
    acr: Option<String>,
    max_age: Option<u64>,
}

/// Why something is no rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RuleError {
    /// A path is absolute and plain.
    #[error("a path begins with a slash and is made of letters, digits, `-`, `.`, `_` and `~`, without dots alone")]
    Path,
    /// A word that is none of these.
    #[error("after the path may stand `public` or `groups=A+B`, `acr=NAME` and `max-age=SECONDS`, each once")]
    Word,
    /// Less would ask again on each page.
    #[error("max-age is a number of seconds from 60 to a year")]
    MaxAge,
    /// Nobody is asked there.
    #[error("what is public asks for no proof")]
    Public,
    /// One path, one rule.
    #[error("a path stands twice")]
    Twice,
    /// More than anybody could read.
    #[error("a site has 64 rules at most")]
    TooMany,
}

impl Rule {
    /// Whoever signs in may see all of a site.
    pub fn whole() -> Self {
        Self { path: "/".to_owned(), access: Access::Anybody, acr: None, max_age: None }
    }

    /// A rule from its parts.
    pub fn new(path: &str, access: Access, acr: Option<String>, max_age: Option<u64>) -> Result<Self, RuleError> {
        let trimmed = path.trim_end_matches('/');
        let parts = trimmed.split('/').skip(1);
        let plain =
            parts.clone().all(|part| !part.is_empty() && part != "." && part != ".." && part.bytes().all(is_plain));
        if !path.starts_with('/') || !plain || path.len() > LONGEST {
            return Err(RuleError::Path);
        }
        if max_age.is_some_and(|seconds| !(LEAST_AGE..=MOST_AGE).contains(&seconds)) {
            return Err(RuleError::MaxAge);
        }
        if access == Access::Public && (acr.is_some() || max_age.is_some()) {
            return Err(RuleError::Public);
        }
        if matches!(&access, Access::Groups(groups) if groups.is_empty() || groups.iter().any(String::is_empty)) {
            return Err(RuleError::Word);
        }
        let path = if trimmed.is_empty() { "/" } else { trimmed };
        Ok(Self { path: path.to_owned(), access, acr, max_age })
    }

    /// The path, without a final slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Who may.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The name of the level that must have been reached.
    pub fn acr(&self) -> Option<&str> {
        self.acr.as_deref()
    }

    /// How old proofs may be, in seconds.
    pub fn max_age(&self) -> Option<u64> {
        self.max_age
    }

    /// Whether a path stands at or below this rule's: `/admin` covers `/admin` and `/admin/users`, not `/administrator`.
    pub(super) fn covers(&self, path: &str, same: fn(&str, &str) -> bool) -> bool {
        let own = if self.path == "/" { "" } else { &self.path };
        let Some((head, rest)) = path.split_at_checked(own.len()) else { return false };
        // The rule of the whole covers whatever a path begins with.
        same(head, own) && (own.is_empty() || rest.is_empty() || rest.starts_with('/'))
    }
}

impl FromStr for Rule {
    type Err = RuleError;

    fn from_str(text: &str) -> Result<Self, RuleError> {
        let mut words = text.split_whitespace();
        let path = words.next().ok_or(RuleError::Path)?;
        let (mut access, mut acr, mut max_age) = (None, None, None);
        for word in words {
            let seen = match (word, word.split_once('=')) {
                ("public", _) => access.replace(Access::Public).is_some(),
                (_, Some(("groups", names))) => {
                    access.replace(Access::Groups(names.split('+').map(str::to_owned).collect())).is_some()
                }
                (_, Some(("acr", name))) if !name.is_empty() => acr.replace(name.to_owned()).is_some(),
                (_, Some(("max-age", seconds))) => {
                    max_age.replace(seconds.parse().map_err(|_| RuleError::MaxAge)?).is_some()
                }
                _ => return Err(RuleError::Word),
            };
            if seen {
                return Err(RuleError::Word);
            }
        }
        Self::new(path, access.unwrap_or(Access::Anybody), acr, max_age)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        match &self.access {
            Access::Public => f.write_str(" public")?,
            Access::Anybody => {}
            Access::Groups(groups) => write!(f, " groups={}", groups.join("+"))?,
        }
        if let Some(acr) = &self.acr {
            write!(f, " acr={acr}")?;
        }
        match self.max_age {
            Some(seconds) => write!(f, " max-age={seconds}"),
            None => Ok(()),
        }
    }
}

impl TryFrom<String> for Rule {
    type Error = RuleError;

    fn try_from(text: String) -> Result<Self, RuleError> {
        text.parse()
    }
}

impl From<Rule> for String {
    fn from(rule: Rule) -> Self {
        rule.to_string()
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~".contains(&byte)
}

const LONGEST: usize = 256;
/// Seconds.
pub(super) const LEAST_AGE: u64 = 60;
const MOST_AGE: u64 = 366 * 24 * 60 * 60;
