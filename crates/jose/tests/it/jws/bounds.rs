//! How much one message can cost.

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Headers, Rules, TokenError, VerifyError};
use vestibule_jose::{Limits, VerifyingKey, base64url};

use super::{ES256, flattened, refused, signed};
use crate::support::scripted::Scripted;
use crate::support::{LIMITS, es256};

/// A key whose verifications are counted.
struct Counted {
    key: VerifyingKey,
    provider: Scripted,
}

impl Counted {
    fn new(key: &VerifyingKey, kid: Option<&str>) -> Self {
        let provider = Scripted::default();
        let material = key.material().expect("public").clone();
        let key = VerifyingKey::public(&provider, material, key.algs().next(), kid.map(str::to_owned)).expect("a key");
        Self { key, provider }
    }

    fn calls(&self) -> usize {
        self.provider.count("verify")
    }
}

/// The general form with so many signatures, all of them of the right length and none right but the last, if at all.
fn general(count: usize, last: bool) -> String {
    let wrong = json!({"header": {"alg": "ES256"}, "signature": base64url::encode([7; 64])});
    let right: Value = serde_json::from_str(&signed(b"hello").general().expect("written")).expect("JSON");
    let mut signatures = vec![wrong; count];
    if last {
        signatures[count - 1] = right["signatures"][0].clone();
    }
    json!({"payload": right["payload"], "signatures": signatures}).to_string()
}

/// Hundreds of signatures are refused before any is looked at.
#[test]
fn signatures_are_counted_first() {
    let key = Counted::new(&es256().verifying_key(), None);
    let error = jws::verify(&general(300, true), &key.key, &Rules::new(ES256)).expect_err("300 signatures");
    assert_eq!(error, VerifyError::Token(TokenError::Signatures { found: 300, limit: 16 }));
    assert_eq!(key.calls(), 0);
    jws::verify(&general(16, true), &key.key, &Rules::new(ES256)).expect("the sixteenth holds");
    assert_eq!(key.calls(), 16);
}

/// All signatures of a message share one number of attempts, however many keys there are.
#[test]
fn attempts_are_shared() {
    let keys: Vec<Counted> = (0..4).map(|_| Counted::new(&es256().verifying_key(), None)).collect();
    let plain: Vec<_> = keys.iter().map(|counted| counted.key.clone()).collect();
    let total = || keys.iter().map(Counted::calls).sum::<usize>();
    for rules in [Rules::new(ES256), Rules::new(ES256).all_signatures()] {
        let before = total();
        let error = jws::verify(&general(16, false), &plain, &rules).expect_err("none holds");
        assert_eq!(error.check(), "signature");
        assert_eq!(total() - before, LIMITS.attempts);
    }
    let before = total();
    let limits = Limits { attempts: 0, ..LIMITS };
    let none = jws::verify(&general(1, true), &plain, &Rules::new(ES256).limits(limits));
    assert!(matches!(none, Err(VerifyError::Signature { tried: 0, .. })));
    assert_eq!(total(), before);
}

/// What cannot be right costs nothing: another algorithm, another key's name, an impossible length.
#[test]
fn what_cannot_be_right_costs_nothing() {
    let key = Counted::new(&es256().verifying_key(), Some("a"));
    for header in [r#"{"alg":"HS256"}"#, r#"{"alg":"none"}"#, r#"{"alg":"ES384"}"#, r#"{"alg":"ES256","kid":"b"}"#] {
        jws::verify(&flattened(header, "hello").to_string(), &key.key, &Rules::new(ES256)).expect_err(header);
    }
    let mut short = flattened(r#"{"alg":"ES256"}"#, "hello");
    for len in [0, 1, 63, 65, 72] {
        short["signature"] = base64url::encode(vec![7; len]).into();
        jws::verify(&short.to_string(), &key.key, &Rules::new(ES256)).expect_err("an impossible length");
    }
    assert_eq!(key.calls(), 0);
    jws::verify(&flattened(r#"{"alg":"ES256"}"#, "hello").to_string(), &key.key, &Rules::new(ES256))
        .expect("the control");
    assert_eq!(key.calls(), 1);
}

#[test]
fn size_and_depth_are_bounded() {
    refused(&" ".repeat(LIMITS.token_bytes + 1), "the message has 65537 bytes");
    refused(&format!("{{\"x\":{}", "[".repeat(60_000)), "nested too deep");
    let deep = |levels: usize| format!(r#"{{"alg":"ES256","x":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    refused(&flattened(&deep(16), "hello").to_string(), "nested too deep");
    super::check(&flattened(&deep(15), "hello").to_string()).expect("the control");
    let long = |bytes: usize| format!(r#"{{"alg":"ES256","x":"{}"}}"#, "x".repeat(bytes - 22));
    refused(&flattened(&long(8193), "hello").to_string(), "the header has 8193 bytes");
    super::check(&flattened(&long(8192), "hello").to_string()).expect("the control");

    let whole =
        Draft::new(&[7; 3000]).sign(&es256(), &Headers::default()).and_then(|draft| draft.general()).expect("w");
    let rules = |token_bytes| Rules::new(ES256).limits(Limits { token_bytes, ..LIMITS });
    jws::verify(&whole, &es256().verifying_key(), &rules(whole.len())).expect("at the bound");
    let error = jws::verify(&whole, &es256().verifying_key(), &rules(whole.len() - 1)).expect_err("beyond it");
    assert!(matches!(error, VerifyError::Token(TokenError::TooLong { .. })));
}
