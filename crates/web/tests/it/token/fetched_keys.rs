//! What is fetched for clients: keys at their `jwks_uri` (RFC 7591 §2), and documents of sectors (Registration §5).

use std::time::Duration;

use idp::clients::admin::Refused;
use jose::jwt::{HeaderExtras, sign};
use jose::{JwkSet, JwsAlgorithm, SigningKey, provider::aws_lc};
use oidc::client::sector::SectorError;
use oidc::client_auth::JWT_BEARER;
use oidc::redirect_uri::RedirectUri;
use serde_json::json;
use testkit::{House, ISSUER, Listener};
use testkit_macros::both_databases;

use crate::api::{Api, Reply};
use crate::lobby::Lobby;

/// Keys come from there, new ones too, and a replaced one; forged names and signatures fetch once in a cool-down.
#[both_databases]
async fn the_keys_of_assertions_are_fetched(house: House) {
    let lobby = Lobby::open(house).await;
    let (first, second) = (key(), key());
    let mut site = Listener::answering_with(&[200], set(&[&first])).await;
    let more = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": format!("http://localhost:{}/jwks", site.port) });
    let api = Api::register(&lobby, "robot", more).await;
    assert!(!site.has_more(), "nothing is fetched before it is needed");
    assert_eq!(present(&lobby, &api, &first, "1").await.status, 200);
    assert_eq!(site.next().await.0, "/jwks");
    assert_eq!(present(&lobby, &api, &first, "2").await.status, 200);
    assert!(!site.has_more(), "kept");
    // RFC 7517 §5: a name that is not among them is looked for once, by all together.
    for n in 0..5 {
        let reply = present(&lobby, &api, &key(), &format!("forged-{n}")).await;
        assert_eq!((reply.status, reply.error()), (401, "invalid_client"));
    }
    site.next().await;
    assert!(!site.has_more(), "once in a cool-down");
    // A rotation, whose new key signs before anybody knows it.
    site.says(set(&[&first, &second]));
    lobby.house.clock.advance(Duration::from_secs(11));
    assert_eq!(present(&lobby, &api, &second, "3").await.status, 200);
    site.next().await;
    assert_eq!(present(&lobby, &api, &first, "4").await.status, 200);
    // OpenID Connect Core §10.1.1: another key under the name of the first.
    let renamed = renamed(&key(), &second);
    site.says(json!({ "keys": [renamed.public_jwk().unwrap()] }).to_string());
    lobby.house.clock.advance(Duration::from_secs(11));
    assert_eq!(present(&lobby, &api, &renamed, "5").await.status, 200);
    site.next().await;
    assert_eq!(present(&lobby, &api, &second, "6").await.error(), "invalid_client", "the old one is worth nothing");
    assert!(!site.has_more());
    // Its `alg` is looked at before anything is fetched: a client secret of any sort is none.
    let mac = SigningKey::from_secret(aws_lc(), &[7; 32], JwsAlgorithm::HS256).unwrap();
    lobby.house.clock.advance(Duration::from_secs(11));
    assert_eq!(present(&lobby, &api, &mac, "7").await.error(), "invalid_client");
    assert!(!site.has_more());
}

/// Where they cannot be fetched nobody is authenticated, and nothing else breaks.
#[both_databases]
async fn keys_that_cannot_be_fetched_authenticate_nobody(house: House) {
    let lobby = Lobby::open(house).await;
    for (n, uri) in
        ["http://localhost:1/jwks", "https://app.example/jwks", "https://10.0.0.1/jwks"].into_iter().enumerate()
    {
        let more = json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks_uri": uri });
        let api = Api::register(&lobby, &format!("robot-{n}"), more).await;
        let reply = present_as(&lobby, &api, &key(), "1", &format!("robot-{n}")).await;
        assert_eq!((reply.status, reply.error()), (401, "invalid_client"), "{uri}");
        assert!(!reply.json.to_string().contains("out of reach"), "what the network looks like is for the log");
    }
}

/// OpenID Connect Registration §5.
#[both_databases]
async fn a_sector_vouches_for_all_redirect_uris(house: House) {
    let lobby = Lobby::open(house).await;
    let uris = ["https://a.example/cb", "https://b.example/cb"].map(|text| RedirectUri::parse(text).unwrap());
    let site = Listener::answering_with(&[200, 200, 302], json!(uris).to_string()).await;
    let uri = format!("http://localhost:{}/sector", site.port);
    let node = &lobby.node;
    assert!(node.check_sector(&uri, &uris).await.is_ok());
    let other = [RedirectUri::parse("https://c.example/cb").unwrap()];
    let missing = SectorError::NotListed("https://c.example/cb".to_owned());
    assert!(matches!(node.check_sector(&uri, &other).await, Err(Refused::Sector(error)) if error == missing));
    assert!(matches!(node.check_sector(&uri, &uris).await, Err(Refused::SectorNotFetched(_))), "a redirect");
    for uri in ["https://10.0.0.1/sector", "https://app.example/sector"] {
        assert!(matches!(node.check_sector(uri, &uris).await, Err(Refused::SectorNotFetched(_))), "{uri}");
    }
}

fn key() -> SigningKey {
    SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap()
}

fn set(keys: &[&SigningKey]) -> String {
    JwkSet::from_keys(keys.iter().map(|key| key.verifying_key())).render().to_string()
}

/// A key under another's name.
fn renamed(key: &SigningKey, named: &SigningKey) -> SigningKey {
    let mut jwk: serde_json::Map<_, _> = serde_json::from_str(&key.private_jwk()).unwrap();
    jwk.insert("kid".to_owned(), named.kid().unwrap().into());
    SigningKey::from_jwk_object(aws_lc(), &jwk).unwrap()
}

async fn present(lobby: &Lobby, api: &Api, key: &SigningKey, jti: &str) -> Reply {
    present_as(lobby, api, key, jti, "robot").await
}

async fn present_as(lobby: &Lobby, api: &Api, key: &SigningKey, jti: &str, id: &str) -> Reply {
    let exp = lobby.house.clock_now().seconds() + 60;
    let claims = json!({ "iss": id, "sub": id, "aud": ISSUER, "jti": jti, "exp": exp });
    let jwt = sign(key, &HeaderExtras::typ("JWT"), &claims).unwrap();
    let fields =
        [("grant_type", "client_credentials"), ("client_assertion", &jwt), ("client_assertion_type", JWT_BEARER)];
    api.post_as_is("/oauth2/token", &[], &fields).await
}
