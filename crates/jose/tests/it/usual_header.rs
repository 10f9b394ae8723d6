//! A key keeps the header that its tokens mostly have. Nobody can tell but by the time it takes.

use serde_json::json;
use vestibule_jose::jwt::{self, HeaderExtras, Rules, Verified};
use vestibule_jose::{JwsAlgorithm, Limits, VerifyingKey};

use crate::support::{LIMITS, NOW, es256, provider};

/// A key that has verified nothing yet.
fn fresh() -> VerifyingKey {
    let jwk = es256().verifying_key().public_jwk().expect("a key pair");
    VerifyingKey::from_jwk_object(provider(), &jwk).expect("a key")
}

fn signed(typ: Option<&str>, members: serde_json::Value) -> String {
    let members = members.as_object().expect("an object").clone();
    let extras = HeaderExtras { typ, members, ..HeaderExtras::default() };
    jwt::sign(&es256(), &extras, &json!({"sub": "ada"})).expect("signed")
}

#[test]
fn a_header_that_was_read_before_is_held_to_the_same_rules() {
    let (plain, typed) = (signed(None, json!({})), signed(Some("at+jwt"), json!({})));
    let swapped = [typed.split('.').next().expect("a header"), plain.split_once('.').expect("parts").1].join(".");
    let tokens = [
        signed(Some("at+jwt"), json!({"more": [1]})),
        signed(Some(&"long".repeat(200)), json!({})),
        // As long as the one below.
        signed(Some("jwt+at"), json!({})),
        typed[..typed.len() - 4].to_owned(),
        swapped,
        typed,
        plain,
    ];
    let limited = |change: fn(&mut Limits)| {
        let mut limits = LIMITS;
        change(&mut limits);
        Rules::new(NOW, &[JwsAlgorithm::ES256]).limits(limits)
    };
    let all = [
        Rules::new(NOW, &[JwsAlgorithm::ES256]),
        Rules::new(NOW, &[JwsAlgorithm::ES256]).typ("at+jwt"),
        Rules::new(NOW, &[JwsAlgorithm::ES256]).typ("JWT"),
        Rules::new(NOW, &[JwsAlgorithm::RS256]),
        limited(|limits| limits.header_bytes = 20),
        limited(|limits| limits.json_depth = 1),
        limited(|limits| limits.token_bytes = 100),
    ];
    let mut held = 0;
    for first in &tokens {
        let key = fresh();
        held += usize::from(jwt::verify::<serde_json::Map<_, _>>(first, &key, &all[0]).is_ok());
        for token in &tokens {
            for rules in &all {
                let again: Result<Verified, _> = jwt::verify(token, &key, rules);
                let anew: Result<Verified, _> = jwt::verify(token, &fresh(), rules);
                assert_eq!(again, anew, "{token} after {first} under {rules:?}");
            }
        }
    }
    assert_eq!(held, 5, "all but those whose signature is of something else");
}
