//! Making a proof.

use serde::Serialize;

use crate::alg::JwsAlgorithm;
use crate::json::{Object, Value};
use crate::jwk::SigningKey;
use crate::jws::SignError;
use crate::jwt::{self, HeaderExtras, Prepared};
use crate::{base64url, provider::Provider};

/// A proof to be signed: one for each request (RFC 9449 §4.2).
///
/// ```
/// use vestibule_jose::dpop::{Draft, Expected, Nonces, verify};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let proof = Draft::new("POST", "https://id.example.com/token", 1_700_000_000, "j-1").nonce("n-1").sign(&key)?;
/// let ours = |nonce: &str| nonce == "n-1";
/// let expected = Expected::new(1_700_009_000, "POST", "https://id.example.com/token").nonces(Nonces::Accepted(&ours));
/// assert_eq!(verify(aws_lc(), &proof, &expected)?.nonce(), Some("n-1"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Draft<'a> {
    jti: &'a str,
    htm: &'a str,
    htu: &'a str,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip)]
    access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}

impl<'a> Draft<'a> {
    /// For this method and URI, made at this time in seconds since 1970; `jti` must be new each time, with at least 96
    /// random bits.
    pub fn new(method: &'a str, uri: &'a str, now: i64, jti: &'a str) -> Self {
        let end = uri.find(['?', '#']).unwrap_or(uri.len());
        Self { jti, htm: method, htu: &uri[..end], iat: now, nonce: None, access_token: None, ath: None }
    }

    /// With the nonce that the server gave last.
    #[must_use]
    pub fn nonce(mut self, nonce: &'a str) -> Self {
        self.nonce = Some(nonce);
        self
    }

    /// For a request that carries this access token.
    #[must_use]
    pub fn access_token(mut self, token: &'a str) -> Self {
        self.access_token = Some(token);
        self
    }

    /// Signs it.
    #[cfg(feature = "aws-lc")]
    pub fn sign(self, key: &SigningKey) -> Result<String, SignError> {
        self.sign_with(crate::provider::aws_lc(), key)
    }

    /// Signs it; the hash of the access token is this provider's.
    ///
    /// ```
    /// use vestibule_jose::dpop::Draft;
    /// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
    ///
    /// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
    /// assert!(Draft::new("GET", "https://api.example.com", 0, "j-1").sign_with(aws_lc(), &key).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign_with(mut self, provider: &dyn Provider, key: &SigningKey) -> Result<String, SignError> {
        self.ath = self.access_token.map(|token| access_token_hash(provider, token));
        jwt::sign_without_kid(key, &header(key.public_jwk().unwrap_or_default()), &self)
    }

    /// Writes all but the signature, for a key that lies elsewhere, such as in a phone's key store.
    ///
    /// ```
    /// use vestibule_jose::dpop::{Draft, Expected, verify};
    /// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
    ///
    /// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
    /// let draft = Draft::new("GET", "https://api.example.com", 0, "j-1").access_token("t");
    /// let prepared = draft.prepare(aws_lc(), key.alg(), key.public_jwk().unwrap_or_default())?;
    /// let signature = key.sign(prepared.signing_input())?;
    /// let proof = prepared.attach(&signature)?;
    /// assert!(verify(aws_lc(), &proof, &Expected::new(0, "GET", "https://api.example.com").access_token("t")).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn prepare(mut self, provider: &dyn Provider, alg: JwsAlgorithm, jwk: Object) -> Result<Prepared, SignError> {
        self.ath = self.access_token.map(|token| access_token_hash(provider, token));
        jwt::prepare(alg, None, &header(jwk), &self)
    }
}

/// RFC 9449 §4.2: the numbers alone; what else a JWK says is nobody's business here.
fn header(jwk: Object) -> HeaderExtras<'static> {
    let numbers = |(name, _): &(String, Value)| NUMBERS.contains(&name.as_str());
    let jwk: Object = jwk.into_iter().filter(numbers).collect();
    let members = Object::from_iter([("jwk".to_owned(), Value::Object(jwk))]);
    HeaderExtras { members, ..HeaderExtras::typ(super::TYP) }
}

/// What `ath` says of an access token (RFC 9449 §4.2).
///
/// ```
/// use vestibule_jose::{dpop::access_token_hash, provider::aws_lc};
///
/// // RFC 9449 §7.1, figure 13.
/// let token = "Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU";
/// assert_eq!(access_token_hash(aws_lc(), token), "fUHyO2r2Z3DZ53EsNrWBb0xWXoaNy59IiKCAqksmQEo");
/// ```
pub fn access_token_hash(provider: &dyn Provider, token: &str) -> String {
    base64url::encode(provider.sha256(token.as_bytes()))
}

/// The members that make a public key (RFC 7518 §6, RFC 8037 §2, RFC 9864).
const NUMBERS: &[&str] = &["kty", "crv", "x", "y", "n", "e", "pub", "alg"];
