//! The step `email-code`: signing in by a code or a link that is mailed.

use std::time::Duration;

use idp::mail::Mail;
use idp::people::{Access, Change};
use idp::settings::MailSignIn;
use serde_json::json;
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};
use crate::second_factor::App;
use crate::step_up::claims;

/// A lobby in which Ada has proven her address.
async fn lobby(house: House) -> Lobby {
    let lobby = Lobby::open(house).await;
    lobby.verified(ADA).await;
    lobby.mails().await;
    lobby
}

/// Asks for a code by a name.
async fn asked(browser: &mut Browser, app: &str, name: &str) -> Page {
    let page = browser.open(&ask(app, &[])).await;
    let page = browser.press(&page, "signin", "email-code", &[("username", name), ("password", "")]).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "email-code"), "{}", page.text);
    page
}

/// The code and the address of the link in the newest mail.
async fn mailed(lobby: &Lobby) -> (String, String) {
    match lobby.mails().await.pop().expect("a mail").mail {
        Mail::SignIn { code, token } => (code, format!("/signin/email-link?token={token}")),
        other => panic!("{other:?}"),
    }
}

async fn enter(browser: &mut Browser, page: &Page, code: &str) -> Page {
    browser.press(page, "email-code", "verify", &[("code", code)]).await
}

fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

#[both_databases]
async fn a_code_signs_in_once(house: House) {
    let lobby = &lobby(house).await;
    let bank = Api::register(lobby, "bank", json!({})).await;
    let mut browser = lobby.browser();
    let page = asked(&mut browser, "bank", " ADA@example.com ").await;
    assert!(page.says("ADA@example.com") && !browser.cookies.contains_key("__Host-vestibule"));
    let (code, _) = mailed(lobby).await;
    let done = enter(&mut browser, &page, &format!("{} {}", &code[..3], &code[3..])).await;
    // RFC 8176 §2; a mailbox is one factor.
    let claims = claims(&bank, &done).await;
    assert_eq!((&claims["amr"], &claims["acr"]), (&json!(["otp"]), &json!("urn:vestibule:acr:single-factor")));
    assert!(lobby.trail(ADA).await.contains(&"mail-code.asked".to_owned()));
    // In another flow it is worth nothing, and neither is it used twice.
    let mut other = lobby.browser();
    let page = asked(&mut other, "photos", ADA).await;
    let again = enter(&mut other, &page, &code).await;
    assert!(again.step() == "email-code" && again.says("not the code of the newest mail"), "{}", again.text);
    assert!(lobby.trail(ADA).await.contains(&"session.sign-in-failed".to_owned()));
}

#[both_databases]
async fn the_link_confirms_where_it_was_asked_for_and_shows_the_code_elsewhere(house: House) {
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = asked(&mut browser, "photos", ADA).await;
    let (code, link) = mailed(&lobby).await;
    let mut phone = lobby.browser();
    for _ in 0..2 {
        let there = phone.open(&link).await;
        assert_eq!((there.status.as_u16(), there.step()), (200, "mailed-code"));
        assert!(there.says(&format!("{} {}", &code[..3], &code[3..])), "{}", there.text);
        assert!(!phone.cookies.contains_key("__Host-vestibule"), "looking at it signs nobody in");
    }
    let here = browser.open(&link).await;
    assert!(here.step() == "email-code" && here.says("Sign in here?") && here.says("Photos"), "{}", here.text);
    // The form belongs to this browser: the phone cannot send it.
    let stolen = phone.press(&here, "email-code", "verify", &[]).await;
    assert!(!stolen.left && !phone.cookies.contains_key("__Host-vestibule"), "{}", stolen.text);
    assert_code(&browser.press(&here, "email-code", "verify", &[]).await);
    // Once.
    for browser in [&mut browser, &mut phone] {
        assert_eq!(browser.open(&link).await.status.as_u16(), 410);
    }
    assert_ne!(enter(&mut browser, &page, &code).await.step(), "email-code", "the flow is over");
}

#[both_databases]
async fn a_mail_dies_of_age_of_a_newer_one_and_of_five_wrong_codes(house: House) {
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = asked(&mut browser, "photos", ADA).await;
    let (old, old_link) = mailed(&lobby).await;
    let page = browser.press(&page, "email-code-else", "again", &[]).await;
    let (code, _) = mailed(&lobby).await;
    assert!(old == code || enter(&mut browser, &page, &old).await.step() == "email-code");
    assert_eq!(browser.open(&old_link).await.step(), "mailed-code", "the older link confirms nothing");
    for tries in 0..4 {
        let again = enter(&mut browser, &page, &wrong(&code)).await;
        let expected = if tries < 3 { "email-code" } else { "signin" };
        assert_eq!(again.step(), expected, "{tries}: {}", again.text);
    }
    assert!(!enter(&mut browser, &page, &code).await.left);
    assert!(!browser.cookies.contains_key("__Host-vestibule"), "it has died");

    let mut browser = lobby.browser();
    let page = asked(&mut browser, "photos", ADA).await;
    let (code, link) = mailed(&lobby).await;
    lobby.house.clock.advance(Duration::from_secs(15 * 60));
    assert_eq!(enter(&mut browser, &page, &code).await.step(), "email-code");
    assert_eq!(lobby.browser().open(&link).await.status.as_u16(), 410);
}

/// Of a hundred at once no more are looked at than of one after the other, and the hour has its limit whatever the mail.
#[both_databases]
async fn guesses_are_counted_before_they_are_looked_at(house: House) {
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = asked(&mut browser, "photos", ADA).await;
    let (code, _) = mailed(&lobby).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (mut browser, page, code) = (browser.clone(), page.clone(), wrong(&code));
        tries.spawn(async move { enter(&mut browser, &page, &code).await.status.as_u16() });
    }
    let statuses = tries.join_all().await;
    let looked_at = lobby.trail(ADA).await.iter().filter(|kind| *kind == "session.sign-in-failed").count();
    assert!(looked_at <= 5 && statuses.contains(&429), "{looked_at} {statuses:?}");

    let mut seen = looked_at;
    for _ in 0..4 {
        let mut browser = lobby.browser();
        let mut page = asked(&mut browser, "photos", ADA).await;
        let (code, _) = mailed(&lobby).await;
        while page.step() == "email-code" && page.status.as_u16() == 200 {
            page = enter(&mut browser, &page, &wrong(&code)).await;
            seen += usize::from(page.status.as_u16() != 429);
        }
    }
    assert!((5..=10).contains(&seen), "{seen} in an hour");
}

#[both_databases]
async fn a_second_factor_is_asked_for_all_the_same(house: House) {
    let lobby = lobby(house).await;
    let app = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    lobby.mails().await;
    let mut browser = lobby.browser();
    let page = asked(&mut browser, "photos", ADA).await;
    let (code, _) = mailed(&lobby).await;
    let page = enter(&mut browser, &page, &code).await;
    assert_eq!(page.step(), "totp", "{}", page.text);
    assert!(!browser.cookies.contains_key("__Host-vestibule"));
    assert_code(&browser.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await);
}

#[both_databases]
async fn who_is_disabled_or_has_another_address_meanwhile_does_not_come_in(house: House) {
    let lobby = lobby(house).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let new = Change { email: Some("ada@elsewhere.example".into()), email_verified: Some(true), ..Change::default() };
    for disabled in [true, false] {
        let mut browser = lobby.browser();
        let page = asked(&mut browser, "photos", ADA).await;
        let (code, _) = mailed(&lobby).await;
        match disabled {
            true => drop(lobby.node.set_user_disabled(ada, Access::Disabled).await.unwrap()),
            false => drop(lobby.node.update_user(ada, new.clone()).await.unwrap()),
        }
        assert_eq!(enter(&mut browser, &page, &code).await.step(), "email-code");
        lobby.node.set_user_disabled(ada, Access::Enabled).await.unwrap();
    }
    // Whose address was never proven gets no mail.
    asked(&mut lobby.browser(), "photos", GRACE).await;
    assert!(lobby.mails().await.is_empty());
}

#[both_databases]
async fn another_way_is_the_sign_in_page_and_a_name_comes_first(house: House) {
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    let nameless = browser.press(&page, "signin", "email-code", &[("username", " ")]).await;
    assert_eq!((nameless.status.as_u16(), nameless.step()), (422, "signin"));
    assert!(nameless.says("Type your e-mail address"), "{}", nameless.text);
    let page = asked(&mut browser, "photos", ADA).await;
    assert_eq!(
        browser.press(&page, "email-code", "verify", &[("csrf", "x"), ("code", "1")]).await.status.as_u16(),
        403
    );
    let page = browser.press(&page, "email-code-else", "other", &[]).await;
    assert_eq!(page.step(), "signin");
    assert_code(&browser.sign_in(&page, ADA).await);
}

#[both_databases]
async fn an_operator_may_leave_it_out(mut house: House) {
    house.settings.mail_sign_in = MailSignIn::Off;
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    assert!(!page.says("email-code"), "{}", page.text);
    let page = browser.press(&page, "signin", "email-code", &[("username", ADA), ("password", PASSWORD)]).await;
    assert_eq!(page.step(), "signin");
    assert_eq!(lobby.node.mails_waiting().await.unwrap(), 0);
}

/// Of several who bring the right code at once, one is let in.
#[both_databases]
async fn a_code_that_comes_twice_at_once_signs_in_once(house: House) {
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = asked(&mut browser, "photos", ADA).await;
    let (code, _) = mailed(&lobby).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (mut browser, page, code) = (browser.clone(), page.clone(), code.clone());
        tries.spawn(async move {
            enter(&mut browser, &page, &code).await;
            browser.cookies.contains_key("__Host-vestibule")
        });
    }
    let let_in = tries.join_all().await.into_iter().filter(|is_in| *is_in).count();
    assert_eq!(let_in, 1);
}

/// Whoever asks for codes in somebody's name fills no mailbox, and keeps no other mail away.
#[both_databases]
async fn mails_with_codes_have_a_limit_of_their_own(house: House) {
    let lobby = lobby(house).await;
    for _ in 0..8 {
        asked(&mut lobby.browser(), "photos", ADA).await;
    }
    let codes = lobby.mails().await.iter().filter(|letter| matches!(letter.mail, Mail::SignIn { .. })).count();
    assert!((1..8).contains(&codes), "{codes}");
    let mut browser = lobby.browser();
    let page = browser.open("/recover").await;
    browser.press(&page, "recover", "recover", &[("email", ADA)]).await;
    let letters = lobby.mails().await;
    assert!(letters.iter().any(|letter| matches!(letter.mail, Mail::ResetPassword { .. })), "{letters:?}");
}

/// However many passwords were tried for an account, its owner gets in by mail, from a device that nobody knows, too.
#[both_databases]
async fn a_code_signs_in_while_passwords_are_throttled(house: House) {
    let lobby = lobby(house).await;
    let mut attacker = lobby.browser();
    let page = attacker.open("/signin").await;
    let mut status = 200;
    for _ in 0..30 {
        let attempt = [("username", ADA), ("password", "not this one")];
        status = attacker.press(&page, "signin", "signin", &attempt).await.status.as_u16();
    }
    assert_eq!(status, 429);
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    let refused = browser.press(&page, "signin", "signin", &[("username", ADA), ("password", PASSWORD)]).await;
    assert_eq!(refused.status.as_u16(), 429);
    let page = asked(&mut browser, "photos", ADA).await;
    let (code, _) = mailed(&lobby).await;
    assert_code(&enter(&mut browser, &page, &code).await);
}
