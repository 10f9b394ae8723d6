//! Days of rotation with the clock turned, and what happens between two writes.

use std::collections::{BTreeSet, HashMap};

use idp::clock::Clock;
use idp::keys::test_support;
use jose::JwsAlgorithm;
use oidc::Time;
use oidc::key_schedule::State;
use testkit_macros::both_databases;

use super::{LEAD, active, keys_of, kids, published, seconds, signed, states_of, verifies};
use crate::house::House;

const STEP: u64 = 5 * 60;

/// Two days, two keys a day, two nodes that do their jobs in turn. Whatever a key signs, everybody verifies until it has
/// expired, with a set that is as old as a cache may be.
#[both_databases]
async fn keys_follow_each_other_by_themselves(mut house: House) {
    house.settings.keys.rotation_interval = seconds(12 * 60 * 60);
    house.settings.keys.jwks_cache_lifetime = seconds(3 * STEP);
    house.settings.tokens.id_token_lifetime = seconds(4 * STEP);
    let nodes = [house.node().await, house.node().await];
    let mut first_published: HashMap<String, Time> = HashMap::new();
    let mut sets = Vec::new();
    let mut tokens = Vec::new();
    let mut signers = BTreeSet::new();
    for step in 0..2 * 24 * 12 {
        test_support::job(&nodes[step % 2]).await.unwrap();
        test_support::poll(&nodes[(step + 1) % 2]).await.unwrap();
        let now = house.clock.now();
        let set = published(&nodes[step % 2]);
        for kid in kids(&set) {
            first_published.entry(kid).or_insert(now);
        }
        let (kid, token) = signed(&nodes[(step + 1) % 2], JwsAlgorithm::ES256).await;
        // A cache three steps old knows the key, unless it is the very first.
        assert!(step < 3 || now.since(first_published[&kid]) >= seconds(3 * STEP), "{kid} at {now}");
        tokens.push(token);
        sets.push(set);
        let kept = &sets[step.saturating_sub(3)];
        assert!(tokens.iter().rev().take(1).all(|token| verifies(kept, token)), "a cache of {now}");
        assert!(tokens.iter().rev().take(5).all(|token| verifies(&sets[step], token)), "tokens at {now}");
        signers.insert(kid);
        house.clock.advance(seconds(STEP));
    }
    assert_eq!(signers.len(), 4);
    let all = keys_of(&nodes[0], JwsAlgorithm::ES256).await;
    assert_eq!(all.iter().map(|key| key.kid.clone()).collect::<BTreeSet<_>>().len(), all.len());
    assert_eq!(keys_of(&nodes[0], JwsAlgorithm::RS256).await.len(), all.len());
}

#[both_databases]
async fn a_removed_key_loses_its_private_half_and_stays_for_hints(house: House) {
    let node = house.node().await;
    let old = active(&node).await;
    node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap();
    house.clock.advance(LEAD);
    let sealed = async || {
        test_support::job(&node).await.unwrap();
        let rows = store::keys::list(&house.db).await.unwrap();
        rows.into_iter().find(|row| row.kid == old).unwrap().sealed.is_some()
    };
    // The last token lives five minutes; clocks may differ by two seconds.
    house.clock.advance(seconds(301));
    assert!(sealed().await);
    assert!(kids(&published(&node)).contains(&old));
    house.clock.advance(seconds(1));
    assert!(!sealed().await);
    assert_eq!(states_of(&node, JwsAlgorithm::ES256).await, [State::Removed, State::Active]);
    assert!(!test_support::verifying(&node).contains(&old));
    assert!(test_support::hints(&node).contains(&old));
    assert_eq!(house.node().await.published_keys().etag, node.published_keys().etag);
}

/// The set is that of the time at which it is read, though nobody writes and no job runs.
#[both_databases]
async fn the_published_set_changes_with_the_clock_alone(house: House) {
    let node = house.node().await;
    let old = active(&node).await;
    let before = node.published_keys();
    node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap();
    let both = node.published_keys();
    assert_ne!(before.etag, both.etag);
    assert_eq!(both.max_age, seconds(300));
    house.clock.advance(LEAD + seconds(301));
    assert_eq!(node.published_keys().etag, both.etag);
    house.clock.advance(seconds(1));
    assert_ne!(node.published_keys().etag, both.etag);
    assert!(!kids(&published(&node)).contains(&old));
    assert!(!test_support::verifying(&node).contains(&old));
}

/// A start must not wait for an RSA key that the job can make a minute later.
#[both_databases]
async fn a_start_rotates_nothing(house: House) {
    let node = house.node().await;
    let old = active(&node).await;
    house.clock.advance(seconds(60 * 24 * 60 * 60));
    let again = house.node().await;
    assert_eq!(active(&again).await, old);
    assert_eq!(again.list_keys().await.unwrap().len(), 2);
    test_support::job(&again).await.unwrap();
    assert_eq!(states_of(&again, JwsAlgorithm::ES256).await, [State::Active, State::Next]);
}

/// Tokens that were signed under a longer lifetime are verified as long as they live.
#[both_databases]
async fn shorter_lifetimes_break_no_promise(mut house: House) {
    house.settings.tokens.access_token_lifetime = seconds(24 * 60 * 60);
    let node = house.node().await;
    let (old, token) = signed(&node, JwsAlgorithm::ES256).await;
    node.rotate_keys(Some(JwsAlgorithm::ES256)).await.unwrap();
    house.clock.advance(LEAD);
    house.settings.tokens.access_token_lifetime = seconds(60);
    let after = house.node().await;
    assert_ne!(active(&after).await, old);
    house.clock.advance(seconds(24 * 60 * 60));
    assert!(verifies(&published(&after), &token));
    house.clock.advance(seconds(2));
    assert!(!verifies(&published(&after), &token));
}
