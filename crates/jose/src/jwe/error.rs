//! Why a JWE was not made, not read or not opened. Never shows key material, and of what happens under a key no more
//! than that it failed.

use crate::alg::{ContentEncryption, KeyManagement};
use crate::json::JsonError;
use crate::jwk::{KeyError, by_name};
use crate::provider::ProviderError;

/// Why nothing was encrypted.
///
/// ```
/// use vestibule_jose::EncryptionKey;
/// use vestibule_jose::alg::ContentEncryption;
/// use vestibule_jose::jwe::{EncryptError, JsonEncrypter, Options};
/// use vestibule_jose::provider::aws_lc;
///
/// let nobody = JsonEncrypter::new(ContentEncryption::A128Gcm, &Options::default()).general(aws_lc(), b"text");
/// assert!(matches!(nobody, Err(EncryptError::Recipients(_))));
/// ```
#[derive(Debug, thiserror::Error)]
pub enum EncryptError {
    /// The claims could not be written as JSON.
    #[error("the claims cannot be written as JSON: {0}")]
    Claims(#[from] serde_json::Error),
    /// The claims are JSON, but no object (RFC 7519 §7.1).
    #[error("the claims are not a JSON object")]
    NotAnObject,
    /// A header member that is not the caller's to set, or that stands twice.
    #[error("the header member {0:?} is set by the key or the options, or stands twice")]
    Header(String),
    /// The key is not one for this algorithm.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// A key for `dir` that has not the length of this content encryption (RFC 7518 §4.5).
    #[error("the shared secret is no key for {0} (RFC 7518 §4.5)")]
    Content(ContentEncryption),
    /// One content key for several recipients cannot come from one of them (RFC 7518 §4.5, §4.6).
    #[error("{0} serves one recipient alone")]
    OneRecipient(KeyManagement),
    /// No recipient, or several where the form or the placement of the header holds one.
    #[error("{0}")]
    Recipients(&'static str),
    /// A count of rounds that RFC 7518 §4.8.1.2 does not have.
    #[error("p2c is a positive number")]
    Rounds,
    /// The provider failed.
    #[error("encryption failed: {0}")]
    Provider(#[from] ProviderError),
}

/// Why a text is no JWE.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::jwe::{JweError, inspect};
///
/// assert!(matches!(inspect("a.b.c", &Limits::DEFAULT), Err(JweError::Signed)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum JweError {
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
    /// A JWS, which is signed and not encrypted.
    #[error("the token is signed, not encrypted")]
    Signed,
    /// Not five parts (RFC 7516 §7.1).
    #[error("the token has {0} parts instead of five")]
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
    /// A member that must be there is not.
    #[error("the member {0:?} is missing")]
    Missing(&'static str),
    /// A member of the wrong type or form.
    #[error("the member {member:?} is not {expected}")]
    Member {
        /// Its name.
        member: &'static str,
        /// What it must be.
        expected: &'static str,
    },
    /// A member that must be left out where it has nothing to say (RFC 7516 §7.2.1).
    #[error("the member {0:?} is empty; it must be left out (RFC 7516 §7.2.1)")]
    Empty(&'static str),
    /// A header member in two of the three places (RFC 7516 §7.2.1).
    #[error("the header member {0:?} stands in two places (RFC 7516 §7.2.1)")]
    Repeated(String),
    /// A header member that counts only where it is protected (RFC 7516 §4.1.3, §4.1.13).
    #[error("the header member {0:?} is not protected")]
    Unprotected(&'static str),
    /// Members of the flattened and of the general form together (RFC 7516 §7.2.2).
    #[error("the token is neither of the flattened nor of the general form: {0:?} stands beside \"recipients\"")]
    MixedForms(&'static str),
    /// More recipients than allowed, or none.
    #[error("{found} recipients, of which 1 to {limit} are allowed")]
    Recipients {
        /// Recipients found.
        found: usize,
        /// Recipients allowed.
        limit: usize,
    },
    /// Recipients that do not agree on `enc` (RFC 7516 §7.2.1).
    #[error("the recipients differ in \"enc\" (RFC 7516 §7.2.1)")]
    Different,
    /// A part that does not have the length that its algorithm gives it.
    #[error("the {part} has {found} bytes instead of {needed}")]
    Length {
        /// Which part.
        part: &'static str,
        /// Bytes found.
        found: usize,
        /// Bytes needed.
        needed: usize,
    },
    /// `crit` is not what RFC 7516 §4.1.13 wants.
    #[error("the header's \"crit\" {0}")]
    Critical(&'static str),
    /// `crit` names an extension that is not understood.
    #[error("the header's \"crit\" demands an extension that is not understood here")]
    NotUnderstood,
}

/// Why a JWE was not opened.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{DecryptError, Options, Rules, decrypt, encrypt};
/// use vestibule_jose::{DecryptionKey, EncryptionKey, provider::aws_lc};
///
/// let to = EncryptionKey::from_secret(&[7; 16], None, None)?;
/// let token = encrypt(aws_lc(), &to, ContentEncryption::A128Gcm, &Options::default(), b"text")?;
/// let other = DecryptionKey::from_secret(&[8; 16], None, None)?;
/// let error = decrypt(aws_lc(), &token, &other, &Rules::new(KeyManagement::ALL, ContentEncryption::ALL)).expect_err("closed");
/// // Why it did not open, nobody is told.
/// assert_eq!((error.check(), matches!(error, DecryptError::Decryption)), ("decryption", true));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecryptError {
    /// The text is no JWE.
    #[error(transparent)]
    Token(#[from] JweError),
    /// The header's `alg` is not among those allowed.
    #[error("alg: expected {}, found {found:?}", list(.allowed))]
    Algorithm {
        /// What the caller allows.
        allowed: Vec<KeyManagement>,
        /// What the header says.
        found: String,
    },
    /// The header's `enc` is not among those allowed.
    #[error("enc: expected {}, found {found:?}", list(.allowed))]
    Encryption {
        /// What the caller allows.
        allowed: Vec<ContentEncryption>,
        /// What the header says.
        found: String,
    },
    /// The content is compressed, and the caller does not accept that, or not in this way.
    #[error("zip: compression ({0:?}) is not accepted")]
    Compression(String),
    /// More rounds of PBKDF2 than allowed (RFC 7518 §8.5); none was done.
    #[error("p2c: {found} rounds, of which {limit} are allowed")]
    Rounds {
        /// Rounds asked for, where it is a number that can be held.
        found: u64,
        /// Rounds allowed.
        limit: u32,
    },
    /// No key of this name serves this algorithm.
    #[error("key: none serves {alg} {}", by_name(.kid.as_deref()))]
    NoKey {
        /// The algorithm.
        alg: KeyManagement,
        /// The header's `kid`.
        kid: Option<String>,
    },
    /// It did not open. Why, nobody is told: each reason would tell an attacker something (RFC 7516 §11.5).
    #[error("the token could not be decrypted")]
    Decryption,
    /// It opened, but what was compressed is larger than allowed, or not raw DEFLATE (RFC 1951).
    #[error("the plaintext is larger than {limit} bytes after decompression, or not raw DEFLATE")]
    Inflate {
        /// Bytes allowed.
        limit: usize,
    },
    /// The plaintext is no strict JSON object.
    #[error("the plaintext is not a strict JSON object: {0}")]
    Json(JsonError),
}

impl DecryptError {
    /// The name of the check that failed: a header member, or `token`, `key`, `decryption`, `claims`.
    pub fn check(&self) -> &str {
        match self {
            Self::Token(_) => "token",
            Self::Algorithm { .. } => "alg",
            Self::Encryption { .. } => "enc",
            Self::Compression(_) | Self::Inflate { .. } => "zip",
            Self::Rounds { .. } => "p2c",
            Self::NoKey { .. } => "key",
            Self::Decryption => "decryption",
            Self::Json(_) => "claims",
        }
    }
}

fn list(names: &[impl ToString]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
}
