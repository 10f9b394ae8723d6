//! `jwe encrypt`, `jwe decrypt`, `jwe inspect`.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, made, member, public, refused};

#[test]
fn what_is_encrypted_is_decrypted_in_every_way() {
    let (rsa, ec) = (made(&[("kty", "RSA"), ("use", "enc")]), made(&[("kty", "EC"), ("use", "enc")]));
    let x25519 = made(&[("kty", "OKP"), ("crv", "X25519")]);
    let secret = "0123456789abcdef0123456789abcdef";
    for (key, alg) in [
        (&rsa, "RSA-OAEP"),
        (&rsa, "RSA-OAEP-256"),
        (&ec, "ECDH-ES"),
        (&ec, "ECDH-ES+A192KW"),
        (&x25519, "ECDH-ES+A256KW"),
    ] {
        for (enc, format) in [("A256GCM", "compact"), ("A128CBC-HS256", "flattened"), ("A192GCM", "general")] {
            let fields =
                [("to", &*public(key)), ("message-hex", "00ff"), ("alg", alg), ("enc", enc), ("format", format)];
            let token = done("jwe encrypt", &fields);
            let opened = done("jwe decrypt", &[("token", token.text().expect("text")), ("key", key)]);
            assert_eq!(
                (opened.verdict, opened.value.as_slice()),
                (Verdict::Done, &[0, 255][..]),
                "{alg} {enc} {format}"
            );
            assert_eq!(member(&opened, "payload_base64"), "AP8=");
        }
    }
    for alg in ["dir", "A256KW", "A256GCMKW"] {
        let token = done("jwe encrypt", &[("secret", secret), ("message", "x"), ("alg", alg)]);
        let opened = done("jwe decrypt", &[("token", token.text().expect("text")), ("secret", secret)]);
        assert_eq!(opened.value.as_slice(), b"x", "{alg}");
    }
    let token = done("jwe encrypt", &[("password", "correct horse"), ("message", "x"), ("zip", "")]);
    assert_eq!(codes(&token), ["jwe-zip"]);
    let open = |password: &str| done("jwe decrypt", &[("token", token.text().expect("text")), ("password", password)]);
    assert_eq!(open("correct horse").value.as_slice(), b"x");
    let wrong = open("wrong horse");
    assert_eq!((wrong.verdict, codes(&wrong), wrong.value.len()), (Verdict::No, vec!["jwe-decryption"], 0));
}

#[test]
fn what_does_not_open_says_no_and_what_is_none_is_refused() {
    let (key, other) = (made(&[("kty", "EC"), ("use", "enc")]), made(&[("kty", "EC"), ("use", "enc")]));
    let token = done("jwe encrypt", &[("to", &public(&key)), ("message", "x")]).text().expect("text").to_owned();
    let output = done("jwe decrypt", &[("token", &token), ("key", &other)]);
    assert_eq!(output.verdict, Verdict::No);
    let changed = format!("{}A", &token[..token.len() - 1]);
    let changed = if changed == token { format!("{}Q", &token[..token.len() - 1]) } else { changed };
    assert_eq!(done("jwe decrypt", &[("token", &changed), ("key", &key)]).verdict, Verdict::No);
    let jws = done("jws sign", &[("message", "x"), ("key", &made(&[("kty", "EC")]))]).text().expect("text").to_owned();
    for (fields, words) in [
        (&[("token", token.as_str())][..], "no key to decrypt with"),
        (&[("token", &token), ("key", &public(&key))], "private key is needed"),
        (&[("token", &jws), ("key", &key)], "see jwt decode"),
        (&[("token", "a.b"), ("key", &key)], "token"),
    ] {
        let message = refused("jwe decrypt", fields);
        assert!(message.contains(words), "{message}");
    }
    assert!(refused("jwe encrypt", &[("message", "x")]).contains("no key to encrypt for"));
    let signs = refused("jwe encrypt", &[("to", &made(&[("kty", "OKP")])), ("message", "x")]);
    assert!(signs.contains("Ed25519"), "{signs}");
}

#[test]
fn a_token_is_inspected_without_a_key() {
    let key = made(&[("kty", "RSA"), ("use", "enc")]);
    let token = done("jwe encrypt", &[("to", &public(&key)), ("message", "hello"), ("enc", "A128GCM")]);
    let output = done("jwe inspect", &[("token", token.text().expect("text"))]);
    assert_eq!(
        (&output.result["ciphertext_bytes"], &output.result["tag_bytes"], &output.result["iv_bytes"]),
        (&5.into(), &16.into(), &12.into())
    );
    assert_eq!(output.result["recipients"][0]["header"]["enc"], "A128GCM");
    assert_eq!(output.result["recipients"][0]["encrypted_key_bytes"], 256);
    let rsa1_5 = format!(
        "{}.AA.AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
        jose::base64url::encode(r#"{"alg":"RSA1_5","enc":"A128GCM","zip":"DEF"}"#)
    );
    assert_eq!(codes(&done("jwe inspect", &[("token", &rsa1_5)])), ["jwe-rsa1-5", "jwe-zip"]);
}

/// RFC 7516 §7.2.1: one content, and its key for each recipient.
#[test]
fn several_recipients_open_one_token() {
    let (rsa, ec) = (made(&[("kty", "RSA"), ("use", "enc")]), made(&[("kty", "EC"), ("use", "enc")]));
    let okp = made(&[("kty", "OKP"), ("crv", "X25519")]);
    let (rsa_public, ec_public, okp_public) = (public(&rsa), public(&ec), public(&okp));
    let secret = "0123456789abcdef0123456789abcdef";
    let fields = [
        ("to", &*rsa_public),
        ("to", &ec_public),
        ("to", &okp_public),
        ("secret", secret),
        ("message", "for all"),
        ("format", "general"),
    ];
    let output = done("jwe encrypt", &fields);
    let algs: Vec<_> = output.result["recipients"].as_array().expect("a list").iter().map(|one| &one["alg"]).collect();
    assert_eq!(algs, ["RSA-OAEP-256", "ECDH-ES+A256KW", "ECDH-ES+A256KW", "A256KW"]);
    let token = output.text().expect("text");
    for (field, key) in [("key", &*rsa), ("key", &ec), ("key", &okp), ("secret", secret)] {
        assert_eq!(done("jwe decrypt", &[("token", token), (field, key)]).text(), Some("for all"), "{field}");
    }
    let other = made(&[("kty", "EC"), ("use", "enc")]);
    assert_eq!(done("jwe decrypt", &[("token", token), ("key", &other)]).verdict, Verdict::No);
    let seen = done("jwe inspect", &[("token", token)]);
    assert_eq!(seen.result["recipients"].as_array().map(Vec::len), Some(4));
    // A set is so many keys; with a JWK's own alg beside others.
    let set = format!("{{\"keys\":[{rsa_public},{ec_public}]}}");
    let output = done("jwe encrypt", &[("to", &set), ("message", "x"), ("format", "general")]);
    let token = output.text().expect("text");
    assert_eq!(done("jwe decrypt", &[("token", token), ("key", &ec)]).text(), Some("x"));
}

#[test]
fn nobody_is_left_out_in_silence() {
    let ec = public(&made(&[("kty", "EC"), ("use", "enc")]));
    let signs = public(&made(&[("kty", "EC"), ("use", "sig")]));
    for (fields, words) in [
        (&[("to", &*ec), ("to", &ec), ("message", "x")][..], "the compact form is for one recipient, and there are 2"),
        (&[("to", &ec), ("to", &ec), ("message", "x"), ("format", "flattened")], "take --format general"),
        (&[("to", &ec), ("to", &signs), ("message", "x"), ("format", "general")], "does not allow"),
        (
            &[("to", r#"{"keys":[{"kty":"new"}]}"#), ("message", "x"), ("format", "general")],
            "key 0 of the set was passed over",
        ),
        (
            &[("to", &ec), ("to", &ec), ("alg", "ECDH-ES"), ("message", "x"), ("format", "general")],
            "take ECDH-ES+A128KW",
        ),
    ] {
        let message = refused("jwe encrypt", fields);
        assert!(message.contains(words), "{words}: {message}");
    }
}
