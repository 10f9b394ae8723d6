//! Tokens: which are believed, and what becomes of those that are not.

use std::sync::Arc;
use std::time::Duration;

use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
use serde_json::json;
use vestibule_verify::{Demands, Reason};

use crate::issuer::{API, ISSUER, Issuer, ask, new_key, refused};

/// RFC 9068 §4, RFC 8725 §3: each broken rule alone.
#[tokio::test]
async fn one_broken_rule_is_enough() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    let key = issuer.key.lock().unwrap().clone();
    let now = issuer.now();
    let good = issuer.token(json!({}));
    let access = ask(&verifier, &good, &Demands::new().scope("read").acr("high").max_age(600)).await.unwrap();
    assert_eq!((access.subject(), access.client_id(), access.binding()), (Some("ada"), Some("drive"), None));
    let public = serde_json::to_vec(&key.public_jwk().unwrap()).unwrap();
    let mac = SigningKey::from_secret(aws_lc(), &public, JwsAlgorithm::HS256).unwrap();
    let (head, rest) = good.split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let none = jose::base64url::encode(r#"{"alg":"none","typ":"at+jwt"}"#);
    let other = issuer.token(json!({ "sub": "grace" }));
    let others_payload = other.split('.').nth(1).unwrap();
    for (what, token, reason) in [
        ("alg none", format!("{none}.{payload}."), Reason::Algorithm),
        ("a MAC under the public key", issuer.signed(&mac, "at+jwt", json!({})), Reason::Algorithm),
        ("another's payload", format!("{head}.{others_payload}.{signature}"), Reason::Signature),
        ("a stranger's key", issuer.signed(&new_key(), "at+jwt", json!({})), Reason::UnknownKey),
        ("an ID token", issuer.signed(&key, "JWT", json!({})), Reason::Type),
        ("no typ", issuer.signed(&key, "", json!({})), Reason::Type),
        ("a logout token", issuer.signed(&key, "logout+jwt", json!({})), Reason::Type),
        ("another issuer", issuer.token(json!({ "iss": "https://evil.example" })), Reason::Issuer),
        ("another API", issuer.token(json!({ "aud": "https://other.example" })), Reason::Audience),
        ("no audience", issuer.token(json!({ "aud": null })), Reason::Audience),
        ("expired", issuer.token(json!({ "exp": now - 11 })), Reason::Expired),
        ("for ever", issuer.token(json!({ "exp": null })), Reason::Claims),
        ("not yet", issuer.token(json!({ "nbf": now + 20 })), Reason::NotYetValid),
        ("of nobody", issuer.token(json!({ "sub": null })), Reason::Claims),
        ("of no client", issuer.token(json!({ "client_id": null })), Reason::Claims),
        ("no jti", issuer.token(json!({ "jti": null })), Reason::Claims),
        ("no iat", issuer.token(json!({ "iat": null })), Reason::Claims),
        ("opaque", "vst_at_1234".to_owned(), Reason::Malformed),
        ("three of anything", "a.b.c".to_owned(), Reason::Malformed),
    ] {
        let before = verifier.denied(reason);
        assert_eq!(refused(&verifier, &token).await, Some(reason), "{what}");
        assert_eq!(verifier.denied(reason), before + 1, "{what} is counted");
    }
    assert_eq!(refused(&verifier, &issuer.token(json!({ "aud": ["https://other.example", API] }))).await, None);
    assert_eq!(refused(&verifier, &issuer.signed(&key, "application/at+jwt", json!({}))).await, None);
    assert_eq!(refused(&verifier, &issuer.token(json!({ "exp": now - 9 }))).await, None, "clocks differ");
    assert_eq!(verifier.let_in(), 4);
}

/// Providers before RFC 9068.
#[tokio::test]
async fn plain_tokens_are_taken_where_that_is_said() {
    let issuer = Issuer::open();
    let verifier = issuer.builder().also_plain_jwt().build().unwrap();
    let key = issuer.key.lock().unwrap().clone();
    let plain = json!({ "client_id": null, "jti": null, "azp": "drive", "scope": null, "scp": ["read"] });
    for typ in ["", "JWT"] {
        let token = issuer.signed(&key, typ, plain.clone());
        let access = ask(&verifier, &token, &Demands::new().scope("read")).await.unwrap();
        assert_eq!(access.client_id(), Some("drive"));
    }
    assert_eq!(
        refused(&verifier, &issuer.signed(&key, "at+jwt", plain.clone())).await,
        Some(Reason::Claims),
        "RFC 9068 §2.2"
    );
    assert_eq!(refused(&verifier, &issuer.signed(&key, "dpop+jwt", plain)).await, Some(Reason::Type));
    assert_eq!(
        refused(&verifier, &issuer.signed(&key, "", json!({ "aud": "drive" }))).await,
        Some(Reason::Audience),
        "an ID token"
    );
}

/// OpenID Connect Discovery §4.3.
#[tokio::test]
async fn metadata_of_another_issuer_are_not_believed() {
    for (change, said) in [
        (json!({ "issuer": format!("{ISSUER}/") }), "those of the issuer"),
        (json!({ "issuer": "https://evil.example" }), "those of the issuer"),
        (json!({ "jwks_uri": null }), "no jwks_uri"),
    ] {
        let issuer = Issuer::open();
        for (name, value) in change.as_object().unwrap() {
            issuer.metadata.lock().unwrap()[name] = value.clone();
        }
        let denied = ask(&issuer.verifier(), &issuer.token(json!({})), &Demands::new()).await.unwrap_err();
        assert_eq!((denied.status(), denied.reason()), (503, Reason::KeysUnavailable));
        assert!(denied.to_string().contains(said), "{denied}");
        assert!(denied.challenges().is_empty(), "it is not the client's fault");
    }
}

/// RFC 9470 §3: what is demanded is said.
#[tokio::test]
async fn a_step_up_is_asked_for() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    let demands = Demands::new().scope("pay").acr("higher").max_age(60);
    let denied = ask(&verifier, &issuer.token(json!({})), &demands).await.unwrap_err();
    assert_eq!(denied.status(), 401);
    assert!(denied.challenges()[0].ends_with("acr_values=\"higher\", max_age=\"60\""), "{:?}", denied.challenges());
    let stepped_up = json!({ "acr": "higher", "auth_time": issuer.now() });
    let denied = ask(&verifier, &issuer.token(stepped_up), &demands).await.unwrap_err();
    assert_eq!((denied.status(), denied.reason()), (403, Reason::Scope));
    let all = json!({ "acr": "higher", "auth_time": issuer.now(), "scope": "pay" });
    assert!(ask(&verifier, &issuer.token(all), &demands).await.is_ok());
}

/// A key that was replaced under its own name (OpenID Connect Core §10.1.1), and signatures that are forged.
#[tokio::test]
async fn a_wrong_signature_has_the_keys_asked_for_once() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    let old = issuer.key.lock().unwrap().clone();
    assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None);
    let mut jwk: serde_json::Map<_, _> = serde_json::from_str(&new_key().private_jwk()).unwrap();
    jwk.insert("kid".to_owned(), old.kid().unwrap().into());
    let replaced = Arc::new(SigningKey::from_jwk_object(aws_lc(), &jwk).unwrap());
    // A forger first: the keys are asked for, and not again for a while.
    for _ in 0..100 {
        assert_eq!(refused(&verifier, &issuer.signed(&replaced, "at+jwt", json!({}))).await, Some(Reason::Signature));
    }
    assert_eq!(issuer.key_fetches(), 2);
    issuer.clock.advance(Duration::from_secs(10));
    *issuer.key.lock().unwrap() = replaced.clone();
    let jwk = serde_json::Value::Object(replaced.public_jwk().unwrap());
    issuer.publish_json(&json!({ "keys": [jwk] }));
    assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None, "the new one");
    assert_eq!(issuer.key_fetches(), 3);
    assert_eq!(
        refused(&verifier, &issuer.signed(&old, "at+jwt", json!({}))).await,
        Some(Reason::Signature),
        "the old one"
    );
}
