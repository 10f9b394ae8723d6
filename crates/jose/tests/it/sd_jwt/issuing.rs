//! Issuing and choosing what is shown.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vestibule_jose::JwsAlgorithm;
use vestibule_jose::SigningKey;
use vestibule_jose::alg::Hash;
use vestibule_jose::jwt;
use vestibule_jose::sd_jwt::{Issuance, IssueError, SdJwt, SdJwtError};

use super::{check, issued, object, person, signer};
use crate::support::{LIMITS, provider};

fn everything() -> Issuance<'static> {
    Issuance::new(person())
        .hide("/given_name")
        .hide("/a~1b~0c")
        .hide("/nationalities")
        .hide("/nationalities/0")
        .hide("/nationalities/2")
        .hide("/address")
        .hide("/address/street")
        .hide("/address/locality")
        .hide("/address/locality/code")
}

/// What is issued is, with every disclosure, what was put in; and without any, nothing hidden is in it.
#[test]
fn what_is_hidden_comes_back() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        let whole = issued(everything().hash(hash).decoys("", 3).decoys("/address", 2).decoys("/nationalities", 2));
        assert_eq!(whole.disclosures().len(), 9);
        assert_eq!(check(&whole.to_string()).expect("verified"), person());
        assert_eq!(SdJwt::parse(&whole.to_string(), &LIMITS).as_ref(), Ok(&whole));

        let none = whole.present(provider(), &[], &LIMITS).expect("presented");
        assert_eq!(none.to_string(), format!("{}~", whole.issuer_jwt()));
        let visible = check(&none.to_string()).expect("verified");
        assert_eq!(visible, object(json!({"iss": "https://issuer.example.com", "sub": "user_42"})));
        let payload = jwt::inspect(whole.issuer_jwt(), &LIMITS).expect("read").claims;
        assert_eq!(payload["_sd_alg"], json!(format!("sha-{}", hash.len() * 8)));
        let digests = payload["_sd"].as_array().expect("digests");
        assert_eq!(digests.len(), 4 + 3, "four claims and three decoys");
        assert!(digests.is_sorted_by_key(|digest| digest.as_str()), "in no order of the claims'");
    }
    assert!(matches!(everything().hash(Hash::Sha1).issue(provider(), &signer()), Err(IssueError::Hash)));
}

/// RFC 9901 §9.3: salts are new each time, 128 bits of them.
#[test]
fn salts_are_new() {
    let mut salts = BTreeSet::new();
    for _ in 0..2 {
        for disclosure in issued(everything()).disclosures() {
            let json = vestibule_jose::base64url::decode(disclosure.as_str()).expect("base64url");
            let array: Vec<Value> = serde_json::from_slice(&json).expect("an array");
            let salt = array[0].as_str().expect("a salt").to_owned();
            assert_eq!(salt.len(), 22);
            salts.insert(salt);
        }
    }
    assert_eq!(salts.len(), 18);
}

/// A claim is shown with all in which it lies, and with nothing that lies in it.
#[test]
fn the_holder_shows_what_it_wants() {
    let whole = issued(everything());
    let show = |claims: &[&str]| {
        let shown = whole.present(provider(), claims, &LIMITS).expect("presented");
        let mut claims = check(&shown.to_string()).expect("verified");
        claims.retain(|name, _| name != "iss" && name != "sub");
        Value::Object(claims)
    };
    assert_eq!(show(&["/given_name", "/a~1b~0c"]), json!({"given_name": "Ada", "a/b~c": true}));
    assert_eq!(show(&["/nationalities"]), json!({"nationalities": ["US"]}));
    assert_eq!(show(&["/nationalities/2"]), json!({"nationalities": ["US", "FR"]}));
    assert_eq!(show(&["/address"]), json!({"address": {}}));
    assert_eq!(show(&["/address/locality"]), json!({"address": {"locality": {"name": "Schulpforta"}}}));
    assert_eq!(
        show(&["/address/locality/code", "/address/street"]),
        json!({"address": {"street": "Schulstr. 12", "locality": {"name": "Schulpforta", "code": "06628"}}})
    );
    // The second choice is made from what the first left, by the same names.
    let first = whole.present(provider(), &["/nationalities/2"], &LIMITS).expect("presented");
    first.present(provider(), &["/nationalities/2"], &LIMITS).expect("presented again");
    for nothing in ["/sub", "/given_nam", "given_name", "", "/address/locality/name", "/nationalities/1"] {
        let answer = whole.present(provider(), &[nothing], &LIMITS);
        assert!(matches!(answer, Err(SdJwtError::Pointer(_))), "{nothing:?}");
    }
}

#[test]
fn what_cannot_be_hidden_is_refused() {
    let pointers = [
        "",
        "/",
        "given_name",
        "/given_nam",
        "/nationalities/3",
        "/nationalities/-",
        "/nationalities/x",
        "/given_name/x",
        "/_sd",
        "/_sd/0",
        "/address/_sd/0",
    ];
    for pointer in pointers {
        let answer =
            Issuance::new(person()).decoys("", 1).decoys("/address", 1).hide(pointer).issue(provider(), &signer());
        assert!(matches!(answer, Err(IssueError::Pointer(_))), "{pointer:?}");
    }
    for twice in ["/given_name", "/nationalities/1"] {
        let answer = Issuance::new(person()).hide(twice).hide(twice).issue(provider(), &signer());
        assert!(matches!(answer, Err(IssueError::Pointer(_))), "{twice:?} twice");
    }
    // RFC 9901 §9.7; entries of `aud` may be hidden.
    for name in ["iss", "aud", "exp", "nbf", "cnf"] {
        let claims = object(json!({name: ["x"], "x": {name: 1}}));
        let pointer = format!("/{name}");
        let answer = Issuance::new(claims.clone()).hide(&pointer).issue(provider(), &signer());
        assert!(matches!(answer, Err(IssueError::Validity(found)) if found == name));
        issued(Issuance::new(claims).hide(&format!("/x{pointer}")).hide(&format!("{pointer}/0")));
    }
    // RFC 9901 §4.1.
    for claims in
        [json!({"_sd": []}), json!({"_sd_alg": "sha-256"}), json!({"x": [{"...": "x"}]}), json!({"x": {"_sd": 1}})]
    {
        let answer = Issuance::new(object(claims)).issue(provider(), &signer());
        assert!(matches!(answer, Err(IssueError::Name(_))));
    }
    let secret = SigningKey::generate(provider(), JwsAlgorithm::HS256).expect("a secret").verifying_key();
    let answer = Issuance::new(person()).holder(&secret).issue(provider(), &signer());
    assert!(matches!(answer, Err(IssueError::Holder)));
    let decoys = Issuance::new(person()).decoys("/given_name", 1).issue(provider(), &signer());
    assert!(matches!(decoys, Err(IssueError::Pointer(_))));
}

/// RFC 9901 §8: the same in a flattened object.
#[test]
fn the_flattened_form_says_the_same() {
    let whole = issued(everything());
    let text = whole.to_flattened().expect("written");
    let read = SdJwt::parse_flattened(&text, &LIMITS).expect("read");
    assert_eq!(read, whole);
    let good: Value = serde_json::from_str(&text).expect("JSON");
    for (member, value) in [
        ("header", json!([])),
        ("header", json!({"disclosures": "x"})),
        ("header", json!({"disclosures": [1]})),
        ("header", json!({"disclosures": ["x"]})),
        ("header", json!({"kb_jwt": 1})),
        ("payload", json!(1)),
        ("protected", json!(null)),
        ("signature", json!("a.b")),
        ("signatures", json!([])),
        ("ciphertext", json!("")),
    ] {
        let wrong = crate::support::with(&good, member, value.clone()).to_string();
        SdJwt::parse_flattened(&wrong, &LIMITS).expect_err(&format!("{member}: {value}"));
    }
}
