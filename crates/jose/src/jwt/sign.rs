//! Signing.

use serde::Serialize;

use super::prepare::claims_json;
use super::{HeaderExtras, SignError};
use crate::base64url;
use crate::jwk::SigningKey;
use crate::scratch::Scratch;

/// A key with its header written and encoded once; cheap to clone, made to be kept.
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras, Signer};
/// use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, provider::aws_lc};
/// use serde_json::json;
///
/// let signer = Signer::new(SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?, &HeaderExtras::typ("at+jwt"))?;
/// let token = signer.sign(&json!({"sub": "ada"}))?;
/// assert_eq!(jwt::inspect(&token, &Limits::DEFAULT)?.header.kid(), signer.key().kid());
/// assert!(signer.sign_json(br#"{"sub":"ada"}"#).is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    key: SigningKey,
    /// The encoded header with the dot behind it.
    prefix: Box<str>,
}

/// Signs once. Who signs more than once keeps a [`Signer`].
///
/// ```
/// use vestibule_jose::jwt::{self, HeaderExtras};
/// use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, provider::aws_lc};
/// use serde_json::json;
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let token = jwt::sign(&key, &HeaderExtras::default(), &json!({"sub": "ada"}))?;
/// assert_eq!(jwt::inspect(&token, &Limits::DEFAULT)?.claims["sub"], "ada");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn sign(key: &SigningKey, extras: &HeaderExtras<'_>, claims: &impl Serialize) -> Result<String, SignError> {
    Signer::new(key.clone(), extras)?.sign(claims)
}

/// Signs once, for whoever finds the key in the header itself.
pub(crate) fn sign_without_kid(
    key: &SigningKey,
    extras: &HeaderExtras<'_>,
    claims: &impl Serialize,
) -> Result<String, SignError> {
    Signer::with_header(key.clone(), &extras.to_json(key.alg(), None)?).sign(claims)
}

impl Signer {
    /// Writes the header: `alg` and `kid` of the key, and the extras.
    pub fn new(key: SigningKey, extras: &HeaderExtras<'_>) -> Result<Self, SignError> {
        let header = extras.to_json(key.alg(), key.kid())?;
        Ok(Self::with_header(key, &header))
    }

    fn with_header(key: SigningKey, header: &str) -> Self {
        let mut prefix = base64url::encode(header);
        prefix.push('.');
        Self { key, prefix: prefix.into_boxed_str() }
    }

    /// The key.
    pub fn key(&self) -> &SigningKey {
        &self.key
    }

    /// Signs claims.
    pub fn sign(&self, claims: &impl Serialize) -> Result<String, SignError> {
        self.sign_encoded(&claims_json(claims)?)
    }

    /// Signs claims that are JSON already; only that they begin like an object is checked.
    pub fn sign_json(&self, claims: &[u8]) -> Result<String, SignError> {
        if claims.first() == Some(&b'{') { self.sign_encoded(claims) } else { Err(SignError::NotAnObject) }
    }

    /// One allocation, as long as the token will be.
    fn sign_encoded(&self, claims: &[u8]) -> Result<String, SignError> {
        let signature_len = self.key.signature_len();
        let len = self.prefix.len() + base64url::encoded_len(claims.len()) + 1 + base64url::encoded_len(signature_len);
        let mut token = Vec::with_capacity(len);
        token.extend_from_slice(self.prefix.as_bytes());
        base64url::encode_into(claims, &mut token);

        let mut scratch = Scratch::new();
        let signature = scratch.take(signature_len);
        self.key.sign_to(&token, signature)?;
        token.push(b'.');
        base64url::encode_into(signature, &mut token);
        Ok(String::from_utf8(token).expect("base64url and dots"))
    }
}
