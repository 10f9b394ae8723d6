//! What a failure means: which check failed, what was expected and found, why that usually happens and what to do.
//!
//! An explanation shows no key material and no secret: it says no more than the error itself does.
//!
//! ```
//! use vestibule_jose::explain::Explain as _;
//! use vestibule_jose::jwt::{Rules, VerifyError};
//!
//! let error = VerifyError::Expired { exp: 100.0, now: 160, leeway: 0 };
//! let explanation = error.explain();
//! assert_eq!(explanation.check, "exp");
//! assert_eq!(explanation.clause, Some("RFC 7519 §4.1.4"));
//! ```

mod jwe;
mod jws;
mod jwt;
mod key;
mod making;
mod proof;
mod sd_jwt;
mod set;
mod token;

use std::fmt;

use serde::Serialize;

/// What a failure means.
///
/// ```
/// use vestibule_jose::explain::{Explain as _, Explanation};
/// use vestibule_jose::{Limits, jwt};
///
/// let error = jwt::inspect("a.b", &Limits::DEFAULT).expect_err("no token");
/// let Explanation { check, expected, remedy, .. } = error.explain();
/// assert_eq!((check.as_str(), expected.as_str()), ("token", "three parts, with dots between"));
/// assert!(remedy.starts_with("Copy the whole token"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// The check that failed: a claim, a member, or `token`, `key`, `signature`, `decryption`.
    pub check: String,
    /// What was expected.
    pub expected: String,
    /// What was found.
    pub found: String,
    /// Why that usually happens.
    pub cause: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// The clause that wants it so.
    pub clause: Option<&'static str>,
}

/// An error that can be explained.
///
/// ```
/// use vestibule_jose::explain::Explain;
/// use vestibule_jose::jwk::KeyError;
///
/// fn for_the_log(error: &impl Explain) -> String {
///     error.explain().to_string()
/// }
/// assert!(for_the_log(&KeyError::Missing("crv")).contains("crv"));
/// ```
pub trait Explain {
    /// What it means.
    fn explain(&self) -> Explanation;
}

impl Explanation {
    fn new(check: impl Into<String>, expected: impl fmt::Display, found: impl fmt::Display) -> Self {
        Self {
            check: check.into(),
            expected: expected.to_string(),
            found: found.to_string(),
            cause: "",
            remedy: "",
            clause: None,
        }
    }

    fn because(self, cause: &'static str) -> Self {
        Self { cause, ..self }
    }

    fn so(self, remedy: &'static str) -> Self {
        Self { remedy, ..self }
    }

    fn after(self, clause: &'static str) -> Self {
        Self { clause: Some(clause), ..self }
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}, found {}. {} {}", self.check, self.expected, self.found, self.cause, self.remedy)?;
        match self.clause {
            Some(clause) => write!(f, " ({clause})"),
            None => Ok(()),
        }
    }
}

/// Somebody's `kid`, quoted, or that there is none.
fn named(kid: Option<&String>) -> String {
    kid.map_or_else(|| "no kid".into(), |kid| format!("kid {:?}", crate::jwk::excerpt(kid)))
}

fn list(names: &[impl ToString]) -> String {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    if names.is_empty() { "nothing".into() } else { names.join(" or ") }
}

const CUT: &str = "The text was cut short, padded or wrapped when it was copied, or it is something else altogether.";
const COPY_AGAIN: &str = "Copy the whole token again, without quotes, blanks and line ends.";
