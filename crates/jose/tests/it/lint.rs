//! What the linter finds, and that it finds nothing where there is nothing.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vestibule_jose::jwk::{Jwk, NewKey};
use vestibule_jose::lint::{self, CODES, Fetched, Finding, Place, SetFacts};
use vestibule_jose::provider::Curve;
use vestibule_jose::{Limits, base64url};

use crate::jwk::{json as written, rfc7517};
use crate::support::{LIMITS, NOW, provider, with};

/// Everything that was seen, to be compared with the table of codes.
#[derive(Default)]
struct Seen(BTreeSet<&'static str>);

impl Seen {
    /// The finding is there, at this place, and its words are those of the table.
    fn see(&mut self, findings: &[Finding], code: &str, pointer: &str) {
        let found = findings.iter().find(|finding| finding.code == code && finding.pointer == pointer);
        let found = found.unwrap_or_else(|| panic!("{code} at {pointer}: {findings:#?}"));
        let known = CODES.iter().find(|known| known.code == code).expect("in the table");
        assert!(found.message.starts_with(known.meaning) && found.message.ends_with('.'), "{}", found.message);
        assert_eq!((found.severity, found.clause), (known.severity, known.clause));
        self.0.insert(found.code);
    }
}

fn token(header: &Value, payload: &str, signature: &[u8]) -> String {
    let header = base64url::encode(header.to_string());
    format!("{header}.{}.{}", base64url::encode(payload), base64url::encode(signature))
}

fn encrypted(header: &Value) -> String {
    format!("{}.AAAA.AAAA.AAAA.AAAA", base64url::encode(header.to_string()))
}

fn es256() -> Value {
    json!({"alg": "ES256", "typ": "at+jwt", "kid": "a"})
}

fn claims() -> Value {
    json!({"iss": "https://id.example", "aud": "x", "sub": "y", "iat": NOW - 10, "exp": NOW + 300})
}

fn public_key() -> Value {
    let key = Jwk::generate(provider(), NewKey::Ec(Curve::P256)).expect("a key");
    with(&with(&written(&key.public().expect("public")), "use", json!("sig")), "alg", json!("ES256"))
}

fn discovery() -> Value {
    json!({
        "issuer": "https://id.example.com/a",
        "authorization_endpoint": "https://id.example.com/a/authorize",
        "token_endpoint": "https://id.example.com/a/token",
        "jwks_uri": "https://id.example.com/a/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid"],
        "grant_types_supported": ["authorization_code"],
        "authorization_response_iss_parameter_supported": true,
        "request_object_signing_alg_values_supported": ["none", "RS256"],
    })
}

#[test]
fn every_code_is_found_where_it_belongs() {
    let mut seen = Seen::default();
    tokens(&mut seen);
    payloads(&mut seen);
    keys(&mut seen);
    sets(&mut seen);
    documents(&mut seen);
    let all: BTreeSet<&str> = CODES.iter().map(|code| code.code).collect();
    assert_eq!(all.len(), CODES.len(), "a code stands twice");
    assert_eq!(seen.0, all, "each code of the table has a case here");
    for code in CODES {
        assert!(!code.meaning.ends_with('.') && !code.clause.is_empty(), "{}", code.code);
        assert!(code.code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte)), "{}", code.code);
    }
}

fn tokens(seen: &mut Seen) {
    let look = |text: &str| lint::token(text, Some(NOW), &LIMITS);
    assert_eq!(look(&token(&es256(), &claims().to_string(), &[7; 64])), [], "the control");
    for text in ["", "a.b", "e30.e30", "e30.*.AAAA", "{}", "{\"payload\":7}", &"x".repeat(70_000)] {
        seen.see(&look(text), "token.invalid", "");
    }
    let long = "k".repeat(300);
    for (member, value, code) in [
        ("alg", json!("none"), "token.alg.none"),
        ("alg", json!("nOnE"), "token.alg.none"),
        ("alg", json!("XS256"), "token.alg.unknown"),
        ("alg", json!("EdDSA"), "token.alg.polymorphic"),
        ("alg", json!(7), "token.alg.missing"),
        ("jku", json!("https://x.example"), "token.header.key"),
        ("jwk", json!({}), "token.header.key"),
        ("kid", json!("../../etc/passwd"), "token.kid.odd"),
        ("kid", json!("x' UNION SELECT"), "token.kid.odd"),
        ("kid", json!(long), "token.kid.long"),
        ("crit", json!([]), "token.crit.wrong"),
        ("crit", json!(["alg"]), "token.crit.wrong"),
        ("crit", json!(["kid", "kid"]), "token.crit.wrong"),
        ("crit", json!(["absent"]), "token.crit.wrong"),
        ("b64", json!(false), "token.b64"),
        ("zip", json!("DEF"), "token.zip"),
    ] {
        let text = token(&with(&es256(), member, value), &claims().to_string(), &[7; 64]);
        seen.see(&look(&text), code, &format!("/header/{member}"));
    }
    let extended = with(&with(&es256(), "crit", json!(["x"])), "x", json!(1));
    seen.see(&look(&token(&extended, "{}", &[7; 64])), "token.crit.used", "/header/crit");
    seen.see(&look(&token(&json!({"alg": "ES256"}), "{}", &[7; 64])), "token.typ.missing", "/header");
    seen.see(&look(&token(&es256(), "{}", &[])), "token.signature.empty", "/signature");
    seen.see(&look(&token(&es256(), "{}", &[7; 63])), "token.signature.length", "/signature");
    let der = [&[0x30, 68, 2, 32][..], &[7; 32], &[2, 32], &[7; 32]].concat();
    seen.see(&look(&token(&es256(), "{}", &der)), "token.signature.der", "/signature");
    let pbes2 = |rounds: u64| json!({"alg": "PBES2-HS256+A128KW", "enc": "A128GCM", "p2c": rounds, "typ": "JWT"});
    assert_eq!(look(&encrypted(&pbes2(600_000))), []);
    seen.see(&look(&encrypted(&pbes2(1_000))), "token.p2c.low", "/header/p2c");
    seen.see(&look(&encrypted(&pbes2(5_000_000))), "token.p2c.high", "/header/p2c");
    seen.see(&look(&encrypted(&json!({"alg": "RSA1_5", "enc": "A128GCM"}))), "token.alg.rsa1_5", "/header/alg");
    seen.see(&look(&encrypted(&json!({"alg": "dir", "enc": "AES"}))), "token.enc.unknown", "/header/enc");
    // The JSON forms, and what is unprotected too.
    let part = |value: &Value| base64url::encode(value.to_string());
    let flat =
        json!({"payload": part(&claims()), "protected": part(&es256()), "signature": base64url::encode([7; 64])});
    assert_eq!(look(&flat.to_string()), []);
    seen.see(&look(&with(&flat, "header", json!({"jku": "x"})).to_string()), "token.header.key", "/header/jku");
    let general = json!({"ciphertext": "AAAA", "protected": part(&pbes2(1)), "recipients": [{"header": {"x5u": "x"}}]});
    seen.see(&look(&general.to_string()), "token.header.key", "/header/x5u");
}

fn payloads(seen: &mut Seen) {
    let look = |payload: &Value| lint::token(&token(&es256(), &payload.to_string(), &[7; 64]), Some(NOW), &LIMITS);
    seen.see(&lint::token(&token(&es256(), "text", &[7; 64]), None, &LIMITS), "token.claims.none", "/claims");
    for (member, value, code) in [
        ("iss", json!(7), "token.claim.type"),
        ("aud", json!([7]), "token.claim.type"),
        ("exp", json!("tomorrow"), "token.claim.type"),
        ("exp", json!(NOW), "token.exp.passed"),
        ("exp", json!(NOW + 100_000), "token.exp.long"),
        ("exp", json!((NOW + 60) * 1000), "token.date.milliseconds"),
        ("nbf", json!(NOW + 60), "token.nbf.coming"),
        ("nbf", json!(NOW + 300), "token.nbf.after-exp"),
        ("iat", json!(NOW + 61), "token.iat.coming"),
        ("client_secret", json!("x"), "token.claim.secret"),
        ("Password", json!("x"), "token.claim.secret"),
    ] {
        seen.see(&look(&with(&claims(), member, value)), code, &format!("/claims/{member}"));
    }
    for name in ["iss", "aud", "exp"] {
        let mut less = claims();
        less.as_object_mut().expect("an object").remove(name);
        seen.see(&look(&less), &format!("token.{name}.missing"), "/claims");
    }
    assert_eq!(look(&with(&claims(), "iat", json!(NOW + 60))), [], "clocks differ by a minute");
    assert_eq!(
        lint::token(&token(&es256(), &with(&claims(), "exp", json!(NOW)).to_string(), &[7; 64]), None, &LIMITS),
        []
    );
}

fn keys(seen: &mut Seen) {
    let look = |jwk: &Value| lint::key(provider(), jwk.as_object().expect("an object"), Place::Owner);
    let ec = public_key();
    assert_eq!(look(&ec), [], "the control");
    let private = with(&with(&rfc7517("EC"), "alg", json!("ES256")), "use", json!("sig"));
    assert_eq!(look(&private), [], "with its owner a private key is where it belongs");
    let oct = |secret: &[u8]| json!({"kty": "oct", "k": base64url::encode(secret), "alg": "HS256", "use": "sig"});
    let random = vestibule_jose::sha256(b"random");
    assert_eq!(look(&oct(&random)), []);
    seen.see(&look(&oct(&random[..31])), "key.secret.short", "/k");
    for guessable in [&[7; 32][..], &b"abcabcabcabcabcabcabcabcabcabcabcabcabc"[..]] {
        seen.see(&look(&oct(guessable)), "key.secret.guessable", "/k");
    }
    let word = json!({"kty": "oct", "k": base64url::encode("correct horse battery staple"), "use": "sig"});
    seen.see(&look(&word), "key.secret.guessable", "/k");
    let rsa = crate::jwk::without(&rfc7517("RSA"), &["d", "p", "q", "dp", "dq", "qi"]);
    let mut nameless = rsa.clone();
    nameless.as_object_mut().expect("an object").remove("alg");
    for (jwk, code, pointer) in [
        (json!({"kty": "EC"}), "key.invalid", "/crv"),
        (with(&ec, "x", json!(7)), "key.invalid", "/x"),
        (with(&rsa, "e", json!("AQ")), "key.weak", ""),
        (with(&ec, "y", ec["x"].clone()), "key.point.off-curve", ""),
        (with(&private, "d", json!(base64url::encode([7; 32]))), "key.halves", ""),
        (with(&ec, "kty", json!("XYZ")), "key.kty.unknown", "/kty"),
        (with(&ec, "crv", json!("P-999")), "key.crv.unknown", "/crv"),
        (with(&ec, "alg", json!("ES999")), "key.alg.unknown", "/alg"),
        (with(&ec, "alg", json!("RS256")), "key.alg.mismatch", "/alg"),
        (with(&rsa, "alg", json!("RSA1_5")), "key.alg.rsa1_5", "/alg"),
        (with(&rsa, "e", json!("Aw")), "key.rsa.exponent", "/e"),
        (nameless.clone(), "key.alg.missing", ""),
        (nameless, "key.use.missing", ""),
        (with(&ec, "key_ops", json!(["verify"])), "key.use.key_ops", "/key_ops"),
        (with(&rsa, "key_ops", json!(["verify", "encrypt"])), "key.key_ops.unrelated", "/key_ops"),
        (with(&rsa, "key_ops", json!(["validate"])), "key.key_ops.unknown", "/key_ops"),
        (with(&ec, "x5u", json!("https://x.example")), "key.x5u", "/x5u"),
    ] {
        seen.see(&look(&jwk), code, pointer);
    }
}

fn sets(seen: &mut Seen) {
    let facts = SetFacts::default();
    let look = |set: &Value| lint::key_set(provider(), set.to_string().as_bytes(), &facts);
    let (a, b) = (public_key(), public_key());
    assert_eq!(look(&json!({"keys": [a, b]})), [], "the control");
    for text in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#] {
        seen.see(&lint::key_set(provider(), text.as_bytes(), &facts), "jwks.invalid", "");
    }
    seen.see(&look(&json!({"keys": [7]})), "jwks.invalid", "/keys/0");
    seen.see(&look(&json!({"keys": vec![json!({}); 129]})), "jwks.invalid", "/keys");
    seen.see(&look(&json!({"keys": []})), "jwks.empty", "/keys");
    let mut nameless = b.clone();
    nameless.as_object_mut().expect("an object").remove("kid");
    seen.see(&look(&json!({"keys": [a, nameless]})), "jwks.kid.missing", "/keys/1");
    seen.see(&look(&json!({"keys": [a, with(&b, "kid", a["kid"].clone())]})), "jwks.kid.double", "/keys/1/kid");
    seen.see(&look(&json!({"keys": [a, b, with(&a, "kid", json!("x"))]})), "jwks.key.double", "/keys/2");
    let private = with(&rfc7517("EC"), "use", json!("sig"));
    seen.see(&look(&json!({"keys": [a, private]})), "key.private.published", "/keys/1/d");
    seen.see(&look(&json!({"keys": [a, rfc7517("oct")[1]]})), "key.secret.published", "/keys/1");
    seen.see(&look(&json!({"keys": [with(&a, "y", a["x"].clone())]})), "key.point.off-curve", "/keys/0");

    // Which keys the tokens name.
    let named = |kid: &Value| token(&json!({"alg": "ES256", "kid": kid}), "{}", &[7; 64]);
    let tokens = [named(&a["kid"]), named(&json!("gone"))];
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    let facts = SetFacts { tokens: &tokens, ..SetFacts::default() };
    let findings = lint::key_set(provider(), json!({"keys": [a, b]}).to_string().as_bytes(), &facts);
    seen.see(&findings, "jwks.key.unused", "/keys/1");
    seen.see(&findings, "jwks.key.absent", "/keys");
    assert_eq!(findings.len(), 2, "{findings:#?}");

    // How it came.
    let good = Fetched {
        url: "https://id.example/jwks",
        cache_control: Some("public, max-age=3600"),
        expires: None,
        content_type: Some("application/json; charset=utf-8"),
    };
    let set = json!({"keys": [a]}).to_string();
    let look = |fetched: Fetched<'_>| {
        let facts = SetFacts { fetched: Some(fetched), ..SetFacts::default() };
        lint::key_set(provider(), set.as_bytes(), &facts)
    };
    assert_eq!(look(good.clone()), [], "the control");
    assert_eq!(look(Fetched { url: "http://localhost:8080/jwks", ..good.clone() }), []);
    assert_eq!(
        look(Fetched { cache_control: None, expires: Some("Thu, 01 Jan 2099 00:00:00 GMT"), ..good.clone() }),
        []
    );
    for url in
        ["http://id.example/jwks", "http://localhost.example/jwks", "ftp://x", "jwks.json", "http://127.0.0.1.example/"]
    {
        seen.see(&look(Fetched { url, ..good.clone() }), "jwks.url.plain-http", "");
    }
    seen.see(&look(Fetched { cache_control: None, ..good.clone() }), "jwks.cache.missing", "");
    seen.see(&look(Fetched { cache_control: Some("public"), ..good.clone() }), "jwks.cache.missing", "");
    seen.see(&look(Fetched { cache_control: Some("no-store"), ..good.clone() }), "jwks.cache.short", "");
    seen.see(&look(Fetched { cache_control: Some("max-age=59"), ..good.clone() }), "jwks.cache.short", "");
    seen.see(&look(Fetched { cache_control: Some("max-age=86401"), ..good.clone() }), "jwks.cache.long", "");
    seen.see(&look(Fetched { content_type: Some("text/html"), ..good.clone() }), "jwks.content-type", "");
    seen.see(&look(Fetched { content_type: None, ..good }), "jwks.content-type", "");
}

fn documents(seen: &mut Seen) {
    let look = |document: &Value, url: Option<&str>| lint::discovery(document.to_string().as_bytes(), url, &LIMITS);
    let urls = [
        "https://id.example.com/a/.well-known/openid-configuration",
        "https://id.example.com/.well-known/oauth-authorization-server/a",
    ];
    for url in urls {
        assert_eq!(look(&discovery(), Some(url)), [], "the control");
    }
    for url in [
        "https://id.example.com/.well-known/openid-configuration",
        "https://evil.example/a/.well-known/openid-configuration",
    ] {
        seen.see(&look(&discovery(), Some(url)), "discovery.issuer.mismatch", "/issuer");
    }
    seen.see(&lint::discovery(b"<html>", None, &Limits::DEFAULT), "discovery.invalid", "");
    for name in
        ["issuer", "jwks_uri", "token_endpoint", "response_types_supported", "id_token_signing_alg_values_supported"]
    {
        let mut less = discovery();
        less.as_object_mut().expect("an object").remove(name);
        seen.see(&look(&less, None), "discovery.member.missing", "");
    }
    for (member, value, code) in [
        ("issuer", json!(7), "discovery.member.type"),
        ("response_types_supported", json!("code"), "discovery.member.type"),
        ("issuer", json!("http://id.example.com"), "discovery.issuer.form"),
        ("issuer", json!("https://id.example.com/?x"), "discovery.issuer.form"),
        ("token_endpoint", json!("http://id.example.com/a/token"), "discovery.endpoint.plain-http"),
        ("userinfo_endpoint", json!("https://api.example.com/me"), "discovery.endpoint.origin"),
        ("id_token_signing_alg_values_supported", json!(["RS256", "none"]), "discovery.alg.none"),
        ("id_token_signing_alg_values_supported", json!(["RS256", "HS256"]), "discovery.alg.hs"),
        ("id_token_signing_alg_values_supported", json!(["ES256"]), "discovery.alg.rs256-missing"),
        ("code_challenge_methods_supported", json!(["plain"]), "discovery.pkce.s256-missing"),
        ("code_challenge_methods_supported", json!(["plain", "S256"]), "discovery.pkce.plain"),
        ("response_types_supported", json!(["code", "id_token token"]), "discovery.response-type.implicit"),
        ("grant_types_supported", json!(["authorization_code", "password"]), "discovery.grant.password"),
        ("scopes_supported", json!(["profile"]), "discovery.scope.openid-missing"),
    ] {
        seen.see(&look(&with(&discovery(), member, value), None), code, &format!("/{member}"));
    }
    let silent = with(&discovery(), "authorization_response_iss_parameter_supported", json!(false));
    seen.see(&look(&silent, None), "discovery.iss-parameter.missing", "");
}

/// No finding shows a secret, and what is foreign comes shortened.
#[test]
fn findings_show_no_secret() {
    let secret = rfc7517("EC");
    let set = json!({"keys": [secret, rfc7517("RSA"), rfc7517("oct")[0], rfc7517("oct")[1]]});
    let shown = format!("{:?}", lint::key_set(provider(), set.to_string().as_bytes(), &SetFacts::default()));
    for jwk in set["keys"].as_array().expect("keys") {
        for name in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            let Some(text) = jwk[name].as_str() else { continue };
            assert!(!shown.contains(&text[..12]), "{name}");
        }
    }
    let header = json!({"alg": "x".repeat(2000), "kid": "/".repeat(2000)});
    for finding in lint::token(&token(&header, "{}", b"x"), None, &LIMITS) {
        assert!(finding.message.len() < 400, "{}", finding.message.len());
    }
    // A pointer's own characters are escaped (RFC 6901 §3).
    let findings = lint::token(&token(&es256(), r#"{"a":1}"#, &[7; 64]), None, &LIMITS);
    assert!(findings.iter().all(|finding| finding.pointer.starts_with('/')));
}
