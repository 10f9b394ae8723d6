//! Drive's own API: a resource server that checks access tokens by itself (RFC 9068 §4), and for one folder wants more than a
//! password (RFC 9470). It trusts nothing that the app says; an API in a program of its own would look the same.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreJsonWebKey, CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata};
use openidconnect::{IssuerUrl, JsonWebKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::clock;

/// The API, as the provider's tokens name it.
pub(crate) struct Api {
    issuer: IssuerUrl,
    /// What stands in `aud` of the tokens that are meant for it (RFC 8707 §2).
    pub(crate) resource: String,
    http: reqwest::Client,
    keys: Mutex<Keys>,
}

#[derive(Clone)]
struct Keys {
    known: CoreJsonWebKeySet,
    fetched_at: i64,
}

/// Why a request is refused, for `WWW-Authenticate`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no token (RFC 6750 §3).
    NoToken,
    /// The token is not one for this API, or not any more (RFC 6750 §3.1).
    InvalidToken(&'static str),
    /// The token is good, and its person has not proven enough for this (RFC 9470 §3).
    Insufficient,
}

#[derive(Deserialize)]
struct Header {
    typ: String,
    alg: CoreJwsSigningAlgorithm,
    kid: String,
}

/// RFC 9068 §2.2, as far as it is looked at here.
#[derive(Clone, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: i64,
    acr: Option<String>,
    auth_time: Option<i64>,
}

#[derive(Clone, Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Api {
    pub(crate) fn new(issuer: IssuerUrl, resource: String, http: reqwest::Client) -> Self {
        let none = Keys { known: CoreJsonWebKeySet::new(Vec::new()), fetched_at: 0 };
        Self { issuer, resource, http, keys: Mutex::new(none) }
    }

    /// The names of what lies in the locked folder, for whoever may see it.
    pub(crate) async fn locked(&self, authorization: Option<&str>) -> Result<&'static [&'static str], Refusal> {
        let token = authorization.and_then(|value| value.strip_prefix("Bearer ")).ok_or(Refusal::NoToken)?;
        let claims = self.verified(token).await?;
        if !claims.suffices(clock::now()) {
            return Err(Refusal::Insufficient);
        }
        Ok(LOCKED)
    }

    /// RFC 9068 §4.
    async fn verified(&self, token: &str) -> Result<Claims, Refusal> {
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else { return Err(Refusal::InvalidToken("it is no JWT")) };
        let unreadable = Refusal::InvalidToken("it cannot be read");
        let (Some(head), Some(claims)) = (json::<Header>(header), json::<Claims>(payload)) else {
            return Err(unreadable);
        };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else { return Err(unreadable) };
        if head.typ != "at+jwt" || head.alg != CoreJwsSigningAlgorithm::EcdsaP256Sha256 {
            return Err(Refusal::InvalidToken("it is no access token"));
        }
        let key = self.key(&head.kid).await.ok_or(Refusal::InvalidToken("its key is not known"))?;
        let signed = &token[..header.len() + 1 + payload.len()];
        if key.verify_signature(&head.alg, signed.as_bytes(), &signature).is_err() {
            return Err(Refusal::InvalidToken("its signature is wrong"));
        }
        match claims.fault(self.issuer.as_str(), &self.resource, clock::now()) {
            Some(fault) => Err(Refusal::InvalidToken(fault)),
            None => Ok(claims),
        }
    }

    /// The provider's key of this name. Keys rotate: an unknown one is looked for again, not oftener than now and then.
    async fn key(&self, kid: &str) -> Option<CoreJsonWebKey> {
        let find = |keys: &Keys| {
            let mut known = keys.known.keys().iter();
            known.find(|key| key.key_id().is_some_and(|id| id.as_str() == kid)).cloned()
        };
        let known = self.keys.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(key) = find(&known) {
            return Some(key);
        }
        if clock::now() - known.fetched_at < BETWEEN_FETCHES {
            return None;
        }
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http).await.ok()?;
        let known = CoreJsonWebKeySet::fetch_async(metadata.jwks_uri(), &self.http).await.ok()?;
        let keys = Keys { known, fetched_at: clock::now() };
        let key = find(&keys);
        *self.keys.lock().unwrap_or_else(PoisonError::into_inner) = keys;
        key
    }
}

impl Claims {
    fn fault(&self, issuer: &str, resource: &str, now: i64) -> Option<&'static str> {
        let is_for = match &self.aud {
            Audience::One(one) => one == resource,
            Audience::Many(many) => many.iter().any(|one| one == resource),
        };
        match () {
            () if self.iss != issuer => Some("it is another provider's"),
            () if !is_for => Some("it is meant for another API"),
            () if self.exp <= now => Some("it has expired"),
            () => None,
        }
    }

    /// RFC 9470 §3: how the person proved who they are, and how long ago.
    fn suffices(&self, now: i64) -> bool {
        let strong = self.acr.as_deref().is_some_and(|acr| ACR_VALUES.contains(&acr));
        let fresh = self.auth_time.is_some_and(|at| now - at <= MAX_AGE.as_secs().cast_signed());
        strong && fresh
    }
}

impl Refusal {
    /// The value of `WWW-Authenticate`, which comes with a 401.
    pub(crate) fn challenge(&self) -> String {
        match self {
            Self::NoToken => "Bearer".into(),
            Self::InvalidToken(text) => format!("Bearer error=\"invalid_token\", error_description=\"{text}\""),
            Self::Insufficient => format!(
                "Bearer error=\"insufficient_user_authentication\", \
                 error_description=\"this folder asks for two factors, given within the last minutes\", \
                 acr_values=\"{}\", max_age=\"{}\"",
                ACR_VALUES.join(" "),
                MAX_AGE.as_secs()
            ),
        }
    }
}

fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Two factors, or a passkey, by the names that Vestibule has for them.
const ACR_VALUES: &[&str] = &["urn:vestibule:acr:multi-factor", "phr", "phrh"];
const MAX_AGE: Duration = Duration::from_secs(5 * 60);
/// Seconds.
const BETWEEN_FETCHES: i64 = 10;
const LOCKED: &[&str] = &["The will", "Deed of the house", "Letters not to be sent"];

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(acr: Option<&str>, auth_time: Option<i64>) -> Claims {
        let aud = Audience::Many(vec!["https://id.example".into(), "https://drive.example/api".into()]);
        Claims { iss: "https://id.example".into(), aud, exp: 1300, acr: acr.map(str::to_owned), auth_time }
    }

    /// RFC 9068 §4.
    #[test]
    fn only_a_token_for_this_api_counts() {
        let fault = |issuer, resource, now| claims(None, None).fault(issuer, resource, now);
        assert_eq!(fault("https://id.example", "https://drive.example/api", 1299), None);
        assert!(fault("https://other.example", "https://drive.example/api", 1299).is_some());
        assert!(fault("https://id.example", "https://photos.example/api", 1299).is_some());
        assert!(fault("https://id.example", "https://drive.example/api", 1300).is_some());
    }

    /// RFC 9470 §3.
    #[test]
    fn weak_or_old_or_unknown_is_not_enough() {
        for (acr, auth_time, suffices) in [
            (Some("phr"), Some(1000), true),
            (Some("urn:vestibule:acr:multi-factor"), Some(700), true),
            (Some("urn:vestibule:acr:multi-factor"), Some(699), false),
            (Some("urn:vestibule:acr:single-factor"), Some(1000), false),
            (None, Some(1000), false),
            (Some("phr"), None, false),
        ] {
            assert_eq!(claims(acr, auth_time).suffices(1000), suffices, "{acr:?} {auth_time:?}");
        }
    }

    /// RFC 9470 §3, figure 1.
    #[test]
    fn the_challenge_says_what_would_do() {
        let challenge = Refusal::Insufficient.challenge();
        assert!(challenge.starts_with("Bearer error=\"insufficient_user_authentication\", "), "{challenge}");
        assert!(challenge.contains(", acr_values=\"urn:vestibule:acr:multi-factor phr phrh\""), "{challenge}");
        assert!(challenge.ends_with(", max_age=\"300\""), "{challenge}");
        assert_eq!(Refusal::NoToken.challenge(), "Bearer", "RFC 6750 §3.1: no error where nothing was sent");
    }
}
