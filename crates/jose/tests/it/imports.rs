//! PEM and DER as OpenSSL writes them. The keys are those of RFC 7515 A.2 and A.3 and RFC 8037 A.1.

use vestibule_jose::jwk::{Jwk, KeyError, NewKey, Pbes2};
use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey};

use crate::support::{LIMITS, ed25519, es256, provider, rs256};

const RSA_PKCS8: &str = include_str!("pem/rsa_pkcs8.pem");
const RSA_PKCS1: &str = include_str!("pem/rsa_pkcs1.pem");
const RSA_SPKI: &str = include_str!("pem/rsa_spki.pem");
const RSA_PKCS1_PUBLIC: &str = include_str!("pem/rsa_pkcs1_public.pem");
const EC_PKCS8: &str = include_str!("pem/ec_pkcs8.pem");
/// With `EC PARAMETERS` in front.
const EC_SEC1: &str = include_str!("pem/ec_sec1.pem");
const EC_SPKI: &str = include_str!("pem/ec_spki.pem");
const ED25519_PKCS8: &str = include_str!("pem/ed25519_pkcs8.pem");
const ED25519_SPKI: &str = include_str!("pem/ed25519_spki.pem");

fn signs(text: &str, alg: Option<JwsAlgorithm>) -> Result<SigningKey, String> {
    SigningKey::from_pem(provider(), text, alg, &LIMITS).map_err(|error| error.to_string())
}

fn verifies(text: &str, alg: Option<JwsAlgorithm>) -> Result<VerifyingKey, String> {
    VerifyingKey::from_pem(provider(), text, alg, &LIMITS).map_err(|error| error.to_string())
}

/// RFC 5958, RFC 8017 §A.1.2, RFC 5915.
#[test]
fn private_keys_are_the_same_in_every_form() {
    for (text, jwk) in [
        (RSA_PKCS8, rs256()),
        (RSA_PKCS1, rs256()),
        (EC_PKCS8, es256()),
        (EC_SEC1, es256()),
        (ED25519_PKCS8, ed25519()),
    ] {
        for text in [text.to_owned(), text.replace('\n', "\r\n"), format!("Bag Attributes\n  x: y\n{text}\n\n")] {
            let key = signs(&text, None).expect("a key");
            assert_eq!((key.private_jwk(), key.kid()), (jwk.private_jwk(), jwk.kid()), "{text}");
        }
    }
    assert_eq!(signs(RSA_PKCS8, Some(JwsAlgorithm::PS384)).expect("a key").alg(), JwsAlgorithm::PS384);
    let error = signs(EC_PKCS8, Some(JwsAlgorithm::ES384)).expect_err("P-256");
    assert_eq!(error, "ES384 does not go with this key (EC on P-256)");
}

/// RFC 5280 §4.1.2.7, RFC 8017 §A.1.1.
#[test]
fn public_keys_are_the_same_in_every_form() {
    for (text, key) in [(RSA_SPKI, rs256()), (RSA_PKCS1_PUBLIC, rs256()), (EC_SPKI, es256()), (ED25519_SPKI, ed25519())]
    {
        let public = verifies(text, None).expect("a key");
        assert_eq!((public.thumbprint(), public.kid()), (key.kid(), None));
        assert!(public.verify(key.alg(), b"message", &key.sign(b"message").expect("signed")));
    }
    let bound = verifies(RSA_SPKI, Some(JwsAlgorithm::PS256)).expect("a key");
    assert_eq!(bound.algs().collect::<Vec<_>>(), [JwsAlgorithm::PS256]);
    assert!(verifies(RSA_SPKI, Some(JwsAlgorithm::HS256)).is_err());
}

#[test]
fn what_is_no_such_key_is_refused_in_words() {
    let private = |text: &str, words: &str| {
        let error = signs(text, None).expect_err(words);
        assert!(error.contains(words), "{error}");
    };
    private(EC_SPKI, "a private key is needed");
    private(include_str!("pem/ec_encrypted.pem"), "encrypted; its password is needed");
    private(include_str!("pem/ec_sec1_encrypted.pem"), "keys encrypted that way are not read");
    private(&format!("{EC_PKCS8}{RSA_PKCS8}"), "more than one PEM block");
    private("words", "no PEM block");
    private("", "no PEM block");
    private(&EC_PKCS8.replace("PRIVATE KEY", "X509 CRL"), "nothing that is read here as a key");
    private(&EC_PKCS8.replace("-----END PRIVATE KEY-----", ""), "has no end");
    private(&EC_PKCS8.replace("END PRIVATE", "END PUBLIC"), "different labels");
    private(&EC_PKCS8.replace("PRIVATE KEY", "RSA PRIVATE KEY"), "DER");
    private(&RSA_PKCS1.replace("RSA PRIVATE KEY", "PRIVATE KEY"), "DER");

    let public = |text: &str, words: &str| {
        let error = verifies(text, None).expect_err(words);
        assert!(error.contains(words), "{error}");
    };
    public(EC_PKCS8, "a public key is needed");
    public(include_str!("pem/rsa_1024_spki.pem"), "shorter than 2048 bits");

    assert!(verifies(include_str!("pem/secp256k1_spki.pem"), None).expect("a key").allows(JwsAlgorithm::ES256K));

    let tight = Limits { key_bytes: EC_SPKI.len() - 1, ..LIMITS };
    assert!(VerifyingKey::from_pem(provider(), EC_SPKI, None, &tight).is_err());
    let exact = Limits { key_bytes: EC_SPKI.len(), ..LIMITS };
    assert!(VerifyingKey::from_pem(provider(), EC_SPKI, None, &exact).is_ok());
}

/// The padding of what a wrong password makes is right once in 256 times: that is no other error (RFC 8018 §6.2.2).
#[test]
fn a_wrong_password_is_always_said_to_be_one() {
    let key = Jwk::generate(provider(), NewKey::Ed25519).expect("a key");
    let how = Pbes2 { iterations: 1, ..Pbes2::default() };
    let pem = key.to_encrypted_pem(provider(), b"right", &how).expect("PEM");
    for n in 0..4000 {
        let error = Jwk::from_pem(provider(), &pem, Some(format!("wrong-{n}").as_bytes()), &LIMITS).expect_err("wrong");
        assert!(matches!(error, KeyError::Password(_)), "{n}: {error}");
    }
    assert!(Jwk::from_pem(provider(), &pem, Some(b"right"), &LIMITS).is_ok());
}

/// No document that lacks a byte, has one too many or says another length is read, and none stops the process.
#[test]
fn der_is_read_to_the_byte() {
    for key in [es256(), ed25519(), rs256()] {
        let der = key.to_pkcs8_der().expect("PKCS#8");
        let read = |document: &[u8]| SigningKey::from_pkcs8_der(provider(), document, key.alg());
        read(&der).expect("the control");
        for len in 0..der.len() {
            assert!(read(&der[..len]).is_err(), "{len} of {} bytes", der.len());
        }
        assert!(read(&[&der, &[0][..]].concat()).is_err(), "a byte behind");
        for place in 0..40 {
            let mut changed = der.to_vec();
            changed[place] ^= 0x40;
            if let Ok(other) = read(&changed) {
                assert_ne!(other.private_jwk(), key.private_jwk(), "byte {place} means nothing");
            }
        }
    }
}
