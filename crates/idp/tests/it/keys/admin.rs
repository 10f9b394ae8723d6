//! What an administrator asks for: list, rotate, revoke, import.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use idp::keys::admin::Refused;
use idp::keys::test_support;
use jose::{JwsAlgorithm, SigningKey};
use oidc::key_schedule::State;
use testkit_macros::both_databases;

use super::{LEAD, active, keys_of, kids, published, seconds, signed, states_of, verifies, while_time_passes};
use crate::house::{House, START};

#[both_databases]
async fn a_list_says_where_each_key_stands(house: House) {
    let node = house.node().await;
    house.clock.advance(seconds(10));
    let next = node.rotate_keys(None).await.unwrap();
    assert_eq!(next.iter().map(|key| key.alg).collect::<Vec<_>>(), [JwsAlgorithm::RS256, JwsAlgorithm::ES256]);
    // Where one is on its way, none is made.
    assert_eq!(node.rotate_keys(None).await.unwrap(), next);
    let [first, second] = &keys_of(&node, JwsAlgorithm::ES256).await[..] else { panic!("two keys") };
    assert_eq!((first.state, second.state), (State::Active, State::Next));
    assert_eq!((first.created_at, first.activates_at), (START, START));
    let begins = START.plus(seconds(10)).plus(LEAD);
    assert_eq!((second.created_at, second.activates_at), (START.plus(seconds(10)), begins));
    assert_eq!(first.retires_at, Some(begins));
    assert_eq!(first.removes_at, Some(begins.plus(seconds(302))));
    assert_eq!((second.retires_at, second.removes_at, second.revoked_at), (None, None, None));
}

#[both_databases]
async fn the_only_key_is_replaced_before_it_is_revoked(house: House) {
    let node = house.node().await;
    let (old, token) = signed(&node, JwsAlgorithm::ES256).await;
    while_time_passes(&house, node.revoke_key(&old)).await.unwrap();
    let [gone, new] = &keys_of(&node, JwsAlgorithm::ES256).await[..] else { panic!("two keys") };
    assert_eq!((gone.kid.as_str(), gone.state, new.state), (old.as_str(), State::Removed, State::Active));
    // The new one had begun, a second after it was published, when the old one went.
    assert!(gone.revoked_at.unwrap() >= new.activates_at);
    assert!(new.activates_at >= new.created_at.plus(seconds(1)));

    assert_eq!(active(&node).await, new.kid);
    assert_eq!(kids(&published(&node)).len(), 2);
    assert!(!verifies(&published(&node), &token));
    assert!(!test_support::verifying(&node).contains(&old));
    assert!(!test_support::hints(&node).contains(&old));
    let rows = store::keys::list(&house.db).await.unwrap();
    assert!(rows.into_iter().find(|row| row.kid == old).unwrap().sealed.is_none());
    // Also after a new start; and once more changes nothing.
    assert!(!test_support::hints(&*house.node().await).contains(&old));
    let before = node.list_keys().await.unwrap();
    node.revoke_key(&old).await.unwrap();
    assert_eq!(node.list_keys().await.unwrap(), before);
}

/// DESIGN §6: revoking the active key activates the next at once.
#[both_databases]
async fn the_next_key_takes_over_from_a_revoked_one(house: House) {
    let node = house.node().await;
    let old = active(&node).await;
    let next = node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap()[0].kid.clone();
    house.clock.advance(seconds(1));
    node.revoke_key(&old).await.unwrap();
    assert_eq!(active(&node).await, next);
    assert_eq!(states_of(&node, JwsAlgorithm::ES256).await, [State::Removed, State::Active]);
}

#[both_databases]
async fn a_key_that_does_not_sign_is_revoked_alone(house: House) {
    let node = house.node().await;
    let old = active(&node).await;
    let next = node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap()[0].kid.clone();
    node.revoke_key(&next).await.unwrap();
    assert_eq!(active(&node).await, old);
    house.clock.advance(LEAD + seconds(1000));
    assert_eq!(states_of(&node, JwsAlgorithm::ES256).await, [State::Active, State::Removed]);
    let refused = node.revoke_key("nobody").await.unwrap_err();
    assert!(matches!(refused, Refused::Unknown(kid) if kid == "nobody"));
}

#[both_databases]
async fn nodes_that_revoke_at_once_leave_one_that_signs(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    let old = active(&node).await;
    let both = Box::pin(async { tokio::join!(node.revoke_key(&old), other.revoke_key(&old)) });
    let (one, two) = while_time_passes(&house, both).await;
    one.unwrap();
    two.unwrap();
    assert_eq!(states_of(&node, JwsAlgorithm::ES256).await, [State::Removed, State::Active]);
    assert_eq!(active(&node).await, while_time_passes(&house, active(&other)).await);
}

#[both_databases]
async fn a_key_from_elsewhere_is_next_of_its_algorithm(house: House) {
    let node = house.node().await;
    let provider = jose::provider::aws_lc();
    for alg in [JwsAlgorithm::ES256, JwsAlgorithm::RS256] {
        let key = SigningKey::generate(provider, alg).unwrap();
        let kid = key.kid().unwrap();
        // PEM (RFC 7468 §10) in one, a JWK of another name in the other.
        let text = match alg {
            JwsAlgorithm::RS256 => format!(
                "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
                STANDARD.encode(&*key.to_pkcs8_der().unwrap())
            ),
            _ => key.private_jwk().replace(kid, "2019-key"),
        };
        let entered = node.import_key(&text).await.unwrap();
        assert_eq!((entered.kid.as_str(), entered.alg, entered.state), (kid, alg, State::Next));
        assert!(kids(&published(&node)).contains(&entered.kid));
        let again = node.import_key(&text).await.unwrap_err();
        assert!(matches!(&again, Refused::AlreadyHere(found) if found == kid), "{again}");
    }
    assert_eq!(node.list_keys().await.unwrap().len(), 4);
    house.clock.advance(LEAD);
    let (kid, token) = signed(&node, JwsAlgorithm::ES256).await;
    assert_eq!(kid, keys_of(&node, JwsAlgorithm::ES256).await[1].kid);
    assert!(verifies(&published(&*house.node().await), &token));
}

#[both_databases]
async fn keys_imported_at_once_all_have_a_place(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    let text = || SigningKey::generate(jose::provider::aws_lc(), JwsAlgorithm::ES256).unwrap().private_jwk();
    let (a, b) = (text(), text());
    let (one, two) = tokio::join!(node.import_key(&a), other.import_key(&b));
    assert_ne!(one.unwrap().kid, two.unwrap().kid);
    assert_eq!(states_of(&node, JwsAlgorithm::ES256).await, [State::Active, State::Next, State::Next]);
}

#[both_databases]
async fn what_is_no_private_key_of_a_pair_is_not_imported(house: House) {
    let node = house.node().await;
    let provider = jose::provider::aws_lc();
    let secret = SigningKey::generate(provider, JwsAlgorithm::HS256).unwrap().private_jwk();
    let refused = node.import_key(&secret).await.unwrap_err();
    assert!(matches!(refused, Refused::Symmetric(JwsAlgorithm::HS256)), "{refused}");
    let pair = SigningKey::generate(provider, JwsAlgorithm::ES256).unwrap();
    let public = jose::json::Value::Object(pair.public_jwk().unwrap()).to_string();
    for text in ["", "a key", "{}", &public, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
        let refused = node.import_key(text).await.unwrap_err();
        assert!(matches!(refused, Refused::Unreadable(_)), "{text}: {refused}");
    }
    assert!(matches!(
        node.rotate_keys(Some(JwsAlgorithm::HS512)).await.unwrap_err(),
        Refused::Symmetric(JwsAlgorithm::HS512)
    ));
    assert_eq!(node.list_keys().await.unwrap().len(), 2);
}
