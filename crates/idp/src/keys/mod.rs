//! Signing keys: which sign, which are published, and when they change.

pub mod admin;
mod make;
mod ring;
mod rows;
#[cfg(feature = "test-support")]
pub mod test_support;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jose::jwt::Signer;
use jose::{JwsAlgorithm, VerifyingKey};
use oidc::key_schedule::Lifetimes;

use crate::sites::ASSERTION_LIFETIME;
use crate::{Context, Fault};

pub use ring::KeyRing;

/// What a token is, as its header's `typ` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenType {
    /// `JWT`: ID tokens and signed UserInfo answers.
    Jwt,
    /// `at+jwt`: access tokens (RFC 9068 §2.1).
    AccessToken,
    /// `logout+jwt`: logout tokens (Back-Channel Logout 1.0 §2.4).
    Logout,
    /// `consent-receipt+jwt`: receipts for consents, a type of ours.
    Receipt,
    /// `site-assertion+jwt`: who a visitor of a plain website is, a type of ours.
    SiteAssertion,
    /// `authorization-evidence+jwt`: records of what people confirmed, a type of ours.
    Evidence,
}

/// The published key set.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// The JWK set (RFC 7517 §5).
    pub json: Bytes,
    /// A strong validator of it, with its quotes (RFC 9110 §8.8.3).
    pub etag: String,
    /// For how long it may be kept.
    pub max_age: Duration,
}

impl Context {
    /// Whether keys for the default algorithms sign.
    pub(crate) fn keys_sign(&self) -> bool {
        let (keys, now) = (self.keys.current(), self.now());
        make::ALWAYS.iter().all(|alg| keys.signer(*alg, TokenType::Jwt, now).is_some())
    }

    /// The signer of the algorithm's active key. The first time that an algorithm is asked for, its key is made.
    pub(crate) async fn signer(&self, alg: JwsAlgorithm, typ: TokenType) -> Result<Signer, Fault> {
        if let Some(signer) = self.keys.current().signer(alg, typ, self.now()) {
            return Ok(signer.clone());
        }
        // In a box: what happens once in an algorithm's life must not make every caller's future large.
        Box::pin(self.awaited_signer(alg, typ)).await
    }

    /// The key set for the outside.
    pub fn published_keys(&self) -> Arc<Published> {
        Arc::clone(&self.keys.at(self.now(), &self.key_lifetimes()).published)
    }

    /// The keys that verify tokens of ours that are still good.
    pub(crate) fn verifying_keys(&self) -> Arc<Vec<VerifyingKey>> {
        Arc::clone(&self.keys.at(self.now(), &self.key_lifetimes()).verifying)
    }

    /// The keys that verify an old ID token that comes back as a hint: removed ones too, revoked ones never.
    pub(crate) fn hint_keys(&self) -> Arc<Vec<VerifyingKey>> {
        Arc::clone(&self.keys.current().hints)
    }

    fn key_lifetimes(&self) -> Lifetimes {
        let (keys, tokens) = (&self.settings.keys, &self.settings.tokens);
        Lifetimes {
            rotation: keys.rotation_interval,
            jwks_cache: keys.jwks_cache_lifetime,
            token: tokens.access_token_lifetime.max(tokens.id_token_lifetime).max(ASSERTION_LIFETIME),
        }
    }
}
