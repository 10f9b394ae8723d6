//! Tokens: which are believed, and what becomes of those that are not.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
use serde_json::json;
use tower::ServiceExt as _;
use vestibule_verify::tower::Guard;
use vestibule_verify::{Access, Binding, ClientCertificate, Demands, Introspection, Nonces, Presented, Reason};

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

/// RFC 9449 §7.
#[tokio::test]
async fn a_token_bound_to_a_key_comes_with_a_proof() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    let (mine, thiefs) = (new_key(), new_key());
    let thumbprint = mine.verifying_key().thumbprint().unwrap().to_owned();
    let token = issuer.token(json!({ "cnf": { "jkt": thumbprint } }));
    let unbound = issuer.token(json!({}));
    let now = issuer.now();
    let address = format!("{API}/files");
    let proof = |key: &SigningKey, method: &str, uri: &str, at: i64, jti: &str, token: &str| {
        jose::dpop::Draft::new(method, uri, at, jti).access_token(token).sign(key).unwrap()
    };
    let good = proof(&mine, "GET", &address, now, "1", &token);
    let no_hash = jose::dpop::Draft::new("GET", &address, now, "2").sign(&mine).unwrap();
    let dpop = format!("DPoP {token}");
    let bearer = format!("Bearer {token}");
    let ask = async |header: &str, proofs: &[&str]| {
        let presented = Presented::new("GET", "/files").authorization(header);
        let presented = proofs.iter().fold(presented, |presented, proof| presented.proof(proof));
        verifier.verify(&presented, &Demands::new()).await
    };
    assert_eq!(ask(&dpop, &[&good]).await.unwrap().binding(), Some(Binding::Key));
    for (what, header, proofs, reason) in [
        ("the same proof again", dpop.as_str(), vec![good.clone()], Reason::ProofReplayed),
        ("as a bearer's", &bearer, vec![], Reason::Unbound),
        (
            "as a bearer's, with a proof",
            &bearer,
            vec![proof(&mine, "GET", &address, now, "3", &token)],
            Reason::Unbound,
        ),
        ("without a proof", &dpop, vec![], Reason::Proof),
        ("two proofs", &dpop, vec![good.clone(), good.clone()], Reason::Request),
        ("the thief's key", &dpop, vec![proof(&thiefs, "GET", &address, now, "4", &token)], Reason::ProofKey),
        ("another method", &dpop, vec![proof(&mine, "POST", &address, now, "5", &token)], Reason::Proof),
        (
            "another address",
            &dpop,
            vec![proof(&mine, "GET", "https://evil.example/files", now, "6", &token)],
            Reason::Proof,
        ),
        ("another path", &dpop, vec![proof(&mine, "GET", &format!("{API}/"), now, "7", &token)], Reason::Proof),
        ("another token", &dpop, vec![proof(&mine, "GET", &address, now, "8", &unbound)], Reason::Proof),
        ("no ath", &dpop, vec![no_hash], Reason::Proof),
        ("too old", &dpop, vec![proof(&mine, "GET", &address, now - 71, "9", &token)], Reason::Proof),
        ("still to come", &dpop, vec![proof(&mine, "GET", &address, now + 11, "10", &token)], Reason::Proof),
        (
            "an unbound token",
            &format!("DPoP {unbound}"),
            vec![proof(&mine, "GET", &address, now, "11", &unbound)],
            Reason::Unbound,
        ),
    ] {
        let proofs: Vec<_> = proofs.iter().map(String::as_str).collect();
        let denied = ask(header, &proofs).await.expect_err(what);
        assert_eq!(denied.reason(), reason, "{what}: {denied}");
        if reason != Reason::Request {
            assert!(denied.challenges()[0].starts_with("DPoP error="), "{what}: {:?}", denied.challenges());
        }
    }
    assert!(ask(&dpop, &[&proof(&mine, "GET", &address, now, "12", &token)]).await.is_ok());
    let presented = Presented::new("GET", "/files").authorization(&bearer);
    assert_eq!(verifier.verify(&presented, &Demands::new().bound()).await.unwrap_err().reason(), Reason::Unbound);
}

/// RFC 9449 §4.2: `htu` is the address that the client asked for, whatever routers and proxies cut from it.
#[tokio::test]
async fn a_proof_is_for_the_address_that_the_client_asked_for() {
    let issuer = Issuer::open();
    let mine = new_key();
    let token = issuer.token(json!({ "cnf": { "jkt": mine.verifying_key().thumbprint().unwrap() } }));
    let header = format!("DPoP {token}");
    let files = || axum::routing::get(|access: Access| async move { access.subject().unwrap_or_default().to_owned() });
    let guarded =
        |verifier| axum::Router::new().route("/files", files()).route_layer(Guard::new(verifier, Demands::new()));
    let nested = |verifier| axum::Router::new().nest("/v1", axum::Router::new().nest("/drive", guarded(verifier)));
    let at = |base: &str| issuer.builder().public_url(base).build().unwrap();
    let mut count = 0;
    let mut ask = async |router: &axum::Router, path: &str, htu: &str| {
        count += 1;
        let jti = format!("n{count}");
        let proof = jose::dpop::Draft::new("GET", htu, issuer.now(), &jti).access_token(&token).sign(&mine).unwrap();
        let request = http::Request::get(path).header("authorization", &header).header("dpop", proof);
        let request = request.body(axum::body::Body::empty()).unwrap();
        router.clone().oneshot(request).await.unwrap().status().as_u16()
    };
    let router = nested(at(API));
    assert_eq!(ask(&router, "/v1/drive/files?a=1", &format!("{API}/v1/drive/files")).await, 200);
    assert_eq!(ask(&router, "/v1/drive/files", &format!("{API}/files")).await, 401, "what the inner router sees");
    assert_eq!(ask(&router, "/v1/drive/files", &format!("{API}/v2/drive/files")).await, 401);
    // A proxy strips `/shared`, and the routers cut the rest.
    let router = nested(at(&format!("{API}/shared/")));
    assert_eq!(ask(&router, "/v1/drive/files", &format!("{API}/shared/v1/drive/files")).await, 200);
    assert_eq!(ask(&router, "/v1/drive/files", &format!("{API}/v1/drive/files")).await, 401, "without the prefix");
    let router = guarded(at(&format!("{API}/shared")));
    assert_eq!(ask(&router, "/files", &format!("{API}/shared/files")).await, 200);
}

/// RFC 9449 §9.
#[tokio::test]
async fn a_nonce_is_asked_for_and_taken() {
    let issuer = Issuer::open();
    let verifier = issuer.builder().nonces(Nonces::new([7; 32])).build().unwrap();
    let key = new_key();
    let token = issuer.token(json!({ "cnf": { "jkt": key.verifying_key().thumbprint().unwrap() } }));
    let (address, header) = (format!("{API}/files"), format!("DPoP {token}"));
    let ask = async |proof: String| {
        verifier.verify(&Presented::new("GET", "/files").authorization(&header).proof(&proof), &Demands::new()).await
    };
    let draft = |jti: &'static str| jose::dpop::Draft::new("GET", &address, issuer.now(), jti).access_token(&token);
    let denied = ask(draft("1").sign(&key).unwrap()).await.unwrap_err();
    assert_eq!(denied.reason(), Reason::Nonce);
    assert!(denied.challenges()[0].starts_with("DPoP error=\"use_dpop_nonce\""));
    let nonce = denied.nonce().unwrap().to_owned();
    let with_nonce = draft("2").nonce(&nonce).sign(&key).unwrap();
    assert!(ask(with_nonce.clone()).await.is_ok());
    assert_eq!(ask(with_nonce.clone()).await.unwrap_err().reason(), Reason::ProofReplayed);
    issuer.clock.advance(Duration::from_secs(100));
    assert_eq!(ask(with_nonce).await.unwrap_err().reason(), Reason::ProofReplayed, "for as long as the nonce counts");
    assert_eq!(ask(draft("3").nonce("made up").sign(&key).unwrap()).await.unwrap_err().reason(), Reason::Nonce);
    issuer.clock.advance(Duration::from_secs(200));
    assert_eq!(ask(draft("4").nonce(&nonce).sign(&key).unwrap()).await.unwrap_err().reason(), Reason::Nonce);
}

/// RFC 8705 §3; RFC 7800 §3.
#[tokio::test]
async fn a_token_bound_to_a_certificate_comes_over_it() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    let (mine, thiefs) = (vec![0x30, 1], vec![0x30, 2]);
    let token = issuer.token(json!({ "cnf": { "x5t#S256": jose::base64url::encode(jose::sha256(&mine)) } }));
    let ask = async |certificate: Option<&[u8]>, token: &str| {
        let mut request = http::Request::get("/files?a=b").header("authorization", format!("Bearer {token}"));
        if let Some(der) = certificate {
            request = request.extension(ClientCertificate(der.to_vec()));
        }
        let (parts, ()) = request.body(()).unwrap().into_parts();
        verifier.verify(&Presented::of(&parts), &Demands::new().bound()).await
    };
    assert_eq!(ask(Some(&mine), &token).await.unwrap().binding(), Some(Binding::Certificate));
    for certificate in [None, Some(thiefs.as_slice())] {
        assert_eq!(ask(certificate, &token).await.unwrap_err().reason(), Reason::Certificate);
    }
    for cnf in [json!({ "kid": "1" }), json!({ "jkt": 1 }), json!("jkt"), json!({ "jkt": "x", "other": "y" })] {
        let token = issuer.token(json!({ "cnf": cnf }));
        assert_eq!(ask(Some(&mine), &token).await.unwrap_err().reason(), Reason::Confirmation, "{cnf}");
    }
    assert_eq!(ask(Some(&mine), &issuer.token(json!({}))).await.unwrap_err().reason(), Reason::Unbound);
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
