//! Attestation that leads to a maker: §7.1 steps 23 and 24, §8.2.1, RFC 5280 §6.1. The certificates are those that
//! `pki/make.sh` made.

use jose::x509::Certificate;
use jose::{JwsAlgorithm, Limits, SigningKey, base64url};
use vestibule_webauthn::{Attestation, Credential, Refusal, Registration, register, vouched};

use crate::maker::{bytes, in_der};
use crate::support::{ALGORITHMS, Vector, expected, provider};

macro_rules! pem {
    ($name:literal) => {
        include_str!(concat!("pki/", $name, ".pem"))
    };
}

/// What each certificate of `pki/make.sh` names.
const MODEL: [u8; 16] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const NOW: i64 = 1_793_610_000;
const CHALLENGE: &[u8] = b"sixteen bytes or more";

#[test]
fn a_maker_that_is_trusted_vouches_for_its_model() {
    for (chain, anchor) in [
        (&[pem!("direct")][..], pem!("root")),
        (&[pem!("by-middle"), pem!("middle")], pem!("root")),
        (&[pem!("by-middle"), pem!("middle"), pem!("root")], pem!("root")),
        (&[pem!("by-middle")], pem!("middle")),
        (&[pem!("by-rsa")], pem!("rsa")),
        // The certificate itself may be the anchor.
        (&[pem!("direct")], pem!("direct")),
    ] {
        let credential = made(chain, MODEL).expect("a registration");
        assert_eq!(vouched(provider(), &credential, &anchors(&[pem!("other"), anchor]), NOW), Ok(()), "{anchor}");
    }
}

#[test]
fn nobody_else_does() {
    let untrusted = "does not lead to a maker that is trusted";
    for (chain, anchor, why) in [
        (&[pem!("direct")][..], pem!("other"), untrusted),
        // It has the maker's name, and not its key.
        (&[pem!("by-other")], pem!("root"), untrusted),
        (&[pem!("by-other"), pem!("other")], pem!("root"), untrusted),
        (&[pem!("by-middle")], pem!("root"), untrusted),
        (&[pem!("by-middle"), pem!("rsa")], pem!("root"), untrusted),
        (&[pem!("by-leaf"), pem!("direct")], pem!("root"), "is by a certificate that may not sign others"),
        (&[pem!("by-leaf")], pem!("direct"), untrusted),
        (&[pem!("by-below"), pem!("below")], pem!("narrow"), untrusted),
        (&[pem!("old")], pem!("root"), "is by a certificate out of its time"),
        (&[pem!("strange")], pem!("root"), "is by a certificate with a critical extension that is not known here"),
        (&[pem!("unnamed")], pem!("root"), "is not certified for the model that it says it is (§8.2.1)"),
        (&[pem!("direct"); 7], pem!("root"), "has too long a chain of certificates"),
    ] {
        let credential = made(chain, MODEL).expect("a registration");
        assert_eq!(vouched(provider(), &credential, &anchors(&[anchor]), NOW), Err(Refusal::Untrusted(why)));
    }
    let credential = made(&[pem!("direct")], MODEL).expect("a registration");
    assert_eq!(vouched(provider(), &credential, &[], NOW), Err(Refusal::Untrusted(untrusted)));
    let (before, after) = (1_577_836_799, 4_102_444_800);
    for out_of_time in [before, after] {
        assert!(vouched(provider(), &credential, &anchors(&[pem!("root")]), out_of_time).is_err());
    }
}

/// The model is what the certificate names, and not what somebody says.
#[test]
fn a_model_is_not_merely_claimed() {
    let mut other = MODEL;
    other[15] ^= 1;
    let refused = made(&[pem!("direct")], other).map(drop);
    assert_eq!(refused, Err(Refusal::Attestation("is certified for another model (§8.2.1)")));
    let mut credential = made(&[pem!("direct")], MODEL).expect("a registration");
    credential.aaguid = other;
    assert!(vouched(provider(), &credential, &anchors(&[pem!("root")]), NOW).is_err());
    for attestation in [Attestation::None, Attestation::Own, Attestation::Unverified("tpm".into())] {
        let bare = Credential { attestation, aaguid: MODEL, ..credential.clone() };
        let why = Refusal::Untrusted("has no maker's certificate");
        assert_eq!(vouched(provider(), &bare, &anchors(&[pem!("root")]), NOW), Err(why));
    }
}

/// The specification's own certificates name no model (§16): whoever is trusted, they vouch for none.
#[test]
fn a_certificate_without_a_model_vouches_for_none() {
    for name in ["packed.ES256", "packed.EdDSA", "fido-u2f.ES256"] {
        let credential = Vector::named(name).register().expect("a registration");
        let Attestation::Certified(chain) = &credential.attestation else { panic!("{name}") };
        let own = [Certificate::from_der(&chain[0], &Limits::DEFAULT).expect("a certificate")];
        let why = Refusal::Untrusted("is not certified for the model that it says it is (§8.2.1)");
        assert_eq!(vouched(provider(), &credential, &own, own[0].not_before()), Err(why), "{name}");
    }
}

/// A changed certificate is nobody's.
#[test]
fn every_byte_of_a_certificate_counts() {
    let chain = [der(pem!("direct"))];
    let credential = made(&[pem!("direct")], MODEL).expect("a registration");
    let root = anchors(&[pem!("root")]);
    for at in 0..chain[0].len() {
        let mut changed = chain[0].clone();
        changed[at] ^= 1;
        let credential = Credential { attestation: Attestation::Certified(vec![changed]), ..credential.clone() };
        assert!(vouched(provider(), &credential, &root, NOW).is_err(), "byte {at}");
    }
}

fn der(pem: &str) -> Vec<u8> {
    Certificate::from_pem(pem, &Limits::DEFAULT).expect("a certificate")[0].der().to_vec()
}

fn anchors(pems: &[&str]) -> Vec<Certificate> {
    let read = |pem: &&str| Certificate::from_pem(pem, &Limits::DEFAULT).expect("a certificate").remove(0);
    pems.iter().map(read).collect()
}

/// A registration with the key of `authenticator.pem` and these certificates (§8.2), by an authenticator that says it is
/// this model.
fn made(chain: &[&str], model: [u8; 16]) -> Result<Credential, Refusal> {
    let key = SigningKey::generate(provider(), JwsAlgorithm::Ed25519).expect("a key");
    let jwk = key.public_jwk().expect("public");
    let x = base64url::decode(jwk["x"].as_str().expect("x")).expect("base64url");
    let cose = [&[0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20], x.as_slice()].concat();
    let rp = jose::sha256(crate::support::RP_ID.as_bytes());
    let data = [&rp[..], &[0x45, 0, 0, 0, 0], &model, &[0, 2], b"id", &cose].concat();
    let client_data = format!(
        r#"{{"type":"webauthn.create","challenge":"{}","origin":"https://example.org"}}"#,
        base64url::encode(CHALLENGE)
    );
    let pem = pem!("authenticator");
    let attesting = SigningKey::from_pem(provider(), pem, Some(JwsAlgorithm::ES256), &Limits::DEFAULT).expect("a key");
    let signed = [&data[..], &jose::sha256(client_data.as_bytes())].concat();
    let signature = in_der(&attesting.sign(&signed).expect("a signature"));
    let x5c: Vec<u8> = chain.iter().flat_map(|pem| bytes(&der(pem))).collect();
    let count = 0x80 | u8::try_from(chain.len()).expect("a few");
    let object = [
        b"\xa3\x63fmt\x66packed\x67attStmt\xa3\x63alg\x26\x63sig",
        &bytes(&signature)[..],
        b"\x63x5c",
        &[count],
        &x5c,
        b"\x68authData",
        &bytes(&data),
    ]
    .concat();
    let registration = Registration { client_data: client_data.as_bytes(), attestation_object: &object };
    register(provider(), &registration, ALGORITHMS, &expected(CHALLENGE))
}
