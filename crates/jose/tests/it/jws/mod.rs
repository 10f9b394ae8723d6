//! JWS over any bytes: forms, headers, extensions, detached and unencoded payloads.

mod bounds;
mod critical;
mod forms;
mod piecewise;
mod shapes;
mod unencoded;
mod vectors;
mod wycheproof;

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Headers, Place, Rules, Verified, VerifyError};
use vestibule_jose::jwt::HeaderExtras;
use vestibule_jose::{JwsAlgorithm, base64url};

use crate::support::es256;

pub(super) const ES256: &[JwsAlgorithm] = &[JwsAlgorithm::ES256];

/// Verifies with the ES256 key and demands nothing else.
pub(super) fn check(text: &str) -> Result<Verified, VerifyError> {
    jws::verify(text, &es256().verifying_key(), &Rules::new(ES256))
}

/// What both ways of reading say of a text that is no message.
pub(super) fn refused(text: &str, words: &str) {
    let error = check(text).expect_err(text);
    assert_eq!(error.check(), "token", "{text}: {error}");
    assert!(error.to_string().contains(words), "{text}: {error}");
    let unverified = jws::inspect(text, &crate::support::LIMITS).expect_err(text);
    assert_eq!(VerifyError::from(unverified), error);
}

/// The flattened object of this protected header, signed rightly whatever it says.
pub(super) fn flattened(protected: &str, payload: &str) -> Value {
    let protected = if protected.is_empty() { String::new() } else { base64url::encode(protected) };
    let payload = base64url::encode(payload);
    let signature = es256().sign(format!("{protected}.{payload}").as_bytes()).expect("signed");
    let mut object = json!({"payload": payload, "signature": base64url::encode(signature)});
    if !protected.is_empty() {
        object["protected"] = protected.into();
    }
    object
}

/// A protected header with members of the caller's, and the key's name nowhere.
pub(super) fn headers(members: &Value) -> Headers<'static> {
    let members = members.as_object().expect("an object").clone();
    Headers { kid: None, ..HeaderExtras { members, ..HeaderExtras::default() }.into() }
}

/// Everything that can be unprotected is.
pub(super) fn unprotected() -> Headers<'static> {
    Headers { alg: Place::Unprotected, kid: Some(Place::Unprotected), ..Headers::default() }
}

pub(super) fn signed(payload: &[u8]) -> Draft<'_> {
    Draft::new(payload).sign(&es256(), &Headers::default()).expect("signed")
}
