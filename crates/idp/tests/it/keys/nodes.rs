//! Several nodes on one database: none signs with a key that another does not publish yet.

use std::sync::Arc;
use std::time::Duration;

use idp::Context;
use idp::keys::test_support;
use jose::JwsAlgorithm;
use oidc::key_schedule::State;
use testkit_macros::both_databases;

use super::{LEAD, SEEN, active, keys_of, kids, published, seconds, signed, states_of, verifies};
use crate::house::House;

/// Every node looks each 400 ms.
const LOOK: Duration = Duration::from_millis(400);

/// What `node` signs now, the other publishes.
async fn others_verify(node: &Context, other: &Context) {
    let (kid, token) = signed(node, JwsAlgorithm::ES256).await;
    assert!(verifies(&published(other), &token), "{kid} is not published everywhere");
}

#[both_databases]
async fn a_rotated_key_is_published_everywhere_before_it_signs(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    let old = active(&node).await;
    let next = node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap();
    assert_eq!(next.len(), 1);
    others_verify(&node, &other).await;
    house.clock.advance(LOOK);
    test_support::poll(&other).await.unwrap();
    assert!(kids(&published(&other)).contains(&next[0].kid));

    // It is published for as long as anybody may keep an older set: not a moment earlier does it sign.
    house.clock.advance(LEAD - LOOK - Duration::from_millis(1));
    assert_eq!((active(&node).await, active(&other).await), (old.clone(), old.clone()));
    house.clock.advance(Duration::from_millis(1));
    assert_eq!((active(&node).await, active(&other).await), (next[0].kid.clone(), next[0].kid.clone()));
    others_verify(&node, &other).await;
    others_verify(&other, &node).await;
    assert_eq!(states_of(&node, JwsAlgorithm::ES256).await, [State::Retiring, State::Active]);
}

/// A write that took long, or a node that could not look: what it sees late, it lets the others see first.
#[both_databases]
async fn what_is_seen_late_signs_later(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    let old = active(&node).await;
    node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap();
    house.clock.advance(LEAD + seconds(60));
    test_support::poll(&other).await.unwrap();
    assert_eq!(active(&other).await, old);
    house.clock.advance(SEEN);
    assert_ne!(active(&other).await, old);
}

#[both_databases]
async fn a_key_made_on_demand_waits_until_all_have_seen_it(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    let asked = tokio::spawn({
        let node = Arc::clone(&node);
        async move { signed(&node, JwsAlgorithm::ES384).await }
    });
    let made = loop {
        if let [made] = keys_of(&node, JwsAlgorithm::ES384).await.as_slice() {
            break made.clone();
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    };
    house.clock.advance(LOOK);
    tokio::time::sleep(Duration::from_millis(150)).await;
    assert!(!asked.is_finished(), "it signs before another node can know it");
    test_support::poll(&other).await.unwrap();
    assert!(kids(&published(&other)).contains(&made.kid));
    house.clock.advance(SEEN - LOOK);
    let (kid, token) = asked.await.unwrap();
    assert_eq!(kid, made.kid);
    assert!(verifies(&published(&other), &token));
}

#[both_databases]
async fn nodes_that_rotate_at_once_make_one_key(house: House) {
    let mut nodes = Vec::new();
    for _ in 0..8 {
        nodes.push(house.node().await);
    }
    for round in 1..=3 {
        let tasks: Vec<_> = nodes
            .iter()
            .map(|node| {
                let node = Arc::clone(node);
                tokio::spawn(async move { node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap() })
            })
            .collect();
        let mut answers = Vec::new();
        for task in tasks {
            answers.push(task.await.unwrap());
        }
        assert!(answers.iter().all(|next| next.len() == 1 && next == &answers[0]), "{answers:?}");
        assert_eq!(keys_of(&nodes[0], JwsAlgorithm::ES256).await.len(), 1 + round);
        house.clock.advance(LEAD);
    }
}

#[both_databases]
async fn nodes_that_start_at_once_make_one_set(house: House) {
    let (one, two, three) = tokio::join!(house.node(), house.node(), house.node());
    assert_eq!(one.list_keys().await.unwrap().len(), 2);
    for node in [&one, &two, &three] {
        test_support::poll(node).await.unwrap();
        assert_eq!(kids(&published(node)), kids(&published(&one)));
    }
    others_verify(&one, &two).await;
    others_verify(&two, &three).await;
}

#[both_databases]
async fn one_revocation_is_everybodys_after_one_look(house: House) {
    let (node, other) = (house.node().await, house.node().await);
    node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap();
    test_support::poll(&other).await.unwrap();
    house.clock.advance(seconds(10));
    let (old, token) = signed(&other, JwsAlgorithm::ES256).await;
    node.revoke_key(&old).await.unwrap();
    test_support::poll(&other).await.unwrap();
    assert!(!verifies(&published(&other), &token));
    assert!(!test_support::verifying(&other).contains(&old));
    assert!(!test_support::hints(&other).contains(&old));
    assert_ne!(active(&other).await, old);
    others_verify(&other, &node).await;
    others_verify(&node, &other).await;
}
