//! A provider behind the app's own network: it does what OpenID Connect Native SSO 1.0 says and no more.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey, provider::aws_lc};
use vestibule_native_bindings::{HttpAnswer, HttpHeader, HttpRequest, Network, PlatformError};

pub(crate) const ISSUER: &str = "https://id.example";

pub(crate) struct Provider {
    key: SigningKey,
    answer: Mutex<(u16, Value)>,
    forms: Mutex<Vec<HashMap<String, String>>>,
}

impl Provider {
    pub(crate) fn open() -> Arc<Self> {
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
        Arc::new(Self { key, answer: Mutex::new((200, json!({}))), forms: Mutex::default() })
    }

    /// What the token endpoint answers from now on: a status, and members beside the usual.
    pub(crate) fn answers(&self, status: u16, members: Value) {
        *self.answer.lock().unwrap() = (status, members);
    }

    /// The forms that came to the token endpoint since, with the header `DPoP` of each.
    pub(crate) fn forms(&self) -> Vec<HashMap<String, String>> {
        std::mem::take(&mut self.forms.lock().unwrap())
    }

    fn token(&self, request: &HttpRequest) -> (u16, Value) {
        let form = url::form_urlencoded::parse(request.body.as_deref().unwrap().as_bytes()).into_owned();
        let proof = request.headers.iter().find(|header| header.name == "dpop").map(|header| header.value.clone());
        self.forms.lock().unwrap().push(form.chain(proof.map(|proof| ("DPoP".to_owned(), proof))).collect());
        let (status, more) = self.answer.lock().unwrap().clone();
        let mut body = match status {
            200 => json!({ "access_token": "at", "token_type": "DPoP", "expires_in": 300 }),
            _ => json!({}),
        };
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        (status, body)
    }
}

impl Network for Provider {
    fn send(&self, request: HttpRequest) -> Result<HttpAnswer, PlatformError> {
        let (status, body) = match request.url.strip_prefix(ISSUER) {
            Some("/.well-known/openid-configuration") => (200, metadata()),
            Some("/jwks") => (200, JwkSet::from_keys([self.key.verifying_key()]).render()),
            Some("/token") => self.token(&request),
            _ => return Err(PlatformError::Failed { reason: format!("nothing is at {}", request.url) }),
        };
        let headers = vec![HttpHeader { name: "content-type".to_owned(), value: "application/json".to_owned() }];
        Ok(HttpAnswer { status, headers, body: body.to_string().into_bytes() })
    }
}

fn metadata() -> Value {
    json!({
        "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/authorize"), "token_endpoint": format!("{ISSUER}/token"),
        "jwks_uri": format!("{ISSUER}/jwks"), "native_sso_supported": true, "dpop_signing_alg_values_supported": ["ES256"],
    })
}
