//! RSA private keys that came without all of their numbers (RFC 7518 §6.3.2; NIST SP 800-56B rev. 2, appendix C.2).

use serde_json::{Value, json};
use vestibule_jose::base64url;
use vestibule_jose::jwk::{Jwk, KeyError, NewKey};
use vestibule_jose::provider::RsaSize;

use super::{json as written, key, parse, rfc7517, without};
use crate::support::{provider, signing, with};

const DERIVED: &[&str] = &["dp", "dq", "qi"];
const PRIVATE: &[&str] = &["p", "q", "dp", "dq", "qi"];

/// The primes that are found are those that were there; they may stand the other way round.
#[test]
fn primes_are_found_from_the_exponents() {
    let made: Vec<Value> = [RsaSize::Bits2048, RsaSize::Bits3072, RsaSize::Bits4096]
        .map(|size| written(&Jwk::generate(provider(), NewKey::Rsa(size)).expect("a key")))
        .into();
    for whole in made.iter().chain([&rfc7517("RSA")]) {
        let found = written(&key(&without(whole, PRIVATE)));
        let pair = |jwk: &Value| {
            let mut pair = [jwk["p"].to_string(), jwk["q"].to_string()];
            pair.sort();
            pair
        };
        assert_eq!(pair(&found), pair(whole));
        assert_eq!(written(&key(&without(whole, DERIVED))), *whole, "what follows from the primes");
        // The key that signs is read the same way.
        assert_eq!(signing(&without(whole, PRIVATE)).kid(), key(whole).kid());
    }
}

/// A private exponent may be larger than it need be (RFC 8017 §3.2 asks only for an inverse).
#[test]
fn an_exponent_that_is_not_the_smallest_is_as_good() {
    // The RFC's key with another d: as many times λ(n) added to the smallest as leave it below n.
    let whole = rfc7517("RSA");
    let bigger = with(&whole, "d", LARGER_D.into());
    let found = written(&key(&without(&bigger, PRIVATE)));
    assert!(found["p"] == whole["p"] || found["p"] == whole["q"]);
}

#[test]
fn numbers_that_do_not_belong_together_are_refused() {
    let whole = rfc7517("RSA");
    let bare = without(&whole, PRIVATE);
    let d = base64url::decode(whole["d"].as_str().expect("text")).expect("base64url");
    let other = written(&Jwk::generate(provider(), NewKey::Rsa(RsaSize::Bits2048)).expect("a key"));
    let mut changed = d;
    changed[100] ^= 4;
    for d in [changed, vec![1], vec![0], vec![], vec![0xff; 256], vec![7; 32]] {
        let error = parse(&with(&bare, "d", base64url::encode(d).into())).expect_err("no inverse of e").to_string();
        assert!(error.contains("primes cannot be found"), "{error}");
    }
    let long = parse(&with(&bare, "d", base64url::encode(vec![0xff; 257]).into())).map(drop);
    assert!(matches!(long, Err(KeyError::Member { member: "d", .. })));
    let primes = without(&whole, DERIVED);
    for (p, q) in [
        (json!("AQ"), whole["n"].clone()),
        (whole["n"].clone(), json!("AQ")),
        (other["p"].clone(), whole["q"].clone()),
        (json!(""), whole["q"].clone()),
        (whole["p"].clone(), whole["p"].clone()),
        (json!(base64url::encode(vec![0xff; 20_000])), whole["q"].clone()),
    ] {
        let error = parse(&with(&with(&primes, "p", p), "q", q)).expect_err("foreign").to_string();
        assert!(error.contains("primes do not belong to its modulus"), "{error}");
    }
    // RFC 7518 §6.3.2.2: one prime without the other, or a part of what follows from both, is no key.
    for missing in [&["p"][..], &["q"], &["dp"], &["dq", "qi"], &["p", "q"]] {
        let error = parse(&without(&whole, missing)).expect_err("a part").to_string();
        assert!(error.contains("is missing"), "{missing:?}: {error}");
    }
    assert!(parse(&with(&whole, "oth", json!([]))).is_err());
    assert!(parse(&with(&bare, "d", other["d"].clone())).is_err());
}

const LARGER_D: &str = concat!(
    "yQVRaudoND2AOvm0IHhXKMZY4jkbWdYY5bZtfnX6T3TlucFQ71c5bJLhZo_lwSu-fz8QQvdl3G7yx1iZvIjdqpkguvMeIEa1DtruW4j1_sFPpRsE",
    "QQ46knToAzgM5fWMtE5r0BtMvpnnI36GI9g--CxLGxXqhO5d0w7NTQ7dJboMO7yGDDioSIDNyOvS0LiVJotK0Q8jVYiQv2QEDWHVqQO_jPUGMV31",
    "CTK5JQrt5VXBEMmtF4ExngP5mj17BSTGkMYfKwN8YUeQ9DxAOI5ouzE6ClMMpUb7fU5l1R0kb-bllnSysLeIpj5MYwl4c4FrwqITV85RRuiqPnpr",
    "_pZlqQ"
);
