//! The RFCs' own examples, and what OpenSSL says of our signatures.

use serde_json::{Value, json};
use vestibule_jose::jwt::{self, Rules};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use crate::support::{ed25519, example, rs256, signing, verifying};

/// A second before `exp` of those claims.
const THEN: i64 = 1_300_819_379;

/// Key, signing input and signature of an example.
fn parts(name: &str) -> (SigningKey, &'static str, &'static str) {
    let example = example(name);
    let text = |member: &str| example[member].as_str().expect("text");
    let key = if name == "RFC 7515 A.2" { rs256() } else { signing(&example["key"]) };
    (key, text("input"), text("signature"))
}

fn bytes(signature: &str) -> Vec<u8> {
    base64url::decode(signature).expect("base64url")
}

/// The standard's token is believed; any other key, input or signature is not.
fn holds(key: &VerifyingKey, alg: JwsAlgorithm, input: &str, signature: &[u8]) {
    assert!(key.verify(alg, input.as_bytes(), signature), "{alg}");
    assert!(!key.verify(alg, input.replacen("ey", "eY", 1).as_bytes(), signature), "{alg}: another input");
    for place in [0, signature.len() / 2, signature.len() - 1] {
        let mut changed = signature.to_vec();
        changed[place] ^= 1;
        assert!(!key.verify(alg, input.as_bytes(), &changed), "{alg}: byte {place} changed");
    }
    assert!(!key.verify(alg, input.as_bytes(), &vec![0; signature.len()]), "{alg}: zeros");
    let other = SigningKey::generate(crate::support::provider(), alg).expect("a key").verifying_key();
    assert!(!other.verify(alg, input.as_bytes(), signature), "{alg}: another key");
}

fn is_a_token(key: &VerifyingKey, alg: JwsAlgorithm, token: &str) {
    let algs = [alg];
    let verified = jwt::verify::<Value>(token, key, &Rules::new(THEN, &algs).issuer("joe")).expect("verified");
    let claims = json!({"iss": "joe", "exp": 1_300_819_380, "http://example.com/is_root": true});
    assert_eq!(verified.claims(), &claims);
}

/// RFC 7515 appendix A.1.
#[test]
fn hs256_is_the_standards() {
    let (key, input, signature) = parts("RFC 7515 A.1");
    assert_eq!(base64url::encode(key.sign(input.as_bytes()).expect("signed")), signature);
    holds(&key.verifying_key(), JwsAlgorithm::HS256, input, &bytes(signature));
    is_a_token(&key.verifying_key(), JwsAlgorithm::HS256, &format!("{input}.{signature}"));
    assert_eq!(key.verifying_key().thumbprint(), None, "RFC 7638 §7: it would help to guess the secret");
}

/// RFC 7515 appendix A.2.
#[test]
fn rs256_is_the_standards() {
    let (key, input, signature) = parts("RFC 7515 A.2");
    assert_eq!(base64url::encode(key.sign(input.as_bytes()).expect("signed")), signature);
    holds(&key.verifying_key(), JwsAlgorithm::RS256, input, &bytes(signature));
    is_a_token(&key.verifying_key(), JwsAlgorithm::RS256, &format!("{input}.{signature}"));
}

/// RFC 7515 appendix A.3.
#[test]
fn es256_is_the_standards() {
    let (key, input, signature) = parts("RFC 7515 A.3");
    holds(&key.verifying_key(), JwsAlgorithm::ES256, input, &bytes(signature));
    is_a_token(&key.verifying_key(), JwsAlgorithm::ES256, &format!("{input}.{signature}"));
}

/// RFC 7515 appendix A.4; its payload is the word `Payload`.
#[test]
fn es512_is_the_standards() {
    let (key, input, signature) = parts("RFC 7515 A.4");
    holds(&key.verifying_key(), JwsAlgorithm::ES512, input, &bytes(signature));
}

/// RFC 8037 appendix A.4.
#[test]
fn eddsa_is_the_standards() {
    let (key, input, signature) = parts("RFC 8037 A.4");
    assert_eq!(base64url::encode(key.sign(input.as_bytes()).expect("signed")), signature);
    holds(&key.verifying_key(), JwsAlgorithm::EdDSA, input, &bytes(signature));
}

/// RFC 7638 §3.1 and RFC 8037 appendix A.3.
#[test]
fn thumbprints_are_the_standards() {
    let rsa = verifying(&json!({"kty": "RSA", "n": RFC_7638_N, "e": "AQAB", "alg": "RS256", "kid": "2011-04-29"}));
    assert_eq!(rsa.thumbprint(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    assert_eq!(rsa.kid(), Some("2011-04-29"));
    assert_eq!(ed25519().kid(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
}

const RFC_7638_N: &str = concat!(
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknj",
    "hMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQ",
    "vRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzK",
    "nqDKgw"
);
