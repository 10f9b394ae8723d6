//! Signing out reaches the apps (OpenID Connect Back-Channel Logout 1.0, Front-Channel Logout 1.0).

use std::time::Duration;

use idp::caller::Caller;
use jose::jwt::{Rules, verify};
use serde_json::{Map, Value, json};
use testkit::{Browser, House, ISSUER, Listener, PASSWORD, Page};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, GRACE, Lobby, app, ask, assert_code, go};

/// An app that wants to be told at `listener`.
async fn hears(lobby: &Lobby, id: &str, listener: &Listener) -> Api {
    let to = format!("http://localhost:{}/out?app={id}", listener.port);
    Api::register(lobby, id, json!({ "backchannel_logout_uri": to, "client_name": format!("The {id}") })).await
}

/// An app whose own page signs out in a frame.
async fn frames(lobby: &Lobby, id: &str) {
    let more = json!({
        "vestibule_trusted": true,
        "frontchannel_logout_uri": format!("https://{id}.example/out?a=b"),
        "frontchannel_logout_session_required": true,
    });
    House::add_client(&lobby.node, app(id, id, more)).await;
}

async fn enter(browser: &mut Browser, app: &str) -> String {
    let page = go(browser, &ask(app, &[("scope", "openid")])).await;
    match page.left {
        true => assert_code(&page),
        false => assert_code(&browser.sign_in(&page, ADA).await),
    }
}

async fn sign_out(browser: &mut Browser) -> Page {
    let page = browser.open("/account").await;
    browser.press(&page, "signout", "signout", &[]).await
}

/// What a logout token says, verified as an app would (§2.6); `alg` is the app's.
async fn claims(lobby: &Lobby, body: &str, alg: jose::JwsAlgorithm) -> Map<String, Value> {
    let token = body.strip_prefix("logout_token=").unwrap_or_else(|| panic!("{body}"));
    let keys = lobby.node.published_keys().json.clone();
    let keys = jose::JwkSet::parse(jose::provider::aws_lc(), &keys, &jose::Limits::DEFAULT).unwrap();
    let (now, algs) = (lobby.house.clock_now().seconds(), [alg]);
    let rules = Rules::new(now, &algs).issuer(ISSUER).typ("logout+jwt").require_exp().require_jti();
    verify::<Map<String, Value>>(token, keys.keys(), &rules).unwrap().into_claims()
}

/// §2.4, §2.5: every app that takes part is told, once, by a token that is no ID token.
#[both_databases]
async fn every_app_of_the_session_is_told(house: House) {
    let lobby = Lobby::open(house).await;
    let (mut bank_hears, mut shop_hears) = (Listener::answering(&[200]).await, Listener::answering(&[204]).await);
    let bank = hears(&lobby, "bank", &bank_hears).await;
    hears(&lobby, "shop", &shop_hears).await;
    hears(&lobby, "club", &shop_hears).await;
    let mut browser = lobby.browser();
    let tokens = bank.redeem(&enter(&mut browser, "bank").await).await;
    // A second visit is the same part in the session.
    enter(&mut browser, "bank").await;
    // One that has no refresh token, and one that never redeemed its code.
    enter(&mut browser, "shop").await;
    let mut elsewhere = lobby.browser();
    enter(&mut elsewhere, "club").await;
    let page = sign_out(&mut browser).await;
    assert!(page.status.as_u16() == 200 && page.says("You are signed out") && !page.says("could not be told"));

    let (target, body) = bank_hears.next().await;
    assert_eq!(target, "/out?app=bank");
    let told = claims(&lobby, &body, jose::JwsAlgorithm::RS256).await;
    let id_token = tokens.text("id_token");
    let payload = jose::base64url::decode(id_token.split('.').nth(1).unwrap()).unwrap();
    let id_token: Value = serde_json::from_slice(&payload).unwrap();
    for (name, value) in [("sub", &id_token["sub"]), ("sid", &id_token["sid"]), ("aud", &json!("bank"))] {
        assert_eq!(told.get(name), Some(value), "{name}");
    }
    assert_eq!(told["events"], json!({ "http://schemas.openid.net/event/backchannel-logout": {} }));
    assert!(!told.contains_key("nonce"));
    assert_eq!(shop_hears.next().await.0, "/out?app=shop");
    // Nobody is told twice, nor of a session that goes on.
    lobby.node.tell_due_now().await;
    assert!(!bank_hears.has_more() && !shop_hears.has_more());
    assert_code(&elsewhere.open(&ask("club", &[("prompt", "none")])).await);
    // Signing out once more has nobody to tell.
    enter(&mut browser, "photos").await;
    sign_out(&mut browser).await;
    assert!(!bank_hears.has_more() && !shop_hears.has_more());
}

/// §2.4: signed as the app's ID tokens are.
#[both_databases]
async fn a_logout_token_is_signed_as_the_apps_id_tokens(house: House) {
    let lobby = Lobby::open(house).await;
    let mut listener = Listener::answering(&[200]).await;
    let to = format!("http://localhost:{}/out", listener.port);
    let more = json!({ "backchannel_logout_uri": to, "id_token_signed_response_alg": "ES256" });
    Api::register(&lobby, "bank", more).await;
    let mut browser = lobby.browser();
    enter(&mut browser, "bank").await;
    sign_out(&mut browser).await;
    claims(&lobby, &listener.next().await.1, jose::JwsAlgorithm::ES256).await;
}

/// Whatever ends a session, its apps are told.
#[both_databases]
async fn every_way_out_is_told(house: House) {
    let lobby = Lobby::open(house).await;
    let mut listener = Listener::answering(&[200]).await;
    let bank = hears(&lobby, "bank", &listener).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    for way in ["hint", "person", "operator", "all", "password", "disabled", "deleted"] {
        let mut browser = lobby.browser();
        let code = enter(&mut browser, "bank").await;
        let session = lobby.node.list_sessions(ada).await.unwrap().pop().unwrap();
        match way {
            "hint" => {
                let token = bank.redeem(&code).await.text("id_token");
                browser.open(&format!("/oauth2/logout?id_token_hint={token}")).await;
            }
            "person" => {
                let page = browser.open("/oauth2/logout").await;
                browser.press(&page, "signout", "signout", &[]).await;
            }
            "operator" => assert!(lobby.node.revoke_session(ada, session.id).await.unwrap()),
            "all" => assert_eq!(lobby.node.revoke_sessions_of(ada).await.unwrap(), 1),
            "password" => lobby.node.set_password(ada, PASSWORD).await.unwrap(),
            "disabled" => {
                lobby.node.set_user_disabled(ada, idp::people::Access::Disabled).await.unwrap();
                lobby.node.set_user_disabled(ada, idp::people::Access::Enabled).await.unwrap();
            }
            _ => assert!(lobby.node.delete_user(ada).await.unwrap()),
        }
        lobby.node.tell_due_now().await;
        let told = claims(&lobby, &listener.next().await.1, jose::JwsAlgorithm::RS256).await;
        assert_eq!(told["sid"], json!(session.id), "{way}");
        assert!(!listener.has_more(), "{way}");
    }
}

/// An app that does not answer is named on the page, tried again with growing pauses, and given up in the end.
#[both_databases]
async fn an_app_that_cannot_be_told_is_named_and_tried_again(house: House) {
    let lobby = Lobby::open(house).await;
    let mut listener = Listener::answering(&[500, 302, 400, 200]).await;
    hears(&lobby, "bank", &listener).await;
    let mut browser = lobby.browser();
    enter(&mut browser, "bank").await;
    enter(&mut browser, "photos").await;
    let page = sign_out(&mut browser).await;
    assert!(page.says("could not be told") && page.says("The bank") && !page.says("Photos"), "{}", page.text);
    let first = listener.next().await.1;
    // Two nodes tell it: one takes the turn.
    let other = lobby.house.node().await;
    for minutes in [1, 2, 5] {
        lobby.house.clock.advance(Duration::from_secs(minutes * 60 - 1));
        lobby.node.tell_due_now().await;
        assert!(!listener.has_more(), "before its time: {minutes}");
        lobby.house.clock.advance(Duration::from_secs(1));
        tokio::join!(lobby.node.tell_due_now(), other.tell_due_now());
        let again = listener.next().await.1;
        assert_ne!(again, first, "a token of its own, since the first has expired");
        claims(&lobby, &again, jose::JwsAlgorithm::RS256).await;
        assert!(!listener.has_more(), "{minutes}");
    }
    // It has answered at last.
    lobby.house.clock.advance(Duration::from_secs(24 * 3600));
    lobby.node.tell_due_now().await;
    assert!(!listener.has_more());

    // One that never does.
    let gone = Listener::answering(&[500]).await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let to = format!("http://localhost:{}/", gone.port);
    lobby
        .node
        .update_client("bank", json!({ "backchannel_logout_uri": to }).as_object().unwrap().clone())
        .await
        .unwrap();
    enter(&mut browser, "bank").await;
    lobby.node.revoke_sessions_of(ada).await.unwrap();
    for _ in 0..30 {
        lobby.node.tell_due_now().await;
        lobby.house.clock.advance(Duration::from_secs(6 * 3600));
    }
    let trail = lobby.node.audit_of(ada, 50).await.unwrap();
    let given_up: Vec<_> = trail.iter().filter(|entry| entry.kind == "session.app-not-told").collect();
    assert!(matches!(given_up.as_slice(), [one] if one.client.as_deref() == Some("bank")), "{trail:?}");
    let mut requests = gone;
    let mut tries = 0;
    while requests.has_more() {
        requests.next().await;
        tries += 1;
    }
    assert_eq!(tries, 9);
}

/// An app that is let in again before it was told of the end has nothing to be told.
#[both_databases]
async fn what_came_after_the_end_is_not_ended(house: House) {
    let lobby = Lobby::open(house).await;
    let mut listener = Listener::answering(&[200]).await;
    hears(&lobby, "bank", &listener).await;
    let mut browser = lobby.browser();
    enter(&mut browser, "bank").await;
    let known = lobby.node.browser(Some(&browser.cookies["__Host-vestibule"])).await.unwrap().unwrap();
    let before = known.sessions[0].id;
    lobby.node.end_session(known.id, before, &Caller::operator()).await.unwrap();
    enter(&mut browser, "bank").await;
    lobby.node.tell_due_now().await;
    let told = claims(&lobby, &listener.next().await.1, jose::JwsAlgorithm::RS256).await;
    assert_eq!(told["sid"], json!(before), "the new session has another sid");
    assert!(!listener.has_more());
    assert_code(&browser.open(&ask("bank", &[("prompt", "none")])).await);
}

/// Whoever registers an app's id anew, or was disabled, hears nothing of people who were there before.
#[both_databases]
async fn an_app_that_is_another_by_now_is_not_told(house: House) {
    let lobby = Lobby::open(house).await;
    let hears_now = Listener::answering(&[200]).await;
    for id in ["bank", "shop"] {
        hears(&lobby, id, &hears_now).await;
    }
    let mut browser = lobby.browser();
    enter(&mut browser, "bank").await;
    enter(&mut browser, "shop").await;
    let known = lobby.node.browser(Some(&browser.cookies["__Host-vestibule"])).await.unwrap().unwrap();
    lobby.house.clock.advance(Duration::from_secs(1));
    lobby.node.delete_client("bank").await.unwrap();
    hears(&lobby, "bank", &hears_now).await;
    lobby.house.disable_client("shop").await;
    lobby.node.end_session(known.id, known.sessions[0].id, &Caller::operator()).await.unwrap();
    // A node that has not read the clients before.
    lobby.house.node().await.tell_due_now().await;
    assert!(!hears_now.has_more());
}

/// An app that takes part in the sessions of two people of a browser is named once.
#[both_databases]
async fn an_app_that_cannot_be_told_twice_is_named_once(house: House) {
    let lobby = Lobby::open(house).await;
    let listener = Listener::answering(&[500]).await;
    hears(&lobby, "bank", &listener).await;
    let mut browser = lobby.browser();
    enter(&mut browser, "bank").await;
    let page = browser.open(&ask("bank", &[("scope", "openid"), ("prompt", "login")])).await;
    assert_code(&browser.sign_in(&page, GRACE).await);
    let page = sign_out(&mut browser).await;
    assert!(page.says("could not be told"), "{}", page.text);
    assert_eq!(page.text.matches("The bank").count(), 1, "{}", page.text);
}

/// Front-Channel Logout 1.0 §2, §3: one frame for each app, which says who and which session; the page may show just
/// these frames.
#[both_databases]
async fn the_page_opens_the_apps_own_pages_in_frames(house: House) {
    let lobby = Lobby::open(house).await;
    frames(&lobby, "shop").await;
    frames(&lobby, "club").await;
    let mut browser = lobby.browser();
    enter(&mut browser, "shop").await;
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id;
    let sid = lobby.node.list_sessions(ada).await.unwrap()[0].id;
    let page = sign_out(&mut browser).await;
    let frame = format!("https://shop.example/out?a=b&#38;iss=https%3A%2F%2Fid.example&#38;sid={sid}");
    assert!(page.says(&format!("<iframe src=\"{frame}\" sandbox=")), "{}", page.text);
    assert_eq!(page.text.matches("<iframe").count(), 1, "the other was not there");
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("; frame-src https://shop.example"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"));

    // Both accounts of a browser: each session has its frame.
    let mut shared = lobby.browser();
    enter(&mut shared, "club").await;
    let again = shared.open(&ask("shop", &[("prompt", "login")])).await;
    assert_code(&shared.sign_in(&again, GRACE).await);
    let page = shared.open("/oauth2/logout").await;
    let page = shared.press(&page, "signout", "signout", &[]).await;
    assert_eq!(page.text.matches("<iframe").count(), 2);
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.ends_with("; frame-src https://club.example https://shop.example"), "{policy}");
}

/// RP-Initiated Logout 1.0 §3: the way back to the app stands on the page where there are frames to open or apps to
/// name; where there is neither, the browser goes there at once.
#[both_databases]
async fn the_way_back_waits_for_the_others(house: House) {
    let lobby = Lobby::open(house).await;
    frames(&lobby, "shop").await;
    let quiet = Listener::answering(&[500]).await;
    hears(&lobby, "club", &quiet).await;
    let out = "https://bank.example/out";
    let bank = Api::register(&lobby, "bank", json!({ "post_logout_redirect_uris": [out] })).await;
    for (others, frames, untold) in [(&[][..], 0, false), (&["shop"][..], 1, false), (&["shop", "club"][..], 1, true)] {
        let mut browser = lobby.browser();
        let token = bank.redeem(&enter(&mut browser, "bank").await).await.text("id_token");
        for other in others {
            enter(&mut browser, other).await;
        }
        let query = [("id_token_hint", token.as_str()), ("post_logout_redirect_uri", out), ("state", "x")];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        let page = browser.open(&format!("/oauth2/logout?{query}")).await;
        if others.is_empty() {
            assert_eq!((page.left, page.url.as_str()), (true, "https://bank.example/out?state=x"));
            continue;
        }
        assert_eq!((page.left, page.text.matches("<iframe").count()), (false, frames), "{others:?}");
        assert!(page.says("href=\"https://bank.example/out?state=x\" data-onward"), "{}", page.text);
        assert_eq!(page.says("could not be told"), untold, "{others:?}");
        // It goes on by itself only where nobody has to read something.
        assert_eq!(page.says("signed-out."), !untold, "{others:?}");
    }
}

/// Back-Channel Logout 1.0 §2.3: a session that comes to its time ends like one that was signed out of.
#[both_databases]
async fn apps_are_told_when_a_session_comes_to_its_time(house: House) {
    let lobby = Lobby::open(house).await;
    let mut bank_hears = Listener::answering(&[200]).await;
    hears(&lobby, "bank", &bank_hears).await;
    let mut browser = lobby.browser();
    enter(&mut browser, "bank").await;
    let lifetime = lobby.node.settings().session.lifetime;
    lobby.house.clock.advance(lifetime - Duration::from_secs(1));
    lobby.node.forget_expired_now().await;
    lobby.node.tell_due_now().await;
    assert!(!bank_hears.has_more(), "it has a second left");
    lobby.house.clock.advance(Duration::from_secs(1));
    lobby.node.forget_expired_now().await;
    lobby.node.tell_due_now().await;
    let (_, body) = bank_hears.next().await;
    let payload = jose::base64url::decode(body.split('.').nth(1).unwrap()).unwrap();
    let told: Value = serde_json::from_slice(&payload).unwrap();
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap();
    assert_eq!((&told["aud"], &told["sub"]), (&json!("bank"), &json!(ada.id.to_string())));
    lobby.node.forget_expired_now().await;
    lobby.node.tell_due_now().await;
    assert!(!bank_hears.has_more(), "once");
}
