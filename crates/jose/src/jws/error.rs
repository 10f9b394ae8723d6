//! Why a signature was not made, a text not read, a message not believed. Never shows key material.

use super::Form;
use crate::alg::JwsAlgorithm;
use crate::json::JsonError;
use crate::jwk::by_name;
use crate::provider::ProviderError;

/// Why a message or a token was not signed.
///
/// ```
/// use vestibule_jose::jws::{Draft, SignError};
///
/// assert!(matches!(Draft::new(b"text").compact(), Err(SignError::Form(_))), "nobody has signed it");
/// ```
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The claims could not be written as JSON.
    #[error("the claims cannot be written as JSON: {0}")]
    Claims(#[from] serde_json::Error),
    /// The claims are JSON, but no object (RFC 7519 §7.1).
    #[error("the claims are not a JSON object")]
    NotAnObject,
    /// A header member that is not the caller's to set, or that stands in both headers.
    #[error("the header member {0:?} is set by the key, changes what is signed, or stands twice")]
    Header(String),
    /// A name for `crit` that is registered, doubled, or not in the protected header (RFC 7515 §4.1.11).
    #[error("\"crit\" cannot name {0:?}: it is registered, doubled, or not in the protected header")]
    Critical(String),
    /// What the form cannot carry.
    #[error("{0}")]
    Form(&'static str),
    /// A signature that cannot be one of this algorithm; ECDSA must be raw `r ‖ s`, not DER.
    #[error("a signature of {found} bytes is none of {alg} (RFC 7518 §3)")]
    SignatureLength {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// Bytes found.
        found: usize,
    },
    /// The provider failed.
    #[error("signing failed: {0}")]
    Provider(#[from] ProviderError),
}

/// Why a text is no token, or no message.
///
/// ```
/// use vestibule_jose::jws::{TokenError, inspect};
/// use vestibule_jose::Limits;
///
/// assert!(matches!(inspect("a.b", &Limits::DEFAULT), Err(TokenError::Parts(2))));
/// assert!(matches!(inspect("a.b.c.d.e", &Limits::DEFAULT), Err(TokenError::Encrypted)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Longer than allowed.
    #[error("the {part} has {found} bytes, of which {limit} are allowed")]
    TooLong {
        /// Which part.
        part: &'static str,
        /// Bytes found.
        found: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Five parts, or a JSON object with `ciphertext`: a JWE (RFC 7516 §9).
    #[error("the token is encrypted (a JWE)")]
    Encrypted,
    /// Not three parts (RFC 7515 §7.1).
    #[error("the token has {0} parts instead of three")]
    Parts(usize),
    /// A part that is not canonical base64url.
    #[error("the {0} is not canonical base64url")]
    Base64url(&'static str),
    /// A part that is not a strict JSON object.
    #[error("the {part} is not a strict JSON object: {error}")]
    Json {
        /// Which part.
        part: &'static str,
        /// Why.
        error: JsonError,
    },
    /// A JSON object that is neither a flattened nor a general JWS (RFC 7515 §7.2).
    #[error("the JSON object is no JWS: {0}")]
    Serialization(&'static str),
    /// More signatures than allowed.
    #[error("{found} signatures, of which {limit} are allowed")]
    Signatures {
        /// Signatures found.
        found: usize,
        /// Signatures allowed.
        limit: usize,
    },
    /// A member that stands in the protected and in the unprotected header (RFC 7515 §4).
    #[error("the header member {0:?} is protected and unprotected at once")]
    Twice(String),
    /// No `alg` (RFC 7515 §4.1.1).
    #[error("the header has no \"alg\"")]
    NoAlgorithm,
    /// A header member of the wrong type.
    #[error("the header member {member:?} is not {expected}")]
    Member {
        /// Its name.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A `crit` of a wrong shape (RFC 7515 §4.1.11).
    #[error("the header's \"crit\" {0}")]
    Critical(&'static str),
    /// `crit` names an extension that the caller did not say to understand (RFC 7515 §4.1.11).
    #[error("the header's \"crit\" demands {0:?}, an extension that is not understood here")]
    NotUnderstood(String),
    /// A payload that is not encoded, against the rules of RFC 7797.
    #[error("{0}")]
    Unencoded(&'static str),
    /// `b64` has no place in a JWT (RFC 7797 §7).
    #[error("the header member \"b64\" has no place in a JWT")]
    B64,
}

/// Why a message is not believed: which check, what was expected, what was found.
///
/// ```
/// use vestibule_jose::jws::{Rules, VerifyError, verify};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?.verifying_key();
/// let unsigned = "eyJhbGciOiJub25lIn0.e30.";
/// let error = verify(unsigned, &key, &Rules::new(&[JwsAlgorithm::ES256])).expect_err("not signed");
/// assert_eq!((error.check(), error.to_string()), ("alg", r#"alg: expected ES256, found "none""#.into()));
/// assert!(matches!(error, VerifyError::Algorithm { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VerifyError {
    /// The text is no message.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The message came in another form than the caller reads.
    #[error("form: expected {expected}, found {found}")]
    Form {
        /// What the caller expects.
        expected: Form,
        /// What came.
        found: Form,
    },
    /// The header's algorithm is not among those allowed (`none` never is).
    #[error("alg: expected {}, found {found:?}", list(.allowed))]
    Algorithm {
        /// What the caller allows.
        allowed: Vec<JwsAlgorithm>,
        /// What the header says.
        found: String,
    },
    /// The header's `typ` is another (RFC 8725 §3.11).
    #[error("typ: expected {expected:?}, found {}", .found.as_ref().map_or("nothing".into(), |found| format!("{found:?}")))]
    Typ {
        /// What the caller expects.
        expected: String,
        /// What the header says.
        found: Option<String>,
    },
    /// No key of this name serves this algorithm.
    #[error("key: none serves {alg} {}", by_name(.kid.as_deref()))]
    NoKey {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// The header's `kid`.
        kid: Option<String>,
    },
    /// Different keys of this one name serve this algorithm (RFC 7517 §4.5): which is meant, nobody can say.
    #[error("key: several different ones serve {alg} {}", by_name(.kid.as_deref()))]
    Ambiguous {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// The header's `kid`.
        kid: Option<String>,
    },
    /// The signature is wrong under each key that may have made it, or under as many as were tried.
    #[error("signature: wrong for {alg} {} under each of {tried} keys tried", by_name(.kid.as_deref()))]
    Signature {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// The header's `kid`.
        kid: Option<String>,
        /// How many keys were tried.
        tried: usize,
    },
    /// None of several signatures holds, or not each of them where all must; why not, in their order.
    #[error("signatures: {}", several(.0))]
    Signatures(Vec<(usize, VerifyError)>),
    /// The payload stands elsewhere and the caller did not give it, or it is inside and the caller gave one too.
    #[error("payload: {0}")]
    Payload(&'static str),
}

impl VerifyError {
    /// The name of the check that failed: a header member, or `token`, `form`, `payload`, `key`, `signature`.
    pub fn check(&self) -> &'static str {
        match self {
            Self::Token(_) => "token",
            Self::Form { .. } => "form",
            Self::Algorithm { .. } => "alg",
            Self::Typ { .. } => "typ",
            Self::NoKey { .. } | Self::Ambiguous { .. } => "key",
            Self::Signature { .. } | Self::Signatures(_) => "signature",
            Self::Payload(_) => "payload",
        }
    }
}

fn list(algs: &[JwsAlgorithm]) -> String {
    algs.iter().map(|alg| alg.as_str()).collect::<Vec<_>>().join(" or ")
}

fn several(errors: &[(usize, VerifyError)]) -> String {
    errors.iter().map(|(index, error)| format!("{index}: {error}")).collect::<Vec<_>>().join("; ")
}
