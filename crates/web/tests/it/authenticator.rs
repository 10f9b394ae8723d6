//! An authenticator of ours, as a browser stands before it.

use jose::{JwsAlgorithm, SigningKey, base64url};
use serde_json::{Value, json};
use testkit::{Browser, Page};

use crate::lobby::Lobby;

/// An authenticator with one passkey.
#[derive(Clone)]
pub(crate) struct Authenticator {
    pub(crate) key: SigningKey,
    pub(crate) id: Vec<u8>,
    pub(crate) user: Vec<u8>,
    pub(crate) counter: u32,
    pub(crate) origin: String,
    pub(crate) rp: String,
}

impl Authenticator {
    /// Makes a passkey as the page asks.
    pub(crate) fn make(page: &Page) -> (Self, String) {
        let options = options(page, "create");
        let user = base64url::decode(options["user"]["id"].as_str().unwrap()).unwrap();
        let key = SigningKey::generate(jose::provider::aws_lc(), JwsAlgorithm::Ed25519).unwrap();
        let origin = page.url.origin().ascii_serialization();
        let rp = options["rp"]["id"].as_str().unwrap().to_owned();
        let id = jose::sha256(origin.as_bytes()).iter().chain(key.sign(b"id").unwrap().iter()).copied().collect();
        let made = Self { key, id, user, counter: 1, origin, rp };
        let answer = made.registration(&options);
        (made, answer)
    }

    fn registration(&self, options: &Value) -> String {
        let public = self.key.public_jwk().unwrap();
        let x = base64url::decode(public["x"].as_str().unwrap()).unwrap();
        let mut data = self.data(0x45);
        data.extend([0; 16]);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20]);
        data.extend(x);
        let len = u8::try_from(data.len()).unwrap();
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58";
        let object = [&head[..], &[len], &data].concat();
        self.answer(json!({
            "clientDataJSON": self.client_data("webauthn.create", options),
            "attestationObject": base64url::encode(object),
            "transports": ["internal"],
        }))
    }

    /// Answers what the sign-in page asks.
    pub(crate) fn sign(&self, page: &Page) -> String {
        self.answer_to(&options(page, "get"))
    }

    /// Answers the page that asks this person's passkey beside what was proven.
    pub(crate) fn confirm(&self, page: &Page) -> String {
        let options = options(page, "confirm");
        let id = base64url::encode(&self.id);
        assert!(options["allowCredentials"].as_array().unwrap().iter().any(|known| known["id"] == id), "{options}");
        self.answer_to(&options)
    }

    fn answer_to(&self, options: &Value) -> String {
        let client_data = self.client_data("webauthn.get", options);
        let data = self.data(0x05);
        let hash = jose::sha256(&base64url::decode(&client_data).unwrap());
        let signature = self.key.sign(&[&data[..], &hash].concat()).unwrap();
        self.answer(json!({
            "clientDataJSON": client_data,
            "authenticatorData": base64url::encode(data),
            "signature": base64url::encode(signature),
            "userHandle": base64url::encode(&self.user),
        }))
    }

    fn answer(&self, response: Value) -> String {
        let id = base64url::encode(&self.id);
        json!({"id": id, "rawId": id, "type": "public-key", "response": response}).to_string()
    }

    fn client_data(&self, ceremony: &str, options: &Value) -> String {
        let text = json!({"type": ceremony, "challenge": options["challenge"], "origin": self.origin});
        base64url::encode(text.to_string())
    }

    fn data(&self, flags: u8) -> Vec<u8> {
        [&jose::sha256(self.rp.as_bytes())[..], &[flags], &self.counter.to_be_bytes()].concat()
    }
}

/// What the page asks the browser.
fn options(page: &Page, what: &str) -> Value {
    let (_, rest) = page.text.split_once(&format!("data-passkey=\"{what}\" data-options=\"")).expect("it asks");
    let text = rest.split_once('"').unwrap().0.replace("&#34;", "\"").replace("&quot;", "\"").replace("&amp;", "&");
    serde_json::from_str(&text).expect("JSON")
}

/// Ada's browser, in which she has made a passkey.
pub(crate) async fn with_passkey(lobby: &Lobby) -> (Browser, Authenticator) {
    let mut browser = lobby.adas_browser().await;
    let page = browser.open("/account/passkeys").await;
    assert!(page.says("You have no passkey yet."), "{}", page.text);
    let (made, answer) = Authenticator::make(&page);
    let page = browser.press(&page, "passkey", "passkey", &[("credential", &answer), ("name", " My phone ")]).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/account/passkeys"), "{}", page.text);
    assert!(page.says("My phone"), "{}", page.text);
    (browser, made)
}
