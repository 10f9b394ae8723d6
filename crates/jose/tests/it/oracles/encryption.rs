//! JWE: every pair of algorithms that both sides have, on every curve, in every form, encrypted by one and opened by the
//! other; and tokens that are signed, then encrypted.

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, JsonEncrypter, Options, Placement};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};
use vestibule_jose::jwt::{self, HeaderExtras};
use vestibule_jose::provider::{Curve, KeySpec};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use super::{Chance, FORMS, Peer, public, signing_key, without};
use crate::jwe::support::anything;
use crate::support::{LIMITS, NOW, provider};

/// What each lacks: panva/jose has no RSA1_5, joserfc no OAEP with SHA-384 and SHA-512.
fn lacks(peer: &str, alg: K) -> bool {
    match peer {
        "joserfc" => matches!(alg, K::RsaOaep384 | K::RsaOaep512),
        _ => alg == K::Rsa15,
    }
}

/// A private key as its JWK, or a password as base64url.
fn keys(chance: &mut Chance, alg: K, enc: C) -> Vec<Value> {
    let read = |key: DecryptionKey| -> Value {
        let jwk = serde_json::from_str(&key.private_jwk().expect("a JWK")).expect("JSON");
        without(jwk, &["kid", "use", "key_ops"])
    };
    let one = match alg {
        K::Dir => read(DecryptionKey::generate_for(&chance.provider, enc).expect("a key")),
        K::RsaOaep | K::RsaOaep256 | K::RsaOaep384 | K::RsaOaep512 | K::Rsa15 => chance.rsa().clone(),
        K::EcdhEs | K::EcdhEsA128Kw | K::EcdhEsA192Kw | K::EcdhEsA256Kw => {
            let specs = [Curve::P256, Curve::P384, Curve::P521].map(KeySpec::Ec).into_iter().chain([KeySpec::X25519]);
            let make = |spec| DecryptionKey::generate_from(&chance.provider, alg, spec).expect("a key");
            return specs.map(|spec| read(make(spec))).collect();
        }
        alg if alg.is_password_based() => base64url::encode([chance.bytes(30), vec![7; 16]].concat()).into(),
        alg => read(DecryptionKey::generate(&chance.provider, alg).expect("a key")),
    };
    vec![one]
}

fn decrypting(key: &Value, alg: K) -> DecryptionKey {
    match key {
        Value::String(password) => {
            DecryptionKey::from_password(&base64url::decode(password).expect("base64url"), Some(alg))
                .expect("a password")
        }
        jwk => DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key"),
    }
}

fn encrypting(key: &Value, alg: K) -> EncryptionKey {
    decrypting(key, alg).encryption_key().expect("the other half").with_alg(alg).expect("its algorithm")
}

#[test]
#[ignore = "needs Node and Python with packages; cargo xtask test --only clients runs it"]
fn what_is_encrypted_opens_both_ways() {
    let mut chance = Chance::new();
    for mut peer in Peer::all() {
        let (name, mut seen) = (peer.name, 0);
        for alg in K::ALL.iter().copied().filter(|alg| !lacks(name, *alg)) {
            for enc in C::ALL.iter().copied() {
                for key in keys(&mut chance, alg, enc) {
                    for form in FORMS {
                        let plaintext = chance.bytes(300);
                        if alg != K::Rsa15 {
                            ours_to_theirs(&mut chance, &mut peer, (alg, enc, form), &key, &plaintext);
                        }
                        theirs_to_ours(&mut chance, &mut peer, (alg, enc, form), &key, &plaintext);
                        seen += 1;
                    }
                }
            }
        }
        assert!(seen >= 29 * C::ALL.len() * FORMS.len(), "{}: {seen}", peer.name);
    }
}

fn ours_to_theirs(chance: &mut Chance, peer: &mut Peer, (alg, enc, form): (K, C, &str), key: &Value, plaintext: &[u8]) {
    let theirs = encrypting(key, alg);
    let mut options = Options::default();
    if alg.is_password_based() {
        options = options.p2c(1000);
    }
    // panva/jose decompresses nothing.
    if peer.name == "joserfc" && chance.below(2) == 0 {
        options = options.deflate();
    }
    let json = JsonEncrypter::new(enc, &options).recipient(theirs.clone());
    let token = match form {
        "compact" => jwe::encrypt(provider(), &theirs, enc, &options, plaintext),
        "flattened" => json
            .placement(*chance.one(&[Placement::Protected, Placement::PerRecipient]))
            .flattened(provider(), plaintext),
        _ => json.general(provider(), plaintext),
    };
    let token = token.expect("encrypted");
    let (alg, enc) = (alg.as_str(), enc.as_str());
    let request = json!({"op": "decrypt", "alg": alg, "enc": enc, "form": form, "token": token, "key": key});
    assert_eq!(peer.must(&request), base64url::encode(plaintext), "{request}");
}

fn theirs_to_ours(chance: &mut Chance, peer: &mut Peer, (alg, enc, form): (K, C, &str), key: &Value, plaintext: &[u8]) {
    let theirs = if key.is_string() || key["kty"] == "oct" { key.clone() } else { public(key) };
    let request = json!({
        "op": "encrypt", "alg": alg.as_str(), "enc": enc.as_str(), "form": form, "key": theirs,
        "payload": base64url::encode(plaintext), "zip": peer.name == "joserfc" && chance.below(2) == 0
    });
    let token = peer.must(&request);
    let token = without_empty_key(token.as_str().expect("text"), form);
    let token = token.as_str();
    let key = decrypting(key, alg);
    let opened = match form {
        "compact" => jwe::decrypt(provider(), token, &key, &anything()),
        _ => jwe::decrypt_json(provider(), token, &key, &anything()),
    };
    let opened = opened.unwrap_or_else(|error| panic!("{token} of {}: {error}; {request}", peer.name));
    assert_eq!(opened.plaintext(), plaintext, "{request}");
}

/// joserfc writes an empty `encrypted_key`, which RFC 7516 §7.2.1 wants left out, and which we refuse.
fn without_empty_key(token: &str, form: &str) -> String {
    if form == "compact" {
        return token.to_owned();
    }
    let mut json: Value = serde_json::from_str(token).expect("JSON");
    let clean = |one: &mut Value| {
        let members = one.as_object_mut().expect("an object");
        if members.get("encrypted_key") == Some(&json!("")) {
            members.remove("encrypted_key");
        }
    };
    clean(&mut json);
    json["recipients"].as_array_mut().into_iter().flatten().for_each(clean);
    if json["recipients"].is_null() {
        json = without(json, &["recipients"]);
    }
    json.to_string()
}

/// RFC 7519 §5.2, with panva/jose.
#[test]
#[ignore = "needs Node with packages; cargo xtask test --only clients runs it"]
fn what_is_signed_and_encrypted_is_believed_both_ways() {
    let mut chance = Chance::new();
    let mut peer = Peer::panva();
    for round in 0..30 {
        let signing_alg =
            *chance.one(&[JwsAlgorithm::ES256, JwsAlgorithm::EdDSA, JwsAlgorithm::RS256, JwsAlgorithm::HS512]);
        let alg = *chance.one(&[K::RsaOaep256, K::EcdhEsA256Kw, K::A128Kw, K::Dir]);
        let enc = *chance.one(C::ALL);
        let signing = signing_key(&chance, signing_alg);
        let all = keys(&mut chance, alg, enc);
        let key = chance.one(&all).clone();
        let claims = json!({"sub": format!("user {round}"), "n": chance.below(1000)});

        let signer = SigningKey::from_jwk(provider(), signing.to_string().as_bytes(), &LIMITS).expect("a key");
        let signed = jwt::sign(&signer, &HeaderExtras::typ("JWT"), &claims).expect("signed");
        let ours = jwt::nest(provider(), &signed, &encrypting(&key, alg), enc, &Options::default()).expect("nested");
        let (signing_alg, algs) = (signing_alg.as_str(), [signing_alg]);
        let open = json!({
            "op": "open", "token": ours, "signing": {"alg": signing_alg, "key": public(&signing)},
            "encrypting": {"alg": alg.as_str(), "enc": enc.as_str(), "key": key}
        });
        assert_eq!(peer.must(&open), claims);

        let theirs = if key["kty"] == "oct" { key.clone() } else { public(&key) };
        let token = peer.must(&json!({
            "op": "nest", "claims": claims, "signing": {"alg": signing_alg, "key": signing},
            "encrypting": {"alg": alg.as_str(), "enc": enc.as_str(), "key": theirs}
        }));
        let verifying = public(&signing).to_string();
        let verifying = VerifyingKey::from_jwk(provider(), verifying.as_bytes(), &LIMITS).expect("a key");
        let rules = jwt::Rules::new(NOW, &algs);
        let token = token.as_str().expect("text");
        let verified =
            jwt::verify_nested::<Value>(provider(), token, &decrypting(&key, alg), &anything(), &verifying, &rules);
        assert_eq!(verified.expect("verified").claims(), &claims);
    }
}
