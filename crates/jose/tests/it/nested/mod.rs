//! Tokens that are signed, then encrypted (RFC 7519 §5.2, §11.2).

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption, KeyManagement};
use vestibule_jose::jwe::{self, Options};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};
use vestibule_jose::jwt::{self, NestedError, Rules, Verified};
use vestibule_jose::{JwsAlgorithm, Limits};

use crate::support::{LIMITS, es256, provider, rules, signed, token};

const A128KW: &[KeyManagement] = &[KeyManagement::A128Kw];

const GCM: &[ContentEncryption] = &[ContentEncryption::A128Gcm];

fn key() -> DecryptionKey {
    let jwk = json!({"kty": "oct", "alg": "A128KW", "kid": "k", "k": "AAECAwQFBgcICQoLDA0ODw"});
    DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key")
}

fn theirs() -> EncryptionKey {
    key().encryption_key().expect("what encrypts for it")
}

fn open(token: &str) -> Result<Verified<Value>, NestedError> {
    open_with(token, LIMITS)
}

fn open_with(token: &str, limits: Limits) -> Result<Verified<Value>, NestedError> {
    let opening = jwe::Rules::new(A128KW, GCM);
    let rules = rules().limits(limits);
    jwt::verify_nested(provider(), token, &key(), &opening, &es256().verifying_key(), &rules)
}

fn nest(inner: &str) -> String {
    jwt::nest(provider(), inner, &theirs(), ContentEncryption::A128Gcm, &Options::default()).expect("encrypted")
}

fn encrypted(options: &Options<'_>, inner: &[u8]) -> String {
    jwe::encrypt(provider(), &theirs(), ContentEncryption::A128Gcm, options, inner).expect("encrypted")
}

#[test]
fn what_is_signed_and_encrypted_is_believed() {
    let inner = token(&json!({"sub": "ada"}));
    let once = nest(&inner);
    assert_eq!(once.split('.').count(), 5);
    assert_eq!(open(&once).expect("verified").claims(), &json!({"sub": "ada"}));
    for cty in ["jwt", "JWT", "application/jwt"] {
        open(&encrypted(&Options::default().cty(cty), inner.as_bytes())).expect("RFC 7515 §4.1.10");
    }
    open(&nest(&once)).expect("two layers");
}

/// Both must be there (RFC 8725 §3.3), and the outer one says what is in it.
#[test]
fn one_of_both_is_not_enough() {
    let inner = token(&json!({"sub": "ada"}));
    assert_eq!(open(&inner).err(), Some(NestedError::NotEncrypted));
    assert_eq!(open("").err(), Some(NestedError::NotEncrypted));
    let plain = encrypted(&Options::default(), br#"{"sub":"ada"}"#);
    assert_eq!(open(&plain).err(), Some(NestedError::ContentType(None)));
    let silent = encrypted(&Options::default(), inner.as_bytes());
    assert_eq!(open(&silent).err(), Some(NestedError::ContentType(None)));
    let other = encrypted(&Options::default().cty("example"), inner.as_bytes());
    assert_eq!(open(&other).err(), Some(NestedError::ContentType(Some("example".into()))));

    assert_eq!(open(&nest(r#"{"sub":"ada"}"#)).expect_err("unsigned").check(), "token");
    assert_eq!(open(&nest("eyJhbGciOiJub25lIn0.e30.")).expect_err("none").check(), "alg");
    assert_eq!(open(&nest(&format!("{inner}A"))).expect_err("broken").check(), "signature");
    assert_eq!(open(&nest(&signed(r#"{"alg":"ES256"}"#, r#"{"exp":1}"#))).expect_err("expired").check(), "exp");
    assert_eq!(open(&encrypted(&Options::default().cty("JWT"), b"\xff.\xff")).err(), Some(NestedError::NotText));
    // The right words, encrypted for another.
    let mut broken = nest(&inner);
    broken.replace_range(broken.len() - 4.., "AAAA");
    assert_eq!(open(&broken).expect_err("another tag").check(), "decryption");
}

#[test]
fn layers_are_bounded() {
    let mut nested = token(&json!({}));
    for layers in 1..=4 {
        nested = nest(&nested);
        let answer = open(&nested);
        assert_eq!(answer.err(), (layers > 2).then_some(NestedError::TooDeep(2)), "{layers} layers");
        assert!(open_with(&nested, Limits { layers, ..LIMITS }).is_ok());
    }
    let none = Limits { layers: 0, ..LIMITS };
    assert_eq!(open_with(&nest(&token(&json!({}))), none).err(), Some(NestedError::TooDeep(0)));
}

/// RFC 7520 §6: signed with PS256, then encrypted for the key of its §5.2.
#[test]
fn rfc_7520() {
    let all: Value = serde_json::from_str(include_str!("rfc7520_6.json")).expect("JSON");
    let others: Value = serde_json::from_str(include_str!("../jwe/vectors/rfc7520.json")).expect("JSON");
    let cases = others.as_array().expect("an array");
    let jwk = cases.iter().find(|case| case["name"] == "5.2").map(|case| case["key"].to_string()).expect("a key");
    let reader = DecryptionKey::from_jwk(provider(), jwk.as_bytes(), &LIMITS).expect("a key");
    let algorithms = [KeyManagement::RsaOaep];
    let opening = jwe::Rules::new(&algorithms, GCM);
    let nested = all["nested"].as_str().expect("text");
    let opened = jwe::decrypt(provider(), nested, &reader, &opening).expect("opened");
    assert_eq!(Some(opened.plaintext()), all["signed"].as_str().map(str::as_bytes));

    let issuer = crate::support::verifying(&all["issuer"]);
    let at = |now| {
        let rules = jwt::Rules::new(now, &[JwsAlgorithm::PS256]).issuer("hobbiton.example").typ("JWT");
        jwt::verify_nested::<Value>(provider(), nested, &reader, &opening, &issuer, &rules)
    };
    let claims = json!({"iss": "hobbiton.example", "exp": 1_300_819_380, "http://example.com/is_root": true});
    assert_eq!(at(1_300_819_379).expect("verified").claims(), &claims);
    assert_eq!(at(1_300_819_380).expect_err("expired").check(), "exp");
}

/// RFC 7519 appendix A: claims encrypted (A.1), and a token signed and then encrypted (A.2), both with RSA1_5.
#[test]
fn rfc_7519_appendix_a() {
    let all: Value = serde_json::from_str(include_str!("rfc7519_a.json")).expect("JSON");
    let text = |name: &str| all[name].as_str().expect("text").to_owned();
    let key = DecryptionKey::from_jwk(provider(), all["key"].to_string().as_bytes(), &LIMITS).expect("a key");
    let opening = jwe::Rules::new(&[KeyManagement::Rsa15], &[ContentEncryption::A128CbcHs256]).accept_rsa1_5();
    let expected = json!({"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true});
    let opened = jwe::decrypt(provider(), &text("A.1"), &key, &opening).expect("opened");
    assert_eq!(serde_json::from_slice::<Value>(opened.plaintext()).expect("JSON"), expected);

    let algs = [JwsAlgorithm::RS256];
    let rules = Rules::new(1_300_819_379, &algs).issuer("joe");
    let believe = |token: &str| {
        jwt::verify_nested::<Value>(provider(), token, &key, &opening, &crate::support::rs256().verifying_key(), &rules)
    };
    assert_eq!(believe(&text("A.2")).expect("verified").claims(), &expected);
    believe(&text("A.1")).expect_err("encrypted alone, everybody could have made it");
}
