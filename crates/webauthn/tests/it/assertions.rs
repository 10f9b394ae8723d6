//! Assertions: §7.2.

use crate::support::{Vector, expected, provider};
use vestibule_webauthn::{Assertion, Assured, Credential, Expected, Refusal, UserVerification, assert};

const USER: &[u8] = b"user-1";

fn used(vector: &Vector, assertion: &Assertion<'_>, credential: &Credential) -> Result<Assured, Refusal> {
    assert(provider(), assertion, credential, USER, &expected(&vector.get_challenge))
}

#[test]
fn the_specifications_vectors_are_accepted() {
    for vector in Vector::all().iter().filter(|vector| !vector.framed()) {
        let credential = vector.register().expect("a credential");
        let assured = used(vector, &vector.assertion(), &credential);
        let assured = assured.unwrap_or_else(|error| panic!("{}: {error}", vector.name));
        assert!(assured.flags.user_present() && assured.counter == 0);
        // A key of another vector does not do.
        for other in Vector::all().iter().filter(|other| !other.framed() && other.name != vector.name) {
            let mut foreign = other.register().expect("a credential");
            foreign.flags = credential.flags;
            assert_eq!(used(vector, &vector.assertion(), &foreign), Err(Refusal::Signature), "{}", other.name);
        }
    }
}

#[test]
fn every_bit_counts() {
    for name in ["none.ES256", "packed.ES384", "packed.ES512", "packed.RS256", "packed.EdDSA"] {
        let vector = Vector::named(name);
        let credential = vector.register().expect("a credential");
        let right = vector.assertion();
        for (part, bytes) in [(0, right.client_data), (1, right.authenticator_data), (2, right.signature)] {
            for at in 0..bytes.len() * 8 {
                let mut changed = bytes.to_vec();
                changed[at / 8] ^= 1 << (at % 8);
                let assertion = match part {
                    0 => Assertion { client_data: &changed, ..right },
                    1 => Assertion { authenticator_data: &changed, ..right },
                    _ => Assertion { signature: &changed, ..right },
                };
                assert!(used(vector, &assertion, &credential).is_err(), "{name}: part {part}, bit {at}");
            }
        }
        for len in 0..right.signature.len() {
            let shorter = Assertion { signature: &right.signature[..len], ..right };
            assert_eq!(used(vector, &shorter, &credential), Err(Refusal::Signature));
        }
    }
}

#[test]
fn the_same_person_must_answer_the_same_party() {
    let vector = Vector::named("none.ES256");
    let credential = vector.register().expect("a credential");
    let right = vector.assertion();
    let own = Assertion { user_handle: Some(USER), ..right };
    assert!(used(vector, &own, &credential).is_ok());
    for handle in [&b"user-2"[..], b""] {
        let foreign = Assertion { user_handle: Some(handle), ..right };
        assert_eq!(used(vector, &foreign, &credential), Err(Refusal::User));
    }
    let asked = expected(&vector.get_challenge);
    let used = |expected: Expected<'_>| assert(provider(), &right, &credential, USER, &expected);
    assert_eq!(used(Expected { challenge: &vector.challenge, ..asked }), Err(Refusal::Challenge));
    assert_eq!(used(Expected { rp_id: "org", ..asked }), Err(Refusal::RelyingParty));
    assert_eq!(used(Expected { verification: UserVerification::Required, ..asked }), Err(Refusal::NotVerified));
    // The answer to a registration is none to a sign-in.
    let other = Assertion { client_data: &vector.client_data, ..right };
    let outcome = assert(provider(), &other, &credential, USER, &expected(&vector.challenge));
    assert!(matches!(outcome, Err(Refusal::Type { .. })));
}

/// §6.1.1 and §7.2 step 22, with an authenticator that counts; the vectors' do not.
#[test]
fn a_counter_that_does_not_go_up_tells_of_a_copy() {
    let key = jose::SigningKey::generate(provider(), jose::JwsAlgorithm::Ed25519).expect("a key");
    let vector = Vector::named("packed.EdDSA");
    let mut credential = vector.register().expect("a credential");
    let jwk = key.public_jwk().expect("public");
    let x = jose::base64url::decode(jwk["x"].as_str().expect("x")).expect("base64url");
    let cose = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], x.as_slice()].concat();
    credential.key = vestibule_webauthn::CoseKey::parse(provider(), &cose).expect("a key");
    let answer = |counter: u32| {
        let mut data = vector.data.clone();
        data[33..37].copy_from_slice(&counter.to_be_bytes());
        let message = [&data[..], &provider().sha256(&vector.get_client_data)].concat();
        (data, key.sign(&message).expect("a signature"))
    };
    for (stored, found, fine) in [(0, 0, true), (0, 1, true), (7, 8, true), (7, 7, false), (7, 6, false), (7, 0, false)]
    {
        credential.counter = stored;
        let (data, signature) = answer(found);
        let assertion = Assertion { authenticator_data: &data, signature: &signature, ..vector.assertion() };
        match used(vector, &assertion, &credential) {
            Ok(assured) => assert!(fine && assured.counter == found, "{stored} to {found}"),
            Err(error) => assert_eq!((error, fine), (Refusal::Cloned { stored, found }, false)),
        }
    }
}
