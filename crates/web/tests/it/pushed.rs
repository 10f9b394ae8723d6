//! Pushed authorization requests (RFC 9126).

use std::time::Duration;

use oidc::throttle::Limit;
use serde_json::json;
use testkit::House;
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::holder::Holder;
use crate::lobby::{ADA, GRACE, Lobby, ask, assert_code, request};

const PAR: &str = "/oauth2/par";

async fn push(api: &Api, changes: &[(&str, &str)]) -> Reply {
    let fields = request(&api.id, changes);
    let fields: Vec<_> = fields.iter().filter(|(name, _)| name != "client_id").collect();
    api.post(PAR, &fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect::<Vec<_>>()).await
}

fn pushed(client: &str, request_uri: &str) -> String {
    let pairs = [("client_id", client), ("request_uri", request_uri)];
    format!("/oauth2/authorize?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// §2.2, §4: what was pushed counts, what stands in the address does not, and it counts once.
#[both_databases]
async fn a_pushed_request_is_taken_up_once(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let reply = push(&api, &[("scope", "openid email")]).await;
    assert_eq!((reply.status, &reply.json["expires_in"]), (201, &json!(90)), "{}", reply.json);
    assert_eq!(reply.headers["cache-control"], "no-store");
    let request_uri = reply.text("request_uri");
    assert!(request_uri.starts_with("urn:ietf:params:oauth:request_uri:"));
    let mut browser = lobby.browser();
    let page = browser.open(&format!("{}&scope=openid+profile&state=forged", pushed("bank", &request_uri))).await;
    let page = browser.sign_in(&page, ADA).await;
    assert_eq!(page.param("state").as_deref(), Some("s t&1"), "RFC 9101 §6.3");
    let reply = api.redeem(&assert_code(&page)).await;
    assert_eq!(reply.text("scope"), "email openid");
    let again = browser.open(&pushed("bank", &request_uri)).await;
    assert_eq!((again.left, again.error()), (false, Some("invalid_request_uri")), "{}", again.text);
}

/// §7.3: of many that come at once, one takes it up.
#[both_databases]
async fn one_of_many_takes_a_pushed_request_up(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let address = pushed("bank", &push(&api, &[]).await.text("request_uri"));
    let mut coming = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (api, address) = (api.clone(), address.clone());
        coming.spawn(async move { api.get_with(&address, &[]).await.status });
    }
    let statuses = coming.join_all().await;
    assert_eq!(statuses.iter().filter(|status| **status == 303).count(), 1, "{statuses:?}");
}

/// §2.1, §2.3: the client hears at once what is wrong, as the authorization endpoint would say it.
#[both_databases]
async fn what_is_wrong_is_told_at_once(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    for (changes, error) in [
        (&[("redirect_uri", "https://evil.example/cb")][..], "invalid_request"),
        (&[("response_type", "token")], "unsupported_response_type"),
        (&[("code_challenge", ""), ("code_challenge_method", ""), ("nonce", "")], "invalid_request"),
        (&[("prompt", "none login")], "invalid_request"),
        (&[("request_uri", "urn:ietf:params:oauth:request_uri:x")], "invalid_request"),
        (&[("request", "e30.e30.")], "request_not_supported"),
        (&[("scope", "openid \"")], "invalid_scope"),
    ] {
        let reply = push(&api, changes).await;
        assert_eq!((reply.status, reply.error()), (400, error), "{changes:?}: {}", reply.json);
    }
    let fields = [("response_type", "code"), ("client_id", "bank"), ("client_secret", "wrong")];
    let reply = api.post_as_is(PAR, &[], &fields).await;
    assert_eq!((reply.status, reply.error()), (401, "invalid_client"));
    // Whoever authenticates as one client pushes for no other.
    let reply = api.post_as_is(PAR, &[], &[&fields[..2], &[("client_id", "photos")]].concat()).await;
    assert_eq!(reply.error(), "invalid_request");
    assert_eq!(api.post_body(PAR, &[("content-type", "application/json")], "{}").await.error(), "invalid_request");
}

/// §4, §7: not late, not by another client, not a made-up one.
#[both_databases]
async fn a_reference_is_its_clients_and_short_lived(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let mut browser = lobby.browser();
    let uri = push(&api, &[]).await.text("request_uri");
    let mut broken = uri.clone();
    broken.replace_range(broken.len() - 8.., "AAAAAAAA");
    for (client, uri) in [("photos", &uri), ("bank", &broken), ("nobody", &uri)] {
        let page = browser.open(&pushed(client, uri)).await;
        assert_eq!((page.left, page.error()), (false, Some("invalid_request_uri")), "{client}");
    }
    lobby.house.clock.advance(Duration::from_secs(90));
    assert_eq!(browser.open(&pushed("bank", &uri)).await.error(), Some("invalid_request_uri"));
    let uri = push(&api, &[]).await.text("request_uri");
    lobby.house.clock.advance(Duration::from_secs(89));
    assert_eq!(browser.open(&pushed("bank", &uri)).await.step(), "signin");
    // A reference of somebody else's is still not supported (Core §6.2).
    let foreign = browser.open(&ask("bank", &[("request_uri", "https://bank.example/request")])).await;
    assert_eq!(foreign.param("error").as_deref(), Some("request_uri_not_supported"));
}

/// §6: a client that always pushes is not asked for by an address that somebody wrote.
#[both_databases]
async fn a_client_may_insist_on_pushing(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({ "require_pushed_authorization_requests": true })).await;
    let mut browser = lobby.browser();
    let page = browser.open(&ask("bank", &[])).await;
    assert_eq!((page.left, page.param("error").as_deref()), (true, Some("invalid_request")));
    let uri = push(&api, &[]).await.text("request_uri");
    let page = browser.open(&pushed("bank", &uri)).await;
    assert_code(&browser.sign_in(&page, GRACE).await);
}

/// RFC 9449 §10.1: a proof beside the pushed request binds its code.
#[both_databases]
async fn a_proof_beside_it_binds_the_code(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let now = lobby.house.clock_now().seconds();
    let (holder, other) = (Holder::new(), Holder::new());
    let own = [("client_id", "bank"), ("client_secret", api.secret.as_str())];
    let push = async |changes: &[(&str, &str)]| {
        let fields = request("bank", changes);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let fields: Vec<_> = fields.into_iter().filter(|(name, _)| *name != "client_id").collect();
        let proof = holder.prove(("POST", PAR), now, None, None);
        api.post_as_is(PAR, &[("dpop", &proof)], &[&fields[..], &own].concat()).await
    };
    assert_eq!(push(&[("dpop_jkt", &other.thumbprint())]).await.error(), "invalid_dpop_proof");
    let uri = push(&[]).await.text("request_uri");
    let mut browser = lobby.browser();
    let page = browser.open(&pushed("bank", &uri)).await;
    let code = assert_code(&browser.sign_in(&page, ADA).await);
    assert_eq!(api.redeem(&code).await.error(), "invalid_grant");
    let redirect = api.redirect();
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", redirect.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let proof = holder.prove(("POST", "/oauth2/token"), now, None, None);
    let reply = api.post_as_is("/oauth2/token", &[("dpop", &proof)], &[&redeem[..], &own].concat()).await;
    assert_eq!(reply.text("token_type"), "DPoP");
}

/// §2.3: 429 with `Retry-After`, for what anybody can push in the name of a public client; by client and network.
#[both_databases]
async fn what_is_kept_for_a_public_client_is_counted(mut house: House) {
    house.settings.throttle.public = Limit::new(5, Duration::from_secs(60));
    let lobby = Lobby::open(house).await;
    let bank = Api::register(&lobby, "bank", json!({})).await;
    assert_eq!(until_stopped(&lobby, "photos", "192.0.2.7").await, 5);
    assert_eq!(until_stopped(&lobby, "photos", "192.0.2.8").await, 0, "one network");
    assert_eq!(until_stopped(&lobby, "photos", "198.51.100.1").await, 5, "another's");
    assert_eq!(until_stopped(&lobby, "drive", "192.0.2.7").await, 5, "another client's");
    lobby.house.clock.advance(Duration::from_secs(60));
    assert_eq!(until_stopped(&lobby, "photos", "192.0.2.7").await, 1, "and one more each time");
    for _ in 0..20 {
        assert_eq!(push(&bank, &[]).await.status, 201, "who authenticates is not counted");
    }
}

/// However many networks ask, so many requests of a public client are open and no more.
#[both_databases]
async fn a_public_client_has_so_many_requests_open(mut house: House) {
    house.settings.throttle.pushed = 6;
    let lobby = Lobby::open(house).await;
    let mut open = 0;
    for network in 0..8 {
        open += until_stopped(&lobby, "photos", &format!("192.0.{network}.1")).await;
    }
    assert_eq!(open, 3, "half of them at once");
    lobby.house.clock.advance(Duration::from_secs(89));
    for network in 0..8 {
        open += until_stopped(&lobby, "photos", &format!("198.51.{network}.1")).await;
    }
    assert!((4..=6).contains(&open), "{open}");
    assert_eq!(until_stopped(&lobby, "drive", "192.0.2.1").await, 3, "another client's");
}

/// How many requests a public client pushes from an address until it is stopped.
async fn until_stopped(lobby: &Lobby, client: &str, address: &str) -> usize {
    let mut browser = lobby.browser();
    browser.address = Some(address.parse().unwrap());
    let url = url::Url::parse(&format!("{}{PAR}", testkit::ISSUER)).unwrap();
    let fields = request(client, &[]);
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    for pushed in 0..40 {
        let answer = browser.send("POST", &url, Some(&fields)).await;
        if answer.status() != 201 {
            assert_eq!(answer.status().as_u16(), 429, "{}", answer.body());
            assert!(answer.headers().contains_key("retry-after"));
            return pushed;
        }
    }
    panic!("it is not stopped");
}
