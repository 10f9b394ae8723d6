//! The shared container, against a provider that does what OpenID Connect Native SSO 1.0 says and no more.

mod mishaps;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jose::jwt::{HeaderExtras, inspect, sign};
use jose::{JwkSet, JwsAlgorithm, Limits, SigningKey, VerifyingKey, provider::aws_lc};
use serde_json::{Value, json};
use verify::fetch::{Answer, Fetch, FetchError, Fetching, Request};
use vestibule_native::stores::{Memory, SharedStore, StoreError};
use vestibule_native::{App, Ending, Error, Joined, Platform, Settings};

const ISSUER: &str = "https://id.example";
const CONTAINER: &str = "container/https://id.example";

struct Provider {
    key: SigningKey,
    metadata: Mutex<Value>,
    /// What the token endpoint answers: a status, and members beside the usual.
    answer: Mutex<(u16, Value)>,
    forms: Mutex<Vec<(String, HashMap<String, String>)>>,
    /// What happens while the token endpoint answers.
    meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// How many of its answers are lost.
    lost: AtomicUsize,
    /// Whether its keys cannot be had.
    keyless: AtomicBool,
    /// How many milliseconds its token endpoint takes.
    takes: AtomicU64,
}

impl Provider {
    fn open() -> Arc<Self> {
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
        let metadata = json!({
            "issuer": ISSUER, "authorization_endpoint": format!("{ISSUER}/authorize"), "token_endpoint": format!("{ISSUER}/token"),
            "jwks_uri": format!("{ISSUER}/jwks"), "revocation_endpoint": format!("{ISSUER}/revoke"), "native_sso_supported": true,
            "dpop_signing_alg_values_supported": ["ES256"],
        });
        let (answer, forms) = (Mutex::new((200, json!({}))), Mutex::default());
        let (meanwhile, lost) = (Mutex::default(), AtomicUsize::new(0));
        let (metadata, keyless, takes) = (Mutex::new(metadata), AtomicBool::new(false), AtomicU64::new(0));
        Arc::new(Self { key, metadata, answer, forms, meanwhile, lost, keyless, takes })
    }

    fn id_token(&self, audience: &str) -> String {
        let claims = json!({ "iss": ISSUER, "sub": "ada", "aud": audience, "iat": now(), "exp": now() + 300, "ds_hash": "x", "sid": "s" });
        sign(&self.key, &HeaderExtras::typ("JWT"), &claims).unwrap()
    }

    fn answers(&self, status: u16, members: Value) {
        *self.answer.lock().unwrap() = (status, members);
    }

    /// The forms that came since, with the path of each.
    fn forms(&self) -> Vec<(String, HashMap<String, String>)> {
        std::mem::take(&mut self.forms.lock().unwrap())
    }
}

impl Fetch for Provider {
    fn fetch(&self, request: Request) -> Fetching {
        let path = request.url().strip_prefix(ISSUER).unwrap().to_owned();
        if let Some(form) = request.form() {
            let mut fields: HashMap<_, _> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
            let proof = request.headers().find(|(name, _)| *name == "dpop").map(|(_, value)| value.to_owned());
            fields.extend(proof.map(|proof| ("DPoP".to_owned(), proof)));
            self.forms.lock().unwrap().push((path.clone(), fields));
        }
        let (status, body) = match path.as_str() {
            "/.well-known/openid-configuration" => (200, self.metadata.lock().unwrap().clone()),
            "/jwks" if self.keyless.load(Ordering::SeqCst) => (503, json!({})),
            "/jwks" => (200, JwkSet::from_keys([self.key.verifying_key()]).render()),
            "/token" => {
                if let Some(act) = self.meanwhile.lock().unwrap().take() {
                    act();
                }
                let less = |left: usize| left.checked_sub(1);
                if self.lost.fetch_update(Ordering::SeqCst, Ordering::SeqCst, less).is_ok() {
                    return Box::pin(async { Err(FetchError::Http("the connection broke".to_owned())) });
                }
                let (status, more) = self.answer.lock().unwrap().clone();
                let mut body = match status {
                    200 => {
                        json!({ "access_token": "at", "token_type": "DPoP", "expires_in": 300, "refresh_token": "rt", "issued_token_type": "urn:ietf:params:oauth:token-type:access_token" })
                    }
                    _ => json!({}),
                };
                body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
                (status, body)
            }
            _ => (200, json!({})),
        };
        let answer = Answer { status, headers: http::HeaderMap::new(), body: body.to_string().into_bytes() };
        let takes = Duration::from_millis(if path == "/token" { self.takes.load(Ordering::SeqCst) } else { 0 });
        Box::pin(async move {
            tokio::time::sleep(takes).await;
            Ok(answer)
        })
    }
}

fn now() -> i64 {
    verify::clock::Clock::now_ms(&verify::clock::System) / 1000
}

fn mail(provider: &Arc<Provider>, shared: &Arc<Memory>) -> App {
    let platform = Platform::new(Arc::new(Memory::default())).shared(shared.clone()).fetch(provider.clone());
    App::new(Settings::new(ISSUER, "mail").scope("openid mail"), platform)
}

fn left_by_notes(provider: &Provider) -> Arc<Memory> {
    let shared = Arc::new(Memory::default());
    let held = json!({ "id_token": provider.id_token("notes"), "device_secret": "ds-1" });
    shared.put(CONTAINER, &held.to_string()).unwrap();
    shared
}

/// §4.2: the ID token is the subject, the device secret the actor, the issuer the audience.
#[tokio::test]
async fn the_second_app_is_simply_signed_in() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    let app = mail(&provider, &shared);
    provider.answers(200, json!({ "device_secret": "ds-2", "id_token": provider.id_token("mail") }));
    assert_eq!(app.join().await.unwrap(), Joined::SignedIn);
    assert_eq!(app.subject().await.unwrap().as_deref(), Some("ada"));
    let (path, form) = provider.forms().pop().unwrap();
    assert_eq!(path, "/token");
    for (name, value) in [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
        ("client_id", "mail"),
        ("audience", ISSUER),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:id_token"),
        ("actor_token", "ds-1"),
        ("actor_token_type", "urn:openid:params:token-type:device-secret"),
        ("scope", "openid mail"),
    ] {
        assert_eq!(form[name], value, "{name}");
    }
    assert!(form["DPoP"].split('.').count() == 3 && form["subject_token"].split('.').count() == 3);
    // The container's key vouches for the secret, and names the key of this app's own proof.
    let proof = inspect(&form["device_proof"], &Limits::DEFAULT).unwrap();
    let app_key = inspect(&form["DPoP"], &Limits::DEFAULT).unwrap().header.members()["jwk"].clone();
    let app_key = VerifyingKey::from_jwk_object(aws_lc(), app_key.as_object().unwrap()).unwrap();
    assert_eq!(proof.header.typ(), Some("device-proof+jwt"));
    assert_eq!((&proof.claims["iss"], &proof.claims["aud"]), (&"mail".into(), &ISSUER.into()));
    assert_eq!(proof.claims["hash"], jose::base64url::encode(jose::sha256(b"ds-1")));
    assert_eq!(proof.claims["jkt"].as_str(), app_key.thumbprint());
    assert_ne!(proof.header.members()["jwk"]["x"], app_key.public_jwk().unwrap()["x"], "a key of its own");
    let held: Value = serde_json::from_str(&shared.get(CONTAINER).unwrap().unwrap()).unwrap();
    assert_eq!(held["device_secret"], "ds-2", "what was rotated is kept for the next");
    let credentials = app.credentials("GET", "https://api.example/").await.unwrap();
    assert!(credentials.authorization == "DPoP at" && credentials.dpop.is_some());
    let shown = format!("{credentials:?} {shared:?}");
    assert!(!shown.contains("DPoP at") && !shown.contains("eyJ") && !shown.contains("ds-2"), "{shown}");
}

#[tokio::test]
async fn who_cannot_join_signs_in() {
    let provider = Provider::open();
    let nobodys = mail(&provider, &Arc::default()).join().await.unwrap();
    assert_eq!(nobodys, Joined::Nobody, "nobody is signed in anywhere");
    assert!(provider.forms().is_empty());
    // A person must be asked, the session is over, or this app is another developer's: the container stays as it is.
    let shared = left_by_notes(&provider);
    for (code, joined) in [
        ("interaction_required", Joined::MustAsk(None)),
        ("consent_required", Joined::MustAsk(None)),
        ("invalid_grant", Joined::Nobody),
        ("unauthorized_client", Joined::Nobody),
    ] {
        provider.answers(400, json!({ "error": code }));
        assert_eq!(mail(&provider, &shared).join().await.unwrap(), joined);
        assert!(shared.get(CONTAINER).unwrap().is_some());
    }
    // The provider does not know this way.
    let shared = left_by_notes(&provider);
    provider.metadata.lock().unwrap()["native_sso_supported"] = false.into();
    provider.forms();
    assert_eq!(mail(&provider, &shared).join().await.unwrap(), Joined::Nobody);
    assert!(provider.forms().is_empty(), "the secret is sent to nobody who does not ask for it");
}

/// An ID token that is not this app's, or a token that is bound to nothing, is not believed.
#[tokio::test]
async fn an_answer_is_looked_at() {
    let provider = Provider::open();
    for more in [json!({ "id_token": provider.id_token("another") }), json!({ "token_type": "Bearer" })] {
        let shared = left_by_notes(&provider);
        provider.answers(200, more.clone());
        let app = mail(&provider, &shared);
        assert!(matches!(app.join().await, Err(Error::Answer(_))), "{more}");
        assert!(!app.is_signed_in().await.unwrap());
    }
}

#[tokio::test]
async fn signing_out_ends_one_app_or_all() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    let app = mail(&provider, &shared);
    let revoked = |provider: &Provider| -> Vec<String> {
        provider
            .forms()
            .into_iter()
            .filter(|(path, _)| path == "/revoke")
            .map(|(_, form)| form["token"].clone())
            .collect()
    };
    assert_eq!(app.join().await.unwrap(), Joined::SignedIn);
    app.sign_out(Ending::ThisApp).await.unwrap();
    assert_eq!(revoked(&provider), ["rt"]);
    assert!(shared.get(CONTAINER).unwrap().is_some());
    assert_eq!(app.join().await.unwrap(), Joined::SignedIn);
    app.sign_out(Ending::EveryApp).await.unwrap();
    assert_eq!(revoked(&provider), ["rt", "ds-1"]);
    assert!(shared.get(CONTAINER).unwrap().is_none());
}

fn secret(shared: &Memory) -> Value {
    let held: Value = serde_json::from_str(&shared.get(CONTAINER).unwrap().unwrap()).unwrap();
    held["device_secret"].clone()
}

/// Core §3.1.2.6 with `authorization_uri`: what the provider says is opened where it is the provider's and the app's own
/// request; else the app begins one of its own. Either way what comes back must be what was drawn here.
#[tokio::test]
async fn an_address_to_go_on_at_is_looked_at() {
    const BACK: &str = "https://mail.example/cb";
    let provider = Provider::open();
    let said = |uri: String| json!({ "error": "interaction_required", "authorization_uri": uri });
    let sent = Arc::new(Mutex::new(HashMap::new()));
    let own = |address: &str, name: &str| {
        let url = url::Url::parse(address).unwrap();
        url.query_pairs().find(|(one, _)| one == name).map(|(_, value)| value.into_owned())
    };
    for uri in [
        "https://evil.example/authorize?client_id=mail&request_uri=urn:x".to_owned(),
        format!("{ISSUER}/other?client_id=mail&request_uri=urn:x"),
        format!("{ISSUER}/authorize?client_id=evil&request_uri=urn:x"),
        format!("{ISSUER}/authorize?client_id=mail&redirect_uri=https%3A%2F%2Fevil.example%2F&state=s"),
        "nothing".to_owned(),
    ] {
        let app = mail(&provider, &left_by_notes(&provider));
        provider.answers(400, said(uri.clone()));
        let Joined::MustAsk(Some(address)) = app.join_or_begin(BACK).await.unwrap() else { panic!("{uri}") };
        assert!(address.starts_with(&format!("{ISSUER}/authorize?client_id=mail&response_type=code")), "{address}");
        assert_eq!(own(&address, "redirect_uri").as_deref(), Some(BACK));
        *sent.lock().unwrap() = provider.forms().pop().unwrap().1;
        for name in ["state", "nonce", "code_challenge"] {
            assert_eq!(own(&address, name).as_ref(), sent.lock().unwrap().get(name), "{name}");
        }
        assert!(!address.contains("ds-1") && own(&address, "dpop_jkt").is_some(), "{address}");
    }
    let kept = format!("{ISSUER}/authorize?client_id=mail&request_uri=urn%3Ax");
    provider.answers(400, said(kept.clone()));
    let app = mail(&provider, &left_by_notes(&provider));
    assert_eq!(app.join_or_begin(BACK).await.unwrap(), Joined::MustAsk(Some(kept)));
    let foreign = app.finish(&format!("{BACK}?code=c&state=guessed")).await;
    assert!(matches!(foreign, Err(Error::Answer(_))), "only the state that was drawn finishes it");
}
