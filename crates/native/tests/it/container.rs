//! Notes and Mail of one developer, against the provider itself (OpenID Connect Native SSO 1.0), with all that an app group asks
//! for where nobody said otherwise: rotation and device proofs.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use testkit::{Context, House};
use testkit_macros::both_databases;
use vestibule_native::stores::{Memory, SharedStore as _};
use vestibule_native::{App, Ending, Error};

use crate::device::Device;

async fn suite(house: &House) -> (Arc<Context>, Device) {
    let node = house.node().await;
    for (id, group) in [("notes", "acme"), ("mail", "acme"), ("game", "other")] {
        let metadata = json!({
            "client_id": id, "client_name": id, "vestibule_type": "native", "redirect_uris": ["http://127.0.0.1/callback"],
            "scope": "openid profile offline_access", "vestibule_trusted": true, "vestibule_app_group": group,
        });
        House::add_client(&node, metadata).await;
    }
    let device = Device::of(house, &node).await;
    (node, device)
}

async fn is_good(app: &App) -> bool {
    match app.credentials("GET", "https://api.example/").await {
        Ok(_) => true,
        Err(Error::SignedOut) => false,
        Err(error) => panic!("{error}"),
    }
}

#[both_databases]
async fn one_sign_in_opens_the_developers_apps_and_signing_out_ends_them(house: House) {
    let (_node, device) = suite(&house).await;
    let [notes, mail, game] = ["notes", "mail", "game"].map(|id| device.app(id, "openid profile device_sso"));
    assert!(!mail.join().await.unwrap(), "nobody is signed in");
    notes.sign_in().await.unwrap();
    assert!(mail.join().await.unwrap());
    assert_eq!(device.browser.opened.lock().unwrap().len(), 1, "no browser for the second");
    assert_eq!(mail.subject().await.unwrap(), notes.subject().await.unwrap());
    // From what the second left, the first again: secrets rotate, and the container has the newest.
    assert!(notes.join().await.unwrap() && mail.join().await.unwrap());
    assert!(!game.join().await.unwrap(), "another developer's");
    house.clock.advance(Duration::from_secs(600));
    assert!(is_good(&notes).await && is_good(&mail).await);
    // One app alone, then all.
    mail.sign_out(Ending::ThisApp).await.unwrap();
    house.clock.advance(Duration::from_secs(600));
    assert!(is_good(&notes).await && !is_good(&mail).await);
    assert!(mail.join().await.unwrap());
    mail.sign_out(Ending::EveryApp).await.unwrap();
    house.clock.advance(Duration::from_secs(600));
    assert!(!is_good(&notes).await && !is_good(&mail).await);
    assert!(!notes.join().await.unwrap());
}

/// What lies in the container opens nothing without its key.
#[both_databases]
async fn a_stolen_secret_opens_nothing(house: House) {
    let (_node, device) = suite(&house).await;
    device.app("notes", "openid device_sso").sign_in().await.unwrap();
    let mut thief = device.clone();
    thief.shared = Arc::new(Memory::default());
    let name = format!("container/{}", testkit::ISSUER);
    let stolen = device.shared.get(&name).unwrap().unwrap();
    thief.shared.put(&name, &stolen).unwrap();
    assert!(!thief.app("mail", "openid").join().await.unwrap());
    assert!(device.app("mail", "openid").join().await.unwrap(), "and changes nothing for its owner");
}
