//! Token exchange (RFC 8693), and subjects that differ by sector (OpenID Connect Core §8).

use std::time::Duration;

use jose::json::Object;
use serde_json::{Value, json};
use testkit::{House, Listener};
use testkit_macros::both_databases;

use crate::api::{Api, Reply};
use crate::holder::Holder;
use crate::lobby::{ADA, Lobby, ask, assert_code};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS: &str = "urn:ietf:params:oauth:token-type:access_token";

/// A shop whose token a gateway may exchange for one at «orders», and by impersonation for one at «stock».
async fn doors(lobby: &Lobby) -> (Api, Api, Api) {
    let shop = Api::register(lobby, "shop", json!({})).await;
    let lines = json!([
        { "client": "shop", "audience": ["orders"], "scope": "read write" },
        { "client": "shop", "audience": ["stock"], "scope": "read", "act": "impersonation" },
        { "client": "gateway", "audience": ["orders"], "scope": "read" },
        { "client": "shop", "audience": ["ledger"], "scope": "read", "adds": "ledger" },
    ]);
    let more = json!({ "grant_types": [GRANT, "client_credentials"], "vestibule_exchange": lines });
    let gateway = Api::register(lobby, "gateway", more).await;
    let orders = Api::register(lobby, "orders", json!({})).await;
    (shop, gateway, orders)
}

async fn exchange(api: &Api, token: &str, more: &[(&str, &str)]) -> Reply {
    let usual = [("grant_type", GRANT), ("subject_token", token), ("subject_token_type", ACCESS)];
    api.post("/oauth2/token", &[&usual[..], more].concat()).await
}

fn claims(token: &str) -> Object {
    jose::jwt::inspect(token, &jose::Limits::DEFAULT).unwrap().claims
}

/// §2.2.1, §4.1: another audience, the same person, and who acts.
#[both_databases]
async fn a_token_becomes_another_by_the_policy_of_a_pair(house: House) {
    let lobby = Lobby::open(house).await;
    let (shop, gateway, orders) = doors(&lobby).await;
    let token = shop.redeem(&shop.code(&lobby, "openid read").await).await.text("access_token");
    let reply = exchange(&gateway, &token, &[("audience", "orders")]).await;
    assert_eq!((reply.status, &reply.json["issued_token_type"]), (200, &json!(ACCESS)), "{}", reply.json);
    assert!(reply.json.get("refresh_token").is_none() && reply.json.get("id_token").is_none());
    assert_eq!(reply.text("scope"), "read");
    let new = reply.text("access_token");
    let (was, is) = (claims(&token), claims(&new));
    assert_eq!((&is["sub"], &is["aud"], &is["client_id"]), (&was["sub"], &json!("orders"), &json!("gateway")));
    assert_eq!(is["act"], json!({ "sub": "gateway" }));
    let seen = orders.post("/oauth2/introspect", &[("token", &new)]).await.json;
    assert_eq!((&seen["active"], &seen["act"]["sub"]), (&json!(true), &json!("gateway")));
    let silent = exchange(&gateway, &token, &[("audience", "stock")]).await.text("access_token");
    assert_eq!(claims(&silent).get("act"), None, "impersonation");
    // Once more, by a line that names the gateway's own tokens: who acted before is inside.
    let again = exchange(&gateway, &new, &[("audience", "orders")]).await.text("access_token");
    assert_eq!(claims(&again)["act"], json!({ "sub": "gateway", "act": { "sub": "gateway" } }));
    let trail = lobby.trail(ADA).await;
    assert_eq!(trail.iter().filter(|kind| *kind == "token.exchanged").count(), 3, "{trail:?}");
}

/// §2.2.2: what has no line, and what is no token, is refused.
#[both_databases]
async fn nothing_is_exchanged_beyond_the_policy(house: House) {
    let lobby = Lobby::open(house).await;
    let (shop, gateway, orders) = doors(&lobby).await;
    let reply = shop.redeem(&shop.code(&lobby, "openid read").await).await;
    let (token, id_token) = (reply.text("access_token"), reply.text("id_token"));
    let own = gateway.post("/oauth2/token", &[("grant_type", "client_credentials")]).await.text("access_token");
    for (subject, more, error) in [
        (&token, &[("audience", "elsewhere")][..], "invalid_target"),
        (&token, &[("audience", "orders"), ("scope", "read admin")], "invalid_scope"),
        (&token, &[("audience", "orders"), ("scope", "openid")], "invalid_scope"),
        // The line has it, and the subject token has it not: an exchange never widens.
        (&token, &[("audience", "orders"), ("scope", "read write")], "invalid_scope"),
        (&token, &[("audience", "orders"), ("scope", "ledger")], "invalid_scope"),
        (&token, &[], "invalid_request"),
        (&token, &[("audience", "orders"), ("requested_token_type", "urn:example:other")], "invalid_request"),
        (&token, &[("audience", "orders"), ("actor_token", &token), ("actor_token_type", ACCESS)], "invalid_request"),
        (&token, &[("audience", "orders"), ("actor_token", &own)], "invalid_request"),
        (&own, &[("audience", "orders")], "invalid_request"),
        (&id_token, &[("audience", "orders")], "invalid_request"),
    ] {
        let reply = exchange(&gateway, subject, more).await;
        assert_eq!((reply.status, reply.error()), (400, error), "{more:?}: {}", reply.json);
    }
    let added = exchange(&gateway, &token, &[("audience", "ledger"), ("scope", "read ledger")]).await;
    assert_eq!(added.text("scope"), "ledger read", "what a line adds, it names");
    assert_eq!(exchange(&gateway, &token, &[("audience", "ledger")]).await.text("scope"), "read");
    // Who has no line has none by having the grant, and who has no grant has none at all.
    assert_eq!(exchange(&orders, &token, &[("audience", "orders")]).await.error(), "unauthorized_client");
    let stranger = Api::register(&lobby, "stranger", json!({ "grant_types": [GRANT] })).await;
    assert_eq!(exchange(&stranger, &token, &[("audience", "orders")]).await.error(), "invalid_request");
}

/// §2.1: an actor is whoever holds the actor token; one that is bound to a key counts with that key alone.
#[both_databases]
async fn a_bound_actor_proves_its_key(house: House) {
    let lobby = Lobby::open(house).await;
    let (shop, gateway, _) = doors(&lobby).await;
    let token = shop.redeem(&shop.code(&lobby, "openid read").await).await.text("access_token");
    let (holder, thief) = (Holder::new(), Holder::new());
    let now = lobby.house.clock_now().seconds();
    let post = async |prover: Option<&Holder>, fields: &[(&str, &str)]| {
        let proof = prover.map(|holder| holder.prove(("POST", "/oauth2/token"), now, None, None));
        let headers: Vec<_> = proof.iter().map(|proof| ("dpop", proof.as_str())).collect();
        let own = [("client_id", "gateway"), ("client_secret", gateway.secret.as_str())];
        gateway.post_as_is("/oauth2/token", &headers, &[fields, &own].concat()).await
    };
    let actor = post(Some(&holder), &[("grant_type", "client_credentials")]).await.text("access_token");
    let fields = [
        ("grant_type", GRANT),
        ("subject_token", token.as_str()),
        ("subject_token_type", ACCESS),
        ("actor_token", actor.as_str()),
        ("actor_token_type", ACCESS),
        ("audience", "orders"),
    ];
    for prover in [None, Some(&thief)] {
        assert_eq!(post(prover, &fields).await.error(), "invalid_request");
    }
    let reply = post(Some(&holder), &fields).await;
    assert_eq!(claims(&reply.text("access_token"))["act"], json!({ "sub": "gateway" }), "{}", reply.json);
}

/// What was exchanged ends with what it came of, and by itself without ending that.
#[both_databases]
async fn an_exchanged_token_ends_with_its_subject(house: House) {
    let lobby = Lobby::open(house).await;
    let (shop, gateway, orders) = doors(&lobby).await;
    let token = shop.redeem(&shop.code(&lobby, "openid read").await).await.text("access_token");
    lobby.house.clock.advance(Duration::from_secs(200));
    let [one, two] = [
        exchange(&gateway, &token, &[("audience", "orders")]).await.text("access_token"),
        exchange(&gateway, &token, &[("audience", "orders")]).await.text("access_token"),
    ];
    assert_eq!(claims(&one)["exp"], claims(&token)["exp"], "never longer than its subject");
    assert_eq!(shop.post("/oauth2/revoke", &[("token", &one)]).await.error(), "invalid_grant", "another client's");
    assert_eq!(gateway.post("/oauth2/revoke", &[("token", &one)]).await.status, 200);
    assert!(!orders.is_active(&one).await && orders.is_active(&two).await && shop.is_active(&token).await);
    assert_eq!(shop.post("/oauth2/revoke", &[("token", &token)]).await.status, 200);
    assert!(!orders.is_active(&two).await);
    assert_eq!(exchange(&gateway, &token, &[("audience", "orders")]).await.error(), "invalid_request");
}

/// A public client proves nothing but a key: it exchanges its own tokens, and with that key.
#[both_databases]
async fn a_public_client_exchanges_what_is_bound_to_it(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "orders", json!({})).await;
    let lines = json!([{ "client": "photos", "audience": ["orders"], "scope": "profile" }]);
    let change = json!({ "grant_types": ["authorization_code", GRANT], "vestibule_exchange": lines });
    lobby.node.update_client("photos", change.as_object().unwrap().clone()).await.unwrap();
    let (holder, thief) = (Holder::new(), Holder::new());
    let now = lobby.house.clock_now().seconds();
    let proof = |holder: &Holder| holder.prove(("POST", "/oauth2/token"), now, None, None);
    let redeem = async |proof: Option<String>| {
        let mut browser = lobby.browser();
        let page = browser.open(&ask("photos", &[])).await;
        let code = assert_code(&browser.sign_in(&page, ADA).await);
        let fields = [
            ("client_id", "photos"),
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", "https://photos.example/cb"),
            ("code_verifier", crate::api::VERIFIER),
        ];
        let headers: Vec<_> = proof.iter().map(|proof| ("dpop", proof.as_str())).collect();
        api.post_as_is("/oauth2/token", &headers, &fields).await.text("access_token")
    };
    let (bound, free) = (redeem(Some(proof(&holder))).await, redeem(None).await);
    for (token, prover, error) in [
        (&bound, Some(&holder), ""),
        (&bound, Some(&thief), "invalid_request"),
        (&bound, None, "invalid_request"),
        (&free, Some(&holder), "unauthorized_client"),
    ] {
        let proof = prover.map(proof);
        let headers: Vec<_> = proof.iter().map(|proof| ("dpop", proof.as_str())).collect();
        let fields =
            [("client_id", "photos"), ("grant_type", GRANT), ("subject_token", token), ("subject_token_type", ACCESS)];
        let reply = api.post_as_is("/oauth2/token", &headers, &fields).await;
        assert_eq!(reply.error(), error, "{}", reply.json);
        if error.is_empty() {
            assert_eq!(claims(&reply.text("access_token"))["cnf"]["jkt"], holder.thumbprint());
        }
    }
}

/// Core §8: another subject in each sector, the same in all that a client is told, and taken back as a hint.
#[both_databases]
async fn a_pairwise_subject_is_its_sectors(house: House) {
    let lobby = Lobby::open(house).await;
    let pairwise = json!({ "subject_type": "pairwise" });
    let [one, two] =
        [Api::register(&lobby, "one", pairwise.clone()).await, Api::register(&lobby, "two", pairwise.clone()).await];
    let sister =
        Api::register(&lobby, "sister", json!({ "subject_type": "pairwise", "redirect_uris": [one.redirect()] })).await;
    let public = Api::register(&lobby, "public", json!({})).await;
    let tokens = async |api: &Api| {
        let mut browser = lobby.browser();
        let redirect = if api.id == "sister" { one.redirect() } else { api.redirect() };
        let page = browser.open(&ask(&api.id, &[("redirect_uri", &redirect)])).await;
        let code = assert_code(&browser.sign_in(&page, ADA).await);
        api.redeem_with(&code, &redirect, crate::api::VERIFIER).await
    };
    let mut subjects = Vec::new();
    for api in [&one, &two, &sister, &public] {
        let reply = tokens(api).await;
        let (access, id_token) = (reply.text("access_token"), reply.text("id_token"));
        let told = [
            claims(&access)["sub"].clone(),
            claims(&id_token)["sub"].clone(),
            api.get("/oauth2/userinfo", &access).await.json["sub"].clone(),
            api.post("/oauth2/introspect", &[("token", &access)]).await.json["sub"].clone(),
            api.post("/oauth2/introspect", &[("token", &reply.text("refresh_token"))]).await.json["sub"].clone(),
        ];
        assert!(told.iter().all(|sub| sub == &told[0] && sub.is_string()), "{told:?}");
        subjects.push(told[0].clone());
        // As a hint, and as a claim that is demanded, it means the same person.
        let mut browser = lobby.shared_browser().await;
        let wish = json!({ "id_token": { "sub": { "value": told[0] } } }).to_string();
        let redirect = if api.id == "sister" { one.redirect() } else { api.redirect() };
        for (name, value) in [("id_token_hint", id_token.as_str()), ("claims", &wish)] {
            let asked = ask(&api.id, &[("redirect_uri", &redirect), (name, value), ("prompt", "none")]);
            let page = browser.open(&asked).await;
            assert_eq!(page.param("error"), None, "{name} of {}: {}", api.id, page.url);
        }
    }
    let ada = lobby.node.find_user(ADA).await.unwrap().unwrap().id.to_string();
    assert_eq!(subjects[0], subjects[2], "one sector");
    assert_eq!(subjects[3], Value::from(ada), "everybody's");
    assert!(subjects[0] != subjects[1] && subjects[0] != subjects[3] && subjects[1] != subjects[3]);
}

/// Registration §5: what lies at the sector identifier names every redirect URI, or the client is not registered.
#[both_databases]
async fn a_sector_vouches_for_its_clients(house: House) {
    let lobby = Lobby::open(house).await;
    let addresses = json!(["https://a.example/cb", "https://b.example/cb"]);
    let site = Listener::answering_with(&[200], addresses.to_string()).await;
    let sector = format!("http://localhost:{}/sector", site.port);
    let metadata =
        |uris: &Value| json!({ "subject_type": "pairwise", "sector_identifier_uri": sector, "redirect_uris": uris });
    let api = Api::register(&lobby, "family", metadata(&addresses)).await;
    let other = json!(["https://a.example/cb", "https://c.example/cb"]);
    let change = metadata(&other).as_object().unwrap().clone();
    assert!(lobby.node.update_client(&api.id, change).await.is_err());
    let client = lobby.node.client("family").await.unwrap().unwrap();
    assert_eq!(client.client.sector.as_deref(), Some("localhost"));
}
