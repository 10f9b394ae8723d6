//! `/account/sessions` and `/account/apps`: where somebody is signed in, what they have allowed, and ending it.

use std::time::Duration;

use jose::jwt::{Rules, verify};
use serde_json::{Map, Value, json};
use testkit::{Browser, House, ISSUER, Listener, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code, go};

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const IPHONE: &str =
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1";

/// A browser in which Ada signs in, by way of an app.
async fn device(lobby: &Lobby, agent: &'static str, address: &str, app: &str) -> Browser {
    let mut browser = lobby.browser();
    browser.headers.insert("user-agent", agent.parse().unwrap());
    browser.address = Some(address.parse().unwrap());
    let page = browser.open(&ask(app, &[])).await;
    assert_code(&browser.sign_in(&page, ADA).await);
    browser
}

async fn press(browser: &mut Browser, page: &Page, step: &str, action: &str) -> Page {
    let done = browser.press(page, step, action, &[]).await;
    assert_eq!((done.status.as_u16(), done.url.path()), (200, page.url.path()), "{}", done.text);
    done
}

/// Each session with its device, its place and its apps; the address itself is nowhere.
#[both_databases]
async fn every_session_is_shown_with_device_place_and_apps(house: House) {
    let lobby = Lobby::open(house).await;
    let mut here = device(&lobby, FIREFOX, "192.0.2.77", "photos").await;
    lobby.house.clock.advance(Duration::from_secs(60));
    device(&lobby, IPHONE, "2001:db8:1:2:3:4:5:6", "drive").await;
    assert_code(&go(&mut here, &ask("drive", &[])).await);
    let page = here.open("/account/sessions").await;
    for words in ["Firefox on Linux", "192.0.2.x", "Safari on iPhone", "2001:db8:1:x", "this device"] {
        assert!(page.says(words), "{words}: {}", page.text);
    }
    assert!(!page.says("192.0.2.77") && !page.says("2001:db8:1:2"));
    assert_eq!((page.text.matches("Photos").count(), page.text.matches("Drive").count()), (1, 2), "{}", page.text);
    assert_eq!(page.text.matches("data-step=\"session-end\"").count(), 1, "not for the one in use");
    // Somebody else sees theirs.
    let mut graces = lobby.browser();
    let asked = graces.open("/account/sessions").await;
    assert_eq!((asked.url.path(), asked.step()), ("/signin", "signin"));
    graces.sign_in(&asked, GRACE).await;
    let page = graces.open("/account/sessions").await;
    assert!(page.says("Unknown device") && !page.says("Firefox") && !page.says("session-end"), "{}", page.text);
}

/// One is ended, all others are; nobody ends another's; the apps are told.
#[both_databases]
async fn sessions_are_ended_one_by_one_or_all_others(house: House) {
    let lobby = Lobby::open(house).await;
    let mut hears = Listener::answering(&[200]).await;
    let to = format!("http://localhost:{}/", hears.port);
    Api::register(&lobby, "bank", json!({ "backchannel_logout_uri": to })).await;
    let mut here = device(&lobby, FIREFOX, "192.0.2.77", "photos").await;
    lobby.house.clock.advance(Duration::from_secs(60));
    let mut phone = device(&lobby, IPHONE, "192.0.2.78", "bank").await;
    let mut graces = [lobby.browser(), lobby.browser()];
    for browser in &mut graces {
        let page = browser.open("/account").await;
        browser.sign_in(&page, GRACE).await;
    }
    let [mut graces, _] = graces;

    let page = here.open("/account/sessions").await;
    let foreign = here.press(&page, "session-end", "end", &[("csrf", "x")]).await;
    assert_eq!((foreign.status.as_u16(), foreign.error()), (403, Some("invalid_request")));
    // Grace posts the id of Ada's phone: it is none of hers.
    let id = page.form("session-end").hidden.iter().find(|(name, _)| name == "id").unwrap().1.clone();
    let graces_page = graces.open("/account/sessions").await;
    graces.press(&graces_page, "session-end", "end", &[("id", &id)]).await;
    assert!(phone.open("/account").await.says("Ada Lovelace"));

    let page = press(&mut here, &page, "session-end", "end").await;
    assert!(!page.says("session-end\""), "{}", page.text);
    assert_eq!(phone.open("/account").await.step(), "signin");
    lobby.node.tell_due_now().await;
    assert_eq!(hears.next().await.0, "/");

    let mut others =
        [device(&lobby, IPHONE, "192.0.2.78", "bank").await, device(&lobby, IPHONE, "192.0.2.79", "drive").await];
    let page = here.open("/account/sessions").await;
    let page = press(&mut here, &page, "sessions-end", "end-others").await;
    assert!(page.says("Firefox") && !page.says("session-end\"") && !page.says("end-others"));
    for other in &mut others {
        assert_eq!(other.open("/account").await.step(), "signin");
    }
    lobby.node.tell_due_now().await;
    hears.next().await;
    assert!(graces.open("/account").await.says("Grace Hopper"));
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let trail = lobby.node.audit_of(ada.id, 50).await.unwrap();
    let ended: Vec<_> = trail.iter().filter(|entry| entry.kind == "session.ended").collect();
    assert_eq!(ended.len(), 3);
    assert!(ended.iter().all(|entry| entry.address.as_deref() == Some("192.0.2.77")), "{ended:?}");
}

/// A device by which somebody is known is forgotten at their wish; signing in there again is new.
#[both_databases]
async fn devices_are_listed_and_forgotten(house: House) {
    let lobby = Lobby::open(house).await;
    let mut here = device(&lobby, FIREFOX, "192.0.2.77", "photos").await;
    let phone = device(&lobby, IPHONE, "192.0.2.78", "photos").await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let cookie = Some(phone.cookies["__Host-vestibule-device"].as_str());
    assert!(lobby.node.known_device(ada, cookie).await.unwrap().is_some());
    let page = here.open("/account/sessions").await;
    assert_eq!(page.text.matches("data-step=\"device-forget\"").count(), 2, "{}", page.text);
    let id = lobby.node.known_device(ada, cookie).await.unwrap().unwrap().id.to_string();
    let page = here.press(&page, "device-forget", "forget", &[("id", &id)]).await;
    assert_eq!(page.text.matches("data-step=\"device-forget\"").count(), 1, "{}", page.text);
    assert!(lobby.node.known_device(ada, cookie).await.unwrap().is_none());
}

/// Core §11: what an app may do while its person is away outlives the session, and ends here.
#[both_databases]
async fn what_stays_connected_is_listed_and_ended(house: House) {
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({ "client_name": "The Bank" })).await;
    let tokens = bank.redeem(&bank.code(&lobby, "openid offline_access").await).await;
    let session_bound = bank.redeem(&bank.code(&lobby, "openid").await).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/sessions").await;
    assert!(page.says("Apps that stay connected") && page.says("The Bank"), "{}", page.text);
    assert_eq!(page.text.matches("data-step=\"grant-end\"").count(), 1);
    let page = press(&mut browser, &page, "grant-end", "end-grant").await;
    assert!(!page.says("Apps that stay connected"));
    assert_eq!(bank.refresh(&tokens.text("refresh_token")).await.error(), "invalid_grant");
    assert_eq!(bank.refresh(&session_bound.text("refresh_token")).await.status, 200);
}

/// Withdrawn: the app's tokens end, it is told, and asks again the next time; other apps are not touched.
#[both_databases]
async fn consent_is_listed_and_withdrawn(house: House) {
    let lobby = Lobby::open(house).await;
    let mut hears = Listener::answering(&[200]).await;
    let to = format!("http://localhost:{}/", hears.port);
    let more = json!({ "vestibule_trusted": false, "backchannel_logout_uri": to, "client_name": "The Bank" });
    let bank = Api::register(&lobby, "bank", more).await;
    let club = Api::register(&lobby, "club", json!({ "client_name": "The Club" })).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("bank", &[("scope", "openid email offline_access")])).await;
    let page = browser.sign_in(&page, ADA).await;
    let both = [("scope", "email"), ("scope", "offline_access")];
    let code = assert_code(&browser.press(&page, "consent", "allow", &both).await);
    let tokens = bank.redeem(&code).await;
    let others = club.redeem(&assert_code(&go(&mut browser, &ask("club", &[("scope", "openid")])).await)).await;

    let page = browser.open("/account/apps").await;
    assert!(
        page.says("The Bank") && page.says("see your e-mail address") && page.says("version \u{2068}1\u{2069}"),
        "{}",
        page.text
    );
    assert!(page.says("The Club") && page.says("sign you in"));
    let forged = browser.press(&page, "app-withdraw", "withdraw", &[("csrf", "x")]).await;
    assert_eq!(forged.status.as_u16(), 403);
    let page = press(&mut browser, &page, "app-withdraw", "withdraw").await;
    assert!(!page.says("The Bank") && page.says("The Club"));
    assert_eq!(bank.refresh(&tokens.text("refresh_token")).await.error(), "invalid_grant");
    assert!(!bank.is_active(&tokens.text("access_token")).await);
    assert!(club.is_active(&others.text("access_token")).await);
    lobby.node.tell_due_now().await;
    assert!(hears.next().await.1.starts_with("logout_token="));
    let page = browser.open(&ask("bank", &[("scope", "openid email")])).await;
    assert_eq!(page.step(), "consent");
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    let trail = lobby.node.audit_of(ada.id, 50).await.unwrap();
    assert!(trail.iter().any(|entry| entry.kind == "consent.withdrawn" && entry.client.as_deref() == Some("bank")));
    // The session ends later: the app has no part in it any more, until it is let in again.
    lobby.node.revoke_sessions_of(ada.id).await.unwrap();
    lobby.node.tell_due_now().await;
    assert!(!hears.has_more());
}

/// An app with other terms asks anew, whatever was allowed under the old ones; the answers are counted.
#[both_databases]
async fn other_terms_are_asked_again(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let changes = |changes: Value| changes.as_object().unwrap().clone();
    for (version, terms) in [
        (1, json!({})),
        (2, json!({ "tos_uri": "https://postcards.example/terms" })),
        (3, json!({ "policy_uri": "https://postcards.example/privacy" })),
        (4, json!({ "vestibule_terms_version": "2026-11" })),
    ] {
        lobby.node.update_client("postcards", changes(terms.clone())).await.unwrap();
        let silent = browser.open(&ask("postcards", &[("prompt", "none")])).await;
        assert_eq!(silent.param("error").as_deref(), Some("consent_required"), "{terms}");
        let page = browser.open(&ask("postcards", &[])).await;
        assert_eq!(page.step(), "consent", "{terms}");
        let said = page.says("Its terms have changed since you last allowed it:");
        assert_eq!((said, page.says("<time datetime=\"2026-11-02T")), (version > 1, version > 1), "{}", page.text);
        assert_code(&browser.press(&page, "consent", "allow", &[("scope", "profile")]).await);
        assert_code(&browser.open(&ask("postcards", &[("prompt", "none")])).await);
        // What decides nothing may change.
        lobby.node.update_client("postcards", changes(json!({ "contacts": [format!("v{version}")] }))).await.unwrap();
        assert_code(&browser.open(&ask("postcards", &[("prompt", "none")])).await);
        let page = browser.open("/account/apps").await;
        assert!(page.says(&format!("version \u{2068}{version}\u{2069}")), "{}", page.text);
    }
}

/// ISO/IEC TS 27560: what was allowed, signed, for its person alone; it is no token.
#[both_databases]
async fn a_receipt_is_signed_and_is_no_token(house: House) {
    let lobby = Lobby::open(house).await;
    let mut browser = lobby.adas_browser().await;
    let page = browser.open(&ask("postcards", &[("scope", "openid profile email")])).await;
    assert_code(&browser.press(&page, "consent", "allow", &[("scope", "email")]).await);
    let receipt = browser.open("/account/apps/receipt?client=postcards").await;
    assert_eq!(receipt.headers["content-type"], "application/jwt");
    assert!(receipt.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
    let keys = lobby.node.published_keys().json.clone();
    let keys = jose::JwkSet::parse(jose::provider::aws_lc(), &keys, &jose::Limits::DEFAULT).unwrap();
    let algs = [jose::JwsAlgorithm::ES256];
    let rules = Rules::new(lobby.house.clock_now().seconds(), &algs).issuer(ISSUER).typ("consent-receipt+jwt");
    let claims = verify::<Map<String, Value>>(&receipt.text, keys.keys(), &rules).unwrap().into_claims();
    let claims = Value::Object(claims);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    for (pointer, value) in [
        ("/record_metadata/pii_principal_id", json!(ada.id)),
        ("/party_identification/0/party_id", json!("postcards")),
        ("/pii_processing/purposes/0/purpose", json!("email")),
        ("/pii_processing/declined/0", json!("profile")),
    ] {
        assert_eq!(claims.pointer(pointer), Some(&value), "{pointer}: {claims}");
    }
    // RFC 8725 §3.11: a hint by which it would sign somebody out it is not, nor an access token.
    let page = browser.open(&format!("/oauth2/logout?id_token_hint={}", receipt.text)).await;
    assert_eq!(page.step(), "signout", "the person is asked");
    let bank = Api::register(&lobby, "bank", json!({})).await;
    assert_eq!(bank.get("/oauth2/userinfo", &receipt.text).await.status, 401);
    // Of what was not allowed there is no receipt, and nobody has another's.
    assert_eq!(browser.open("/account/apps/receipt?client=drive").await.url.path(), "/account/apps");
    assert_eq!(lobby.browser().open("/account/apps/receipt?client=postcards").await.step(), "signin");
}
