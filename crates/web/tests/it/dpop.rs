//! Tokens that are bound to a key (RFC 9449).

use std::time::Duration;

use idp::settings::DpopNonce;
use oidc::throttle::Limit;
use serde_json::json;
use testkit::{House, ISSUER, START};
use testkit_macros::both_databases;

use crate::api::{Api, Reply, VERIFIER};
use crate::holder::Holder;
use crate::lobby::{Lobby, ask, assert_code};

const TOKEN: &str = "/oauth2/token";
const USERINFO: &str = "/oauth2/userinfo";

fn now(lobby: &Lobby) -> i64 {
    lobby.house.clock_now().seconds()
}

/// Posts as the public client «photos».
async fn as_photos(api: &Api, proof: Option<&str>, fields: &[(&str, &str)]) -> Reply {
    let headers: Vec<_> = proof.iter().map(|proof| ("dpop", *proof)).collect();
    api.post_as_is(TOKEN, &headers, &[fields, &[("client_id", "photos")]].concat()).await
}

async fn code_for_photos(lobby: &Lobby, changes: &[(&str, &str)]) -> String {
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", changes)).await;
    assert_code(&browser.sign_in(&page, crate::lobby::ADA).await)
}

fn redeeming(code: &str) -> [(&str, &str); 4] {
    let redirect = "https://photos.example/cb";
    [("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect), ("code_verifier", VERIFIER)]
}

async fn userinfo(api: &Api, scheme: &str, token: &str, proof: Option<&str>) -> Reply {
    let authorization = format!("{scheme} {token}");
    let mut headers = vec![("authorization", authorization.as_str())];
    headers.extend(proof.map(|proof| ("dpop", proof)));
    api.post_body(USERINFO, &headers, "").await
}

/// §5, §6, §7: the token is bound, the refresh token of a public client too, and neither counts without the key.
#[both_databases]
async fn a_token_counts_with_its_key_alone(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "photos-api", json!({})).await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let prove = |holder: &Holder| holder.prove(("POST", TOKEN), now(&lobby), None, None);
    let code = code_for_photos(&lobby, &[]).await;
    let reply = as_photos(&api, Some(&prove(&holder)), &redeeming(&code)).await;
    assert_eq!((reply.status, reply.text("token_type").as_str()), (200, "DPoP"), "{}", reply.json);
    assert!(reply.headers.contains_key("dpop-nonce"), "§8.2");
    let (access, refresh) = (reply.text("access_token"), reply.text("refresh_token"));
    let claims = jose::jwt::inspect(&access, &jose::Limits::DEFAULT).unwrap().claims;
    assert_eq!(claims["cnf"], json!({ "jkt": holder.thumbprint() }), "§6.1");

    let at = |holder: &Holder, token: &str| holder.prove(("POST", USERINFO), now(&lobby), Some(token), None);
    assert_eq!(userinfo(&api, "DPoP", &access, Some(&at(&holder, &access))).await.status, 200);
    for (scheme, proof, error) in [
        ("Bearer", None, "invalid_token"),
        ("Bearer", Some(at(&holder, &access)), "invalid_token"),
        ("DPoP", None, "invalid_dpop_proof"),
        ("DPoP", Some(at(&thief, &access)), "invalid_dpop_proof"),
        ("DPoP", Some(at(&holder, "another token")), "invalid_dpop_proof"),
        ("DPoP", Some(prove(&holder)), "invalid_dpop_proof"),
    ] {
        let reply = userinfo(&api, scheme, &access, proof.as_deref()).await;
        assert_eq!((reply.status, reply.error()), (401, error), "{scheme} {proof:?}");
        let challenge = reply.headers["www-authenticate"].to_str().unwrap();
        assert!(challenge.starts_with(&format!("{scheme} error=\"{error}\"")), "§7.1: {challenge}");
    }
    let refreshing = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    for proof in [None, Some(prove(&thief))] {
        assert_eq!(as_photos(&api, proof.as_deref(), &refreshing).await.error(), "invalid_grant", "§5");
    }
    let next = as_photos(&api, Some(&prove(&holder)), &refreshing).await;
    assert_eq!((next.status, next.text("token_type").as_str()), (200, "DPoP"));
}

/// §7.2: a token that is bound to nothing is no token of this scheme.
#[both_databases]
async fn a_bearer_token_is_not_made_better(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let reply = api.redeem(&api.code(&lobby, "openid").await).await;
    assert_eq!(reply.text("token_type"), "Bearer");
    let token = reply.text("access_token");
    let proof = Holder::new().prove(("POST", USERINFO), now(&lobby), Some(&token), None);
    assert_eq!(userinfo(&api, "DPoP", &token, Some(&proof)).await.error(), "invalid_token");
    assert_eq!(userinfo(&api, "Bearer", &token, None).await.status, 200);
}

/// §11.1: on another node as on this one. A second header is no proof (§4.3, check 1).
#[both_databases]
async fn a_proof_counts_once(house: House) {
    let lobby = Lobby::open(house).await;
    let other = House::router(&lobby.house.node().await);
    let api = Api::register(&lobby, "bank", json!({})).await;
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    let own = [&own[..], &[("client_id", "bank"), ("client_secret", api.secret.as_str())]].concat();
    let holder = Holder::new();
    let proof = holder.prove(("POST", TOKEN), now(&lobby), None, None);
    assert_eq!(api.post_as_is(TOKEN, &[("dpop", &proof)], &own).await.text("token_type"), "DPoP");
    for again in [&api, &api.at(other)] {
        let reply = again.post_as_is(TOKEN, &[("dpop", &proof)], &own).await;
        assert_eq!((reply.status, reply.error()), (400, "invalid_dpop_proof"));
    }
    let [one, two] = [(); 2].map(|()| holder.prove(("POST", TOKEN), now(&lobby), None, None));
    let reply = api.post_as_is(TOKEN, &[("dpop", &one), ("dpop", &two)], &own).await;
    assert_eq!(reply.error(), "invalid_dpop_proof");
}

/// §8: whose clock is wrong goes on with a nonce; a nonce that is old or somebody else's does not count.
#[both_databases]
async fn a_nonce_sets_clocks_right(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let own = [("grant_type", "client_credentials"), ("scope", "read")];
    let own = [&own[..], &[("client_id", "bank"), ("client_secret", api.secret.as_str())]].concat();
    let holder = Holder::new();
    let ask = async |proof: String| api.post_as_is(TOKEN, &[("dpop", &proof)], &own).await;
    let wrong = START.seconds() - 3600;
    let reply = ask(holder.prove(("POST", TOKEN), wrong, None, None)).await;
    assert_eq!((reply.status, reply.error()), (400, "use_dpop_nonce"));
    let nonce = reply.headers["dpop-nonce"].to_str().unwrap().to_owned();
    assert_eq!(ask(holder.prove(("POST", TOKEN), wrong, None, Some(&nonce))).await.status, 200);
    let foreign = ask(holder.prove(("POST", TOKEN), START.seconds(), None, Some("AAAAAAAAAAAA"))).await;
    assert_eq!(foreign.error(), "use_dpop_nonce");
    lobby.house.clock.advance(Duration::from_secs(299));
    assert_eq!(ask(holder.prove(("POST", TOKEN), wrong, None, Some(&nonce))).await.status, 200);
    lobby.house.clock.advance(Duration::from_secs(61));
    let late = ask(holder.prove(("POST", TOKEN), now(&lobby), None, Some(&nonce))).await;
    assert_eq!(late.error(), "use_dpop_nonce");
}

/// §8: where the operator demands a nonce, nothing counts without; and nothing is lost by asking.
#[both_databases]
async fn a_nonce_may_be_demanded(mut house: House) {
    house.settings.tokens.dpop_nonce = DpopNonce::Required;
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "photos-api", json!({})).await;
    let holder = Holder::new();
    let code = code_for_photos(&lobby, &[]).await;
    let proof = holder.prove(("POST", TOKEN), now(&lobby), None, None);
    let reply = as_photos(&api, Some(&proof), &redeeming(&code)).await;
    assert_eq!((reply.status, reply.error()), (400, "use_dpop_nonce"));
    let nonce = reply.headers["dpop-nonce"].to_str().unwrap();
    let proof = holder.prove(("POST", TOKEN), now(&lobby), None, Some(nonce));
    let reply = as_photos(&api, Some(&proof), &redeeming(&code)).await;
    assert_eq!(reply.status, 200, "the code was not used up: {}", reply.json);
    let token = reply.text("access_token");
    let proof = holder.prove(("POST", USERINFO), now(&lobby), Some(&token), None);
    let reply = userinfo(&api, "DPoP", &token, Some(&proof)).await;
    assert_eq!((reply.status, reply.error()), (401, "use_dpop_nonce"), "§9");
    let nonce = reply.headers["dpop-nonce"].to_str().unwrap();
    let proof = holder.prove(("POST", USERINFO), now(&lobby), Some(&token), Some(nonce));
    assert_eq!(userinfo(&api, "DPoP", &token, Some(&proof)).await.status, 200);
}

/// §10: a code that was asked for with a key is worth nothing to others, and their try costs nothing.
#[both_databases]
async fn a_code_may_be_bound_to_a_key(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "photos-api", json!({})).await;
    let (holder, thief) = (Holder::new(), Holder::new());
    let code = code_for_photos(&lobby, &[("dpop_jkt", &holder.thumbprint())]).await;
    let prove = |holder: &Holder| holder.prove(("POST", TOKEN), now(&lobby), None, None);
    for proof in [None, Some(prove(&thief))] {
        assert_eq!(as_photos(&api, proof.as_deref(), &redeeming(&code)).await.error(), "invalid_grant");
    }
    assert_eq!(as_photos(&api, Some(&prove(&holder)), &redeeming(&code)).await.status, 200);
    let mut browser = lobby.browser();
    let page = browser.open(&ask("photos", &[("dpop_jkt", "short")])).await;
    assert_eq!(page.param("error").as_deref(), Some("invalid_request"));
}

/// §5.2; and of a client with a secret the refresh token is bound to that (§5).
#[both_databases]
async fn a_client_may_demand_it_of_itself(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({ "dpop_bound_access_tokens": true })).await;
    let code = api.code(&lobby, "openid").await;
    assert_eq!(api.redeem(&code).await.error(), "invalid_dpop_proof");
    let secret = [("client_id", "bank"), ("client_secret", api.secret.as_str())];
    let redirect = api.redirect();
    let redeem = [
        ("grant_type", "authorization_code"),
        ("code", code.as_str()),
        ("redirect_uri", redirect.as_str()),
        ("code_verifier", VERIFIER),
    ];
    let proof = |holder: &Holder| holder.prove(("POST", TOKEN), now(&lobby), None, None);
    let reply = api.post_as_is(TOKEN, &[("dpop", &proof(&Holder::new()))], &[&redeem[..], &secret].concat()).await;
    assert_eq!(reply.text("token_type"), "DPoP");
    let introspected = api.post("/oauth2/introspect", &[("token", &reply.text("access_token"))]).await.json;
    assert_eq!(introspected["token_type"], "DPoP");
    let refresh = reply.text("refresh_token");
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str())];
    let another = Holder::new();
    let reply = api.post_as_is(TOKEN, &[("dpop", &proof(&another))], &[&refresh[..], &secret].concat()).await;
    let claims = jose::jwt::inspect(&reply.text("access_token"), &jose::Limits::DEFAULT).unwrap().claims;
    assert_eq!(claims["cnf"]["jkt"], another.thumbprint());
}

/// §11.1: the `jti` of each proof is kept. In the name of a public client anybody can send proofs of keys made up on the spot:
/// those that come to nothing are counted, and 429 says when to come back; what gives tokens costs nothing.
#[both_databases]
async fn proofs_in_vain_of_a_public_client_are_counted(mut house: House) {
    house.settings.throttle.public = Limit::new(4, Duration::from_secs(60));
    let lobby = Lobby::open(house).await;
    let holder = Holder::new();
    let url = url::Url::parse(&format!("{ISSUER}{TOKEN}")).unwrap();
    let mut browser = lobby.browser();
    browser.address = Some("192.0.2.7".parse().unwrap());
    let mut send = async |proof: Option<String>, code: &str| {
        browser.headers.remove("dpop");
        if let Some(proof) = proof {
            browser.headers.insert("dpop", proof.parse().unwrap());
        }
        let fields = [&redeeming(code)[..], &[("client_id", "photos")]].concat();
        let answer = browser.send("POST", &url, Some(&fields)).await;
        (answer.status().as_u16(), answer.headers().contains_key("retry-after"))
    };
    let prove = || Some(holder.prove(("POST", TOKEN), now(&lobby), None, None));
    for _ in 0..8 {
        let code = code_for_photos(&lobby, &[]).await;
        assert_eq!(send(prove(), &code).await, (200, false), "what gives tokens");
    }
    for _ in 0..4 {
        assert_eq!(send(prove(), "x").await, (400, false));
    }
    assert_eq!(send(prove(), "x").await, (429, true));
    let code = code_for_photos(&lobby, &[]).await;
    assert_eq!(send(prove(), &code).await, (429, true), "a right one waits, too, and is not used up");
    assert_eq!(send(None, "x").await, (400, false), "without a proof nothing is kept");
    lobby.house.clock.advance(Duration::from_secs(59));
    assert_eq!(send(prove(), &code).await, (429, true));
    lobby.house.clock.advance(Duration::from_secs(1));
    assert_eq!(send(prove(), "x").await, (400, false));
}
