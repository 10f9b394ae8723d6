//! From a native app into a web client (`/api/handoff/v1/links`, `/handoff`).

mod by_key;
mod pushing;

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{Browser, House, Page, START};
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code, assert_refused};
use crate::second_factor::App;

const PUSH: &str = "/api/handoff/v1/links";

/// A lobby where Photos may open Inbox, which begins sign-ins that others ask for (Core §4).
async fn open(house: House) -> (Lobby, Api) {
    let lobby = Lobby::open(house).await;
    let more = json!({
        "client_name": "Inbox",
        "initiate_login_uri": "https://inbox.example/login?from=handoff",
        "vestibule_handoff_from": ["photos"],
        "vestibule_app_group": "acme",
    });
    let inbox = Api::register(&lobby, "inbox", more).await;
    (lobby, inbox)
}

/// The tokens of the app in which somebody has signed in, and the browser where they did.
async fn signed_in(lobby: &Lobby, api: &Api, email: &str, scope: &str) -> (Reply, Browser) {
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[("scope", scope)])).await;
    let code = assert_code(&browser.sign_in(&page, email).await);
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", "photos"),
        ("code", code.as_str()),
        ("redirect_uri", "https://photos.example/cb"),
        ("code_verifier", VERIFIER),
    ];
    (api.post_as_is("/oauth2/token", &[], &fields).await, browser)
}

async fn push(api: &Api, token: &str, fields: &[(&str, &str)]) -> Reply {
    let authorization = format!("Bearer {token}");
    api.post_as_is(PUSH, &[("authorization", authorization.as_str())], fields).await
}

/// What the app shows and opens.
struct Link {
    url: String,
    number: String,
}

async fn link(lobby: &Lobby, api: &Api) -> Link {
    let (tokens, _) = signed_in(lobby, api, ADA, "openid").await;
    link_of(api, &tokens).await
}

async fn link_of(api: &Api, tokens: &Reply) -> Link {
    let fields = [("client_id", "inbox"), ("target_link_uri", "https://inbox.example/mail?id=7")];
    let pushed = push(api, &tokens.text("access_token"), &fields).await;
    assert_eq!((pushed.status, &pushed.json["expires_in"]), (201, &json!(60)), "{}", pushed.json);
    let (url, number) = (pushed.text("url"), pushed.text("number"));
    assert!(url.starts_with("https://id.example/handoff?token=vst_ln_") && number.len() == 2, "{}", pushed.json);
    Link { url, number }
}

async fn answer(browser: &mut Browser, page: &Page, number: &str) -> Page {
    browser.press(page, "handoff", "continue", &[("number", number)]).await
}

fn another(number: &str) -> String {
    format!("{:02}", (number.parse::<u32>().unwrap() - 10 + 1) % 90 + 10)
}

fn claims_of(tokens: &Reply) -> Value {
    jose::jwt::inspect(&tokens.text("id_token"), &jose::Limits::DEFAULT).unwrap().claims.into()
}

/// Core §4: the client begins its ordinary sign-in, and finds its person there.
#[both_databases]
async fn an_app_opens_a_client_that_is_signed_in(house: House) {
    let (lobby, inbox) = open(house).await;
    let (tokens, _) = signed_in(&lobby, &inbox, ADA, "openid").await;
    let Link { url, number } = link_of(&inbox, &tokens).await;
    lobby.house.clock.advance(Duration::from_secs(20));
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    assert!(page.step() == "handoff" && page.says("Ada Lovelace") && page.says("Inbox"), "{}", page.text);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("form-action 'self' https://inbox.example"), "{policy}");
    let page = answer(&mut browser, &page, &number).await;
    let expected = "https://inbox.example/login?from=handoff&iss=https%3A%2F%2Fid.example\
                    &target_link_uri=https%3A%2F%2Finbox.example%2Fmail%3Fid%3D7";
    assert_eq!((page.left, page.url.as_str()), (true, expected));
    // The client's ordinary flow: no page at all.
    let page = browser.open(&ask("inbox", &[("prompt", "none"), ("scope", "openid offline_access device_sso")])).await;
    let own = inbox.redeem(&assert_code(&page)).await;
    assert_eq!(own.text("scope"), "openid", "nothing outlives the app's session, or is shared with others");
    assert!(own.json.get("device_secret").is_none());
    let (parent, child) = (claims_of(&tokens), claims_of(&own));
    assert_eq!(child["sub"], parent["sub"]);
    assert_ne!(child["sid"], parent["sid"], "a session of its own");
    assert_eq!(
        (&child["auth_time"], &child["amr"]),
        (&json!(START.seconds()), &json!(["pwd"])),
        "nothing new was proven"
    );
    let trail = lobby.trail(ADA).await;
    assert!(trail.contains(&"handoff.asked".to_owned()) && trail.contains(&"handoff.taken".to_owned()), "{trail:?}");
}

/// What began opens that client and nothing else.
#[both_databases]
async fn a_child_session_is_one_clients(house: House) {
    let (lobby, inbox) = open(house).await;
    let Link { url, number } = link(&lobby, &inbox).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    answer(&mut browser, &page, &number).await;
    assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await);
    for address in ["/account", "/account/sessions", "/account/passkeys", &ask("photos", &[]), &ask("drive", &[])] {
        assert_eq!(browser.clone().open(address).await.step(), "signin", "{address}");
    }
    assert_refused(&browser.open(&ask("photos", &[("prompt", "none")])).await, "login_required");
    // To prove more is to sign in: no code or passkey alone makes a session of it.
    let totp = App::set_up(&lobby, &mut lobby.adas_browser().await).await;
    let more = [("acr_values", "urn:vestibule:acr:multi-factor")];
    assert_eq!(browser.clone().open(&ask("inbox", &more)).await.step(), "signin");
    // Whoever signs in beside it has a session of their own, which opens the rest; the child stays what it is.
    let mut beside = browser.clone();
    let page = beside.open("/signin").await;
    beside.sign_in(&page, GRACE).await;
    assert!(beside.open("/account").await.says("Grace Hopper"));
    let own = inbox.redeem(&assert_code(&beside.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    assert_eq!(claims_of(&own)["sub"], ada.to_string());
    let page = beside.open(&ask("photos", &[("prompt", "login")])).await;
    let page = beside.sign_in(&page, ADA).await;
    assert_code(&beside.press(&page, "totp", "verify", &[("code", &totp.code(&lobby))]).await);
    let sessions = lobby.node.list_sessions(ada).await.unwrap();
    assert_eq!(sessions.len(), 4, "the app's, the child, where the code was set up, and the one here");
}

/// It ends with the app's session, whoever ends that, and the client is told.
#[both_databases]
async fn a_child_ends_with_its_parent(house: House) {
    let (lobby, inbox) = open(house).await;
    let (tokens, mut first) = signed_in(&lobby, &inbox, ADA, "openid").await;
    let Link { url, number } = link_of(&inbox, &tokens).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    answer(&mut browser, &page, &number).await;
    let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    let (access, refresh) = (own.text("access_token"), own.text("refresh_token"));
    assert!(inbox.is_active(&access).await);
    let page = first.open("/oauth2/logout").await;
    first.press(&page, "signout", "signout", &[]).await;
    assert!(!inbox.is_active(&access).await);
    assert_eq!(inbox.refresh(&refresh).await.error(), "invalid_grant");
    assert_refused(&browser.open(&ask("inbox", &[("prompt", "none")])).await, "login_required");
    assert_eq!(lobby.trail(ADA).await.iter().filter(|kind| *kind == "session.ended").count(), 2);
    // The app has nothing more to hand on.
    let refused = push(&inbox, &tokens.text("access_token"), &[("client_id", "inbox")]).await;
    assert_eq!((refused.status, refused.error()), (401, "invalid_token"));
}

/// Whoever verifies a token of the child alone learns from its `exp` when the app's session is over.
#[both_databases]
async fn no_token_of_a_child_promises_more_than_the_apps_session(mut house: House) {
    house.settings.session.lifetime = Duration::from_secs(240);
    let (lobby, inbox) = open(house).await;
    let (tokens, _) = signed_in(&lobby, &inbox, ADA, "openid").await;
    lobby.house.clock.advance(Duration::from_secs(200));
    let Link { url, number } = link_of(&inbox, &tokens).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    answer(&mut browser, &page, &number).await;
    let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    lobby.house.clock.advance(Duration::from_secs(15));
    let later = inbox.refresh(&own.text("refresh_token")).await;
    for (tokens, left) in [(&own, 40), (&later, 25)] {
        assert_eq!(tokens.json["expires_in"], left, "{}", tokens.json);
        for name in ["access_token", "id_token"] {
            let claims = jose::jwt::inspect(&tokens.text(name), &jose::Limits::DEFAULT).unwrap().claims;
            assert_eq!(claims["exp"], START.seconds() + 240, "{name}");
        }
    }
}

/// An address that nobody has opened, and one whose page is open, are worth nothing once the app's session is over.
#[both_databases]
async fn a_link_ends_with_the_apps_session(house: House) {
    let (lobby, inbox) = open(house).await;
    let (shut, Link { url, number }) = (link(&lobby, &inbox).await, link(&lobby, &inbox).await);
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    lobby.node.revoke_sessions_of(ada).await.unwrap();
    assert_eq!(lobby.browser().open(&shut.url).await.status.as_u16(), 410, "whose it would be is told no more");
    let late = answer(&mut browser, &page, &number).await;
    assert_eq!((late.status.as_u16(), late.left), (410, false), "{}", late.text);
    let trail = lobby.trail(ADA).await;
    assert!(
        !trail.iter().any(|kind| kind == "handoff.taken" || kind == "handoff.refused"),
        "nothing was used: {trail:?}"
    );
    assert_refused(&browser.open(&ask("inbox", &[("prompt", "none")])).await, "login_required");
}

/// A child can be ended alone, and signing out where it is ends it.
#[both_databases]
async fn a_child_is_signed_out_where_it_is(house: House) {
    let (lobby, inbox) = open(house).await;
    let (tokens, _) = signed_in(&lobby, &inbox, ADA, "openid").await;
    let Link { url, number } = link_of(&inbox, &tokens).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    answer(&mut browser, &page, &number).await;
    let own = inbox.redeem(&assert_code(&browser.open(&ask("inbox", &[("prompt", "none")])).await)).await;
    browser.open(&format!("/oauth2/logout?id_token_hint={}", own.text("id_token"))).await;
    assert!(!inbox.is_active(&own.text("access_token")).await);
    assert_refused(&browser.open(&ask("inbox", &[("prompt", "none")])).await, "login_required");
    let fields = [("client_id", "inbox")];
    assert_eq!(push(&inbox, &tokens.text("access_token"), &fields).await.status, 201, "the app's own goes on");
}

/// A link that is sent to somebody else's browser signs nobody in: whoever opens it does not see the number.
#[both_databases]
async fn without_the_number_nobody_is_signed_in(house: House) {
    let (lobby, inbox) = open(house).await;
    let Link { url, number } = link(&lobby, &inbox).await;
    for wrong in ["", "4", "abc", "another"] {
        let Link { url, number } = link(&lobby, &inbox).await;
        let said = if wrong == "another" { another(&number) } else { wrong.to_owned() };
        let mut thief = lobby.browser();
        let page = thief.open(&url).await;
        let refused = answer(&mut thief, &page, &said).await;
        assert_eq!((refused.status.as_u16(), refused.left), (403, false), "{wrong}");
        assert!(!thief.cookies.contains_key("__Host-vestibule"), "{wrong}");
        // One try uses it up, for whoever has the number, too.
        let page = answer(&mut thief, &page, &number).await;
        assert_eq!((page.status.as_u16(), page.left), (410, false), "{wrong}");
        assert_refused(&thief.open(&ask("inbox", &[("prompt", "none")])).await, "login_required");
    }
    assert!(lobby.trail(ADA).await.contains(&"handoff.refused".to_owned()));
    // A form is the browser's that was shown it.
    let (mut one, mut other) = (lobby.browser(), lobby.browser());
    let page = one.open(&url).await;
    other.open(&url).await;
    let stale = other.press(&page, "handoff", "continue", &[("number", &number)]).await;
    assert_eq!((stale.status.as_u16(), stale.left), (403, false));
    assert!(answer(&mut one, &page, &number).await.left);
}

/// Whoever fetches it beforehand uses nothing up; the second who answers comes too late.
#[both_databases]
async fn it_works_once_and_looking_is_free(house: House) {
    let (lobby, inbox) = open(house).await;
    let Link { url, number } = link(&lobby, &inbox).await;
    for _ in 0..3 {
        assert_eq!(lobby.browser().open(&url).await.step(), "handoff");
    }
    let mut browsers: Vec<_> = (0..8).map(|_| lobby.browser()).collect();
    let mut pages = Vec::new();
    for browser in &mut browsers {
        pages.push(browser.open(&url).await);
    }
    let answers = browsers.iter_mut().zip(&pages).map(|(browser, page)| answer(browser, page, &number));
    let landed = futures_join(answers.collect()).await;
    assert_eq!(landed.iter().filter(|page| page.left).count(), 1, "one of those who answer at once");
    let late = lobby.browser().open(&url).await;
    assert_eq!((late.status.as_u16(), late.says("no longer works")), (410, true));
    let Link { url, number } = link(&lobby, &inbox).await;
    let mut browser = lobby.browser();
    let page = browser.open(&url).await;
    lobby.house.clock.advance(Duration::from_secs(60));
    assert_eq!(answer(&mut browser, &page, &number).await.status.as_u16(), 410, "a minute has passed");
}

async fn futures_join<F: Future<Output = Page>>(all: Vec<F>) -> Vec<Page> {
    let mut all: Vec<_> = all.into_iter().map(Box::pin).collect();
    let mut done: Vec<Option<Page>> = all.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (one, done) in all.iter_mut().zip(&mut done).filter(|(_, done)| done.is_none()) {
            if let std::task::Poll::Ready(page) = one.as_mut().poll(context) {
                *done = Some(page);
            }
        }
        if done.iter().all(Option::is_some) { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}

/// In a browser in which the person is signed in anyway, no second session begins.
#[both_databases]
async fn who_is_signed_in_there_stays_who_they_are(house: House) {
    let (lobby, inbox) = open(house).await;
    let (tokens, mut browser) = signed_in(&lobby, &inbox, ADA, "openid").await;
    let Link { url, number } = link_of(&inbox, &tokens).await;
    let before = browser.cookies["__Host-vestibule"].clone();
    let page = browser.open(&url).await;
    assert!(answer(&mut browser, &page, &number).await.left);
    assert_eq!(browser.cookies["__Host-vestibule"], before);
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    assert_eq!(lobby.node.list_sessions(ada).await.unwrap().len(), 1);
}
