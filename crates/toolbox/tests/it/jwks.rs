//! `jwks fetch`, `lint`, `rotate`.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{NOW, codes, done, fetching, made, member, public, refused};

const GOOD: &[(&str, &str)] = &[("cache-control", "public, max-age=300"), ("content-type", "application/jwk-set+json")];

#[test]
fn a_good_set_is_found_good() {
    let key = public(&made(&[("kty", "EC"), ("use", "sig"), ("alg", "ES256")]));
    let set = format!("{{\"keys\":[{key}]}}");
    let output = done("jwks lint", &[("set", &set)]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::Yes, vec![]));
    let url = "https://id.example.com/.well-known/jwks.json";
    let served = fetching("jwks lint", &[("set-url", url)], &[(url, 200, GOOD, &set)]).expect("a verdict");
    assert_eq!((served.verdict, codes(&served)), (Verdict::Yes, vec![]));
}

#[test]
fn what_is_wrong_has_a_code() {
    let good = public(&made(&[("kty", "EC"), ("use", "sig"), ("alg", "ES256"), ("kid", "a")]));
    let private = made(&[("kty", "EC"), ("use", "sig"), ("alg", "ES256"), ("kid", "b")]);
    let secret = made(&[("kty", "oct"), ("use", "sig"), ("alg", "HS256"), ("kid", "c")]);
    let bare = public(&made(&[("kty", "EC"), ("kid", "none")]));
    let off = r#"{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE","use":"sig","alg":"ES256","kid":"d"}"#;
    let weak = r#"{"kty":"RSA","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQ","e":"AQAB","use":"sig","alg":"RS256","kid":"e"}"#;
    for (keys, expected) in [
        (vec![], &["jwks.empty"][..]),
        (vec![private.as_str()], &["key.private.published"]),
        (vec![&secret], &["key.secret.published"]),
        (vec![&good, &good], &["jwks.kid.double"]),
        (vec![&bare], &["jwks.kid.missing", "key.use.missing", "key.alg.missing"]),
        (vec![off], &["key.point.off-curve"]),
        (vec![weak], &["key.weak"]),
        (vec![r#"{"kty":"XYZ","use":"sig","alg":"ES256","kid":"f"}"#], &["key.kty.unknown"]),
        (vec![r#"{"kty":"EC","use":"sig","alg":"ES256","kid":"f"}"#], &["key.invalid"]),
    ] {
        let output = done("jwks lint", &[("set", &format!("{{\"keys\":[{}]}}", keys.join(",")))]);
        assert_eq!(output.verdict, Verdict::No, "{keys:?}");
        for code in expected {
            assert!(codes(&output).contains(code), "{keys:?}: {code} is not in {:?}", codes(&output));
        }
    }
    assert!(refused("jwks lint", &[("set", &good)]).contains("one key, and no set"));
    assert!(refused("jwks lint", &[("set", "[]")]).contains("an array"));
    let served = |url: &str, headers: &[(&str, &str)]| {
        let set = format!("{{\"keys\":[{good}]}}");
        let output = fetching("jwks lint", &[("set-url", url)], &[(url, 200, headers, &set)]).expect("a verdict");
        output.notes.into_iter().map(|note| note.code).collect::<Vec<_>>()
    };
    assert_eq!(served("http://id.example.com/jwks", GOOD), ["jwks.url.plain-http"]);
    assert_eq!(served("https://id.example.com/jwks", &[("cache-control", "no-store"), GOOD[1]]), ["jwks.cache.short"]);
    assert_eq!(served("https://id.example.com/jwks", &[]), ["jwks.cache.missing", "jwks.content-type"]);
}

#[test]
fn tokens_say_which_keys_are_in_use() {
    let [a, b, c] = ["a", "b", "c"].map(|kid| made(&[("kty", "EC"), ("use", "sig"), ("alg", "ES256"), ("kid", kid)]));
    let token = |key: &str| done("jwt sign", &[("claims", "{}"), ("key", key)]).text().expect("text").to_owned();
    let set = format!("{{\"keys\":[{},{}]}}", public(&a), public(&b));
    let output = done("jwks lint", &[("set", &set), ("tokens", &format!("{}\n\n{}\n", token(&a), token(&c)))]);
    assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec!["jwks.key.unused", "jwks.key.absent"]));
}

#[test]
fn a_set_is_fetched_by_issuer_or_url() {
    let set = format!("{{\"keys\":[{}]}}", public(&made(&[("kty", "EC"), ("use", "sig")])));
    let metadata = r#"{"issuer":"https://id.example.com","jwks_uri":"https://id.example.com/jwks"}"#;
    let web = [
        ("https://id.example.com/.well-known/openid-configuration", 200, &[][..], metadata),
        ("https://id.example.com/jwks", 200, GOOD, set.as_str()),
    ];
    for url in ["https://id.example.com", "https://id.example.com/jwks"] {
        let output = fetching("jwks fetch", &[("url", url)], &web).expect("the set");
        assert!(output.text().expect("text").contains("\"keys\""), "{url}");
        assert!(output.result.contains_key("keys") && codes(&output).is_empty(), "{url}: {:?}", output.notes);
    }
    assert!(fetching("jwks fetch", &[("url", "https://nowhere.example")], &web).is_err());
}

#[test]
fn a_rotation_is_planned() {
    let old = public(&made(&[("kty", "EC"), ("use", "sig"), ("alg", "ES256"), ("kid", "old")]));
    let set = format!("{{\"keys\":[{old}]}}");
    let output = done("jwks rotate", &[("set", &set), ("token-lifetime", "1h"), ("cache-lifetime", "10m")]);
    let moments: Vec<_> =
        (0..3).map(|at| output.result["timeline"][at]["at"].as_str().and_then(toolbox::time::parse)).collect();
    assert_eq!(moments, [Some(NOW), Some(NOW + 600 + 60), Some(NOW + 600 + 60 + 3600 + 60)]);
    let now = output.result["set_now"]["keys"].as_array().expect("keys");
    let end = output.result["set_end"]["keys"].as_array().expect("keys");
    assert_eq!((now.len(), end.len(), now[0]["kid"].as_str()), (2, 1, Some("old")));
    assert!(end[0].get("d").is_none() && output.result["next"].get("d").is_some());
    assert_eq!(end[0]["kid"], output.result["next"]["kid"]);
    assert_eq!(codes(&done("jwks rotate", &[])), ["rotate-no-set"]);
    assert!(!member(&output, "timeline").is_empty());
}
