//! The RFCs' own examples of JWS.

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Form, Headers, Place, Rules};
use vestibule_jose::provider::{MlDsa, PrivateMaterial};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use crate::support::{es256, provider, rs256, signing, verifying, with};

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

fn named(key: &SigningKey, kid: &str) -> VerifyingKey {
    verifying(&with(&Value::Object(key.public_jwk().expect("public")), "kid", json!(kid)))
}

/// RFC 7515 appendix A.6 and A.7: the payload and signatures of A.2 and A.3, in one object and flattened.
#[test]
fn rfc_7515_in_json() {
    let general = read(include_str!("vectors/rfc7515_a6.json"));
    let keys = [named(&rs256(), "2010-12-29"), named(&es256(), "e9bc097a-ce51-4036-9562-d2ade882db0d")];
    let algs = [JwsAlgorithm::RS256, JwsAlgorithm::ES256];
    let rules = Rules::new(&algs).all_signatures();
    let verified = jws::verify(&general.to_string(), &keys[..], &rules.clone().form(Form::General)).expect("verified");
    assert_eq!(verified.signatures().len(), 2);
    assert!(verified.payload().starts_with(b"{\"iss\":\"joe\",\r\n"));

    let mut flattened = general["signatures"][1].clone();
    flattened["payload"] = general["payload"].clone();
    jws::verify(&flattened.to_string(), &keys[..], &rules.form(Form::Flattened)).expect("verified");

    // What A.2 gave can be made again.
    let headers = Headers { kid: Some(Place::Unprotected), ..Headers::default() };
    let payload = base64url::decode(general["payload"].as_str().expect("text")).expect("base64url");
    let draft = Draft::new(&payload);
    let prepared = draft.prepare(JwsAlgorithm::RS256, Some("2010-12-29"), &headers).expect("prepared");
    let signature = rs256().sign(prepared.signing_input()).expect("signed");
    let ours = draft.attach(prepared, &signature).and_then(|draft| draft.general()).expect("written");
    assert_eq!(read(&ours)["signatures"][0], general["signatures"][0]);
}

/// RFC 7515 appendix A.5 and RFC 7519 §6.1: unsecured, so that nobody believes it.
#[test]
fn what_is_unsecured_is_refused() {
    let token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    let error = jws::verify(token, &es256().verifying_key(), &Rules::new(JwsAlgorithm::ALL)).expect_err("unsecured");
    assert_eq!(error.check(), "alg");
}

/// RFC 7520 §4.1 to §4.8: each form is verified; where the algorithm always gives the same bytes it is made again.
#[test]
fn rfc_7520() {
    let all = read(include_str!("vectors/rfc7520.json"));
    let payload = base64url::decode(all["payload"].as_str().expect("text")).expect("base64url");
    let keys = ["rsa", "ec", "oct"].map(|name| all["keys"][name].clone());
    let cases = all["cases"].as_array().expect("an array");
    assert_eq!(cases.len(), 8);
    for case in cases {
        let section = case["section"].as_str().expect("text");
        let detached = case.get("detached").is_some();
        for form in ["compact", "flattened", "general"] {
            let Some(text) = case.get(form) else { continue };
            let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
            let mut rules = Rules::new(JwsAlgorithm::ALL).all_signatures();
            if detached {
                rules = rules.detached(&payload);
            }
            let algs = match case.get("alg") {
                Some(alg) => vec![alg.clone()],
                None => vec![json!("RS256"), json!("ES512"), json!("HS256")],
            };
            let keys: Vec<VerifyingKey> =
                keys.iter().flat_map(|key| algs.iter().filter_map(|alg| public(key, alg))).collect();
            let verified =
                jws::verify(&text, &keys, &rules).unwrap_or_else(|error| panic!("{section} {form}: {error}"));
            assert_eq!(verified.payload(), payload, "{section} {form}");
            assert_eq!(verified.signatures().len(), algs.len(), "{section} {form}");
        }
        if let "4.1" | "4.4" | "4.5" | "4.6" | "4.7" = section {
            made_again(&all, case, &payload);
        }
    }
}

/// The public half of a private key, or the secret, for this algorithm if it goes with it.
fn public(key: &Value, alg: &Value) -> Option<VerifyingKey> {
    let jwk = with(key, "alg", alg.clone());
    let signing = SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &crate::support::LIMITS).ok()?;
    Some(signing.verifying_key())
}

fn made_again(all: &Value, case: &Value, payload: &[u8]) {
    let section = case["section"].as_str().expect("text");
    let key = &all["keys"][case["key"].as_str().expect("text")];
    let key = signing(&with(key, "alg", case["alg"].clone()));
    let mut headers = Headers::default();
    if section == "4.6" || section == "4.7" {
        headers.kid = Some(Place::Unprotected);
    }
    if section == "4.7" {
        headers.alg = Place::Unprotected;
    }
    let draft = if section == "4.5" { Draft::new(payload).detached() } else { Draft::new(payload) };
    let draft = draft.sign(&key, &headers).expect("signed");
    if let Some(compact) = case.get("compact") {
        assert_eq!(&json!(draft.compact().expect("written")), compact, "{section}");
    }
    assert_eq!(read(&draft.flattened().expect("written")), case["flattened"], "{section}");
    assert_eq!(read(&draft.general().expect("written")), case["general"], "{section}");
}

/// RFC 8037 appendix A.4, and the same key under the name that RFC 9864 §2.2 gives to it.
#[test]
fn ed25519_by_both_names() {
    let jwk = json!({
        "kty": "OKP", "crv": "Ed25519",
        "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
    });
    let payload = b"Example of Ed25519 signing";
    let nameless = Headers { kid: None, ..Headers::default() };
    let by = |alg: &str| Draft::new(payload).sign(&signing(&with(&jwk, "alg", json!(alg))), &nameless).expect("signed");
    let old = by("EdDSA").compact().expect("written");
    assert_eq!(
        old,
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    );
    let new = by("Ed25519").compact().expect("written");
    assert!(new.starts_with(&format!("{}.", base64url::encode(r#"{"alg":"Ed25519"}"#))));

    // The name in the key decides; without one it serves both.
    let public = json!({"kty": "OKP", "crv": "Ed25519", "x": jwk["x"]});
    let both = [JwsAlgorithm::EdDSA, JwsAlgorithm::Ed25519];
    for (key, old_holds, new_holds) in [
        (verifying(&public), true, true),
        (verifying(&with(&public, "alg", json!("EdDSA"))), true, false),
        (verifying(&with(&public, "alg", json!("Ed25519"))), false, true),
    ] {
        assert_eq!(jws::verify(&old, &key, &Rules::new(&both)).is_ok(), old_holds);
        assert_eq!(jws::verify(&new, &key, &Rules::new(&both)).is_ok(), new_holds);
        assert!(jws::verify(&new, &key, &Rules::new(&both[..1])).is_err(), "not allowed by the caller");
    }
}

/// RFC 9964 appendix A: the seed of zeros, its public keys, thumbprints and signatures.
#[test]
fn rfc_9964() {
    let all = read(include_str!("vectors/rfc9964.json"));
    for (case, set) in all.as_array().expect("an array").iter().zip(MlDsa::ALL) {
        let alg = set.alg();
        assert_eq!(case["alg"], alg.as_str());
        let material = PrivateMaterial::MlDsa { set: *set, seed: [0; 32].into(), public: None };
        let key = SigningKey::from_material(provider(), material, None, None).expect("a key");
        let jwk = key.public_jwk().expect("public");
        assert_eq!((&jwk["kty"], &jwk["alg"], &jwk["pub"]), (&json!("AKP"), &case["alg"], &case["pub"]));
        assert_eq!(key.kid(), case["kid"].as_str(), "the thumbprint");

        let jws = case["jws"].as_str().expect("text");
        let payload = "It\u{2019}s a dangerous business, Frodo, going out your door.".as_bytes();
        let algs = [alg];
        let verify = |text: &str| jws::verify(text, &key.verifying_key(), &Rules::new(&algs));
        assert_eq!(verify(jws).expect("verified").payload(), payload);
        let ours = Draft::new(payload).sign(&key, &Headers::default()).and_then(|draft| draft.compact()).expect("w");
        let input = |token: &str| token.rsplit_once('.').expect("three parts").0.to_owned();
        assert_eq!(input(&ours), input(jws));
        verify(&ours).expect("verified");
        let place = jws.len() - 2000;
        let other = if jws.as_bytes()[place] == b'A' { "B" } else { "A" };
        let broken = format!("{}{other}{}", &jws[..place], &jws[place + 1..]);
        assert_eq!(verify(&broken).expect_err("one sign changed").check(), "signature");
    }
}
