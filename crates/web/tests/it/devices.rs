//! The device cookie.

use idp::settings::AddressProof;
use testkit::House;
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

const DEVICE: &str = "__Host-vestibule-device";

/// Every way in notes the device; signing out leaves it.
#[both_databases]
async fn a_browser_is_known_to_all_who_signed_in_there(mut house: House) {
    house.settings.signup_verify = AddressProof::Never;
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let cookie = browser.cookies[DEVICE].clone();
    let page = browser.open(&ask("photos", &[("prompt", "login")])).await;
    assert_code(&browser.sign_in(&page, GRACE).await);
    assert_eq!(browser.cookies[DEVICE], cookie, "one for all of them");
    for email in [ADA, GRACE] {
        let user = lobby.node.find_user(email).await.unwrap().unwrap().id;
        assert!(lobby.node.known_device(user, Some(&cookie)).await.unwrap().is_some(), "{email}");
        assert_eq!(lobby.node.list_devices(user).await.unwrap().len(), 1);
    }
    // A wrong password notes nothing.
    let mut stranger = lobby.browser();
    let page = stranger.open("/signin").await;
    stranger.press(&page, "signin", "signin", &[("username", ADA), ("password", "not this one")]).await;
    assert!(!stranger.cookies.contains_key(DEVICE));
    // An account of one's own.
    let page = stranger.open("/signup").await;
    let fields = [("email", "new@example.com"), ("name", "New"), ("password", "correct horse battery")];
    stranger.press(&page, "signup", "signup", &fields).await;
    let new = lobby.node.find_user("new@example.com").await.unwrap().unwrap().id;
    assert!(lobby.node.known_device(new, Some(&stranger.cookies[DEVICE])).await.unwrap().is_some());
}
