//! What a phone's system says of the device's key goes with its registration (docs/book/app-to-app.md).

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jose::SigningKey;
use serde_json::{Value, json};
use testkit::{Context, House, ISSUER, KeyAttestation};
use testkit_macros::both_databases;
use vestibule_native::{
    AndroidAttester, App, AppleAttester, Decision, DeviceKey, Error, KeyStore, Platform, Settings, SignIn,
};

use crate::device::{ADA, Device};
use crate::maker::{self, Attesting, Described, Maker};

/// Where a phone keeps keys, with a maker that vouches for it.
struct Hardware {
    maker: Maker,
    keys: Mutex<HashMap<String, SigningKey>>,
    /// How often it was asked for its word.
    asked: Mutex<usize>,
    /// Whether it has one.
    attests: bool,
}

impl Hardware {
    fn of(maker: Maker) -> Arc<Self> {
        Arc::new(Self { maker, keys: Mutex::default(), asked: Mutex::default(), attests: true })
    }

    fn asked(&self) -> usize {
        *self.asked.lock().unwrap()
    }
}

impl KeyStore for Hardware {
    fn open(&self, name: &str) -> Result<Arc<dyn DeviceKey>, Error> {
        Ok(Arc::new(self.keys.lock().unwrap().entry(name.to_owned()).or_insert_with(maker::key).clone()))
    }

    fn forget(&self, name: &str) -> Result<(), Error> {
        self.keys.lock().unwrap().remove(name);
        Ok(())
    }
}

impl AndroidAttester for Hardware {
    fn make_key(&self, name: &str, challenge: &[u8]) -> Result<Option<Vec<Vec<u8>>>, Error> {
        *self.asked.lock().unwrap() += 1;
        if !self.attests {
            return Ok(None);
        }
        let key = maker::key();
        let chain = self.maker.android(&key, &Described::good(challenge, "com.bank.app", &[7; 32]));
        self.keys.lock().unwrap().insert(name.to_owned(), key);
        Ok(Some(chain))
    }
}

impl AppleAttester for Hardware {
    fn attest(&self, client_data_hash: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        *self.asked.lock().unwrap() += 1;
        Ok(Some(self.maker.apple(&Attesting::good(client_data_hash, "ABCDE12345.com.bank.app"))))
    }
}

/// A bank and a fintech, at a provider that believes this maker.
async fn phone(house: &mut House, maker: &Maker, required: bool) -> (Arc<Context>, Device) {
    let roots = || vec![maker.root()];
    house.settings.device_key_attestation = KeyAttestation::Asked {
        required,
        android: roots(),
        android_revoked: Vec::new(),
        apple: roots(),
        apple_development: false,
    };
    let node = house.node().await;
    let fingerprint = [7; 32].map(|byte| format!("{byte:02X}")).join(":");
    for (id, more) in [
        (
            "bank",
            json!({
                "vestibule_app2app_host": true, "vestibule_trusted": true, "redirect_uris": ["http://127.0.0.1/callback"],
                "vestibule_apple_apps": ["ABCDE12345.com.bank.app"],
                "vestibule_android_apps": [{ "package_name": "com.bank.app", "sha256_cert_fingerprints": [fingerprint] }],
            }),
        ),
        ("fintech", json!({ "redirect_uris": ["https://fintech.example/cb"] })),
    ] {
        let mut metadata =
            json!({ "client_id": id, "client_name": id, "vestibule_type": "native", "scope": "openid profile" });
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        House::add_client(&node, metadata).await;
    }
    let device = Device::of(house, &node).await;
    (node, device)
}

fn bank(platform: Platform) -> App {
    App::new(Settings::new(ISSUER, "bank"), platform)
}

/// What the provider keeps of Ada's keys.
async fn kept(node: &Context) -> Vec<Value> {
    let ada = node.find_user(ADA).await.unwrap().unwrap().id;
    let exported = node.export_user(ada).await.unwrap().unwrap();
    exported["device_keys"].as_array().unwrap().clone()
}

fn code(refused: Result<(), Error>) -> String {
    match refused {
        Err(Error::Refused(refusal)) => refusal.code,
        other => panic!("{other:?}"),
    }
}

/// On Android the key is made with the challenge; what it answers says that its person unlocked it (RFC 8176 §2).
#[both_databases]
async fn androids_word_goes_with_a_new_key(mut house: House) {
    let hardware = Hardware::of(Maker::new());
    let (node, device) = phone(&mut house, &hardware.maker, true).await;
    let bare = bank(device.platform().device_keys(hardware.clone()));
    bare.sign_in().await.unwrap();
    assert_eq!(code(bare.register_device("Ada’s phone").await), "invalid_request", "one is required");
    let app = bank(device.platform().device_keys(hardware.clone()).android_attester(hardware.clone()));
    app.sign_in().await.unwrap();
    app.register_device("Ada’s phone").await.unwrap();
    let keys = kept(&node).await;
    assert_eq!(keys.len(), 1);
    assert_eq!(
        (&keys[0]["attestation"], &keys[0]["protection"]),
        (&json!("android-key"), &json!("trusted-environment"))
    );
    assert_eq!(hardware.asked(), 1);

    // Where the sign-in is stale no key is made: the one that is there answers on.
    house.clock.advance(Duration::from_secs(301));
    assert_eq!(code(app.register_device("Ada’s phone").await), "insufficient_user_authentication");
    assert_eq!(hardware.asked(), 1);
    let fintech = device.app("fintech", "openid");
    let back = "https://fintech.example/cb";
    let link = fintech.begin(&SignIn::default().through("bank"), back).await.unwrap();
    let asked = app.asked(&link, "en").await.unwrap();
    fintech.finish(&app.answer(&asked, &Decision::Allow).await.unwrap()).await.unwrap();
    let token = fintech.credentials("GET", "https://api.example/").await.unwrap().authorization;
    let claims = jose::jwt::inspect(token.strip_prefix("DPoP ").unwrap(), &jose::Limits::DEFAULT).unwrap().claims;
    assert_eq!(claims["amr"], json!(["pwd", "hwk", "user"]));
}

/// A system that does not attest says so, and the registration goes without.
#[both_databases]
async fn a_phone_without_a_word_registers_without(mut house: House) {
    let plain = Hardware { attests: false, ..Arc::into_inner(Hardware::of(Maker::new())).unwrap() };
    let plain = Arc::new(plain);
    let (node, device) = phone(&mut house, &plain.maker, false).await;
    let app = bank(device.platform().device_keys(plain.clone()).android_attester(plain.clone()));
    app.sign_in().await.unwrap();
    app.register_device("Ada’s phone").await.unwrap();
    assert_eq!((kept(&node).await[0]["attestation"].clone(), plain.asked()), (Value::Null, 1));
    // Of another maker's phones nothing is believed, and nothing kept.
    let foreign = Hardware::of(Maker::new());
    let app = bank(device.platform().device_keys(foreign.clone()).android_attester(foreign.clone()));
    app.sign_in().await.unwrap();
    assert_eq!(code(app.register_device("A phone").await), "invalid_grant");
    assert_eq!(kept(&node).await.len(), 1);
}

/// Apple's word is about the app and this key: one that is registered without it gains it.
#[both_databases]
async fn apples_word_is_gained_by_the_same_key(mut house: House) {
    let hardware = Hardware::of(Maker::new());
    let (node, device) = phone(&mut house, &hardware.maker, false).await;
    let bare = bank(device.platform().device_keys(hardware.clone()));
    bare.sign_in().await.unwrap();
    bare.register_device("Ada’s phone").await.unwrap();
    assert_eq!(kept(&node).await[0]["attestation"], Value::Null);
    let app = bank(device.platform().device_keys(hardware.clone()).apple_attester(hardware.clone()));
    app.sign_in().await.unwrap();
    app.register_device("Ada’s phone").await.unwrap();
    let keys = kept(&node).await;
    assert_eq!((keys.len(), &keys[0]["attestation"]), (1, &json!("apple-appattest")), "{keys:?}");
    bare.register_device("Ada’s phone").await.unwrap();
    assert_eq!(kept(&node).await[0]["attestation"], "apple-appattest", "and keeps it");
}
