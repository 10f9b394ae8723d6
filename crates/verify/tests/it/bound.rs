//! Tokens that are bound to a key or a certificate.

use std::time::Duration;

use jose::SigningKey;
use serde_json::json;
use tower::ServiceExt as _;
use vestibule_verify::tower::Guard;
use vestibule_verify::{Access, Binding, ClientCertificate, Demands, Nonces, Presented, Reason};

use crate::issuer::{API, Issuer, new_key};

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
