//! A provider in the test: metadata, keys, introspection, and tokens of every sort.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jose::jwt::{HeaderExtras, sign};
use jose::{JwkSet, JwsAlgorithm, SigningKey, provider::aws_lc};
use serde_json::{Value, json};
use vestibule_verify::clock::Clock as _;
use vestibule_verify::fetch::{Answer, Fetch, FetchError, Fetching, Request};
use vestibule_verify::{Access, Demands, Denied, Presented, Reason, Verifier};

use crate::servers::Turned;

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const API: &str = "https://api.example";
/// In seconds since 1970.
pub(crate) const NOW: i64 = 1_793_610_000;

pub(crate) struct Issuer {
    pub(crate) clock: Arc<Turned>,
    pub(crate) metadata: Mutex<Value>,
    published: Mutex<String>,
    pub(crate) key: Mutex<Arc<SigningKey>>,
    /// What introspection says, by token.
    pub(crate) said: Mutex<HashMap<String, Value>>,
    pub(crate) away: Mutex<bool>,
    pub(crate) key_fetches: AtomicUsize,
    pub(crate) introspections: AtomicUsize,
}

impl Issuer {
    pub(crate) fn open() -> Arc<Self> {
        let key = Arc::new(new_key());
        let metadata = json!({ "issuer": ISSUER, "jwks_uri": format!("{ISSUER}/jwks"), "introspection_endpoint": format!("{ISSUER}/introspect") });
        let issuer = Self {
            clock: Turned::at(NOW * 1000),
            metadata: Mutex::new(metadata),
            published: Mutex::default(),
            key: Mutex::new(key.clone()),
            said: Mutex::default(),
            away: Mutex::new(false),
            key_fetches: AtomicUsize::new(0),
            introspections: AtomicUsize::new(0),
        };
        issuer.publish(&[&key]);
        Arc::new(issuer)
    }

    pub(crate) fn publish(&self, keys: &[&SigningKey]) {
        *self.published.lock().unwrap() =
            JwkSet::from_keys(keys.iter().map(|key| key.verifying_key())).render().to_string();
    }

    pub(crate) fn publish_json(&self, set: &Value) {
        *self.published.lock().unwrap() = set.to_string();
    }

    pub(crate) fn sign_with(&self, key: Arc<SigningKey>) {
        *self.key.lock().unwrap() = key;
    }

    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms() / 1000
    }

    /// The claims of a good token (RFC 9068 §2.2).
    pub(crate) fn claims(&self) -> Value {
        json!({
            "iss": ISSUER, "sub": "ada", "aud": API, "client_id": "drive", "iat": self.now(), "exp": self.now() + 300,
            "jti": "1", "scope": "read write", "acr": "high", "auth_time": self.now() - 100,
        })
    }

    /// A good token but for these claims; one that is null is left out.
    pub(crate) fn token(&self, changes: Value) -> String {
        let key = self.key.lock().unwrap().clone();
        self.signed(&key, "at+jwt", changes)
    }

    pub(crate) fn signed(&self, key: &SigningKey, typ: &str, changes: Value) -> String {
        let mut claims = self.claims();
        for (name, value) in changes.as_object().unwrap() {
            match value.is_null() {
                true => drop(claims.as_object_mut().unwrap().remove(name)),
                false => claims[name] = value.clone(),
            }
        }
        let extras = if typ.is_empty() { HeaderExtras::default() } else { HeaderExtras::typ(typ) };
        sign(key, &extras, &claims).unwrap()
    }

    pub(crate) fn builder(self: &Arc<Self>) -> vestibule_verify::Builder {
        Verifier::builder(ISSUER).audience(API).fetch(self.clone()).clock(self.clock.clone())
    }

    pub(crate) fn verifier(self: &Arc<Self>) -> Verifier {
        self.builder().build().unwrap()
    }

    pub(crate) fn key_fetches(&self) -> usize {
        self.key_fetches.load(Ordering::SeqCst)
    }

    fn answer(&self, request: &Request) -> Result<Answer, FetchError> {
        if *self.away.lock().unwrap() {
            return Err(FetchError::TooSlow(Duration::from_secs(5)));
        }
        let (headers, body) = match request.url().strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => (Vec::new(), self.metadata.lock().unwrap().to_string()),
            Some("/jwks") => {
                self.key_fetches.fetch_add(1, Ordering::SeqCst);
                (vec![("cache-control", "max-age=300")], self.published.lock().unwrap().clone())
            }
            Some("/introspect") => {
                self.introspections.fetch_add(1, Ordering::SeqCst);
                let form = request.form().unwrap_or_default();
                let token = form.strip_prefix("token=").unwrap().split('&').next().unwrap();
                let said = self.said.lock().unwrap().get(token).cloned();
                (Vec::new(), said.unwrap_or(json!({ "active": false })).to_string())
            }
            _ => return Ok(Answer { status: 404, headers: Default::default(), body: Vec::new() }),
        };
        let headers =
            headers.into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Ok(Answer { status: 200, headers, body: body.into_bytes() })
    }
}

impl Fetch for Issuer {
    fn fetch(&self, request: Request) -> Fetching {
        let answer = self.answer(&request);
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(10)).await;
            answer
        })
    }
}

pub(crate) fn new_key() -> SigningKey {
    SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap()
}

/// A request with this token as a bearer's.
pub(crate) async fn ask(verifier: &Verifier, token: &str, demands: &Demands) -> Result<Access, Denied> {
    verifier.verify(&Presented::new("GET", "/files").authorization(&format!("Bearer {token}")), demands).await
}

/// Why it is refused, if it is.
pub(crate) async fn refused(verifier: &Verifier, token: &str) -> Option<Reason> {
    ask(verifier, token, &Demands::new()).await.err().map(|denied| denied.reason())
}
