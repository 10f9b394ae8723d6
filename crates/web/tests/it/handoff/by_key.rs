//! With a device's key in place of the number: the page asks the app through its own link, and the app's answer counts in
//! the browser that asked.

use jose::jwt::{HeaderExtras, sign};
use jose::provider::aws_lc;
use jose::{JwsAlgorithm, SigningKey};
use testkit::ISSUER;

use super::*;
use crate::maker::{Described, Maker};

/// An app in somebody's phone, with its key.
struct Phone {
    key: SigningKey,
    id: String,
    token: String,
}

/// What the page sends to the app.
struct Question {
    handoff: String,
    challenge: String,
}

impl Phone {
    async fn of(lobby: &Lobby, inbox: &Api, email: &str) -> Self {
        Self::attested(lobby, inbox, email, |_, _, _| Value::Null).await
    }

    /// With what the phone's system says of the key, once the nonce and the token's hash are known.
    async fn attested(
        lobby: &Lobby,
        inbox: &Api,
        email: &str,
        attest: impl Fn(&SigningKey, &str, &str) -> Value,
    ) -> Self {
        let claimed = json!({ "vestibule_handoff_uri": "https://photos.example/handoff?v=1" });
        lobby.node.update_client("photos", claimed.as_object().unwrap().clone()).await.unwrap();
        let (tokens, _) = signed_in(lobby, inbox, email, "openid").await;
        let (token, key) = (tokens.text("access_token"), SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap());
        let mut phone = Self { key, id: String::new(), token };
        let bearer = format!("Bearer {}", phone.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = |proof: &str, attestation: Value| {
            let jwk = phone.key.public_jwk().unwrap();
            json!({ "jwk": jwk, "name": "phone", "proof": proof, "attestation": attestation }).to_string()
        };
        let asked = inbox.post_body("/api/device-keys/v1/keys", &headers, &body("", Value::Null)).await;
        let nonce = asked.headers["dpop-nonce"].to_str().unwrap().to_owned();
        let ath = jose::base64url::encode(jose::sha256(phone.token.as_bytes()));
        let claims = json!({ "aud": ISSUER, "iat": now(lobby), "jti": "r", "nonce": nonce, "ath": ath });
        let proof = phone.sign("vestibule-device-key+jwt", &claims);
        let said = attest(&phone.key, &nonce, &ath);
        let registered = inbox.post_body("/api/device-keys/v1/keys", &headers, &body(&proof, said)).await;
        assert_eq!(registered.status, 201, "{}", registered.json);
        phone.id = registered.text("id");
        phone
    }

    fn sign(&self, typ: &str, claims: &Value) -> String {
        sign(&self.key, &HeaderExtras::typ(typ), claims).unwrap()
    }

    /// The address to open, and the hand-off's name.
    async fn link(&self, api: &Api) -> (String, String) {
        let pushed = push(api, &self.token, &[("client_id", "inbox"), ("device_key", &self.id)]).await;
        assert_eq!((pushed.status, pushed.json.get("number")), (201, None), "{}", pushed.json);
        (pushed.text("url"), pushed.text("handoff"))
    }

    fn proof(&self, lobby: &Lobby, question: &Question, changes: &Value) -> String {
        let mut claims = json!({
            "aud": ISSUER, "iat": now(lobby), "jti": format!("h {}", question.challenge),
            "handoff": question.handoff, "challenge": question.challenge,
        });
        claims.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        self.sign("vestibule-handoff+jwt", &claims)
    }
}

fn now(lobby: &Lobby) -> i64 {
    lobby.house.clock_now().seconds()
}

/// The button that opens the app, and what comes to it.
async fn ask_app(browser: &mut Browser, page: &Page) -> Question {
    let asked = browser.press(page, "handoff", "ask", &[]).await;
    assert!(
        asked.left
            && asked.url.as_str().starts_with("https://photos.example/handoff?v=1&iss=https%3A%2F%2Fid.example&")
    );
    let param = |name: &str| asked.url.query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned();
    Question { handoff: param("handoff"), challenge: param("challenge") }
}

/// The app opens the address again, with its proof; the page there sends itself.
async fn come_back(browser: &mut Browser, url: &str, proof: &str) -> Page {
    let page = browser.open(&format!("{url}&proof={proof}")).await;
    if page.step() != "handoff" {
        return page;
    }
    assert!(page.text.contains("data-sends-itself") && !page.text.contains("name=\"number\""), "{}", page.text);
    browser.press(&page, "handoff", "continue", &[]).await
}

fn refused(page: &Page) -> bool {
    page.status == 403 && page.says("did not confirm") && !page.left
}

#[both_databases]
async fn the_app_answers_and_nobody_types(house: House) {
    let (lobby, inbox) = open(house).await;
    let phone = Phone::of(&lobby, &inbox, ADA).await;
    let (url, name) = phone.link(&inbox).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    assert!(page.says("Confirm in") && !page.text.contains("name=\"number\""), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://inbox.example https://photos.example"), "{policy}");
    let question = ask_app(&mut browser, &page).await;
    assert_eq!(question.handoff, name, "by which the app knows its own");
    let landed = come_back(&mut browser, &url, &phone.proof(&lobby, &question, &json!({}))).await;
    assert!(landed.left && landed.url.as_str().starts_with("https://inbox.example/login?"), "{}", landed.url);
    let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    assert_eq!(claims_of(&own)["amr"], json!(["pwd"]), "nobody vouches for the key: it says nothing of its person");
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let taken = lobby.node.audit_of(ada, 50).await.unwrap();
    assert!(taken.iter().any(|event| event.detail["device_key"] == json!(phone.id)), "by which key");
    assert!(lobby.node.kept_keys(ada).await.unwrap()[0].used_at.is_some());
}

/// The challenge is one browser's: who is lured into signing another's lands in a browser where it counts for nothing.
#[both_databases]
async fn a_proof_counts_in_the_browser_that_asked(house: House) {
    let (lobby, inbox) = open(house).await;
    let phone = Phone::of(&lobby, &inbox, ADA).await;
    let (url, _) = phone.link(&inbox).await;
    let (mut thief, mut own) = (lobby.browser(), lobby.browser());
    let page = thief.open(&url).await;
    let question = ask_app(&mut thief, &page).await;
    let proof = phone.proof(&lobby, &question, &json!({}));
    assert!(refused(&come_back(&mut own, &url, &proof).await), "the app's own browser did not ask");
    assert_eq!(come_back(&mut thief, &url, &proof).await.status, 410, "used up");
    for browser in [&mut thief, &mut own] {
        assert_refused(&browser.open(&ask("inbox", &[("prompt", "none")])).await, "login_required");
    }
    assert!(lobby.trail(ADA).await.contains(&"handoff.refused".to_owned()));
}

/// A proof is for one hand-off, by one key, and new; a number is no answer.
#[both_databases]
async fn only_the_devices_key_answers(house: House) {
    let (lobby, inbox) = open(house).await;
    let phone = Phone::of(&lobby, &inbox, ADA).await;
    let other = Phone::of(&lobby, &inbox, GRACE).await;
    for case in ["handoff", "challenge", "aud", "iat", "typ", "key", "number"] {
        let (url, name) = phone.link(&inbox).await;
        let mut browser = lobby.browser();
        let page = browser.open(&url).await;
        let question = ask_app(&mut browser, &page).await;
        let said = match case {
            "number" => {
                // The very number that it would have had: nobody was shown it, and one of ninety is guessed.
                let number = lobby.node.number_of_handoff(name.parse().unwrap());
                let page = browser.press(&page, "handoff", "continue", &[("number", &number)]).await;
                assert!(page.status == 403 && !page.left, "{case}");
                continue;
            }
            "iat" => phone.proof(&lobby, &question, &json!({ "iat": now(&lobby) - 120 })),
            "typ" => {
                let claims = json!({ "aud": ISSUER, "iat": now(&lobby), "jti": "t",
                    "handoff": question.handoff, "challenge": question.challenge });
                phone.sign("vestibule-app2app+jwt", &claims)
            }
            "key" => other.proof(&lobby, &question, &json!({})),
            claim => phone.proof(&lobby, &question, &json!({ claim: "x" })),
        };
        assert!(refused(&come_back(&mut browser, &url, &said).await), "{case}");
    }
    // Taken away between asking and answering.
    let (url, _) = phone.link(&inbox).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    let question = ask_app(&mut browser, &page).await;
    let mut account = lobby.adas_browser().await;
    let page = account.open("/account/apps").await;
    account.press(&page, "key-end", "end-key", &[]).await;
    let proof = phone.proof(&lobby, &question, &json!({}));
    assert!(refused(&come_back(&mut browser, &url, &proof).await), "a key that is gone");
}

/// A key that its person unlocks for each use, as its maker attests, is told of in what begins by it (RFC 8176 §2 `hwk`, `user`), as in
/// app to app; when they signed in and at which level stays as it was, and a step-up is still asked for.
#[both_databases]
async fn an_attested_key_adds_its_unlocking_to_what_begins(mut house: House) {
    let maker = Maker::new();
    house.settings.device_key_attestation = idp::settings::KeyAttestation::Asked {
        required: true,
        android: vec![maker.root()],
        android_revoked: Vec::new(),
        apple: Vec::new(),
        apple_development: false,
    };
    let (lobby, inbox) = open(house).await;
    let fingerprint = ["AB"; 32].join(":");
    let app = json!({ "package_name": "com.photos.app", "sha256_cert_fingerprints": [fingerprint] });
    let claims = json!({ "vestibule_android_apps": [app] });
    lobby.node.update_client("photos", claims.as_object().unwrap().clone()).await.unwrap();
    for (unlocking, amr) in [((Some(3), None), json!(["pwd", "hwk", "user"])), ((Some(3), Some(30)), json!(["pwd"]))] {
        let attest = |key: &SigningKey, nonce: &str, ath: &str| {
            let about = ["vestibule-device-key-attestation", nonce, ath].join(".");
            let good = Described::good(&jose::sha256(about.as_bytes()), "com.photos.app", &[0xab; 32]);
            let chain = maker.android(key, &Described { unlocking, ..good });
            json!({ "format": "android-key", "chain": chain.iter().map(jose::base64url::encode).collect::<Vec<_>>() })
        };
        let phone = Phone::attested(&lobby, &inbox, ADA, attest).await;
        let (url, _) = phone.link(&inbox).await;
        lobby.house.clock.advance(Duration::from_secs(20));
        let mut browser = lobby.browser();
        let page = browser.open(&url).await;
        let question = ask_app(&mut browser, &page).await;
        assert!(come_back(&mut browser, &url, &phone.proof(&lobby, &question, &json!({}))).await.left);
        // In all that follows there, too.
        for _ in 0..2 {
            let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
            let (app, web) = (jose::jwt::inspect(&phone.token, &jose::Limits::DEFAULT).unwrap(), claims_of(&own));
            assert_eq!((&web["amr"], &app.claims["amr"]), (&amr, &json!(["pwd"])), "{unlocking:?}");
            assert_eq!((&web["auth_time"], &web["acr"]), (&app.claims["auth_time"], &app.claims["acr"]));
        }
        for more in [("acr_values", "urn:vestibule:acr:multi-factor"), ("max_age", "10")] {
            let claims = r#"{"id_token":{"acr":{"essential":true,"value":"urn:vestibule:acr:multi-factor"}}}"#;
            let more = if more.0 == "max_age" { more } else { ("claims", claims) };
            let refused = browser.open(&ask("inbox", &[("prompt", "none"), more])).await;
            assert!(refused.left && refused.url.query().unwrap().contains("error="), "{more:?}: {}", refused.url);
        }
    }
    // The number proves no unlocking, whatever keys the person has.
    let (tokens, _) = signed_in(&lobby, &inbox, ADA, "openid").await;
    let Link { url, number } = link_of(&inbox, &tokens).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    answer(&mut browser, &page, &number).await;
    let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    assert_eq!(claims_of(&own)["amr"], json!(["pwd"]));
}

#[both_databases]
async fn which_keys_answer(house: House) {
    let (lobby, inbox) = open(house).await;
    let (ada, grace) = (Phone::of(&lobby, &inbox, ADA).await, Phone::of(&lobby, &inbox, GRACE).await);
    for key in [grace.id.as_str(), "x", &ada.id[1..]] {
        let refused = push(&inbox, &ada.token, &[("client_id", "inbox"), ("device_key", key)]).await;
        assert_eq!((refused.error(), refused.json.get("url")), ("invalid_request", None), "{key}");
    }
    // A number is asked for where the app names no key.
    assert_eq!(push(&inbox, &ada.token, &[("client_id", "inbox")]).await.text("number").len(), 2);
    let none = json!({ "vestibule_handoff_uri": null });
    lobby.node.update_client("photos", none.as_object().unwrap().clone()).await.unwrap();
    let refused = push(&inbox, &ada.token, &[("client_id", "inbox"), ("device_key", &ada.id)]).await;
    assert_eq!(refused.error(), "access_denied", "it has no link of its own any more");
}
