//! App to app: a bank's app answers another app's pushed request with its device's key.

mod answers;
mod attested;
mod keys;

use jose::jwt::{HeaderExtras, sign};
use jose::provider::aws_lc;
use jose::{JwsAlgorithm, SigningKey, base64url};
use serde_json::{Value, json};
use testkit::{House, ISSUER};
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::holder::Holder;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code};

/// A bank's app on somebody's phone, and a fintech that asks.
struct Phone {
    bank: Api,
    fintech: Api,
    token: String,
    key: SigningKey,
}

impl Phone {
    /// With its key registered.
    async fn of(lobby: &Lobby, person: &str) -> Self {
        let phone = Self::bare(lobby, person).await;
        let kept = phone.register(&phone.key, &json!({})).await;
        assert_eq!(kept.status, 201, "{}", kept.json);
        phone
    }

    /// With a key that nobody knows yet.
    async fn bare(lobby: &Lobby, person: &str) -> Self {
        let host = json!({
            "vestibule_app2app_host": true,
            "vestibule_android_apps": [{ "package_name": "com.bank.app", "sha256_cert_fingerprints": [FINGERPRINT] }],
            "vestibule_apple_apps": ["ABCDE12345.com.bank.app"],
        });
        let (bank, fintech) = match lobby.node.client("bank").await.unwrap() {
            Some(_) => panic!("one bank for each lobby"),
            None => (
                Api::register(lobby, "bank", host).await,
                Api::register(lobby, "fintech", json!({ "vestibule_trusted": false })).await,
            ),
        };
        let token = signed_in(lobby, &bank, person).await;
        Self { bank, fintech, token, key: SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap() }
    }

    async fn at(lobby: &Lobby, person: &str, bank: Api, fintech: Api) -> Self {
        let token = signed_in(lobby, &bank, person).await;
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
        let phone = Self { bank, fintech, token, key };
        let kept = phone.register(&phone.key, &json!({})).await;
        assert_eq!(kept.status, 201, "{}", kept.json);
        phone
    }

    /// Registers a key, with claims of its proof changed.
    async fn register(&self, key: &SigningKey, changes: &Value) -> Reply {
        self.register_with(key, changes, |_, _| Value::Null).await
    }

    /// The same with what the phone's system says, once the nonce and the token's hash are known.
    async fn register_attested(&self, attest: impl Fn(&str, &str) -> Value) -> Reply {
        self.register_with(&self.key, &json!({}), attest).await
    }

    async fn register_with(&self, key: &SigningKey, changes: &Value, attest: impl Fn(&str, &str) -> Value) -> Reply {
        let nonce = self.post(KEYS, &json!({ "jwk": {}, "proof": "x" })).await.headers["dpop-nonce"].clone();
        let ath = base64url::encode(jose::sha256(self.token.as_bytes()));
        let nonce = nonce.to_str().unwrap();
        let mut claims = json!({ "aud": ISSUER, "iat": now(), "jti": jti(), "ath": ath, "nonce": nonce });
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        let proof = sign(key, &HeaderExtras::typ("vestibule-device-key+jwt"), &claims).unwrap();
        let jwk = self.key.public_jwk().unwrap();
        let attestation = attest(nonce, &ath);
        let body = json!({ "jwk": jwk, "name": "Ada’s phone", "proof": proof, "attestation": attestation });
        self.post(KEYS, &body).await
    }

    async fn post(&self, path: &str, body: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        self.bank.post_body(path, &headers, &body.to_string()).await
    }

    /// The fintech pushes a request, with more or other parameters; answered is the part after the URN.
    async fn pushed(&self, more: &[(&str, &str)]) -> String {
        let redirect = self.fintech.redirect();
        let usual = [
            ("response_type", "code"),
            ("redirect_uri", redirect.as_str()),
            ("scope", "openid profile read"),
            ("state", "s"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ];
        let usual = usual.into_iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
        let fields: Vec<_> = usual.chain(more.iter().copied()).collect();
        let reply = self.fintech.post("/oauth2/par", &fields).await;
        assert_eq!(reply.status, 201, "{}", reply.json);
        reply.text("request_uri").rsplit(':').next().unwrap().to_owned()
    }

    async fn read(&self, id: &str) -> Reply {
        self.bank.get(&format!("/api/app2app/v1/requests/{id}?client_id=fintech"), &self.token).await
    }

    /// The answer's proof, with claims changed.
    fn proof(&self, read: &Value, decision: &str, changes: &Value) -> String {
        let mut claims = json!({
            "aud": ISSUER, "iat": now(), "jti": jti(), "decision": decision,
            "challenge": read["challenge"], "request_hash": read["request_hash"],
        });
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        self.sign("vestibule-app2app+jwt", &claims)
    }

    fn sign(&self, typ: &str, claims: &Value) -> String {
        sign(&self.key, &HeaderExtras::typ(typ), claims).unwrap()
    }

    async fn answer(&self, id: &str, proof: &str) -> Reply {
        let path = format!("/api/app2app/v1/requests/{id}?client_id=fintech");
        self.post(&path, &json!({ "proof": proof })).await
    }
}

/// From the fintech's link through the bank's app to the fintech's tokens, in the bank's session; once.
#[both_databases]
async fn a_request_is_shown_and_allowed(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await;
    assert_eq!(read.status, 200, "{}", read.json);
    assert_eq!(read.json["client"]["name"], "fintech");
    assert!(read.json["scopes"].as_array().unwrap().iter().any(|scope| scope["words"] == "see your name and profile"));
    let proof = phone.proof(&read.json, "allow", &json!({}));
    let answered = phone.answer(&id, &proof).await;
    assert_eq!(answered.status, 200, "{}", answered.json);
    let back = url::Url::parse(&answered.text("redirect_to")).unwrap();
    let param = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!((back.host_str(), param("state").as_deref()), (Some("fintech.example"), Some("s")));
    assert_eq!(param("iss").as_deref(), Some(ISSUER));
    let code = param("code").unwrap();
    let tokens = phone.fintech.redeem_with(&code, &phone.fintech.redirect(), VERIFIER).await;
    assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "openid profile read"), "{}", tokens.json);
    let claims = |token: &str| jose::jwt::inspect(token, &jose::Limits::DEFAULT).unwrap().claims;
    let (own, others) = (claims(&phone.token), claims(&tokens.text("access_token")));
    for same in ["sub", "sid", "auth_time", "amr"] {
        assert_eq!(own[same], others[same], "{same}: what the person proved, and no more");
    }
    let again = phone.answer(&id, &phone.proof(&read.json, "allow", &json!({}))).await;
    assert_eq!((again.status, again.error()), (400, "invalid_request_uri"), "once");
    for kind in ["app-request.allowed", "consent.given", "device-key.added"] {
        assert!(lobby.trail(ADA).await.contains(&kind.to_owned()), "{kind}");
    }
}

/// RFC 9449 §10: what the asking app bound its request to, its code is bound to, whoever answers.
#[both_databases]
async fn the_code_is_bound_to_the_asking_apps_key(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let holder = Holder::new();
    let id = phone.pushed(&[("dpop_jkt", &holder.thumbprint())]).await;
    let read = phone.read(&id).await.json;
    let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({}))).await;
    let back = url::Url::parse(&answered.text("redirect_to")).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let redirect = phone.fintech.redirect();
    assert_eq!(
        phone.fintech.redeem_with(&code, &redirect, VERIFIER).await.error(),
        "invalid_grant",
        "without its proof"
    );
    let proof = holder.prove(("POST", "/oauth2/token"), now(), None, None);
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", &code),
        ("redirect_uri", &redirect),
        ("code_verifier", VERIFIER),
        ("client_id", "fintech"),
        ("client_secret", &phone.fintech.secret),
    ];
    let tokens = phone.fintech.post_as_is("/oauth2/token", &[("dpop", &proof)], &fields).await;
    assert_eq!((tokens.status, tokens.text("token_type").as_str()), (200, "DPoP"), "{}", tokens.json);
}

/// A no goes back to the app that asked; what needs a page goes on in the browser, by the same link.
#[both_databases]
async fn what_is_denied_and_what_goes_on_in_the_browser(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await.json;
    let denied = phone.answer(&id, &phone.proof(&read, "deny", &json!({}))).await;
    assert!(denied.text("redirect_to").contains("error=access_denied"), "{}", denied.json);

    let id = phone.pushed(&[("prompt", "login")]).await;
    let read = phone.read(&id).await.json;
    let proof = phone.proof(&read, "allow", &json!({}));
    let reply = phone.answer(&id, &proof).await;
    assert_eq!((reply.status, reply.error()), (400, "interaction_required"), "{}", reply.json);
    assert_eq!(
        phone.answer(&id, &proof).await.error(),
        "invalid_grant",
        "a proof counts once, though the request stays"
    );
    let mut browser = lobby.browser();
    let uri = format!("urn:ietf:params:oauth:request_uri:{id}");
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("client_id", "fintech"), ("request_uri", &uri), ("scope", "openid email"), ("state", "evil")])
        .finish();
    let page = browser.open(&format!("/a2a/bank?{query}")).await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "consent", "{}", page.text);
    let page = browser.press(&page, "consent", "allow", &[("scope", "read")]).await;
    assert_code(&page);
    assert_eq!(page.param("state").as_deref(), Some("s"), "what stands beside the reference does not count");
}

/// A code that the asking app has not redeemed ends with the bank's session, in which it was answered.
#[both_databases]
async fn what_was_answered_ends_with_the_session(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let id = phone.pushed(&[]).await;
    let read = phone.read(&id).await.json;
    let answered = phone.answer(&id, &phone.proof(&read, "allow", &json!({}))).await;
    let back = url::Url::parse(&answered.text("redirect_to")).unwrap();
    let code = back.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned();
    let open = phone.pushed(&[]).await;
    let read = phone.read(&open).await.json;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.revoke_sessions_of(ada).await.unwrap();
    let redeemed = phone.fintech.redeem_with(&code, &phone.fintech.redirect(), VERIFIER).await;
    assert_eq!(redeemed.error(), "invalid_grant", "{}", redeemed.json);
    let late = phone.answer(&open, &phone.proof(&read, "allow", &json!({}))).await;
    assert_eq!((late.status, late.error()), (401, "invalid_token"), "what waits is answered no more: {}", late.json);
}

/// Who may answer: a host app's person, with a token that counts, and not for the host itself.
#[both_databases]
async fn who_may_answer(house: House) {
    let lobby = Lobby::open(house).await;
    let phone = Phone::of(&lobby, ADA).await;
    let id = phone.pushed(&[]).await;
    let path = format!("/api/app2app/v1/requests/{id}?client_id=fintech");
    assert_eq!(phone.bank.get(&path, "x").await.status, 401);
    let token = signed_in(&lobby, &phone.fintech, ADA).await;
    assert_eq!(phone.fintech.get(&path, &token).await.error(), "unauthorized_client", "no host app");
    let own = phone.bank.get(&path.replace("client_id=fintech", "client_id=bank"), &phone.token).await;
    assert_eq!(own.error(), "invalid_request_uri", "another client's");
    assert_eq!(phone.read("vst_pr_x").await.error(), "invalid_request_uri");
    let read = phone.read(&id).await.json;
    lobby.house.clock.advance(std::time::Duration::from_secs(91));
    assert_eq!(phone.read(&id).await.error(), "invalid_request_uri", "too old");
    let late = phone.answer(&id, &phone.proof(&read, "allow", &json!({ "iat": now() + 91 }))).await;
    assert_eq!((late.status, late.error()), (400, "invalid_request_uri"), "a decision, too: {}", late.json);
}

async fn signed_in(lobby: &Lobby, api: &Api, person: &str) -> String {
    let mut browser = lobby.browser();
    let page = browser.open(&ask(&api.id, &[("scope", "openid")])).await;
    let mut page = browser.sign_in(&page, person).await;
    if page.step() == "consent" {
        page = browser.press(&page, "consent", "allow", &[]).await;
    }
    api.redeem(&assert_code(&page)).await.text("access_token")
}

fn now() -> i64 {
    testkit::START.seconds()
}

fn jti() -> String {
    idp::random::Randomness::new_id(&idp::random::SystemRandomness).to_string()
}

const KEYS: &str = "/api/device-keys/v1/keys";

const FINGERPRINT: &str =
    "14:6D:E9:83:C5:73:06:50:D8:EE:B9:95:2F:34:FC:64:16:A0:83:42:E6:1D:BE:A8:8A:04:96:B2:3F:CF:44:E5";
