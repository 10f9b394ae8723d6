//! Apps of one developer share a session on a device (OpenID Connect Native SSO 1.0).

mod account;
mod attempts;

use std::sync::Arc;
use std::time::Duration;

use idp::caller::Caller;
use jose::json::Object;
use oidc::token::device_proof::GroupPolicy;
use serde_json::{Value, json};
use testkit::{Browser, House, ISSUER};
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::holder::Holder;
use crate::lobby::{ADA, Lobby, app, ask, assert_code};

const TOKEN: &str = "/oauth2/token";

const EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";

const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";

const DEVICE_SECRET: &str = "urn:openid:params:token-type:device-secret";

/// As the specification has it.
const PLAIN: GroupPolicy = GroupPolicy { rotation: false, device_proof: false };

/// Acme's notes and mail, somebody else's game, and an API that knows tokens.
struct Phone {
    lobby: Lobby,
    api: Api,
}

/// What the apps keep in common.
#[derive(Clone, Debug)]
struct Shared {
    id_token: String,
    device_secret: String,
}

impl Phone {
    async fn of(house: House, policy: Option<GroupPolicy>) -> Self {
        let lobby = Lobby::open(house).await;
        for (id, group) in [("notes", Some("acme")), ("mail", Some("acme")), ("game", Some("other")), ("lone", None)] {
            let more = json!({ "vestibule_type": "native", "vestibule_trusted": true, "vestibule_app_group": group });
            House::add_client(&lobby.node, app(id, id, more)).await;
        }
        if let Some(policy) = policy {
            lobby.node.set_app_group("acme", policy, &Caller::operator()).await.unwrap();
        }
        let api = Api::register(&lobby, "api", json!({})).await;
        Self { lobby, api }
    }

    fn now(&self) -> i64 {
        self.lobby.house.clock_now().seconds()
    }

    async fn post(&self, client: &str, fields: &[(&str, &str)]) -> Reply {
        self.api.post_as_is(TOKEN, &[], &[fields, &[("client_id", client)]].concat()).await
    }

    /// Ada signs in to an app in a browser; the answer of the token endpoint, and the browser.
    async fn sign_in(&self, client: &str, more: impl AsyncFn(&str) -> Vec<(&'static str, String)>) -> (Reply, Browser) {
        let mut browser = self.lobby.browser();
        let page = browser.open(&ask(client, &[("scope", "openid profile device_sso")])).await;
        let code = assert_code(&browser.sign_in(&page, ADA).await);
        (self.redeem(client, &code, &more(&code).await).await, browser)
    }

    async fn redeem(&self, client: &str, code: &str, more: &[(&'static str, String)]) -> Reply {
        let redirect = format!("https://{client}.example/cb");
        let usual = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect.as_str()),
            ("code_verifier", VERIFIER),
        ];
        let more: Vec<_> = more.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.post(client, &[&usual[..], &more].concat()).await
    }

    /// §4.2, with nothing that the specification does not know.
    async fn join(&self, client: &str, shared: &Shared, more: &[(&str, &str)]) -> Reply {
        let usual = [
            ("grant_type", EXCHANGE),
            ("audience", ISSUER),
            ("subject_token", &shared.id_token),
            ("subject_token_type", ID_TOKEN),
            ("actor_token", &shared.device_secret),
            ("actor_token_type", DEVICE_SECRET),
        ];
        let kept = usual.into_iter().filter(|(name, _)| !more.iter().any(|(changed, _)| changed == name));
        self.post(client, &kept.chain(more.iter().copied()).collect::<Vec<_>>()).await
    }

    async fn is_good(&self, reply: &Reply) -> bool {
        self.api.get("/oauth2/userinfo", &reply.text("access_token")).await.status == 200
    }
}

fn shared(reply: &Reply) -> Shared {
    Shared { id_token: reply.text("id_token"), device_secret: reply.text("device_secret") }
}

fn claims(token: &str) -> Object {
    jose::jwt::inspect(token, &jose::Limits::DEFAULT).unwrap().claims
}

fn hash(text: &str) -> Value {
    jose::base64url::encode(jose::sha256(text.as_bytes())).into()
}

/// §3.4, §4.2 to §4.4: by a client that knows the specification alone.
#[both_databases]
async fn the_second_app_is_simply_signed_in(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    assert_eq!(notes.status, 200, "{}", notes.json);
    let first = shared(&notes);
    assert_eq!(claims(&first.id_token)["ds_hash"], hash(&first.device_secret), "§3.4");
    // §4.3: the ID token may have expired, its session lives.
    phone.lobby.house.clock.advance(Duration::from_secs(3600));
    let mail = phone.join("mail", &first, &[]).await;
    assert_eq!(
        (mail.status, &mail.json["issued_token_type"]),
        (200, &json!("urn:ietf:params:oauth:token-type:access_token")),
        "{}",
        mail.json
    );
    assert_eq!(mail.text("device_secret"), first.device_secret);
    let (one, two) = (claims(&first.id_token), claims(&mail.text("id_token")));
    assert_eq!((&two["sub"], &two["sid"], &two["auth_time"]), (&one["sub"], &one["sid"], &one["auth_time"]));
    assert_eq!((&two["aud"], &two["ds_hash"]), (&json!("mail"), &hash(&first.device_secret)));
    assert_eq!(claims(&mail.text("access_token"))["client_id"], "mail");
    assert!(phone.is_good(&mail).await && mail.json.get("refresh_token").is_some());
    // The name that the first drafts gave the type; and from the second app's ID token on to a third time.
    let alias = [("actor_token_type", "urn:x-oath:params:oauth:token-type:device-secret")];
    assert_eq!(phone.join("notes", &shared(&mail), &alias).await.status, 200);
    let page = browser.open("/account/sessions").await;
    assert!(page.text.contains("notes") && page.text.contains("mail") && page.text.contains("acme"), "{}", page.text);
    assert!(phone.lobby.trail(ADA).await.contains(&"container.app-admitted".to_owned()));
    let metadata = browser.open("/.well-known/openid-configuration").await;
    let metadata: Value = serde_json::from_str(&metadata.text).unwrap();
    assert_eq!(metadata["native_sso_supported"], true, "§5");
}

/// RFC 8693 §2.1, RFC 8707 §2: an app that joins says which API its tokens are for, as one that signs in does.
#[both_databases]
async fn an_app_joins_for_an_api(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, _) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let api = "https://api.example/notes";
    for unsound in ["notes", "https://api.example/#x"] {
        assert_eq!(phone.join("mail", &kept, &[("resource", unsound)]).await.error(), "invalid_target", "{unsound}");
    }
    let mail = phone.join("mail", &kept, &[("resource", api)]).await;
    let audience = |reply: &Reply| claims(&reply.text("access_token"))["aud"].clone();
    assert_eq!(audience(&mail), json!([api, ISSUER]), "{}", mail.json);
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", &mail.text("refresh_token"))];
    assert_eq!(audience(&phone.post("mail", &refresh).await), json!([api, ISSUER]), "and from then on");
    assert_eq!(audience(&phone.join("mail", &kept, &[]).await), json!(ISSUER));
}

/// §4.3: a page that would be due is told, and found in the browser; afterwards the app is let in.
#[both_databases]
async fn where_the_person_must_be_asked_the_browser_is_needed(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let change = |change: Value| change.as_object().unwrap().clone();
    phone.lobby.node.update_client("mail", change(json!({ "vestibule_trusted": false }))).await.unwrap();
    let reply = phone.join("mail", &kept, &[("scope", "openid email")]).await;
    assert_eq!((reply.status, reply.error()), (400, "interaction_required"), "{}", reply.json);
    let page = browser.open(&ask("mail", &[("scope", "openid email")])).await;
    assert_eq!(page.step(), "consent");
    assert_code(&browser.press(&page, "consent", "allow", &[("scope", "email")]).await);
    assert_eq!(phone.join("mail", &kept, &[("scope", "openid email")]).await.text("scope"), "email openid");
    let more = phone.join("mail", &kept, &[("scope", "openid email phone")]).await;
    assert_eq!(more.error(), "interaction_required", "what was never asked");
    phone.lobby.node.update_client("mail", change(json!({ "vestibule_level": "multi-factor" }))).await.unwrap();
    assert_eq!(phone.join("mail", &kept, &[("scope", "openid email")]).await.error(), "interaction_required");
    let update = json!({ "vestibule_level": null, "vestibule_groups": ["staff"] });
    phone.lobby.node.add_group("staff").await.unwrap();
    phone.lobby.node.update_client("mail", change(update)).await.unwrap();
    assert_eq!(phone.join("mail", &kept, &[("scope", "openid email")]).await.error(), "interaction_required");
}

/// Core §3.1.2.6 `interaction_required` comes with the address that finishes it: the app's own request, for what it asked,
/// with what it sent of its own, and with no secret; a client that pushes its requests finds it pushed.
#[both_databases]
async fn where_it_goes_on_in_the_browser_is_said(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let update = async |change: Value| {
        phone.lobby.node.update_client("mail", change.as_object().unwrap().clone()).await.unwrap();
    };
    update(json!({ "vestibule_trusted": false })).await;
    let scope = ("scope", "openid email");
    let bare = phone.join("mail", &kept, &[scope]).await;
    assert_eq!(bare.error(), "interaction_required");
    let expected = "/oauth2/authorize?client_id=mail&redirect_uri=https%3A%2F%2Fmail.example%2Fcb\
                    &response_type=code&scope=email+openid";
    assert_eq!(bare.text("authorization_uri"), format!("{ISSUER}{expected}"));
    let pkce = [
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
        ("state", "s&t"),
    ];
    let foreign = [scope, ("redirect_uri", "https://evil.example/cb")];
    let refused = phone.join("mail", &kept, &foreign).await;
    assert_eq!((refused.error(), refused.json.get("authorization_uri")), ("invalid_request", None));
    for pushes in [false, true] {
        update(json!({ "vestibule_trusted": false, "require_pushed_authorization_requests": pushes })).await;
        let asked = [("scope", if pushes { "openid phone" } else { "openid email" })];
        let without = phone.join("mail", &kept, &asked).await;
        assert_eq!(without.json.get("authorization_uri").is_some(), !pushes, "a push needs a challenge");
        let reply = phone.join("mail", &kept, &[&asked[..], &pkce].concat()).await;
        let address = reply.text("authorization_uri");
        for secret in [&kept.id_token, &kept.device_secret] {
            assert!(!address.contains(secret.as_str()), "{address}");
        }
        assert_eq!(address.contains("request_uri"), pushes, "{address}");
        let page = browser.open(address.strip_prefix(ISSUER).unwrap()).await;
        assert_eq!((page.step(), page.says("mail")), ("consent", true), "{}", page.text);
        let allowed = asked[0].1.strip_prefix("openid ").unwrap();
        let page = browser.press(&page, "consent", "allow", &[("scope", allowed)]).await;
        assert_eq!(page.param("state").as_deref(), Some("s&t"));
        assert_eq!(phone.redeem("mail", &assert_code(&page), &[]).await.status, 200);
        assert_eq!(phone.join("mail", &kept, &asked).await.status, 200, "and from then on without a browser");
    }
}

/// Signing out ends one app, all of the container, or the session with everything in it.
#[both_databases]
async fn signing_out_ends_one_or_all(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let mail = phone.join("mail", &kept, &[]).await;
    let revoke = async |client: &str, token: &str| {
        phone.api.post_as_is("/oauth2/revoke", &[], &[("client_id", client), ("token", token)]).await
    };
    assert_eq!(revoke("mail", &mail.text("refresh_token")).await.status, 200);
    assert!(!phone.is_good(&mail).await && phone.is_good(&notes).await);
    let mail = phone.join("mail", &kept, &[]).await;
    assert_eq!(revoke("game", &kept.device_secret).await.error(), "invalid_grant");
    assert!(phone.is_good(&mail).await);
    assert_eq!(revoke("mail", &kept.device_secret).await.status, 200);
    assert!(!phone.is_good(&mail).await && !phone.is_good(&notes).await);
    assert_eq!(phone.join("mail", &kept, &[]).await.error(), "invalid_grant");
    // In the same session a new container, which ends with the session.
    let page = browser.open(&ask("notes", &[("scope", "openid device_sso"), ("prompt", "none")])).await;
    let again = phone.redeem("notes", &assert_code(&page), &[]).await;
    let kept = shared(&again);
    assert_eq!(phone.join("mail", &kept, &[]).await.status, 200);
    let person = phone.lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    phone.lobby.node.revoke_sessions_of(person).await.unwrap();
    assert_eq!(phone.join("mail", &kept, &[]).await.error(), "invalid_grant");
}

/// §3.3: a secret that the app brings stays; one that does not count is as good as none.
#[both_databases]
async fn an_app_that_brings_its_secret_keeps_it(house: House) {
    let phone = Phone::of(house, Some(PLAIN)).await;
    let (notes, mut browser) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    let again = async |browser: &mut Browser, secret: &str| {
        let page = browser.open(&ask("mail", &[("scope", "openid device_sso"), ("prompt", "none")])).await;
        let page = match page.param("error") {
            Some(_) => {
                let page = browser.open(&ask("mail", &[("scope", "openid device_sso")])).await;
                browser.press(&page, "continue", "continue", &[]).await
            }
            None => page,
        };
        phone.redeem("mail", &assert_code(&page), &[("device_secret", secret.to_owned())]).await
    };
    assert_eq!(again(&mut browser, &kept.device_secret).await.text("device_secret"), kept.device_secret);
    let other = phone.sign_in("notes", async |_| Vec::new()).await.0.text("device_secret");
    for stale in [other.as_str(), "vst_ds_nonsense"] {
        let fresh = again(&mut browser, stale).await.text("device_secret");
        assert!(fresh != stale && fresh != kept.device_secret);
    }
}

/// Many apps start at once with one secret: all come in, and it is replaced once; with proofs as without.
#[both_databases]
async fn apps_that_start_at_once_all_come_in(house: House) {
    let phone = Phone::of(house, None).await;
    let device = Arc::new(Holder::new());
    let prove = |code: &str| vec![("device_proof", device.prove_device("notes", phone.now(), code, None))];
    let (notes, _) = phone.sign_in("notes", async |code| prove(code)).await;
    let (phone, kept) = (Arc::new(phone), shared(&notes));
    let mut joining = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (phone, kept, device) = (Arc::clone(&phone), kept.clone(), Arc::clone(&device));
        joining.spawn(async move {
            let proof = device.prove_device("mail", phone.now(), &kept.device_secret, None);
            phone.join("mail", &kept, &[("device_proof", &proof)]).await
        });
    }
    let replies = joining.join_all().await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    let next = replies[0].text("device_secret");
    assert!(next != kept.device_secret && replies.iter().all(|reply| reply.text("device_secret") == next));
}

/// The new secret is told by an ID token: without one nothing is replaced.
#[both_databases]
async fn an_exchange_without_openid_changes_nothing(house: House) {
    let phone = Phone::of(house, Some(GroupPolicy { rotation: true, device_proof: false })).await;
    let (notes, _) = phone.sign_in("notes", async |_| Vec::new()).await;
    let kept = shared(&notes);
    assert_eq!(phone.join("mail", &kept, &[("scope", "profile")]).await.error(), "invalid_scope");
    let scopes = |scope: &str| json!({ "scope": scope }).as_object().unwrap().clone();
    phone.lobby.node.update_client("mail", scopes("profile")).await.unwrap();
    assert_eq!(phone.join("mail", &kept, &[("scope", "openid profile")]).await.error(), "invalid_scope");
    phone.lobby.node.update_client("mail", scopes("openid profile")).await.unwrap();
    phone.lobby.house.clock.advance(Duration::from_secs(60));
    assert_eq!(phone.join("mail", &kept, &[]).await.status, 200);
}
