//! RSA1_5: off unless it is switched on, and then without an oracle (RFC 7516 §11.5, RFC 7518 §8.3).

use std::collections::BTreeSet;

use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, DecryptError, Encrypter, Options, Rules};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};

use super::support::{anything, rsa};
use crate::support::scripted::Scripted;
use crate::support::wycheproof::{Case, each};
use crate::support::{LIMITS, provider};

/// Wycheproof's paddings: no block, another type, too short, an empty message, a key of the wrong length, a wrong key.
/// The answers, and what was done for them, are the same.
#[test]
fn every_padding_looks_the_same() {
    let mut seen = BTreeSet::new();
    let mut tests = 0;
    each(|case| {
        let padding = case.test.flags.iter().any(|flag| format!("{flag:?}") == "ModifiedPkcs15Padding");
        let Some(token) = case.test.jwe.as_ref().filter(|_| padding && case.test.result.must_fail()) else { return };
        let counter = Scripted::default();
        let jwk = case.group.private_key.as_ref().expect("a key").to_string();
        let key = DecryptionKey::from_jwk(&counter, jwk.as_bytes(), &LIMITS).expect("a key");
        let refused = jwe::decrypt(&counter, &Case::text(token), &key, &anything()).expect_err("refused");
        assert_eq!(refused, DecryptError::Decryption, "{}", case.name());
        seen.insert((counter.count("random"), counter.count("decrypt"), counter.count("open_gcm"), counter.work()));
        tests += 1;
    });
    assert_eq!(tests, 8);
    assert_eq!(seen, BTreeSet::from([(1, 1, 1, 3)]), "one random key, one decryption, one try, whatever came out");
}

#[test]
fn it_is_off_unless_switched_on() {
    let token = Case::text(&valid());
    let key = super::support::decryption(&valid_key());
    assert!(jwe::decrypt(provider(), &token, &key, &anything()).is_ok());
    let counter = Scripted::default();
    let refused = jwe::decrypt(&counter, &token, &key, &Rules::new(K::ALL, C::ALL)).expect_err("switched off");
    assert_eq!((refused.check(), counter.work()), ("alg", 0));
    assert!(!refused.to_string().contains("or RSA1_5"), "{refused}");
    // Switched on alone does not allow it.
    let refused = jwe::decrypt(provider(), &token, &key, &Rules::new(&[K::RsaOaep], C::ALL).accept_rsa1_5());
    assert_eq!(refused.expect_err("not allowed").check(), "alg");
}

#[test]
fn it_is_never_written() {
    let mut jwk = rsa().clone();
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        jwk.as_object_mut().expect("a JWK").remove(name);
    }
    let key = super::support::encryption(&jwk);
    assert!(key.with_alg(K::Rsa15).is_err());
    assert!(!key.algs().contains(&K::Rsa15));
    jwk["alg"] = "RSA1_5".into();
    assert!(EncryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).is_err());
    let mut private = rsa().clone();
    private["alg"] = "RSA1_5".into();
    assert!(super::support::decryption(&private).encryption_key().is_none());
    let oaep = Encrypter::new(key, C::A128Gcm, &Options::default()).expect("a header");
    assert_eq!(oaep.key().alg(), K::RsaOaep256);
}

fn valid() -> serde_json::Value {
    find(|case| case.test.jwe.clone())
}

fn valid_key() -> serde_json::Value {
    find(|case| case.group.private_key.clone())
}

fn find(take: impl Fn(&Case<'_>) -> Option<serde_json::Value>) -> serde_json::Value {
    let mut found = None;
    each(|case| {
        if case.group.group_comment == "jwe_rsa1_5" && !case.test.result.must_fail() && found.is_none() {
            found = take(case);
        }
    });
    found.expect("a valid test")
}
