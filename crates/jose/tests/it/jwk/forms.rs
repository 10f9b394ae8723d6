//! PEM under a password, and what it must not cost.

use vestibule_jose::alg::Hash;
use vestibule_jose::jwk::{AesSize, Jwk, KeyError, NewKey, Pbes2, PemForm};
use vestibule_jose::pem;
use vestibule_jose::provider::Curve;

use super::json;
use crate::support::{LIMITS, provider};

fn read(text: &str, password: Option<&[u8]>) -> Result<Jwk, KeyError> {
    Jwk::from_pem(provider(), text, password, &LIMITS)
}

/// RFC 8018 §6.2, RFC 5958 §3.
#[test]
fn what_is_encrypted_comes_back_with_its_password_alone() {
    let key = Jwk::generate(provider(), NewKey::Ec(Curve::P256)).expect("a key");
    for hash in Hash::ALL.iter().copied() {
        for cipher in AesSize::ALL.iter().copied() {
            let how = Pbes2 { hash, cipher, iterations: 3 };
            let text = key.to_encrypted_pem(provider(), b"a password", &how).expect("PEM");
            assert!(text.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"), "{}", text.as_str());
            assert_eq!(json(&read(&text, Some(b"a password")).expect("the key")), json(&key), "{how:?}");
            assert_ne!(
                text,
                key.to_encrypted_pem(provider(), b"a password", &how).expect("PEM"),
                "salt and IV are new"
            );
            assert!(matches!(read(&text, None), Err(KeyError::Password(words)) if words.contains("is needed")));
            for wrong in [&b""[..], b"a passwore", b"A password", b"a password\n"] {
                assert!(matches!(read(&text, Some(wrong)), Err(KeyError::Password(_) | KeyError::Encoding(_))));
            }
        }
    }
    assert!(matches!(key.to_encrypted_pem(provider(), b"", &Pbes2::default()), Err(KeyError::Password(_))));
    let public = key.public().expect("public");
    assert!(matches!(public.to_encrypted_pem(provider(), b"x", &Pbes2::default()), Err(KeyError::NoForm(_))));
}

/// The number of iterations is bounded before any is done.
#[test]
fn a_file_does_not_cost_minutes() {
    let key = Jwk::generate(provider(), NewKey::Ed25519).expect("a key");
    for iterations in [0, Pbes2::MAX_ITERATIONS + 1, u32::MAX] {
        let how = Pbes2 { iterations, ..Pbes2::default() };
        assert!(matches!(key.to_encrypted_pem(provider(), b"x", &how), Err(KeyError::Password(_))), "{iterations}");
    }
    let how = Pbes2 { iterations: 0x01_23_45, ..Pbes2::default() };
    let text = key.to_encrypted_pem(provider(), b"x", &how).expect("PEM");
    let mut der = pem::parse(&text, &LIMITS).expect("a block")[0].der.to_vec();
    let at = der.windows(5).position(|window| window == [2, 3, 0x01, 0x23, 0x45]).expect("the iterations");
    der[at + 2] = 0x7f;
    let error = read(&pem::encode("ENCRYPTED PRIVATE KEY", &der), Some(b"x")).expect_err("too many");
    assert!(error.to_string().contains("more than 2,000,000"), "{error}");
}

/// No document that lacks a byte or has one too many is read, and none stops the process.
#[test]
fn encrypted_der_is_read_to_the_byte() {
    let key = Jwk::generate(provider(), NewKey::Ed25519).expect("a key");
    let how = Pbes2 { iterations: 1, ..Pbes2::default() };
    let text = key.to_encrypted_pem(provider(), b"x", &how).expect("PEM");
    let der = pem::parse(&text, &LIMITS).expect("a block")[0].der.to_vec();
    let open = |der: &[u8]| read(&pem::encode("ENCRYPTED PRIVATE KEY", der), Some(b"x"));
    open(&der).expect("the control");
    for len in 0..der.len() {
        assert!(open(&der[..len]).is_err(), "{len}");
    }
    assert!(open(&[&der[..], &[0]].concat()).is_err());
    // From the IV on a change changes what comes out, which may still be a key: PBES2 proves nothing.
    let iv = der.windows(2).rposition(|window| window == [4, 16]).expect("the IV");
    for place in 0..iv {
        let mut changed = der.clone();
        changed[place] ^= 0x01;
        assert!(open(&changed).map_or(true, |other| json(&other) != json(&key)), "byte {place} means nothing");
    }
}

/// RFC 7468 §2: lines of 64, and nothing of the password or the key in what a log may show.
#[test]
fn pem_has_lines_of_64() {
    for len in [0, 1, 47, 48, 49, 96, 1000] {
        let text = pem::encode("A LABEL", &vec![0xa5; len]);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!((lines[0], lines[lines.len() - 1]), ("-----BEGIN A LABEL-----", "-----END A LABEL-----"));
        assert!(lines[1..lines.len() - 1].iter().rev().skip(1).all(|line| line.len() == 64));
        assert_eq!(pem::parse(&text, &LIMITS).expect("a block")[0].der.as_slice(), vec![0xa5; len]);
        assert!(text.ends_with("-----\n") && text.capacity() == text.len(), "nothing grew");
    }
    let key = Jwk::generate(provider(), NewKey::Ed25519).expect("a key");
    assert_eq!(
        key.to_pem(PemForm::Spki).expect("PEM"),
        key.public().expect("public").to_pem(PemForm::Spki).expect("PEM")
    );
}
