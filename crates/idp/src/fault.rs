//! What can fail inside a use case: ours to mend, never the caller's.

use oidc::{ErrorCode, OAuthError};
use store::Transient as _;

/// A use case could not be carried out, through no fault of whoever asked.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database.
    #[error("database: {0}")]
    Store(#[from] store::Error),
    /// A row that this program cannot have written, or that another master key sealed.
    #[error("{0}")]
    Corrupt(String),
    /// No key signs for this algorithm.
    #[error("no key signs {0} at the moment")]
    NoKey(jose::JwsAlgorithm),
    /// Signing failed.
    #[error("signing: {0}")]
    Sign(#[from] jose::jwt::SignError),
    /// A key could not be made or read.
    #[error("key: {0}")]
    Key(#[from] jose::jwk::KeyError),
    /// Too many passwords wait to be checked.
    #[error("passwords: {0}")]
    Password(#[from] crate::passwords::PasswordError),
}

impl Fault {
    /// A row that cannot be read.
    pub(crate) fn corrupt(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Corrupt(format!("{what}: {error}"))
    }
}

impl From<crate::seal::DoesNotOpen> for Fault {
    fn from(error: crate::seal::DoesNotOpen) -> Self {
        Self::Corrupt(error.to_string())
    }
}

/// RFC 6749 §4.1.2.1 and §5.2: what may pass is `temporarily_unavailable`, everything else `server_error`.
impl From<Fault> for OAuthError {
    fn from(fault: Fault) -> Self {
        let passes = match &fault {
            Fault::Store(error) => error.is_transient(),
            Fault::Password(error) => *error == crate::passwords::PasswordError::Busy,
            Fault::NoKey(_) => true,
            _ => false,
        };
        let error = match passes {
            true => {
                Self::new(ErrorCode::TemporarilyUnavailable, "the server is too busy; the same again will work soon")
            }
            false => Self::new(ErrorCode::ServerError, "the server met a fault of its own"),
        };
        error.with_detail(fault.to_string())
    }
}
