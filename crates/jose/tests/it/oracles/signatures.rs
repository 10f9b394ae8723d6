//! JWS: every algorithm that both sides have, in every form, any payload, signed by one and verified by the other.

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Form, Headers, Rules};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use super::{Chance, FORMS, Peer, public, signing_key};
use crate::support::{LIMITS, provider};

/// panva/jose has no secp256k1.
pub(super) fn lacks(peer: &mut Peer, alg: JwsAlgorithm) -> bool {
    match alg {
        JwsAlgorithm::ES256K => peer.name == "panva/jose",
        alg => alg.kty() == "AKP" && !peer.knows_ml_dsa(),
    }
}

const ROUNDS: usize = 3;

#[test]
#[ignore = "needs Node and Python with packages; cargo xtask test --only clients runs it"]
fn signatures_hold_both_ways() {
    let mut chance = Chance::new();
    for mut peer in Peer::all() {
        let mut seen = 0;
        for alg in JwsAlgorithm::ALL.iter().copied() {
            if lacks(&mut peer, alg) {
                continue;
            }
            for form in FORMS.repeat(ROUNDS) {
                let jwk = signing_key(&chance, alg);
                let payload = chance.bytes(300);
                ours_to_theirs(&mut peer, (alg, form), &jwk, &payload);
                theirs_to_ours(&mut peer, (alg, form), &jwk, &payload);
                seen += 1;
            }
        }
        assert!(seen >= 14 * FORMS.len() * ROUNDS, "{}: {seen}", peer.name);
    }
}

/// RFC 7797 and RFC 7515 appendix F with panva/jose: encoded or not, the payload travels by itself.
#[test]
#[ignore = "needs Node with packages; cargo xtask test --only clients runs it"]
fn payloads_travel_by_themselves() {
    let mut chance = Chance::new();
    let mut peer = Peer::panva();
    let alg = JwsAlgorithm::ES256;
    for round in 0..60 {
        let plain = round % 2 == 0;
        let jwk = signing_key(&chance, alg);
        let payload = [chance.bytes(300), vec![b'.']].concat();
        let encoded = base64url::encode(&payload);
        let key = SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
        let draft = if plain { Draft::new(&payload).unencoded() } else { Draft::new(&payload) };
        let ours =
            draft.detached().sign(&key, &Headers::default()).and_then(|draft| draft.flattened()).expect("signed");
        let request = json!({"op": "verify", "alg": "ES256", "form": "flattened", "token": ours, "key": public(&jwk),
            "payload": encoded, "plain": plain});
        assert_eq!(peer.must(&request), encoded, "{request}");

        let request =
            json!({"op": "sign", "alg": "ES256", "form": "flattened", "payload": encoded, "key": jwk, "plain": plain});
        let token = peer.must(&request);
        let mut token: Value = serde_json::from_str(token.as_str().expect("text")).expect("JSON");
        token = super::without(token, &["payload"]);
        let algs = [alg];
        let verified = jws::verify(&token.to_string(), &key.verifying_key(), &Rules::new(&algs).detached(&payload));
        assert_eq!(verified.expect("verified").payload(), payload, "{request}");
    }
}

pub(super) fn ours_to_theirs(peer: &mut Peer, (alg, form): (JwsAlgorithm, &str), jwk: &Value, payload: &[u8]) {
    let key = SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
    let draft = Draft::new(payload).sign(&key, &Headers::default()).expect("signed");
    let token = match form {
        "compact" => draft.compact(),
        "flattened" => draft.flattened(),
        _ => draft.general(),
    };
    let token = token.expect("written");
    let request = json!({"op": "verify", "alg": alg.as_str(), "form": form, "token": token, "key": public(jwk)});
    assert_eq!(peer.must(&request), base64url::encode(payload), "{request}");
}

pub(super) fn theirs_to_ours(peer: &mut Peer, (alg, form): (JwsAlgorithm, &str), jwk: &Value, payload: &[u8]) {
    let payload_text = base64url::encode(payload);
    let request = json!({"op": "sign", "alg": alg.as_str(), "form": form, "payload": payload_text, "key": jwk});
    let token = peer.must(&request);
    let key = VerifyingKey::from_jwk(provider(), public(jwk).to_string().as_bytes(), &LIMITS).expect("a key");
    let (algs, expected) = (
        [alg],
        match form {
            "compact" => Form::Compact,
            "flattened" => Form::Flattened,
            _ => Form::General,
        },
    );
    let verified = jws::verify(token.as_str().expect("text"), &key, &Rules::new(&algs).form(expected));
    let verified = verified.unwrap_or_else(|error| panic!("{} of {}: {error}; {request}", token, peer.name));
    assert_eq!(verified.payload(), payload, "{request}");
}
