//! A provider with two apps and two people, as most tests of the pages want it.

use std::sync::Arc;

use idp::Context;
use idp::mail::Letter;
use idp::people::Change;
use serde_json::{Value, json};
use testkit::{Browser, House, Page};

/// The provider with its apps.
pub(crate) struct Lobby {
    /// The house; it holds database and clock.
    pub(crate) house: House,
    /// The node that answers.
    pub(crate) node: Arc<Context>,
}

impl Lobby {
    /// Over a house whose settings stand.
    pub(crate) async fn open(house: House) -> Self {
        let node = house.node().await;
        for metadata in [
            app("photos", "Photos", json!({ "vestibule_trusted": true })),
            app("drive", "Drive", json!({ "vestibule_trusted": true })),
            app("postcards", "Postcards", json!({ "client_uri": "https://postcards.example/" })),
        ] {
            House::add_client(&node, metadata).await;
        }
        for (email, name) in [(ADA, "Ada Lovelace"), (GRACE, "Grace Hopper")] {
            House::add_person(&node, email, name).await;
        }
        Self { house, node }
    }

    /// Somebody's browser that was never here.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(House::router(&self.node))
    }

    /// A browser in which Ada is signed in, by way of Photos.
    pub(crate) async fn adas_browser(&self) -> Browser {
        let mut browser = self.browser();
        let page = browser.open(&ask("photos", &[])).await;
        assert_code(&browser.sign_in(&page, ADA).await);
        browser
    }

    /// What the trail has about somebody, the newest first.
    pub(crate) async fn trail(&self, name: &str) -> Vec<String> {
        let person = self.node.find_user(name).await.unwrap().unwrap();
        self.node.audit_of(person.id, 20).await.unwrap().into_iter().map(|entry| entry.kind).collect()
    }

    /// The mails that wait, sent.
    pub(crate) async fn mails(&self) -> Vec<Letter> {
        self.node.send_due_mails().await.unwrap();
        self.house.mails.take()
    }

    /// A browser in which somebody is signed in whose address is proven.
    pub(crate) async fn verified(&self, email: &str) -> Browser {
        let id = self.node.find_user(email).await.unwrap().unwrap().id;
        let proven = Change { email_verified: Some(true), ..Change::default() };
        self.node.update_user(id, proven).await.unwrap();
        let mut browser = self.browser();
        let page = browser.open("/signin").await;
        browser.sign_in(&page, email).await;
        browser
    }

    /// A browser in which both are signed in, Ada first.
    pub(crate) async fn shared_browser(&self) -> Browser {
        let mut browser = self.adas_browser().await;
        let page = browser.open(&ask("photos", &[("prompt", "login")])).await;
        assert_code(&browser.sign_in(&page, GRACE).await);
        browser
    }
}

/// A registration that may do what apps do here.
pub(crate) fn app(id: &str, name: &str, more: Value) -> Value {
    let mut metadata = json!({
        "client_id": id,
        "client_name": name,
        "vestibule_type": "spa",
        "redirect_uris": [format!("https://{id}.example/cb")],
        "scope": "openid profile email phone offline_access",
    });
    metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    metadata
}

/// The address of an app's request; `changes` replace and add parameters, and an empty one takes away.
pub(crate) fn ask(app: &str, changes: &[(&str, &str)]) -> String {
    let form = request(app, changes);
    let pairs = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    format!("/oauth2/authorize?{pairs}")
}

/// The same as fields of a form.
pub(crate) fn request(app: &str, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    let redirect = format!("https://{app}.example/cb");
    let usual = [
        ("client_id", app),
        ("redirect_uri", redirect.as_str()),
        ("response_type", "code"),
        ("scope", "openid profile"),
        ("state", "s t&1"),
        ("nonce", "n"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let kept = usual.into_iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let all = kept.chain(changes.iter().copied()).filter(|(_, value)| !value.is_empty());
    all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// Opens an app's request as somebody who is signed in, and goes on where the app joins the session for the first time.
pub(crate) async fn go(browser: &mut Browser, address: &str) -> Page {
    let page = browser.open(address).await;
    match page.left || page.step() != "continue" {
        true => page,
        false => browser.press(&page, "continue", "continue", &[]).await,
    }
}

/// The browser has left with a code.
pub(crate) fn assert_code(page: &Page) -> String {
    let code = page.param("code").filter(|_| page.left);
    code.unwrap_or_else(|| panic!("no code at {}, {:?}:\n{}", page.url, page.error(), page.text))
}

/// The browser has left with this error.
pub(crate) fn assert_refused(page: &Page, error: &str) {
    assert!(page.left, "still at {}:\n{}", page.url, page.text);
    assert_eq!(page.param("error").as_deref(), Some(error), "{}", page.url);
    assert_eq!(page.param("code"), None);
}

pub(crate) const ADA: &str = "ada@example.com";
pub(crate) const GRACE: &str = "grace@example.com";
