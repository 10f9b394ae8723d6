//! Selective disclosure (RFC 9901).

mod appendix;
mod binding;
mod general;
mod issuing;
mod processing;
mod standard;

use serde_json::{Value, json};
use vestibule_jose::base64url;
use vestibule_jose::json::Object;
use vestibule_jose::jwt::{HeaderExtras, Signer};
use vestibule_jose::sd_jwt::{self, Issuance, SdJwt, SdJwtError};

use crate::support::{LIMITS, es256, provider, rules};

pub(super) fn object(value: Value) -> Object {
    match value {
        Value::Object(members) => members,
        other => panic!("no object: {other}"),
    }
}

pub(super) fn signer() -> Signer {
    Signer::new(es256(), &HeaderExtras::typ("example+sd-jwt")).expect("a signer")
}

pub(super) fn issued(issuance: Issuance<'_>) -> SdJwt {
    issuance.issue(provider(), &signer()).expect("issued")
}

/// Verifies with the issuer's key and demands nothing else.
pub(super) fn check(text: &str) -> Result<Object, SdJwtError> {
    sd_jwt::verify(provider(), text, &es256().verifying_key(), &rules(), None).map(|verified| verified.into_claims())
}

/// A disclosure of any JSON, as it stands in the text.
pub(super) fn disclosure(contents: &Value) -> String {
    base64url::encode(contents.to_string())
}

/// The digest of a disclosure with SHA-256.
pub(super) fn digest(disclosure: &str) -> String {
    base64url::encode(provider().sha256(disclosure.as_bytes()))
}

/// Any payload, rightly signed, with any disclosures.
pub(super) fn sealed(payload: &Value, disclosures: &[&str]) -> String {
    let jwt = signer().sign(payload).expect("signed");
    let mut text = format!("{jwt}~");
    for disclosure in disclosures {
        text.push_str(disclosure);
        text.push('~');
    }
    text
}

/// Reads what holds, and what does not.
pub(super) fn refused(text: &str) -> SdJwtError {
    let error = check(text).expect_err(text);
    if let Ok(read) = SdJwt::parse(text, &LIMITS) {
        read.inspect(provider(), &LIMITS).expect_err("nor is it shown");
        read.places(provider(), &LIMITS).expect_err("nor chosen from");
    }
    error
}

pub(super) fn person() -> Object {
    object(json!({
        "iss": "https://issuer.example.com",
        "sub": "user_42",
        "given_name": "Ada",
        "a/b~c": true,
        "nationalities": ["DE", "US", "FR"],
        "address": {"street": "Schulstr. 12", "locality": {"name": "Schulpforta", "code": "06628"}}
    }))
}
