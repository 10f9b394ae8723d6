//! What may happen once happens once, over two nodes on one database.

use std::collections::HashSet;

use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;

use crate::api::{Api, VERIFIER};
use crate::lobby::Lobby;

/// RFC 6749 §4.1.2: of 64 redemptions at once one wins, and the others revoke what it got.
#[both_databases]
async fn a_code_is_redeemed_once(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let other = api.at(House::router(&lobby.house.node().await));
    let code = api.code(&lobby, "openid").await;
    let racing: Vec<_> = (0..64)
        .map(|turn| {
            let (api, code) = (if turn % 2 == 0 { api.clone() } else { other.clone() }, code.clone());
            tokio::spawn(async move { api.redeem(&code).await })
        })
        .collect();
    let mut won = Vec::new();
    for one in racing {
        let reply = one.await.unwrap();
        match reply.status {
            200 => won.push(reply),
            _ => assert_eq!((reply.status, reply.error()), (400, "invalid_grant"), "{}", reply.json),
        }
    }
    let [winner] = won.as_slice() else { panic!("{} winners", won.len()) };
    assert!(!api.is_active(&winner.text("access_token")).await, "a replay revokes the family");
    assert_eq!(api.refresh(&winner.text("refresh_token")).await.error(), "invalid_grant");
}

/// RFC 9700 §2.1.1, §4.5.3: who does not know verifier, client and redirect URI changes nothing, before and after.
#[both_databases]
async fn a_stolen_code_harms_nobody(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let thief = Api::register(&lobby, "thief", json!({})).await;
    let code = api.code(&lobby, "openid").await;
    let wrong_verifier = "x".repeat(43);
    let redirect = api.redirect();
    let elsewhere = thief.redirect();
    let attacks = [
        (&thief, redirect.as_str(), VERIFIER),
        (&thief, elsewhere.as_str(), VERIFIER),
        (&api, elsewhere.as_str(), VERIFIER),
        (&api, redirect.as_str(), wrong_verifier.as_str()),
        (&api, redirect.as_str(), ""),
    ];
    for (who, redirect, verifier) in attacks {
        let reply = who.redeem_with(&code, redirect, verifier).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_grant"), "{} {redirect} {verifier}", who.id);
    }
    let tokens = api.redeem(&code).await;
    assert_eq!(tokens.status, 200, "{}", tokens.json);
    for (who, redirect, verifier) in attacks {
        assert_eq!(who.redeem_with(&code, redirect, verifier).await.error(), "invalid_grant");
    }
    assert!(api.is_active(&tokens.text("access_token")).await);
    assert_eq!(api.refresh(&tokens.text("refresh_token")).await.status, 200);
}

/// DESIGN §2: of 64 refreshes at once all get the same next token, and the counter is one higher.
#[both_databases]
async fn a_refresh_that_comes_often_rotates_once(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let other = api.at(House::router(&lobby.house.node().await));
    let code = api.code(&lobby, "openid").await;
    let first = api.redeem(&code).await.text("refresh_token");
    let racing: Vec<_> = (0..64)
        .map(|turn| {
            let (api, first) = (if turn % 2 == 0 { api.clone() } else { other.clone() }, first.clone());
            tokio::spawn(async move { api.refresh(&first).await })
        })
        .collect();
    let (mut next, mut access) = (HashSet::new(), HashSet::new());
    for one in racing {
        let reply = one.await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.json);
        next.insert(reply.text("refresh_token"));
        access.insert(reply.text("access_token"));
    }
    assert_eq!((next.len(), access.len()), (1, 64), "one successor, and a jti for every access token");
    assert_eq!(lobby.house.family_of(&first).await, Some((1, false)), "one higher, and not revoked");
}
