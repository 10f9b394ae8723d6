//! Keys as they are carried about: made, read, written, converted.

mod certificates;
mod forms;
mod made;
mod members;
mod openssl;
mod rsa;
mod strength;
mod wycheproof;

use serde_json::Value;
use vestibule_jose::jwk::{Jwk, KeyError, Layout};

use crate::support::{LIMITS, provider};

pub(crate) fn parse(jwk: &Value) -> Result<Jwk, KeyError> {
    Jwk::parse(provider(), jwk.to_string().as_bytes(), &LIMITS)
}

pub(crate) fn key(jwk: &Value) -> Jwk {
    parse(jwk).expect("a key")
}

pub(crate) fn json(key: &Jwk) -> Value {
    serde_json::from_str(&key.to_json(Layout::Compact)).expect("JSON")
}

/// The examples of RFC 7517, appendices A and B: `EC` and `RSA` (A.2), `oct` (A.3), `B`.
pub(crate) fn rfc7517(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("rfc7517.json")).expect("JSON");
    all[name].clone()
}

pub(crate) fn without(jwk: &Value, members: &[&str]) -> Value {
    let mut jwk = jwk.clone();
    for member in members {
        jwk.as_object_mut().expect("an object").remove(*member);
    }
    jwk
}
