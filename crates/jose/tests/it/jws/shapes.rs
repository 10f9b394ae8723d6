//! Objects of a wrong form. What can be is rightly signed, so that only the rule in its row can refuse it.

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Rules};
use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey, base64url};

use super::{ES256, check, flattened, headers, refused, signed};
use crate::support::{es256, provider, with};

const HEADER: &str = r#"{"alg":"ES256"}"#;

fn good() -> Value {
    flattened(HEADER, "hello")
}

/// The one signature of the general form.
fn element() -> Value {
    json!({"protected": good()["protected"], "signature": good()["signature"]})
}

#[test]
fn what_the_tables_start_from_is_believed() {
    let verified = check(&good().to_string()).expect("verified");
    assert_eq!(verified.payload(), b"hello");
    let one = good();
    let general = json!({"payload": one["payload"], "signatures": [
        {"protected": one["protected"], "signature": one["signature"]}
    ]});
    check(&general.to_string()).expect("verified");
    // RFC 7515 §7.2: members that are not known are passed over; JSON may begin with blanks.
    check(&format!(" \r\n\t{}", with(&good(), "x-more", json!([1])))).expect("verified");
}

/// RFC 7515 §7.2.1 and §7.2.2.
#[test]
fn an_object_is_flattened_or_general() {
    let payload = good()["payload"].clone();
    for (object, words) in [
        (json!({}), "neither"),
        (json!({"payload": payload}), "neither"),
        (json!({"payload": payload, "signatures": []}), "is empty"),
        (json!({"payload": payload, "signatures": {}}), "is not an array"),
        (json!({"payload": payload, "signatures": [good()["signature"]]}), "is not an object"),
        (with(&good(), "signatures", json!([element()])), "\"signature\" and \"signatures\""),
        (json!({"payload": payload, "signatures": [element()], "protected": "e30"}), "a header outside"),
        (json!({"payload": payload, "signatures": [element()], "header": {"kid": "x"}}), "a header outside"),
        (with(&good(), "payload", json!(1)), "\"payload\" is not a string"),
        (with(&good(), "payload", json!(null)), "\"payload\" is not a string"),
        (with(&good(), "payload", json!({})), "\"payload\" is not a string"),
        (with(&good(), "protected", json!("")), "\"protected\" is not a string with"),
        (with(&good(), "protected", json!({"alg": "ES256"})), "\"protected\" is not a string with"),
        (with(&good(), "protected", json!(null)), "\"protected\" is not a string with"),
        (with(&good(), "header", json!({})), "\"header\" is not an object with"),
        (with(&good(), "header", json!("e30")), "\"header\" is not an object with"),
        (with(&good(), "header", json!(null)), "\"header\" is not an object with"),
        (with(&good(), "signature", json!(null)), "\"signature\" is not a string"),
        (with(&good(), "signature", json!([])), "\"signature\" is not a string"),
    ] {
        refused(&object.to_string(), words);
    }
}

/// RFC 7515 §4: no name in both headers, whatever their values; §10.12: no member twice anywhere.
#[test]
fn no_member_stands_twice() {
    for (name, value) in [("alg", json!("ES256")), ("alg", json!("none"))] {
        refused(&with(&good(), "header", json!({name: value})).to_string(), "protected and unprotected at once");
    }
    let extended = flattened(r#"{"alg":"ES256","x":1}"#, "hello");
    refused(&with(&extended, "header", json!({"x": 1})).to_string(), "\"x\" is protected and unprotected at once");
    check(&with(&extended, "header", json!({"y": 1})).to_string()).expect("the control");

    let text = good().to_string();
    let payload = good()["payload"].to_string();
    for doubled in [
        text.replacen('{', r#"{"payload":"AAAA","#, 1),
        text.replacen('{', &format!(r#"{{"p\u0061yload":{payload},"#), 1),
        text.replacen('{', r#"{"signature":"AAAA","#, 1),
        text.replacen('{', r#"{"header":{"x":1,"x":1},"#, 1),
        text.replacen('{', r#"{"x":[{"y":1,"y":1}],"#, 1),
    ] {
        refused(&doubled, "twice");
    }
    refused(&flattened(r#"{"alg":"ES256","alg":"ES256"}"#, "hello").to_string(), "twice");
}

/// RFC 7516 §9, and texts that are two things at once.
#[test]
fn nothing_is_two_things_at_once() {
    let compact = signed(b"hello").compact().expect("written");
    let object = good().to_string();
    refused(&with(&good(), "ciphertext", json!("AAAA")).to_string(), "encrypted");
    refused(&json!({"ciphertext": "AAAA", "protected": "e30", "iv": "AAAA", "tag": "AAAA"}).to_string(), "encrypted");
    refused(&format!("{compact}.."), "encrypted");
    refused(&format!("{compact}{object}"), "base64url");
    refused(&format!("{object}{compact}"), "trailing");
    refused(&format!("{object}.{compact}"), "trailing");
    refused(&format!("{object}{object}"), "trailing");
    refused(&format!("[{object}]"), "parts");
    refused(&format!("\"{compact}\""), "base64url");
    refused(&format!("\u{feff}{object}"), "parts");
    refused(&format!(" {compact}"), "base64url");
    refused(&format!("{compact}\n"), "base64url");
    refused("", "parts");
    refused("{", "EOF");
}

/// RFC 7515 §2, in every place where it stands.
#[test]
fn base64url_has_one_spelling() {
    for member in ["payload", "protected", "signature"] {
        let text = good()[member].as_str().expect("text").to_owned();
        for wrong in [format!("{text}="), format!("{text}\n"), format!(" {text}"), text.replacen('a', "+", 1) + "+/"] {
            let part = if member == "protected" { "header" } else { member };
            refused(&with(&good(), member, json!(wrong)).to_string(), &format!("{part} is not canonical"));
        }
    }
    // `hello` leaves two bits over.
    assert_eq!(good()["payload"], "aGVsbG8");
    refused(&with(&good(), "payload", json!("aGVsbG9")).to_string(), "payload is not canonical");
}

/// RFC 7515 §4.1 holds for both headers.
#[test]
fn header_members_have_their_types() {
    for member in ["kid", "typ", "cty"] {
        refused(&with(&good(), "header", json!({member: 1})).to_string(), "is not a string");
    }
    let without = |header: Value| with(&flattened("", "hello"), "header", header).to_string();
    check(&without(json!({"alg": "ES256"}))).expect("the control");
    refused(&without(json!({"kid": "x"})), "no \"alg\"");
    for alg in [json!(null), json!(1), json!(["ES256"])] {
        refused(&without(json!({"alg": alg})), "\"alg\" is not a string");
    }
    refused(&with(&good(), "protected", json!(base64url::encode("[]"))).to_string(), "not a strict JSON object");
}

/// RFC 7515 §4.1.2 to §4.1.8: what either header says of keys is the writer's word. Nothing is taken from it.
#[test]
fn keys_in_the_headers_are_ignored() {
    let forger = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
    let jwk = Value::Object(forger.public_jwk().expect("public"));
    for (name, value) in [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/chain")),
        ("x5c", json!(["MIIB"])),
        ("x5t#S256", json!("AAAA")),
    ] {
        let inside = headers(&json!({name: value}));
        let mut beside = headers(&json!({}));
        beside.unprotected.insert(name.into(), value);
        for headers in [inside, beside] {
            let by = |key| Draft::new(b"hello").sign(key, &headers).and_then(|draft| draft.general()).expect("written");
            assert_eq!(check(&by(&forger)).expect_err(name).check(), "signature");
            check(&by(&es256())).expect("the owner may write there what it likes");
        }
    }
    for kid in ["../../dev/null", "' OR 1=1 --", &"k".repeat(5000)] {
        let text = with(&good(), "header", json!({"kid": kid})).to_string();
        let set = JwkSet::from_keys([es256().verifying_key()]);
        let error = jws::verify(&text, &set, &Rules::new(ES256)).expect_err("no such key");
        assert!(error.check() == "key" && error.to_string().len() < 400, "{error}");
    }
}

/// RFC 8725 §2.1: a public key is never a secret, whatever a header says.
#[test]
fn a_public_key_is_no_secret() {
    let public = Value::Object(es256().public_jwk().expect("public")).to_string();
    let pem = es256().verifying_key().material().map(|material| format!("{material:?}")).expect("public");
    for secret in [public.as_bytes(), pem.repeat(4).as_bytes()] {
        let forger = SigningKey::from_secret(provider(), secret, JwsAlgorithm::HS256).expect("a secret");
        let text = Draft::new(b"hello").sign(&forger, &headers(&json!({}))).and_then(|draft| draft.general());
        let error = jws::verify(&text.expect("written"), &es256().verifying_key(), &Rules::new(JwsAlgorithm::ALL));
        assert_eq!(error.expect_err("key confusion").check(), "key");
    }
}
