//! Signing and verifying with every algorithm.

use serde_json::{Value, json};
use vestibule_jose::jwt::{self, HeaderExtras, Rules, SignError, Signer};
use vestibule_jose::provider::{Curve, PrivateMaterial};
use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey};

use crate::support::{LIMITS, NOW, es256, provider, rs256};

/// One key per algorithm; RSA generation is slow, so that its six share one.
fn key(alg: JwsAlgorithm) -> SigningKey {
    if alg.kty() == "RSA" {
        let der = rs256().to_pkcs8_der().expect("PKCS#8");
        return SigningKey::from_pkcs8_der(provider(), &der, alg).expect("an RSA key");
    }
    SigningKey::generate(provider(), alg).expect("a key")
}

#[test]
fn every_algorithm_signs_what_it_verifies() {
    for alg in JwsAlgorithm::ALL {
        let key = key(*alg);
        let signer = Signer::new(key.clone(), &HeaderExtras::typ("at+jwt")).expect("a signer");
        let token = signer.sign(&json!({"sub": "ada"})).expect("a token");
        assert_eq!(token.capacity(), token.len(), "{alg}: one allocation");

        let algs = [*alg];
        let rules = Rules::new(NOW, &algs).typ("at+jwt");
        let verified = jwt::verify::<Value>(&token, &key.verifying_key(), &rules).expect("verified");
        assert_eq!(verified.claims(), &json!({"sub": "ada"}));
        assert_eq!(verified.header().kid(), key.kid());

        let mut broken = token.clone().into_bytes();
        broken[token.len() - 30] ^= 1;
        let broken = String::from_utf8(broken).expect("ASCII");
        let error = jwt::verify::<Value>(&broken, &key.verifying_key(), &rules).expect_err("a wrong signature");
        assert!(["signature", "token"].contains(&error.check()), "{alg}: {error}");
    }
}

/// The provider itself holds to it, whoever calls (RFC 7518 §3.4: one algorithm for each curve).
#[test]
fn the_provider_refuses_an_algorithm_that_is_not_the_keys() {
    for own in JwsAlgorithm::ALL.iter().filter(|alg| !alg.is_symmetric()) {
        let key = key(*own).verifying_key();
        let public = key.material().expect("public");
        for alg in JwsAlgorithm::ALL {
            // RFC 9864 §2.2: EdDSA and Ed25519 are two names for the same.
            let fits = alg == own || (alg.kty() == own.kty() && ["RSA", "OKP"].contains(&own.kty()));
            assert_eq!(provider().public_key(*alg, public).is_ok(), fits, "{alg} with a key for {own}");
        }
    }
    let scalar = PrivateMaterial::Ec { curve: Curve::P256, d: vec![7; 32].into(), public: None };
    let seed = PrivateMaterial::Ed25519 { seed: [7; 32].into(), public: None };
    for (material, own) in [(scalar, JwsAlgorithm::ES256), (seed, JwsAlgorithm::EdDSA)] {
        for alg in JwsAlgorithm::ALL {
            let fits = *alg == own || (alg.kty() == "OKP" && own.kty() == "OKP");
            assert_eq!(provider().private_key(*alg, &material).is_ok(), fits, "{alg} with {material:?}");
        }
    }
}

#[test]
fn a_key_that_lies_elsewhere_signs_in_two_steps() {
    let key = es256();
    let claims = json!({"sub": "ada"});
    let prepare = || jwt::prepare(key.alg(), key.kid(), &HeaderExtras::default(), &claims).expect("prepared");
    let signature = key.sign(prepare().signing_input()).expect("a signature");
    let token = prepare().attach(&signature).expect("a token");
    jwt::verify::<Value>(&token, &key.verifying_key(), &crate::support::rules()).expect("verified");

    let error = prepare().attach(&signature[1..]).expect_err("too short");
    assert!(matches!(error, SignError::SignatureLength { found: 63, .. }));
}

#[test]
fn the_header_belongs_to_the_key() {
    for name in ["alg", "kid", "typ", "cty", "crit", "b64"] {
        let mut extras = HeaderExtras::default();
        extras.members.insert(name.into(), "x".into());
        assert!(matches!(jwt::sign(&es256(), &extras, &json!({})), Err(SignError::Header(found)) if found == name));
    }
    let mut extras = HeaderExtras { typ: Some("JWT"), cty: Some("JWT"), ..HeaderExtras::default() };
    extras.members.insert("x-note".into(), 1.into());
    let token = jwt::sign(&es256(), &extras, &json!({})).expect("a token");
    let header = jwt::inspect(&token, &LIMITS).expect("a token").header;
    let expected = json!({"alg":"ES256","kid":es256().kid(),"typ":"JWT","cty":"JWT","x-note":1});
    assert_eq!(Value::Object(header.members().clone()), expected);
}

#[test]
fn only_objects_are_signed() {
    assert!(matches!(jwt::sign(&es256(), &HeaderExtras::default(), &[1, 2]), Err(SignError::NotAnObject)));
    let signer = Signer::new(es256(), &HeaderExtras::default()).expect("a signer");
    assert!(matches!(signer.sign_json(b"[]"), Err(SignError::NotAnObject)));
    assert!(signer.sign_json(b"{}").is_ok());
}

#[test]
fn keys_are_chosen_by_name_and_algorithm() {
    let (es, rs) = (es256(), rs256());
    let set = JwkSet::from_keys([rs.verifying_key(), es.verifying_key()]);
    let both = [JwsAlgorithm::ES256, JwsAlgorithm::RS256];
    for key in [&es, &rs] {
        let token = jwt::sign(key, &HeaderExtras::default(), &json!({})).expect("a token");
        jwt::verify::<Value>(&token, &set, &Rules::new(NOW, &both)).expect("verified");
    }
    let other = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
    let token = jwt::sign(&other, &HeaderExtras::default(), &json!({})).expect("a token");
    assert_eq!(jwt::verify::<Value>(&token, &set, &Rules::new(NOW, &both)).expect_err("unknown").check(), "key");
}
