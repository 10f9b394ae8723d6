//! Wycheproof's JOSE files: every test that is about a JWS.

use serde_json::Value;
use vestibule_jose::jws::{self, Form, Rules};
use vestibule_jose::{JwkSet, JwsAlgorithm, VerifyingKey};
use wycheproof_ng_kdf_jose::json_web::{TestGroup, TestName, TestSet};

use crate::support::wycheproof::Case;
use crate::support::{LIMITS, provider};

#[test]
fn json_web_signature() {
    assert_eq!(run(TestName::JsonWebSignature, "json_web_signature", 8), 401);
}

#[test]
fn json_web_key() {
    assert_eq!(run(TestName::JsonWebKey, "json_web_key", 0), 26);
}

#[test]
fn json_web_crypto() {
    assert_eq!(run(TestName::JsonWebCrypto, "json_web_crypto", 0), 49);
}

/// Holds each test's word against ours, and gives how many there were. What contradicts the RFCs, or itself, stands with
/// its reason in a list, which the test of the tools in a browser reads too: the answer there is the other one.
fn run(name: TestName, file: &str, excepted: usize) -> usize {
    let lists: Value = serde_json::from_str(include_str!("contradictions.json")).expect("JSON");
    let exceptions = lists[file].as_object().cloned().unwrap_or_default();
    assert_eq!(exceptions.len(), excepted);
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
            let excepted = exceptions.contains_key(&test.tc_id.to_string());
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
