//! One key of each kind, and the same key in the forms that the other sides read.

use anyhow::{Context as _, Result};
use jose::alg::KeyManagement;
use jose::provider::{self, KeySpec, PublicMaterial};
use jose::{DecryptionKey, JwsAlgorithm, SigningKey};
use serde_json::Value;

/// A key to sign with.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) key: SigningKey,
    /// The private JWK, or the secret one.
    pub(crate) private: String,
    /// The public JWK; for a secret the same.
    pub(crate) public: String,
    /// PKCS#8; empty for a secret.
    pub(crate) pkcs8: Vec<u8>,
    /// The secret; empty for a key pair.
    pub(crate) secret: Vec<u8>,
}

impl Signing {
    /// Makes one.
    pub(crate) fn new(alg: JwsAlgorithm) -> Result<Self> {
        let key = SigningKey::generate(provider::aws_lc(), alg)?;
        let private = key.private_jwk().to_string();
        let (public, pkcs8, secret) = match key.public_jwk() {
            Some(public) => (Value::Object(public).to_string(), key.to_pkcs8_der()?.to_vec(), Vec::new()),
            None => {
                let jwk: Value = serde_json::from_str(&private)?;
                let k = jwk["k"].as_str().context("a secret has k")?;
                (private.clone(), Vec::new(), jose::base64url::decode(k)?)
            }
        };
        Ok(Self { key, private, public, pkcs8, secret })
    }

    /// PKCS#8 as PEM (RFC 7468 §10).
    pub(crate) fn private_pem(&self) -> String {
        let body = standard_base64(&self.pkcs8);
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n")
    }

    /// A member of the public JWK.
    pub(crate) fn member(&self, name: &str) -> Result<String> {
        let jwk: Value = serde_json::from_str(&self.public)?;
        Ok(jwk[name].as_str().with_context(|| format!("the JWK has no {name}"))?.to_owned())
    }

    /// The public numbers.
    pub(crate) fn material(&self) -> Result<PublicMaterial> {
        self.key.verifying_key().material().cloned().context("a secret has no public half")
    }
}

/// A key to decrypt with.
#[derive(Clone, Debug)]
pub(crate) struct Decrypting {
    pub(crate) key: DecryptionKey,
    pub(crate) alg: KeyManagement,
    pub(crate) private: String,
    pub(crate) public: String,
    pub(crate) pkcs8: Vec<u8>,
}

impl Decrypting {
    /// Makes one.
    pub(crate) fn new(alg: KeyManagement, spec: KeySpec) -> Result<Self> {
        let key = DecryptionKey::generate_from(provider::aws_lc(), alg, spec)?;
        let private = key.private_jwk().context("a key pair")?.to_string();
        let public = Value::Object(key.public_jwk().context("a key pair")?).to_string();
        let pkcs8 = key.to_pkcs8_der()?.to_vec();
        Ok(Self { key, alg, private, public, pkcs8 })
    }

    /// A member of the private JWK, decoded.
    pub(crate) fn bytes(&self, name: &str) -> Result<Vec<u8>> {
        let jwk: Value = serde_json::from_str(&self.private)?;
        let text = jwk[name].as_str().with_context(|| format!("the JWK has no {name}"))?;
        Ok(jose::base64url::decode(text)?)
    }
}

fn standard_base64(bytes: &[u8]) -> String {
    let text = jose::base64url::encode(bytes).replace('-', "+").replace('_', "/");
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text + &padding
}
