//! Whether an ID token is what was asked for (OpenID Connect Core §3.1.3.7).

use std::sync::Arc;

use jose::dpop::ALGORITHMS;
use jose::jwt::{Rules, VerifyError, inspect, verify};
use jose::remote::Policy;
use jose::{JwkSet, Limits};
use serde_json::{Map, Value};
use verify::clock::Clock;
use verify::fetch::Fetch;
use verify::sets::KeySource;

use crate::error::Error;

/// Verifies those of one issuer for one app.
pub(crate) struct IdTokens {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) keys: KeySource,
    pub(crate) clock: Arc<dyn Clock>,
}

impl IdTokens {
    pub(crate) fn new(
        issuer: &str,
        client_id: &str,
        jwks_uri: &str,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        let keys = KeySource::new(jwks_uri, fetch, Arc::clone(&clock), Policy::KEYS);
        Self { issuer: issuer.to_owned(), client_id: client_id.to_owned(), keys, clock }
    }

    /// Has the issuer's keys at hand.
    pub(crate) async fn prepare(&self) -> Result<(), Error> {
        self.keys.keys().await.map(drop).map_err(|error| Error::Unreachable(error.to_string()))
    }

    /// Its claims; with `nonce` where it answers a request of ours, and of that person where somebody was signed in before
    /// (§12.2).
    pub(crate) async fn verify(
        &self,
        token: &str,
        nonce: Option<&str>,
        subject: Option<&str>,
    ) -> Result<String, Error> {
        let header = inspect(token, &Limits::DEFAULT).map_err(|error| refused(error.to_string()))?.header;
        let alg =
            header.alg().filter(|alg| ALGORITHMS.contains(alg)).ok_or_else(|| refused("its algorithm".to_owned()))?;
        let keys =
            self.keys.keys_for(header.kid(), alg).await.map_err(|error| Error::Unreachable(error.to_string()))?;
        let claims = self.claims(token, &keys, nonce, subject)?;
        let subject = claims.get("sub").and_then(Value::as_str).map(str::to_owned);
        subject.ok_or_else(|| refused("it is of nobody".to_owned()))
    }

    fn claims(
        &self,
        token: &str,
        keys: &JwkSet,
        nonce: Option<&str>,
        subject: Option<&str>,
    ) -> Result<Map<String, Value>, Error> {
        let now = self.clock.now_ms().div_euclid(1000);
        let rules = Rules::new(now, ALGORITHMS).issuer(&self.issuer).audience(&self.client_id).typ_or_absent("JWT");
        let rules = rules.require_exp().require_iat().require_sub().leeway(60);
        let rules = nonce.into_iter().fold(rules, |rules, nonce| rules.claim("nonce", nonce));
        let rules = subject.into_iter().fold(rules, |rules, subject| rules.subject(subject));
        let claims: Map<String, Value> = match verify(token, keys, &rules) {
            Ok(verified) => verified.into_claims(),
            // A new key, and the keys that it is among do not come now.
            Err(error @ VerifyError::Jws(jose::jws::VerifyError::NoKey { .. })) => {
                return Err(Error::Unreachable(error.to_string()));
            }
            Err(error) => return Err(refused(error.to_string())),
        };
        // §3.1.3.7, 4 and 5: of several audiences the one it was issued to.
        match claims.get("azp").is_none_or(|azp| azp == self.client_id.as_str()) {
            true => Ok(claims),
            false => Err(refused("it was issued to another app".to_owned())),
        }
    }
}

fn refused(error: String) -> Error {
    Error::Answer(format!("the ID token: {error}"))
}
