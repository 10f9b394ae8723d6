//! The consent page (Core §3.1.2.4, §11).

use testkit::{Browser, House};
use testkit_macros::both_databases;

use crate::lobby::{ADA, Lobby, ask, assert_code, assert_refused};

/// What was allowed is remembered, what was left out is not asked again, and a new scope is.
#[both_databases]
async fn consent_is_asked_once_for_each_scope(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("postcards", &[("scope", "openid profile email")])).await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "consent", "{}", page.text);
    assert!(page.says("Postcards") && page.says("postcards.example") && page.says("data-scope=\"openid\""));
    let boxes: Vec<_> = page.form("consent").boxes.into_iter().map(|(_, value)| value).collect();
    assert_eq!(boxes, ["profile", "email"], "openid cannot be left out; who one is comes first");
    assert_code(&browser.press(&page, "consent", "allow", &[("scope", "email")]).await);

    assert_code(&browser.open(&ask("postcards", &[("scope", "openid profile email")])).await);
    let page = browser.open(&ask("postcards", &[("scope", "openid phone")])).await;
    assert_eq!(page.step(), "consent");
    assert_code(&allow_all(&mut browser, &page).await);
    // `prompt=consent` asks again; what was left out stands there unticked.
    let page = browser.open(&ask("postcards", &[("scope", "openid profile email"), ("prompt", "consent")])).await;
    assert_eq!(page.step(), "consent");
    assert!(page.says("value=\"email\" checked") && !page.says("value=\"profile\" checked"), "{}", page.text);
}

/// Core §3.1.2.6 `access_denied`; nothing is remembered.
#[both_databases]
async fn who_denies_is_asked_again(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    for _ in 0..2 {
        let page = browser.open(&ask("postcards", &[])).await;
        assert_eq!(page.step(), "consent");
        let page = browser.press(&page, "consent", "deny", &[]).await;
        assert_refused(&page, "access_denied");
        assert_eq!(page.param("state").as_deref(), Some("s t&1"));
    }
}

/// Core §11: access while the person is away stands on a page once; then it may be left out.
#[both_databases]
async fn offline_access_stands_on_the_page(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("postcards", &[])).await;
    assert_code(&allow_all(&mut browser, &page).await);
    let page = browser.open(&ask("postcards", &[("scope", "openid profile offline_access")])).await;
    let last = page.form("consent").boxes.pop().map(|(_, value)| value);
    assert_eq!(last.as_deref(), Some("offline_access"), "the others say to what");
    assert_code(&allow_all(&mut browser, &page).await);
}

/// A client of ours is trusted, and its first sign-in is known all the same: the «Continue» page does not come back.
/// Were it trusted no more, people would be asked.
#[both_databases]
async fn a_trusted_app_is_not_asked_for_until_it_is_trusted_no_more(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    assert_code(&browser.open(&ask("photos", &[("scope", "openid profile offline_access")])).await);
    let changes = serde_json::json!({ "vestibule_trusted": false }).as_object().unwrap().clone();
    lobby.node.update_client("photos", changes).await.unwrap();
    for scope in ["openid profile", "openid profile offline_access"] {
        let page = browser.open(&ask("photos", &[("scope", scope)])).await;
        assert_eq!(page.step(), "consent", "{scope}");
    }
}

async fn allow_all(browser: &mut Browser, page: &testkit::Page) -> testkit::Page {
    let boxes = page.form("consent").boxes;
    let ticked: Vec<(&str, &str)> = boxes.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.press(page, "consent", "allow", &ticked).await
}

/// What was allowed stands in the trail with the code, and from where; so does a «no»; what is remembered does not.
#[both_databases]
async fn what_was_allowed_is_in_the_trail(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    browser.address = Some("192.0.2.77".parse().unwrap());
    let said = async |kind: &str| {
        let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
        let mut trail = lobby.node.audit_of(ada.id, 20).await.unwrap();
        trail.retain(|entry| entry.kind == kind);
        trail
    };
    let given = async || said("consent.given").await;
    let page = browser.open(&ask("postcards", &[("scope", "openid profile email")])).await;
    assert_eq!(
        browser.clone().press(&page, "consent", "deny", &[]).await.param("error").as_deref(),
        Some("access_denied")
    );
    assert!(given().await.is_empty());
    let denied = said("consent.denied").await;
    let [entry] = denied.as_slice() else { panic!("{denied:?}") };
    assert_eq!((entry.client.as_deref(), entry.address.as_deref()), (Some("postcards"), Some("192.0.2.77")));
    assert_eq!((entry.session.is_some(), &entry.detail["asked"]), (true, &"email openid profile".into()));
    let page = browser.open(&ask("postcards", &[("scope", "openid profile email")])).await;
    assert_code(&browser.press(&page, "consent", "allow", &[("scope", "email")]).await);
    let trail = given().await;
    let [entry] = trail.as_slice() else { panic!("{trail:?}") };
    assert_eq!((entry.client.as_deref(), entry.address.as_deref()), (Some("postcards"), Some("192.0.2.77")));
    assert!(entry.session.is_some());
    assert_eq!(
        (&entry.detail["scopes"], &entry.detail["asked"]),
        (&"email openid".into(), &"email openid profile".into())
    );
    assert_code(&browser.open(&ask("postcards", &[("scope", "openid email")])).await);
    assert_eq!(given().await.len(), 1, "what is remembered was not asked again");
}
