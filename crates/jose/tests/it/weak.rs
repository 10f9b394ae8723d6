//! Keys that are weak, broken or not what they say.

use serde_json::{Value, json};
use vestibule_jose::jwk::KeyError;
use vestibule_jose::provider::{Curve, PublicMaterial};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use crate::support::{LIMITS, ed25519, es256, provider, rs256, with};

fn verifies(jwk: &Value) -> Result<VerifyingKey, KeyError> {
    VerifyingKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS)
}

fn signs(jwk: &Value) -> Result<SigningKey, KeyError> {
    SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS)
}

fn public(key: &SigningKey) -> Value {
    Value::Object(key.public_jwk().expect("public"))
}

fn private(key: &SigningKey) -> Value {
    serde_json::from_str(&key.private_jwk()).expect("JSON")
}

fn modulus() -> Vec<u8> {
    base64url::decode(public(&rs256())["n"].as_str().expect("a string")).expect("base64url")
}

/// RFC 7518 §3.3 (2048 bits or more), §2 (no leading zeros); an odd exponent above 1 (RFC 8017 §3.1).
#[test]
fn weak_rsa_keys_are_refused() {
    let shorter = |mask: u8| [&[modulus()[0] & mask], &modulus()[1..]].concat();
    let of_bytes = |len: usize| modulus().into_iter().cycle().take(len - 1).chain([1]).collect::<Vec<_>>();
    for (member, number, words) in [
        ("n", of_bytes(128), "shorter than 2048 bits"),
        ("n", of_bytes(255), "shorter than 2048 bits"),
        ("n", shorter(0x7f), "shorter than 2048 bits"),
        ("n", vec![], "shorter than 2048 bits"),
        ("n", of_bytes(1025), "longer than 8192 bits"),
        ("n", [&modulus()[..255], &[2][..]].concat(), "modulus is even"),
        ("n", [&[0], &modulus()[..]].concat(), "leading zeros"),
        ("e", vec![], "1 or 0, so anybody can sign"),
        ("e", vec![1], "1 or 0, so anybody can sign"),
        ("e", vec![0], "leading zeros"),
        ("e", vec![0, 1, 0, 1], "leading zeros"),
        ("e", vec![2], "exponent is even"),
        ("e", vec![1, 0, 0], "exponent is even"),
        ("e", vec![2, 0, 0, 0, 1], "longer than 33 bits"),
        ("e", modulus(), "longer than 33 bits"),
    ] {
        for jwk in [public(&rs256()), private(&rs256())] {
            let jwk = with(&jwk, member, base64url::encode(&number).into());
            let error = if jwk.get("d").is_some() { signs(&jwk).map(drop) } else { verifies(&jwk).map(drop) };
            let error = error.expect_err(words);
            assert!(matches!(error, KeyError::Weak(found) if found.contains(words)), "{member} {number:?}: {error}");
        }
    }
    for e in [&[3][..], &[1, 0, 1], &[1, 0, 0, 0, 1]] {
        verifies(&with(&public(&rs256()), "e", base64url::encode(e).into())).expect("sound");
    }
}

/// A point that is not on its curve leaks the other side's key and verifies what nobody signed (SEC 1 §3.2.2.1).
#[test]
fn points_lie_on_their_curve() {
    let ec = public(&es256());
    let field = "_____wAAAAEAAAAAAAAAAAAAAAD_______________8";
    for (x, y) in [
        (ec["x"].clone(), ec["x"].clone()),
        (ec["y"].clone(), ec["x"].clone()),
        (json!(base64url::encode([0; 32])), json!(base64url::encode([0; 32]))),
        (json!(base64url::encode([0xff; 32])), ec["y"].clone()),
        (json!(field), ec["y"].clone()),
        (ec["x"].clone(), json!(base64url::encode([1; 32]))),
    ] {
        let error = verifies(&with(&with(&ec, "x", x), "y", y)).expect_err("off the curve");
        assert!(matches!(error, KeyError::Provider(_)), "{error}");
    }
    // Compressed, the provider would take it; JWK has no such form (RFC 7518 §6.2.1).
    let point = match es256().verifying_key().material() {
        Some(PublicMaterial::Ec { point, .. }) => point.clone(),
        _ => panic!("an EC key"),
    };
    for point in [[&[2 + point[64] % 2], &point[1..33]].concat(), point[..64].to_vec(), point[1..].to_vec(), vec![]] {
        let material = PublicMaterial::Ec { curve: Curve::P256, point };
        assert!(matches!(VerifyingKey::public(provider(), material, None, None), Err(KeyError::Encoding(_))));
    }
    let p384 = SigningKey::generate(provider(), JwsAlgorithm::ES384).expect("a key");
    assert!(matches!(verifies(&with(&public(&p384), "y", public(&p384)["x"].clone())), Err(KeyError::Provider(_))));
}

/// Under a point of small order a signature holds for messages that nobody signed.
#[test]
fn ed25519_points_of_small_order_are_refused() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let handle = provider().public_key(JwsAlgorithm::EdDSA, &PublicMaterial::Ed25519 { x: neutral }).expect("a handle");
    assert!(handle.verify(b"whatever", &[neutral, [0; 32]].concat()), "what the rule is for");

    for hex in [
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    ] {
        let mut point = (0..64).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex"));
        let mut point: [u8; 32] = std::array::from_fn(|_| point.next().expect("32 bytes"));
        for sign in [0, 0x80] {
            point[31] ^= sign;
            let error = verifies(&with(&public(&ed25519()), "x", base64url::encode(point).into())).expect_err(hex);
            assert!(matches!(error, KeyError::Weak(_)), "{hex}: {error}");
        }
    }
}

/// RFC 7518 §3.2: a secret is as long as the hash or longer.
#[test]
fn short_secrets_are_refused() {
    for (alg, needed) in [(JwsAlgorithm::HS256, 32), (JwsAlgorithm::HS384, 48), (JwsAlgorithm::HS512, 64)] {
        for (len, sound) in [(0, false), (needed - 1, false), (needed, true), (200, true)] {
            let secret = vec![7; len];
            let jwk = json!({"kty": "oct", "k": base64url::encode(&secret), "alg": alg});
            let answers = [
                signs(&jwk).map(drop),
                verifies(&jwk).map(drop),
                SigningKey::from_secret(provider(), &secret, alg).map(drop),
                VerifyingKey::from_secret(provider(), &secret, alg).map(drop),
            ];
            let expected = if sound { Ok(()) } else { Err(KeyError::ShortSecret { alg, found: len, needed }) };
            assert!(answers.iter().all(|answer| *answer == expected), "{alg} {len}: {answers:?}");
        }
    }
    // Without `alg` a secret serves what it is long enough for.
    let of = |len| verifies(&json!({"kty": "oct", "k": base64url::encode(vec![7; len])}));
    assert!(matches!(of(31), Err(KeyError::ShortSecret { alg: JwsAlgorithm::HS256, found: 31, needed: 32 })));
    assert_eq!(of(40).expect("a secret").algs().collect::<Vec<_>>(), [JwsAlgorithm::HS256]);
    assert_eq!(of(64).expect("a secret").algs().count(), 3);
    assert!(SigningKey::from_secret(provider(), &[7; 64], JwsAlgorithm::ES256).is_err());
}

/// RFC 7518 §6.2.2 and §6.3.2, RFC 8037 §2: the private half must belong to the public one.
#[test]
fn halves_belong_together() {
    let foreign = |alg| private(&SigningKey::generate(provider(), alg).expect("a key"));
    for (key, alg) in [(es256(), JwsAlgorithm::ES256), (ed25519(), JwsAlgorithm::EdDSA)] {
        let error = signs(&with(&private(&key), "d", foreign(alg)["d"].clone())).expect_err("another's half");
        assert!(matches!(error, KeyError::Provider(_)), "{alg}: {error}");
    }
    for member in ["d", "p", "q", "dp", "dq", "qi"] {
        let rsa = private(&rs256());
        let mut number = base64url::decode(rsa[member].as_str().expect("a string")).expect("base64url");
        *number.last_mut().expect("bytes") ^= 2;
        let error = signs(&with(&rsa, member, base64url::encode(number).into())).expect_err(member);
        assert!(matches!(error, KeyError::Provider(_)), "{member}: {error}");
        let mut without = rsa.clone();
        without.as_object_mut().expect("an object").remove(member);
        assert_eq!(signs(&without).map(drop), Err(KeyError::Missing(member)));
    }
    assert!(signs(&with(&private(&rs256()), "oth", json!([]))).is_err());
    let order = "_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE";
    for d in [base64url::encode([0; 32]), order.to_owned(), base64url::encode([0xff; 32])] {
        assert!(signs(&with(&private(&es256()), "d", d.into())).is_err(), "a scalar out of range");
    }
}
