//! The session and its cookie (CONTRACT §4).

use std::time::Duration;

use idp::caller::Caller;
use testkit::{House, ISSUER, PASSWORD};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

const SESSION: &str = "__Host-vestibule";
const FLOW: &str = "__Host-vestibule-flow";

/// RFC 6265bis §4.1.3.2.
#[both_databases]
async fn cookies_are_host_only_and_out_of_reach(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[])).await;
    let form = page.form("signin");
    let mut fields: Vec<_> = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("action", "signin"), ("username", ADA), ("password", PASSWORD)]);
    let url = url::Url::parse(ISSUER).unwrap().join("/signin/signin").unwrap();
    let answer = browser.send("POST", &url, Some(&fields)).await;
    let lines: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    let [state, line, device] = lines.as_slice() else { panic!("{lines:?}") };
    assert!(state.starts_with("__Host-vestibule-state="), "{state}");
    assert!(device.starts_with("__Host-vestibule-device=vst_dv_"), "{device}");
    assert!(device.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=34560000"), "{device}");
    assert!(line.starts_with(&format!("{SESSION}=vst_bs_")), "{line}");
    assert!(line.ends_with("; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=2592000"), "{line}");
    assert!(browser.cookies[FLOW].starts_with("vst_fb_"));
}

/// No fixation: whoever knew the cookie before the sign-in knows nothing after it.
#[both_databases]
async fn the_cookie_is_replaced_at_each_sign_in(house: House) {
    let lobby = Lobby::open(house).await;
    let planted = lobby.adas_browser().await;
    let mut victim = lobby.browser();
    victim.cookies.insert(SESSION.to_owned(), planted.cookies[SESSION].clone());
    let page = victim.open(&ask("photos", &[("prompt", "login")])).await;
    assert_code(&victim.sign_in(&page, GRACE).await);
    assert_ne!(victim.cookies[SESSION], planted.cookies[SESSION]);
    let mut attacker = planted;
    assert_eq!(attacker.open(&ask("photos", &[])).await.step(), "signin");
    // A cookie with another proof is nobody's.
    let mut forged = victim.cookies[SESSION].clone();
    forged.replace_range(30..31, if &forged[30..31] == "A" { "B" } else { "A" });
    attacker.cookies.insert(SESSION.to_owned(), forged);
    assert_eq!(attacker.open(&ask("photos", &[])).await.step(), "signin");
}

/// Lifetimes: idle, which use renews, and absolute.
#[both_databases]
async fn a_session_ends_by_itself(mut house: House) {
    house.settings.session.idle_lifetime = Duration::from_secs(1000);
    house.settings.session.lifetime = Duration::from_secs(2500);
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    for _ in 0..2 {
        lobby.house.clock.advance(Duration::from_secs(999));
        assert_code(&browser.open(&ask("photos", &[])).await);
    }
    lobby.house.clock.advance(Duration::from_secs(502));
    assert_eq!(browser.open(&ask("photos", &[])).await.step(), "signin");
    let mut browser = lobby.adas_browser().await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let before = lobby.node.list_sessions(ada).await.unwrap();
    lobby.house.clock.advance(Duration::from_secs(1000));
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(page.step(), "signin");
    // Signing in takes it up again: no second one of the same person stands beside it.
    assert_code(&browser.sign_in(&page, ADA).await);
    let known = lobby.node.browser(Some(&browser.cookies[SESSION])).await.unwrap().unwrap();
    assert!(matches!(known.sessions.as_slice(), [session] if before.iter().any(|old| old.id == session.id)));
}

/// An idle lifetime longer than the lifetime changes nothing.
#[both_databases]
async fn idle_is_never_longer_than_absolute(mut house: House) {
    house.settings.session.idle_lifetime = Duration::from_secs(5000);
    house.settings.session.lifetime = Duration::from_secs(100);
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    lobby.house.clock.advance(Duration::from_secs(99));
    assert_code(&browser.open(&ask("photos", &[])).await);
    lobby.house.clock.advance(Duration::from_secs(1));
    assert_eq!(browser.open(&ask("photos", &[])).await.step(), "signin");
}

/// An ended session, a disabled person: neither signs anybody in.
#[both_databases]
async fn what_was_ended_elsewhere_is_ended_here(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let known = lobby.node.browser(Some(&browser.cookies[SESSION])).await.unwrap().unwrap();
    let session = known.sessions[0].id;
    assert!(lobby.node.end_session(known.id, session, &Caller::operator()).await.unwrap());
    assert!(!lobby.node.end_session(known.id, session, &Caller::operator()).await.unwrap());
    assert_eq!(browser.open(&ask("photos", &[])).await.step(), "signin");
    let mut browser = lobby.adas_browser().await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    lobby.node.set_user_disabled(ada.id, idp::people::Access::Disabled).await.unwrap();
    let page = browser.open(&ask("photos", &[])).await;
    assert_eq!(browser.sign_in(&page, ADA).await.step(), "signin");
}

/// `/signin` by itself leads to the account page.
#[both_databases]
async fn without_an_app_it_is_the_account_page(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open("/signin").await;
    assert_eq!(page.step(), "signin");
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!((page.url.path(), page.status.as_u16()), ("/account", 200));
    assert_eq!(browser.open("/signin").await.url.path(), "/account");
    let page = browser.open("/signin?prompt=login").await;
    assert_eq!(browser.sign_in(&page, GRACE).await.url.path(), "/account");
    assert_eq!(browser.open("/signin?prompt=select_account").await.step(), "account");
}
