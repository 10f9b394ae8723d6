//! Keys for encryption: what they are made of, and what their JWK forbids (RFC 7517 §4, RFC 7518 §6).

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, EncryptError, EncryptionKeySet, JsonEncrypter, Options, Placement};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey, KeyError};
use vestibule_jose::provider::{Curve, KeySpec};

use super::support::{decryption, encryption, open, rsa};
use crate::support::{LIMITS, es256, provider, with};

#[test]
fn use_key_ops_and_alg_are_obeyed() {
    let public = json!({"kty": "OKP", "crv": "X25519", "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"});
    let secret = json!({"kty": "oct", "k": "GawgguFyGrWKav7AX4VKUg"});
    let refused = |jwk: Value| (refuse_encryption(&jwk), refuse_decryption(&jwk));
    for jwk in [&public, &secret] {
        assert_eq!(encryption(&with(jwk, "use", json!("enc"))).algs(), encryption(jwk).algs());
        for purpose in ["sig", "ENC", ""] {
            let error = refuse_encryption(&with(jwk, "use", json!(purpose)));
            assert_eq!(error, KeyError::Usage { member: "use", operation: "encryption" });
        }
        for ops in [json!([]), json!(["sign", "verify"])] {
            let error = refuse_encryption(&with(jwk, "key_ops", ops));
            assert_eq!(error, KeyError::Usage { member: "key_ops", operation: "encryption" });
        }
        for alg in ["HS256", "none", "", "ES256", "x"] {
            assert_eq!(refuse_encryption(&with(jwk, "alg", json!(alg))), KeyError::NotForEncryption(alg.into()));
        }
        assert!(matches!(refuse_encryption(&with(jwk, "alg", json!("RSA-OAEP"))), KeyError::KeyManagement { .. }));
        for ops in [json!("wrapKey"), json!([1]), json!(["wrapKey", "wrapKey"])] {
            assert!(matches!(refuse_encryption(&with(jwk, "key_ops", ops)), KeyError::Member { .. }));
        }
    }
    // Each operation opens its own algorithms (§4.3).
    let ops = |names: Value| with(&secret, "key_ops", names);
    assert_eq!(encryption(&ops(json!(["wrapKey"]))).algs(), [K::A128Kw, K::A128GcmKw]);
    assert_eq!(encryption(&ops(json!(["encrypt"]))).algs(), [K::Dir]);
    assert_eq!(decryption(&ops(json!(["unwrapKey"]))).algs(), [K::A128Kw, K::A128GcmKw]);
    let one_way = decryption(&ops(json!(["decrypt"])));
    assert_eq!(one_way.algs(), [K::Dir]);
    assert!(one_way.encryption_key().is_none(), "the same secret may not encrypt");
    let (encrypt, decrypt) = refused(ops(json!(["deriveKey"])));
    assert!(matches!((encrypt, decrypt), (KeyError::Usage { .. }, KeyError::Usage { .. })));
    assert_eq!(encryption(&with(&public, "key_ops", json!(["deriveBits"]))).algs().len(), 4);
}

#[test]
fn sorts_of_keys_serve_their_algorithms() {
    let public = |private: &DecryptionKey| Value::Object(private.public_jwk().expect("public"));
    for (spec, algs) in [
        (KeySpec::Ec(Curve::P256), 4),
        (KeySpec::Ec(Curve::P384), 4),
        (KeySpec::Ec(Curve::P521), 4),
        (KeySpec::X25519, 4),
    ] {
        let key = DecryptionKey::generate_from(provider(), K::EcdhEs, spec).expect("a key");
        assert_eq!(key.algs(), [K::EcdhEs]);
        let mut jwk = public(&key);
        assert_eq!((&jwk["alg"], &jwk["use"]), (&json!("ECDH-ES"), &json!("enc")));
        jwk.as_object_mut().expect("a JWK").remove("alg");
        let theirs = encryption(&jwk);
        assert_eq!((theirs.algs().len(), theirs.kid()), (algs, key.kid()));
        assert_eq!(theirs.alg(), K::EcdhEsA256Kw, "the one that also serves several recipients");
    }
    let rsa = decryption(rsa());
    assert_eq!(rsa.encryption_key().expect("public").alg(), K::RsaOaep256);
    assert_eq!((rsa.algs().len(), rsa.encryption_key().expect("public").algs().len()), (5, 4));
    // Keys that only sign.
    let secp256k1 = DecryptionKey::generate_from(provider(), K::EcdhEs, KeySpec::Ec(Curve::Secp256k1));
    assert!(matches!(secp256k1, Err(KeyError::CannotEncrypt(_))));
    let ed25519 = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    assert!(matches!(refuse_encryption(&ed25519), KeyError::CannotEncrypt(_)));
    for length in [0, 1, 15, 17, 33, 65, 128] {
        let jwk = json!({"kty": "oct", "k": vestibule_jose::base64url::encode(vec![7; length])});
        assert!(matches!(refuse_encryption(&jwk), KeyError::CannotEncrypt(_)), "{length}");
    }
    for (length, algs) in [(16, 3), (24, 3), (32, 3), (48, 1), (64, 1)] {
        assert_eq!(EncryptionKey::from_secret(&vec![7; length], None, None).expect("a key").algs().len(), algs);
    }
    assert!(EncryptionKey::from_secret(&[7; 16], Some(K::A256Kw), None).is_err(), "of another length");
    assert!(EncryptionKey::from_password(b"", None).is_err());
    let password = json!({"kty": "oct", "alg": "PBES2-HS256+A128KW", "k": "cGFzc3dvcmQ"});
    assert_eq!(encryption(&password).algs(), [K::Pbes2Hs256A128Kw]);
    let bound = encryption(&json!({"kty": "oct", "alg": "A128GCM", "k": "GawgguFyGrWKav7AX4VKUg"}));
    assert!(bound.allows_content(C::A128Gcm) && !bound.allows_content(C::A256Gcm));
    assert!(!refuse_encryption(&json!({"kty": "oct", "alg": "A256GCM", "k": "AAAA"})).to_string().is_empty());
}

/// Points off their curve, short moduli and private halves in public places.
#[test]
fn what_is_unsound_is_refused() {
    let jwk =
        Value::Object(DecryptionKey::generate(provider(), K::EcdhEs).expect("a key").public_jwk().expect("public"));
    let other =
        Value::Object(DecryptionKey::generate(provider(), K::EcdhEs).expect("a key").public_jwk().expect("public"));
    assert!(matches!(refuse_encryption(&with(&jwk, "y", other["y"].clone())), KeyError::Provider(_)));
    let private: Value = serde_json::from_str(
        &DecryptionKey::generate(provider(), K::EcdhEs).expect("a key").private_jwk().expect("JWK"),
    )
    .expect("JSON");
    assert_eq!(refuse_encryption(&private), KeyError::Private("d"));
    assert!(matches!(refuse_decryption(&with(&private, "y", other["y"].clone())), KeyError::Provider(_)));
    assert!(matches!(refuse_decryption(&with(&private, "d", other["x"].clone())), KeyError::Provider(_)));
    assert_eq!(refuse_decryption(&jwk), KeyError::Missing("d"));
    let short = json!({"kty": "RSA", "e": "AQAB", "n": vestibule_jose::base64url::encode([0xc1; 128])});
    assert!(matches!(refuse_encryption(&short), KeyError::Weak(_)));
    assert!(DecryptionKey::generate(provider(), K::Pbes2Hs256A128Kw).is_err());
}

/// What was exported is the same key again; a password is not exported.
#[test]
fn keys_come_out_as_they_went_in() {
    for alg in [K::RsaOaep512, K::EcdhEsA192Kw, K::A192Kw, K::A256GcmKw, K::Dir] {
        let key = match alg {
            K::RsaOaep512 => decryption(&with(rsa(), "alg", json!("RSA-OAEP-512"))),
            alg => DecryptionKey::generate(provider(), alg).expect("a key"),
        };
        let text = key.private_jwk().expect("a JWK");
        let again = DecryptionKey::from_jwk(provider(), text.as_bytes(), &LIMITS).expect("the same key");
        assert_eq!((again.algs(), again.kid()), ([alg].as_slice(), key.kid()));
        let enc = C::A256Gcm;
        let theirs = key.encryption_key().expect("the other half");
        let token = jwe::encrypt(provider(), &theirs, enc, &Options::default(), b"text").expect("a token");
        assert_eq!(open(&token, &again).expect("opened").plaintext(), b"text");
        if !key.is_symmetric() {
            let der = key.to_pkcs8_der().expect("PKCS#8");
            let again = DecryptionKey::from_pkcs8_der(provider(), &der, Some(alg)).expect("the same key");
            assert_eq!(open(&token, &again).expect("a key without a name is tried too").plaintext(), b"text");
        }
        for shown in [format!("{key:?}"), format!("{theirs:?}")] {
            let private: Value = serde_json::from_str(&text).expect("JSON");
            for member in ["d", "k", "p"] {
                if let Some(secret) = private[member].as_str() {
                    assert!(!shown.contains(secret), "{shown}");
                }
            }
        }
    }
    assert!(DecryptionKey::from_password(b"password", None).expect("a password").private_jwk().is_none());
}

/// PEM texts, whatever they are for: the caller says.
#[test]
fn pem_texts_are_read() {
    let limits = &LIMITS;
    let private = include_str!("../pem/rsa_pkcs8.pem");
    let key = DecryptionKey::from_pem(provider(), private, None, limits).expect("a private key");
    let ec = DecryptionKey::from_pem(provider(), include_str!("../pem/ec_sec1.pem"), Some(K::EcdhEs), limits);
    for key in [key, ec.expect("a private key")] {
        let theirs = key.encryption_key().expect("the other half");
        let token = jwe::encrypt(provider(), &theirs, C::A128Gcm, &Options::default(), b"text").expect("a token");
        assert_eq!(open(&token, &key).expect("opened").plaintext(), b"text");
    }
    let public = include_str!("../pem/ec_spki.pem");
    assert_eq!(EncryptionKey::from_pem(provider(), public, None, limits).expect("a key").alg(), K::EcdhEsA256Kw);
    assert!(EncryptionKey::from_pem(provider(), private, None, limits).is_err());
    assert!(DecryptionKey::from_pem(provider(), public, None, limits).is_err());
    assert!(EncryptionKey::from_pem(provider(), include_str!("../pem/ed25519_spki.pem"), None, limits).is_err());
}

/// RFC 7517 §5: what is not for encryption is passed over.
#[test]
fn a_set_gives_the_key_that_encrypts() {
    let for_enc = DecryptionKey::generate(provider(), K::EcdhEsA128Kw).expect("a key");
    let keys = json!({"keys": [
        es256().public_jwk().expect("public"),
        {"kty": "oct", "k": "GawgguFyGrWKav7AX4VKUg"},
        for_enc.public_jwk().expect("public"),
        with(&json!(for_enc.public_jwk()), "kid", json!("second")),
    ]});
    let set = EncryptionKeySet::parse(provider(), keys.to_string().as_bytes(), &LIMITS).expect("a set");
    assert_eq!((set.keys().len(), set.skipped().len()), (2, 2));
    assert_eq!(set.skipped()[1].reason, KeyError::SymmetricInSet);
    let alg = K::EcdhEsA128Kw;
    let chosen = set.choose(Some("second"), &[K::RsaOaep, alg]).expect("a key");
    assert_eq!((chosen.kid(), chosen.alg()), (Some("second"), alg));
    assert_eq!(set.choose(None, &[alg]).expect("a key").kid(), for_enc.kid());
    assert!(set.choose(Some("third"), &[alg]).is_none() && set.choose(None, &[K::EcdhEs]).is_none());
}

/// With a `kid` only keys of that name are tried, then those without one.
#[test]
fn the_kid_chooses_among_keys() {
    let named = |kid: &str, byte| DecryptionKey::from_secret(&[byte; 16], Some(K::A128Kw), Some(kid.into()));
    let keys: Vec<_> = [("a", 1), ("b", 2), ("c", 3)].map(|(kid, byte)| named(kid, byte).expect("a key")).into();
    let theirs = keys[1].encryption_key().expect("the other half");
    let token = jwe::encrypt(provider(), &theirs, C::A128Gcm, &Options::default(), b"text").expect("a token");
    let rules = super::support::anything();
    assert_eq!(jwe::decrypt(provider(), &token, &keys, &rules).expect("opened").header().kid(), Some("b"));
    let others = [keys[0].clone(), keys[2].clone()];
    let refused = jwe::decrypt(provider(), &token, &others[..], &rules).expect_err("no such key");
    assert_eq!(refused.to_string(), "key: none serves A128KW with kid \"b\"");
    let nameless = DecryptionKey::from_secret(&[2; 16], None, None).expect("a key");
    assert!(jwe::decrypt(provider(), &token, &[others[0].clone(), nameless][..], &rules).is_ok());
}

#[test]
fn what_cannot_be_written_is_refused() {
    let wrap = EncryptionKey::from_secret(&[7; 16], Some(K::A128Kw), None).expect("a key");
    let direct = EncryptionKey::from_secret(&[7; 16], Some(K::Dir), None).expect("a key");
    let make = |key: &EncryptionKey, enc, options: &Options<'_>| jwe::encrypt(provider(), key, enc, options, b"text");
    for name in ["alg", "enc", "zip", "kid", "crit", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c", "typ", "cty"] {
        let options = Options::default().member(name, json!("x"));
        assert!(matches!(make(&wrap, C::A128Gcm, &options), Err(EncryptError::Header(found)) if found == name));
    }
    let none = Options::default();
    assert!(matches!(make(&direct, C::A256Gcm, &none), Err(EncryptError::Content(C::A256Gcm))));
    assert!(matches!(make(&wrap, C::A128Gcm, &Options::default().p2c(0)), Err(EncryptError::Rounds)));
    let json = |options| JsonEncrypter::new(C::A128Gcm, options);
    let made = |message: JsonEncrypter<'_>| message.general(provider(), b"text");
    assert!(matches!(made(json(&none)), Err(EncryptError::Recipients(_))));
    let both = json(&none).recipient(wrap.clone()).recipient(direct);
    assert!(matches!(made(both), Err(EncryptError::OneRecipient(K::Dir))), "RFC 7518 §4.5");
    for placement in [Placement::Protected, Placement::Shared, Placement::Unprotected] {
        let two = json(&none).recipient(wrap.clone()).recipient(wrap.clone()).placement(placement);
        assert!(matches!(made(two), Err(EncryptError::Recipients(_))));
    }
    let deflate = Options::default().deflate();
    let unprotected = json(&deflate).recipient(wrap.clone()).placement(Placement::Unprotected);
    assert!(matches!(made(unprotected), Err(EncryptError::Header(_))), "RFC 7516 §4.1.3");
    let typ = Options::default().typ("a").member("x", json!(1));
    for name in ["alg", "enc", "zip", "crit", "typ", "x"] {
        let twice = json(&typ).recipient(wrap.clone()).unprotected(name, json!("b"));
        assert!(matches!(made(twice), Err(EncryptError::Header(_))), "{name}");
    }
}

fn refuse_encryption(jwk: &Value) -> KeyError {
    EncryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect_err("refused")
}

fn refuse_decryption(jwk: &Value) -> KeyError {
    DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect_err("refused")
}
