//! Signing keys: which sign, which are published, and when they change.

use std::sync::Arc;
use std::time::Duration;

use jose::jwt::Signer;
use jose::{JwsAlgorithm, VerifyingKey};

use crate::{Context, Fault};

/// The keys as they were last read.
#[derive(Debug, Default)]
pub struct KeyRing {}

/// What a token is, as its header's `typ` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// `JWT`: ID tokens and signed UserInfo answers.
    Jwt,
    /// `at+jwt`: access tokens (RFC 9068 §2.1).
    AccessToken,
}

/// The published key set.
#[derive(Clone, Debug)]
pub struct Published {
    /// The JWK set (RFC 7517 §5).
    pub json: String,
    /// A strong validator of it, with its quotes (RFC 9110 §8.8.3).
    pub etag: String,
    /// For how long it may be kept.
    pub max_age: Duration,
}

impl Context {
    /// Reads the keys and makes what is missing.
    pub(crate) async fn ensure_keys(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// Reads the keys again: somebody wrote one.
    pub(crate) async fn reload_keys(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// What is due each minute.
    pub(crate) async fn key_job(&self) -> Result<(), Fault> {
        Ok(())
    }

    /// Whether keys for the default algorithms sign.
    pub(crate) fn keys_sign(&self) -> bool {
        true
    }

    /// The signer of the algorithm's active key.
    pub(crate) async fn signer(&self, alg: JwsAlgorithm, _typ: TokenType) -> Result<Signer, Fault> {
        Err(Fault::NoKey(alg))
    }

    /// The key set for the outside.
    pub fn published_keys(&self) -> Arc<Published> {
        Arc::new(Published { json: "{\"keys\":[]}".to_owned(), etag: "\"\"".to_owned(), max_age: Duration::ZERO })
    }

    /// The keys that verify tokens of ours that are still good.
    pub(crate) fn verifying_keys(&self) -> Arc<Vec<VerifyingKey>> {
        Arc::default()
    }

    /// The keys that verify an old ID token that comes back as a hint: removed ones too, revoked ones never.
    pub(crate) fn hint_keys(&self) -> Arc<Vec<VerifyingKey>> {
        Arc::default()
    }
}
