//! The holder's proof (RFC 9901 §7.3).

use serde_json::{Value, json};
use vestibule_jose::jwt::{HeaderExtras, Signer};
use vestibule_jose::sd_jwt::{self, Issuance, KeyBinding, Proof, SdJwt, SdJwtError};
use vestibule_jose::{JwsAlgorithm, SigningKey};

use super::{issued, object, person, sealed};
use crate::support::{LIMITS, NOW, ed25519, es256, provider, rules};

const VERIFIER: &str = "https://verifier.example.org";

const EDDSA: &[JwsAlgorithm] = &[JwsAlgorithm::EdDSA];

fn proof() -> Proof<'static> {
    Proof { nonce: "n-1", audience: VERIFIER, iat: NOW }
}

fn demanded() -> KeyBinding<'static> {
    KeyBinding::new("n-1", VERIFIER, EDDSA)
}

fn whole() -> SdJwt {
    issued(Issuance::new(person()).hide("/given_name").hide("/address").holder(&ed25519().verifying_key()))
}

fn verify(text: &str, binding: &KeyBinding<'_>) -> Result<sd_jwt::Verified, SdJwtError> {
    sd_jwt::verify(provider(), text, &es256().verifying_key(), &rules(), Some(binding))
}

#[test]
fn a_proof_holds_for_what_it_was_made_for() {
    let shown = whole().present(provider(), &["/given_name"], &LIMITS).expect("presented");
    let bound = shown.bind(provider(), &ed25519(), &proof()).expect("bound");
    let verified = verify(&bound.to_string(), &demanded()).expect("verified");
    assert_eq!(verified.claims()["given_name"], "Ada");
    assert_eq!(
        verified.holder().and_then(|key| key.thumbprint().map(str::to_owned)),
        ed25519().verifying_key().thumbprint().map(str::to_owned)
    );
    let flattened = bound.to_flattened().expect("written");
    let read = SdJwt::parse_flattened(&flattened, &LIMITS).expect("read");
    read.verify::<Value>(provider(), &es256().verifying_key(), &rules(), Some(&demanded())).expect("verified");

    // Whoever does not ask is not told (step 1).
    let unasked = sd_jwt::verify::<Value>(provider(), &bound.to_string(), &es256().verifying_key(), &rules(), None);
    assert!(unasked.expect("verified").holder().is_none());
    assert_eq!(verify(&shown.to_string(), &demanded()).err(), Some(SdJwtError::Unbound));

    for (other, check) in [
        (KeyBinding::new("n-2", VERIFIER, EDDSA), "nonce"),
        (KeyBinding::new("n-1", "https://other.example.org", EDDSA), "aud"),
        (KeyBinding::new("n-1", VERIFIER, &[JwsAlgorithm::ES256]), "alg"),
    ] {
        assert_eq!(failed(&bound.to_string(), &other), check);
    }
    for (iat, holds) in [(NOW - 300, true), (NOW - 301, false), (NOW, true), (NOW + 1, false)] {
        let bound = shown.bind(provider(), &ed25519(), &Proof { iat, ..proof() }).expect("bound");
        assert_eq!(verify(&bound.to_string(), &demanded()).is_ok(), holds, "{}", iat - NOW);
    }
}

/// The check of the proof that failed.
fn failed(text: &str, binding: &KeyBinding<'_>) -> String {
    match verify(text, binding) {
        Err(SdJwtError::Binding(error)) => error.check().to_owned(),
        other => panic!("{other:?}"),
    }
}

/// §4.3.1: nothing may be taken away, added or put in another order behind a proof.
#[test]
fn a_proof_is_about_all_that_is_shown() {
    let bound = whole().bind(provider(), &ed25519(), &proof()).expect("bound").to_string();
    verify(&bound, &demanded()).expect("the control");
    let parts: Vec<&str> = bound.split('~').collect();
    let [jwt, first, second, proof] = parts.as_slice() else { panic!("four parts") };
    for other in [format!("{jwt}~{second}~{first}~{proof}"), format!("{jwt}~{first}~{proof}"), format!("{jwt}~{proof}")]
    {
        assert_eq!(failed(&other, &demanded()), "sd_hash");
    }
    let another = whole();
    let moved = format!("{another}{proof}");
    assert_eq!(failed(&moved, &demanded()), "sd_hash");
}

/// A proof with these claims and this header, over an SD-JWT without disclosures that names this key.
fn with_proof(cnf: &Value, claims: &Value, typ: &str, key: SigningKey) -> String {
    let text = sealed(&json!({"cnf": cnf}), &[]);
    let mut claims = claims.clone();
    if claims.get("sd_hash").is_none() {
        claims["sd_hash"] = super::digest(&text).into();
    }
    let proof = Signer::new(key, &HeaderExtras::typ(typ)).and_then(|signer| signer.sign(&claims)).expect("signed");
    format!("{text}{proof}")
}

#[test]
fn a_proof_has_its_claims() {
    let cnf = json!({"jwk": ed25519().public_jwk().expect("public")});
    let good = json!({"nonce": "n-1", "aud": VERIFIER, "iat": NOW});
    verify(&with_proof(&cnf, &good, "kb+jwt", ed25519()), &demanded()).expect("the control");
    for (claim, value) in [
        ("nonce", json!(1)),
        ("nonce", json!("")),
        ("aud", json!([VERIFIER])),
        ("aud", json!([VERIFIER, "x"])),
        ("iat", json!("now")),
        ("iat", json!(1e300)),
        ("sd_hash", json!("")),
        ("sd_hash", json!(1)),
        ("exp", json!(NOW)),
        ("nbf", json!(NOW + 1)),
    ] {
        let wrong = crate::support::with(&good, claim, value.clone());
        assert_eq!(failed(&with_proof(&cnf, &wrong, "kb+jwt", ed25519()), &demanded()), claim, "{value}");
    }
    for claim in ["nonce", "aud", "iat"] {
        let mut without = object(good.clone());
        without.remove(claim);
        assert_eq!(failed(&with_proof(&cnf, &without.into(), "kb+jwt", ed25519()), &demanded()), claim);
    }
    assert_eq!(failed(&with_proof(&cnf, &good, "JWT", ed25519()), &demanded()), "typ");
    // Another key, though it signs rightly: not the one that the issuer named.
    let stranger = SigningKey::generate(provider(), JwsAlgorithm::EdDSA).expect("a key");
    let nameless = with_proof(&cnf, &good, "kb+jwt", stranger);
    assert!(["key", "signature"].contains(&failed(&nameless, &demanded()).as_str()));
}

/// The key comes from what the issuer signed, is public, and is none that everybody has.
#[test]
fn the_holder_is_whom_the_issuer_named() {
    let claims = json!({"nonce": "n-1", "aud": VERIFIER, "iat": NOW});
    let hs = SigningKey::generate(provider(), JwsAlgorithm::HS256).expect("a secret");
    let secret: Value = serde_json::from_str(&hs.private_jwk()).expect("JSON");
    let private: Value = serde_json::from_str(&ed25519().private_jwk()).expect("JSON");
    for cnf in [json!(null), json!({}), json!({"kid": "x"}), json!({"jwk": "x"}), json!("x")] {
        let text = with_proof(&cnf, &claims, "kb+jwt", ed25519());
        assert_eq!(verify(&text, &demanded()).err(), Some(SdJwtError::NoHolder), "{cnf}");
    }
    for jwk in [json!({}), secret, private, json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"})] {
        let text = with_proof(&json!({"jwk": jwk}), &claims, "kb+jwt", hs.clone());
        let allowing = KeyBinding::new("n-1", VERIFIER, &[JwsAlgorithm::EdDSA, JwsAlgorithm::HS256]);
        assert!(matches!(verify(&text, &allowing), Err(SdJwtError::Holder(_))));
    }
}
