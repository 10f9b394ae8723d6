//! `/account/passkeys` and the step `passkey`, with an authenticator of ours.

use std::time::Duration;

use jose::{JwsAlgorithm, SigningKey};
use testkit::{House, Page};
use testkit_macros::both_databases;

use crate::authenticator::{Authenticator, with_passkey};
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

async fn sign_in(lobby: &Lobby, authenticator: &Authenticator) -> Page {
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let answer = authenticator.sign(&page);
    browser.press(&page, "passkey", "passkey", &[("credential", &answer)]).await
}

fn assert_not_in(page: &Page) {
    assert!(!page.left && page.says("That passkey was not accepted here."), "at {}:\n{}", page.url, page.text);
}

#[both_databases]
async fn a_passkey_signs_in_by_itself(house: House) {
    let lobby = Lobby::open(house).await;
    let (_, mut authenticator) = with_passkey(&lobby).await;
    let passwords = lobby.node.password_runs();
    authenticator.counter += 1;
    assert_code(&sign_in(&lobby, &authenticator).await);
    assert_eq!(lobby.node.password_runs(), passwords, "no password is asked");
    authenticator.counter += 1;
    let mut browser = lobby.browser();
    let page = browser.open("/account").await;
    let answer = authenticator.sign(&page);
    let page = browser.press(&page, "passkey", "passkey", &[("credential", &answer)]).await;
    assert!(page.says("<h1><bdi>Ada Lovelace"), "{}", page.text);
    let page = browser.open("/account/passkeys").await;
    assert!(page.says("last used"), "{}", page.text);
}

/// However many passwords were tried for an account, its owner gets in by passkey, from a device that nobody knows, too.
#[both_databases]
async fn a_passkey_signs_in_while_passwords_are_throttled(house: House) {
    let lobby = Lobby::open(house).await;
    let (_, mut authenticator) = with_passkey(&lobby).await;
    let mut attacker = lobby.browser();
    let page = attacker.open("/signin").await;
    for n in 0..=5 {
        let attempt = [("username", ADA), ("password", "not this one")];
        let answer = attacker.press(&page, "signin", "signin", &attempt).await;
        assert_eq!(answer.status.as_u16(), if n < 5 { 200 } else { 429 });
    }
    authenticator.counter += 1;
    assert_code(&sign_in(&lobby, &authenticator).await);
}

#[both_databases]
async fn what_is_not_the_passkeys_answer_signs_nobody_in(house: House) {
    let lobby = Lobby::open(house).await;
    let (_, known) = with_passkey(&lobby).await;
    let used = Authenticator { counter: 2, ..known.clone() };
    let foreign = SigningKey::generate(jose::provider::aws_lc(), JwsAlgorithm::Ed25519).unwrap();
    let grace = lobby.node.find_user(GRACE).await.unwrap().unwrap();
    for (why, wrong) in [
        ("a counter that stands still", known.clone()),
        ("a counter that goes back", Authenticator { counter: 0, ..used.clone() }),
        ("another origin", Authenticator { origin: "https://id.example.evil".into(), ..used.clone() }),
        ("another relying party", Authenticator { rp: "evil.example".into(), ..used.clone() }),
        ("another key", Authenticator { key: foreign, ..used.clone() }),
        ("another person", Authenticator { user: grace.id.as_bytes().to_vec(), ..used.clone() }),
        ("nobody", Authenticator { user: vec![9; 16], ..used.clone() }),
        ("no person at all", Authenticator { user: vec![], ..used.clone() }),
        ("an unknown credential", Authenticator { id: vec![7; 32], ..used.clone() }),
    ] {
        let page = sign_in(&lobby, &wrong).await;
        assert!(!page.left && page.says("That passkey was not accepted here."), "{why}: at {}", page.url);
    }
    for nonsense in ["", "{}", "[]", "{\"rawId\":1}", "null"] {
        let mut browser = lobby.browser();
        let page = browser.open(&ask("photos", &[])).await;
        assert_not_in(&browser.press(&page, "passkey", "passkey", &[("credential", nonsense)]).await);
    }
    // The answer to another flow's challenge.
    let (mut one, mut other) = (lobby.browser(), lobby.browser());
    let shown = one.open(&ask("photos", &[])).await;
    let page = other.open(&ask("photos", &[])).await;
    assert_not_in(&other.press(&page, "passkey", "passkey", &[("credential", &used.sign(&shown))]).await);
    let second = one.open(&ask("drive", &[])).await;
    assert_not_in(&one.press(&second, "passkey", "passkey", &[("credential", &used.sign(&shown))]).await);
    // None of it was counted: the next one is good, once.
    let answer = used.sign(&shown);
    assert_code(&one.press(&shown, "passkey", "passkey", &[("credential", &answer)]).await);
    assert_not_in(&sign_in(&lobby, &used).await);
}

#[both_databases]
async fn a_passkey_that_is_gone_signs_nobody_in(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut browser, mut authenticator) = with_passkey(&lobby).await;
    let page = browser.open("/account/passkeys").await;
    let forged = browser.press(&page, "passkey-remove", "remove", &[("csrf", "x")]).await;
    assert_eq!(forged.status.as_u16(), 403);
    let mut graces = lobby.browser();
    let foreign = graces.open("/account/passkeys").await;
    let foreign = graces.sign_in(&foreign, GRACE).await;
    assert_eq!(foreign.url.path(), "/account");
    let id = page.text.split_once("name=\"id\" value=\"").unwrap().1.split_once('"').unwrap().0.to_owned();
    let shown = graces.open("/account/passkeys").await;
    let made = Authenticator::make(&shown);
    let shown = graces.press(&shown, "passkey", "passkey", &[("credential", &made.1), ("name", "hers")]).await;
    graces.press(&shown, "passkey-remove", "remove", &[("id", &id)]).await;
    assert!(browser.open("/account/passkeys").await.says("My phone"), "nobody removes another's");
    let page = browser.press(&page, "passkey-remove", "remove", &[]).await;
    assert!(page.says("You have no passkey yet."), "{}", page.text);
    let trail = lobby.trail(ADA).await;
    for kind in ["factor.added", "factor.removed"] {
        assert_eq!(trail.iter().filter(|known| *known == kind).count(), 1, "{trail:?}");
    }
    authenticator.counter += 1;
    assert_not_in(&sign_in(&lobby, &authenticator).await);
}

#[both_databases]
async fn making_one_needs_a_fresh_sign_in(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/passkeys").await;
    let (_, answer) = Authenticator::make(&page);
    lobby.house.clock.advance(Duration::from_secs(16 * 60));
    let late = browser.press(&page, "passkey", "passkey", &[("credential", &answer), ("name", "")]).await;
    assert!(late.says("show first that it is you") && late.says("You have no passkey yet."), "{}", late.text);
    assert!(!browser.open("/account/passkeys").await.text.contains("data-passkey"));
    // The answer of one session is no answer of another.
    let mut elsewhere = lobby.adas_browser().await;
    let page = elsewhere.open("/account/passkeys").await;
    let other = elsewhere.press(&page, "passkey", "passkey", &[("credential", &answer), ("name", "")]).await;
    assert!(other.says("The passkey could not be made."), "{}", other.text);
    assert_eq!(lobby.node.passkeys(lobby.node.find_user(ADA).await.unwrap().unwrap().id).await.unwrap(), []);
}

/// A Well-Known URL for Relying Party Passkey Endpoints §3; Web Authentication Level 3 §5.11.
#[both_databases]
async fn what_is_well_known(mut house: House) {
    house.settings.passkeys.rp_id = Some("example".to_owned());
    house.settings.passkeys.related_origins = vec!["https://id.other.example".to_owned()];
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let told: serde_json::Value =
        serde_json::from_str(&browser.open("/.well-known/passkey-endpoints").await.text).unwrap();
    assert_eq!(told["enroll"], "https://id.example/account/passkeys");
    let told: serde_json::Value = serde_json::from_str(&browser.open("/.well-known/webauthn").await.text).unwrap();
    assert_eq!(told, serde_json::json!({ "origins": ["https://id.other.example"] }));
    // A passkey is bound to the domain that is set.
    let (_, mut authenticator) = with_passkey(&lobby).await;
    assert_eq!(authenticator.rp, "example");
    authenticator.counter += 1;
    assert_code(&sign_in(&lobby, &authenticator).await);
}

/// Who has a passkey proves it, or two factors, before anything is changed that they sign in with: a stolen password, or a
/// mailbox, is one.
#[both_databases]
async fn a_password_alone_changes_nothing_of_whoever_has_a_passkey(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut owners, mut authenticator) = with_passkey(&lobby).await;
    assert!(owners.open("/account/passkeys").await.says("data-passkey=\"create\""), "who has just made it goes on");
    lobby.house.clock.advance(Duration::from_secs(1));
    let mut thief = lobby.adas_browser().await;
    for address in ["/account/passkeys", "/account/email", "/account/delete", "/account/data"] {
        let page = thief.open(address).await;
        assert!(page.says("prompt=login") && !page.says("data-passkey=\"create\""), "{address}: {}", page.text);
    }
    let page = thief.open("/account/passkeys").await;
    thief.press(&page, "passkey-remove", "remove", &[]).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    assert_eq!(lobby.node.passkeys(ada).await.unwrap().len(), 1);
    // To sign in afresh is to give the passkey, too.
    let page = thief.open("/signin?prompt=login").await;
    let page = thief.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "passkey", "{}", page.text);
    authenticator.counter += 1;
    let answer = authenticator.confirm(&page);
    thief.press(&page, "passkey", "passkey", &[("credential", &answer)]).await;
    assert!(thief.open("/account/passkeys").await.says("data-passkey=\"create\""));
}
