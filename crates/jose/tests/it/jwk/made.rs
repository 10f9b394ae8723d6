//! Keys made here.

use vestibule_jose::alg::KeyManagement;
use vestibule_jose::jwk::{Jwk, KeyAlgorithm, KeyError, Layout, NewKey, PemForm};
use vestibule_jose::provider::{Curve, MlDsa, PublicMaterial, RsaSize};
use vestibule_jose::{JwsAlgorithm, Limits};

use super::{json, key};
use crate::support::provider;

const ALL: &[NewKey] = &[
    NewKey::Rsa(RsaSize::Bits2048),
    NewKey::Ec(Curve::P256),
    NewKey::Ec(Curve::P384),
    NewKey::Ec(Curve::P521),
    NewKey::Ec(Curve::Secp256k1),
    NewKey::Ed25519,
    NewKey::X25519,
    NewKey::MlDsa(MlDsa::L44),
    NewKey::MlDsa(MlDsa::L65),
    NewKey::MlDsa(MlDsa::L87),
    NewKey::Secret(1),
    NewKey::Secret(33),
];

/// Each is named by its thumbprint, comes back from its JSON and from each PEM form that it has, and differs each time.
#[test]
fn every_type_is_made_and_comes_back() {
    for what in ALL.iter().copied() {
        let made = Jwk::generate(provider(), what).expect("a key");
        assert_eq!(made.kid(), made.thumbprint(provider(), Default::default()).as_deref(), "{what:?}");
        assert_eq!(json(&key(&json(&made))), json(&made), "{what:?}");
        assert_ne!(json(&Jwk::generate(provider(), what).expect("a key")), json(&made), "{what:?}");
        let forms = [PemForm::Pkcs8, PemForm::Pkcs1, PemForm::Sec1, PemForm::Spki, PemForm::Pkcs1Public];
        let Some(public) = made.public() else {
            assert!(forms.iter().all(|form| matches!(made.to_pem(*form), Err(KeyError::NoForm(_)))));
            continue;
        };
        for form in forms {
            let has = match form {
                PemForm::Pkcs8 | PemForm::Spki => true,
                PemForm::Pkcs1 | PemForm::Pkcs1Public => made.kty() == "RSA",
                PemForm::Sec1 => made.kty() == "EC",
            };
            let Ok(text) = made.to_pem(form) else {
                assert!(!has, "{what:?} {form:?}");
                continue;
            };
            assert!(has, "{what:?} {form:?}");
            let again = Jwk::from_pem(provider(), &text, None, &Limits::DEFAULT).expect("its own PEM");
            let expected = if form == PemForm::Spki || form == PemForm::Pkcs1Public { &public } else { &made };
            assert_eq!(json(&again), json(expected), "{what:?} {form:?}");
        }
        assert!(public.to_pem(PemForm::Pkcs8).is_err(), "{what:?}");
        let shown = format!("{made:?} {made:#?} {:?}", made.material());
        let private = json(&made);
        let secret = private["d"].as_str().or_else(|| private["priv"].as_str()).expect("a private member");
        assert!(!shown.contains(&secret[..12]), "{shown}");
    }
}

/// What people ask for, and what is not made, with the reason.
#[test]
fn what_to_make_is_said_in_words() {
    let named = |kty, size, crv, alg: Option<&str>| {
        NewKey::named(kty, size, crv, alg.map(|alg| alg.parse::<KeyAlgorithm>().expect("known")))
    };
    for (kty, size, crv, alg, expected) in [
        ("RSA", None, None, None, NewKey::Rsa(RsaSize::Bits2048)),
        ("RSA", Some(4096), None, Some("RSA-OAEP"), NewKey::Rsa(RsaSize::Bits4096)),
        ("EC", None, None, None, NewKey::Ec(Curve::P256)),
        ("EC", None, None, Some("ES512"), NewKey::Ec(Curve::P521)),
        ("EC", None, Some("secp256k1"), None, NewKey::Ec(Curve::Secp256k1)),
        ("OKP", None, None, None, NewKey::Ed25519),
        ("OKP", None, None, Some("ECDH-ES"), NewKey::X25519),
        ("OKP", None, Some("X25519"), None, NewKey::X25519),
        ("oct", None, None, None, NewKey::Secret(32)),
        ("oct", Some(2048), None, None, NewKey::Secret(256)),
        ("oct", None, None, Some("HS512"), NewKey::Secret(64)),
        ("oct", None, None, Some("A128KW"), NewKey::Secret(16)),
        ("oct", None, None, Some("A192CBC-HS384"), NewKey::Secret(48)),
        ("AKP", None, None, None, NewKey::MlDsa(MlDsa::L65)),
        ("AKP", None, None, Some("ML-DSA-87"), NewKey::MlDsa(MlDsa::L87)),
    ] {
        assert_eq!(named(kty, size, crv, alg), Ok(expected), "{kty} {size:?} {crv:?} {alg:?}");
    }
    for (kty, size, crv, words) in [
        ("RSA", Some(1024), None, "2048 bits or more (RFC 7518 §3.3)"),
        ("RSA", Some(2047), None, "2048 bits or more"),
        ("RSA", Some(8192), None, "2048, 3072 or 4096 bits"),
        ("RSA", None, Some("P-256"), "only EC and OKP keys have a curve"),
        ("EC", Some(256), None, "only RSA keys and secrets have a size"),
        ("EC", None, Some("P-192"), "P-192"),
        ("OKP", None, Some("Ed448"), "not made"),
        ("OKP", None, Some("X448"), "not made"),
        ("OKP", None, Some("P-256"), "P-256"),
        ("oct", Some(7), None, "whole bytes"),
        ("oct", Some(0), None, "whole bytes"),
        ("oct", Some(1 << 20), None, "whole bytes"),
        ("rsa", None, None, r#""rsa""#),
    ] {
        let error = named(kty, size, crv, None).expect_err(words).to_string();
        assert!(error.contains(words), "{kty} {size:?} {crv:?}: {error}");
    }
    for len in [0, 8193, usize::MAX] {
        assert!(Jwk::generate(provider(), NewKey::Secret(len)).is_err(), "{len}");
    }
}

/// What is made does what it was made for.
#[test]
fn made_keys_are_bound_and_sign() {
    let made = Jwk::generate(provider(), NewKey::Ec(Curve::P256)).expect("a key");
    let bound = made.clone().with_alg(JwsAlgorithm::ES256.into()).expect("goes with it");
    let signer = bound.signing_key(provider(), None).expect("a key");
    let verifier = bound.verifying_key(provider(), None).expect("a key");
    assert!(verifier.verify(JwsAlgorithm::ES256, b"message", &signer.sign(b"message").expect("signed")));
    assert_eq!(signer.kid(), made.kid());
    assert!(made.with_alg(KeyManagement::A128Kw.into()).is_err());
    let x25519 = Jwk::generate(provider(), NewKey::X25519).expect("a key");
    assert!(matches!(x25519.public_material(), Some(PublicMaterial::X25519 { .. })));
    assert!(matches!(x25519.signing_key(provider(), None), Err(KeyError::CannotSign(_))));
    let secret = Jwk::generate(provider(), NewKey::Secret(32)).expect("a secret");
    assert!(secret.to_json(Layout::Compact).starts_with(r#"{"kty":"oct","k":""#));
    let tag = secret.signing_key(provider(), None).expect("HS256").sign(b"message").expect("signed");
    assert!(secret.verifying_key(provider(), None).expect("HS256").verify(JwsAlgorithm::HS256, b"message", &tag));
}
