//! Registrations: §7.1.

use crate::support::{ALGORITHMS, Vector, expected, provider, replaced};
use vestibule_webauthn::{Attestation, CoseKey, Expected, Refusal, Registration, UserVerification, register};

#[test]
fn the_specifications_vectors_are_accepted() {
    assert_eq!(Vector::all().len(), 12);
    for vector in Vector::all() {
        let made = match vector.register() {
            Err(Refusal::Framed) if vector.framed() => continue,
            made => made.unwrap_or_else(|error| panic!("{}: {error}", vector.name)),
        };
        assert!(!vector.framed(), "{}", vector.name);
        assert_eq!(
            (made.id.as_slice(), made.aaguid.as_slice()),
            (&vector.id[..], &vector.aaguid[..]),
            "{}",
            vector.name
        );
        assert!(made.flags.user_present() && made.counter == 0);
        let stored = CoseKey::parse(provider(), made.key.as_bytes()).expect("what was stored is read again");
        assert_eq!(stored.algorithm(), made.key.algorithm());
        let known = match (vector.name.split('.').next().unwrap_or_default(), &made.attestation) {
            ("none", Attestation::None) | ("packed-self", Attestation::Own) => true,
            ("packed" | "fido-u2f", Attestation::Certified(chain)) => chain.len() == 1,
            ("apple", Attestation::Unverified(format)) => format == "apple",
            _ => false,
        };
        assert!(known, "{} has {:?}", vector.name, made.attestation);
        assert!(vector.name.starts_with(&vector.format), "{}", vector.name);
    }
}

#[test]
fn every_byte_of_a_certified_registration_counts() {
    for name in ["packed.ES256", "packed-self.ES256", "packed.EdDSA", "fido-u2f.ES256"] {
        let vector = Vector::named(name);
        // The certificate says more than is looked at here (its own signature, its serial); all else is signed.
        let object = &vector.object;
        let start = object.windows(8).position(|window| window == b"authData").expect("it stands there");
        for at in start + 11..object.len() {
            let mut changed = object.clone();
            changed[at] ^= 1;
            let outcome = vector.register_with(&changed, &vector.client_data);
            // U2F signs neither flags nor counter nor model (§8.6): the first 53 bytes behind the id's hash.
            let unsigned = name.starts_with("fido") && (start + 11 + 32..start + 11 + 53).contains(&at);
            assert!(outcome.is_err() || unsigned, "{name}: byte {at}");
        }
        for at in 0..vector.client_data.len() {
            let mut changed = vector.client_data.clone();
            changed[at] ^= 1;
            assert!(vector.register_with(object, &changed).is_err(), "{name}: client data, byte {at}");
        }
    }
}

#[test]
fn every_truncation_is_refused() {
    for vector in Vector::all() {
        for len in 0..vector.object.len() {
            assert!(vector.register_with(&vector.object[..len], &vector.client_data).is_err(), "{} {len}", vector.name);
        }
        let longer = [&vector.object[..], &[0]].concat();
        assert!(vector.register_with(&longer, &vector.client_data).is_err(), "{}", vector.name);
    }
}

#[test]
fn what_was_not_asked_for_is_refused() {
    let vector = Vector::named("none.ES256");
    let asked = |expected: Expected<'_>, algorithms: &[i64]| {
        let registration = Registration { client_data: &vector.client_data, attestation_object: &vector.object };
        register(provider(), &registration, algorithms, &expected).map(drop)
    };
    let right = expected(&vector.challenge);
    assert_eq!(asked(right, ALGORITHMS), Ok(()));
    assert_eq!(asked(Expected { challenge: &vector.get_challenge, ..right }, ALGORITHMS), Err(Refusal::Challenge));
    assert_eq!(asked(Expected { challenge: &[], ..right }, ALGORITHMS), Err(Refusal::Challenge));
    assert_eq!(asked(Expected { rp_id: "example.com", ..right }, ALGORITHMS), Err(Refusal::RelyingParty));
    let foreign = Refusal::Origin("https://example.org".into());
    for origins in [&["https://example.com"][..], &["https://example.org:8443"], &["http://example.org"], &[]] {
        assert_eq!(asked(Expected { origins, ..right }, ALGORITHMS), Err(foreign.clone()), "{origins:?}");
    }
    let required = Expected { verification: UserVerification::Required, ..right };
    assert_eq!(asked(required, ALGORITHMS), Err(Refusal::NotVerified));
    assert_eq!(asked(right, &[-257, -8]), Err(Refusal::Algorithm(-7)));
}

#[test]
fn client_data_are_held_to_their_form() {
    let vector = Vector::named("none.ES256");
    let with = |old: &str, new: &str| {
        let changed = replaced(&vector.client_data, old.as_bytes(), new.as_bytes());
        vector.register_with(&vector.object, &changed).map(drop)
    };
    assert!(matches!(with("webauthn.create", "webauthn.get"), Err(Refusal::Type { .. })));
    assert!(matches!(with("\"type\"", "\"Type\""), Err(Refusal::ClientData(_))));
    assert!(matches!(with("\"crossOrigin\":false", "\"crossOrigin\":0"), Err(Refusal::ClientData(_))));
    assert_eq!(with("\"crossOrigin\":false", "\"crossOrigin\":true"), Err(Refusal::Framed));
    assert_eq!(with("\"crossOrigin\":false", "\"topOrigin\":\"https://example.org\""), Err(Refusal::Framed));
    assert_eq!(with("\"crossOrigin\":false,", ""), Ok(()), "older browsers do not say it");
    assert!(
        matches!(with("{\"type\"", "{\"type\":\"webauthn.create\",\"type\""), Err(Refusal::ClientData(_))),
        "twice"
    );
    assert!(matches!(with("https://example.org", "https://example.org/"), Err(Refusal::Origin(_))));
    assert!(vector.register_with(&vector.object, b"[]").is_err());
    let long = [&b" ".repeat(20_000)[..], &vector.client_data].concat();
    assert!(matches!(vector.register_with(&vector.object, &long), Err(Refusal::ClientData(_))));
}

#[test]
fn keys_that_are_no_good_are_refused() {
    let vector = Vector::named("none.ES256");
    let with = |old: &[u8], new: &[u8]| {
        let changed = replaced(&vector.object, old, new);
        vector.register_with(&changed, &vector.client_data).map(drop)
    };
    // {1: 2, 3: -7, -1: 1, -2: x, -3: y}
    let head = [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20];
    let other = |at: usize, byte: u8| {
        let mut head = head;
        head[at] = byte;
        head
    };
    assert_eq!(with(&head, &other(4, 0x2f)), Err(Refusal::Algorithm(-16)));
    for (at, byte, why) in [(2, 0x03, "RSA"), (6, 0x02, "P-384"), (7, 0x23, "no x"), (4, 0x27, "EdDSA")] {
        let outcome = with(&head, &other(at, byte));
        assert!(matches!(outcome, Err(Refusal::Key(_) | Refusal::Cbor(_))), "{why}: {outcome:?}");
    }
    let x = &vector.object[vector.object.len() - 67..][..32];
    assert!(matches!(with(x, &[0; 32]), Err(Refusal::Key(_))), "a point that is not on the curve");
}

#[test]
fn an_attestation_must_be_what_it_says() {
    let none = Vector::named("none.ES256");
    let says = replaced(&none.object, b"gattStmt\xa0", b"gattStmt\xa1\x61x\x00");
    assert!(matches!(none.register_with(&says, &none.client_data), Err(Refusal::Attestation(_))));
    let foreign = replaced(&none.object, b"\x64none", b"\x65novel");
    let made = none.register_with(&foreign, &none.client_data).expect("carried");
    assert_eq!(made.attestation, Attestation::Unverified("novel".into()), "and not believed");
    let own = Vector::named("packed-self.ES256");
    let other = replaced(&own.object, b"calg\x26", b"calg\x27");
    assert!(matches!(own.register_with(&other, &own.client_data), Err(Refusal::Attestation(_))));
    let certified = Vector::named("packed.ES256");
    let maker = replaced(&certified.object, b"\x19Authenticator Attestation", b"\x19Authenticator attestation");
    assert!(matches!(certified.register_with(&maker, &certified.client_data), Err(Refusal::Attestation(_))));
}
