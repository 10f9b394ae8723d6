//! Signing in, and staying so.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Context, House};
use testkit_macros::both_databases;
use vestibule_native::{Ending, Error};

use crate::device::{Device, get};

async fn notes(house: &House) -> (std::sync::Arc<Context>, Device) {
    let node = house.node().await;
    for id in ["notes", "mail"] {
        let metadata = json!({
            "client_id": id, "client_name": id, "vestibule_type": "native", "redirect_uris": ["http://127.0.0.1/callback"],
            "scope": "openid profile offline_access", "vestibule_trusted": true,
        });
        House::add_client(&node, metadata).await;
    }
    let device = Device::of(house, &node).await;
    (node, device)
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&jose::base64url::decode(payload).unwrap()).unwrap()
}

/// RFC 8252 §4.1 with a pushed request (RFC 9126), and tokens bound to the device's key (RFC 9449).
#[both_databases]
async fn a_person_signs_in_by_the_systems_browser(house: House) {
    let (_node, device) = notes(&house).await;
    let app = device.app("notes", "openid profile");
    assert!(!app.is_signed_in().await.unwrap());
    assert!(matches!(app.credentials("GET", "https://api.example/notes").await, Err(Error::SignedOut)));
    app.sign_in().await.unwrap();
    let opened = device.browser.opened.lock().unwrap().clone();
    assert!(
        opened.len() == 1 && opened[0].contains("request_uri=") && !opened[0].contains("code_challenge"),
        "{opened:?}"
    );
    let credentials = app.credentials("GET", "https://api.example/notes?page=2").await.unwrap();
    let token = credentials.authorization.strip_prefix("DPoP ").unwrap();
    let proof = claims(&credentials.dpop.unwrap());
    assert_eq!((&proof["htm"], &proof["htu"]), (&"GET".into(), &"https://api.example/notes".into()));
    assert_eq!(app.subject().await.unwrap().as_deref(), claims(token)["sub"].as_str());
    assert!(claims(token)["cnf"]["jkt"].is_string());
    // What was issued is taken back, here and there.
    app.sign_out(Ending::ThisApp).await.unwrap();
    assert!(matches!(app.credentials("GET", "https://api.example/").await, Err(Error::SignedOut)));
    assert!(!app.is_signed_in().await.unwrap());
}

/// One refresh for all who ask, and whoever goes away loses nothing.
#[both_databases]
async fn many_who_ask_refresh_once(house: House) {
    let (_node, device) = notes(&house).await;
    let app = device.app("notes", "openid");
    app.sign_in().await.unwrap();
    let first = app.credentials("GET", "https://api.example/").await.unwrap().authorization;
    house.clock.advance(Duration::from_secs(280));
    let posts = || device.network.posts.load(Ordering::SeqCst);
    let before = posts();
    assert!(tokio::time::timeout(Duration::ZERO, app.credentials("GET", "https://api.example/")).await.is_err());
    let many: Vec<_> = (0..50)
        .map(|_| {
            tokio::spawn({
                let app = app.clone();
                async move { app.credentials("GET", "https://api.example/").await.unwrap() }
            })
        })
        .collect();
    let mut second = None;
    for one in many {
        let authorization = one.await.unwrap().authorization;
        assert_ne!(authorization, first);
        assert_eq!(second.get_or_insert(authorization.clone()), &authorization);
    }
    assert_eq!(posts() - before, 1);
}

/// While the network is away whoever is signed in stays so; where the family has ended, nobody is.
#[both_databases]
async fn what_ends_a_sign_in(house: House) {
    let (node, device) = notes(&house).await;
    let app = device.app("notes", "openid");
    app.sign_in().await.unwrap();
    house.clock.advance(Duration::from_secs(600));
    *device.network.router.lock().unwrap() = None;
    assert!(matches!(app.credentials("GET", "https://api.example/").await, Err(Error::Unreachable(_))));
    assert!(app.is_signed_in().await.unwrap());
    *device.network.router.lock().unwrap() = Some(House::router(&node));
    app.credentials("GET", "https://api.example/").await.unwrap();
    assert!(node.delete_client("notes").await.unwrap());
    house.clock.advance(Duration::from_secs(600));
    let error = app.credentials("GET", "https://api.example/").await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
}

/// Whose family has ended is signed out, and knows it.
#[both_databases]
async fn who_signed_out_elsewhere_is_signed_out_here(house: House) {
    let (_node, device) = notes(&house).await;
    let app = device.app("notes", "openid");
    app.sign_in().await.unwrap();
    device.browser.sign_out().await;
    house.clock.advance(Duration::from_secs(600));
    assert!(matches!(app.credentials("GET", "https://api.example/").await, Err(Error::SignedOut)));
    assert!(!app.is_signed_in().await.unwrap());
}

/// RFC 8252 §8.9 and §8.10, RFC 9207: what other programs and pages send to the port counts for nothing.
#[both_databases]
async fn a_foreign_redirect_is_not_taken(house: House) {
    let (_node, device) = notes(&house).await;
    let app = device.app("notes", "openid");
    device.browser.waits.store(true, Ordering::SeqCst);
    let signing_in = tokio::spawn({
        let app = app.clone();
        async move { app.sign_in().await }
    });
    let back = device.browser.back().await;
    for foreign in ["/callback?code=stolen&state=guessed", "/", "/favicon.ico", "/callback"] {
        let answer = get(&back.join(foreign).unwrap()).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{answer}");
    }
    assert!(!signing_in.is_finished());
    let answer = get(&back).await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("content-security-policy: default-src 'none'"),
        "{answer}"
    );
    assert!(!answer.contains("code"), "{answer}");
    signing_in.await.unwrap().unwrap();
    assert!(app.is_signed_in().await.unwrap());
}

/// Whoever does not come back is not waited for.
#[both_databases]
async fn patience_ends(house: House) {
    let (_node, device) = notes(&house).await;
    device.browser.waits.store(true, Ordering::SeqCst);
    let app = device.app_with("notes", "openid", |settings| settings.patience(Duration::from_millis(300)));
    assert!(matches!(app.sign_in().await, Err(Error::NotFinished)));
}

/// Browsers open connections ahead, on which nothing may ever come: whoever comes by another is not kept waiting.
#[both_databases]
async fn a_silent_connection_keeps_nobody_waiting(house: House) {
    let (_node, device) = notes(&house).await;
    device.browser.waits.store(true, Ordering::SeqCst);
    let app = device.app("notes", "openid");
    let signing_in = tokio::spawn({
        let app = app.clone();
        async move { app.sign_in().await }
    });
    let back = device.browser.back().await;
    let mut silent = Vec::new();
    for _ in 0..8 {
        silent.push(tokio::net::TcpStream::connect(("127.0.0.1", back.port().unwrap())).await.unwrap());
    }
    let answer = tokio::time::timeout(Duration::from_secs(4), get(&back)).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    signing_in.await.unwrap().unwrap();
}
