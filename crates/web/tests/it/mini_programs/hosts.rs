//! What a mini program holds is bound to its host: to its session, and to that very client.

use std::time::Duration;

use serde_json::{Value, json};
use testkit::{House, START};
use testkit_macros::both_databases;

use super::{EXCHANGE, Super, redeem};
use crate::api::{Api, Reply};
use crate::lobby::{ADA, app, ask, assert_code};

const ALLOW: (&str, &str) = ("allowed_scope", "openid profile");

fn exp(token: &str) -> i64 {
    jose::jwt::inspect(token, &jose::Limits::DEFAULT).unwrap().claims["exp"].as_i64().unwrap()
}

/// What Taxi holds: tokens, and a code that it has not redeemed.
async fn holds(host: &Super) -> (Reply, String) {
    let tokens = redeem(&host.taxi, &host.code("taxi", &[ALLOW]).await.text("access_token")).await;
    assert!(host.taxi.is_active(&tokens.text("access_token")).await);
    (tokens, host.code("taxi", &[ALLOW]).await.text("access_token"))
}

/// Whoever verifies a token alone learns from its `exp` that the host's session is over.
#[both_databases]
async fn no_token_promises_more_than_the_hosts_session(mut house: House) {
    house.settings.session.lifetime = Duration::from_secs(240);
    let host = Super::app(house).await;
    let end = START.seconds() + 240;
    let at = |seconds| host.lobby.house.clock.advance(Duration::from_secs(seconds));
    assert_eq!(exp(&host.token), end, "nor the host's own");
    at(200);
    let code = host.code("taxi", &[ALLOW]).await;
    assert_eq!(code.json["expires_in"], 40, "nor the code");
    let tokens = redeem(&host.taxi, &code.text("access_token")).await;
    let late = host.code("taxi", &[ALLOW]).await.text("access_token");
    at(10);
    let later = host.taxi.refresh(&tokens.text("refresh_token")).await;
    for (tokens, left) in [(&tokens, 40), (&later, 30)] {
        assert_eq!(tokens.json["expires_in"], left, "{}", tokens.json);
        assert_eq!((exp(&tokens.text("access_token")), exp(&tokens.text("id_token"))), (end, end));
    }
    let refresh = later.text("refresh_token");
    let about = host.taxi.post("/oauth2/introspect", &[("token", &refresh)]).await;
    assert_eq!((&about.json["active"], &about.json["exp"]), (&json!(true), &json!(end)), "{}", about.json);
    at(30);
    assert!(!host.taxi.is_active(&later.text("access_token")).await && !host.taxi.is_active(&refresh).await);
    assert_eq!(host.taxi.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(redeem(&host.taxi, &late).await.error(), "invalid_grant");
}

/// A minute at the most, whatever is set for the codes of others.
#[both_databases]
async fn a_programs_code_is_good_for_a_minute(mut house: House) {
    house.settings.tokens.code_lifetime = Duration::from_secs(300);
    let host = Super::app(house).await;
    let codes = [host.code("taxi", &[ALLOW]).await, host.code("taxi", &[ALLOW]).await];
    assert!(codes.iter().all(|code| code.json["expires_in"] == 60), "{codes:?}");
    let others = Api::register(&host.lobby, "web", json!({})).await;
    let of_another = others.code(&host.lobby, "openid").await;
    host.lobby.house.clock.advance(Duration::from_secs(59));
    assert_eq!(redeem(&host.taxi, &codes[0].text("access_token")).await.status, 200);
    host.lobby.house.clock.advance(Duration::from_secs(1));
    assert_eq!(redeem(&host.taxi, &codes[1].text("access_token")).await.error(), "invalid_grant");
    host.lobby.house.clock.advance(Duration::from_secs(200));
    assert_eq!(others.redeem(&of_another).await.status, 200, "another client's is good for as long as was set");
}

/// And never longer than what is set.
#[both_databases]
async fn a_programs_code_is_good_for_no_longer_than_others(mut house: House) {
    house.settings.tokens.code_lifetime = Duration::from_secs(20);
    let host = Super::app(house).await;
    let code = host.code("taxi", &[ALLOW]).await;
    assert_eq!(code.json["expires_in"], 20);
    host.lobby.house.clock.advance(Duration::from_secs(20));
    assert_eq!(redeem(&host.taxi, &code.text("access_token")).await.error(), "invalid_grant");
}

/// A host that is deleted, or exchanges no more, takes its programs along; one that is registered anew under its id is
/// another, and what the former gave counts no more.
#[both_databases]
async fn a_host_that_is_gone_takes_its_programs_along(house: House) {
    let host = Super::app(house).await;
    let (tokens, pending) = holds(&host).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    let cut = async |why: &str| {
        assert_eq!(host.shop.get("/oauth2/userinfo", &access).await.status, 401, "{why}");
        assert_eq!(host.taxi.refresh(&refresh).await.error(), "invalid_client", "{why}");
        assert_eq!(redeem(&host.taxi, &pending).await.error(), "invalid_client", "{why}");
        let page = host.lobby.browser().open(&ask("taxi", &[])).await;
        assert_eq!((page.left, page.step()), (false, "error"), "{why}: {}", page.text);
    };
    let set = async |grants: Value| {
        let change = json!({ "grant_types": grants });
        host.lobby.node.update_client("host", change.as_object().unwrap().clone()).await.unwrap();
    };
    set(json!(["authorization_code", "refresh_token"])).await;
    cut("it exchanges no more").await;
    set(json!(["authorization_code", "refresh_token", EXCHANGE])).await;
    assert!(host.taxi.is_active(&access).await, "while it was none");
    assert!(host.lobby.node.delete_client("host").await.unwrap());
    cut("it was deleted").await;
    // A program without a host can still be changed.
    let change = json!({ "vestibule_program_state": "blocked" });
    host.lobby.node.update_client("taxi", change.as_object().unwrap().clone()).await.unwrap();
    let change = json!({ "vestibule_program_state": "live" });
    host.lobby.node.update_client("taxi", change.as_object().unwrap().clone()).await.unwrap();
    host.lobby.house.clock.advance(Duration::from_secs(1));
    let more = json!({ "vestibule_type": "native", "grant_types": ["authorization_code", "refresh_token", EXCHANGE] });
    House::add_client(&host.lobby.node, app("host", "Another", more)).await;
    assert!(!host.taxi.is_active(&access).await && !host.taxi.is_active(&refresh).await);
    assert_eq!(host.taxi.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(redeem(&host.taxi, &pending).await.error(), "invalid_grant");
}

/// Disabled by whoever: at every node that has read it, and so within a second (`idp::jobs` asks each 400 ms).
#[both_databases]
async fn a_disabled_host_takes_its_programs_along(house: House) {
    let host = Super::app(house).await;
    let (tokens, pending) = holds(&host).await;
    let access = tokens.text("access_token");
    host.lobby.house.disable_client("host").await;
    let node = host.lobby.house.node().await;
    let [taxi, shop] = [&host.taxi, &host.shop].map(|program| program.at(House::router(&node)));
    assert_eq!(shop.get("/oauth2/userinfo", &access).await.status, 401);
    for token in [&access, &tokens.text("refresh_token")] {
        let about = taxi.post("/oauth2/introspect", &[("token", token)]).await;
        assert_eq!((about.status, about.error()), (401, "invalid_client"), "{}", about.json);
    }
    assert_eq!(taxi.refresh(&tokens.text("refresh_token")).await.error(), "invalid_client");
    assert_eq!(redeem(&taxi, &pending).await.error(), "invalid_client");
    assert_eq!(shop.refresh("").await.error(), "invalid_client", "and so for its other programs");
}

/// A program that moves leaves with its former host what that gave; what people gave in a browser goes along.
#[both_databases]
async fn a_program_that_moves_leaves_what_its_host_gave(house: House) {
    let host = Super::app(house).await;
    let (tokens, pending) = holds(&host).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    let mut browser = host.lobby.browser();
    let page = browser.open(&ask("taxi", &[])).await;
    let page = browser.sign_in(&page, ADA).await;
    let page = if page.left { page } else { browser.press(&page, "continue", "continue", &[]).await };
    let by_browser = host.taxi.redeem(&assert_code(&page)).await;
    let moves = async |to: Value| {
        let change = json!({ "vestibule_host": to });
        host.lobby.node.update_client("taxi", change.as_object().unwrap().clone()).await.unwrap();
    };
    for to in [json!("rival"), Value::Null] {
        moves(to.clone()).await;
        assert!(!host.taxi.is_active(&access).await && !host.taxi.is_active(&refresh).await, "{to}");
        assert_eq!(host.shop.get("/oauth2/userinfo", &access).await.status, 401, "{to}");
        assert_eq!(host.taxi.refresh(&refresh).await.error(), "invalid_grant", "{to}");
        assert_eq!(redeem(&host.taxi, &pending).await.error(), "invalid_grant", "{to}");
        assert_eq!(host.code("taxi", &[ALLOW]).await.error(), "invalid_target", "{to}");
        assert!(host.taxi.is_active(&by_browser.text("access_token")).await, "{to}");
    }
    assert_eq!(host.code("shop", &[ALLOW]).await.status, 200, "the host's other programs stay");
}
