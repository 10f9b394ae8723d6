//! `/account/data` and `/account/delete`: a copy of all that is kept, and the end of an account.

use std::time::Duration;

use idp::mail::Mail;
use serde_json::{Value, json};
use testkit::{Browser, House, Listener, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code, assert_refused, go};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

async fn delete(browser: &mut Browser) -> Page {
    let page = browser.open("/account/delete").await;
    browser.press(&page, "delete", "delete", &[]).await
}

/// An app that is told of sign-outs, with Ada's offline tokens.
async fn connected(lobby: &Lobby, listener: &Listener) -> (Api, String, String) {
    let to = format!("http://localhost:{}/out", listener.port);
    let api = Api::register(lobby, "bank", json!({ "backchannel_logout_uri": to })).await;
    let tokens = api.redeem(&api.code(lobby, "openid offline_access").await).await;
    (api, tokens.text("access_token"), tokens.text("refresh_token"))
}

#[both_databases]
async fn an_account_that_was_deleted_waits_and_serves_no_app(house: House) {
    let lobby = Lobby::open(house).await;
    let mut listener = Listener::answering(&[200]).await;
    let (api, access, refresh) = connected(&lobby, &listener).await;
    let mut elsewhere = lobby.adas_browser().await;
    let mut browser = lobby.verified(ADA).await;
    assert!(browser.open("/account").await.says("href=\"/account/delete\""));
    assert!(api.is_active(&access).await);
    lobby.mails().await;
    let left = delete(&mut browser).await;
    assert_eq!((left.status.as_u16(), left.step()), (200, "left"), "{}", left.text);
    assert!(left.says("16 November 2026"), "{}", left.text);
    // Everybody is told: the person by mail, the app by its logout token.
    let letters = lobby.mails().await;
    let at = lobby.house.clock_now().plus(14 * DAY);
    assert!(
        letters.len() == 1 && letters[0].to == ADA && letters[0].mail == Mail::AccountLeaving { at },
        "{letters:?}"
    );
    lobby.node.tell_due_now().await;
    assert!(listener.next().await.1.starts_with("logout_token="));
    // Nothing that ran goes on.
    assert!(!api.is_active(&access).await);
    assert_eq!(api.refresh(&refresh).await.error(), "invalid_grant");
    for browser in [&mut browser, &mut elsewhere] {
        assert_eq!(browser.open("/account").await.step(), "signin");
    }
    // Signing in shows «undo» and nothing else, wherever.
    let page = browser.open("/signin").await;
    let page = browser.sign_in(&page, ADA).await;
    for address in
        ["", "/profile", "/email", "/password", "/passkeys", "/codes", "/sessions", "/apps", "/data", "/delete"]
    {
        let page = browser.open(&format!("/account{address}")).await;
        assert_eq!(page.text.matches("<form").count(), 1, "{address}");
        assert!(page.step() == "leaving" && page.says("16 November 2026"), "{address}: {}", page.text);
    }
    assert_eq!(page.step(), "leaving");
    let mut other = lobby.browser();
    let page = other.open(&ask("photos", &[])).await;
    let page = other.sign_in(&page, ADA).await;
    assert!(!page.left && page.step() == "leaving", "{}", page.text);
    assert_refused(&other.open(&ask("photos", &[("prompt", "none")])).await, "access_denied");
    // On the way to an app, coming back leads on to it.
    let back = other.press(&page, "leaving", "undo", &[]).await;
    assert_code(&back);
    assert!(browser.open("/account").await.says("data-step=\"signout\""));
    assert_eq!(api.refresh(&refresh).await.error(), "invalid_grant", "what was ended stays so");
    let trail = lobby.trail(ADA).await;
    for kind in ["account.deletion-asked", "account.deletion-undone"] {
        assert!(trail.contains(&kind.to_owned()), "{kind}: {trail:?}");
    }
    lobby.house.clock.advance(20 * DAY);
    assert_eq!(lobby.node.delete_leavers().await.unwrap(), 0);
    assert!(lobby.node.check_password(ADA, PASSWORD).await.unwrap().is_some());
}

/// What runs still when a node dies in the middle serves nobody: the row alone decides.
#[both_databases]
async fn a_node_that_dies_in_between_leaves_no_way_in(house: House) {
    let lobby = Lobby::open(house).await;
    let listener = Listener::answering(&[200]).await;
    let (api, access, refresh) = connected(&lobby, &listener).await;
    let mut browser = lobby.adas_browser().await;
    let code = api.code(&lobby, "openid").await;
    assert!(api.is_active(&access).await);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.house.begin_leaving(ada, lobby.house.clock_now().plus(DAY)).await;
    assert!(!api.is_active(&access).await);
    assert_eq!(api.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(api.redeem(&code).await.error(), "invalid_grant");
    let page = browser.open(&ask("photos", &[])).await;
    assert!(!page.left && page.step() == "leaving", "{}", page.text);
    assert_eq!(browser.open("/account").await.step(), "leaving");
    lobby.house.clock.advance(DAY);
    assert_eq!(lobby.node.delete_leavers().await.unwrap(), 1);
    assert_eq!(browser.open("/account").await.step(), "signin");
}

/// Not a second before; once, whatever the number of nodes; and the trail keeps nothing of the person but the id.
#[both_databases]
async fn after_the_wait_nothing_is_left(house: House) {
    let lobby = Lobby::open(house).await;
    let other = lobby.house.node().await;
    let mut browser = lobby.verified(ADA).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    delete(&mut browser).await;
    lobby.house.clock.advance(14 * DAY - Duration::from_secs(1));
    assert_eq!(lobby.node.delete_leavers().await.unwrap(), 0);
    let page = browser.open("/signin").await;
    let leaving = browser.sign_in(&page, ADA).await;
    assert_eq!(leaving.step(), "leaving");
    lobby.house.clock.advance(Duration::from_secs(1));
    let (one, two) = tokio::join!(lobby.node.delete_leavers(), other.delete_leavers());
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let late = browser.press(&leaving, "leaving", "undo", &[]).await;
    assert_eq!(late.step(), "signin", "too late");
    for name in [ADA.to_owned(), ada.to_string()] {
        assert!(lobby.node.find_user(&name).await.unwrap().is_none());
    }
    assert!(lobby.node.check_password(ADA, PASSWORD).await.unwrap().is_none());
    assert!(lobby.node.list_sessions(ada).await.unwrap().is_empty());
    let events = lobby.node.audit_of(ada, 50).await.unwrap();
    let deleted: Vec<_> = events.iter().filter(|event| event.kind == "account.deleted").collect();
    assert_eq!(deleted.len(), 1);
    assert_eq!((&deleted[0].address, &deleted[0].detail, &deleted[0].session), (&None, &json!({}), &None));
    assert!(lobby.node.find_user(GRACE).await.unwrap().is_some());
    // The address is free again, for another account.
    House::add_person(&lobby.node, ADA, "Another Ada").await;
}

#[both_databases]
async fn who_finds_a_session_open_deletes_and_downloads_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    for address in ["/account/data", "/account/delete"] {
        assert_eq!(lobby.browser().open(address).await.step(), "signin");
    }
    let mut browser = lobby.adas_browser().await;
    let (data, end) = (browser.open("/account/data").await, browser.open("/account/delete").await);
    for (page, step) in [(&data, "data"), (&end, "delete")] {
        let forged = browser.press(page, step, if step == "data" { "download" } else { step }, &[("csrf", "x")]).await;
        assert_eq!((forged.status.as_u16(), forged.error()), (403, Some("invalid_request")), "{step}");
    }
    let foreign = browser.press(&end, "delete", "undo", &[]).await;
    assert_eq!(foreign.status.as_u16(), 403, "the token of one form is not that of another");
    lobby.house.clock.advance(Duration::from_secs(15 * 60 + 1));
    for (page, step, action) in [(&data, "data", "download"), (&end, "delete", "delete")] {
        let late = browser.press(page, step, action, &[]).await;
        assert!(late.says("/signin?prompt=login") && !late.says("<form"), "{step}: {}", late.text);
    }
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    assert_eq!(ada.delete_at, None);
    assert!(!lobby.trail(ADA).await.contains(&"account.data-downloaded".to_owned()));
}

/// Regulation (EU) 2016/679, Articles 15 and 20.
#[both_databases]
async fn a_copy_of_all_that_is_kept(house: House) {
    let lobby = Lobby::open(house).await;
    let listener = Listener::answering(&[200]).await;
    let (_, _, refresh) = connected(&lobby, &listener).await;
    let mut browser = lobby.verified(ADA).await;
    let page = go(&mut browser, &ask("postcards", &[("scope", "openid profile")])).await;
    browser.press(&page, "consent", "allow", &[]).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.add_group("staff").await.unwrap();
    lobby.node.add_member("staff", ada, &idp::caller::Caller::operator()).await.unwrap();
    let page = browser.open("/account/profile").await;
    browser.press(&page, "profile", "save", &[("nickname", "Countess"), ("theme", "dark")]).await;
    let page = browser.open("/account/data").await;
    let file = browser.press(&page, "data", "download", &[]).await;
    assert_eq!((file.status.as_u16(), &file.headers["content-type"]), (200, &"application/json".parse().unwrap()));
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"my-data.json\"");
    assert_eq!(
        (&file.headers["cache-control"], &file.headers["x-content-type-options"]),
        (&"no-store".parse().unwrap(), &"nosniff".parse().unwrap())
    );
    let document: Value = serde_json::from_str(&file.text).unwrap();
    assert_eq!(document["email"], ADA);
    assert_eq!((&document["profile"]["nickname"], &document["theme"]), (&json!("Countess"), &json!("dark")));
    assert_eq!(document["credentials"][0]["kind"], "password");
    assert_eq!(document["credentials"].as_array().unwrap().len(), 1, "devices stand by themselves");
    assert_eq!(document["groups"], json!(["staff"]));
    let grant = document["grants"].as_array().unwrap().iter().find(|grant| grant["client_id"] == "bank").unwrap();
    assert_eq!(grant["offline"], true);
    let consents = document["consents"].as_array().unwrap();
    let consent = consents.iter().find(|consent| consent["client_id"] == "postcards").unwrap();
    assert_eq!(consent["receipt"].as_str().unwrap().split('.').count(), 3, "{consent}");
    let kinds: Vec<_> =
        document["events"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert!(kinds.contains(&"session.signed-in") && kinds.contains(&"profile.changed"), "{kinds:?}");
    assert!(document["sessions"].as_array().unwrap().len() >= 2 && document["devices"][0]["agent"].is_string());
    // Nothing in it opens anything.
    for secret in ["argon2", "hash", "sealed", PASSWORD, &refresh, "vst_"] {
        assert!(!file.text.contains(secret), "{secret}");
    }
    assert!(lobby.trail(ADA).await.contains(&"account.data-downloaded".to_owned()));
}

/// What was shown to one person is never done to another who signs in beside them.
#[both_databases]
async fn a_form_is_about_the_person_to_whom_it_was_shown(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let shown = browser.open("/account/delete").await;
    let profile = browser.open("/account/profile").await;
    let page = browser.open("/signin?prompt=login").await;
    browser.sign_in(&page, GRACE).await;
    assert_eq!(browser.press(&shown, "delete", "delete", &[]).await.status.as_u16(), 403);
    let saved = browser.press(&profile, "profile", "save", &[("name", "Ada King")]).await;
    assert!(!saved.says("<h1><bdi>Ada King"), "{}", saved.text);
    for name in [ADA, GRACE] {
        let person = lobby.node.find_user(name).await.unwrap().unwrap();
        assert!(person.delete_at.is_none() && person.name.as_deref() != Some("Ada King"), "{name}");
    }
}

#[both_databases]
async fn coming_back_is_for_the_person_on_the_page(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    delete(&mut browser).await;
    for name in [ADA, GRACE] {
        let page = browser.open("/signin?prompt=login").await;
        browser.sign_in(&page, name).await;
        lobby.house.clock.advance(Duration::from_secs(1));
    }
    let page = browser.open(&ask("photos", &[("prompt", "select_account")])).await;
    let (_, ada) = page.form("account").buttons.last().cloned().expect("two accounts, the one used last first");
    let page = browser.press(&page, "account", "", &[("session", &ada)]).await;
    assert!(page.step() == "leaving" && page.says("Ada Lovelace"), "{}", page.text);
    assert_code(&browser.press(&page, "leaving", "undo", &[]).await);
    assert!(lobby.node.find_user(ADA).await.unwrap().unwrap().delete_at.is_none());
}
