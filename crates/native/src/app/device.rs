//! The device's key: registered at the provider, and what it signs.

use std::sync::Arc;

use jose::jwt::{HeaderExtras, prepare};
use jose::{JwsAlgorithm, VerifyingKey, base64url, provider::aws_lc};
use serde::Deserialize;
use serde_json::{Value, json};
use verify::fetch::Request;

use super::kept::Kept;
use super::{App, Inner};
use crate::error::Error;
use crate::keys::{DeviceKey, KeyStore, sign};
use crate::pkce::random;
use crate::protocol::parse;
use crate::stores::blocking;

#[derive(Deserialize)]
struct Registered {
    id: String,
}

impl App {
    /// Registers this device's key for whoever is signed in, so that the app can answer other apps' requests and for its own
    /// hand-offs. The sign-in is fresh: where the provider says `insufficient_user_authentication`, sign in again with a
    /// `max_age` of zero.
    pub async fn register_device(&self, name: &str) -> Result<(), Error> {
        let (inner, tokens) = (&*self.0, self.fresh().await?);
        let endpoints = &inner.provider().await?.endpoints;
        let (key, url) = (inner.device_key().await?, inner.at(&["api", "device-keys", "v1", "keys"])?);
        let ath = base64url::encode(jose::sha256(tokens.access_token.as_bytes()));
        let mut tries = 0;
        let body = loop {
            let nonce = endpoints.kept_nonce().unwrap_or_default();
            let proof = inner.signed(&key, "vestibule-device-key+jwt", json!({ "nonce": nonce, "ath": ath })).await?;
            let body = json!({ "jwk": key.public_jwk(), "name": name, "proof": proof });
            tries += 1;
            match endpoints.once(Request::post_json(url.as_str(), body.to_string()), Some(&tokens)).await? {
                // The key's own proof carries the nonce, too (RFC 9449 §8): once more, with the one that came.
                Err(refusal) if refusal.code == "use_dpop_nonce" && tries < 2 => {}
                verdict => break verdict?,
            }
        };
        inner.keep_as(Kept::Device, &parse::<Registered>(&body)?.id).await
    }

    /// Forgets this device's key here. The person takes it away at the provider, too, under their account.
    pub async fn forget_device(&self) -> Result<(), Error> {
        let (keys, name) = (Arc::clone(self.0.device_keys()), self.0.name_of_device_key());
        blocking(&keys, move |keys| keys.forget(&name)).await?;
        self.0.remove_kept(Kept::Device).await
    }
}

impl Inner {
    pub(super) async fn device_key(&self) -> Result<Arc<dyn DeviceKey>, Error> {
        let (keys, name) = (Arc::clone(self.device_keys()), self.name_of_device_key());
        let key = blocking(&keys, move |keys| keys.open(&name)).await?;
        match key.alg() {
            JwsAlgorithm::ES256 => Ok(key),
            other => Err(Error::Key(format!("the provider takes keys for ES256, not {}", other.as_str()))),
        }
    }

    /// A proof of the device's key: for one purpose, once. Its header names the key (RFC 7638).
    pub(super) async fn signed(&self, key: &Arc<dyn DeviceKey>, typ: &str, mut claims: Value) -> Result<String, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Key(error.to_string());
        let public = VerifyingKey::from_jwk_object(aws_lc(), &key.public_jwk()).map_err(|error| failed(&error))?;
        claims["aud"] = self.settings.issuer.as_str().into();
        claims["iat"] = self.now().into();
        claims["jti"] = random()?.into();
        let prepared = prepare(key.alg(), public.thumbprint(), &HeaderExtras::typ(typ), &claims);
        sign(Arc::clone(key), prepared.map_err(|error| failed(&error))?).await
    }

    fn device_keys(&self) -> &Arc<dyn KeyStore> {
        self.platform.device_keys.as_ref().unwrap_or(&self.platform.keys)
    }

    /// Not the key of the tokens: that one signs without asking anybody.
    fn name_of_device_key(&self) -> String {
        format!("device/{}", self.settings.client_id)
    }
}
