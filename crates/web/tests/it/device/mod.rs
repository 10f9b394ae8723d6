//! The device grant (RFC 8628): codes, the page, polls, and what the device has then.

mod attempts;

use std::time::Duration;

use idp::caller::Caller;
use serde_json::json;
use testkit::{Browser, House, ISSUER, Page};
use testkit_macros::both_databases;

use crate::api::{Api, Reply};
use crate::lobby::{ADA, GRACE, Lobby};

/// A television: a public client without an address of its own.
struct Tv {
    api: Api,
    codes: Reply,
}

impl Tv {
    async fn register(lobby: &Lobby, more: serde_json::Value) -> Api {
        let mut metadata = json!({
            "vestibule_type": "native",
            "client_name": "Telly",
            "vestibule_trusted": true,
            "redirect_uris": [],
            "token_endpoint_auth_method": "none",
            "grant_types": [GRANT, "refresh_token"],
            "scope": "openid profile email",
        });
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        Api::register(lobby, "tv", metadata).await
    }

    /// Asks for codes.
    async fn ask(lobby: &Lobby) -> Self {
        let api = Self::register(lobby, json!({})).await;
        let codes = ask(&api, &[]).await;
        assert_eq!(codes.status, 200, "{}", codes.json);
        Self { api, codes }
    }

    async fn again(&self) -> Self {
        Self { api: self.api.clone(), codes: ask(&self.api, &[]).await }
    }

    fn user_code(&self) -> String {
        self.codes.text("user_code")
    }

    async fn poll(&self) -> Reply {
        poll(&self.api, &self.codes.text("device_code")).await
    }

    async fn refresh(&self, token: &str) -> Reply {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "tv")];
        self.api.post_as_is("/oauth2/token", &[], &fields).await
    }
}

async fn ask(api: &Api, more: &[(&str, &str)]) -> Reply {
    let fields = [&[("client_id", api.id.as_str()), ("scope", "openid profile")], more].concat();
    api.post_as_is("/oauth2/device", &[("user-agent", "Telly/1.0 (Linux; Android 14)")], &fields).await
}

async fn poll(api: &Api, device_code: &str) -> Reply {
    let fields = [("grant_type", GRANT), ("device_code", device_code), ("client_id", &api.id)];
    api.post_as_is("/oauth2/token", &[], &fields).await
}

/// Types a code.
async fn enter(browser: &mut Browser, code: &str) -> Page {
    let page = browser.open("/device").await;
    browser.press(&page, "device", "next", &[("user_code", code)]).await
}

/// RFC 8628 §3.2 to §3.5, from the codes to the tokens; a trusted app is asked for all the same (§5.4).
#[both_databases]
async fn a_television_is_signed_in(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let (codes, code) = (&tv.codes.json, tv.user_code());
    assert_eq!(codes["verification_uri"], format!("{ISSUER}/device"));
    assert_eq!(codes["verification_uri_complete"], format!("{ISSUER}/device?user_code={code}"));
    assert_eq!((codes["interval"].as_u64(), codes["expires_in"].as_u64()), (Some(5), Some(600)));
    assert_eq!(tv.codes.headers["cache-control"], "no-store");
    assert!(code.len() == 9 && !code.contains(['A', 'E', 'I', 'O', 'U', 'Y']), "{code}");
    let waiting = tv.poll().await;
    assert_eq!((waiting.status, waiting.error()), (400, "authorization_pending"));

    let mut browser = lobby.browser();
    let typed = code.to_lowercase().replace('-', " ");
    let page = enter(&mut browser, &typed).await;
    assert_eq!((page.step(), page.says("Telly")), ("signin", true), "{}", page.text);
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.step(), "consent", "{}", page.text);
    assert!(page.says("data-device") && page.says("Android") && page.says("Telly"), "{}", page.text);
    let page = browser.press(&page, "consent", "allow", &[("scope", "profile")]).await;
    assert!(!page.left && page.url.path() == "/device" && page.says("Your device is connected"), "{}", page.text);
    assert!(lobby.trail(ADA).await.contains(&"device.allowed".to_owned()));

    let tokens = tv.poll().await;
    assert_eq!((tokens.status, tokens.text("scope").as_str()), (200, "openid profile"), "{}", tokens.json);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id.to_string();
    assert_eq!(tv.api.get("/oauth2/userinfo", &tokens.text("access_token")).await.text("sub"), ada);
    assert_eq!(tv.poll().await.error(), "invalid_grant", "once");
    assert_eq!(tv.refresh(&tokens.text("refresh_token")).await.status, 200, "a second poll takes nothing away");
}

/// The browser in which it was allowed signs out; the television stays, until its person signs it out at `/account/apps`.
#[both_databases]
async fn a_television_outlives_the_browsers_session(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.browser();
    let first = allowed(&mut browser, &tv).await;
    lobby.house.clock.advance(Duration::from_secs(60));
    let other = tv.again().await;
    let second = allowed(&mut browser, &other).await;

    let page = browser.open("/account").await;
    browser.press(&page, "signout", "signout", &[]).await;
    let first = tv.refresh(&first.text("refresh_token")).await;
    assert_eq!(first.status, 200, "{}", first.json);
    assert_eq!(tv.api.get("/oauth2/userinfo", &first.text("access_token")).await.status, 200);

    let page = browser.open("/signin").await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.url.path(), "/account");
    let page = browser.open("/account/apps").await;
    assert!(page.says("Telly") && page.says("signed in with a code") && page.says("Android"), "{}", page.text);
    assert_eq!(page.text.matches("data-step=\"device-end\"").count(), 2);
    browser.press(&page, "device-end", "end-device", &[]).await;
    assert_eq!(tv.refresh(&first.text("refresh_token")).await.error(), "invalid_grant", "the first one");
    let second = tv.refresh(&second.text("refresh_token")).await;
    assert_eq!(second.status, 200, "the other one stays");
    let page = browser.open("/account/apps").await;
    browser.press(&page, "app-withdraw", "withdraw", &[]).await;
    assert_eq!(tv.refresh(&second.text("refresh_token")).await.error(), "invalid_grant", "all that the app had");
}

/// RFC 8628 §3.5 `slow_down`: the interval grows by 5 seconds and stays so, whichever node is asked.
#[both_databases]
async fn who_asks_too_often_waits_longer_on_every_node(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let other = Tv { api: tv.api.at(House::router(&lobby.house.node().await)), codes: ask(&tv.api, &[]).await };
    let device_code = tv.codes.text("device_code");
    for (node, after, error) in [
        (&tv, 0, "authorization_pending"),
        (&other, 5, "authorization_pending"),
        (&tv, 2, "slow_down"),
        (&other, 5, "slow_down"),
        (&tv, 10, "slow_down"),
        (&other, 20, "authorization_pending"),
        (&tv, 20, "authorization_pending"),
    ] {
        lobby.house.clock.advance(Duration::from_secs(after));
        assert_eq!(poll(&node.api, &device_code).await.error(), error, "after {after}");
    }
    let at_once: Vec<_> = (0..2)
        .map(|_| {
            let (api, code) = (other.api.clone(), other.codes.text("device_code"));
            tokio::spawn(async move { poll(&api, &code).await })
        })
        .collect();
    let mut errors = Vec::new();
    for one in at_once {
        errors.push(one.await.unwrap().error().to_owned());
    }
    errors.sort();
    assert_eq!(errors, ["authorization_pending", "slow_down"], "of two at once");
}

/// RFC 8628 §3.5 `access_denied`, `expired_token`; a code that was answered, or has expired, opens nothing.
#[both_databases]
async fn who_denies_and_who_comes_too_late(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.adas_browser().await;
    let page = enter(&mut browser, &tv.user_code()).await;
    assert_eq!(page.step(), "consent", "{}", page.text);
    let page = browser.press(&page, "consent", "deny", &[]).await;
    assert!(page.says("The device was not let in"), "{}", page.text);
    assert!(lobby.trail(ADA).await.contains(&"device.denied".to_owned()));
    let denied = tv.poll().await;
    assert_eq!((denied.status, denied.error()), (400, "access_denied"));
    let page = enter(&mut browser, &tv.user_code()).await;
    assert_eq!((page.step(), page.status.as_u16()), ("device", 422), "answered: {}", page.text);

    let late = tv.again().await;
    let page = enter(&mut browser, &late.user_code()).await;
    lobby.house.clock.advance(Duration::from_secs(600));
    let page = browser.press(&page, "consent", "allow", &[]).await;
    assert_eq!((page.step(), page.status.as_u16()), ("error", 400), "{}", page.text);
    assert_eq!(late.poll().await.error(), "expired_token");
    assert_eq!(enter(&mut browser, &late.user_code()).await.status, 422);
}

/// Whoever takes back what they allowed has taken it back, whether or not the device has come for it.
#[both_databases]
async fn what_was_taken_back_before_the_device_came_is_gone(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.adas_browser().await;
    let page = enter(&mut browser, &tv.user_code()).await;
    browser.press(&page, "consent", "allow", &[("scope", "profile")]).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    assert!(lobby.node.withdraw(ada, "tv", &Caller::operator()).await.unwrap());
    assert_eq!(tv.poll().await.error(), "invalid_grant");
}

/// Whatever ends what runs for a person ends what they allowed and no device has fetched: a new password, even by the session
/// that allowed it; signing out everywhere else; the operator; a disowned sign-in; disablement, though it is taken back.
#[both_databases]
async fn what_was_allowed_and_not_fetched_ends_with_all_the_rest(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.verified(ADA).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    // Somebody signs in elsewhere, and a mail with a link tells her so.
    let mut elsewhere = lobby.browser();
    let page = elsewhere.open("/signin").await;
    elsewhere.sign_in(&page, ADA).await;
    let link = lobby.mails().await.into_iter().find_map(|letter| match letter.mail {
        idp::mail::Mail::NewDevice { token, .. } => Some(token),
        _ => None,
    });
    let (link, caller) = (link.unwrap(), Caller::operator());
    for by in ["nothing", "others", "operator", "disabled", "password", "not-me"] {
        lobby.house.clock.advance(Duration::from_secs(1));
        let tv = tv.again().await;
        let mut page = enter(&mut browser, &tv.user_code()).await;
        if page.step() == "signin" {
            page = browser.sign_in(&page, ADA).await;
        }
        assert_eq!(page.step(), "consent", "{by}: {}", page.text);
        browser.press(&page, "consent", "allow", &[("scope", "profile")]).await;
        let session = lobby.node.list_sessions(ada).await.unwrap().pop().unwrap().session.id;
        match by {
            "others" => {
                lobby.node.end_other_sessions(ada, session, &caller).await.unwrap();
            }
            "operator" => {
                lobby.node.revoke_sessions_of(ada).await.unwrap();
            }
            "disabled" => {
                for access in [idp::people::Access::Disabled, idp::people::Access::Enabled] {
                    lobby.node.set_user_disabled(ada, access).await.unwrap();
                }
            }
            "password" => {
                let (old, new) = (testkit::PASSWORD, "a rather different one");
                lobby.node.change_password(ada, Some(session), old, new, &caller).await.unwrap();
            }
            "not-me" => {
                lobby.node.disown(&link, &caller).await.unwrap();
            }
            _ => {}
        }
        let (status, error) = if by == "nothing" { (200, "") } else { (400, "invalid_grant") };
        let polled = tv.poll().await;
        assert_eq!((polled.status, polled.error()), (status, error), "{by}: {}", polled.json);
    }
}

/// One answer counts, of one flow or of another, for as many as come at once; one poll gets the tokens.
#[both_databases]
async fn of_many_answers_one_counts_and_of_many_polls_one_redeems(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut pages = Vec::new();
    for _ in 0..8 {
        let mut browser = lobby.adas_browser().await;
        let page = enter(&mut browser, &tv.user_code()).await;
        assert_eq!(page.step(), "consent");
        pages.push((browser, page));
    }
    let racing: Vec<_> = pages
        .into_iter()
        .zip(["allow", "deny"].into_iter().cycle())
        .map(|((mut browser, page), action)| {
            tokio::spawn(async move { (browser.press(&page, "consent", action, &[]).await, action) })
        })
        .collect();
    let mut answers = Vec::new();
    for one in racing {
        let (page, action) = one.await.unwrap();
        match page.url.path() {
            "/device" => answers.push(action),
            _ => assert_eq!(page.step(), "error", "{}", page.text),
        }
    }
    let [answer] = answers.as_slice() else { panic!("{answers:?}") };
    let polls: Vec<_> = (0..16)
        .map(|_| {
            let (api, code) = (tv.api.clone(), tv.codes.text("device_code"));
            tokio::spawn(async move { poll(&api, &code).await })
        })
        .collect();
    let (mut won, mut lost) = (0, Vec::new());
    for one in polls {
        let reply = one.await.unwrap();
        match reply.status {
            200 => won += 1,
            _ => lost.push(reply.error().to_owned()),
        }
    }
    lost.dedup();
    match *answer {
        "allow" => assert_eq!((won, lost), (1, vec!["invalid_grant".to_owned()])),
        _ => assert_eq!((won, lost), (0, vec!["access_denied".to_owned()])),
    }
}

/// Another person than the one who asked answers for themselves, with one account of several; whoever is disabled by then
/// gets nothing.
#[both_databases]
async fn a_device_gets_what_its_person_may(house: House) {
    let lobby = Lobby::open(house).await;
    let tv = Tv::ask(&lobby).await;
    let mut browser = lobby.shared_browser().await;
    let page = enter(&mut browser, &tv.user_code()).await;
    assert_eq!(page.step(), "account");
    let grace = lobby.node.find_user(GRACE).await.unwrap().unwrap().id;
    let before = page.text.split(GRACE).next().unwrap();
    let session = before.rsplit("value=\"").next().unwrap().split('"').next().unwrap().to_owned();
    let page = browser.press(&page, "account", "", &[("session", &session)]).await;
    assert!(page.step() == "consent" && page.says(GRACE), "{}", page.text);
    browser.press(&page, "consent", "allow", &[("scope", "profile")]).await;
    lobby.node.set_user_disabled(grace, idp::people::Access::Disabled).await.unwrap();
    assert_eq!(tv.poll().await.error(), "invalid_grant");
}

async fn allowed(browser: &mut Browser, tv: &Tv) -> Reply {
    let mut page = enter(browser, &tv.user_code()).await;
    if page.step() == "signin" {
        page = browser.sign_in(&page, ADA).await;
    }
    assert_eq!(page.step(), "consent", "{}", page.text);
    browser.press(&page, "consent", "allow", &[("scope", "profile")]).await;
    let tokens = tv.poll().await;
    assert_eq!(tokens.status, 200, "{}", tokens.json);
    tokens
}

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
