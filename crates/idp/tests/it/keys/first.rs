//! The first keys, and how they lie in the database.

use idp::Fault;
use idp::keys::{TokenType, test_support};
use idp::random::SystemRandomness;
use idp::seal::MasterKey;
use jose::JwsAlgorithm;
use jose::jwt::{Rules, verify};
use oidc::key_schedule::State;
use serde_json::{Value, json};
use testkit_macros::both_databases;

use super::{keys_of, kids, published, signed, states_of, verifies, while_time_passes};
use crate::house::House;

#[both_databases]
async fn a_new_house_signs_at_once(house: House) {
    let node = house.node().await;
    assert!(node.is_ready().await);
    for alg in [JwsAlgorithm::ES256, JwsAlgorithm::RS256] {
        assert_eq!(states_of(&node, alg).await, [State::Active]);
        let (kid, token) = signed(&node, alg).await;
        assert!(verifies(&published(&node), &token), "{alg}");
        assert_eq!(keys_of(&node, alg).await[0].kid, kid);
        // RFC 7638: the name is the thumbprint.
        assert_eq!(published(&node).find(&kid, alg).unwrap().thumbprint(), Some(kid.as_str()));
    }
    assert_eq!(published(&node).keys().len(), 2);
    // Another start makes nothing.
    let again = house.node().await;
    assert_eq!(kids(&published(&again)), kids(&published(&node)));
    assert_eq!(again.published_keys().etag, node.published_keys().etag);
}

/// RFC 9068 §2.1: an access token can never pass for an ID token.
#[both_databases]
async fn the_header_says_what_the_token_is(house: House) {
    let node = house.node().await;
    for (typ, text) in [(TokenType::Jwt, "JWT"), (TokenType::AccessToken, "at+jwt"), (TokenType::Logout, "logout+jwt")]
    {
        let signer = test_support::signer(&node, JwsAlgorithm::ES256, typ).await.unwrap();
        let token = signer.sign(&json!({})).unwrap();
        let rules = Rules::new(0, &[JwsAlgorithm::ES256]);
        let verified = verify::<Value>(&token, &published(&node), &rules.typ(text)).unwrap();
        assert_eq!(verified.header().typ(), Some(text));
        assert_eq!(verified.header().kid(), signer.key().kid());
    }
}

#[both_databases]
async fn private_halves_lie_sealed(house: House) {
    let node = house.node().await;
    let rows = store::keys::list(&house.db).await.unwrap();
    assert_eq!(rows.len(), 2);
    for row in rows {
        let signer = test_support::signer(&node, row.alg.parse().unwrap(), TokenType::Jwt).await.unwrap();
        let document = signer.key().to_pkcs8_der().unwrap();
        let private: Value = serde_json::from_str(&signer.key().private_jwk()).unwrap();
        let d = private["d"].as_str().unwrap();
        let d_bytes = jose::base64url::decode(d).unwrap();
        let sealed = row.sealed.unwrap();
        assert!(sealed.len() > document.len());
        for secret in [&document[document.len() - 32..], &d_bytes, d.as_bytes()] {
            assert!(!sealed.windows(secret.len()).any(|window| window == secret), "{}", row.alg);
            assert!(!row.public_jwk_json.as_bytes().windows(secret.len()).any(|window| window == secret));
        }
        assert!(!row.public_jwk_json.contains("\"d\""));
    }
}

#[both_databases]
async fn another_master_key_does_not_open(house: House) {
    house.node().await;
    let refused = house.try_node(&MasterKey::generate(&SystemRandomness)).await.err().unwrap();
    assert!(matches!(&refused, Fault::Corrupt(why) if why.contains("another master key")), "{refused}");
}

#[both_databases]
async fn the_first_key_of_an_algorithm_is_made_when_it_is_asked_for(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    let asked = async {
        let tasks: Vec<_> = (0..64)
            .map(|n| {
                let node = if n % 2 == 0 { node.clone() } else { other.clone() };
                tokio::spawn(async move { signed(&node, JwsAlgorithm::PS256).await })
            })
            .collect();
        let mut all = Vec::new();
        for task in tasks {
            all.push(task.await.unwrap());
        }
        all
    };
    let all = while_time_passes(&house, asked).await;
    let made = keys_of(&node, JwsAlgorithm::PS256).await;
    assert_eq!(made.len(), 1);
    for (kid, token) in all {
        assert_eq!(kid, made[0].kid);
        assert!(verifies(&published(&node), &token) && verifies(&published(&other), &token));
    }
}

#[both_databases]
async fn no_key_signs_a_symmetric_algorithm(house: House) {
    let node = house.node().await;
    let refused = test_support::signer(&node, JwsAlgorithm::HS256, TokenType::Jwt).await.unwrap_err();
    assert!(matches!(refused, Fault::NoKey(JwsAlgorithm::HS256)), "{refused}");
    assert_eq!(node.list_keys().await.unwrap().len(), 2);
}
