//! Wycheproof's X25519 and X448 on JWKs: 531 and 523 tests.
//!
//! What is «acceptable» there and refused here: an agreed secret of zeros (RFC 7748 §6.1, RFC 8037 §3.2.1), and with it
//! the points that lead to nothing else. Everything else that is valid or acceptable agrees. X448 agrees on nothing here:
//! its keys are read, converted and refused by the same rules.

use serde_json::Value;
use vestibule_jose::jwk::{Jwk, KeyError, KeyMaterial, PemForm};
use vestibule_jose::provider::{ProviderError, PublicMaterial};
use wycheproof_ng_dh::xdh::{Test, TestFlag, TestName, TestSet};

use super::parse;
use crate::support::{LIMITS, provider};

fn tests(name: TestName) -> Vec<Test> {
    TestSet::load(name).expect("the file").test_groups.into_iter().flat_map(|group| group.tests).collect()
}

fn ends_in_zeros(test: &Test) -> bool {
    test.flags.contains(&TestFlag::ZeroSharedSecret)
}

fn agree(test: &Test) -> Result<Vec<u8>, KeyError> {
    let (private, public) = (parse(&test.private_key)?, parse(&test.public_key)?);
    let KeyMaterial::Private(private) = private.material() else { panic!("a private key") };
    let peer = public.public_material().ok_or(KeyError::Missing("x"))?;
    Ok(provider().agreement_key(private)?.agree(peer)?.to_vec())
}

#[test]
fn x25519_agrees_as_it_must() {
    let tests = tests(TestName::X25519Jwk);
    assert_eq!(tests.len(), 531);
    let mut refused = 0;
    for test in &tests {
        let answer = agree(test);
        if test.result.must_fail() || ends_in_zeros(test) {
            assert!(answer.is_err(), "{}: {}", test.tc_id, test.comment);
            refused += 1;
        } else {
            assert_eq!(answer.as_deref(), Ok(&test.shared_secret[..]), "{}: {}", test.tc_id, test.comment);
        }
    }
    assert_eq!(refused, 13 + 31);
}

/// The points that end in zeros are refused where they are read, not only where they are used.
#[test]
fn points_that_end_in_zeros_are_not_read() {
    for test in tests(TestName::X25519Jwk).iter().filter(|test| ends_in_zeros(test)) {
        let Value::Object(_) = &test.public_key else { panic!("a JWK") };
        assert!(matches!(parse(&test.public_key), Err(KeyError::Weak(_))), "{}", test.tc_id);
    }
}

#[test]
fn x448_is_read_and_converted_and_agrees_on_nothing() {
    let tests = tests(TestName::X448Jwk);
    assert_eq!(tests.len(), 523);
    for test in &tests {
        let public = parse(&test.public_key).and_then(|key| match key.public_material() {
            Some(PublicMaterial::X448 { .. }) => Ok(key),
            _ => Err(KeyError::UnknownCurve("another".into())),
        });
        let sound = !test.result.must_fail() && !ends_in_zeros(test);
        assert_eq!(public.is_ok(), sound, "{}: {} {public:?}", test.tc_id, test.comment);
        let private = parse(&test.private_key).expect("a private key");
        let KeyMaterial::Private(material) = private.material() else { panic!("a private key") };
        assert_eq!(provider().agreement_key(material).map(drop), Err(ProviderError::KeyRejected));
        let Ok(public) = public else { continue };
        let text = public.to_pem(PemForm::Spki).expect("PEM");
        let again = Jwk::from_pem(provider(), &text, None, &LIMITS).expect("its own PEM");
        assert_eq!(again.public_material(), public.public_material());
    }
}
