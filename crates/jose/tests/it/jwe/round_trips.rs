//! Every key management algorithm with every content encryption, in every form.

use serde_json::json;
use vestibule_jose::alg::{ContentEncryption, KeyManagement};
use vestibule_jose::jwe::{self, Encrypter, JsonEncrypter, Options, Placement};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};

use super::support::{anything, keys, open};
use crate::support::{LIMITS, provider};

/// All but RSA1_5, which is not written.
fn pairs() -> impl Iterator<Item = (KeyManagement, ContentEncryption, DecryptionKey, EncryptionKey)> {
    let algs = KeyManagement::ALL.iter().filter(|alg| **alg != KeyManagement::Rsa15);
    algs.flat_map(|alg| ContentEncryption::ALL.iter().map(move |enc| (*alg, *enc))).flat_map(|(alg, enc)| {
        keys(alg, enc).into_iter().map(move |key| {
            let theirs = key.encryption_key().expect("the other half").with_alg(alg).expect("its algorithm");
            (alg, enc, key, theirs)
        })
    })
}

#[test]
fn every_algorithm_with_every_encryption_in_every_form() {
    let options = Options::default().p2c(1000).typ("example").member("x", json!("y"));
    for (alg, enc, key, theirs) in pairs() {
        for length in [0, 1, 15, 16, 17, 1000] {
            let plaintext = vec![0x61; length];
            let encrypter = Encrypter::new(theirs.clone(), enc, &options).expect("a header");
            let token = encrypter.encrypt(provider(), &plaintext).expect("a token");
            assert_eq!(token.capacity(), token.len(), "{alg} {enc}: one allocation, as long as it will be");
            let opened = open(&token, &key).unwrap_or_else(|error| panic!("{alg} {enc} {length}: {error}"));
            assert_eq!(opened.plaintext(), plaintext, "{alg} {enc}");
            assert_eq!((opened.header().alg(), opened.header().enc()), (Some(alg), Some(enc)));
            assert_eq!((opened.header().kid(), opened.header().typ()), (key.kid(), Some("example")));
            assert!(opened.header().is_protected("x"));
        }
        for placement in [Placement::Protected, Placement::PerRecipient, Placement::Shared, Placement::Unprotected] {
            let message = JsonEncrypter::new(enc, &options).recipient(theirs.clone()).placement(placement);
            for aad in [&b""[..], b"in clear"] {
                let message = message.clone().aad(aad);
                for token in [message.flattened(provider(), b"text"), message.general(provider(), b"text")] {
                    let opened = open(&token.expect("a token"), &key).expect("opened");
                    assert_eq!(opened.plaintext(), b"text");
                    assert_eq!(opened.aad(), if aad.is_empty() { None } else { Some(aad) });
                    let protected = placement == Placement::Protected;
                    assert_eq!(opened.header().is_protected("alg"), protected, "{placement:?}");
                    assert_eq!(opened.header().is_protected("enc"), placement != Placement::Unprotected);
                }
            }
        }
    }
}

/// RFC 7516 §7.2.1: one content, a key for each.
#[test]
fn several_recipients_of_all_sorts_open_the_same() {
    let enc = ContentEncryption::A192CbcHs384;
    let options = Options::default().p2c(1000);
    let all: Vec<_> = pairs().filter(|(alg, with, ..)| !alg.is_direct() && *with == enc).collect();
    let mut message = JsonEncrypter::new(enc, &options).unprotected("cty", json!("text/plain"));
    let limits = vestibule_jose::Limits { recipients: all.len(), attempts: 100, ..LIMITS };
    for (.., theirs) in &all {
        message = message.recipient(theirs.clone());
    }
    let token = message.general(provider(), b"for all").expect("a token");
    for (alg, _, key, _) in &all {
        let opened = jwe::decrypt_json(provider(), &token, key, &anything().limits(limits));
        let opened = opened.unwrap_or_else(|error| panic!("{alg}: {error}"));
        assert_eq!((opened.plaintext(), opened.header().cty()), (&b"for all"[..], Some("text/plain")));
        assert!(!opened.header().is_protected("cty"));
    }
    assert!(message.flattened(provider(), b"for all").is_err(), "the flattened form has one recipient");
}

#[test]
fn what_was_compressed_comes_back() {
    let key = DecryptionKey::from_secret(&[7; 16], None, None).expect("a key");
    let options = Options::default().deflate();
    for length in [0, 1, 63, 64, 65, 5000, LIMITS.inflated_bytes] {
        let plaintext = vec![0x61; length];
        let theirs = key.encryption_key().expect("the other half");
        let token = jwe::encrypt(provider(), &theirs, ContentEncryption::A128Gcm, &options, &plaintext);
        let token = token.expect("a token");
        assert!(token.len() < 700, "it was compressed");
        assert_eq!(open(&token, &key).expect("opened").plaintext(), plaintext, "{length}");
    }
}

#[test]
fn claims_are_encrypted_as_json() {
    let key = DecryptionKey::from_secret(&[7; 16], None, None).expect("a key");
    let encrypter = Encrypter::new(
        key.encryption_key().expect("the other half"),
        ContentEncryption::A128CbcHs256,
        &Options::default().typ("JWT").member("iss", json!("a")),
    );
    let encrypter = encrypter.expect("a header");
    let claims = json!({"iss": "a", "exp": 1});
    let token = encrypter.encrypt_claims(provider(), &claims).expect("a token");
    let opened = open(&token, &key).expect("opened");
    assert_eq!(serde_json::Value::Object(opened.claims(&LIMITS).expect("claims")), claims);
    assert_eq!(opened.header().members()["iss"], "a", "RFC 7519 §5.3");
    assert!(encrypter.encrypt_claims(provider(), &json!(["no object"])).is_err());
    let bytes = encrypter.encrypt(provider(), br#"{"a":1,"a":2}"#).expect("a token");
    assert_eq!(open(&bytes, &key).expect("opened").claims(&LIMITS).expect_err("twice").check(), "claims");
}
