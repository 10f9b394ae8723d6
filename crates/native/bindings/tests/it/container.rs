//! Android's way of sharing a container: no two apps can share a key of the Keystore, so that one app owns store and key. The
//! others have a callback to it and nothing else; it signs their device proofs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use vestibule_jose::jwt::inspect;
use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, base64url, provider::aws_lc};
use vestibule_native_bindings::{
    App, DeviceKey, Joined, KeyStore, Network, Platform, PlatformError, SecretStore, Settings, VestibuleError,
};

use crate::provider::{ISSUER, Provider};

const CONTAINER: &str = "container/https://id.example";

/// The app that owns the container, and what it was asked for.
struct Owner {
    key: SigningKey,
    secrets: Mutex<HashMap<String, String>>,
    asked: Mutex<Vec<&'static str>>,
    refuses: AtomicBool,
}

/// The way to it: all that a sibling has.
struct Callback(Arc<Owner>);

impl Owner {
    /// With what its own sign-in left.
    fn signed_in() -> Arc<Self> {
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
        let held = json!({ "id_token": "an ID token", "device_secret": "ds-1" }).to_string();
        let (secrets, asked) = (Mutex::new(HashMap::from([(CONTAINER.to_owned(), held)])), Mutex::default());
        Arc::new(Self { key, secrets, asked, refuses: AtomicBool::new(false) })
    }

    fn asked(&self) -> Vec<&'static str> {
        std::mem::take(&mut self.asked.lock().unwrap())
    }

    fn device_secret(&self) -> Value {
        serde_json::from_str::<Value>(&self.secrets.lock().unwrap()[CONTAINER]).unwrap()["device_secret"].clone()
    }

    /// An app of the same developer's on the same phone.
    fn sibling(self: &Arc<Self>, provider: &Arc<Provider>, resource: Option<&str>) -> Arc<App> {
        let callback = Arc::new(Callback(Arc::clone(self)));
        self.sibling_with(provider, resource, callback)
    }

    fn sibling_with(
        self: &Arc<Self>,
        provider: &Arc<Provider>,
        resource: Option<&str>,
        container_keys: Arc<dyn KeyStore>,
    ) -> Arc<App> {
        let platform = Platform {
            own: Arc::new(Own::default()),
            shared: Some(Arc::new(Callback(Arc::clone(self)))),
            keys: None,
            container_keys: Some(container_keys),
            device_keys: None,
            android_attester: None,
            apple_attester: None,
            browser: None,
            network: Some(Arc::clone(provider) as Arc<dyn Network>),
        };
        let settings = Settings {
            issuer: ISSUER.to_owned(),
            client_id: "mail".to_owned(),
            scope: "openid".to_owned(),
            resource: resource.map(str::to_owned),
            patience_seconds: 300,
        };
        App::new(settings, platform)
    }
}

impl Callback {
    fn ask(&self, what: &'static str) -> Result<&Owner, PlatformError> {
        if self.0.refuses.load(Ordering::SeqCst) {
            return Err(PlatformError::Failed { reason: "the owning app refuses".to_owned() });
        }
        self.0.asked.lock().unwrap().push(what);
        Ok(&self.0)
    }
}

impl SecretStore for Callback {
    fn get(&self, name: String) -> Result<Option<String>, PlatformError> {
        Ok(self.ask("get")?.secrets.lock().unwrap().get(&name).cloned())
    }

    fn put(&self, name: String, secret: String) -> Result<(), PlatformError> {
        self.ask("put")?.secrets.lock().unwrap().insert(name, secret);
        Ok(())
    }

    fn remove(&self, name: String) -> Result<(), PlatformError> {
        self.ask("remove")?.secrets.lock().unwrap().remove(&name);
        Ok(())
    }
}

impl KeyStore for Callback {
    fn open(&self, name: String) -> Result<Arc<dyn DeviceKey>, PlatformError> {
        assert_eq!(name, "container");
        Ok(Arc::new(Self(Arc::clone(&self.0))))
    }

    fn forget(&self, _: String) -> Result<(), PlatformError> {
        self.ask("forget").map(drop)
    }
}

impl DeviceKey for Callback {
    fn public_key(&self) -> Result<Vec<u8>, PlatformError> {
        let public = self.ask("public")?.key.public_jwk().unwrap();
        let half = |name: &str| base64url::decode(public[name].as_str().unwrap()).unwrap();
        Ok([vec![4], half("x"), half("y")].concat())
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, PlatformError> {
        Ok(in_der(&self.ask("sign")?.key.sign(&message).unwrap()))
    }
}

/// What belongs to one app.
#[derive(Default)]
struct Own(Mutex<HashMap<String, String>>);

impl SecretStore for Own {
    fn get(&self, name: String) -> Result<Option<String>, PlatformError> {
        Ok(self.0.lock().unwrap().get(&name).cloned())
    }

    fn put(&self, name: String, secret: String) -> Result<(), PlatformError> {
        self.0.lock().unwrap().insert(name, secret);
        Ok(())
    }

    fn remove(&self, name: String) -> Result<(), PlatformError> {
        self.0.lock().unwrap().remove(&name);
        Ok(())
    }
}

/// `r ‖ s` as the Keystore writes it (RFC 3279 §2.2.3).
fn in_der(raw: &[u8]) -> Vec<u8> {
    let number = |half: &[u8]| {
        let start = half.iter().position(|byte| *byte != 0).unwrap();
        let sign: &[u8] = if half[start] >= 0x80 { &[0] } else { &[] };
        let digits = [sign, &half[start..]].concat();
        [vec![2, u8::try_from(digits.len()).unwrap()], digits].concat()
    };
    let body = [number(&raw[..32]), number(&raw[32..])].concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

/// Native SSO §4.2, with Vestibule's device proof: for this app, this secret, and this app's own key.
#[tokio::test]
async fn the_owning_app_signs_for_an_app_that_has_only_a_callback() {
    let (provider, owner) = (Provider::open(), Owner::signed_in());
    let mail = owner.sibling(&provider, Some("https://api.example/mail"));
    provider.answers(200, json!({ "device_secret": "ds-2" }));
    assert_eq!(mail.join().await, Ok(Joined::SignedIn));
    assert_eq!(owner.asked(), ["get", "public", "sign", "get", "put"]);
    assert_eq!(owner.device_secret(), "ds-2", "what was rotated lies with the owner");
    let form = provider.forms().pop().unwrap();
    assert_eq!((&*form["actor_token"], &*form["resource"]), ("ds-1", "https://api.example/mail"));
    let (signed, signature) = form["device_proof"].rsplit_once('.').unwrap();
    let signature = base64url::decode(signature).unwrap();
    assert!(owner.key.verifying_key().verify(JwsAlgorithm::ES256, signed.as_bytes(), &signature));
    let proof = inspect(&form["device_proof"], &Limits::DEFAULT).unwrap();
    let owners = owner.key.public_jwk().unwrap();
    assert_eq!((&proof.header.members()["jwk"]["x"], proof.header.typ()), (&owners["x"], Some("device-proof+jwt")));
    assert_eq!((&proof.claims["iss"], &proof.claims["aud"]), (&"mail".into(), &ISSUER.into()));
    assert_eq!(proof.claims["hash"], base64url::encode(vestibule_jose::sha256(b"ds-1")));
    let own = inspect(&form["DPoP"], &Limits::DEFAULT).unwrap();
    assert_ne!(own.header.members()["jwk"]["x"], owners["x"], "its own requests are proven by its own key");
    let credentials = mail.credentials("GET".to_owned(), "https://api.example/".to_owned(), None).await.unwrap();
    assert!(credentials.authorization == "DPoP at" && credentials.dpop.is_some());
    assert!(owner.asked().is_empty(), "and need nobody else");
}

/// What the app is to do next, in each case.
#[tokio::test]
async fn joining_says_what_came_of_it() {
    let (provider, owner) = (Provider::open(), Owner::signed_in());
    let back = || "https://mail.example/cb".to_owned();
    provider.answers(400, json!({ "error": "invalid_grant" }));
    assert_eq!(owner.sibling(&provider, None).join().await, Ok(Joined::Nobody));
    let pushed = format!("{ISSUER}/authorize?client_id=mail&request_uri=urn%3Ax");
    provider.answers(400, json!({ "error": "interaction_required", "authorization_uri": pushed }));
    let mail = owner.sibling(&provider, None);
    assert_eq!(mail.join().await, Ok(Joined::MustAsk { address: None }));
    assert_eq!(mail.join_or_begin(back()).await, Ok(Joined::MustAsk { address: Some(pushed) }));
    let foreign = mail.finish(format!("{}?code=c&state=guessed", back())).await;
    assert!(matches!(foreign, Err(VestibuleError::Answer { .. })), "{foreign:?}");
    assert_eq!(owner.device_secret(), "ds-1", "none of this ends the container");
    owner.secrets.lock().unwrap().clear();
    provider.forms();
    assert_eq!(mail.join_or_begin(back()).await, Ok(Joined::Nobody), "nobody is signed in");
    assert!(provider.forms().is_empty());
}

/// A proof is not left out, nor made up, where the owner does not sign.
#[tokio::test]
async fn an_owning_app_that_does_not_answer_is_told_of() {
    let (provider, owner) = (Provider::open(), Owner::signed_in());
    let mail = owner.sibling(&provider, None);
    owner.refuses.store(true, Ordering::SeqCst);
    let Err(VestibuleError::Platform { reason }) = mail.join().await else { panic!("the owner refused") };
    assert!(reason.contains("the owning app refuses"), "{reason}");
    owner.refuses.store(false, Ordering::SeqCst);

    /// It opens a key that is none, or that signs what is no signature.
    struct Broken(Vec<u8>);
    impl KeyStore for Broken {
        fn open(&self, _: String) -> Result<Arc<dyn DeviceKey>, PlatformError> {
            Ok(Arc::new(Self(self.0.clone())))
        }
        fn forget(&self, _: String) -> Result<(), PlatformError> {
            Ok(())
        }
    }
    impl DeviceKey for Broken {
        fn public_key(&self) -> Result<Vec<u8>, PlatformError> {
            Ok(self.0.clone())
        }
        fn sign(&self, _: Vec<u8>) -> Result<Vec<u8>, PlatformError> {
            Ok(self.0.clone())
        }
    }
    let public = Callback(Arc::clone(&owner)).public_key().unwrap();
    for answer in [vec![], public] {
        let broken = owner.sibling_with(&provider, None, Arc::new(Broken(answer))).join().await;
        assert!(matches!(broken, Err(VestibuleError::Platform { .. })), "{broken:?}");
    }
    assert!(provider.forms().is_empty(), "the secret went nowhere");
    assert_eq!(mail.join().await, Ok(Joined::SignedIn), "and it is good still");
}
