//! What is wrong or unwise about a token, a key, a key set or a discovery document, without judging whether it is
//! genuine. Each finding has a stable code, a severity, the clause it rests on, a sentence and the place.
//!
//! ```
//! use vestibule_jose::{lint, provider::aws_lc};
//!
//! let set = br#"{"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw"}]}"#;
//! let findings = lint::key_set(aws_lc(), set, &lint::SetFacts::default());
//! let found: Vec<_> = findings.iter().map(|finding| (finding.code, finding.pointer.as_str())).collect();
//! assert!(found.contains(&("key.secret.published", "/keys/0")));
//! assert!(found.contains(&("jwks.kid.missing", "/keys/0")));
//! ```

mod claims;
mod codes;
mod discovery;
mod header;
mod key;
mod key_set;
mod token;
mod urls;

use serde::Serialize;

pub use codes::CODES;
pub use discovery::discovery;
pub use key::{Place, key};
pub use key_set::{Fetched, SetFacts, key_set};
pub use token::token;

/// How much a finding weighs.
///
/// ```
/// use vestibule_jose::lint::Severity;
///
/// assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Notice);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Notice,
    /// Allowed, and likely to hurt.
    Warning,
    /// Broken, or open to attack.
    Error,
}

/// One kind of finding; [`CODES`] has them all.
///
/// ```
/// use vestibule_jose::lint::{CODES, Severity};
///
/// let code = CODES.iter().find(|code| code.code == "key.secret.published").expect("it is known");
/// assert_eq!((code.severity, code.clause), (Severity::Error, "RFC 7517 §9.2"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Code {
    /// Its name, which does not change.
    pub code: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The clause that it rests on.
    pub clause: &'static str,
    /// What it means, in one sentence.
    pub meaning: &'static str,
}

/// One thing found.
///
/// ```
/// use vestibule_jose::lint::{Finding, token};
/// use vestibule_jose::Limits;
///
/// let found = token("eyJhbGciOiJub25lIn0.e30.", None, &Limits::DEFAULT);
/// let Finding { code, pointer, .. } = &found[0];
/// assert!(code.starts_with("token.") && pointer.starts_with("/header"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// [`Code::code`].
    pub code: &'static str,
    /// [`Code::severity`].
    pub severity: Severity,
    /// [`Code::clause`].
    pub clause: &'static str,
    /// [`Code::meaning`], and what is particular here. It shows no secret.
    pub message: String,
    /// Where: a JSON pointer (RFC 6901) into what was looked at; of a token, under `/header` and `/claims`.
    pub pointer: String,
}

impl Code {
    /// A finding of this kind at this place.
    fn at(&self, pointer: impl Into<String>) -> Finding {
        Finding {
            code: self.code,
            severity: self.severity,
            clause: self.clause,
            message: format!("{}.", self.meaning),
            pointer: pointer.into(),
        }
    }

    /// The same, with what is particular.
    fn with(&self, pointer: impl Into<String>, detail: impl std::fmt::Display) -> Finding {
        Finding { message: format!("{}: {detail}.", self.meaning), ..self.at(pointer) }
    }
}

/// The pointer to a member, escaped (RFC 6901 §3) and shortened.
fn member(parent: &str, name: &str) -> String {
    format!("{parent}/{}", crate::jwk::excerpt(name).replace('~', "~0").replace('/', "~1"))
}
