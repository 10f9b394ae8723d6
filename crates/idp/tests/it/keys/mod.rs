//! Signing keys: who signs, what is published, and what happens at whose command.

mod admin;
mod first;
mod nodes;
mod schedule;

use std::time::Duration;

use idp::Context;
use idp::keys::TokenType;
use idp::keys::admin::KeyInfo;
use idp::keys::test_support;
use jose::JwsAlgorithm;
use jose::jwt::{Rules, verify};
use jose::{JwkSet, Limits};
use oidc::key_schedule::State;
use serde_json::json;

use crate::house::House;

/// The name of the key that signs now, and a token that it signed.
async fn signed(node: &Context, alg: JwsAlgorithm) -> (String, String) {
    let signer = test_support::signer(node, alg, TokenType::AccessToken).await.unwrap();
    let token = signer.sign(&json!({ "sub": "ada" })).unwrap();
    (signer.key().kid().unwrap().to_owned(), token)
}

/// The name of the key that signs ES256 now.
async fn active(node: &Context) -> String {
    signed(node, JwsAlgorithm::ES256).await.0
}

/// The set as somebody outside reads it.
fn published(node: &Context) -> JwkSet {
    let set = JwkSet::parse(jose::provider::aws_lc(), &node.published_keys().json, &Limits::DEFAULT).unwrap();
    assert_eq!(set.skipped(), []);
    set
}

fn kids(set: &JwkSet) -> Vec<String> {
    set.keys().iter().map(|key| key.kid().unwrap().to_owned()).collect()
}

fn verifies(set: &JwkSet, token: &str) -> bool {
    verify::<serde_json::Value>(token, set, &Rules::new(0, JwsAlgorithm::ALL)).is_ok()
}

async fn keys_of(node: &Context, alg: JwsAlgorithm) -> Vec<KeyInfo> {
    node.list_keys().await.unwrap().into_iter().filter(|key| key.alg == alg).collect()
}

async fn states_of(node: &Context, alg: JwsAlgorithm) -> Vec<State> {
    keys_of(node, alg).await.iter().map(|key| key.state).collect()
}

/// What is asked, while the hand-turned clock runs.
async fn while_time_passes<T>(house: &House, asked: impl Future<Output = T>) -> T {
    let passing = async {
        loop {
            tokio::time::sleep(Duration::from_millis(5)).await;
            house.clock.advance(Duration::from_millis(100));
        }
    };
    tokio::select! {
        answer = asked => answer,
        () = passing => unreachable!("the clock does not stop"),
    }
}

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The defaults: the cache's life and the two seconds that nodes and clocks may take.
const LEAD: Duration = Duration::from_secs(302);
/// How long all nodes need to see what one wrote.
const SEEN: Duration = Duration::from_secs(1);
