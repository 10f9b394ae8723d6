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

    /// The same by an authenticator that says it is this model, and shows this certificate (Web Authentication Level 3 §8.2).
    pub(crate) fn make_attested(page: &Page, model: [u8; 16], certificate: &str) -> String {
        let (made, _) = Self::make(page);
        let options = options(page, "create");
        assert_eq!(options["attestation"], "direct");
        let client_data = made.client_data("webauthn.create", &options);
        let data = made.attested(model);
        let pem = include_str!("../../../webauthn/tests/it/pki/authenticator.pem");
        let provider = jose::provider::aws_lc();
        let key = SigningKey::from_pem(provider, pem, Some(JwsAlgorithm::ES256), &jose::Limits::DEFAULT).unwrap();
        let hash = jose::sha256(&base64url::decode(&client_data).unwrap());
        let signature = in_der(&key.sign(&[&data[..], &hash].concat()).unwrap());
        let certificate = jose::x509::Certificate::from_pem(certificate, &jose::Limits::DEFAULT).unwrap().remove(0);
        let parts = [
            b"\xa3\x63fmt\x66packed\x67attStmt\xa3\x63alg\x26\x63sig".to_vec(),
            bytes(&signature),
            b"\x63x5c\x81".to_vec(),
            bytes(certificate.der()),
            b"\x68authData".to_vec(),
            bytes(&data),
        ];
        made.answer(json!({
            "clientDataJSON": client_data,
            "attestationObject": base64url::encode(parts.concat()),
            "transports": ["usb"],
        }))
    }

    /// The data of a new passkey (§6.1).
    fn attested(&self, model: [u8; 16]) -> Vec<u8> {
        let public = self.key.public_jwk().unwrap();
        let x = base64url::decode(public["x"].as_str().unwrap()).unwrap();
        let mut data = self.data(0x45);
        data.extend(model);
        data.extend(u16::try_from(self.id.len()).unwrap().to_be_bytes());
        data.extend(&self.id);
        data.extend([0xa4, 0x01, 0x01, 0x03, 0x27, 0x20, 0x06, 0x21, 0x58, 0x20]);
        data.extend(x);
        data
    }

    fn registration(&self, options: &Value) -> String {
        let head = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData";
        let object = [&head[..], &bytes(&self.attested([0; 16]))].concat();
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

/// A byte string in CBOR.
fn bytes(bytes: &[u8]) -> Vec<u8> {
    let [high, low] = u16::try_from(bytes.len()).unwrap().to_be_bytes();
    let head: &[u8] = if high == 0 { &[0x58, low] } else { &[0x59, high, low] };
    [head, bytes].concat()
}

/// `r ‖ s` as `SEQUENCE { r INTEGER, s INTEGER }`.
fn in_der(raw: &[u8]) -> Vec<u8> {
    let number = |digits: &[u8]| {
        let digits = &digits[digits.iter().position(|byte| *byte != 0).unwrap()..];
        let sign: &[u8] = if digits[0] >= 0x80 { &[0] } else { &[] };
        [&[0x02, u8::try_from(sign.len() + digits.len()).unwrap()], sign, digits].concat()
    };
    let (r, s) = raw.split_at(raw.len() / 2);
    let body = [number(r), number(s)].concat();
    [&[0x30, u8::try_from(body.len()).unwrap()], &body[..]].concat()
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
