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
    let uris = uris(["https://a.example/cb", "https://b.example/cb"]);
    let (site, away) = (sector(&[200], json!(uris)).await, sector(&[302], json!(uris)).await);
    let node = &lobby.node;
    assert!(node.check_sector(&site.0, &uris).await.is_ok());
    let missing = SectorError::NotListed("https://c.example/cb".to_owned());
    let other = self::uris(["https://c.example/cb"]);
    assert!(matches!(node.check_sector(&site.0, &other).await, Err(Refused::Sector(error)) if error == missing));
    assert!(matches!(node.check_sector(&away.0, &uris).await, Err(Refused::SectorNotFetched(_))), "a redirect");
    for uri in ["https://10.0.0.1/sector", "https://app.example/sector"] {
        assert!(matches!(node.check_sector(uri, &uris).await, Err(Refused::SectorNotFetched(_))), "{uri}");
    }
}

/// The document at a sector identifier is kept as key sets are: one fetch for all, another where it does not vouch, once in
/// a cool-down.
#[both_databases]
async fn a_sectors_document_is_kept(house: House) {
    let lobby = Lobby::open(house).await;
    let [a, b] = ["https://a.example/cb", "https://b.example/cb"];
    let (uri, mut site) = sector(&[200], json!([a])).await;
    let register = |id: &str, redirect: &str| {
        let metadata = json!({
            "client_id": id, "client_name": id, "subject_type": "pairwise", "sector_identifier_uri": uri,
            "redirect_uris": [redirect],
        });
        lobby.node.add_client(serde_json::from_value(metadata).unwrap())
    };
    let (one, two, three) = tokio::join!(register("one", a), register("two", a), register("three", a));
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    assert_eq!(site.next().await.0, "/sector");
    assert!(!site.has_more(), "one for all");
    // An address that is not in it: looked for once, by all together.
    for n in 0..3 {
        assert!(matches!(register(&format!("four-{n}"), b).await, Err(Refused::Sector(SectorError::NotListed(_)))));
    }
    site.next().await;
    assert!(!site.has_more(), "once in a cool-down");
    site.says(json!([a, b]).to_string());
    lobby.house.clock.advance(Duration::from_secs(9));
    assert!(register("four", b).await.is_err() && !site.has_more());
    lobby.house.clock.advance(Duration::from_secs(1));
    assert!(register("four", b).await.is_ok());
    site.next().await;
    // Nothing says for how long it is good, so that five minutes are.
    assert!(register("five", a).await.is_ok() && !site.has_more());
    lobby.house.clock.advance(Duration::from_secs(301));
    assert!(register("six", a).await.is_ok());
    site.next().await;
    assert!(!site.has_more());
    // One that does not answer is left alone for a while.
    let (uri, mut site) = sector(&[503, 200], json!([a])).await;
    let listed = uris([a]);
    let check = || lobby.node.check_sector(&uri, &listed);
    for _ in 0..3 {
        assert!(matches!(check().await, Err(Refused::SectorNotFetched(why)) if why.contains("503")));
    }
    site.next().await;
    assert!(!site.has_more(), "two seconds after a failure");
    lobby.house.clock.advance(Duration::from_secs(2));
    assert!(check().await.is_ok());
}

/// A document at a sector identifier, and who gives it.
async fn sector(statuses: &'static [u16], document: serde_json::Value) -> (String, Listener) {
    let site = Listener::answering_with(statuses, document.to_string()).await;
    (format!("http://localhost:{}/sector", site.port), site)
}

fn uris<const N: usize>(texts: [&str; N]) -> [RedirectUri; N] {
    texts.map(|text| RedirectUri::parse(text).unwrap())
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
