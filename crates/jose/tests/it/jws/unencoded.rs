//! Payloads that are not encoded (RFC 7797).

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Form, Headers, Rules, SignError};
use vestibule_jose::{JwsAlgorithm, base64url};

use super::{ES256, check, refused};
use crate::support::{es256, example, signing, with};

/// RFC 7797 §4: the same payload encoded and not, byte for byte.
#[test]
fn the_examples_are_the_standards() {
    let nameless = || Headers { kid: None, ..Headers::default() };
    let [plain, unencoded] = ["RFC 7797 §4.1", "RFC 7797 §4.2"].map(example);
    let text = |example: &Value, member: &str| example[member].as_str().expect("text").to_owned();
    let hs256 = signing(&plain["key"]);
    let encoded = Draft::new(b"$.02").sign(&hs256, &nameless()).and_then(|draft| draft.compact()).expect("written");
    assert_eq!(encoded, format!("{}.{}", text(plain, "input"), text(plain, "signature")));
    let plain = Draft::new(b"$.02").unencoded().sign(&hs256, &nameless()).expect("signed");
    let detached = Draft::new(b"$.02").unencoded().detached().sign(&hs256, &nameless()).expect("signed");
    let (input, signature) = (text(unencoded, "input"), text(unencoded, "signature"));
    let header = input.strip_suffix(".$.02").expect("the payload as it is");
    let compact = format!("{header}..{signature}");
    assert_eq!(detached.compact().expect("written"), compact);
    let flattened: Value = serde_json::from_str(&plain.flattened().expect("written")).expect("JSON");
    assert_eq!(flattened, json!({"protected": header, "payload": "$.02", "signature": signature}));
    let algs = [JwsAlgorithm::HS256];
    let rules = Rules::new(&algs);
    let key = hs256.verifying_key();
    assert_eq!(jws::verify(&flattened.to_string(), &key, &rules).expect("verified").payload(), b"$.02");
    assert_eq!(jws::verify(&compact, &key, &rules.clone().detached(b"$.02")).expect("verified").payload(), b"$.02");
    assert_eq!(jws::verify(&compact, &key, &rules.detached(b"$.03")).expect_err("another").check(), "signature");
}

/// RFC 7797 §5.2: printable ASCII without a period; §5.3: what a JSON string can hold.
#[test]
fn each_form_carries_what_it_can() {
    for (payload, compact, json) in [
        (&b"hello ~ \"world\""[..], true, true),
        (b"", true, true),
        (b"$.02", false, true),
        (b"a\nb", false, true),
        (b"a\x7f", false, true),
        ("h\u{e9}".as_bytes(), false, true),
        (b"\xff", false, false),
    ] {
        let draft = Draft::new(payload).unencoded().sign(&es256(), &Headers::default()).expect("signed");
        for (answer, fits) in [(draft.compact(), compact), (draft.flattened(), json), (draft.general(), json)] {
            match answer {
                Ok(text) => {
                    assert!(fits, "{text}");
                    assert_eq!(check(&text).expect("verified").payload(), payload);
                }
                Err(error) => assert!(!fits && matches!(error, SignError::Form(_)), "{payload:?}: {error}"),
            }
        }
        let detached = Draft::new(payload).unencoded().detached().sign(&es256(), &Headers::default()).expect("signed");
        for text in [detached.compact(), detached.flattened(), detached.general()] {
            let rules = Rules::new(ES256).detached(payload);
            jws::verify(&text.expect("written"), &es256().verifying_key(), &rules).expect("verified");
        }
    }
}

/// A compact text with this header and payload, rightly signed over both as they stand.
fn plain(header: &str, payload: &str) -> String {
    let input = format!("{}.{payload}", base64url::encode(header));
    format!("{input}.{}", base64url::encode(es256().sign(input.as_bytes()).expect("signed")))
}

/// RFC 7797 §3 and §6: `b64` is a protected boolean, and `crit` names it where it is false.
#[test]
fn b64_has_one_shape() {
    let right = r#"{"alg":"ES256","b64":false,"crit":["b64"]}"#;
    assert_eq!(check(&plain(right, "hello")).expect("verified").payload(), b"hello");
    let encoded = check(&plain(r#"{"alg":"ES256","b64":true,"crit":["b64"]}"#, "aGVsbG8")).expect("verified");
    assert_eq!(encoded.payload(), b"hello");
    for (header, words) in [
        (r#"{"alg":"ES256","b64":false}"#, "\"crit\" does not name it"),
        (r#"{"alg":"ES256","b64":false,"crit":["x"],"x":1}"#, "\"crit\" does not name it"),
        (r#"{"alg":"ES256","b64":"false","crit":["b64"]}"#, "\"b64\" is not a boolean"),
        (r#"{"alg":"ES256","b64":null,"crit":["b64"]}"#, "\"b64\" is not a boolean"),
        (r#"{"alg":"ES256","b64":0,"crit":["b64"]}"#, "\"b64\" is not a boolean"),
        (r#"{"alg":"ES256","crit":["b64"]}"#, "not in the protected header"),
    ] {
        refused(&plain(header, "hello"), words);
    }
    for payload in ["h\u{e9}llo", "a\nb", "a\tb", "a\u{7f}"] {
        refused(&plain(right, payload), "cannot carry unencoded");
    }
    let beside = super::flattened(r#"{"alg":"ES256"}"#, "hello");
    refused(&with(&beside, "header", json!({"b64": false})).to_string(), "outside of the protected header");
}

/// RFC 7797 §3: one payload, one way to encode it.
#[test]
fn all_signatures_agree_on_b64() {
    let one = |plain: bool| -> Value {
        let draft = Draft::new(b"aGVsbG8");
        let draft = if plain { draft.unencoded() } else { Draft::new(b"hello") };
        let text = draft.sign(&es256(), &Headers::default()).and_then(|draft| draft.general()).expect("written");
        serde_json::from_str(&text).expect("JSON")
    };
    let (encoded, plain) = (one(false), one(true));
    assert_eq!(encoded["payload"], plain["payload"], "one text, two meanings");
    for (first, second) in [(&encoded, &plain), (&plain, &encoded)] {
        let both = with(first, "signatures", json!([first["signatures"][0], second["signatures"][0]]));
        refused(&both.to_string(), "do not agree");
        let same = with(first, "signatures", json!([first["signatures"][0], first["signatures"][0]]));
        assert_eq!(check(&same.to_string()).expect("the control").form(), Form::General);
    }
}
