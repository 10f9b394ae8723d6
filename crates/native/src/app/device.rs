//! The device's key: registered at the provider, and what it signs.

use std::sync::Arc;

use jose::jwt::{HeaderExtras, prepare};
use jose::{JwsAlgorithm, base64url};
use serde::Deserialize;
use serde_json::{Value, json};
use verify::fetch::Request;

use super::kept::Kept;
use super::{App, Inner};
use crate::attestation::{Attester, android, apple, challenge};
use crate::error::Error;
use crate::keys::{DeviceKey, KeyStore, sign, thumbprint};
use crate::pkce::random;
use crate::protocol::{Endpoints, parse};
use crate::stores::blocking;
use crate::tokens::Tokens;

#[derive(Deserialize)]
struct Registered {
    id: String,
}

impl App {
    /// Registers this device's key for whoever is signed in, so that the app can answer other apps' requests and for its own
    /// hand-offs. The sign-in is fresh: where the provider says `insufficient_user_authentication`, sign in again with a
    /// `max_age` of zero. Where the platform has an attester, the system's word goes with it, and on Android the key is a new one;
    /// a key that is registered again gains the word that it lacked.
    pub async fn register_device(&self, name: &str) -> Result<(), Error> {
        let (inner, tokens) = (&*self.0, self.fresh().await?);
        let endpoints = &inner.provider().await?.endpoints;
        let url = inner.at(KEYS)?;
        let ath = base64url::encode(jose::sha256(tokens.access_token.as_bytes()));
        if inner.platform.attester.is_some() {
            may_register(endpoints, url.as_str(), &tokens).await?;
        }
        let mut tries = 0;
        let body = loop {
            let nonce = endpoints.kept_nonce().unwrap_or_default();
            let (key, attestation) = inner.attested_key(&nonce, &ath).await?;
            let proof = inner.signed(&key, "vestibule-device-key+jwt", json!({ "nonce": nonce, "ath": ath })).await?;
            let mut body = json!({ "jwk": key.public_jwk(), "name": name, "proof": proof });
            if let Some(attestation) = attestation {
                body["attestation"] = attestation;
            }
            tries += 1;
            match endpoints.once(Request::post_json(url.as_str(), body.to_string()), Some(&tokens)).await? {
                // The key's own proof carries the nonce, too (RFC 9449 §8): once more, with the one that came.
                Err(refusal) if refusal.code == "use_dpop_nonce" && tries < 2 => {}
                verdict => break verdict?,
            }
        };
        inner.keep_as(Kept::Device, &parse::<Registered>(&body)?.id).await
    }

    /// Takes this device's key away at the provider, and forgets it here. It is forgotten here whatever the provider says or does
    /// not say; what stays there, its person takes away under their account.
    pub async fn forget_device(&self) -> Result<(), Error> {
        let taken_away = self.take_device_away().await;
        let (keys, name) = (Arc::clone(self.0.device_keys()), self.0.name_of_device_key());
        blocking(&keys, move |keys| keys.forget(&name)).await?;
        self.0.remove_kept(Kept::Device).await?;
        taken_away
    }

    async fn take_device_away(&self) -> Result<(), Error> {
        let Some(id) = self.0.kept::<String>(Kept::Device).await? else { return Ok(()) };
        let tokens = self.fresh().await?;
        let url = self.0.at(&[KEYS, &[&id]].concat())?;
        self.0.provider().await?.endpoints.call(Request::delete(url), Some(&tokens)).await.map(drop)
    }
}

/// Whether a key would be taken, asked without one: before the system makes a new key in place of one that is registered. The
/// answer has the nonce that the attestation is about.
async fn may_register(endpoints: &Endpoints, url: &str, tokens: &Tokens) -> Result<(), Error> {
    let question = || Request::post_json(url, json!({ "jwk": {}, "proof": "" }).to_string());
    match endpoints.call(question(), Some(tokens)).await {
        Err(Error::Refused(refusal)) if refusal.code == "invalid_request" => Ok(()),
        Ok(_) => Err(Error::Answer("no key was registered".to_owned())),
        Err(error) => Err(error),
    }
}

impl Inner {
    /// The device's key with the system's word for it, where the app asks for that.
    async fn attested_key(&self, nonce: &str, ath: &str) -> Result<(Arc<dyn DeviceKey>, Option<Value>), Error> {
        let mut said = None;
        if let Some(Attester::Android(attester)) = &self.platform.attester {
            let (name, about) = (self.name_of_device_key(), challenge(nonce, ath, None));
            let chain = blocking(attester, move |attester| attester.make_key(&name, &about)).await?;
            if let Some(chain) = chain {
                // What was registered went with the key that was there.
                self.remove_kept(Kept::Device).await?;
                said = Some(android(&chain));
            }
        }
        let key = self.device_key().await?;
        if let Some(Attester::Apple(attester)) = &self.platform.attester {
            let about = challenge(nonce, ath, thumbprint(&*key)?.as_deref());
            let object = blocking(attester, move |attester| attester.attest(&about)).await?;
            said = object.map(|object| apple(&object));
        }
        Ok((key, said))
    }

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
        claims["aud"] = self.settings.issuer.as_str().into();
        claims["iat"] = self.now().into();
        claims["jti"] = random()?.into();
        let prepared = prepare(key.alg(), thumbprint(&**key)?.as_deref(), &HeaderExtras::typ(typ), &claims);
        sign(Arc::clone(key), prepared.map_err(|error| Error::Key(error.to_string()))?).await
    }

    fn device_keys(&self) -> &Arc<dyn KeyStore> {
        self.platform.device_keys.as_ref().unwrap_or(&self.platform.keys)
    }

    /// Not the key of the tokens: that one signs without asking anybody.
    fn name_of_device_key(&self) -> String {
        format!("device/{}", self.settings.client_id)
    }
}

/// Where keys are registered, below the issuer.
const KEYS: &[&str] = &["api", "device-keys", "v1", "keys"];
