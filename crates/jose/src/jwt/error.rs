//! Why a token is not believed. Never shows key material.

use crate::jws::{self, TokenError};

/// Why a token is not believed: which check, what was expected, what was found.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras, Rules, VerifyError};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
/// use serde_json::json;
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let token = jwt::sign(&key, &HeaderExtras::default(), &json!({"sub": "ada", "exp": 1_700_000_300}))?;
///
/// let late = Rules::new(1_700_000_300, &[JwsAlgorithm::ES256]);
/// let error = jwt::verify::<Object>(&token, &key.verifying_key(), &late).expect_err("too late");
/// assert_eq!((error.check(), matches!(error, VerifyError::Expired { .. })), ("exp", true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VerifyError {
    /// The text is no token, or its header, key or signature is not what it should be.
    #[error(transparent)]
    Jws(#[from] jws::VerifyError),
    /// A claim that must be there is not.
    #[error("{0}: expected, but missing")]
    Missing(String),
    /// A claim of the wrong type.
    #[error("{claim}: expected {expected}, found {found}")]
    ClaimType {
        /// Its name.
        claim: String,
        /// What it must be.
        expected: &'static str,
        /// What sort of value it is.
        found: &'static str,
    },
    /// A claim with another value.
    #[error("{claim}: expected {expected:?}, found {found:?}")]
    Claim {
        /// Its name.
        claim: String,
        /// What the caller expects.
        expected: String,
        /// What the token says, shortened.
        found: String,
    },
    /// `exp` has passed (RFC 7519 §4.1.4).
    #[error("exp: {exp} has passed; it is {now}, leeway {leeway} s")]
    Expired {
        /// The claim.
        exp: f64,
        /// The time given.
        now: i64,
        /// Seconds allowed beyond.
        leeway: i64,
    },
    /// `nbf` is still to come (RFC 7519 §4.1.5).
    #[error("nbf: {nbf} is still to come; it is {now}, leeway {leeway} s")]
    NotYetValid {
        /// The claim.
        nbf: f64,
        /// The time given.
        now: i64,
        /// Seconds allowed before.
        leeway: i64,
    },
    /// `exp` is further away than the caller accepts.
    #[error("exp: {exp} is more than {limit} s away; it is {now}")]
    LivesTooLong {
        /// The claim.
        exp: f64,
        /// The time given.
        now: i64,
        /// Seconds accepted.
        limit: i64,
    },
    /// `iat` is further back than the caller accepts, or still to come.
    #[error("iat: {iat} is not within the last {max_age} s; it is {now}, leeway {leeway} s")]
    Age {
        /// The claim.
        iat: f64,
        /// The time given.
        now: i64,
        /// Seconds accepted.
        max_age: i64,
        /// Seconds allowed beyond.
        leeway: i64,
    },
    /// The claims are right in themselves, but not what the caller's type holds.
    #[error("claims: {0}")]
    Shape(String),
}

impl VerifyError {
    /// The name of the check that failed: a claim, a header member, or `token`, `key`, `signature`, `claims`.
    pub fn check(&self) -> &str {
        match self {
            Self::Jws(error) => error.check(),
            Self::Missing(claim) | Self::ClaimType { claim, .. } | Self::Claim { claim, .. } => claim,
            Self::Expired { .. } | Self::LivesTooLong { .. } => "exp",
            Self::NotYetValid { .. } => "nbf",
            Self::Age { .. } => "iat",
            Self::Shape(_) => "claims",
        }
    }
}

impl From<TokenError> for VerifyError {
    fn from(error: TokenError) -> Self {
        Self::Jws(error.into())
    }
}
