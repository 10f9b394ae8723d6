//! Keys in and out: JWK members that must be obeyed, PEM in all its forms, and secrets that stay inside.

use serde_json::{Value, json};
use vestibule_jose::jwk::KeyError;
use vestibule_jose::jwt::{HeaderExtras, Signer};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url, pem};

use crate::support::{LIMITS, ed25519, es256, provider, rs256, with};

fn private(key: &SigningKey) -> Value {
    serde_json::from_str(&key.private_jwk()).expect("JSON")
}

fn public(key: &SigningKey) -> Value {
    Value::Object(key.public_jwk().expect("public"))
}

fn signs(jwk: &Value) -> Result<SigningKey, KeyError> {
    SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS)
}

fn verifies(jwk: &Value) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS)
}

/// RFC 7517 §4.2 and §4.3, for what signs and for what verifies.
#[test]
fn use_and_key_ops_are_obeyed() {
    let (d, x) = (private(&es256()), public(&es256()));
    for (member, value, sign, verify) in [
        ("use", json!("sig"), true, true),
        ("use", json!("enc"), false, false),
        ("use", json!("SIG"), false, false),
        ("use", json!(""), false, false),
        ("use", json!(["sig"]), false, false),
        ("key_ops", json!(["sign", "verify"]), true, true),
        ("key_ops", json!(["sign"]), true, false),
        ("key_ops", json!(["verify"]), false, true),
        ("key_ops", json!(["verify", "x"]), false, true),
        ("key_ops", json!(["encrypt"]), false, false),
        ("key_ops", json!([]), false, false),
        ("key_ops", json!(["sign", "verify", "sign"]), false, false),
        ("key_ops", json!(["sign", "verify", 1]), false, false),
        ("key_ops", json!("verify"), false, false),
        ("key_ops", json!(null), false, false),
    ] {
        for (jwk, answer, expected) in [
            (&d, signs(&with(&d, member, value.clone())).map(drop), sign),
            (&x, verifies(&with(&x, member, value.clone())).map(drop), verify),
        ] {
            assert_eq!(answer.is_ok(), expected, "{member} {value} {}", jwk.get("d").is_some());
            if let Err(error) = answer {
                let (KeyError::Usage { member: named, .. } | KeyError::Member { member: named, .. }) = error else {
                    panic!("{member} {value}: {error}")
                };
                assert_eq!(named, member, "{value}");
            }
        }
    }
    // An `oct` key is held to the same.
    let secret = json!({"kty": "oct", "k": base64url::encode([7; 32]), "key_ops": ["sign"]});
    assert!(signs(&secret).is_ok());
    assert!(matches!(verifies(&secret), Err(KeyError::Usage { member: "key_ops", .. })));
}

/// RFC 7517 §4.4, RFC 7518 §6.1 and §6.2.1, RFC 8037 §2.
#[test]
fn kty_crv_and_alg_are_obeyed() {
    let (ec, okp, rsa) = (public(&es256()), public(&ed25519()), public(&rs256()));
    let oct = json!({"kty": "oct", "k": base64url::encode([7; 64])});
    for (jwk, member, value, words) in [
        (&ec, "kty", json!("ec"), r#"key type "ec" is not known"#),
        (&ec, "kty", json!("AKP"), r#"algorithm "ES256" is not known"#),
        (&ec, "kty", json!(1), "kty is not a string"),
        (&ec, "kty", json!("OKP"), r#"curve "P-256" is not known"#),
        (&ec, "kty", json!("RSA"), "member n is missing"),
        (&ec, "crv", json!("p-256"), r#"curve "p-256" is not known"#),
        (&ec, "crv", json!("secp256k1"), "ES256 does not go with this key (EC on secp256k1)"),
        (&ec, "crv", json!("P-384"), "as long as the curve's field"),
        (&ec, "crv", json!("P-521"), "as long as the curve's field"),
        (&ec, "alg", json!("ES384"), "ES384 does not go with this key (EC on P-256)"),
        (&ec, "alg", json!("RS256"), "RS256 does not go with this key"),
        (&ec, "alg", json!("HS256"), "HS256 does not go with this key"),
        (&ec, "alg", json!("none"), r#"algorithm "none" is not known"#),
        (&ec, "alg", json!("ECDH-ES"), r#"algorithm "ECDH-ES" is not known"#),
        (&ec, "alg", json!(null), "alg is not a string"),
        (&ec, "kid", json!(1), "kid is not a string"),
        (&ec, "x", json!("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU="), "x is not canonical base64url"),
        (&ec, "x", json!("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEV"), "x is not canonical base64url"),
        (&ec, "x", json!(base64url::encode([7; 31])), "as long as the curve's field"),
        (&ec, "x", json!(base64url::encode([0; 33])), "as long as the curve's field"),
        (&okp, "crv", json!("X25519"), "EdDSA does not go with this key (X25519)"),
        (&okp, "crv", json!("Ed448"), "exactly 57 bytes"),
        (&okp, "x", json!(base64url::encode([7; 31])), "exactly 32 bytes"),
        (&okp, "alg", json!("ES256"), "ES256 does not go with this key"),
        (&rsa, "alg", json!("RSA-OAEP"), r#"algorithm "RSA-OAEP" is not known"#),
        (&rsa, "alg", json!("ES256"), "ES256 does not go with this key (RSA of 2048 bits)"),
        (&oct, "alg", json!("ES256"), "ES256 does not go with this key (a shared secret)"),
        (&oct, "k", json!(7), "k is not a string"),
    ] {
        let error = verifies(&with(jwk, member, value.clone())).expect_err(words).to_string();
        assert!(error.contains(words), "{member} {value}: {error}");
    }
    for member in ["kty", "crv", "x", "y"] {
        let mut jwk = ec.clone();
        jwk.as_object_mut().expect("an object").remove(member);
        assert!(verifies(&jwk).is_err(), "without {member}");
    }
}

/// Only what names no algorithm serves several, and then only those of its type.
#[test]
fn a_key_knows_its_algorithms() {
    let mut rsa = public(&rs256());
    assert_eq!(verifies(&rsa).expect("a key").algs().collect::<Vec<_>>(), [JwsAlgorithm::RS256]);
    rsa.as_object_mut().expect("an object").remove("alg");
    let names: Vec<_> = verifies(&rsa).expect("a key").algs().map(JwsAlgorithm::as_str).collect();
    assert_eq!(names, ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"]);
    assert!(!verifies(&rsa).expect("a key").public_jwk().expect("public").contains_key("alg"));
    let mut ec = public(&es256());
    ec.as_object_mut().expect("an object").remove("alg");
    assert_eq!(verifies(&ec).expect("a key").algs().collect::<Vec<_>>(), [JwsAlgorithm::ES256]);
}

/// Whoever publishes a private key by mistake hears of it; our own public JWKs hold no private member.
#[test]
fn private_members_never_stand_in_a_public_key() {
    for alg in JwsAlgorithm::ALL {
        let key = if alg.kty() == "RSA" { rs256() } else { SigningKey::generate(provider(), *alg).expect("a key") };
        let Some(public) = key.public_jwk() else {
            assert!(alg.is_symmetric() && key.verifying_key().public_jwk().is_none());
            continue;
        };
        let mut names: Vec<_> = public.keys().map(String::as_str).collect();
        names.sort_unstable();
        let own: &[&str] = match alg.kty() {
            "RSA" => &["alg", "e", "kid", "kty", "n", "use"],
            "EC" => &["alg", "crv", "kid", "kty", "use", "x", "y"],
            "AKP" => &["alg", "kid", "kty", "pub", "use"],
            _ => &["alg", "crv", "kid", "kty", "use", "x"],
        };
        assert_eq!(names, own, "{alg}");
        let member = if alg.kty() == "AKP" { "priv" } else { "d" };
        assert_eq!(verifies(&private(&key)).expect_err("private"), KeyError::Private(member), "{alg}");
        let again = verifies(&Value::Object(public.clone())).expect("a key");
        assert_eq!((again.public_jwk(), again.kid()), (Some(public), key.kid()), "{alg}");
    }
    for member in ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"] {
        let error = verifies(&with(&public(&rs256()), member, json!("AQAB"))).expect_err(member);
        assert_eq!(error, KeyError::Private(member));
    }
}

#[test]
fn private_keys_come_back_as_they_went() {
    for alg in JwsAlgorithm::ALL {
        let key = if alg.kty() == "RSA" { rs256() } else { SigningKey::generate(provider(), *alg).expect("a key") };
        let again = signs(&private(&key)).expect("its own JWK");
        assert_eq!((private(&again), again.alg(), again.kid()), (private(&key), key.alg(), key.kid()), "{alg}");
        assert!(key.verifying_key().verify(key.alg(), b"message", &again.sign(b"message").expect("signed")), "{alg}");
        if !alg.is_symmetric() {
            let der = key.to_pkcs8_der().expect("PKCS#8");
            let again = SigningKey::from_pkcs8_der(provider(), &der, key.alg()).expect("its own PKCS#8");
            assert_eq!(private(&again), private(&key), "{alg}");
        }
    }
    let named = json!({"kty": "oct", "k": base64url::encode([7; 32]), "alg": "HS256", "kid": "a \"name\""});
    assert_eq!(private(&signs(&named).expect("a secret")), named);
}

/// No secret number, in base64url or as a list of bytes, in what a log may show.
#[test]
fn debug_shows_no_secret() {
    let secret = SigningKey::from_secret(provider(), &[171; 32], JwsAlgorithm::HS256).expect("a secret");
    let block = pem::parse(include_str!("pem/ec_pkcs8.pem"), &LIMITS).expect("a block");
    for key in [es256(), rs256(), ed25519(), secret] {
        let signer = Signer::new(key.clone(), &HeaderExtras::default()).expect("a signer");
        let shown = format!("{key:?} {key:#?} {signer:?} {:?} {block:?}", key.verifying_key());
        let jwk = private(&key);
        for member in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            let Some(text) = jwk.get(member).and_then(Value::as_str) else { continue };
            let bytes = base64url::decode(text).expect("base64url");
            let list = format!("{:?}", &bytes[..8]);
            assert!(!shown.contains(&text[..12]), "{member} in {shown}");
            assert!(!shown.contains(list.trim_matches(['[', ']'])), "{member} in {shown}");
        }
        assert!(shown.contains(key.alg().as_str()), "something is shown: {shown}");
    }
}
