//! Claims under rules: what we believe both others believe, and where we alone refuse there is a reason.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use vestibule_jose::jwt::{self, HeaderExtras, Rules};
use vestibule_jose::{JwsAlgorithm, SigningKey};

use super::{Chance, Peer, public, signing_key};
use crate::support::{LIMITS, NOW, provider};

const ROUNDS: usize = 1500;

#[test]
#[ignore = "needs Node and Python with packages; cargo xtask test --only clients runs it"]
fn claims_are_judged_alike() {
    let mut chance = Chance::new();
    let alg = JwsAlgorithm::ES256;
    let jwk = signing_key(&chance, alg);
    let key = SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
    let algs = [alg];
    let mut differences = BTreeMap::<String, Value>::new();
    for mut peer in Peer::all() {
        let mut believed = 0;
        for _ in 0..ROUNDS {
            let claims = claims(&mut chance);
            let token = jwt::sign(&key, &HeaderExtras::typ("JWT"), &claims).expect("signed");
            let rules = Rules::new(NOW, &algs).issuer("joe").audience("me");
            let ours = jwt::verify::<Value>(&token, &key.verifying_key(), &rules);
            let theirs = peer.ask(&json!({
                "op": "claims", "alg": "ES256", "key": public(&jwk), "token": token, "now": NOW, "issuer": "joe",
                "audience": "me"
            }));
            match (ours, theirs) {
                (Ok(ours), Ok(theirs)) => {
                    assert_eq!(ours.claims(), &theirs, "{claims:?}");
                    believed += 1;
                }
                (Err(_), Err(_)) => {}
                (Err(error), Ok(_)) => {
                    if !STRICTER.iter().any(|(name, check, _)| *name == peer.name && *check == error.check()) {
                        differences.insert(format!("only {} believes: {error}", peer.name), claims.into());
                    }
                }
                (Ok(_), Err(error)) => {
                    if !LAXER.iter().any(|(name, words, _)| *name == peer.name && error.contains(words)) {
                        differences.insert(format!("only {} refuses: {error}", peer.name), claims.into());
                    }
                }
            }
        }
        assert!(believed > ROUNDS / 50, "{}: {believed} of {ROUNDS}", peer.name);
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

fn claims(chance: &mut Chance) -> Map<String, Value> {
    let mut claims = Map::new();
    let names = [json!("joe"), json!("joe"), json!("joe"), json!("jo"), json!(5), json!(null), json!(["joe"])];
    let audiences = [
        json!("me"),
        json!(["me"]),
        json!(["x", "me"]),
        json!("me"),
        json!("x"),
        json!([]),
        json!(["x"]),
        json!(5),
        json!(null),
        json!({}),
    ];
    let times = [
        json!(NOW - 1000),
        json!(NOW - 1),
        json!(NOW),
        json!(NOW + 1),
        json!(NOW + 1000),
        json!(NOW),
        json!("1700000000"),
        json!(null),
        json!(true),
        json!([NOW]),
        json!({}),
    ];
    let strings = [json!("a"), json!("ä€😀"), json!(""), json!(7), json!(null)];
    let mut put = |name: &str, values: &[Value], absent: usize| {
        if chance.below(10) >= absent {
            claims.insert(name.into(), chance.one(values).clone());
        }
    };
    put("iss", &names, 1);
    put("aud", &audiences, 1);
    put("exp", &times, 5);
    put("nbf", &times, 6);
    put("iat", &times, 7);
    put("sub", &strings, 7);
    put("jti", &strings, 8);
    put("other", &[json!({"a": [1, 2.5, null, "x"]}), json!("\u{0}\u{7f}\"\\"), json!(-0.5)], 3);
    claims
}

/// Claims that we refuse and another believes, by the check that fails here, and why.
const STRICTER: &[(&str, &str, &str)] = &[
    ("panva/jose", "sub", "of sub it does not look at the type (RFC 7519 §4.1.2: a string)"),
    ("panva/jose", "jti", "nor of jti (RFC 7519 §4.1.7: a string)"),
];

/// Claims that we believe and another refuses, by its words, and why.
const LAXER: &[(&str, &str, &str)] = &[(
    "joserfc",
    "The token was issued in the future",
    "RFC 7519 §4.1.6 draws no conclusion from iat; whoever wants one asks with Rules::max_age",
)];
