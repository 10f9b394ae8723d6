//! What may be a password where a person chooses one: on each of the pages that take a new one.

use std::num::NonZeroU32;

use idp::mail::Mail;
use idp::people::NewUser;
use idp::settings::AddressProof;
use jose::alg::Hash;
use jose::provider::aws_lc;
use testkit::{Browser, House, Listener, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, Lobby, ask, assert_code};
use crate::second_factor::App;

/// As long as the rules want, and stolen.
const STOLEN: &str = "a horse that somebody stole";
const FRESH: &str = "another horse entirely, and a cart";
/// Of eight characters.
const SHORT: &str = "gx7!Kw02";

fn sha1(password: &str) -> String {
    let mut digest = aws_lc().digest(Hash::Sha1);
    digest.update(password.as_bytes());
    digest.finish().iter().map(|byte| format!("{byte:02X}")).collect()
}

/// A server that knows [`STOLEN`] whatever it is asked.
async fn range(house: &mut House, statuses: &'static [u16]) -> Listener {
    let body = format!("{}:0\r\n{}:17\r\n{}:3\r\n", "0".repeat(35), &sha1(STOLEN)[5..], "F".repeat(35));
    let range = Listener::answering_with(statuses, body).await;
    house.settings.passwords.breached_url = Some(format!("http://localhost:{}/range/", range.port));
    range
}

async fn change(browser: &mut Browser, page: &Page, current: &str, new: &str) -> Page {
    browser.press(page, "password", "change", &[("current", current), ("password", new)]).await
}

/// NIST SP 800-63B-4 §3.1.1.2; the server is asked by five digits of the hash.
#[both_databases]
async fn a_stolen_password_is_refused_wherever_a_person_sets_one(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let mut range = range(&mut house, &[200]).await;
    let lobby = Lobby::open(house).await;
    let refused = |page: &Page| {
        assert_eq!(page.status.as_u16(), 422, "{}", page.text);
        assert!(page.says("This password stands in lists of stolen passwords."), "{}", page.text);
    };

    let mut browser = lobby.browser();
    let page = browser.open("/signup").await;
    let fields = [("email", "new@example.com"), ("name", "New Person"), ("password", STOLEN)];
    refused(&browser.press(&page, "signup", "signup", &fields).await);
    assert_eq!(range.next().await, (format!("/range/{}", &sha1(STOLEN)[..5]), String::new()));
    // What will not do anyway is asked of nobody.
    let fields = [("email", "new@example.com"), ("name", "New Person"), ("password", "too short")];
    assert_eq!(browser.press(&page, "signup", "signup", &fields).await.status.as_u16(), 422);
    assert!(!range.has_more());

    let mut adas = lobby.adas_browser().await;
    let page = adas.open("/account/password").await;
    refused(&change(&mut adas, &page, PASSWORD, STOLEN).await);

    let person = lobby.node.add_user(NewUser { email: "c@example.com".into(), ..NewUser::default() }).await.unwrap();
    let address = format!("/set-password?token={}", *lobby.node.password_link(person.id).await.unwrap());
    let page = browser.open(&address).await;
    refused(&browser.press(&page, "set-password", "set", &[("password", STOLEN)]).await);

    let page = browser.open("/recover").await;
    browser.press(&page, "recover", "recover", &[("email", ADA)]).await;
    let mails = lobby.mails().await;
    let Mail::ResetPassword { token } = &mails[0].mail else { panic!("{mails:?}") };
    let page = browser.open(&format!("/recover?token={token}")).await;
    refused(&browser.press(&page, "new-password", "set", &[("password", STOLEN)]).await);
    for _ in 0..3 {
        range.next().await;
    }

    let done = browser.press(&page, "new-password", "set", &[("password", FRESH)]).await;
    assert_eq!(done.status.as_u16(), 200, "{}", done.text);
    assert_eq!(range.next().await.0, format!("/range/{}", &sha1(FRESH)[..5]));
    // An operator may have reasons.
    lobby.node.set_password(person.id, STOLEN).await.unwrap();
    assert!(!range.has_more() && lobby.node.tally().breaches_unknown() == 0);
}

/// A server of somebody else's decides nothing by being away.
#[both_databases]
async fn where_nobody_answers_the_password_will_do(mut house: House) {
    let mut range = range(&mut house, &[503, 200]).await;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/password").await;
    let page = change(&mut browser, &page, PASSWORD, STOLEN).await;
    assert!(page.says("Your password has been changed."), "{}", page.text);
    range.next().await;
    assert_eq!(lobby.node.tally().breaches_unknown(), 1);
}

/// NIST SP 800-63B-4 §3.1.1.2: fifteen characters where the password is the only factor, eight beside another.
#[both_databases]
async fn beside_a_code_fewer_characters_will_do_for_as_long_as_it_is_asked_for(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/password").await;
    assert!(page.says("data-min=\"15\""), "{}", page.text);
    assert_eq!(change(&mut browser, &page, PASSWORD, SHORT).await.status.as_u16(), 422);

    let app = App::set_up(&lobby, &mut browser).await;
    let page = browser.open("/account/password").await;
    assert!(page.says("data-min=\"8\""), "{}", page.text);
    assert_eq!(change(&mut browser, &page, PASSWORD, "gx7!Kw0").await.status.as_u16(), 422);
    let page = change(&mut browser, &page, PASSWORD, SHORT).await;
    assert!(page.says("Your password has been changed."), "{}", page.text);

    // The code is asked for, and the app stays while the password leans on it.
    let mut fresh = lobby.browser();
    let page = fresh.open("/account").await;
    let page = fresh.press(&page, "signin", "signin", &[("username", ADA), ("password", SHORT)]).await;
    let page = fresh.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    assert_eq!(page.url.path(), "/account", "{}", page.text);
    let page = fresh.open("/account/codes").await;
    let kept = fresh.press(&page, "totp-remove", "remove", &[]).await;
    assert!(kept.says("Your password has fewer than 15 characters"), "{}", kept.text);
    assert!(kept.says("href=\"/account/password\"") && kept.says("Set up since"), "{}", kept.text);

    let page = fresh.open("/account/password").await;
    assert!(change(&mut fresh, &page, SHORT, FRESH).await.says("Your password has been changed."));
    let page = fresh.open("/signin?prompt=login").await;
    let page = fresh.press(&page, "signin", "signin", &[("username", ADA), ("password", FRESH)]).await;
    lobby.house.clock.advance(std::time::Duration::from_secs(30));
    fresh.press(&page, "totp", "verify", &[("code", &app.code(&lobby))]).await;
    let page = fresh.open("/account/codes").await;
    let gone = fresh.press(&page, "totp-remove", "remove", &[]).await;
    assert!(!gone.says("Set up since"), "{}", gone.text);
}

/// Neither an operator nor a mail leaves a short password alone.
#[both_databases]
async fn a_short_password_never_stands_alone(house: House) {
    let mut lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    App::set_up(&lobby, &mut browser).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let page = browser.open("/account/password").await;
    change(&mut browser, &page, PASSWORD, SHORT).await;
    assert!(lobby.node.check_password(ADA, SHORT).await.unwrap().is_some());
    // Her address was never proven: the mail that proves it takes the app away, and asks for a whole password.
    let page = browser.open("/recover").await;
    browser.press(&page, "recover", "recover", &[("email", ADA)]).await;
    let mails = lobby.mails().await;
    let token = mails.iter().find_map(|letter| match &letter.mail {
        Mail::ResetPassword { token } => Some(token),
        _ => None,
    });
    let page = browser.open(&format!("/recover?token={}", token.unwrap())).await;
    assert!(page.says("data-min=\"15\""), "{}", page.text);
    let refused = browser.press(&page, "new-password", "set", &[("password", "hj8?Lx13")]).await;
    assert_eq!(refused.status.as_u16(), 422, "{}", refused.text);

    // Hashed anew with other parameters, it is as short as before.
    lobby.house.settings.passwords.passes = NonZeroU32::new(2).unwrap();
    let other = lobby.house.node().await;
    assert!(other.check_password(ADA, SHORT).await.unwrap().is_some());
    assert_eq!(other.remove_factors(ada.id).await.unwrap(), 2);
    assert!(lobby.node.check_password(ADA, SHORT).await.unwrap().is_none());
    // A whole one stays.
    lobby.node.set_password(ada.id, PASSWORD).await.unwrap();
    App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    assert_eq!(lobby.node.remove_factors(ada.id).await.unwrap(), 1);
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    assert_code(&browser.sign_in(&page, ADA).await);
}

/// The hint is a script of ours and the words that it holds a password against; what is typed goes nowhere.
#[both_databases]
async fn pages_of_a_new_password_bring_the_hint(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    for address in ["/signup", "/account/password"] {
        let page = browser.open(address).await;
        let policy = page.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri")
        );
        assert!(!policy.contains("connect-src"), "{policy}");
        assert!(page.says("data-strength=\"password\"") && page.says("data-min=\"15\""), "{}", page.text);
        for before in ["<script type=\"module\" src=\"", "data-words=\""] {
            let (_, after) = page.text.split_once(before).unwrap();
            let asset = browser.open(after.split('"').next().unwrap()).await;
            assert_eq!(asset.headers["content-type"], "text/javascript; charset=utf-8");
        }
    }
    assert!(!browser.open("/account/codes").await.says("data-strength"));
}
