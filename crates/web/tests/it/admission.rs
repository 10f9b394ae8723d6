//! Who may use which app: what people see, and what the app is told.

use std::time::Duration;

use idp::caller::Caller;
use serde_json::json;
use testkit::{House, START};
use testkit_macros::both_databases;

use crate::lobby::{ADA, GRACE, Lobby, app, ask, assert_code, assert_refused};

async fn lobby(house: House) -> Lobby {
    let lobby = Lobby::open(house).await;
    lobby.node.add_group("staff").await.unwrap();
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.add_member("staff", ada, &Caller::operator()).await.unwrap();
    let metadata = json!({ "vestibule_trusted": true, "vestibule_groups": ["staff"] });
    House::add_client(&lobby.node, app("plans", "Plans", metadata)).await;
    lobby
}

/// Who is not in the group sees why, before anything reaches the app; it gets `access_denied` (RFC 6749 §4.1.2.1).
#[both_databases]
async fn an_app_for_a_group_is_for_its_members(house: House) {
    let lobby = lobby(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("plans", &[])).await;
    assert_code(&browser.sign_in(&page, ADA).await);
    let mut browser = lobby.browser();
    let page = browser.open(&ask("plans", &[])).await;
    let page = browser.sign_in(&page, GRACE).await;
    assert_eq!((page.status.as_u16(), page.step()), (200, "not-admitted"), "{}", page.text);
    assert!(page.says("Plans") && page.says("Grace Hopper") && page.says("Use another account"), "{}", page.text);
    assert_refused(&browser.press(&page, "not-admitted", "back", &[]).await, "access_denied");
    assert_refused(&browser.open(&ask("plans", &[("prompt", "none")])).await, "access_denied");
    // As somebody else who may.
    let page = browser.open(&ask("plans", &[])).await;
    let page = browser.press(&page, "not-admitted", "switch", &[]).await;
    let page = browser.press(&page, "account-other", "other", &[]).await;
    assert_code(&browser.sign_in(&page, ADA).await);
    // The other apps are for everybody.
    let page = browser.open(&ask("photos", &[("prompt", "login")])).await;
    assert_code(&browser.sign_in(&page, GRACE).await);
}

#[both_databases]
async fn an_app_that_has_ended_is_a_page_for_everybody(house: House) {
    let lobby = lobby(house).await;
    let end = json!({ "vestibule_expires_at": START.seconds() + 60 });
    lobby.node.update_client("plans", end.as_object().unwrap().clone()).await.unwrap();
    let mut browser = lobby.browser();
    let under_way = browser.open(&ask("plans", &[])).await;
    assert_eq!(under_way.step(), "signin");
    lobby.house.clock.advance(Duration::from_secs(60));
    let page = browser.open(&ask("plans", &[])).await;
    assert_eq!((page.status.as_u16(), page.error(), page.left), (403, Some("access_denied"), false));
    assert!(page.says("This app has closed"), "{}", page.text);
    // Nor does a sign-in that was under way lead there.
    let page = browser.sign_in(&under_way, ADA).await;
    assert!(!page.left && page.error().is_some(), "at {}: {}", page.url, page.text);
}
