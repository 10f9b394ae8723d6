//! Wycheproof's JOSE files: every test that is about a JWS.

use serde_json::Value;
use vestibule_jose::jws::{self, Form, Rules};
use vestibule_jose::{JwkSet, JwsAlgorithm, VerifyingKey};
use wycheproof_ng_kdf_jose::json_web::{TestGroup, TestName, TestSet};

use crate::support::wycheproof::Case;
use crate::support::{LIMITS, provider};

/// What of `json_web_signature` contradicts the RFCs, or itself, and why the answer here is the other one.
const CONTRADICTIONS: [(usize, &str); 8] = [
    (346, "PS384 under a key whose own alg is PS256: RFC 7517 §4.4 binds the key to its algorithm"),
    (347, "a key whose alg is \"ES521\", which nobody registered (RFC 7518 §3.1 has ES512)"),
    (350, "as 346"),
    (351, "as 347"),
    (367, "the text is that of test 357, which is valid: the padding that it is named for is not in it"),
    (370, "as 367"),
    (372, "a question mark in the header: RFC 7515 §2 allows no sign outside of the alphabet"),
    (373, "as 372, in the payload"),
];

#[test]
fn json_web_signature() {
    assert_eq!(run(TestName::JsonWebSignature, &CONTRADICTIONS), 401);
}

#[test]
fn json_web_key() {
    assert_eq!(run(TestName::JsonWebKey, &[]), 26);
}

#[test]
fn json_web_crypto() {
    assert_eq!(run(TestName::JsonWebCrypto, &[]), 49);
}

/// Holds each test's word against ours, and gives how many there were.
fn run(name: TestName, exceptions: &[(usize, &str)]) -> usize {
    let set = TestSet::load(name).expect("the file");
    let (mut seen, mut wrong) = (0, Vec::new());
    for group in &set.test_groups {
        let keys = keys(group);
        for test in &group.tests {
            // One is JSON, which whoever reads the compact form refuses.
            let Some(text) = test.jws.as_ref().map(Case::text) else { continue };
            seen += 1;
            let believed = keys.as_ref().is_some_and(|keys| {
                jws::verify(&text, &keys[..], &Rules::new(JwsAlgorithm::ALL).form(Form::Compact)).is_ok()
            });
            let valid = format!("{:?}", test.result) == "Valid";
            let excepted = exceptions.iter().any(|(id, _)| *id == test.tc_id);
            if (believed == valid) == excepted {
                wrong.push(format!("{} ({}: {}), believed: {believed}", test.tc_id, group.group_comment, test.comment));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {seen}: {wrong:#?}", wrong.len());
    seen
}

/// The keys of a group: what is public where there is such, else what it has for itself.
fn keys(group: &TestGroup) -> Option<Vec<VerifyingKey>> {
    let member = group.public_key.as_ref().or(group.private_key.as_ref())?;
    let Some(set) = member.get("keys").and_then(Value::as_array) else {
        return Some(vec![key(member)?]);
    };
    // A secret is no member of a public set; a set of secrets is nobody's but the owner's, who makes each of them a key. In
    // test 4 the second, of the first one's name, is none: it ends in stray bits (RFC 7515 §2).
    match set.iter().all(|jwk| jwk["kty"] == "oct") {
        true => set.iter().map(key).collect(),
        false => {
            let set = JwkSet::parse(provider(), member.to_string().as_bytes(), &LIMITS).ok()?;
            Some(set.keys().to_vec())
        }
    }
}

fn key(jwk: &Value) -> Option<VerifyingKey> {
    VerifyingKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).ok()
}
