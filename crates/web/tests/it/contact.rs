//! `/account/email` and `/account/phone`.

use std::time::Duration;

use idp::mail::Mail;
use idp::people::{Access, Change, NewUser};
use serde_json::json;
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby};

const NEW: &str = "countess@example.org";

async fn ask(browser: &mut Browser, email: &str) -> Page {
    let page = browser.open("/account/email").await;
    browser.press(&page, "email", "change", &[("email", email)]).await
}

/// The address of the link in the only mail, which went to `to`.
async fn link(lobby: &Lobby, to: &str) -> String {
    let letters = lobby.mails().await;
    match letters.as_slice() {
        [letter] if letter.to == to => match &letter.mail {
            Mail::ChangeEmail { token } => format!("/account/email/confirm?token={token}"),
            other => panic!("{other:?}"),
        },
        others => panic!("{others:?}"),
    }
}

async fn confirm(browser: &mut Browser, address: &str) -> Page {
    let page = browser.open(address).await;
    browser.press(&page, "confirm-email", "confirm", &[]).await
}

async fn email_of(lobby: &Lobby, name: &str) -> Option<(String, bool)> {
    let person = lobby.node.find_user(name).await.unwrap()?;
    Some((person.email.clone()?, person.email_verified))
}

#[both_databases]
async fn an_address_counts_once_its_mails_button_is_pressed(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    let sent = ask(&mut browser, &format!(" {NEW} ")).await;
    assert_eq!((sent.status.as_u16(), sent.step()), (200, "mail-sent"), "{}", sent.text);
    assert!(sent.says(NEW));
    let address = link(&lobby, NEW).await;
    // Looking at it changes nothing, however often.
    for _ in 0..2 {
        let page = browser.open(&address).await;
        assert_eq!((page.status.as_u16(), page.step()), (200, "confirm-email"), "{}", page.text);
        assert!(page.says("Ada Lovelace") && page.says(NEW));
    }
    assert_eq!(email_of(&lobby, ADA).await, Some((ADA.to_owned(), true)));
    let done = confirm(&mut browser, &address).await;
    assert_eq!((done.status.as_u16(), done.url.path()), (200, "/account"), "{}", done.text);
    assert!(done.says("Your address has been changed.") && done.says(NEW), "{}", done.text);
    assert_eq!(email_of(&lobby, NEW).await, Some((NEW.to_owned(), true)));
    assert_eq!(email_of(&lobby, ADA).await, None, "the old one is free");
    assert!(lobby.node.check_password(NEW, PASSWORD).await.unwrap().is_some());
    // The owner of the old one is told, and not which the new one is.
    let letters = lobby.mails().await;
    assert!(
        letters.len() == 1 && letters[0].to == ADA && matches!(letters[0].mail, Mail::EmailChanged { .. }),
        "{letters:?}"
    );
    let trail = lobby.trail(NEW).await;
    assert!(trail.contains(&"email.change-asked".to_owned()) && trail.contains(&"email.changed".to_owned()));
    // Once.
    assert_eq!(browser.open(&address).await.status.as_u16(), 410);
}

/// Whoever has the mail must be signed in as whoever asked: nobody confirms an address for somebody else's account.
#[both_databases]
async fn a_link_acts_for_whoever_asked_alone(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    let mut grace = lobby.verified(GRACE).await;
    ask(&mut browser, NEW).await;
    let address = link(&lobby, NEW).await;
    let page = browser.open(&address).await;
    for stranger in [&mut lobby.browser(), &mut grace] {
        let seen = stranger.open(&address).await;
        assert_eq!(seen.step(), "message");
        assert!(seen.says("Sign in first") && !seen.says("Ada Lovelace") && !seen.says(NEW), "{}", seen.text);
    }
    // Not even with a form that her own browser was shown.
    ask(&mut grace, "grace@example.org").await;
    let own = link(&lobby, "grace@example.org").await;
    let own = grace.open(&own).await;
    let form = page.form("confirm-email");
    let token = form.hidden.iter().find(|(name, _)| name == "token").unwrap();
    let refused = grace.press(&own, "confirm-email", "confirm", &[("token", token.1.as_str())]).await;
    assert_eq!(refused.status.as_u16(), 410);
    for (csrf, cross) in [("x", false), ("", true)] {
        let mut browser = browser.clone();
        if cross {
            browser.headers.insert("sec-fetch-site", "cross-site".parse().unwrap());
        }
        let fields = [("csrf", csrf)];
        let fields = if cross { &fields[..0] } else { &fields[..] };
        let page = browser.press(&page, "confirm-email", "confirm", fields).await;
        assert_eq!(page.status.as_u16(), 403, "{cross}");
    }
    assert_eq!(email_of(&lobby, ADA).await, Some((ADA.to_owned(), true)));
    assert_eq!(confirm(&mut browser, &address).await.url.path(), "/account");
}

/// The page, its headers and the work are the same for an address that is free, another's, a disabled person's.
#[both_databases]
async fn nobody_learns_whose_an_address_is(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    let gone = NewUser { email: "gone0@example.com".to_owned(), ..NewUser::default() };
    let gone = lobby.node.add_user(gone).await.unwrap().id;
    lobby.node.set_user_disabled(gone, Access::Disabled).await.unwrap();
    let page = browser.open("/account/email").await;
    let mut seen = Vec::new();
    for email in ["nobody@example.com", "GRACE@example.com", "gone0@example.com"] {
        let before = lobby.node.statements();
        let answer = browser.press(&page, "email", "change", &[("email", email)]).await;
        let work = lobby.node.statements() - before;
        assert_eq!(lobby.node.mails_waiting().await.unwrap(), seen.len() as u64 + 1);
        seen.push((answer.status, answer.headers.len(), answer.text.replace(email, "EMAIL"), work));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
    let letters = lobby.mails().await;
    let mut said: Vec<String> = letters.iter().map(|letter| format!("{} {:?}", letter.to, letter.mail)).collect();
    said.sort();
    let expected =
        ["gone0@example.com address-in-use", "grace@example.com address-in-use", "nobody@example.com change-email"];
    assert_eq!(said, expected);
}

/// A mailbox gets five mails that anybody can ask for; of the next ones nobody sees that they are not sent.
#[both_databases]
async fn a_mailbox_is_not_filled_from_an_account(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    let page = browser.open("/account/email").await;
    for _ in 0..7 {
        let sent = browser.press(&page, "email", "change", &[("email", NEW)]).await;
        assert_eq!((sent.status.as_u16(), sent.step()), (200, "mail-sent"));
    }
    assert_eq!(lobby.mails().await.len(), 5);
}

#[both_databases]
async fn a_new_address_needs_a_fresh_sign_in_and_to_be_one(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    let page = browser.open("/account/email").await;
    for (email, problem) in [("", true), ("ada", true), (ADA, true), ("a@b@c", true)] {
        let page = browser.press(&page, "email", "change", &[("email", email)]).await;
        assert_eq!((page.status.as_u16(), page.step()), (422, "email"), "{email}");
        assert_eq!(page.says("id=\"email-problem\""), problem, "{email}");
    }
    let forged = browser.press(&page, "email", "change", &[("csrf", "x"), ("email", NEW)]).await;
    assert_eq!((forged.status.as_u16(), forged.step()), (403, "email"));
    lobby.house.clock.advance(Duration::from_secs(15 * 60 + 1));
    let late = browser.press(&page, "email", "change", &[("email", NEW)]).await;
    assert!(!late.says("data-step=\"email\"") && late.says("/signin?prompt=login"), "{}", late.text);
    assert_eq!(lobby.node.mails_waiting().await.unwrap(), 0);
    let page = browser.open("/signin?prompt=login").await;
    browser.sign_in(&page, ADA).await;
    assert_eq!(ask(&mut browser, NEW).await.step(), "mail-sent");
}

/// One hour; not after another change, not once somebody else has the address, not for whoever is disabled.
#[both_databases]
async fn a_link_to_a_new_address_grows_old(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    ask(&mut browser, NEW).await;
    let first = link(&lobby, NEW).await;
    ask(&mut browser, "other@example.org").await;
    let other = link(&lobby, "other@example.org").await;
    lobby.house.clock.advance(Duration::from_secs(60 * 60 - 1));
    assert_eq!(browser.open(&other).await.step(), "confirm-email");
    assert_eq!(confirm(&mut browser, &first).await.url.path(), "/account");
    assert_eq!(browser.open(&other).await.status.as_u16(), 410, "it was asked for from the old address");
    lobby.mails().await;

    let page = browser.open("/signin?prompt=login").await;
    let mut browser = {
        browser.sign_in(&page, NEW).await;
        browser
    };
    ask(&mut browser, "third@example.org").await;
    let third = link(&lobby, "third@example.org").await;
    let page = browser.open(&third).await;
    let taken = NewUser { email: "Third@Example.org".to_owned(), ..NewUser::default() };
    let taken = lobby.node.add_user(taken).await.unwrap().id;
    let refused = browser.press(&page, "confirm-email", "confirm", &[]).await;
    assert_eq!(refused.status.as_u16(), 410, "an address belongs to one account");
    assert_eq!(email_of(&lobby, NEW).await, Some((NEW.to_owned(), true)));
    assert!(lobby.node.delete_user(taken).await.unwrap());
    assert_eq!(browser.open(&third).await.step(), "confirm-email", "what was refused has used nothing up");
    lobby.house.clock.advance(Duration::from_secs(60 * 60));
    assert_eq!(browser.open(&third).await.status.as_u16(), 410);
}

/// A mailbox that was theirs once opens nothing any more.
#[both_databases]
async fn links_that_were_sent_to_the_old_address_end(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.verified(ADA).await;
    let page = browser.open("/recover").await;
    lobby.house.clock.advance(Duration::from_secs(1));
    browser.press(&page, "recover", "recover", &[("email", ADA)]).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let old = format!("/set-password?token={}", *lobby.node.password_link(ada).await.unwrap());
    lobby.mails().await;
    lobby.house.clock.advance(Duration::from_secs(1));
    ask(&mut browser, NEW).await;
    let address = link(&lobby, NEW).await;
    assert_eq!(lobby.browser().open(&old).await.step(), "set-password");
    confirm(&mut browser, &address).await;
    assert_eq!(lobby.browser().open(&old).await.status.as_u16(), 410);
}

#[both_databases]
async fn of_two_who_want_one_address_one_has_it(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut ada, mut grace) = (lobby.verified(ADA).await, lobby.verified(GRACE).await);
    ask(&mut ada, NEW).await;
    let first = link(&lobby, NEW).await;
    ask(&mut grace, NEW).await;
    let second = link(&lobby, NEW).await;
    let (one, other) = (ada.open(&first).await, grace.open(&second).await);
    let (left, right) = tokio::join!(
        ada.press(&one, "confirm-email", "confirm", &[]),
        grace.press(&other, "confirm-email", "confirm", &[])
    );
    let mut both = [left.status.as_u16(), right.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [200, 410]);
    let owner = lobby.node.find_user(NEW).await.unwrap().unwrap();
    let loser = if owner.name.as_deref() == Some("Ada Lovelace") { GRACE } else { ADA };
    assert_eq!(email_of(&lobby, loser).await, Some((loser.to_owned(), true)));
}

/// Core §5.1: E.164, and never proven.
#[both_databases]
async fn a_phone_number_is_told_as_unproven_and_taken_away(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({ "scope": "openid phone" })).await;
    let token = api.redeem(&api.code(&lobby, "openid phone").await).await.text("access_token");
    let told = async || {
        let claims = api.get("/oauth2/userinfo", &token).await.json;
        (claims["phone_number"].as_str().map(str::to_owned), claims["phone_number_verified"].as_bool())
    };
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/phone").await;
    assert!(!page.says("phone-remove"));
    for typed in ["", "030 901820", "+49 30 90182x", "+1", "+1234567890123456"] {
        let page = browser.press(&page, "phone", "save", &[("phone_number", typed)]).await;
        assert_eq!((page.status.as_u16(), page.step()), (422, "phone"), "{typed}");
        assert!(page.says("id=\"phone_number-problem\"") && page.says(&format!("value=\"{typed}\"")), "{}", page.text);
    }
    let forged = browser.press(&page, "phone", "save", &[("csrf", "x"), ("phone_number", "+442079460000")]).await;
    assert_eq!(forged.status.as_u16(), 403);
    assert_eq!(told().await, (None, None));
    let done = browser.press(&page, "phone", "save", &[("phone_number", "+44 (20) 7946-0000")]).await;
    assert!(done.url.path() == "/account" && done.says("Your phone number has been saved."), "{}", done.text);
    assert_eq!(told().await, (Some("+442079460000".to_owned()), Some(false)));
    // An operator who has proven it says so; typing it once more leaves that as it is.
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let mut profile = ada.profile.clone();
    profile.insert("phone_number_verified".to_owned(), true.into());
    lobby.node.update_user(ada.id, Change { profile: Some(profile), ..Change::default() }).await.unwrap();
    let page = browser.open("/account/phone").await;
    browser.press(&page, "phone", "save", &[("phone_number", "+442079460000")]).await;
    assert_eq!(told().await, (Some("+442079460000".to_owned()), Some(true)));
    browser.press(&page, "phone-remove", "remove", &[]).await;
    assert_eq!(told().await, (None, None));
}

/// Whoever put another address to somebody's account does not keep it: the mail to the old one undoes it.
#[both_databases]
async fn the_owner_of_the_old_address_puts_it_back(house: House) {
    let lobby = Lobby::open(house).await;
    let mut thief = lobby.verified(ADA).await;
    lobby.mails().await;
    ask(&mut thief, NEW).await;
    let address = link(&lobby, NEW).await;
    confirm(&mut thief, &address).await;
    let letters = lobby.mails().await;
    let Mail::EmailChanged { token } = &letters[0].mail else { panic!("{letters:?}") };
    let undo = format!("/not-me?token={token}");
    let mut owner = lobby.browser();
    let page = owner.open(&undo).await;
    assert!(page.step() == "not-me" && page.says(ADA), "{}", page.text);
    assert_eq!(email_of(&lobby, ADA).await, None, "looking changes nothing");
    let page = owner.press(&page, "not-me", "disown", &[]).await;
    assert_eq!(page.step(), "set-password", "{}", page.text);
    assert_eq!(email_of(&lobby, ADA).await, Some((ADA.to_owned(), true)));
    assert_eq!(email_of(&lobby, NEW).await, None);
    assert_eq!(thief.open("/account").await.step(), "signin");
    assert_eq!(owner.open(&undo).await.status.as_u16(), 410, "once");
}
