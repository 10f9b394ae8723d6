//! `/signup` and `/signup/confirm`, where addresses are proven by mail.

use std::time::Duration;

use idp::mail::Mail;
use idp::settings::SignupMode;
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, Lobby, ask, assert_code};

const EVE: &str = "eve@example.com";
const OWN: &str = "a password of her own choice";

async fn sign_up(browser: &mut Browser, page: &Page, email: &str) -> Page {
    let fields = [("email", email), ("name", "Eve Moneypenny"), ("password", PASSWORD)];
    let page = browser.press(page, "signup", "signup", &fields).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "mail-sent"), "{}", page.text);
    page
}

/// The address of the link in the only mail, which is to `to`.
async fn link(lobby: &Lobby, to: &str) -> String {
    let letters = lobby.mails().await;
    match letters.as_slice() {
        [letter] if letter.to == to => match &letter.mail {
            Mail::ConfirmAccount { token } => format!("/signup/confirm?token={token}"),
            other => panic!("{other:?}"),
        },
        others => panic!("{others:?}"),
    }
}

async fn exists(lobby: &Lobby, email: &str) -> bool {
    lobby.node.find_user(email).await.unwrap().is_some()
}

#[both_databases]
async fn there_is_no_account_until_the_mails_button_is_pressed(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    let sent = sign_up(&mut browser, &page, EVE).await;
    assert!(sent.says(EVE) && !browser.cookies.contains_key("__Host-vestibule"), "{}", sent.text);
    assert!(!exists(&lobby, EVE).await);
    assert!(lobby.node.check_password(EVE, PASSWORD).await.unwrap().is_none());
    let address = link(&lobby, EVE).await;
    for _ in 0..2 {
        let page = browser.open(&address).await;
        assert!(page.step() == "confirm" && page.says(EVE) && page.says("Eve Moneypenny"), "{}", page.text);
        assert!(!page.says("name=\"password\""), "the password typed in this browser counts");
    }
    assert!(!exists(&lobby, EVE).await);
    let page = browser.open(&address).await;
    let page = browser.press(&page, "confirm", "confirm", &[]).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/account"), "{}", page.text);
    let eve = lobby.node.find_user(EVE).await.unwrap().unwrap();
    assert!(eve.email_verified && !eve.is_admin);
    assert!(lobby.node.check_password(EVE, PASSWORD).await.unwrap().is_some());
    assert_eq!(browser.open(&address).await.status.as_u16(), 410);
}

/// Pre-hijacking: somebody signs up with another's address and waits for its owner to confirm.
#[both_databases]
async fn in_another_browser_the_password_of_whoever_signed_up_does_not_count(house: House) {
    let lobby = Lobby::open(house).await;
    let mut attacker = lobby.browser();
    let page = attacker.open("/signup").await;
    sign_up(&mut attacker, &page, EVE).await;
    let address = link(&lobby, EVE).await;
    let mut eve = lobby.browser();
    eve.open("/").await;
    let page = eve.open(&address).await;
    assert!(page.says("name=\"password\"") && page.says("in another browser"), "{}", page.text);
    for password in ["", "short"] {
        let again = eve.press(&page, "confirm", "confirm", &[("password", password)]).await;
        assert_eq!((again.status.as_u16(), again.step()), (422, "confirm"), "{password}");
    }
    assert!(!exists(&lobby, EVE).await);
    let page = eve.press(&page, "confirm", "confirm", &[("password", OWN)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.text);
    assert!(lobby.node.check_password(EVE, OWN).await.unwrap().is_some());
    assert!(lobby.node.check_password(EVE, PASSWORD).await.unwrap().is_none());
    assert_eq!(attacker.open("/account").await.step(), "signin");
}

#[both_databases]
async fn on_the_way_to_an_app_it_leads_on(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let signin = browser.open(&ask("photos", &[])).await;
    let flow = signin.param("flow").unwrap();
    let page = browser.open(&format!("/signup?flow={flow}")).await;
    let sent = sign_up(&mut browser, &page, EVE).await;
    assert!(sent.says(&format!("href=\"/signup?flow={flow}\"")), "{}", sent.text);
    let page = browser.open(&link(&lobby, EVE).await).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://photos.example"), "{policy}");
    assert_code(&browser.press(&page, "confirm", "confirm", &[]).await);

    // Elsewhere the flow is none.
    let signin = browser.open(&ask("drive", &[("prompt", "login")])).await;
    let page = browser.open(&format!("/signup?flow={}", signin.param("flow").unwrap())).await;
    sign_up(&mut browser, &page, "other@example.com").await;
    let mut phone = lobby.browser();
    let page = phone.open(&link(&lobby, "other@example.com").await).await;
    let page = phone.press(&page, "confirm", "confirm", &[("password", OWN)]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.text);
}

/// A password typed long ago is no sign-in of now.
#[both_databases]
async fn after_half_an_hour_the_account_is_made_and_nobody_signed_in(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    sign_up(&mut browser, &page, EVE).await;
    let address = link(&lobby, EVE).await;
    lobby.house.clock.advance(Duration::from_secs(30 * 60));
    let page = browser.open(&address).await;
    let page = browser.press(&page, "confirm", "confirm", &[]).await;
    assert!(page.step() == "message" && page.says("Your account is ready."), "{}", page.text);
    assert!(!browser.cookies.contains_key("__Host-vestibule"));
    assert!(lobby.node.check_password(EVE, PASSWORD).await.unwrap().is_some());

    let page = browser.open("/signup").await;
    sign_up(&mut browser, &page, "late@example.com").await;
    let address = link(&lobby, "late@example.com").await;
    lobby.house.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(browser.open(&address).await.status.as_u16(), 410);
}

/// Nobody is told on the page; the owner is told by mail.
#[both_databases]
async fn a_taken_address_gets_another_mail_and_the_same_page(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    let free = sign_up(&mut browser, &page, EVE).await;
    let taken = sign_up(&mut browser, &page, "ADA@example.com").await;
    assert_eq!(free.text.replace(EVE, "EMAIL"), taken.text.replace("ADA@example.com", "EMAIL"));
    let letters = lobby.mails().await;
    let news = letters.iter().find(|letter| letter.to == ADA);
    assert!(letters.len() == 2 && news.is_some_and(|letter| letter.mail == Mail::AccountExists), "{letters:?}");
}

/// Two mails of one address: the first that is confirmed makes the account.
#[both_databases]
async fn of_two_mails_to_one_address_one_makes_the_account(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut one, mut two) = (lobby.browser(), lobby.browser());
    let mut addresses = Vec::new();
    for browser in [&mut one, &mut two] {
        let page = browser.open("/signup").await;
        sign_up(browser, &page, EVE).await;
        addresses.push(link(&lobby, EVE).await);
    }
    let (first, second) = (one.open(&addresses[0]).await, two.open(&addresses[1]).await);
    let (first, second) =
        tokio::join!(one.press(&first, "confirm", "confirm", &[]), two.press(&second, "confirm", "confirm", &[]));
    let mut both = [first.status.as_u16(), second.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [200, 410]);
}

#[both_databases]
async fn an_invitation_is_used_up_with_the_account(mut house: House) {
    house.settings.signup = SignupMode::Invite;
    let lobby = Lobby::open(house).await;
    let token = lobby.node.invite(EVE).await.unwrap();
    let invitation = format!("/signup?invitation={}", *token);
    let mut browser = lobby.browser();
    let page = browser.open(&invitation).await;
    sign_up(&mut browser, &page, EVE).await;
    let first = link(&lobby, EVE).await;
    sign_up(&mut browser, &page, "other@example.com").await;
    let second = link(&lobby, "other@example.com").await;
    let page = browser.open(&first).await;
    assert_eq!(browser.press(&page, "confirm", "confirm", &[]).await.url.path(), "/account");
    let page = browser.open(&second).await;
    assert_eq!(browser.press(&page, "confirm", "confirm", &[]).await.status.as_u16(), 410);
    assert!(exists(&lobby, EVE).await && !exists(&lobby, "other@example.com").await);
    assert_eq!(browser.open(&invitation).await.status.as_u16(), 410);
}

#[both_databases]
async fn a_form_that_was_not_shown_here_confirms_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    sign_up(&mut browser, &page, EVE).await;
    let address = link(&lobby, EVE).await;
    let page = browser.open(&address).await;
    let refused = browser.press(&page, "confirm", "confirm", &[("csrf", "x")]).await;
    assert_eq!((refused.status.as_u16(), refused.step()), (403, "confirm"));
    let mut cross = browser.clone();
    cross.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(cross.press(&page, "confirm", "confirm", &[]).await.status.as_u16(), 403);
    assert!(!exists(&lobby, EVE).await);
}
