//! What stands between a sign-in and the app: the offer of a passkey, the choice of a role, what groups ask for.

use idp::caller::Caller;
use oidc::assurance::{Level, Policy};
use serde_json::{Value, json};
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::authenticator::Authenticator;
use crate::lobby::{ADA, Lobby, ask, assert_code, assert_refused};
use crate::second_factor::App;
use crate::step_up::claims;

/// Signs Ada in by password, in a browser that says that it can make a passkey.
pub(crate) async fn by_password(browser: &mut Browser, address: &str) -> Page {
    let page = browser.open(address).await;
    let fields = [("username", ADA), ("password", PASSWORD), ("can", "create-passkey")];
    browser.press(&page, "signin", "signin", &fields).await
}

#[both_databases]
async fn a_passkey_is_offered_after_a_password_and_made_on_the_way(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = by_password(&mut browser, &ask("photos", &[])).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "new-passkey"), "{}", page.text);
    assert!(page.says("Ada Lovelace") && browser.cookies.contains_key("__Host-vestibule"), "signed in already");
    let (mut authenticator, answer) = Authenticator::make(&page);
    for (csrf, credential, status) in [("x", answer.as_str(), 403), ("", "{}", 422)] {
        let own = page.form("new-passkey").hidden.iter().find(|(name, _)| name == "csrf").unwrap().1.clone();
        let csrf = if csrf.is_empty() { own.as_str() } else { csrf };
        let again = browser.press(&page, "new-passkey", "passkey", &[("csrf", csrf), ("credential", credential)]).await;
        assert_eq!(again.status.as_u16(), status, "{}", again.text);
    }
    assert_code(&browser.press(&page, "new-passkey", "passkey", &[("credential", &answer)]).await);
    assert!(lobby.trail(ADA).await.contains(&"factor.added".to_owned()));
    // It signs in, and whoever has one is offered none.
    let mut phone = lobby.browser();
    let page = phone.open(&ask("photos", &[])).await;
    authenticator.counter += 1;
    let answer = authenticator.sign(&page);
    assert_code(&phone.press(&page, "passkey", "passkey", &[("credential", &answer)]).await);
    assert_code(&by_password(&mut lobby.browser(), &ask("photos", &[])).await);
}

#[both_databases]
async fn the_offer_can_be_declined_and_does_not_come_back_soon(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = by_password(&mut browser, &ask("photos", &[])).await;
    assert_code(&browser.press(&page, "new-passkey-skip", "skip", &[]).await);
    assert_code(&by_password(&mut browser, &ask("drive", &[("prompt", "login")])).await);
    // Another browser asks by itself; one that cannot make any does not.
    assert_eq!(by_password(&mut lobby.browser(), "/signin").await.step(), "new-passkey");
    let mut plain = lobby.browser();
    let page = plain.open(&ask("photos", &[])).await;
    assert_code(&plain.sign_in(&page, ADA).await);
}

/// Where making one would be refused, none is offered: a remembered device has asked for a password alone.
#[both_databases]
async fn no_passkey_is_offered_where_more_would_have_to_be_proven(house: House) {
    let lobby = Lobby::open(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let page = browser.sign_in(&page, ADA).await;
    let fields = [("code", &*app.code(&lobby)), ("remember", "on")];
    assert_code(&browser.press(&page, "totp", "verify", &fields).await);
    lobby.house.clock.advance(std::time::Duration::from_secs(16 * 60));
    browser.cookies.remove("__Host-vestibule");
    assert_code(&by_password(&mut browser, &ask("drive", &[])).await);
}

#[both_databases]
async fn who_is_several_things_at_an_app_enters_as_one(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({ "scope": "openid roles offline_access" })).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let roles = ["customer".to_owned(), "supplier".to_owned()];
    lobby.node.invite_to("bank", ada, &roles, &Caller::operator()).await.unwrap();
    let mut browser = lobby.browser();
    let address = ask("bank", &[("scope", "openid roles")]);
    let page = browser.open(&address).await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "role", "{}", page.text);
    assert!(page.says("customer") && page.says("supplier") && page.says("bank"), "{}", page.text);
    // One that is not theirs is none.
    let again = browser.press(&page, "role", "", &[("role", "director")]).await;
    assert_eq!(again.step(), "role");
    let entered = browser.press(&page, "role", "", &[("role", "supplier")]).await;
    let tokens = bank.redeem(&assert_code(&entered)).await;
    let told = bank.get("/oauth2/userinfo", &tokens.text("access_token")).await;
    assert_eq!(told.json["roles"], json!(["supplier"]));
    // The next time as the other; and silently nobody can say as which.
    let page = browser.open(&address).await;
    let entered = browser.press(&page, "role", "", &[("role", "customer")]).await;
    assert_eq!(claims(&bank, &entered).await["roles"], json!(["customer"]));
    let silent = ask("bank", &[("scope", "openid roles"), ("prompt", "none")]);
    assert_refused(&browser.open(&silent).await, "interaction_required");
    // Where tokens do not say it, nobody is asked; nor where one is left. What was entered as counts no more then.
    assert_code(&browser.open(&ask("bank", &[("scope", "openid")])).await);
    lobby.node.uninvite("bank", ada, &roles[1..], &Caller::operator()).await.unwrap();
    let told = bank.get("/oauth2/userinfo", &tokens.text("access_token")).await;
    assert_eq!(told.json["roles"], Value::Array(Vec::new()));
    let tokens = bank.redeem(&assert_code(&browser.open(&silent).await)).await;
    // One who had no choice to make stays what they were, whatever they become beside it.
    lobby.node.invite_to("bank", ada, &["auditor".to_owned()], &Caller::operator()).await.unwrap();
    let told = bank.get("/oauth2/userinfo", &tokens.text("access_token")).await;
    assert_eq!(told.json["roles"], json!(["customer"]));
}

#[both_databases]
async fn a_group_asks_more_of_its_members_than_the_app_does(house: House) {
    let lobby = Lobby::open(house).await;
    let node = &lobby.node;
    let (operator, ada) = (Caller::operator(), node.find_user(ADA).await.unwrap().unwrap().id);
    for group in ["staff", "board"] {
        node.add_group(group).await.unwrap();
    }
    let strict = Policy { level: Some(Level::PhishingResistant), max_age: None };
    node.set_group_policy("board", strict, &operator).await.unwrap();
    node.set_group_policy("staff", Policy { level: None, max_age: Some(900) }, &operator).await.unwrap();
    let mut browser = lobby.adas_browser().await;
    let later = std::time::Duration::from_secs(901);
    lobby.house.clock.advance(later);
    assert_code(&browser.open(&ask("photos", &[])).await);
    node.add_member("staff", ada, &operator).await.unwrap();
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(page.step(), "signin", "her sign-in is too old for staff");
    assert_code(&browser.sign_in(&page, ADA).await);
    node.add_member("board", ada, &operator).await.unwrap();
    let unmet = ask("photos", &[("prompt", "none")]);
    assert_refused(&browser.open(&unmet).await, "unmet_authentication_requirements");
    let page = browser.open(&ask("photos", &[])).await;
    assert!(page.step() == "set-up" && page.says("make a passkey") && !page.says("/account/codes"), "{}", page.text);
    assert_refused(&browser.clone().press(&page, "set-up", "back", &[]).await, "access_denied");
    // Once she has one, the page leads on.
    let page = browser.open(&ask("photos", &[])).await;
    let passkeys = browser.open("/account/passkeys").await;
    let (mut authenticator, answer) = Authenticator::make(&passkeys);
    browser.press(&passkeys, "passkey", "passkey", &[("credential", &answer)]).await;
    let page = browser.open(page.url.as_str()).await;
    assert_eq!(page.step(), "passkey", "{}", page.text);
    authenticator.counter += 1;
    let answer = authenticator.confirm(&page);
    assert_code(&browser.press(&page, "passkey", "passkey", &[("credential", &answer)]).await);
    // What all her groups ask holds together: a passkey, and not an old one.
    lobby.house.clock.advance(later);
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(page.step(), "passkey", "{}", page.text);
    node.remove_member("staff", ada, &operator).await.unwrap();
    assert_code(&browser.open(&ask("photos", &[])).await);
    node.set_group_policy("board", Policy::default(), &operator).await.unwrap();
    assert_code(&browser.open(&ask("photos", &[])).await);
}
