//! Why a token was not made, not read or not believed. Never shows key material.

use crate::alg::JwsAlgorithm;
use crate::json::JsonError;
use crate::provider::ProviderError;

/// Why a token was not made.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// The claims could not be written as JSON.
    #[error("the claims cannot be written as JSON: {0}")]
    Claims(#[from] serde_json::Error),
    /// The claims are JSON, but no object (RFC 7519 §7.1).
    #[error("the claims are not a JSON object")]
    NotAnObject,
    /// A header member that is not the caller's to set.
    #[error("the header member {0:?} is set by the key, or changes what is signed")]
    Header(String),
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

/// Why a text is no token.
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
    /// Five parts: a JWE, which is not read here.
    #[error("the token is encrypted (five parts)")]
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
    /// `crit` names extensions; none is understood here (RFC 7515 §4.1.11).
    #[error("the header's \"crit\" demands an extension that is not understood here")]
    Critical,
    /// `b64` has no place in a JWT (RFC 7797 §7).
    #[error("the header member \"b64\" has no place in a JWT")]
    B64,
}

/// Why a token is not believed: which check, what was expected, what was found.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum VerifyError {
    /// The text is no token.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The header's algorithm is not among those allowed (`none` never is).
    #[error("alg: expected {}, found {found:?}", list(.allowed))]
    Algorithm {
        /// What the caller allows.
        allowed: Vec<JwsAlgorithm>,
        /// What the header says.
        found: String,
    },
    /// The header's `typ` is another (RFC 8725 §3.11).
    #[error("typ: expected {expected:?}, found {found:?}")]
    Typ {
        /// What the caller expects.
        expected: String,
        /// What the header says.
        found: Option<String>,
    },
    /// No key of this name serves this algorithm.
    #[error("key: none serves {alg} with kid {kid:?}")]
    NoKey {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// The header's `kid`.
        kid: Option<String>,
    },
    /// The signature is wrong under each key that may have made it, or under as many as were tried.
    #[error("signature: wrong for {alg} with kid {kid:?} under each of {tried} keys tried")]
    Signature {
        /// The algorithm.
        alg: JwsAlgorithm,
        /// The header's `kid`.
        kid: Option<String>,
        /// How many keys were tried.
        tried: usize,
    },
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
            Self::Token(_) => "token",
            Self::Algorithm { .. } => "alg",
            Self::Typ { .. } => "typ",
            Self::NoKey { .. } => "key",
            Self::Signature { .. } => "signature",
            Self::Missing(claim) | Self::ClaimType { claim, .. } | Self::Claim { claim, .. } => claim,
            Self::Expired { .. } | Self::LivesTooLong { .. } => "exp",
            Self::NotYetValid { .. } => "nbf",
            Self::Age { .. } => "iat",
            Self::Shape(_) => "claims",
        }
    }
}

fn list(algs: &[JwsAlgorithm]) -> String {
    algs.iter().map(|alg| alg.as_str()).collect::<Vec<_>>().join(" or ")
}
