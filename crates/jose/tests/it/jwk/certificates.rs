//! The certificates that come with a key (RFC 7517 §4.7 to §4.9).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use vestibule_jose::provider::PublicMaterial;
use vestibule_jose::x509::Certificate;
use vestibule_jose::{Limits, VerifyingKey, base64url, pem};

use super::{json as written, key, parse, rfc7517};
use crate::support::{provider, with};

fn der() -> Vec<u8> {
    STANDARD.decode(rfc7517("B")["x5c"][0].as_str().expect("text")).expect("base64")
}

/// RFC 7517 appendix B.
#[test]
fn the_example_of_appendix_b_is_read() {
    let jwk = rfc7517("B");
    let own = key(&jwk);
    assert_eq!(written(&own), jwk);
    let certificate = Certificate::from_der(&own.certificates()[0], &Limits::DEFAULT).expect("a certificate");
    assert_eq!(certificate.subject().to_string(), "C=US, ST=CO, L=Denver, O=Ping Identity Corp., CN=Brian Campbell");
    assert_eq!((certificate.not_before(), certificate.not_after()), (1_361_489_355, 1_534_285_755));
    assert_eq!(certificate.signature_algorithm(), "sha1WithRSAEncryption");
    assert_eq!((certificate.version(), certificate.extensions().len(), certificate.is_self_issued()), (3, 0, true));
    assert_eq!(certificate.serial(), [1, 0x3c, 0xff, 0x16, 0xe2, 0xe2]);
    let text = pem::encode("CERTIFICATE", &der());
    let verifying = VerifyingKey::from_pem(provider(), &text, None, &Limits::DEFAULT).expect("a key");
    assert_eq!(verifying.material(), own.public_material());
}

/// §4.7: the first certificate holds this very key; §4.8 and §4.9: a thumbprint beside it is its own.
#[test]
fn certificates_belong_to_their_key() {
    let jwk = rfc7517("B");
    let certificate = Certificate::from_der(&der(), &Limits::DEFAULT).expect("a certificate");
    let sha256 = base64url::encode(certificate.sha256(provider()));
    let sha1 = base64url::encode(certificate.sha1(provider()));
    let good = with(&with(&jwk, "x5t#S256", json!(sha256)), "x5t", json!(sha1));
    assert_eq!(written(&key(&good)), good);
    let other = with(&rfc7517("RSA"), "x5c", jwk["x5c"].clone());
    let oct = with(&rfc7517("oct")[1], "x5c", jwk["x5c"].clone());
    let chain = |value: Value| with(&jwk, "x5c", value);
    for (jwk, words) in [
        (other, "holds this key"),
        (oct, "holds this key"),
        (with(&jwk, "x5t#S256", json!(base64url::encode([7; 32]))), "x5t#S256 is not that of the first"),
        (with(&jwk, "x5t", json!(base64url::encode([7; 20]))), "x5t is not that of the first"),
        (with(&jwk, "x5t#S256", json!(base64url::encode([7; 31]))), "SHA-256 in base64url"),
        (with(&jwk, "x5t", json!(7)), "not a string"),
        (chain(json!([])), "array of certificates"),
        (chain(json!("MIID")), "array of certificates"),
        (chain(json!([7])), "array of certificates"),
        (chain(json!([base64url::encode(der())])), "array of certificates"),
        (chain(json!([STANDARD.encode(&der()[1..])])), "DER"),
        (chain(json!(vec![jwk["x5c"][0].clone(); 17])), "array of certificates"),
    ] {
        let error = parse(&jwk).expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    assert!(key(&rfc7517("EC")).with_certificates(provider(), &[certificate]).is_err());
}

/// RFC 5280 §4.1: what is no certificate, or not only one.
#[test]
fn certificates_are_read_strictly() {
    let der = der();
    let read = |document: &[u8]| Certificate::from_der(document, &Limits::DEFAULT);
    // The inner and the outer algorithm differ (§4.1.1.2): sha1 becomes sha256 outside.
    let place = der.windows(9).rposition(|oid| oid == [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5]).expect("an OID");
    let mut changed = der.clone();
    changed[place + 8] = 11;
    assert!(read(&changed).expect_err("two algorithms").to_string().contains("names two algorithms"));
    let mut changed = der.clone();
    changed[12] = 5; // version 6
    assert!(read(&changed).expect_err("a version").to_string().contains("version"));
    for document in [&der[..der.len() - 1], &[&der[..], &[0]].concat(), b"", &[0x30, 0]] {
        assert!(read(document).is_err());
    }
    let tight = Limits { key_bytes: der.len() - 1, ..Limits::DEFAULT };
    assert!(Certificate::from_der(&der, &tight).is_err());
    let text = pem::encode("CERTIFICATE", &der);
    assert_eq!(Certificate::from_pem(&format!("{0}{0}", text.as_str()), &Limits::DEFAULT).expect("two").len(), 2);
    for text in ["", "words", &text.replace("CERTIFICATE", "PUBLIC KEY")] {
        assert!(Certificate::from_pem(text, &Limits::DEFAULT).is_err());
    }
}

/// RFC 5758 §3.2: a key on P-384 that signs with SHA-256, as Apple's does; the certificates are of its published sample.
#[test]
fn p_384_with_sha_256_is_verified() {
    let text = include_str!("../pem/p384_sha256.pem");
    let [leaf, issuer] = &Certificate::from_pem(text, &Limits::DEFAULT).expect("certificates")[..] else {
        panic!("two")
    };
    assert_eq!(leaf.signature_algorithm(), "ecdsa-with-SHA256");
    assert!(leaf.is_signed_by(provider(), issuer) && !issuer.is_signed_by(provider(), leaf));
    // Its signature stands at the end, all else before it.
    for at in [60, 500, leaf.der().len() - 60, leaf.der().len() - 1] {
        let mut changed = leaf.der().to_vec();
        changed[at] ^= 1;
        let changed = Certificate::from_der(&changed, &Limits::DEFAULT);
        assert!(!changed.is_ok_and(|changed| changed.is_signed_by(provider(), issuer)), "byte {at}");
    }
    let Ok(PublicMaterial::Ec { point, .. }) = issuer.public_key() else { panic!("a point") };
    for (point, signature) in [(&point[..], &[1; 96][..]), (&point[1..], &[1; 96]), (&point, &[1; 95]), (&point, &[])] {
        assert!(!provider().verify_p384_sha256(point, b"text", signature));
    }
}
