//! WebAuthn: nobody signs in without the credential's key, nobody is a maker's without the maker's, and what an
//! authenticator says decides. The same for what phones say of an app's key.
#![no_main]

#[path = "../../crates/webauthn/tests/it/maker.rs"]
#[allow(dead_code, reason = "the tests of `webauthn` need more of it")]
mod maker;

use std::sync::LazyLock;

use fuzz::{LIMITS, NOW, letter, lines, provider};
use jose::x509::Certificate;
use jose::{JwsAlgorithm, SigningKey, base64url};
use libfuzzer_sys::fuzz_target;
use maker::Maker;
use webauthn::{
    AndroidApp, AndroidKey, AppAttest, Assertion, Attestation, CoseKey, Credential, Expected, Flags, Protection,
    Registration, UserVerification, android_key, app_attest, assert as check, register, vouched,
};

fuzz_target!(|data: &[u8]| {
    let Some((letter, rest)) = letter(data) else { return };
    match letter {
        // The client data in a line, and the attestation object.
        b'r' => registration(rest),
        // The client data in a line, two bytes that say how long the authenticator data are, these, and the signature.
        b'a' => {
            let [client_data, rest] = lines(rest);
            let Some((len, rest)) = rest.split_first_chunk::<2>() else { return };
            let (data, signature) = rest.split_at(usize::from(u16::from_be_bytes(*len)).min(rest.len()));
            let assertion = Assertion { client_data, authenticator_data: data, signature, user_handle: None };
            let challenge = challenge(client_data);
            assert!(
                check(provider(), &assertion, &OURS.1, b"user", &expected(&challenge)).is_err(),
                "nobody had the key"
            );
        }
        // What an authenticator that has the key says: its flags, its counter, and whatever follows.
        b's' => said(rest),
        // A key.
        b'k' => {
            if let Ok(key) = CoseKey::parse(provider(), rest) {
                let again = CoseKey::parse(provider(), key.as_bytes()).expect("what was stored");
                assert_eq!((again.as_bytes(), again.algorithm(), again.alg()), (rest, key.algorithm(), key.alg()));
            }
        }
        // What a phone of Android's says of a key: the extension.
        b'd' => android(rest),
        // What Apple certifies: the authenticator data.
        b'p' => apple(rest),
        // An attestation object of Apple's, of which nobody has the key.
        b'o' => {
            let expected = AppAttest { anchors: &ANCHORS, ..of_apple(&[]) };
            assert!(app_attest(provider(), rest, &expected).is_err(), "nobody had the key");
        }
        _ => {}
    }
});

/// What is accepted is for this challenge and this app, and is no word of software's.
fn android(said: &[u8]) {
    let (maker, key, roots) = &*PHONE;
    let chain = maker.android_saying(key, said);
    let apps = [AndroidApp { package: "com.bank.app", digests: vec![[9; 32]] }];
    let point = maker::point(key);
    let asked = AndroidKey { point: &point, challenge: CHALLENGE, apps: &apps, anchors: roots, revoked: &[], now: NOW };
    let judged = |expected: &AndroidKey<'_>| android_key(provider(), &chain, expected);
    let held = match judged(&asked) {
        Ok(held) => held,
        Err(refusal) => return drop(refusal.to_string()),
    };
    assert!(held.protection >= Protection::TrustedEnvironment);
    for wrong in [
        AndroidKey { challenge: b"another", ..asked },
        AndroidKey { apps: &[], ..asked },
        AndroidKey { anchors: &ANCHORS, ..asked },
        AndroidKey { point: &[4; 65], ..asked },
    ] {
        assert!(judged(&wrong).is_err());
    }
}

/// What is accepted has the app's hash, a counter of zero and the number of production.
fn apple(data: &[u8]) {
    if data.len() > 0x8000 {
        return;
    }
    let (maker, key, roots) = &*PHONE;
    let object = maker.apple_saying(key, ("apple-appattest", CHALLENGE), data);
    let asked = of_apple(roots);
    if app_attest(provider(), &object, &asked).is_ok() {
        assert_eq!(data[..32], provider().sha256(APP.as_bytes()));
        assert_eq!((&data[33..37], &data[37..46]), (&[0; 4][..], &b"appattest"[..]));
        let wrong = AppAttest { client_data_hash: b"another", ..asked };
        assert!(app_attest(provider(), &object, &wrong).is_err());
    }
}

fn of_apple(anchors: &[Certificate]) -> AppAttest<'_> {
    AppAttest { client_data_hash: CHALLENGE, apps: &APPS, development: false, anchors, now: NOW }
}

/// A maker of phones, and a key whose point the seeds have.
static PHONE: LazyLock<(Maker, SigningKey, Vec<Certificate>)> = LazyLock::new(|| {
    let maker = Maker::new();
    let roots = vec![Certificate::from_der(&maker.root(), &LIMITS).expect("a certificate")];
    let pem = include_str!("../../crates/webauthn/tests/it/pki/authenticator.pem");
    let key = SigningKey::from_pem(provider(), pem, Some(JwsAlgorithm::ES256), &LIMITS).expect("a key");
    (maker, key, roots)
});
static APPS: LazyLock<Vec<String>> = LazyLock::new(|| vec![APP.to_owned()]);
const APP: &str = "ABCDE12345.com.bank.app";
const CHALLENGE: &[u8] = b"sixteen bytes or more";

fn registration(rest: &[u8]) {
    let [client_data, object] = lines(rest);
    let challenge = challenge(client_data);
    let registration = Registration { client_data, attestation_object: object };
    let registered = |expected: &Expected<'_>| register(provider(), &registration, ALGORITHMS, expected);
    let made = match registered(&expected(&challenge)) {
        Ok(made) => made,
        Err(refusal) => return drop(refusal.to_string()),
    };
    assert!((1..=1023).contains(&made.id.len()) && made.flags.user_present() && made.flags.user_verified());
    assert!(made.flags.backup_eligible() || !made.flags.backed_up());
    assert!(ALGORITHMS.contains(&made.key.algorithm()));
    let again = CoseKey::parse(provider(), made.key.as_bytes()).expect("what is stored is read");
    assert_eq!(again.algorithm(), made.key.algorithm());
    // The same answer is none to another question.
    let other = [&challenge[..], &[0]].concat();
    let asked = expected(&challenge);
    for wrong in [
        Expected { challenge: &other, ..asked },
        Expected { rp_id: "example.com", ..asked },
        Expected { origins: &["https://example.com"], ..asked },
    ] {
        assert!(registered(&wrong).is_err());
    }
    assert!(register(provider(), &registration, &[], &asked).is_err());
    // Nobody has the anchor's key.
    assert!(vouched(provider(), &made, &ANCHORS, NOW).is_err());
}

/// Accepted if, and only if, it is as §7.2 wants it.
fn said(rest: &[u8]) {
    let Some(([flags, c0, c1, c2, c3], more)) = rest.split_first_chunk::<5>() else { return };
    let client_data = br#"{"type":"webauthn.get","challenge":"AAAAAAAAAAAAAAAAAAAAAA","origin":"https://example.org"}"#;
    let data = [&provider().sha256(RP_ID.as_bytes())[..], &[*flags, *c0, *c1, *c2, *c3], more].concat();
    let message = [&data[..], &provider().sha256(client_data)].concat();
    let mut signature = OURS.0.sign(&message).expect("a signature");
    let challenge = [0; 16];
    let answer = |signature: &[u8]| {
        let assertion = Assertion { client_data, authenticator_data: &data, signature, user_handle: Some(b"user") };
        check(provider(), &assertion, &OURS.1, b"user", &expected(&challenge))
    };
    let seen = Flags::from_bits(*flags);
    let counter = u32::from_be_bytes([*c0, *c1, *c2, *c3]);
    let right = seen.user_present() && seen.user_verified() && !seen.backed_up() && !seen.backup_eligible();
    let answered = answer(&signature);
    match &answered {
        Ok(assured) => assert!(right && counter > COUNTER && assured.counter == counter && assured.flags == seen),
        // What follows is a credential or extensions, which the fuzzer must get right; without them nothing may stand there.
        Err(_) => assert!(!right || counter <= COUNTER || !more.is_empty() || *flags & 0xc0 != 0),
    }
    signature[usize::from(*c3) % 64] ^= 1;
    assert!(answer(&signature).is_err(), "a signature that is no signature");
}

fn expected(challenge: &[u8]) -> Expected<'_> {
    Expected { challenge, rp_id: RP_ID, origins: &["https://example.org"], verification: UserVerification::Required }
}

/// The one that the client data answer, so that the fuzzer need not guess it.
fn challenge(client_data: &[u8]) -> Vec<u8> {
    let object = jose::json::parse_object(client_data, &LIMITS).unwrap_or_default();
    let text = object.get("challenge").and_then(|challenge| challenge.as_str()).unwrap_or_default();
    base64url::decode(text).unwrap_or_default()
}

/// A credential, and the key that the fuzzer does not know.
static OURS: LazyLock<(SigningKey, Credential)> = LazyLock::new(|| {
    let key = SigningKey::generate(provider(), JwsAlgorithm::Ed25519).expect("a key");
    let jwk = key.public_jwk().expect("public");
    let x = base64url::decode(jwk["x"].as_str().expect("x")).expect("base64url");
    let cose = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], x.as_slice()].concat();
    let credential = Credential {
        id: b"id".to_vec(),
        key: CoseKey::parse(provider(), &cose).expect("a key"),
        counter: COUNTER,
        flags: Flags::from_bits(0x45),
        aaguid: [0; 16],
        attestation: Attestation::None,
    };
    (key, credential)
});

/// A maker whose key was thrown away.
static ANCHORS: LazyLock<Vec<Certificate>> = LazyLock::new(|| {
    let pem = include_str!("../../crates/webauthn/tests/it/pki/root.pem");
    Certificate::from_pem(pem, &LIMITS).expect("a certificate")
});

const RP_ID: &str = "example.org";
const COUNTER: u32 = 7;
const ALGORITHMS: &[i64] = &[-7, -8, -35, -36, -257];
