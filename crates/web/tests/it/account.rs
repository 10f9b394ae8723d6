//! `/account`, `/account/password` and `/set-password`.

use std::time::Duration;

use idp::mail::Mail;
use idp::people::{Access, NewUser};
use testkit::{Browser, House, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

async fn change(browser: &mut Browser, page: &Page, current: &str, new: &str) -> Page {
    browser.press(page, "password", "change", &[("current", current), ("password", new)]).await
}

async fn set(browser: &mut Browser, page: &Page, password: &str) -> Page {
    browser.press(page, "set-password", "set", &[("password", password)]).await
}

async fn has_password(lobby: &Lobby, name: &str, password: &str) -> bool {
    lobby.node.check_password(name, password).await.unwrap().is_some()
}

#[both_databases]
async fn the_account_page_is_for_whoever_is_signed_in(house: House) {
    let lobby = Lobby::open(house).await;
    for address in ["/account", "/account/password"] {
        let page = lobby.browser().open(address).await;
        assert_eq!((page.url.path(), page.step()), ("/signin", "signin"), "{address}");
    }
    let mut browser = lobby.browser();
    let page = browser.open("/account").await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/account"), "{}", page.text);
    assert!(page.says("Ada Lovelace") && page.says(ADA));

    let mut shared = lobby.adas_browser().await;
    lobby.house.clock.advance(Duration::from_secs(1));
    let page = shared.open("/signin?prompt=login").await;
    let page = shared.sign_in(&page, GRACE).await;
    assert!(page.says("<h1><bdi>Grace Hopper"), "the one who came last: {}", page.text);
    assert!(page.says("Ada Lovelace"));
    let grace = lobby.node.find_user(GRACE).await.unwrap().unwrap();
    lobby.node.set_user_disabled(grace.id, Access::Disabled).await.unwrap();
    assert!(shared.open("/account").await.says("<h1><bdi>Ada Lovelace"));
}

#[both_databases]
async fn signing_out_ends_all_that_runs_in_this_browser(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut browser, mut elsewhere) = (lobby.shared_browser().await, lobby.adas_browser().await);
    let page = browser.open("/account").await;
    let forged = browser.press(&page, "signout", "signout", &[("csrf", "x")]).await;
    assert_eq!((forged.status.as_u16(), forged.error()), (403, Some("invalid_request")));
    let thief = browser.clone();
    let out = browser.press(&page, "signout", "signout", &[]).await;
    assert_eq!(out.status.as_u16(), 200);
    assert!(!browser.cookies.contains_key("__Host-vestibule"));
    assert_eq!(browser.open("/account").await.step(), "signin");
    assert_eq!(thief.clone().open("/account").await.step(), "signin", "a copy of the cookie opens nothing either");
    assert!(elsewhere.open("/account").await.says("Ada Lovelace"));
}

#[both_databases]
async fn a_change_ends_the_other_sessions_and_replaces_the_cookie(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut browser, mut elsewhere) = (lobby.adas_browser().await, lobby.adas_browser().await);
    let mut thief = browser.clone();
    let mut page = browser.open("/account/password").await;
    for (current, new, field) in [
        ("", OTHER, "current"),
        ("not this one", OTHER, "current"),
        (PASSWORD, "", "password"),
        (PASSWORD, "short", "password"),
        (PASSWORD, "Qwertyuiop", "password"),
        (PASSWORD, ADA, "password"),
        (PASSWORD, PASSWORD, "password"),
    ] {
        page = change(&mut browser, &page, current, new).await;
        assert_eq!((page.status.as_u16(), page.step()), (422, "password"), "{current} {new}");
        assert!(page.says(&format!("id=\"{field}-problem\"")), "{current} {new}: {}", page.text);
        assert!(!page.says(PASSWORD), "what was typed is not sent back");
    }
    assert!(elsewhere.open("/account").await.says("Ada Lovelace"));

    let done = change(&mut browser, &page, PASSWORD, OTHER).await;
    assert_eq!((done.status.as_u16(), done.url.path()), (200, "/account"), "{}", done.text);
    assert!(done.says("Your password has been changed."));
    assert_eq!(elsewhere.open("/account").await.step(), "signin");
    assert_eq!(thief.open("/account").await.step(), "signin");
    assert!(has_password(&lobby, ADA, OTHER).await && !has_password(&lobby, ADA, PASSWORD).await);
    assert_code(&browser.open(&ask("photos", &[("prompt", "none")])).await);
    let letters = lobby.mails().await;
    assert!(letters.len() == 1 && letters[0].mail == Mail::PasswordChanged && letters[0].to == ADA, "{letters:?}");
    // A link of somebody else's tells nobody that something was done.
    let told = format!("/account?{}", done.url.query().unwrap());
    assert!(browser.open(&told).await.says("Your password has been changed."));
    let mut other = lobby.browser();
    let page = other.open("/account").await;
    other.sign_in(&page, GRACE).await;
    assert!(!other.open(&told).await.says("Your password has been changed."));
}

#[both_databases]
async fn a_change_from_elsewhere_changes_nothing(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/password").await;
    let account = browser.open("/account").await;
    for csrf in ["", &*account.form("signout").hidden[0].1] {
        let fields = [("csrf", csrf), ("current", PASSWORD), ("password", OTHER)];
        let page = browser.press(&page, "password", "change", &fields).await;
        assert_eq!((page.status.as_u16(), page.step()), (403, "password"));
    }
    browser.headers.insert("origin", "https://evil.example".parse().unwrap());
    assert_eq!(change(&mut browser, &page, PASSWORD, OTHER).await.status.as_u16(), 403);
    assert!(has_password(&lobby, ADA, PASSWORD).await);
}

#[both_databases]
async fn a_link_sets_a_password_once_and_signs_in(house: House) {
    let lobby = Lobby::open(house).await;
    let new = NewUser { email: "new@example.com".to_owned(), ..NewUser::default() };
    let person = lobby.node.add_user(new).await.unwrap();
    let address = format!("/set-password?token={}", *lobby.node.password_link(person.id).await.unwrap());
    let mut browser = lobby.browser();
    let mut page = browser.open(&address).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "set-password"), "{}", page.text);
    assert!(page.says("new@example.com"));
    for password in ["", "short", "iloveyou2", "new@example.com"] {
        page = set(&mut browser, &page, password).await;
        assert_eq!((page.status.as_u16(), page.step()), (422, "set-password"), "{password}");
    }
    let forged = browser.press(&page, "set-password", "set", &[("csrf", ""), ("password", OTHER)]).await;
    assert_eq!((forged.status.as_u16(), forged.step()), (403, "set-password"));
    let mut cross = browser.clone();
    cross.headers.insert("sec-fetch-site", "same-site".parse().unwrap());
    assert_eq!(set(&mut cross, &page, OTHER).await.error(), Some("invalid_request"));

    let done = set(&mut browser, &page, OTHER).await;
    assert_eq!((done.status.as_u16(), done.url.path()), (200, "/account"), "{}", done.text);
    assert!(done.says("Your password has been saved."));
    assert!(has_password(&lobby, "new@example.com", OTHER).await);
    for gone in [set(&mut browser, &page, PASSWORD).await, browser.open(&address).await] {
        assert_eq!((gone.status.as_u16(), gone.step()), (410, "message"));
    }
    assert!(has_password(&lobby, "new@example.com", OTHER).await);
}

#[both_databases]
async fn of_two_at_once_with_one_link_one_wins(house: House) {
    let lobby = Lobby::open(house).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    for n in 0..4 {
        let address = format!("/set-password?token={}", *lobby.node.password_link(ada.id).await.unwrap());
        // Both see the form before either sends it.
        let (mut here, mut there) = (lobby.browser(), lobby.browser());
        let (form_here, form_there) = (here.open(&address).await, there.open(&address).await);
        let (words_here, words_there) = (format!("left hand of many {n}"), format!("right hand of many {n}"));
        let (left, right) =
            tokio::join!(set(&mut here, &form_here, &words_here), set(&mut there, &form_there, &words_there));
        let (left, right) = (left.status.as_u16(), right.status.as_u16());
        let mut both = [left, right];
        both.sort_unstable();
        assert_eq!(both, [200, 410]);
        assert_eq!(has_password(&lobby, ADA, &format!("left hand of many {n}")).await, left == 200);
        assert_eq!(has_password(&lobby, ADA, &format!("right hand of many {n}")).await, right == 200);
    }
}

#[both_databases]
async fn a_link_that_is_none_or_too_old_says_so(house: House) {
    let lobby = Lobby::open(house).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let token = lobby.node.password_link(ada.id).await.unwrap();
    let invitation = lobby.node.invite("x@example.com").await.unwrap();
    lobby.house.clock.advance(Duration::from_secs(7 * 24 * 3600));
    for token in ["", "x", "vst_ln_x.y", &token, &invitation] {
        let page = lobby.browser().open(&format!("/set-password?token={token}")).await;
        assert_eq!((page.status.as_u16(), page.step()), (410, "message"), "{token}");
        let page = lobby.browser().post("/set-password", &[("token", token), ("password", OTHER)]).await;
        assert_eq!((page.status.as_u16(), page.step()), (410, "message"), "{token}");
    }
}

/// The pages keep the language that was chosen on one of them.
#[both_databases]
async fn a_chosen_language_stays(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account?ui_locales=de").await;
    assert!(page.says("lang=\"de\"") && page.says("/account/password?ui_locales=de"), "{}", page.text);
    let page = browser.open("/account/password?ui_locales=de").await;
    let done = change(&mut browser, &page, PASSWORD, OTHER).await;
    assert!(done.url.path() == "/account" && done.says("lang=\"de\""), "{}", done.url);
}

const OTHER: &str = "a rather different one";
