//! How tokens end.

use std::time::Duration;

use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::{ADA, Lobby, ask, assert_code};

/// RFC 9700 §4.14.2; DESIGN §2: the same successor for ten seconds, then reuse, which ends the family.
#[both_databases]
async fn an_old_refresh_token_is_forgiven_for_ten_seconds(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let first = api.redeem(&api.code(&lobby, "openid").await).await.text("refresh_token");
    let second = api.refresh(&first).await.text("refresh_token");
    lobby.house.clock.advance(Duration::from_secs(10));
    assert_eq!(api.refresh(&first).await.text("refresh_token"), second, "a lost answer signs nobody out");
    lobby.house.clock.advance(Duration::from_secs(1));
    assert_eq!(api.refresh(&first).await.error(), "invalid_grant");
    assert_eq!(api.refresh(&second).await.error(), "invalid_grant", "the family has ended");
}

/// Once its successor was used, a token is reuse at once; so it is in a request for something else.
#[both_databases]
async fn reuse_ends_the_family(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    for narrower in [false, true] {
        let first = api.redeem(&api.code(&lobby, "openid profile").await).await.text("refresh_token");
        let second = api.refresh(&first).await;
        let (access, second) = (second.text("access_token"), second.text("refresh_token"));
        let again = match narrower {
            true => {
                let fields = [("grant_type", "refresh_token"), ("refresh_token", &first), ("scope", "openid")];
                api.post("/oauth2/token", &fields).await
            }
            false => {
                assert_eq!(api.refresh(&second).await.status, 200);
                api.refresh(&first).await
            }
        };
        assert_eq!(again.error(), "invalid_grant", "{narrower}");
        assert!(!api.is_active(&access).await, "{narrower}");
    }
}

/// RFC 6749 §6: narrower is fine and lasts for that token alone; wider is refused and changes nothing.
#[both_databases]
async fn a_refresh_may_narrow(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let first = api.redeem(&api.code(&lobby, "openid profile").await).await.text("refresh_token");
    let ask_for = |token: String, scope: &'static str| {
        let api = api.clone();
        async move {
            let fields = [("grant_type", "refresh_token"), ("refresh_token", &token), ("scope", scope)];
            api.post("/oauth2/token", &fields).await
        }
    };
    assert_eq!(ask_for(first.clone(), "openid email").await.error(), "invalid_scope");
    let narrow = ask_for(first, "openid").await;
    assert_eq!(narrow.text("scope"), "openid");
    let wide = api.refresh(&narrow.text("refresh_token")).await;
    assert_eq!(wide.text("scope"), "openid profile");
    // Core §12.2: an ID token comes with it, without the nonce.
    let claims = jose::jwt::inspect(&wide.text("id_token"), &jose::Limits::DEFAULT).unwrap().claims;
    assert_eq!((claims.get("nonce"), claims["aud"].as_str()), (None, Some("bank")));
}

/// DESIGN §6: a family without offline_access ends with its session; one with it does not.
#[both_databases]
async fn signing_out_ends_what_hangs_on_the_session(house: House) {
    let lobby = Lobby::open(house).await;
    let out = json!({ "post_logout_redirect_uris": ["https://bank.example/out"] });
    let api = Api::register(&lobby, "bank", out).await;
    for (scope, survives) in [("openid", false), ("openid offline_access", true)] {
        let mut browser = lobby.browser();
        let mut page = browser.open(&ask("bank", &[("scope", scope)])).await;
        page = browser.sign_in(&page, ADA).await;
        let tokens = api.redeem(&assert_code(&page)).await;
        let out = [
            ("id_token_hint", tokens.text("id_token")),
            ("post_logout_redirect_uri", "https://bank.example/out".to_owned()),
            ("state", "bye".to_owned()),
        ];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(out).finish();
        let page = browser.open(&format!("/oauth2/logout?{query}")).await;
        assert_eq!((page.left, page.url.as_str()), (true, "https://bank.example/out?state=bye"));
        assert_eq!(browser.open(&ask("bank", &[])).await.step(), "signin", "nobody is signed in any more");
        assert_eq!(api.is_active(&tokens.text("access_token")).await, survives, "{scope}");
        let refreshed = api.refresh(&tokens.text("refresh_token")).await;
        assert_eq!(refreshed.status, if survives { 200 } else { 400 }, "{scope}");
        // RFC 7009 §2.1: an offline family ends by revocation.
        if survives {
            let refreshed = refreshed.text("refresh_token");
            assert_eq!(api.post("/oauth2/revoke", &[("token", &refreshed)]).await.status, 200);
            assert_eq!(api.refresh(&refreshed).await.error(), "invalid_grant");
        }
    }
}

/// Codes for a minute, access tokens for five, refresh tokens while they are used.
#[both_databases]
async fn everything_ends_in_time(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let late = api.code(&lobby, "openid").await;
    lobby.house.clock.advance(Duration::from_secs(60));
    assert_eq!(api.redeem(&late).await.error(), "invalid_grant");
    let tokens = api.redeem(&api.code(&lobby, "openid offline_access").await).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    assert_eq!(tokens.json["expires_in"], 300);
    lobby.house.clock.advance(Duration::from_secs(299));
    assert!(api.is_active(&access).await);
    lobby.house.clock.advance(Duration::from_secs(1));
    assert!(!api.is_active(&access).await);
    let userinfo = api.get("/oauth2/userinfo", &access).await;
    assert_eq!((userinfo.status, userinfo.error()), (401, "invalid_token"));
    lobby.house.clock.advance(Duration::from_secs(30 * 24 * 3600 - 300));
    assert_eq!(api.refresh(&refresh).await.error(), "invalid_grant", "unused for thirty days");
}

/// A person who is disabled is spoken for no more.
#[both_databases]
async fn disabling_a_person_ends_all_tokens(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let tokens = api.redeem(&api.code(&lobby, "openid offline_access").await).await;
    let access = tokens.text("access_token");
    let userinfo = api.get("/oauth2/userinfo", &access).await;
    assert_eq!(userinfo.status, 200, "{}", userinfo.json);
    let user = userinfo.text("sub").parse().unwrap();
    lobby.node.set_user_disabled(user, idp::people::Access::Disabled).await.unwrap();
    assert!(!api.is_active(&access).await);
    assert_eq!(api.get("/oauth2/userinfo", &access).await.error(), "invalid_token");
    assert_eq!(api.refresh(&tokens.text("refresh_token")).await.error(), "invalid_grant");
}

/// A client that is deleted is spoken to no more, and one registered anew under its id inherits nothing.
#[both_databases]
async fn deleting_a_client_ends_all_its_tokens(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let watcher =
        Api::register(&lobby, "https://api.example", json!({ "redirect_uris": ["https://api.example/cb"] })).await;
    let code = {
        let mut browser = lobby.browser();
        let asked = [("scope", "openid offline_access"), ("resource", "https://api.example")];
        let page = browser.open(&ask("bank", &asked)).await;
        assert_code(&browser.sign_in(&page, ADA).await)
    };
    let tokens = api.redeem(&code).await;
    let (access, refresh) = (tokens.text("access_token"), tokens.text("refresh_token"));
    assert!(watcher.is_active(&access).await);
    lobby.house.clock.advance(Duration::from_secs(1));
    assert!(lobby.node.delete_client("bank").await.unwrap());
    assert!(!watcher.is_active(&access).await);
    let anew = Api::register(&lobby, "bank", json!({})).await;
    assert!(!watcher.is_active(&access).await);
    assert!(!anew.is_active(&refresh).await);
    assert_eq!(anew.refresh(&refresh).await.error(), "invalid_grant");
}
