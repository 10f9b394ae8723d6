//! Somebody who holds a key and proves it (RFC 9449 §4).

use std::sync::atomic::{AtomicU64, Ordering};

use jose::dpop::Draft;
use jose::jwt::{HeaderExtras, sign};
use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
use serde_json::{Map, Value, json};
use testkit::ISSUER;

/// A key, and a number for each proof.
pub(crate) struct Holder {
    key: SigningKey,
    made: AtomicU64,
}

impl Holder {
    pub(crate) fn new() -> Self {
        Self { key: SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap(), made: AtomicU64::new(0) }
    }

    /// The thumbprint that `jkt` says.
    pub(crate) fn thumbprint(&self) -> String {
        self.key.verifying_key().thumbprint().unwrap().to_owned()
    }

    /// A new proof for a request, beside this token and with this nonce.
    pub(crate) fn prove(
        &self,
        (method, path): (&str, &str),
        now: i64,
        token: Option<&str>,
        nonce: Option<&str>,
    ) -> String {
        let jti = format!("j-{}", self.made.fetch_add(1, Ordering::Relaxed));
        let uri = format!("{ISSUER}{path}");
        let draft = Draft::new(method, &uri, now, &jti);
        let draft = token.map_or(draft.clone(), |token| draft.access_token(token));
        nonce.map_or(draft.clone(), |nonce| draft.nonce(nonce)).sign(&self.key).unwrap()
    }

    /// A new device proof, beside a code or device secret and with this DPoP key, as `client` sends it.
    pub(crate) fn prove_device(&self, client: &str, now: i64, beside: &str, jkt: Option<&str>) -> String {
        let jti = format!("d-{}", self.made.fetch_add(1, Ordering::Relaxed));
        let members = Map::from_iter([("jwk".to_owned(), Value::Object(self.key.public_jwk().unwrap()))]);
        let extras = HeaderExtras { members, ..HeaderExtras::typ("device-proof+jwt") };
        let hash = jose::base64url::encode(jose::sha256(beside.as_bytes()));
        let mut claims = json!({ "iss": client, "aud": ISSUER, "iat": now, "jti": jti, "hash": hash });
        if let Some(jkt) = jkt {
            claims["jkt"] = jkt.into();
        }
        sign(&self.key, &extras, &claims).unwrap()
    }
}
