//! Why a proof does not count.

use crate::jwk::KeyError;
use crate::jwt::{OwnKeyError, VerifyError};

/// Why a proof does not count.
///
/// ```
/// use vestibule_jose::dpop::{Expected, ProofError, verify};
/// use vestibule_jose::provider::aws_lc;
///
/// let error = verify(aws_lc(), "no.proof", &Expected::new(0, "GET", "https://api.example.com")).expect_err("no proof");
/// assert!(matches!(error, ProofError::Token(_)) && !error.asks_for_nonce());
/// assert!(ProofError::Nonce.asks_for_nonce());
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ProofError {
    /// It is no JWT of the right type, or its signature is wrong.
    #[error(transparent)]
    Token(#[from] VerifyError),
    /// Its header has no key (RFC 9449 §4.2).
    #[error("jwk: expected in the header, but missing")]
    NoKey,
    /// The key in its header is none, or is private.
    #[error("jwk: {0}")]
    Key(#[from] KeyError),
    /// It is about another request: this claim says so.
    #[error("{0}: is not this request's")]
    Claim(&'static str),
    /// It has no nonce, or not one of ours that still counts.
    #[error("nonce: expected one that this server gave out a short while ago")]
    Nonce,
    /// It was made too long ago, or is still to come.
    #[error("iat: is too far from this server's time")]
    Stale,
}

impl From<OwnKeyError> for ProofError {
    fn from(error: OwnKeyError) -> Self {
        match error {
            OwnKeyError::Token(error) => Self::Token(error),
            OwnKeyError::NoKey => Self::NoKey,
            OwnKeyError::Key(error) => Self::Key(error),
        }
    }
}

impl ProofError {
    /// Whether a nonce of the server's would help (RFC 9449 §8).
    pub fn asks_for_nonce(&self) -> bool {
        matches!(self, Self::Nonce | Self::Stale)
    }
}
