//! `recognise`: each text is seen for what it is, and the tool that is named takes it.

use toolbox::find;
use vestibule_toolbox as toolbox;

use crate::support::{done, made, member, public};

#[test]
fn each_text_is_seen_for_what_it_is() {
    let key = made(&[("kty", "EC")]);
    let pem = made(&[("kty", "OKP"), ("format", "pem")]);
    let jws = done("jws sign", &[("message", "hello"), ("key", &key)]).text().expect("text").to_owned();
    let jwt = done("jwt sign", &[("claims", "{\"sub\":\"ada\"}"), ("key", &key)]).text().expect("text").to_owned();
    let rsa = made(&[("kty", "RSA"), ("use", "enc")]);
    let jwe = done("jwe encrypt", &[("to", &public(&rsa)), ("message", "x")]).text().expect("text").to_owned();
    let flattened =
        done("jws sign", &[("message", "x"), ("key", &key), ("format", "flattened")]).text().expect("text").to_owned();
    for (text, kind) in [
        (jwt.as_str(), "jwt"),
        (&format!("Authorization: Bearer {jwt}"), "jwt"),
        (&jws, "jws"),
        (&jwe, "jwe"),
        (&flattened, "jws-json"),
        (&format!("{jwt}~WyJhIiwiYiIsImMiXQ~"), "sd-jwt"),
        (&key, "jwk-private"),
        (&public(&key), "jwk"),
        (&format!("{{\"keys\":[{key}]}}"), "jwks"),
        (&pem, "pem-private"),
        (done("jwk to-pem", &[("file", &public(&key))]).text().expect("text"), "pem-public"),
        ("-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----", "certificate"),
        ("X-Hub-Signature-256: sha256=00", "webhook-header"),
        ("stripe-signature: t=1,v1=00", "webhook-header"),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "webhook-secret"),
        ("otpauth://totp/x?secret=MZXW6YTB", "otpauth"),
        ("$2b$12$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW", "password-hash"),
        ("https://id.example.com/authorize?response_type=code&client_id=x", "oidc-request"),
        ("https://shop.example.com/callback?code=x&state=y", "oidc-redirect"),
        ("https://id.example.com", "url"),
        ("{\"issuer\":\"https://id\",\"jwks_uri\":\"https://id/jwks\"}", "metadata"),
        ("{\"sub\":\"ada\"}", "claims"),
        ("{\"a\":1}", "json"),
        ("{", "text"),
        ("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", "signature"),
        ("aGVsbG8gd29ybGQ", "base64url"),
        ("aGVsbG8+d29ybGQ=", "base64"),
        ("hello, world", "text"),
        ("", "text"),
    ] {
        let output = done("recognise", &[("text", text)]);
        assert_eq!(member(&output, "kind"), kind, "{text}");
        if output.result.contains_key("tool") {
            let (tool, action) = (member(&output, "tool"), member(&output, "action"));
            let action = find(&tool, &action).unwrap_or_else(|| panic!("{kind}: there is no {tool} {action}"));
            assert!(action.field(&member(&output, "field")).is_some(), "{kind}");
        }
    }
}
