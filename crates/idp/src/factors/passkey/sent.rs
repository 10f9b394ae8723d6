//! A browser's answer, as its script posts it.

use jose::{Limits, base64url, json};
use oidc::Id;
use serde_json::Value;
use webauthn::Refusal;

/// What a browser sent (§5.1.8, §5.1.9, in JSON).
pub(super) struct Sent(json::Object);

impl Sent {
    pub(super) fn parse(answer: &str) -> Result<Self, Refusal> {
        let limits = Limits { json_bytes: ANSWER, ..Limits::DEFAULT };
        json::parse_object(answer.as_bytes(), &limits).map(Self).map_err(|error| Refusal::ClientData(error.to_string()))
    }

    fn response(&self, name: &str) -> Option<&Value> {
        self.0.get("response")?.get(name)
    }

    pub(super) fn bytes(&self, name: &'static str) -> Result<Vec<u8>, Refusal> {
        decoded(self.response(name)).ok_or_else(|| Refusal::ClientData(format!("the answer lacks {name}")))
    }

    pub(super) fn id(&self) -> Result<Vec<u8>, Refusal> {
        decoded(self.0.get("rawId")).ok_or_else(|| Refusal::ClientData("the answer lacks rawId".into()))
    }

    /// Whose passkey it is, as its authenticator kept it.
    pub(super) fn user(&self) -> Result<Id, Refusal> {
        let handle = decoded(self.response("userHandle")).and_then(|bytes| bytes.try_into().ok());
        handle.map(Id::from_bytes).ok_or(Refusal::User)
    }

    pub(super) fn transports(&self) -> Vec<String> {
        let all = self.response("transports").and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).filter(|name| name.len() <= 32).take(8).map(str::to_owned).collect()
    }
}

fn decoded(value: Option<&Value>) -> Option<Vec<u8>> {
    base64url::decode(value?.as_str()?).ok()
}

/// Bytes of a browser's answer; the form that brings it takes no more.
const ANSWER: usize = 8 * 1024;
