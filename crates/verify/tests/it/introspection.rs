//! Tokens that the provider is asked about (RFC 7662).

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use vestibule_verify::{Demands, Introspection, Reason};

use crate::issuer::{API, ISSUER, Issuer, ask, new_key, refused};

/// RFC 7662.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_opaque_token_is_asked_about_once() {
    let issuer = Issuer::open();
    let verifier = issuer.builder().introspection(Introspection::new("api", "secret")).build().unwrap();
    let said = |changes: serde_json::Value| {
        let mut said =
            json!({ "active": true, "sub": "ada", "client_id": "drive", "scope": "read", "exp": issuer.now() + 300 });
        said.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        said
    };
    issuer.said.lock().unwrap().insert("opaque-1".to_owned(), said(json!({})));
    let many: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let verifier = verifier.clone();
                async move { refused(&verifier, "opaque-1").await }
            })
        })
        .collect();
    for one in many {
        assert_eq!(one.await.unwrap(), None);
    }
    let asked = || issuer.introspections.load(Ordering::SeqCst);
    assert_eq!(asked(), 1);
    // Revoked: known here once the answer no longer counts.
    issuer.said.lock().unwrap().remove("opaque-1");
    assert_eq!(refused(&verifier, "opaque-1").await, None);
    issuer.clock.advance(Duration::from_secs(31));
    assert_eq!(refused(&verifier, "opaque-1").await, Some(Reason::Inactive));
    assert_eq!((refused(&verifier, "opaque-1").await, asked()), (Some(Reason::Inactive), 2), "that is kept, too");
    for (token, changes, reason) in [
        ("a", json!({ "aud": API, "iss": ISSUER }), None),
        ("b", json!({ "aud": ["x", API] }), None),
        ("c", json!({ "aud": "x" }), Some(Reason::Audience)),
        ("d", json!({ "iss": "https://evil.example" }), Some(Reason::Issuer)),
        ("e", json!({ "exp": issuer.now() - 60 }), Some(Reason::Expired)),
        ("f", json!({ "nbf": issuer.now() + 60 }), Some(Reason::NotYetValid)),
        ("g", json!({ "cnf": { "jkt": "x" } }), Some(Reason::Unbound)),
        ("h", json!({ "active": "true" }), Some(Reason::IntrospectionUnavailable)),
    ] {
        issuer.said.lock().unwrap().insert(token.to_owned(), said(changes));
        assert_eq!(refused(&verifier, token).await, reason, "{token}");
    }
    *issuer.away.lock().unwrap() = true;
    assert_eq!(refused(&verifier, "a").await, None, "what was said counts");
    assert_eq!(refused(&verifier, "z").await, Some(Reason::IntrospectionUnavailable));
}

/// A JWT that is asked about, too, ends when it is revoked.
#[tokio::test]
async fn a_revocable_token_is_asked_about() {
    let issuer = Issuer::open();
    let introspection = Introspection::new("api", "secret").keep(Duration::from_secs(5)).of_every_token();
    let verifier = issuer.builder().introspection(introspection).build().unwrap();
    let token = issuer.token(json!({}));
    issuer.said.lock().unwrap().insert(token.clone(), json!({ "active": true }));
    let access = ask(&verifier, &token, &Demands::new().scope("read")).await.unwrap();
    assert_eq!(access.subject(), Some("ada"), "what it says itself stays");
    issuer.said.lock().unwrap().clear();
    issuer.clock.advance(Duration::from_secs(6));
    assert_eq!(refused(&verifier, &token).await, Some(Reason::Inactive));
    // A forged one is not asked about.
    let before = issuer.introspections.load(Ordering::SeqCst);
    assert_eq!(refused(&verifier, &issuer.signed(&new_key(), "at+jwt", json!({}))).await, Some(Reason::UnknownKey));
    assert_eq!(issuer.introspections.load(Ordering::SeqCst), before);
}
