//! `x509`, by a certificate that OpenSSL made.

use vestibule_toolbox as toolbox;

use crate::support::{call_at, codes, done, refused};

/// `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/O=Example/CN=id.example.com"
/// -addext subjectAltName=DNS:id.example.com,IP:127.0.0.1`
const CERTIFICATE: &str = include_str!("x509.pem");

#[test]
fn a_certificate_is_shown() {
    let output: toolbox::Output = call_at(NOW, "x509", &[("file", CERTIFICATE)]).expect("a certificate");
    let shown = &output.result["certificates"][0];
    for (member, words) in [
        ("subject", "CN=id.example.com"),
        ("key", "EC on P-256"),
        ("alt_names", "id.example.com, 127.0.0.1"),
        ("not_before", "2026-"),
        ("authority", "an authority"),
    ] {
        let text = shown[member].as_str().unwrap_or_default();
        assert!(text.contains(words), "{member}: {text}");
    }
    assert_eq!(shown["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(codes(&output), ["x509-self-issued"]);
    assert_eq!(
        codes(&call_at(0, "x509", &[("file", CERTIFICATE)]).expect("one")),
        ["x509-not-yet", "x509-self-issued"]
    );
    let late = call_at(NOW * 2, "x509", &[("file", CERTIFICATE)]).expect("one");
    assert_eq!(codes(&late), ["x509-expired", "x509-self-issued"]);
}

#[test]
fn its_key_verifies_and_is_converted() {
    let jwk = done("jwk from-pem", &[("file", CERTIFICATE)]);
    assert_eq!(jwk.result["crv"], "P-256");
    assert!(refused("x509", &[("file", "nothing")]).contains("; "));
    assert!(
        refused("x509", &[("file", "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----")]).contains("; ")
    );
}

/// 2027-01-15.
const NOW: i64 = 1_800_000_000;
