//! What an attacker puts into `alg`, the signature and the header's words about keys.

use serde_json::{Value, json};
use vestibule_jose::jws::VerifyError as JwsError;
use vestibule_jose::jwt::{self, HeaderExtras, Rules, VerifyError};
use vestibule_jose::provider::PublicMaterial;
use vestibule_jose::{JwkSet, JwsAlgorithm, Limits, SigningKey, base64url};

use crate::support::{LIMITS, NOW, check, es256, provider, rs256, rules, seal, signed};

/// RFC 8725 §3.2, RFC 7519 §6: a token that is not secured is not believed, signed or not.
#[test]
fn none_is_no_algorithm() {
    for name in ["none", "None", "NONE", "nOnE", "", "null", "es256", "ES256\u{0}", "ES256k", "RSA-OAEP", "dir"] {
        let header = json!({"alg": name}).to_string();
        let token = signed(&header, "{}");
        let unsigned = &token[..=token.rfind('.').expect("three parts")];
        for token in [token.as_str(), unsigned] {
            let error = jwt::verify::<Value>(token, &es256().verifying_key(), &Rules::new(NOW, JwsAlgorithm::ALL));
            let error = error.expect_err(name);
            assert!(
                matches!(&error, VerifyError::Jws(JwsError::Algorithm { found, .. }) if found == name),
                "{name}: {error}"
            );
        }
    }
    let unsigned = format!("{}.e30.", base64url::encode(r#"{"alg":"ES256"}"#));
    assert_eq!(check(&unsigned, &rules()).expect_err("unsigned").check(), "signature");
}

/// RFC 8725 §2.1: the public key as an HMAC secret, in each form in which an application may hold it.
#[test]
fn a_public_key_is_no_secret() {
    for key in [es256(), rs256()] {
        let public = key.verifying_key();
        let jwk = Value::Object(public.public_jwk().expect("public")).to_string();
        let numbers = match public.material().expect("public") {
            PublicMaterial::Rsa { n, .. } => n.clone(),
            PublicMaterial::Ec { point, .. } => point.clone(),
            PublicMaterial::Ed25519 { x } => x.to_vec(),
            other => panic!("{other:?}"),
        };
        for secret in [jwk.as_bytes(), &numbers, &numbers[1..]] {
            let forger = SigningKey::from_secret(provider(), secret, JwsAlgorithm::HS256).expect("long enough");
            let mut extras = HeaderExtras::default();
            extras.members.insert("note".into(), "forged".into());
            let token = jwt::sign(&forger, &extras, &json!({})).expect("a token");
            // Even where the caller allows HS256 for somebody else's sake.
            for algs in [JwsAlgorithm::ALL, &[JwsAlgorithm::HS256]] {
                let error = jwt::verify::<Value>(&token, &public, &Rules::new(NOW, algs)).expect_err("forged");
                assert!(matches!(error, VerifyError::Jws(JwsError::NoKey { alg: JwsAlgorithm::HS256, .. })), "{error}");
            }
            let error = jwt::verify::<Value>(&token, &public, &Rules::new(NOW, &[key.alg()])).expect_err("forged");
            assert_eq!(error.check(), "alg");
            assert!(!public.verify(JwsAlgorithm::HS256, b"message", &forger.sign(b"message").expect("signed")));
        }
    }
}

/// RFC 8725 §3.1: the key's own algorithm and the caller's list decide, never the header.
#[test]
fn the_header_does_not_choose_the_algorithm() {
    let token = |alg: &str| signed(&json!({"alg": alg}).to_string(), "{}");
    for alg in JwsAlgorithm::ALL.iter().filter(|alg| **alg != JwsAlgorithm::ES256) {
        let token = token(alg.as_str());
        assert_eq!(check(&token, &rules()).expect_err("not allowed").check(), "alg", "{alg}");
        let error = check(&token, &Rules::new(NOW, JwsAlgorithm::ALL)).expect_err("another key's");
        assert!(
            matches!(error, VerifyError::Jws(JwsError::NoKey { alg: found, .. }) if found == *alg),
            "{alg}: {error}"
        );
    }
    assert_eq!(check(&token("ES256"), &Rules::new(NOW, &[])).expect_err("nothing allowed").check(), "alg");

    // An RSA key that is bound to RS256 verifies neither PS256 nor RS512, though its numbers could.
    let pss = SigningKey::from_pkcs8_der(provider(), &rs256().to_pkcs8_der().expect("DER"), JwsAlgorithm::PS256);
    let token = jwt::sign(&pss.expect("a key"), &HeaderExtras::default(), &json!({})).expect("a token");
    let error = jwt::verify::<Value>(&token, &rs256().verifying_key(), &Rules::new(NOW, JwsAlgorithm::ALL));
    assert!(matches!(
        error.expect_err("bound to RS256"),
        VerifyError::Jws(JwsError::NoKey { alg: JwsAlgorithm::PS256, .. })
    ));
}

/// RFC 7518 §3.4: `r ‖ s`, each as long as the field; both between 1 and the order (FIPS 186-5 §6.4.2).
#[test]
fn an_ecdsa_signature_is_two_numbers_of_full_length() {
    let input = format!("{}.e30", base64url::encode(r#"{"alg":"ES256"}"#));
    let good = es256().sign(input.as_bytes()).expect("signed");
    let (r, s) = good.split_at(32);
    let order = base64url::decode("_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE").expect("P-256's order");
    let zero = [0; 32];
    // Both numbers with a zero in front, which DER wants where the highest bit is set and JWS never.
    let long = [&[0], r, &[0], s].concat();
    let der = [&[0x30, 70, 2, 33, 0], r, &[2, 33, 0], s].concat();
    for (name, signature) in [
        ("DER", der),
        ("nothing", vec![]),
        ("one byte short", good[..63].to_vec()),
        ("one byte long", [&good, &[0][..]].concat()),
        ("zeros in front", long),
        ("r alone", r.to_vec()),
        ("all zero", vec![0; 64]),
        ("r zero", [&zero, s].concat()),
        ("s zero", [r, &zero].concat()),
        ("r is the order", [&order, s].concat()),
        ("s is the order", [r, &order].concat()),
        ("all ones", vec![0xff; 64]),
        ("swapped", [s, r].concat()),
        (
            "another's",
            SigningKey::generate(provider(), JwsAlgorithm::ES256)
                .expect("a key")
                .sign(input.as_bytes())
                .expect("signed"),
        ),
    ] {
        let error = check(&format!("{input}.{}", base64url::encode(&signature)), &rules()).expect_err(name);
        assert!(matches!(error, VerifyError::Jws(JwsError::Signature { tried: 1, .. })), "{name}: {error}");
        assert!(!es256().verifying_key().verify(JwsAlgorithm::ES256, input.as_bytes(), &signature), "{name}");
    }
    check(&format!("{input}.{}", base64url::encode(&good)), &rules()).expect("the control");
}

/// RFC 8725 §3.10 and §2.2: one changed sign anywhere and the token is not believed.
#[test]
fn every_sign_counts() {
    let good = signed(r#"{"alg":"ES256","typ":"JWT"}"#, r#"{"sub":"ada"}"#);
    for place in 0..good.len() {
        let mut changed = good.clone().into_bytes();
        changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(changed).expect("ASCII");
        check(&changed, &rules()).expect_err(&changed);
        check(&[&good[..place], &good[place + 1..]].concat(), &rules()).expect_err("one sign less");
    }
}

/// RFC 7515 §4.1.2 to §4.1.8: what the header says of keys is the attacker's word. Nothing is taken from it.
#[test]
fn keys_in_the_header_are_ignored() {
    let forger = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
    let jwk = Value::Object(forger.public_jwk().expect("public"));
    for (member, value) in [
        ("jwk", jwk),
        ("jku", json!("https://evil.example/jwks")),
        ("x5u", json!("https://evil.example/chain")),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("x5t#S256", json!("AAAA")),
    ] {
        let kid = es256().kid().map(str::to_owned);
        let header = json!({"alg": "ES256", "kid": kid, member: value}).to_string();
        let input = format!("{}.e30", base64url::encode(&header));
        let forged = format!("{input}.{}", base64url::encode(forger.sign(input.as_bytes()).expect("signed")));
        assert_eq!(check(&forged, &rules()).expect_err(member).check(), "signature", "{member}");
        check(&seal(&base64url::encode(&header), "e30"), &rules()).expect("the owner may write there what it likes");
    }
}

/// One token costs so many verifications and no more; a `kid` of another key costs none.
#[test]
fn attempts_are_bounded() {
    let other = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key").verifying_key();
    let limits = Limits { attempts: 3, ..LIMITS };
    for (before, believed) in [(2, true), (3, false)] {
        let mut keys = vec![other.clone(); before];
        keys.push(es256().verifying_key());
        let token = signed(r#"{"alg":"ES256"}"#, "{}");
        let answer = jwt::verify::<Value>(&token, &keys, &rules().limits(limits));
        assert_eq!(answer.is_ok(), believed, "{before} keys before the right one");
        if let Err(error) = answer {
            assert!(matches!(error, VerifyError::Jws(JwsError::Signature { tried: 3, .. })), "{error}");
        }
    }
    let set = JwkSet::from_keys([es256().verifying_key()]);
    for kid in ["' OR 1=1 --", "../../dev/null", "\u{1b}[2J", &"k".repeat(5000)] {
        let token = signed(&json!({"alg": "ES256", "kid": kid}).to_string(), "{}");
        let error = jwt::verify::<Value>(&token, &set, &rules()).expect_err(kid);
        assert_eq!(error.check(), "key");
        let words = error.to_string();
        assert!(words.len() < 400 && !words.contains('\u{1b}'), "short and printable: {words}");
    }
}
