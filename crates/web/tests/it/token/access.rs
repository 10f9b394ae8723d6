//! Who may use which app: what becomes of tokens.

use std::time::Duration;

use idp::caller::Caller;
use oidc::Id;
use serde_json::{Value, json};
use testkit::{House, START};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, Lobby, ask, assert_code};

async fn ada(lobby: &Lobby) -> Id {
    lobby.node.find_user(ADA).await.unwrap().unwrap().id
}

async fn tokens(lobby: &Lobby, api: &Api, scope: &str) -> (String, String) {
    let reply = api.redeem(&api.code(lobby, scope).await).await;
    (reply.text("access_token"), reply.text("refresh_token"))
}

/// Whoever is taken out of a group keeps nothing of its apps, and whoever is invited has it.
#[both_databases]
async fn who_may_use_an_app_no_more_has_no_tokens_there(house: House) {
    let lobby = Lobby::open(house).await;
    let (ada, operator) = (ada(&lobby).await, Caller::operator());
    lobby.node.add_group("staff").await.unwrap();
    lobby.node.add_member("staff", ada, &operator).await.unwrap();
    let api = Api::register(&lobby, "bank", json!({ "vestibule_groups": ["staff"] })).await;
    let (access, refresh) = tokens(&lobby, &api, "openid offline_access").await;
    assert!(api.is_active(&access).await);
    let code = api.code(&lobby, "openid").await;
    assert!(lobby.node.remove_member("staff", ada, &operator).await.unwrap());
    assert!(!api.is_active(&access).await);
    assert_eq!(api.get("/oauth2/userinfo", &access).await.status, 401);
    assert_eq!(api.refresh(&refresh).await.error(), "invalid_grant");
    assert_eq!(api.redeem(&code).await.error(), "invalid_grant");
    // Nothing was ended: whoever comes back goes on.
    assert!(lobby.node.invite_to("bank", ada, &[], &operator).await.unwrap());
    assert!(api.is_active(&access).await);
    assert_eq!(api.refresh(&refresh).await.status, 200);
}

/// An app with an end: to the second, and then nothing of it counts.
#[both_databases]
async fn an_app_ends_at_its_time(house: House) {
    let lobby = Lobby::open(house).await;
    let end = START.seconds() + 100;
    let api = Api::register(&lobby, "bank", json!({ "vestibule_expires_at": end })).await;
    let watcher = Api::register(&lobby, "watcher", json!({})).await;
    let (access, refresh) = tokens(&lobby, &api, "openid").await;
    let code = api.code(&lobby, "openid").await;
    lobby.house.clock.advance(Duration::from_secs(99));
    assert!(api.is_active(&access).await && api.get("/oauth2/userinfo", &access).await.status == 200);
    lobby.house.clock.advance(Duration::from_secs(1));
    assert_eq!(api.get("/oauth2/userinfo", &access).await.status, 401);
    assert_eq!(api.refresh(&refresh).await.error(), "invalid_client");
    assert_eq!(api.redeem(&code).await.error(), "invalid_client");
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    assert_eq!(api.post("/oauth2/token", &own).await.error(), "invalid_client");
    assert_eq!(watcher.post("/oauth2/token", &own).await.status, 200);
    // The end may be moved: while nothing was removed, what counted counts again.
    let later = json!({ "vestibule_expires_at": end + 1000 });
    lobby.node.update_client("bank", later.as_object().unwrap().clone()).await.unwrap();
    assert_eq!(api.refresh(&refresh).await.status, 200);
}

/// A scope that is taken from a client is in no token of a person from then on, however far its request had come: the consent page, a code,
/// a refresh token. Given back, it is.
#[both_databases]
async fn what_is_taken_from_a_client_is_granted_no_more(house: House) {
    let lobby = Lobby::open(house).await;
    let api =
        Api::register(&lobby, "shop", json!({ "scope": "openid groups profile", "vestibule_trusted": false })).await;
    let registered = async |scope: &str| {
        let change = json!({ "scope": scope }).as_object().unwrap().clone();
        lobby.node.update_client("shop", change).await.unwrap();
    };
    let mut browser = lobby.adas_browser().await;
    let asked = ask("shop", &[("scope", "openid groups profile"), ("prompt", "consent")]);
    let all = [("scope", "groups"), ("scope", "profile")];
    let (mut pages, mut codes) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        pages.push(browser.open(&asked).await);
    }
    for page in &pages[1..] {
        codes.push(assert_code(&browser.press(page, "consent", "allow", &all).await));
    }
    let first = api.redeem(&codes[0]).await;
    assert_eq!(first.text("scope"), "groups openid profile");
    registered("openid profile").await;
    let again = browser.open(pages[0].url.as_str()).await;
    let shown: Vec<_> = again.form("consent").boxes.into_iter().map(|(_, value)| value).collect();
    assert_eq!(shown, ["profile"], "nobody is asked for it");
    let page = browser.press(&pages[0], "consent", "allow", &all).await;
    let refreshed = api.refresh(&first.text("refresh_token")).await;
    for reply in [api.redeem(&assert_code(&page)).await, api.redeem(&codes[1]).await, refreshed] {
        assert_eq!(reply.text("scope"), "openid profile", "{}", reply.json);
        let id_token = jose::jwt::inspect(&reply.text("id_token"), &jose::Limits::DEFAULT).unwrap().claims;
        assert!(!id_token.contains_key("groups"));
    }
    let beyond =
        [("grant_type", "refresh_token"), ("refresh_token", &first.text("refresh_token")), ("scope", "groups")];
    assert_eq!(api.post("/oauth2/token", &beyond).await.error(), "invalid_scope");
    registered("openid groups profile").await;
    assert_eq!(api.refresh(&first.text("refresh_token")).await.text("scope"), "groups openid profile");
}

/// Groups and roles are told under scopes of their own, and only to clients that are registered with them.
#[both_databases]
async fn groups_and_roles_are_claims_under_a_scope(house: House) {
    let lobby = Lobby::open(house).await;
    let (ada, operator) = (ada(&lobby).await, Caller::operator());
    for group in ["staff", "board"] {
        lobby.node.add_group(group).await.unwrap();
        lobby.node.add_member(group, ada, &operator).await.unwrap();
    }
    let api = Api::register(&lobby, "bank", json!({ "scope": "openid groups roles" })).await;
    let other = Api::register(&lobby, "other", json!({})).await;
    let roles = ["customer".to_owned()];
    lobby.node.invite_to("bank", ada, &roles, &operator).await.unwrap();
    assert_eq!(lobby.node.roles_of(ada, "bank").await.unwrap(), roles);
    assert_eq!(lobby.node.roles_of(ada, "other").await.unwrap(), <[String; 0]>::default());
    for (api, scope, groups, roles) in [
        (&api, "openid", Value::Null, Value::Null),
        (&api, "openid groups", json!(["board", "staff"]), Value::Null),
        (&api, "openid roles", Value::Null, json!(["customer"])),
        (&other, "openid groups roles", Value::Null, Value::Null),
    ] {
        let reply = api.redeem(&api.code(&lobby, scope).await).await;
        let userinfo = api.get("/oauth2/userinfo", &reply.text("access_token")).await.json;
        let id_token = jose::jwt::inspect(&reply.text("id_token"), &jose::Limits::DEFAULT).unwrap().claims;
        for claims in [userinfo, Value::Object(id_token)] {
            assert_eq!((&claims["groups"], &claims["roles"]), (&groups, &roles), "{scope}");
        }
    }
    // A machine is in no group.
    let own = [("grant_type", "client_credentials"), ("scope", "groups")];
    assert_eq!(api.post("/oauth2/token", &own).await.error(), "invalid_scope");
}
