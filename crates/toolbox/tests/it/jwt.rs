//! `jwt decode`, `jwt verify`, `jwt sign`.

use jose::json::Value;
use toolbox::{Output, Verdict};
use vestibule_toolbox as toolbox;

use crate::support::{NOW, call_at, codes, done, fetching, made, member, public, refused};

/// RFC 7515 appendix A.1.
const RFC_TOKEN: &str = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const RFC_SECRET: &str = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
const RFC_BEFORE: i64 = 1_300_819_379;

#[test]
fn the_rfcs_example_is_decoded_and_verified() {
    let decoded = done("jwt decode", &[("token", RFC_TOKEN)]);
    assert_eq!((&decoded.result["claims"]["iss"], &decoded.result["header"]["alg"]), (&"joe".into(), &"HS256".into()));
    assert_eq!(decoded.result["times"]["exp"]["date"], "2011-03-22T18:43:00Z");
    assert_eq!(codes(&decoded), ["claim-expired"]);
    let verify =
        |at: i64| call_at(at, "jwt verify", &[("token", RFC_TOKEN), ("secret-base64", RFC_SECRET)]).expect("a verdict");
    assert_eq!(verify(RFC_BEFORE).verdict, Verdict::Yes);
    // RFC 7519 §4.1.4: before the time, not at it.
    let late = verify(RFC_BEFORE + 1);
    assert_eq!((late.verdict, member(&late, "check").as_str(), codes(&late)), (Verdict::No, "exp", vec!["jwt-exp"]));
    let at = ("at", "2011-03-22T18:42:00Z");
    assert_eq!(done("jwt verify", &[("token", RFC_TOKEN), ("secret-base64", RFC_SECRET), at]).verdict, Verdict::Yes);
    let leeway = [("token", RFC_TOKEN), ("secret-base64", RFC_SECRET), ("leeway", "30s")];
    assert_eq!(call_at(RFC_BEFORE + 20, "jwt verify", &leeway).expect("a verdict").verdict, Verdict::Yes);
}

#[test]
fn decoding_never_fails_for_what_is_odd() {
    let token = |header: &str, payload: &str| {
        format!("{}.{}.c2ln", jose::base64url::encode(header), jose::base64url::encode(payload))
    };
    for (token, expected) in [
        (token(r#"{"alg":"XX999"}"#, r#"{"exp":2000000000}"#), &["header-alg-unknown"][..]),
        (token(r#"{"alg":"nOnE"}"#, r#"{"exp":2000000000}"#), &["header-alg-none"]),
        (token("{}", r#"{"exp":2000000000}"#), &["header-no-alg"]),
        (token(r#"{"alg":"ES256","jwk":{}}"#, r#"{"exp":2000000000}"#), &["header-own-key"]),
        (token(r#"{"alg":"ES256"}"#, r#"{"exp":2000000000000}"#), &["claim-milliseconds"]),
        (token(r#"{"alg":"ES256"}"#, r#"{"exp":"soon"}"#), &["claim-type"]),
        (token(r#"{"alg":"ES256"}"#, r#"{"exp":2000000000,"nbf":1900000000}"#), &["claim-not-yet"]),
        (token(r#"{"alg":"ES256"}"#, r#"{}"#), &["claim-no-exp"]),
        (token(r#"{"alg":"ES256"}"#, "no JSON"), &[]),
        (token(r#"{"alg":"ES256","alg":"HS256"}"#, r#"{"exp":2000000000}"#), &["token-json"]),
        (
            "!!!.???.***".into(),
            &["token-base64url", "token-json", "token-base64url", "token-base64url", "header-no-alg"],
        ),
        (
            format!("Bearer {}", token(r#"{"alg":"ES256"}"#, r#"{"exp":2000000000}"#).replace('.', ".\n")),
            &["token-blanks"],
        ),
        (format!("{}=", token(r#"{"alg":"ES256"}"#, r#"{"exp":2000000000}"#)), &["token-base64url"]),
    ] {
        assert_eq!(codes(&done("jwt decode", &[("token", &token)])), expected, "{token}");
    }
    for token in ["", "a", "a.b", "a.b.c.d", "{}", "{\"a\":1}", "{"] {
        assert!(refused("jwt decode", &[("token", token)]).contains("token"), "{token}");
    }
}

/// RFC 9901 §4.2.1: the disclosure of `family_name`, and one of an array's element (§4.2.2).
#[test]
fn what_is_disclosed_is_shown() {
    let token = sign(&made(&[("kty", "EC")]), r#"{"_sd":["x"],"exp":2000000000}"#);
    let disclosures = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0~WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0~";
    let output = done("jwt decode", &[("token", &format!("{token}~{disclosures}"))]);
    let expected = serde_json::json!([{"name": "family_name", "value": "Möbius"}, {"value": "FR"}]);
    assert_eq!((&output.result["disclosures"], codes(&output)), (&expected, vec!["sd-jwt"]));
    let odd = done("jwt decode", &[("token", &format!("{token}~AA~{token}"))]);
    assert_eq!(codes(&odd), ["sd-jwt-disclosure", "sd-jwt"]);
}

#[test]
fn what_is_signed_is_verified_under_every_type_of_key() {
    for fields in [
        &[("kty", "EC")][..],
        &[("kty", "EC"), ("crv", "P-521")],
        &[("kty", "EC"), ("crv", "secp256k1")],
        &[("kty", "OKP")],
        &[("kty", "AKP"), ("alg", "ML-DSA-44")],
        &[("kty", "oct"), ("alg", "HS384")],
    ] {
        let key = made(fields);
        let signed = done(
            "jwt sign",
            &[
                ("claims", r#"{"sub":"ada"}"#),
                ("key", &key),
                ("expires-in", "5m"),
                ("header", r#"{"typ":"at+jwt","x":1}"#),
            ],
        );
        let verifying = if fields[0].1 == "oct" { key.clone() } else { public(&key) };
        let verify = [("token", signed.text().expect("text")), ("key", verifying.as_str()), ("typ", "at+jwt")];
        let output = done("jwt verify", &verify);
        assert_eq!(output.verdict, Verdict::Yes, "{fields:?}: {:?}", output.notes);
        assert_eq!((&output.result["claims"]["exp"], &output.result["header"]["x"]), (&(NOW + 300).into(), &1.into()));
        assert_eq!(call_at(NOW + 300, "jwt verify", &verify).expect("a verdict").verdict, Verdict::No);
    }
}

#[test]
fn each_failure_says_what_was_expected_and_found() {
    let key = made(&[("kty", "EC")]);
    let claims = r#"{"iss":"https://id.example.com/","aud":["a","b"],"sub":"ada"}"#;
    let token = sign(&key, claims);
    let public = public(&key);
    for (more, code, expected, found, cause) in [
        (
            ("iss", "https://id.example.com"),
            "jwt-iss",
            "https://id.example.com",
            "https://id.example.com/",
            "only a slash",
        ),
        (("iss", "https://other"), "jwt-iss", "https://other", "https://id.example.com/", "another issuer"),
        (("aud", "c"), "jwt-aud", "c", "a, b", "another API"),
        (("typ", "at+jwt"), "jws-typ", "at+jwt", "nothing", "another kind"),
        (("alg", "RS256"), "jws-alg", "RS256", "ES256", ""),
    ] {
        let output = done("jwt verify", &[("token", &token), ("key", &public), more]);
        assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec![code]), "{more:?}");
        let note = &output.notes[0];
        assert_eq!((note.expected.as_deref(), note.found.as_deref()), (Some(expected), Some(found)), "{more:?}");
        assert!(note.cause.as_deref().unwrap_or_default().contains(cause), "{more:?}: {:?}", note.cause);
    }
    let several = [("token", token.as_str()), ("key", &public), ("aud", "c"), ("aud", "b")];
    assert_eq!(done("jwt verify", &several).verdict, Verdict::Yes);
}

/// RFC 8725 §2.1 and §3.1.
#[test]
fn the_token_does_not_choose_its_algorithm() {
    let key = made(&[("kty", "RSA"), ("use", "sig")]);
    let pem = done("jwk to-pem", &[("file", &public(&key))]).text().expect("text").to_owned();
    // A public key taken as a secret.
    let forged =
        done("jwt sign", &[("claims", "{}"), ("secret", &pem), ("alg", "HS256")]).text().expect("text").to_owned();
    let output = done("jwt verify", &[("token", &forged), ("key", &pem)]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec!["jws-alg"]));
    assert!(output.notes[0].cause.as_deref().unwrap_or_default().contains("known attack"));
    let none = format!("{}.e30.", jose::base64url::encode(r#"{"alg":"none"}"#));
    let output = done("jwt verify", &[("token", &none), ("key", &pem)]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec!["jws-alg"]));
    assert!(refused("jwt sign", &[("claims", "{}"), ("key", &key), ("alg", "none")]).contains("no signature"));
}

#[test]
fn a_wrong_secret_is_explained() {
    let secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0";
    let token = sign_with("secret-base64", secret);
    let output = done("jwt verify", &[("token", &token), ("secret", secret)]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec!["jws-signature", "jws-secret-slip"]));
    assert!(output.notes[1].text.contains("is base64 and was decoded"), "{}", output.notes[1].text);
    let newline = done("jwt verify", &[("token", &sign_with("secret", secret)), ("secret", &format!("{secret}\n"))]);
    assert_eq!(codes(&newline), ["secret-newline", "jws-signature", "jws-secret-slip"]);
    let other = done("jwt verify", &[("token", &token), ("secret", "another secret of thirty-two bytes")]);
    assert_eq!(codes(&other), ["jws-signature"]);
}

/// RFC 7518 §3.2.
#[test]
fn a_short_secret_is_not_believed_unless_allowed() {
    // jwt.io's own example of many years.
    let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
    let verify = |secret: &str, more: &[(&str, &str)]| {
        done("jwt verify", &[&[("token", token), ("secret", secret)], more].concat())
    };
    let output = verify("your-256-bit-secret", &[]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec!["jwt-short-secret"]));
    assert_eq!((member(&output, "token").as_str(), member(&output, "check").as_str()), ("not valid", "key"));
    let allowed = verify("your-256-bit-secret", &[("allow-short-secret", "")]);
    assert_eq!((allowed.verdict, member(&allowed, "token").as_str()), (Verdict::Yes, "valid"));
    let wrong = verify("another", &[("allow-short-secret", "")]);
    assert_eq!((wrong.verdict, codes(&wrong)), (Verdict::No, vec!["jws-signature"]));
    assert!(refused("jwt sign", &[("claims", "{}"), ("secret", "short")]).contains("too short for HS256"));
}

#[test]
fn a_der_signature_is_recognised() {
    let key = made(&[("kty", "EC")]);
    let token = sign(&key, "{}");
    let (input, _) = token.rsplit_once('.').expect("a signature");
    let der = format!("{input}.{}", jose::base64url::encode([&[0x30, 0x44, 2, 32][..], &[1; 66]].concat()));
    let output = done("jwt verify", &[("token", &der), ("key", &public(&key))]);
    assert!(output.notes[0].cause.as_deref().unwrap_or_default().contains("is DER"), "{:?}", output.notes);
}

/// RFC 7519 §5.2, and what is encrypted without being signed.
#[test]
fn what_is_nested_is_opened_as_far_as_the_keys_go() {
    let (signing, encryption) = (made(&[("kty", "EC"), ("use", "sig")]), made(&[("kty", "RSA"), ("use", "enc")]));
    let inner = sign(&signing, r#"{"sub":"ada"}"#);
    let encrypt = |message: &str, header: &str| {
        let fields = [("to", public(&encryption)), ("message", message.to_owned()), ("header", header.to_owned())];
        let fields: Vec<_> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        done("jwe encrypt", &fields).text().expect("text").to_owned()
    };
    let outer = encrypt(&inner, r#"{"cty":"JWT"}"#);
    let closed = done("jwt decode", &[("token", &outer)]);
    assert_eq!((closed.result["type"].as_str(), codes(&closed)), (Some("JWE"), vec!["jwe-closed"]));
    let opened = done("jwt decode", &[("token", &outer), ("key", &encryption)]);
    assert_eq!(opened.result["nested"]["claims"]["sub"], "ada", "{:?}", opened.notes);
    let set = format!("{{\"keys\":[{encryption},{}]}}", public(&signing));
    let verified = done("jwt verify", &[("token", &outer), ("key", &set)]);
    assert_eq!((verified.verdict, codes(&verified)), (Verdict::Yes, vec!["jwt-nested"]));
    let bare = encrypt(r#"{"sub":"ada"}"#, "{}");
    let unsigned = done("jwt verify", &[("token", &bare), ("key", &set)]);
    assert_eq!((unsigned.verdict, codes(&unsigned)), (Verdict::No, vec!["jwt-not-signed"]));
    let claims = done("jwt decode", &[("token", &bare), ("key", &encryption)]);
    assert_eq!(claims.result["claims"]["sub"], "ada");
}

#[test]
fn keys_are_found_by_the_issuer() {
    let key = made(&[("kty", "EC"), ("use", "sig")]);
    let token = sign(&key, r#"{"iss":"https://id.example.com/a"}"#);
    let set = format!("{{\"keys\":[{},{{\"kty\":\"XYZ\"}}]}}", public(&key));
    let metadata = r#"{"issuer":"https://id.example.com/a","jwks_uri":"https://id.example.com/keys"}"#;
    let keys = ("https://id.example.com/keys", 200, &[][..], set.as_str());
    let verify = |web: &[_]| fetching("jwt verify", &[("token", &token), ("issuer", "https://id.example.com/a")], web);
    for place in [
        "https://id.example.com/a/.well-known/openid-configuration",
        "https://id.example.com/.well-known/oauth-authorization-server/a",
    ] {
        let output = verify(&[(place, 200, &[], metadata), keys]).expect("a verdict");
        assert_eq!((output.verdict, codes(&output)), (Verdict::Yes, vec!["key-skipped"]), "{place}");
    }
    let openid = "https://id.example.com/a/.well-known/openid-configuration";
    let other = metadata.replace("/a\"", "/b\"");
    for (web, words) in [
        (vec![], "is not there"),
        (vec![(openid, 200, &[][..], other.as_str()), keys], "says that its issuer is \"https://id.example.com/b\""),
        (vec![(openid, 200, &[], r#"{"issuer":"https://id.example.com/a"}"#)], "has no jwks_uri"),
        (vec![(openid, 200, &[], "[]")], "is an array"),
    ] {
        let message = verify(&web).expect_err(words).to_string();
        assert!(message.contains(words), "{message}");
    }
    let by_set = fetching("jwt verify", &[("token", &token), ("jwks-url", keys.0)], &[keys]);
    assert_eq!(by_set.expect("a verdict").verdict, Verdict::Yes);
    // Of another issuer, by a key of this one: `iss` must be the issuer's.
    let foreign = sign(&key, r#"{"iss":"https://other"}"#);
    let web = [(openid, 200, &[][..], metadata), keys];
    let output = fetching("jwt verify", &[("token", &foreign), ("issuer", "https://id.example.com/a")], &web);
    assert_eq!(output.expect("a verdict").result["check"], "iss");
}

#[test]
fn what_cannot_be_signed_or_verified_is_refused() {
    let key = made(&[("kty", "EC")]);
    let token = sign(&key, "{}");
    let public = public(&key);
    for (name, fields, words) in [
        ("jwt sign", &[("claims", "{}")][..], "no key to sign with"),
        ("jwt sign", &[("claims", "{}"), ("key", &public)], "a private key is needed"),
        ("jwt sign", &[("claims", "{}"), ("key", &key), ("alg", "RS256")], "RS256"),
        ("jwt sign", &[("claims", "{}"), ("key", &key), ("alg", "XX")], "there is no algorithm"),
        ("jwt sign", &[("claims", "[]"), ("key", &key)], "not a strict JSON object"),
        ("jwt sign", &[("claims", "{}"), ("key", &key), ("header", r#"{"crit":["x"]}"#)], "crit"),
        ("jwt verify", &[("token", &token)], "no key to verify with"),
        ("jwt verify", &[("token", &token), ("key", "nonsense")], "neither PEM nor JSON"),
        ("jwt verify", &[("token", "a.b"), ("key", &public)], "2 parts"),
        ("jwt verify", &[("token", &token), ("key", "{\"keys\":[{\"kty\":\"XYZ\"}]}")], "no key can be used"),
    ] {
        let message = refused(name, fields);
        assert!(message.contains(words), "{fields:?}: {message}");
    }
    let named = done("jwt sign", &[("claims", "{}"), ("key", &key), ("header", r#"{"kid":"mine","alg":"ES256"}"#)]);
    assert_eq!(member(&named, "kid"), "mine");
}

fn sign(key: &str, claims: &str) -> String {
    done("jwt sign", &[("claims", claims), ("key", key)]).text().expect("text").to_owned()
}

fn sign_with(field: &str, secret: &str) -> String {
    let output: Output = done("jwt sign", &[("claims", "{}"), (field, secret)]);
    assert_eq!(output.result["alg"], Value::from("HS256"));
    output.text().expect("text").to_owned()
}
