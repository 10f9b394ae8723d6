//! Notes and Mail of one developer, against the provider itself (OpenID Connect Native SSO 1.0), with all that an app group asks
//! for where nobody said otherwise: rotation and device proofs.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::json;
use testkit::{Context, House, ISSUER};
use testkit_macros::both_databases;
use vestibule_native::stores::{Memory, SharedStore as _};
use vestibule_native::{App, Browser as _, Ending, Error, Joined};

use crate::device::Device;

async fn suite(house: &House) -> (Arc<Context>, Device) {
    let node = house.node().await;
    for (id, group) in [("notes", "acme"), ("mail", "acme"), ("game", "other")] {
        let metadata = json!({
            "client_id": id, "client_name": id, "vestibule_type": "native", "scope": "openid profile offline_access",
            "redirect_uris": ["http://127.0.0.1/callback", format!("https://{id}.example/cb")],
            "vestibule_trusted": true, "vestibule_app_group": group,
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
    assert_eq!(mail.join().await.unwrap(), Joined::Nobody, "nobody is signed in");
    notes.sign_in().await.unwrap();
    assert_eq!(mail.join().await.unwrap(), Joined::SignedIn);
    assert_eq!(device.browser.opened.lock().unwrap().len(), 1, "no browser for the second");
    assert_eq!(mail.subject().await.unwrap(), notes.subject().await.unwrap());
    // From what the second left, the first again: secrets rotate, and the container has the newest.
    for app in [&notes, &mail] {
        assert_eq!(app.join().await.unwrap(), Joined::SignedIn);
    }
    assert_eq!(game.join().await.unwrap(), Joined::Nobody, "another developer's");
    house.clock.advance(Duration::from_secs(600));
    assert!(is_good(&notes).await && is_good(&mail).await);
    // One app alone, then all.
    mail.sign_out(Ending::ThisApp).await.unwrap();
    house.clock.advance(Duration::from_secs(600));
    assert!(is_good(&notes).await && !is_good(&mail).await);
    assert_eq!(mail.join().await.unwrap(), Joined::SignedIn);
    mail.sign_out(Ending::EveryApp).await.unwrap();
    house.clock.advance(Duration::from_secs(600));
    assert!(!is_good(&notes).await && !is_good(&mail).await);
    assert_eq!(notes.join().await.unwrap(), Joined::Nobody);
}

/// What lies in the container opens nothing without its key.
#[both_databases]
async fn a_stolen_secret_opens_nothing(house: House) {
    let (_node, device) = suite(&house).await;
    device.app("notes", "openid device_sso").sign_in().await.unwrap();
    let mut thief = device.clone();
    thief.shared = Arc::new(Memory::default());
    let name = format!("container/{ISSUER}");
    let stolen = device.shared.get(&name).unwrap().unwrap();
    thief.shared.put(&name, &stolen).unwrap();
    assert_eq!(thief.app("mail", "openid").join().await.unwrap(), Joined::Nobody);
    let owners = device.app("mail", "openid").join().await.unwrap();
    assert_eq!(owners, Joined::SignedIn, "and changes nothing for its owner");
}

/// Core §3.1.2.6: where the person must be asked, the app opens the address that the provider says, and finishes what it began.
#[both_databases]
async fn where_the_person_must_be_asked_it_goes_on_in_the_browser(house: House) {
    let (node, device) = suite(&house).await;
    device.app("notes", "openid device_sso").sign_in().await.unwrap();
    let mail = device.app("mail", "openid profile");
    device.browser.waits.store(true, Ordering::SeqCst);
    for (scope, pushes) in [("openid profile", false), ("openid profile offline_access", true)] {
        let change = json!({ "vestibule_trusted": false, "require_pushed_authorization_requests": pushes });
        node.update_client("mail", change.as_object().unwrap().clone()).await.unwrap();
        let mail = device.app("mail", scope);
        assert_eq!(mail.join().await.unwrap(), Joined::MustAsk(None));
        let Joined::MustAsk(Some(address)) = mail.join_or_begin("https://mail.example/cb").await.unwrap() else {
            panic!("somebody must be asked");
        };
        assert!(address.starts_with(&format!("{ISSUER}/oauth2/authorize?client_id=mail&")), "{address}");
        assert_eq!(address.contains("request_uri="), pushes, "{address}");
        assert_eq!(address.contains("code_challenge="), !pushes, "{address}");
        assert!(!mail.is_signed_in().await.unwrap());
        device.browser.open(&address).unwrap();
        mail.finish(device.browser.back().await.as_str()).await.unwrap();
        assert!(is_good(&mail).await);
    }
    assert_eq!(mail.join().await.unwrap(), Joined::SignedIn, "and from then on without a browser");
}

/// RFC 8707: who joins has tokens for the app's API, as who signs in.
#[both_databases]
async fn who_joins_has_tokens_for_the_apps_api(house: House) {
    let (_node, device) = suite(&house).await;
    let api = "https://api.example/mail";
    device.app("notes", "openid device_sso").sign_in().await.unwrap();
    let mail = device.app_with("mail", "openid", |settings| settings.resource(api));
    assert_eq!(mail.join().await.unwrap(), Joined::SignedIn);
    let token = mail.credentials("GET", api).await.unwrap().authorization;
    let claims = jose::jwt::inspect(token.strip_prefix("DPoP ").unwrap(), &jose::Limits::DEFAULT).unwrap().claims;
    assert!(claims["aud"].as_array().unwrap().contains(&api.into()), "{claims:?}");
}
