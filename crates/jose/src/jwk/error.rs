//! Why a key was refused.

use super::KeyAlgorithm;
use crate::alg::{JwsAlgorithm, KeyManagement};
use crate::json::JsonError;
use crate::provider::ProviderError;

/// Why a key was refused. Never shows key material.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, KeyError};
/// use vestibule_jose::{Limits, provider::aws_lc};
///
/// let read = |text: &str| Jwk::parse(aws_lc(), text.as_bytes(), &Limits::DEFAULT).map(|_| ());
/// assert_eq!(read(r#"{"kty": "OKP", "crv": "Ed25519"}"#), Err(KeyError::Missing("x")));
/// assert_eq!(read(r#"{"kty": "new"}"#), Err(KeyError::UnknownKty("new".into())));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text is no strict JSON object.
    #[error("the key is not strict JSON: {0}")]
    Json(#[from] JsonError),
    /// A member that this key type needs is missing.
    #[error("the member {0} is missing")]
    Missing(&'static str),
    /// A member has the wrong type, encoding or length.
    #[error("the member {member} is not {expected}")]
    Member {
        /// Its name.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A key type that is not known here.
    #[error("the key type {0:?} is not known here")]
    UnknownKty(String),
    /// A curve that is not known here, or does not sign.
    #[error("the curve {0:?} is not known here as one that signs")]
    UnknownCurve(String),
    /// The key's own `alg` is not known here, or is none for signatures.
    #[error("the key's algorithm {0:?} is not known here as one that signs")]
    UnknownAlgorithm(String),
    /// The algorithm does not go with this key.
    #[error("{alg} does not go with this key ({key})")]
    Algorithm {
        /// The algorithm asked for.
        alg: JwsAlgorithm,
        /// What the key is.
        key: String,
    },
    /// The algorithm that a key names does not go with it.
    #[error("{alg} does not go with this key ({key})")]
    Mismatch {
        /// The key's `alg`, or the one that it was to have.
        alg: KeyAlgorithm,
        /// What the key is.
        key: String,
    },
    /// No such key is made here.
    #[error("{0}")]
    NotMade(&'static str),
    /// The key does not have the form asked for.
    #[error("{0}")]
    NoForm(&'static str),
    /// Keys of this type make no signatures here.
    #[error("keys of this type ({0}) make no signatures here")]
    CannotSign(String),
    /// The key's own `alg` is none for encryption.
    #[error("the key's algorithm {0:?} is not known here as one that encrypts")]
    NotForEncryption(String),
    /// The algorithm of encryption does not go with this key.
    #[error("{alg} does not go with this key ({key})")]
    KeyManagement {
        /// The algorithm asked for.
        alg: KeyManagement,
        /// What the key is.
        key: String,
    },
    /// Keys of this type do not encrypt here.
    #[error("keys of this type ({0}) do not encrypt here")]
    CannotEncrypt(String),
    /// `use` or `key_ops` do not allow it (RFC 7517 §4.2, §4.3).
    #[error("{member} does not allow {operation}")]
    Usage {
        /// The member that forbids it.
        member: &'static str,
        /// What was to be done.
        operation: &'static str,
    },
    /// A private member in what must be public: whoever could read this can sign.
    #[error("the private member {0:?} stands in a key that must be public")]
    Private(&'static str),
    /// A secret where only public keys may stand.
    #[error("a symmetric key cannot stand in a public key set")]
    SymmetricInSet,
    /// Known to be weak.
    #[error("{0}")]
    Weak(&'static str),
    /// A secret shorter than the hash (RFC 7518 §3.2).
    #[error("a secret of {found} bytes is too short for {alg}, which takes {needed} or more (RFC 7518 §3.2)")]
    ShortSecret {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// Bytes found.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// The PEM or DER text is not what it should be.
    #[error("{0}")]
    Encoding(&'static str),
    /// The key is encrypted, and its password is missing or wrong, or its encryption is beyond what is read here.
    #[error("{0}")]
    Password(&'static str),
    /// Longer than the limit.
    #[error("{found} bytes of key, of which {limit} are allowed")]
    TooLong {
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The provider refused: a point off its curve, halves that do not belong together.
    #[error("{0}")]
    Provider(#[from] ProviderError),
}

/// A key's name as a message has it.
pub(crate) fn by_name(kid: Option<&str>) -> String {
    kid.map_or_else(|| "without kid".into(), |kid| format!("with kid {kid:?}"))
}

/// Somebody else's text, short enough for a message.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(80) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
