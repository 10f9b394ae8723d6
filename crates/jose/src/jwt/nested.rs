//! Nested tokens: signed, then encrypted (RFC 7519 §5.2, §7, §11.2).

use serde::de::DeserializeOwned;

use super::{Rules, Verified, VerifyError, verify};
use crate::alg::ContentEncryption;
use crate::jwe::{self, DecryptError, Decrypted, DecryptionKeys, EncryptError};
use crate::jwk::{EncryptionKey, excerpt};
use crate::jwks::Keys;
use crate::jws::same_typ;
use crate::provider::Provider;

/// Why a nested token is not believed.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwt::{self, NestedError, Rules};
/// use vestibule_jose::{DecryptionKey, JwsAlgorithm, SigningKey, json::Object, jwe, provider::aws_lc};
///
/// let opening = DecryptionKey::generate(aws_lc(), KeyManagement::EcdhEs)?;
/// let issuer = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?.verifying_key();
/// let (outer, inner) = (jwe::Rules::new(KeyManagement::ALL, ContentEncryption::ALL), Rules::new(0, &[JwsAlgorithm::ES256]));
/// let signed_alone = "eyJhbGciOiJFUzI1NiJ9.e30.AA";
/// let error = jwt::verify_nested::<Object>(aws_lc(), signed_alone, &opening, &outer, &issuer, &inner).expect_err("not nested");
/// assert!(matches!(error, NestedError::NotEncrypted) && !error.check().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NestedError {
    /// It was not encrypted, and had to be.
    #[error("the token is not encrypted")]
    NotEncrypted,
    /// A layer did not open.
    #[error(transparent)]
    Encryption(#[from] DecryptError),
    /// The layer does not say that a token is in it (RFC 7519 §5.2).
    #[error("cty: expected \"JWT\", found {0:?}")]
    ContentType(Option<String>),
    /// What is in it is no text.
    #[error("what was encrypted is not a token")]
    NotText,
    /// More layers of encryption than allowed.
    #[error("more than {0} layers of encryption")]
    TooDeep(usize),
    /// The signed token in it is not right.
    #[error(transparent)]
    Signed(#[from] VerifyError),
}

impl NestedError {
    /// The name of the check that failed, as [`DecryptError::check`] and [`VerifyError::check`] give it, or `cty`.
    pub fn check(&self) -> &str {
        match self {
            Self::NotEncrypted | Self::NotText | Self::TooDeep(_) => "token",
            Self::ContentType(_) => "cty",
            Self::Encryption(error) => error.check(),
            Self::Signed(error) => error.check(),
        }
    }
}

/// Encrypts a signed token, and says in `cty` that there is one inside (RFC 7519 §5.2).
///
/// ```
/// use vestibule_jose::alg::ContentEncryption;
/// use vestibule_jose::jwe::{Options, inspect};
/// use vestibule_jose::{EncryptionKey, Limits, jwt, provider::aws_lc};
///
/// let to = EncryptionKey::from_secret(&[7; 32], None, None)?;
/// let signed = "eyJhbGciOiJFUzI1NiJ9.e30.AA";
/// let nested = jwt::nest(aws_lc(), signed, &to, ContentEncryption::A256Gcm, &Options::default())?;
/// assert_eq!(inspect(&nested, &Limits::DEFAULT)?.recipients()[0].header.cty(), Some("JWT"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn nest(
    provider: &dyn Provider,
    signed: &str,
    key: &EncryptionKey,
    enc: ContentEncryption,
    options: &jwe::Options<'_>,
) -> Result<String, EncryptError> {
    jwe::encrypt(provider, key, enc, &options.clone().cty("JWT"), signed.as_bytes())
}

/// Opens a nested token and verifies what is in it. Both must be there: a token that is only signed, or only encrypted,
/// is refused, since everybody can encrypt for a public key. At most [`crate::Limits::layers`] are opened, each at the
/// cost that [`jwe::decrypt`] has.
///
/// ```
/// # use vestibule_jose as jose;
/// use jose::alg::{ContentEncryption, KeyManagement};
/// use jose::jwt::{self, HeaderExtras, Rules};
/// use jose::{JwsAlgorithm, SigningKey, jwe, jwk::DecryptionKey, provider::aws_lc};
///
/// let issuer = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let reader = DecryptionKey::generate(aws_lc(), KeyManagement::EcdhEs)?;
/// let theirs = reader.encryption_key().expect("what encrypts for it");
///
/// let signed = jwt::sign(&issuer, &HeaderExtras::typ("JWT"), &serde_json::json!({"sub": "ada"}))?;
/// let token = jwt::nest(aws_lc(), &signed, &theirs, ContentEncryption::A256Gcm, &jwe::Options::default())?;
///
/// let opening = jwe::Rules::new(&[KeyManagement::EcdhEs], &[ContentEncryption::A256Gcm]);
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]).subject("ada");
/// let verified: jwt::Verified =
///     jwt::verify_nested(aws_lc(), &token, &reader, &opening, &issuer.verifying_key(), &rules)?;
/// assert_eq!(verified.claims()["sub"], "ada");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify_nested<T: DeserializeOwned>(
    provider: &dyn Provider,
    token: &str,
    decrypting: &(impl DecryptionKeys + ?Sized),
    opening: &jwe::Rules<'_>,
    keys: &(impl Keys + ?Sized),
    rules: &Rules<'_>,
) -> Result<Verified<T>, NestedError> {
    if !is_encrypted(token) {
        return Err(NestedError::NotEncrypted);
    }
    let layers = rules.limits_in_force().layers;
    let mut outer = None;
    for _ in 0..layers {
        let text = outer.as_ref().map_or(Ok(token), inside)?;
        let opened = jwe::decrypt(provider, text, decrypting, opening)?;
        let inner = inside(&opened)?;
        if !is_encrypted(inner) {
            return Ok(verify(inner, keys, rules)?);
        }
        outer = Some(opened);
    }
    Err(NestedError::TooDeep(layers))
}

/// The token that a layer says to hold.
fn inside(opened: &Decrypted) -> Result<&str, NestedError> {
    if !opened.header().cty().is_some_and(|cty| same_typ(cty, "JWT")) {
        return Err(NestedError::ContentType(opened.header().cty().map(excerpt)));
    }
    std::str::from_utf8(opened.plaintext()).map_err(|_| NestedError::NotText)
}

/// RFC 7516 §9.
fn is_encrypted(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 4
}
