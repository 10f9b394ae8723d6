//! `jwk generate`, `from-pem`, `to-pem`, `public`, `thumbprint`.

use toolbox::Block;
use vestibule_toolbox as toolbox;

use crate::support::{done, made, member, public, refused};

/// RFC 7638 §3.1.
const RFC_KEY: &str = r#"{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}"#;

#[test]
fn the_rfcs_thumbprint() {
    let output = done("jwk thumbprint", &[("file", RFC_KEY)]);
    assert_eq!(output.text(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    // RFC 9278 §5.
    let uri = done("jwk thumbprint", &[("file", RFC_KEY), ("uri", "")]);
    assert_eq!(
        uri.text(),
        Some("urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    );
    assert!(refused("jwk thumbprint", &[("file", &made(&[("kty", "oct")]))]).contains("no thumbprint"));
}

#[test]
fn keys_of_every_type_are_made_as_asked() {
    for (fields, member_name, value) in [
        (&[("kty", "RSA"), ("alg", "PS256"), ("use", "sig")][..], "alg", "PS256"),
        (&[("kty", "EC"), ("crv", "P-384")], "crv", "P-384"),
        (&[("kty", "EC"), ("alg", "ES512")], "crv", "P-521"),
        (&[("kty", "OKP"), ("crv", "X25519")], "crv", "X25519"),
        (&[("kty", "AKP"), ("alg", "ML-DSA-65")], "alg", "ML-DSA-65"),
        (&[("kty", "oct"), ("size", "512"), ("kid", "mine")], "kid", "mine"),
    ] {
        let output = done("jwk generate", fields);
        assert_eq!(member(&output, member_name), value, "{fields:?}");
        // The private half is never among what is shown openly.
        for block in &output.blocks {
            if let Block::Text { text, .. } = block {
                assert!(!text.contains("\"d\"") && !text.contains("\"k\"") && !text.contains("\"priv\""), "{fields:?}");
            }
        }
    }
    let thumbprint = done("jwk thumbprint", &[("file", &made(&[("kty", "EC")]))]);
    assert_eq!(thumbprint.text().map(str::len), Some(43));
    let key = made(&[("kty", "EC")]);
    let kid: jose::json::Value = serde_json::from_str(&key).expect("JSON");
    assert_eq!(kid["kid"].as_str(), done("jwk thumbprint", &[("file", &key)]).text());
    assert!(!made(&[("kty", "EC"), ("kid", "none")]).contains("kid"));
    let nameless = |fields: &[(&str, &str)]| {
        let output = done("jwk generate", fields);
        assert!(!output.text().expect("text").contains("kid"));
        output.notes.iter().any(|note| note.code == "secret-nameless")
    };
    assert!(nameless(&[("kty", "oct")]) && !nameless(&[("kty", "oct"), ("kid", "none")]));
    assert!(made(&[("kty", "EC"), ("format", "jwks")]).starts_with("{\n  \"keys\""));
}

#[test]
fn pem_and_jwk_are_two_spellings() {
    for fields in [&[("kty", "RSA")][..], &[("kty", "EC")], &[("kty", "OKP")], &[("kty", "AKP")]] {
        let key = made(fields);
        let pem = done("jwk to-pem", &[("file", &key)]).text().expect("text").to_owned();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----"), "{fields:?}");
        let back = done("jwk from-pem", &[("file", &pem)]).text().expect("text").to_owned();
        let names = |key: &str| done("jwk thumbprint", &[("file", key)]).text().map(str::to_owned);
        assert_eq!(names(&back), names(&key));
        let spki = done("jwk to-pem", &[("file", &public(&key))]).text().expect("text").to_owned();
        assert!(spki.starts_with("-----BEGIN PUBLIC KEY-----"), "{fields:?}");
    }
    let key = made(&[("kty", "EC")]);
    let pem = done("jwk to-pem", &[("file", &key), ("encrypt-with", "correct horse")]).text().expect("text").to_owned();
    assert!(pem.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    let read = |password: &str| done("jwk from-pem", &[("file", &pem), ("password", password)]);
    assert_eq!(read("correct horse").result["kty"], "EC");
    assert!(refused("jwk from-pem", &[("file", &pem), ("password", "wrong")]).contains("password"));
    assert!(refused("jwk to-pem", &[("file", &made(&[("kty", "oct")]))]).contains("no form in PEM"));
}

#[test]
fn the_public_half_holds_nothing_private() {
    for fields in [&[("kty", "RSA")][..], &[("kty", "EC")], &[("kty", "OKP")], &[("kty", "AKP")]] {
        let object: jose::json::Value = serde_json::from_str(&public(&made(fields))).expect("JSON");
        for member in ["d", "p", "q", "dp", "dq", "qi", "priv", "k"] {
            assert!(object.get(member).is_none(), "{fields:?}: {member}");
        }
    }
    let set = format!("{{\"keys\":[{}]}}", made(&[("kty", "EC")]));
    assert!(public(&set).contains("\"keys\"") && !public(&set).contains("\"d\""));
    assert!(refused("jwk public", &[("file", &made(&[("kty", "oct")]))]).contains("no public half"));
}

#[test]
fn what_is_not_made_is_refused_with_the_reason() {
    for (fields, words) in [
        (&[("kty", "RSA"), ("size", "1024")][..], "2048 bits or more"),
        (&[("kty", "RSA"), ("alg", "ES256")], "ES256"),
        (&[("kty", "EC"), ("crv", "X25519")], "X25519"),
        (&[("kty", "EC"), ("alg", "XX")], "there is no algorithm"),
        (&[("kty", "EC"), ("use", "enc"), ("alg", "ES256")], "use"),
        (&[("kty", "nope")], "kty cannot be"),
        (&[], "kty is missing"),
    ] {
        assert!(refused("jwk generate", fields).contains(words), "{fields:?}: {}", refused("jwk generate", fields));
    }
    assert!(
        refused("jwk from-pem", &[("file", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----")])
            .contains("; ")
    );
}

#[test]
fn as_json_a_key_is_the_key() {
    let key = done("jwk generate", &[("kty", "EC")]);
    assert_eq!(key.to_json(), serde_json::from_str::<jose::json::Value>(key.text().expect("text")).expect("JSON"));
}
