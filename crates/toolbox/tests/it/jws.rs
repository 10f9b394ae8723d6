//! `jws sign` and `jws verify`.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, fetching, made, member, public, refused};

#[test]
fn every_form_is_written_and_read() {
    let key = made(&[("kty", "OKP"), ("alg", "EdDSA")]);
    for format in ["compact", "flattened", "general"] {
        let token = done(
            "jws sign",
            &[("message", "hello"), ("key", &key), ("format", format), ("header", "{\"cty\":\"text/plain\"}")],
        );
        let output = done("jws verify", &[("token", token.text().expect("text")), ("key", &public(&key))]);
        assert_eq!((output.verdict, member(&output, "payload").as_str()), (Verdict::Yes, "hello"), "{format}");
        assert_eq!(
            (member(&output, "format").as_str(), &output.result["header"]["cty"]),
            (format, &"text/plain".into())
        );
    }
    let binary = done("jws sign", &[("message-hex", "00ff"), ("key", &key)]);
    let output = done("jws verify", &[("token", binary.text().expect("text")), ("key", &public(&key))]);
    assert_eq!(member(&output, "payload_base64"), "AP8=");
}

/// RFC 7515 appendix F, RFC 7797.
#[test]
fn a_detached_payload_comes_by_itself() {
    let key = made(&[("kty", "EC")]);
    for more in [&[][..], &[("unencoded", "")]] {
        let fields = [&[("message", "a.b"), ("key", key.as_str()), ("detached", "")], more].concat();
        let token = done("jws sign", &fields).text().expect("text").to_owned();
        assert!(token.contains(".."), "{token}");
        let verify =
            |payload: &str| done("jws verify", &[("token", &token), ("key", &public(&key)), ("payload", payload)]);
        assert_eq!(verify("a.b").verdict, Verdict::Yes);
        assert_eq!((verify("a.c").verdict, codes(&verify("a.c"))), (Verdict::No, vec!["jws-signature"]));
    }
}

#[test]
fn what_fails_is_explained() {
    let (key, other) = (made(&[("kty", "EC")]), made(&[("kty", "EC")]));
    let token = done("jws sign", &[("message", "x"), ("key", &key)]).text().expect("text").to_owned();
    let verify = |more: &[(&str, &str)]| done("jws verify", &[&[("token", token.as_str())], more].concat());
    let foreign = verify(&[("key", &public(&other))]);
    assert_eq!((foreign.verdict, codes(&foreign)), (Verdict::No, vec!["jws-key"]));
    let rsa = public(&made(&[("kty", "RSA")]));
    let output = verify(&[("key", &rsa)]);
    assert_eq!(codes(&output), ["jws-alg"]);
    assert_eq!(output.notes[0].found.as_deref(), Some("ES256"));
    assert!(refused("jws verify", &[("token", &token)]).contains("no key"));
    let enc = public(&made(&[("kty", "RSA"), ("use", "enc")]));
    assert!(refused("jws verify", &[("token", &token), ("key", &enc)]).contains("use"));
}

/// A set is read by others too: whoever reads a secret in it could sign. What is given as a key is one's own.
#[test]
fn a_secret_in_a_set_of_others_is_passed_over() {
    let (pair, secret) = (made(&[("kty", "EC"), ("use", "sig")]), made(&[("kty", "oct"), ("kid", "shared")]));
    let set = format!("{{\"keys\":[{},{secret}]}}", public(&pair));
    let token = |key: &str| done("jws sign", &[("message", "x"), ("key", key)]).text().expect("text").to_owned();
    let issuer = r#"{"issuer":"https://id.example.com","jwks_uri":"https://id.example.com/keys"}"#;
    let web = [
        ("https://id.example.com/.well-known/openid-configuration", 200, &[][..], issuer),
        ("https://id.example.com/keys", 200, &[][..], set.as_str()),
    ];
    let verify = |key: &str, field: (&str, &str)| {
        fetching("jws verify", &[("token", &token(key)), field], &web).expect("a verdict")
    };
    for published in [("jwks", set.as_str()), ("issuer", "https://id.example.com")] {
        let forged = verify(&secret, published);
        assert_eq!((forged.verdict, codes(&forged)), (Verdict::No, vec!["key-skipped", "jws-alg"]), "{published:?}");
        assert!(forged.notes[0].text.starts_with("a secret (\"shared\") in the set was passed over"));
        assert_eq!(verify(&pair, published).verdict, Verdict::Yes);
    }
    for key in [&pair, &secret] {
        assert_eq!(verify(key, ("key", &set)).verdict, Verdict::Yes);
    }
    for action in ["jws verify", "jwt verify"] {
        let alone = format!("{{\"keys\":[{secret}]}}");
        let message = refused(action, &[("token", &token(&secret)), ("jwks", &alone)]);
        assert!(message.contains("no key can be used: a secret"), "{message}");
    }
}
