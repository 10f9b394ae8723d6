//! Key sets: what is passed over, what is refused, which key is chosen.

use serde_json::{Value, json};
use vestibule_jose::explain::Explain as _;
use vestibule_jose::jwk::KeyError;
use vestibule_jose::jwks::SetError;
use vestibule_jose::jws::VerifyError as JwsError;
use vestibule_jose::jwt::{self, VerifyError};
use vestibule_jose::{JwkSet, JwsAlgorithm, Limits, SigningKey, base64url};

use crate::support::{LIMITS, ed25519, es256, provider, rs256, rules, signed, signing, with};

fn parse(set: &Value) -> Result<JwkSet, SetError> {
    JwkSet::parse(provider(), set.to_string().as_bytes(), &LIMITS)
}

fn public(key: &SigningKey) -> Value {
    Value::Object(key.public_jwk().expect("public"))
}

fn without(jwk: &Value, member: &str) -> Value {
    let mut jwk = jwk.clone();
    jwk.as_object_mut().expect("an object").remove(member);
    jwk
}

/// RFC 7517 §5: keys that are not understood, lack a member or are out of range are passed over, the others serve.
#[test]
fn what_is_not_understood_is_passed_over_and_reported() {
    let ec = public(&es256());
    let private: Value = serde_json::from_str(&ed25519().private_jwk()).expect("JSON");
    let set = parse(&json!({"keys": [
        {"kty": "LMS", "pub": "AAAA", "kid": "tomorrow"},
        {"kty": "oct", "k": base64url::encode([7; 32]), "kid": "secret"},
        with(&ec, "use", json!("enc")),
        with(&ec, "alg", json!("ECDH-ES")),
        with(&ec, "crv", json!("P-999")),
        with(&ec, "y", ec["x"].clone()),
        without(&ec, "y"),
        private,
        {"kid": "no type at all"},
        {"kty": "AKP", "kid": "k".repeat(200)},
        {"kty": "AKP", "kid": 7},
        ec,
        public(&rs256()),
    ], "note": "other members mean nothing"}))
    .expect("a set");

    let kids: Vec<_> = set.keys().iter().map(|key| key.kid().map(str::to_owned)).collect();
    assert_eq!(kids, [es256().kid().map(str::to_owned), rs256().kid().map(str::to_owned)]);
    let indexes: Vec<_> = set.skipped().iter().map(|skipped| skipped.index).collect();
    assert_eq!(indexes, (0..11).collect::<Vec<_>>());
    let skipped = |index: usize| &set.skipped()[index];
    assert_eq!(skipped(0).kid.as_deref(), Some("tomorrow"));
    assert_eq!(skipped(0).reason, KeyError::UnknownKty("LMS".into()));
    assert_eq!(skipped(1).reason, KeyError::SymmetricInSet);
    assert_eq!(skipped(2).reason, KeyError::Usage { member: "use", operation: "verify" });
    assert_eq!(skipped(3).reason, KeyError::UnknownAlgorithm("ECDH-ES".into()));
    assert_eq!(skipped(4).reason, KeyError::UnknownCurve("P-999".into()));
    assert!(matches!(skipped(5).reason, KeyError::Provider(_)));
    assert_eq!(skipped(6).reason, KeyError::Missing("y"));
    assert_eq!(skipped(7).reason, KeyError::Private("d"));
    assert_eq!(skipped(8).reason, KeyError::Missing("kty"));
    assert!(skipped(9).kid.as_ref().is_some_and(|kid| kid.chars().count() == 81 && kid.ends_with('…')));
    assert_eq!(skipped(10).kid, None);
}

/// RFC 7517 §5.1: `keys` is an array of objects.
#[test]
fn what_is_no_set_is_refused() {
    for (set, expected) in [
        (json!({}), SetError::NoKeys),
        (json!({"keys": {}}), SetError::NoKeys),
        (json!({"keys": null}), SetError::NoKeys),
        (json!({"keys": [public(&es256()), "x"]}), SetError::NotAnObject(1)),
        (json!({"keys": vec![json!({}); 129]}), SetError::TooMany { found: 129, limit: 128 }),
    ] {
        assert_eq!(parse(&set).expect_err("no set"), expected);
    }
    assert_eq!(parse(&json!({"keys": vec![json!({}); 128]})).expect("a set").skipped().len(), 128);
    assert!(parse(&json!({"keys": []})).expect("an empty set").keys().is_empty());
    for text in ["", "[]", r#"{"keys":[],"keys":[]}"#, r#"{"keys":[{"kty":"EC","kty":"EC"}]}"#, r#"{"keys":[]}x"#] {
        let error = JwkSet::parse(provider(), text.as_bytes(), &LIMITS).expect_err(text);
        assert!(matches!(error, SetError::Json(_)), "{text}: {error}");
    }
    let tight = Limits { set_bytes: 10, ..LIMITS };
    assert!(JwkSet::parse(provider(), br#"{"keys":[]}"#, &tight).is_err());
}

/// RFC 7515 §4.1.4: `kid` is a hint. Keys of that name come first, nameless ones after, others never.
#[test]
fn keys_are_chosen_by_name_and_algorithm() {
    let generate = || SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
    let (a, b, other) = (generate(), generate(), generate());
    let named = |key: &SigningKey, kid: &str| with(&public(key), "kid", json!(kid));
    let set = parse(&json!({"keys": [
        without(&public(&other), "kid"),
        named(&a, "same"),
        named(&b, "same"),
        with(&public(&rs256()), "kid", json!("same")),
        named(&es256(), "mine"),
    ]}))
    .expect("a set");
    let order = |kid, alg| -> Vec<_> {
        set.candidates(kid, alg).map(|key| key.thumbprint().expect("public").to_owned()).collect()
    };
    let prints = |keys: &[&SigningKey]| -> Vec<_> {
        keys.iter().map(|key| key.kid().expect("its thumbprint").to_owned()).collect()
    };
    let (es, rs) = (JwsAlgorithm::ES256, JwsAlgorithm::RS256);
    assert_eq!(order(Some("same"), es), prints(&[&a, &b, &other]));
    assert_eq!(order(Some("same"), rs), prints(&[&rs256()]));
    assert_eq!(order(Some("mine"), es), prints(&[&es256(), &other]));
    assert_eq!(order(Some("Mine"), es), prints(&[&other]), "names are exact");
    assert_eq!(order(None, es), prints(&[&other, &a, &b, &es256()]));
    assert!(order(Some("same"), JwsAlgorithm::PS256).is_empty());
    assert_eq!(set.find("same", es).and_then(|key| key.thumbprint()), a.kid());
    assert_eq!(set.find("same", rs).and_then(|key| key.thumbprint()), rs256().kid());
    assert!(set.find("mine", rs).is_none() && set.find("nobody", es).is_none());

    let verify = |header: &str| jwt::verify::<Value>(&signed(header, "{}"), &set, &rules());
    verify(r#"{"alg":"ES256","kid":"mine"}"#).expect("by name");
    verify(r#"{"alg":"ES256"}"#).expect("without a name");
    let error = verify(r#"{"alg":"ES256","kid":"Mine"}"#).expect_err("another's name");
    assert!(matches!(error, VerifyError::Jws(JwsError::Signature { tried: 1, .. })), "{error}");
}

/// RFC 7517 §4.5: different keys have different names, but for those of different types, between which the algorithm
/// chooses. Wycheproof's json_web_key test 4 asks for it of secrets.
#[test]
fn a_name_of_different_keys_names_none() {
    let (one, other) = (es256(), SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key"));
    let named = |key: &SigningKey| with(&public(key), "kid", json!("same"));
    let check = |keys: &[Value], header: &str| {
        let set = parse(&json!({"keys": keys})).expect("a set");
        jwt::verify::<Value>(&signed(header, "{}"), &set, &rules()).map(drop)
    };
    let header = r#"{"alg":"ES256","kid":"same"}"#;
    let error = check(&[named(&one), named(&other)], header).expect_err("whose");
    let expected = JwsError::Ambiguous { alg: JwsAlgorithm::ES256, kid: Some("same".into()) };
    assert_eq!(error, VerifyError::Jws(expected));
    assert!(error.to_string().contains("several different") && error.explain().clause == Some("RFC 7517 §4.5"));
    check(&[named(&one), named(&rs256())], header).expect("the algorithm chooses");
    check(&[named(&one), named(&one)], header).expect("one key, twice");
    check(&[named(&one), named(&other)], r#"{"alg":"ES256"}"#).expect("no name: each is tried");

    let secret = |byte: u8| json!({"kty": "oct", "kid": "same", "alg": "HS256", "k": base64url::encode([byte; 32])});
    let secrets = [7, 8].map(|byte| {
        let text = secret(byte).to_string();
        vestibule_jose::VerifyingKey::from_jwk(provider(), text.as_bytes(), &LIMITS).expect("a secret")
    });
    let text = jwt::sign(&signing(&secret(7)), &Default::default(), &json!({})).expect("signed");
    let rules = jwt::Rules::new(0, &[JwsAlgorithm::HS256]);
    jwt::verify::<Value>(&text, &secrets[..1], &rules).expect("one secret");
    let error = jwt::verify::<Value>(&text, &secrets[..], &rules).expect_err("two");
    assert!(matches!(error, VerifyError::Jws(JwsError::Ambiguous { .. })), "{error}");
}

/// What is published reads back as it was; a secret is never in it.
#[test]
fn a_set_is_rendered_without_secrets() {
    let secret = SigningKey::generate(provider(), JwsAlgorithm::HS256).expect("a secret");
    let keys = [es256(), secret, rs256(), ed25519()];
    let set = JwkSet::from_keys(keys.iter().map(SigningKey::verifying_key));
    assert_eq!(set.keys().len(), 3);
    let rendered = set.render();
    assert_eq!(rendered, json!({"keys": [public(&es256()), public(&rs256()), public(&ed25519())]}));
    let again = parse(&rendered).expect("a set");
    assert_eq!((again.render(), again.skipped().len()), (rendered, 0));
}
