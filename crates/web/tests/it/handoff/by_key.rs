//! With a device's key in place of the number: the page asks the app through its own link, and the app's answer counts in
//! the browser that asked.

use jose::jwt::{HeaderExtras, sign};
use jose::provider::aws_lc;
use jose::{JwsAlgorithm, SigningKey};
use testkit::ISSUER;

use super::*;

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
        let claimed = json!({ "vestibule_handoff_uri": "https://photos.example/handoff?v=1" });
        lobby.node.update_client("photos", claimed.as_object().unwrap().clone()).await.unwrap();
        let (tokens, _) = signed_in(lobby, inbox, email, "openid").await;
        let (token, key) = (tokens.text("access_token"), SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap());
        let mut phone = Self { key, id: String::new(), token };
        let bearer = format!("Bearer {}", phone.token);
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = |proof: &str| {
            json!({ "jwk": phone.key.public_jwk().unwrap(), "name": "phone", "proof": proof }).to_string()
        };
        let asked = inbox.post_body("/api/device-keys/v1/keys", &headers, &body("")).await;
        let nonce = asked.headers["dpop-nonce"].to_str().unwrap().to_owned();
        let ath = jose::base64url::encode(jose::sha256(phone.token.as_bytes()));
        let claims = json!({ "aud": ISSUER, "iat": now(lobby), "jti": "r", "nonce": nonce, "ath": ath });
        let proof = phone.sign("vestibule-device-key+jwt", &claims);
        let registered = inbox.post_body("/api/device-keys/v1/keys", &headers, &body(&proof)).await;
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
    assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await);
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
        let (url, _) = phone.link(&inbox).await;
        let mut browser = lobby.browser();
        let page = browser.open(&url).await;
        let question = ask_app(&mut browser, &page).await;
        let said = match case {
            "number" => {
                let page = browser.press(&page, "handoff", "continue", &[("number", "47")]).await;
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
