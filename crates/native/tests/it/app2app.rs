//! A fintech's app asks, and a bank's app on the same phone answers (docs/book/app-to-app.md).

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Caller, Context, House, ISSUER};
use testkit_macros::both_databases;
use vestibule_native::{App, Asked, Decision, Error, SignIn};

use crate::device::{ADA, Device};

const BACK: &str = "https://fintech.example/cb";

/// Ada's phone with both apps; she is signed in to the bank's, which has registered its key.
struct Phone {
    device: Device,
    bank: App,
    fintech: App,
    node: Arc<Context>,
}

impl Phone {
    async fn of(house: &House) -> Self {
        let node = house.node().await;
        let client = |id: &str, redirect: &str, more: Value| {
            let mut metadata = json!({
                "client_id": id, "client_name": id, "vestibule_type": "native", "redirect_uris": [redirect],
                "scope": "openid profile email",
            });
            metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            metadata
        };
        let host = json!({ "vestibule_app2app_host": true, "vestibule_trusted": true });
        House::add_client(&node, client("bank", "http://127.0.0.1/callback", host)).await;
        House::add_client(&node, client("fintech", BACK, json!({}))).await;
        let device = Device::of(house, &node).await;
        let [bank, fintech] =
            [("bank", "openid"), ("fintech", "openid profile")].map(|(id, scope)| device.app(id, scope));
        bank.sign_in().await.unwrap();
        bank.register_device("Ada’s phone").await.unwrap();
        Self { device, bank, fintech, node }
    }

    /// What the fintech asks, as the bank is told of it.
    async fn asked(&self, sign_in: SignIn) -> Asked {
        let link = self.fintech.begin(&sign_in.through("bank"), BACK).await.unwrap();
        self.bank.asked(&link, "de en").await.unwrap()
    }
}

fn code(error: &Error) -> &str {
    match error {
        Error::Refused(refusal) => &refusal.code,
        other => panic!("{other}"),
    }
}

/// One link from app to app and one back, and no browser.
#[both_databases]
async fn one_app_asks_and_another_answers(house: House) {
    let phone = Phone::of(&house).await;
    let link = phone.fintech.begin(&SignIn::default().through("bank"), BACK).await.unwrap();
    assert!(link.starts_with(&format!("{ISSUER}/a2a/bank?client_id=fintech&request_uri=urn")), "{link}");
    let asked = phone.bank.asked(&link, "de en").await.unwrap();
    assert_eq!((asked.client.name.as_str(), asked.locale.as_str()), ("fintech", "de"));
    let named: Vec<&str> = asked.scopes.iter().map(|scope| scope.name.as_str()).collect();
    assert_eq!(named, ["openid", "profile"]);
    assert!(asked.scopes.iter().all(|scope| !scope.words.is_empty()));
    let back = phone.bank.answer(&asked, &Decision::Allow).await.unwrap();
    // Any page can open the fintech's link; what nobody awaits changes nothing.
    let foreign = [
        format!("{BACK}?code=stolen&state=guessed"),
        back.replace("/cb", "/other"),
        "https://fintech.example/cb".to_owned(),
        "nothing".to_owned(),
    ];
    for foreign in &foreign {
        assert!(matches!(phone.fintech.finish(foreign).await, Err(Error::Answer(_))), "{foreign}");
    }
    assert!(!phone.fintech.is_signed_in().await.unwrap());
    phone.fintech.finish(&back).await.unwrap();
    assert_eq!(phone.fintech.subject().await.unwrap(), phone.bank.subject().await.unwrap());
    let credentials = phone.fintech.credentials("GET", "https://api.example/").await.unwrap();
    assert!(credentials.authorization.starts_with("DPoP ") && credentials.dpop.is_some(), "bound to the fintech's key");
    assert!(matches!(phone.fintech.finish(&back).await, Err(Error::Answer(_))), "once");
    assert_eq!(phone.device.browser.opened.lock().unwrap().len(), 1, "the bank's own sign-in");
    let again = phone.bank.answer(&asked, &Decision::Allow).await.unwrap_err();
    assert_eq!(code(&again), "invalid_request_uri");
}

/// Less than was asked, or nothing.
#[both_databases]
async fn the_person_decides(house: House) {
    let phone = Phone::of(&house).await;
    let asked = phone.asked(SignIn::default()).await;
    let back = phone.bank.answer(&asked, &Decision::Deny).await.unwrap();
    assert_eq!(code(&phone.fintech.finish(&back).await.unwrap_err()), "access_denied");
    let asked = phone.asked(SignIn::default()).await;
    let back = phone.bank.answer(&asked, &Decision::AllowOnly(vec!["openid".to_owned()])).await.unwrap();
    phone.fintech.finish(&back).await.unwrap();
    let token = phone.fintech.credentials("GET", "https://api.example/").await.unwrap().authorization;
    let payload = jose::base64url::decode(token.split('.').nth(1).unwrap()).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&payload).unwrap()["scope"], "openid");
}

/// While the network is away the way back is not lost.
#[both_databases]
async fn what_could_not_be_finished_is_tried_again(house: House) {
    let phone = Phone::of(&house).await;
    let asked = phone.asked(SignIn::default()).await;
    let back = phone.bank.answer(&asked, &Decision::Allow).await.unwrap();
    let router = phone.device.network.router.lock().unwrap().take();
    assert!(matches!(phone.fintech.finish(&back).await, Err(Error::Unreachable(_))));
    *phone.device.network.router.lock().unwrap() = router;
    phone.fintech.finish(&back).await.unwrap();
}

/// Whoever opens the bank's app with a link of their own has nothing asked of the provider.
#[both_databases]
async fn only_links_of_ones_own_are_read(house: House) {
    let phone = Phone::of(&house).await;
    let link = phone.fintech.begin(&SignIn::default().through("bank"), BACK).await.unwrap();
    let before = phone.device.network.gets.load(Ordering::SeqCst);
    for foreign in [
        link.replace("id.example", "evil.example"),
        link.replace("https:", "http:"),
        link.replace("/a2a/bank", "/a2a/other"),
        link.replace("vst_pr_", "..%2F..%2F"),
        link.replace("vst_pr_", "x%3Fy"),
        format!("{link}&client_id=other"),
        "nothing".to_owned(),
    ] {
        assert!(matches!(phone.bank.asked(&foreign, "en").await, Err(Error::Answer(_))), "{foreign}");
    }
    assert_eq!(phone.device.network.gets.load(Ordering::SeqCst), before);
    phone.bank.asked(&link, "en").await.unwrap();
}

/// A key counts where it was registered, and is registered by who has just signed in (RFC 9470 §3).
#[both_databases]
async fn a_device_answers_with_its_registered_key(house: House) {
    let phone = Phone::of(&house).await;
    let asked = phone.asked(SignIn::default()).await;
    phone.bank.forget_device().await.unwrap();
    assert_eq!(code(&phone.bank.answer(&asked, &Decision::Allow).await.unwrap_err()), "invalid_grant");
    house.clock.advance(Duration::from_secs(301));
    let stale = phone.bank.register_device("Ada’s phone").await.unwrap_err();
    assert_eq!(code(&stale), "insufficient_user_authentication");
    phone.bank.sign_in_with(&SignIn::default().max_age(Duration::ZERO)).await.unwrap();
    phone.bank.register_device("Ada’s phone").await.unwrap();
    let asked = phone.asked(SignIn::default()).await;
    let back = phone.bank.answer(&asked, &Decision::Allow).await.unwrap();
    phone.fintech.finish(&back).await.unwrap();
}

/// A key that the app forgets is taken away at the provider, too; without the network, here alone, and the app is told.
#[both_databases]
async fn a_key_that_is_forgotten_counts_nowhere(house: House) {
    let phone = Phone::of(&house).await;
    let ada = phone.node.find_user(ADA).await.unwrap().unwrap().id;
    let there = async || phone.node.kept_keys(ada).await.unwrap().len();
    assert_eq!(there().await, 1);
    phone.bank.forget_device().await.unwrap();
    assert_eq!(there().await, 0);
    phone.bank.forget_device().await.unwrap();
    phone.bank.register_device("Ada’s phone").await.unwrap();
    let away = phone.device.network.router.lock().unwrap().take();
    assert!(matches!(phone.bank.forget_device().await, Err(Error::Unreachable(_))));
    *phone.device.network.router.lock().unwrap() = away;
    assert_eq!(there().await, 1, "her account is where it is taken away");
    // Whoever took it away there has not to do it again here.
    phone.bank.register_device("Ada’s phone").await.unwrap();
    for key in phone.node.kept_keys(ada).await.unwrap() {
        assert!(phone.node.forget_device_key(ada, key.id, &Caller::operator()).await.unwrap());
    }
    phone.bank.forget_device().await.unwrap();
}

/// What a page is due for goes on in the browser, by the same link and back to the same app.
#[both_databases]
async fn what_needs_a_page_goes_on_in_the_browser(house: House) {
    use vestibule_native::Browser as _;
    let phone = Phone::of(&house).await;
    house.clock.advance(Duration::from_secs(60));
    let asked = phone.asked(SignIn::default().max_age(Duration::from_secs(10))).await;
    assert_eq!(code(&phone.bank.answer(&asked, &Decision::Allow).await.unwrap_err()), "interaction_required");
    phone.device.browser.waits.store(true, Ordering::SeqCst);
    phone.device.browser.open(&asked.link).unwrap();
    let back = phone.device.browser.back().await;
    phone.fintech.finish(back.as_str()).await.unwrap();
    assert!(phone.fintech.is_signed_in().await.unwrap());
}

/// A system may hand over the same link twice: the code counts once, and using it again would end what came of it (RFC 6749 §4.1.2).
#[both_databases]
async fn a_link_that_comes_twice_is_finished_once(house: House) {
    let phone = Phone::of(&house).await;
    let asked = phone.asked(SignIn::default()).await;
    let back = phone.bank.answer(&asked, &Decision::Allow).await.unwrap();
    let (one, other) = tokio::join!(phone.fintech.finish(&back), phone.fintech.finish(&back));
    assert!(one.is_ok() != other.is_ok(), "{one:?} {other:?}");
    house.clock.advance(Duration::from_secs(600));
    phone.fintech.credentials("GET", "https://api.example/").await.unwrap();
}
