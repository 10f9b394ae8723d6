//! What an app may ask of the sign-in: `prompt`, `max_age`, hints (Core §3.1.2.1).

use std::time::Duration;

use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, app, ask, assert_code, assert_refused};

/// Core §3.1.2.6: where a page is due, its error takes its place.
#[both_databases]
async fn without_pages_each_page_is_an_error(house: House) {
    let lobby = Lobby::open(house).await;
    let none = [("prompt", "none")];
    let mut browser = lobby.browser();
    assert_refused(&browser.open(&ask("photos", &none)).await, "login_required");
    let mut browser = lobby.adas_browser().await;
    assert_code(&browser.open(&ask("photos", &none)).await);
    assert_refused(&browser.open(&ask("drive", &none)).await, "interaction_required");
    assert_refused(&browser.open(&ask("postcards", &none)).await, "consent_required");
    let hint = [("prompt", "none"), ("id_token_hint", "e30.e30.e30")];
    assert_refused(&browser.open(&ask("photos", &hint)).await, "login_required");
    // With pages, a hint that is none is not there.
    assert_code(&browser.open(&ask("photos", &[("id_token_hint", "e30.e30.e30")])).await);
    let mut browser = lobby.shared_browser().await;
    assert_refused(&browser.open(&ask("photos", &none)).await, "interaction_required");
}

/// Core §3.1.2.1 `id_token_hint`, expired as it is; §5.5.1 `sub`.
#[both_databases]
async fn the_person_hinted_at_is_the_one_who_comes(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.shared_browser().await;
    let chooser = browser.open(&ask("photos", &[])).await;
    let mut hints = Vec::new();
    for (_, session) in chooser.form("account").buttons {
        let chooser = browser.open(&ask("photos", &[])).await;
        let page = browser.press(&chooser, "account", "", &[("session", &session)]).await;
        hints.push(id_token(&mut browser, &assert_code(&page)).await);
    }
    lobby.house.clock.advance(Duration::from_secs(3600));
    let mut people = Vec::new();
    for hint in &hints {
        let silent = [("id_token_hint", hint.as_str()), ("prompt", "none")];
        let code = assert_code(&browser.open(&ask("photos", &silent)).await);
        people.push(subject(&id_token(&mut browser, &code).await));
        assert_eq!(people.last(), Some(&subject(hint)));
        // As a claim that is asked for, the same.
        let claims = format!(r#"{{"id_token":{{"sub":{{"value":"{}"}}}}}}"#, subject(hint));
        assert_code(&browser.open(&ask("photos", &[("claims", &claims), ("prompt", "none")])).await);
    }
    assert_ne!(people[0], people[1]);
    // Whoever else signs in does not get in for them.
    for name in [ADA, GRACE] {
        let mut other = lobby.browser();
        let page = other.open(&ask("photos", &[("id_token_hint", &hints[0])])).await;
        let page = other.sign_in(&page, name).await;
        let person = lobby.node.find_user(name).await.unwrap().unwrap();
        if person.id.to_string() == people[0] {
            assert_code(&page);
        } else {
            assert_refused(&page, "login_required");
        }
    }
}

async fn id_token(browser: &mut testkit::Browser, code: &str) -> String {
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "photos"),
        ("code", code),
        ("redirect_uri", "https://photos.example/cb"),
        // RFC 7636 appendix B.
        ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
    ];
    let answer = browser.post("/oauth2/token", &fields).await;
    let answer: serde_json::Value = serde_json::from_str(&answer.text).unwrap();
    answer["id_token"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

fn subject(id_token: &str) -> String {
    let payload = jose::base64url::decode(id_token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    claims["sub"].as_str().unwrap().to_owned()
}

/// Core §3.1.2.1 `prompt=login`, `max_age`: the person authenticates again, and once is enough.
#[both_databases]
async fn who_must_authenticate_again_does_so_once(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    lobby.house.clock.advance(Duration::from_secs(100));
    for changes in [[("prompt", "login")], [("max_age", "99")], [("max_age", "0")]] {
        let page = browser.open(&ask("photos", &changes)).await;
        assert_eq!(page.step(), "signin", "{changes:?}");
        // The address of the page goes nowhere without the password.
        let again = browser.open(page.url.as_str()).await;
        assert_eq!(again.step(), "signin", "{changes:?}");
        assert_code(&browser.sign_in(&again, ADA).await);
        lobby.house.clock.advance(Duration::from_secs(100));
    }
    assert_code(&browser.open(&ask("photos", &[("max_age", "100")])).await);
    // `none` forbids the page that `max_age` asks for.
    let silent = [("max_age", "99"), ("prompt", "none")];
    assert_refused(&browser.open(&ask("photos", &silent)).await, "login_required");
}

/// Core §3.1.2.1 `prompt=select_account`.
#[both_databases]
async fn two_accounts_and_a_chooser(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.shared_browser().await;
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(page.step(), "account");
    let buttons = page.form("account").buttons;
    assert_eq!(buttons.len(), 2);
    assert!(page.says("Ada Lovelace") && page.says("Grace Hopper"));
    let sessions: Vec<&str> = buttons.iter().map(|(_, session)| session.as_str()).collect();
    assert_code(&browser.press(&page, "account", "", &[("session", sessions[0])]).await);

    // A session of nobody here is no choice.
    let page = browser.open(&ask("photos", &[])).await;
    let stranger = [("session", "00000000000000000000000000000000")];
    assert_eq!(browser.press(&page, "account", "", &stranger).await.step(), "account");

    let page = browser.press(&page, "account-other", "other", &[]).await;
    assert_eq!(page.step(), "signin");
    assert_code(&browser.sign_in(&page, ADA).await);

    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("photos", &[("prompt", "select_account")])).await;
    assert_eq!((page.step(), page.form("account").buttons.len()), ("account", 1));
}

/// «Use another account» from the page that shows one.
#[both_databases]
async fn whoever_is_not_meant_switches(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("drive", &[])).await;
    let page = browser.press(&page, "continue", "switch", &[]).await;
    assert_eq!((page.step(), page.says("Ada Lovelace")), ("account", true));
    let page = browser.press(&page, "account-other", "other", &[]).await;
    assert_code(&browser.sign_in(&page, GRACE).await);
}

/// RFC 8252 §8.6: an app that any other can pass for is never let in without a page.
#[both_databases]
async fn a_native_app_is_never_let_in_silently(house: House) {
    let lobby = Lobby::open(house).await;
    let uris = json!(["http://127.0.0.1/cb", "com.example.native:/cb"]);
    let more = json!({ "vestibule_type": "native", "vestibule_trusted": true, "redirect_uris": uris });
    House::add_client(&lobby.node, app("native", "Native", more)).await;
    let mut browser = lobby.adas_browser().await;
    for uri in ["http://127.0.0.1:4711/cb", "com.example.native:/cb"] {
        for _ in 0..2 {
            let page = browser.open(&ask("native", &[("redirect_uri", uri)])).await;
            assert_eq!(page.step(), "continue", "{uri}");
            let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
            let target = uri.strip_suffix("/cb").unwrap();
            assert!(policy.ends_with(&format!("form-action 'self' {target}")), "{policy}");
            let page = browser.press(&page, "continue", "continue", &[]).await;
            assert!(page.url.as_str().starts_with(&format!("{uri}?code=vst_ac_")), "{}", page.url);
        }
        let silent = [("redirect_uri", uri), ("prompt", "none")];
        let page = browser.open(&ask("native", &silent)).await;
        assert_eq!(page.param("error").as_deref(), Some("interaction_required"));
    }
}
