//! `acr_values`, the essential `acr` claim, `max_age` and policies: what is missing is asked for, and no more.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Browser, House, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::authenticator::with_passkey;
use crate::lobby::{ADA, Lobby, ask, assert_code, assert_refused};
use crate::second_factor::App;

/// What the ID token of this page's code says.
pub(crate) async fn claims(api: &Api, page: &Page) -> Value {
    let tokens = api.redeem(&assert_code(page)).await;
    let token = tokens.text("id_token");
    let body = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&jose::base64url::decode(body).unwrap()).unwrap()
}

fn told(claims: &Value) -> (&str, String) {
    let amr: Vec<&str> = claims["amr"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    (claims["acr"].as_str().unwrap(), amr.join(" "))
}

/// Core §3.1.2.1, RFC 9470 §5.
#[both_databases]
async fn from_password_to_passkey(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({})).await;
    let (mut browser, mut authenticator) = with_passkey(&lobby).await;
    let page = browser.open(&ask("bank", &[])).await;
    let page = browser.press(&page, "continue", "continue", &[]).await;
    assert_eq!(told(&claims(&bank, &page).await), ("urn:vestibule:acr:single-factor", "pwd".to_owned()));
    lobby.house.clock.advance(Duration::from_secs(100));
    let page = browser.open(&ask("bank", &[("acr_values", "phr")])).await;
    assert!(page.step() == "passkey" && !page.says("data-step=\"signin\""), "{}", page.text);
    authenticator.counter += 1;
    let answer = authenticator.confirm(&page);
    let before = browser.cookies["__Host-vestibule"].clone();
    let page = browser.press(&page, "passkey", "passkey", &[("credential", &answer)]).await;
    let first = claims(&bank, &page).await;
    assert_eq!(told(&first), ("phr", "hwk user mfa".to_owned()));
    assert_eq!(first["auth_time"], testkit::START.seconds() + 100);
    assert_ne!(browser.cookies["__Host-vestibule"], before, "more trust, another cookie");
    // It is kept: nothing is asked again, and a value of the level's own is answered as it was asked.
    for (asked, acr) in
        [("phr", "phr"), ("phrh", "phrh"), ("urn:vestibule:acr:multi-factor", "urn:vestibule:acr:multi-factor")]
    {
        let page = browser.open(&ask("bank", &[("acr_values", asked), ("prompt", "none")])).await;
        let claims = claims(&bank, &page).await;
        assert_eq!(told(&claims).0, acr);
        assert_eq!(claims["sid"], first["sid"]);
    }
    let page = browser.open(&ask("bank", &[("acr_values", "phr"), ("max_age", "50")])).await;
    assert_code(&page);
    lobby.house.clock.advance(Duration::from_secs(51));
    let page = browser.open(&ask("bank", &[("acr_values", "phr"), ("max_age", "50")])).await;
    assert_eq!(page.step(), "passkey", "what is too old is asked for again");
    // Not another person's passkey.
    let foreign = crate::authenticator::Authenticator { user: vec![9; 16], ..authenticator.clone() };
    let answer = foreign.confirm(&page);
    let refused = browser.press(&page, "passkey", "passkey", &[("credential", &answer)]).await;
    assert!(refused.says("That passkey was not accepted here."), "{}", refused.text);
}

#[both_databases]
async fn what_is_only_wished_can_be_left_out(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({})).await;
    let (mut browser, _) = with_passkey(&lobby).await;
    let page = browser.open(&ask("bank", &[("acr_values", "phr")])).await;
    let page = browser.press(&page, "prove", "skip", &[]).await;
    let page = browser.press(&page, "continue", "continue", &[]).await;
    assert_eq!(told(&claims(&bank, &page).await).0, "urn:vestibule:acr:single-factor");
    let silent = browser.open(&ask("bank", &[("acr_values", "phr"), ("prompt", "none")])).await;
    assert_refused(&silent, "login_required");
    // Who has nothing better goes on at once, and the answer says what is.
    let mut graces = lobby.browser();
    let page = graces.open(&ask("bank", &[("acr_values", "phr")])).await;
    let page = graces.sign_in(&page, crate::lobby::GRACE).await;
    assert_eq!(told(&claims(&bank, &page).await).0, "urn:vestibule:acr:single-factor");
}

fn essential(values: &[&str]) -> String {
    json!({ "id_token": { "acr": { "essential": true, "values": values } } }).to_string()
}

/// Core §5.5.1.1; OpenID Connect Core Error Code `unmet_authentication_requirements`.
#[both_databases]
async fn what_is_essential_is_a_condition(house: House) {
    let lobby = Lobby::open(house).await;
    Api::register(&lobby, "bank", json!({})).await;
    let (mut browser, mut elsewhere) = (lobby.adas_browser().await, lobby.adas_browser().await);
    for values in [&["phr"][..], &["silver"], &["urn:vestibule:acr:multi-factor", "phrh"]] {
        let page = browser.open(&ask("bank", &[("claims", &essential(values))])).await;
        assert_refused(&page, "unmet_authentication_requirements");
    }
    let app = App::set_up(&lobby, &mut elsewhere).await;
    let page = browser.open(&ask("bank", &[("claims", &essential(&["phr", "urn:vestibule:acr:multi-factor"]))])).await;
    assert_eq!(page.step(), "totp", "{}", page.text);
    assert!(!page.says("value=\"skip\""), "{}", page.text);
    let page = browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    assert_eq!(page.step(), "continue", "{}", page.text);
}

#[both_databases]
async fn an_app_may_ask_more_of_everybody(house: House) {
    let lobby = Lobby::open(house).await;
    let more = json!({ "vestibule_level": "multi-factor", "vestibule_max_age": 900 });
    let vault = Api::register(&lobby, "vault", more).await;
    let mut graces = lobby.browser();
    let page = graces.open(&ask("vault", &[])).await;
    let page = graces.sign_in(&page, crate::lobby::GRACE).await;
    assert!(page.step() == "set-up" && page.says("/account/codes"), "{}", page.text);
    let (mut browser, mut elsewhere) = (lobby.adas_browser().await, lobby.adas_browser().await);
    let app = App::set_up(&lobby, &mut elsewhere).await;
    let page = browser.open(&ask("vault", &[])).await;
    let page = browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    let page = browser.press(&page, "continue", "continue", &[]).await;
    let told = claims(&vault, &page).await;
    assert_eq!(told["acr"], "urn:vestibule:acr:multi-factor");
    assert_eq!(told["auth_time"], testkit::START.seconds(), "the older of the two");
    // Both are too old: the first is asked for, then the second.
    lobby.house.clock.advance(Duration::from_secs(901));
    let page = browser.open(&ask("vault", &[])).await;
    assert_eq!(page.step(), "signin");
    let page = sign_in(&mut browser, &page).await;
    assert_eq!(page.step(), "totp");
    let page = browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    assert_eq!(claims(&vault, &page).await["auth_time"], testkit::START.seconds() + 30 + 901);
}

async fn sign_in(browser: &mut Browser, page: &Page) -> Page {
    browser.sign_in(page, ADA).await
}

/// Core §3.1.2.1: with `prompt=login` what was proven before does not count.
#[both_databases]
async fn prompt_login_counts_from_here(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({})).await;
    let (mut browser, mut authenticator) = with_passkey(&lobby).await;
    let page = browser.open(&ask("bank", &[("acr_values", "phr")])).await;
    authenticator.counter += 1;
    let answer = authenticator.confirm(&page);
    browser.press(&page, "passkey", "passkey", &[("credential", &answer)]).await;
    lobby.house.clock.advance(Duration::from_secs(10));
    let page = browser.open(&ask("bank", &[("prompt", "login")])).await;
    let page = sign_in(&mut browser, &page).await;
    let page = match page.left {
        true => page,
        false => browser.press(&page, "continue", "continue", &[]).await,
    };
    let now = claims(&bank, &page).await;
    assert_eq!(told(&now), ("urn:vestibule:acr:single-factor", "pwd".to_owned()));
    assert_eq!(now["auth_time"], testkit::START.seconds() + 10);
    // The session itself has lost nothing.
    let page = browser.open(&ask("bank", &[("prompt", "none"), ("acr_values", "phr")])).await;
    assert_eq!(told(&claims(&bank, &page).await).0, "phr");
}
