//! From an app into a web client that is signed in already (docs/book/handoff.md).

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use testkit::{Browser, Context, House, ISSUER};
use testkit_macros::both_databases;
use vestibule_native::{App, Error};

use crate::device::Device;

async fn notes(house: &House) -> (Arc<Context>, Device, App) {
    let node = house.node().await;
    let app = json!({
        "client_id": "notes", "client_name": "Notes", "vestibule_type": "native", "redirect_uris": ["http://127.0.0.1/callback"],
        "scope": "openid profile", "vestibule_trusted": true, "vestibule_handoff_uri": "https://notes.example/handoff",
    });
    House::add_client(&node, app).await;
    let inbox = json!({
        "client_id": "inbox", "client_name": "Inbox", "vestibule_type": "web", "redirect_uris": ["https://inbox.example/cb"],
        "initiate_login_uri": "https://inbox.example/login", "vestibule_handoff_from": ["notes"], "vestibule_trusted": true,
    });
    House::add_client(&node, inbox).await;
    let device = Device::of(house, &node).await;
    let notes = device.app("notes", "openid");
    (node, device, notes)
}

/// The app shows a number and opens an address, in which no token of the app's stands.
#[both_databases]
async fn an_app_opens_a_web_client_signed_in(house: House) {
    let (node, _device, notes) = notes(&house).await;
    assert!(matches!(notes.hand_off("inbox", None).await, Err(Error::SignedOut)));
    notes.sign_in().await.unwrap();
    let hand_off = notes.hand_off("inbox", Some("https://inbox.example/mail?id=7")).await.unwrap();
    assert!(hand_off.url.starts_with(&format!("{ISSUER}/handoff?token=vst_ln_")), "{}", hand_off.url);
    let number = hand_off.number.clone().unwrap();
    assert_eq!((number.len(), hand_off.expires_in), (2, 60));
    assert!(!format!("{hand_off:?}").contains("vst_ln_"), "its address opens a session");
    let mut browser = Browser::new(House::router(&node));
    let page = browser.open(&hand_off.url).await;
    let page = browser.press(&page, "handoff", "continue", &[("number", &number)]).await;
    assert!(page.left, "{}", page.text);
    assert_eq!(page.param("target_link_uri").as_deref(), Some("https://inbox.example/mail?id=7"));
    // Not every app opens every client, and not every page is one of that client.
    for (client, target) in [("notes", None), ("inbox", Some("https://evil.example/"))] {
        assert!(matches!(notes.hand_off(client, target).await, Err(Error::Refused(_))), "{client} {target:?}");
    }
}

/// The page asks the app at the link that it claims, and the device's key answers: nobody types. What the app did not ask for
/// it leaves alone.
#[both_databases]
async fn the_devices_key_answers_for_its_own_hand_off(house: House) {
    let (node, _device, notes) = notes(&house).await;
    notes.sign_in().await.unwrap();
    assert!(matches!(notes.hand_off_by_key("inbox", None).await, Err(Error::Key(_))), "it is not registered");
    notes.register_device("Ada’s phone").await.unwrap();
    let hand_off = notes.hand_off_by_key("inbox", None).await.unwrap();
    assert_eq!(hand_off.number, None);
    let mut browser = Browser::new(House::router(&node));
    let page = browser.open(&hand_off.url).await;
    let question = browser.press(&page, "handoff", "ask", &[]).await.url;
    assert_eq!(question.host_str(), Some("notes.example"), "{question}");
    let before = notes.hand_off("inbox", None).await.unwrap();
    for foreign in [
        question.as_str().replace("iss=https%3A%2F%2Fid.example", "iss=https%3A%2F%2Fevil.example"),
        question.as_str().replace("handoff=", "handoff=0"),
        format!("{question}&challenge=another"),
        before.url,
    ] {
        assert!(matches!(notes.answer_hand_off(&foreign).await, Err(Error::Answer(_))), "{foreign}");
    }
    let back = notes.answer_hand_off(question.as_str()).await.unwrap();
    assert!(matches!(notes.answer_hand_off(question.as_str()).await, Err(Error::Answer(_))), "once");
    let page = browser.open(&back).await;
    let page = browser.press(&page, "handoff", "continue", &[]).await;
    assert!(page.left && page.url.as_str().starts_with("https://inbox.example/login"), "{}", page.text);
    // A minute later nobody answers any more.
    let late = notes.hand_off_by_key("inbox", None).await.unwrap();
    let page = browser.open(&late.url).await;
    let question = browser.press(&page, "handoff", "ask", &[]).await.url;
    house.clock.advance(Duration::from_secs(61));
    assert!(matches!(notes.answer_hand_off(question.as_str()).await, Err(Error::Answer(_))));
}
