//! Tokens as others verify them: with the published keys, in every algorithm that the metadata offer.

use std::sync::Arc;
use std::time::Duration;

use idp::clock::Clock as _;
use jose::jwt::{Rules, left_half_hash, verify};
use jose::{JwkSet, JwsAlgorithm, Limits, provider::aws_lc};
use serde_json::{Map, Value, json};
use testkit::{House, ISSUER};
use testkit_macros::both_databases;

use crate::api::Api;
use crate::lobby::Lobby;

/// Core §2, §3.1.3.6, §5.3.2; RFC 9068 §2.2.
#[both_databases]
async fn every_algorithm_signs_and_verifies(house: House) {
    let lobby = Lobby::open(house).await;
    for alg in JwsAlgorithm::ALL.iter().copied().filter(|alg| !alg.is_symmetric()) {
        let id = format!("app-{}", alg.as_str().to_lowercase());
        let more = json!({ "id_token_signed_response_alg": alg, "userinfo_signed_response_alg": alg });
        let api = while_time_passes(&lobby, Api::register(&lobby, &id, more)).await;
        let now = lobby.house.clock.now().seconds();
        let tokens = api.redeem(&api.code(&lobby, "openid email").await).await;
        assert_eq!(tokens.status, 200, "{alg}: {}", tokens.json);
        let keys = published(&api).await;
        let allowed = [alg];
        let rules = || Rules::new(now, &allowed).issuer(ISSUER).audience(&id).require_sub();
        let (id_token, access) = (tokens.text("id_token"), tokens.text("access_token"));
        let verified = verify::<Map<String, Value>>(&id_token, &keys, &rules().typ("JWT").require_exp()).unwrap();
        let claims = verified.claims();
        assert_eq!(claims["at_hash"], left_half_hash(alg, &access), "{alg}");
        assert_eq!((&claims["nonce"], &claims["azp"]), (&json!("n"), &json!(id)), "{alg}");
        assert_eq!((&claims["auth_time"], &claims["amr"]), (&json!(now), &json!(["pwd"])), "{alg}");
        assert!(claims["sid"].is_string() && !claims.contains_key("email"), "{alg}: Core §5.4");

        let userinfo = api.userinfo_text(&access).await;
        let verified = verify::<Map<String, Value>>(&userinfo, &keys, &rules()).unwrap();
        assert_eq!(verified.claims()["email"], "ada@example.com", "{alg}");
        assert_eq!(verified.claims()["sub"], claims["sub"], "{alg}");

        let es256 = [JwsAlgorithm::ES256];
        let rules = Rules::new(now, &es256).issuer(ISSUER).audience(ISSUER).typ("at+jwt").require_exp();
        let verified = verify::<Map<String, Value>>(&access, &keys, &rules.require_jti()).unwrap();
        let claims = verified.claims();
        assert_eq!((&claims["client_id"], &claims["scope"]), (&json!(id), &json!("email openid")), "{alg}");
    }
}

/// The first key of an algorithm signs a second after it was made: the clock is turned meanwhile.
async fn while_time_passes<T>(lobby: &Lobby, what: impl Future<Output = T>) -> T {
    let clock = Arc::clone(&lobby.house.clock);
    let passing = tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            clock.advance(Duration::from_secs(1));
        }
    });
    let done = what.await;
    passing.abort();
    done
}

/// DESIGN §1.11: what the metadata offer is what is there.
#[both_databases]
async fn the_metadata_offer_what_is_there(house: House) {
    let lobby = Lobby::open(house).await;
    let api = Api::register(&lobby, "bank", json!({})).await;
    let metadata = api.get("/.well-known/openid-configuration", "").await.json;
    assert_eq!(metadata, api.get("/.well-known/oauth-authorization-server", "").await.json, "RFC 8414 §3");
    assert_eq!(metadata["issuer"], ISSUER);
    for (name, value) in metadata.as_object().unwrap() {
        let Some(path) = value.as_str().and_then(|address| address.strip_prefix(ISSUER)) else { continue };
        if path.is_empty() {
            continue;
        }
        // Whatever a bare GET says there, it is not «nothing here».
        assert_ne!(api.get(path, "").await.status, 404, "{name}");
    }
    for grant in metadata["grant_types_supported"].as_array().unwrap() {
        let reply = api.post("/oauth2/token", &[("grant_type", grant.as_str().unwrap())]).await;
        assert_ne!(reply.error(), "unsupported_grant_type", "{grant}");
    }
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(metadata["request_uri_parameter_supported"], false);
}

async fn published(api: &Api) -> JwkSet {
    let reply = api.get("/.well-known/jwks.json", "").await;
    let set = JwkSet::parse(aws_lc(), reply.json.to_string().as_bytes(), &Limits::DEFAULT).unwrap();
    assert!(set.skipped().is_empty());
    set
}
