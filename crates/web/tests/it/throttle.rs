//! What is said to whoever tries too often (RFC 6585 §4).

use std::net::IpAddr;
use std::time::Duration;

use axum::{Extension, Router};
use serde_json::json;
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;
use vestibule_web::front::Peer;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

/// The node as somebody at this address reaches it.
fn from(lobby: &Lobby, address: &str) -> Router {
    House::router(&lobby.node).layer(Extension(Peer(address.parse::<IpAddr>().unwrap())))
}

async fn wrong(browser: &mut Browser, page: &Page, name: &str) -> Page {
    browser.press(page, "signin", "signin", &[("username", name), ("password", "not this one")]).await
}

/// The page says how long, in words and in a header, and names the ways that are open; a name that nobody has is told the same.
#[both_databases]
async fn too_many_tries_are_told_to_wait(house: House) {
    let lobby = Lobby::open(house).await;
    let mut owner = lobby.adas_browser().await;
    let mut browser = lobby.browser();
    let mut page = browser.open("/signin").await;
    for _ in 0..5 {
        page = wrong(&mut browser, &page, ADA).await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text);
        page = wrong(&mut browser, &page, "nobody@example.com").await;
        assert_eq!(page.status.as_u16(), 200, "{}", page.text);
    }
    let runs = lobby.node.password_runs();
    let known = wrong(&mut browser, &page, ADA).await;
    assert_eq!((known.status.as_u16(), known.headers["retry-after"].to_str().unwrap()), (429, "60"));
    assert!(known.says("Wait a minute") && known.says(ADA), "{}", known.text);
    assert!(known.says("A passkey lets you in at once, and so does a code by e-mail."), "{}", known.text);
    let unknown = wrong(&mut browser, &page, "nobody@example.com").await;
    assert_eq!((unknown.status, &unknown.headers["retry-after"]), (known.status, &known.headers["retry-after"]));
    assert_eq!(unknown.text, known.text.replace(ADA, "nobody@example.com"));
    // The right password is not looked at either.
    let right = browser.press(&page, "signin", "signin", &[("username", ADA), ("password", PASSWORD)]).await;
    assert_eq!((right.status.as_u16(), lobby.node.password_runs()), (429, runs));
    // What the page names is open.
    let mailed = browser.press(&known, "signin", "email-code", &[("username", ADA)]).await;
    assert_eq!((mailed.status.as_u16(), mailed.step()), (200, "email-code"), "{}", mailed.text);
    let page = browser.open("/signin").await;
    // Another account is not touched, and the owner's device is known.
    assert_eq!(browser.sign_in(&page, GRACE).await.url.path(), "/account");
    let page = owner.open(&ask("photos", &[("prompt", "login")])).await;
    assert_code(&owner.sign_in(&page, ADA).await);
}

#[both_databases]
async fn the_current_password_too(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let mut page = browser.open("/account/password").await;
    for n in 0..=10 {
        let fields = [("current", "not this one"), ("password", "another one entirely")];
        page = browser.press(&page, "password", "change", &fields).await;
        assert_eq!(page.status.as_u16(), if n < 10 { 422 } else { 429 }, "{}", page.text);
    }
    assert_eq!(page.headers["retry-after"], "60");
    assert!(page.says("Wait a minute") && !page.says("lets you in"), "{}", page.text);
}

/// A client that fails too often from one address waits; one with its right secret is served there all the same.
#[both_databases]
async fn clients_that_fail_too_often_are_told_to_wait(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await.at(from(&lobby, "192.0.2.1"));
    let own = [("grant_type", "client_credentials"), ("client_id", "bank"), ("client_secret", "x")];
    for n in 0..=30 {
        let path = ["/oauth2/token", "/oauth2/introspect", "/oauth2/revoke"][n % 3];
        let reply = api.post_as_is(path, &[], &own).await;
        assert_eq!((reply.status, reply.error()), (if n < 30 { 401 } else { 429 }, "invalid_client"), "{n}");
        assert_eq!(reply.headers.contains_key("retry-after"), n == 30);
    }
    assert_eq!(api.post("/oauth2/token", &own[..1]).await.status, 200, "its right secret");
    let elsewhere = api.at(from(&lobby, "192.0.2.2"));
    assert_eq!(elsewhere.post_as_is("/oauth2/token", &[], &own).await.status, 401);
    lobby.house.clock.advance(Duration::from_secs(60));
    assert_eq!(api.post_as_is("/oauth2/token", &[], &own).await.status, 401);
}

/// Accounts are not made without end from one address.
#[both_databases]
async fn so_many_accounts_are_made_from_one_address(house: House) {
    let lobby = Lobby::open(house).await;
    for n in 0..=30 {
        let mut browser = Browser::new(from(&lobby, "192.0.2.1"));
        let page = browser.open("/signup").await;
        let email = format!("p{n}@example.com");
        let fields = [("email", email.as_str()), ("name", "P"), ("password", "correct horse battery")];
        let page = browser.press(&page, "signup", "signup", &fields).await;
        match n {
            30 => assert_eq!((page.status.as_u16(), &page.headers["retry-after"]), (429, &"60".parse().unwrap())),
            _ => assert_eq!(page.status.as_u16(), 200, "{n}: {}", page.text),
        }
    }
}

/// Nobody fills a mailbox, or the queue, from one address.
#[both_databases]
async fn so_many_mails_are_asked_for_from_one_address(house: House) {
    let lobby = Lobby::open(house).await;
    for n in 0..=30 {
        let mut browser = Browser::new(from(&lobby, "192.0.2.1"));
        let page = browser.open("/recover").await;
        let page = browser.press(&page, "recover", "recover", &[("email", ADA)]).await;
        match n {
            30 => assert_eq!((page.status.as_u16(), &page.headers["retry-after"]), (429, &"60".parse().unwrap())),
            _ => assert_eq!((page.status.as_u16(), page.step()), (200, "mail-sent"), "{n}"),
        }
    }
    assert_eq!(lobby.node.mails_waiting().await.unwrap(), 30);
}
