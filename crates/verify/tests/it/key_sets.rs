//! The cache of key sets: one fetch for all, refreshed ahead, patient with a provider that is away.

use std::sync::Arc;
use std::time::Duration;

use jose::remote::Policy;
use jose::{JwkSet, JwsAlgorithm, SigningKey, provider::aws_lc};
use vestibule_verify::sets::KeySource;

use crate::servers::{Provider, Turned};

const TEN_MINUTES: &[(&str, &str)] = &[("cache-control", "max-age=600")];
const ES256: JwsAlgorithm = JwsAlgorithm::ES256;

fn key() -> SigningKey {
    SigningKey::generate(aws_lc(), ES256).unwrap()
}

fn set(keys: &[&SigningKey]) -> String {
    JwkSet::from_keys(keys.iter().map(|key| key.verifying_key())).render().to_string()
}

fn source(provider: &Arc<Provider>, clock: &Arc<Turned>) -> KeySource {
    KeySource::new("https://id.example/jwks", provider.clone(), clock.clone(), Policy::KEYS)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_at_once_fetch_once() {
    let (provider, clock) = (Provider::saying(set(&[&key()]), TEN_MINUTES), Turned::at(0));
    let source = source(&provider, &clock);
    let many: Vec<_> = (0..1000)
        .map(|_| {
            tokio::spawn({
                let source = source.clone();
                async move { source.keys().await }
            })
        })
        .collect();
    for one in many {
        assert_eq!(one.await.unwrap().unwrap().keys().len(), 1);
    }
    assert_eq!(provider.asked(), 1);
}

/// Whoever waits may go away: the fetch goes on for the others.
#[tokio::test]
async fn a_fetch_does_not_hang_on_who_began_it() {
    let (provider, clock) = (Provider::saying(set(&[&key()]), TEN_MINUTES), Turned::at(0));
    let source = source(&provider, &clock);
    for _ in 0..5 {
        assert!(tokio::time::timeout(Duration::ZERO, source.keys()).await.is_err());
    }
    assert_eq!(source.keys().await.unwrap().keys().len(), 1);
    assert_eq!(provider.asked(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_unknown_kids_fetches_once_in_a_cool_down() {
    let key = key();
    let (provider, clock) = (Provider::saying(set(&[&key]), TEN_MINUTES), Turned::at(0));
    let source = source(&provider, &clock);
    source.keys().await.unwrap();
    for turn in 1..=3 {
        let flood: Vec<_> = (0..2000)
            .map(|n| {
                let source = source.clone();
                tokio::spawn(async move { source.keys_for(Some(&format!("forged-{turn}-{n}")), ES256).await })
            })
            .collect();
        for one in flood {
            assert_eq!(one.await.unwrap().unwrap().keys().len(), 1, "the set is given, without such a key");
        }
        assert_eq!(provider.asked(), 1 + turn, "one at the start, and one for each cool-down");
        clock.advance(Duration::from_secs(10));
    }
    // Who comes with a key that is there is served all the while.
    assert!(source.keys_for(key.verifying_key().kid(), ES256).await.is_ok());
    assert_eq!(provider.asked(), 4);
}

/// A name that was not there is not looked for again, though the cool-down is over; with `ETag` and without.
#[tokio::test]
async fn an_unknown_kid_is_remembered() {
    for headers in [TEN_MINUTES, &[("cache-control", "max-age=600"), ("etag", "\"1\"")]] {
        let (provider, clock) = (Provider::saying(set(&[&key()]), headers), Turned::at(0));
        let source = source(&provider, &clock);
        source.keys_for(Some("forged"), ES256).await.unwrap();
        assert_eq!(provider.asked(), 2);
        if headers.len() == 2 {
            provider.says(304, "", headers);
        }
        clock.advance(Duration::from_secs(11));
        source.keys_for(Some("another"), ES256).await.unwrap();
        assert_eq!(provider.asked(), 3);
        for _ in 0..4 {
            clock.advance(Duration::from_secs(11));
            source.keys_for(Some("another"), ES256).await.unwrap();
        }
        assert_eq!(provider.asked(), 3, "{headers:?}");
    }
}

/// RFC 9110 §13.1.2: what has not changed is not sent again.
#[tokio::test]
async fn what_is_at_hand_is_asked_about_by_its_etag() {
    let headers: &[(&str, &str)] = &[("cache-control", "max-age=600"), ("etag", "\"v1\"")];
    let (provider, clock) = (Provider::saying(set(&[&key()]), headers), Turned::at(0));
    let source = source(&provider, &clock);
    let first = source.keys().await.unwrap();
    provider.says(304, "", headers);
    clock.advance(Duration::from_secs(600));
    let second = source.keys().await.unwrap();
    assert!(Arc::ptr_eq(&first, &second));
    assert_eq!((provider.asked(), source.is_failing()), (2, false));
    // A server that says so unasked says nothing.
    let unasked = Provider::saying("", &[]);
    unasked.says(304, "", &[]);
    let error = KeySource::new("https://id.example/jwks", unasked, clock, Policy::KEYS).keys().await.unwrap_err();
    assert!(error.to_string().contains("the answer is 304"), "{error}");
}

/// What cannot be used counts as away: too long, too many keys, no JSON, an error.
#[tokio::test]
async fn a_bad_answer_does_not_replace_a_good_one() {
    let key = key();
    let many = vec![key.verifying_key(); 129];
    let too_many = JwkSet::from_keys(many).render().to_string();
    let too_long = format!("{{\"keys\":[],\"x\":\"{}\"}}", "x".repeat(512 * 1024));
    for (status, body) in [
        (200, too_many),
        (200, too_long),
        (200, "<html>".to_owned()),
        (200, "{}".to_owned()),
        (503, set(&[&key])),
        (302, set(&[&key])),
    ] {
        let (provider, clock) = (Provider::saying(set(&[&key]), TEN_MINUTES), Turned::at(0));
        let source = source(&provider, &clock);
        source.keys().await.unwrap();
        provider.says(status, body, TEN_MINUTES);
        clock.advance(Duration::from_secs(500));
        assert_eq!(source.keys().await.unwrap().keys().len(), 1);
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(source.is_failing());
        assert_eq!(source.keys().await.unwrap().keys().len(), 1, "used on");
        assert_eq!((source.counts().fetched, source.counts().failed), (2, 1));
    }
}

/// A key that was replaced under its own name: asked for anew once in a cool-down.
#[tokio::test]
async fn newer_keys_are_asked_for_once() {
    let (provider, clock) = (Provider::saying(set(&[&key()]), TEN_MINUTES), Turned::at(0));
    let source = source(&provider, &clock);
    let old = source.keys().await.unwrap();
    provider.says(200, set(&[&key(), &key()]), TEN_MINUTES);
    let newer = source.newer(&old).await.unwrap();
    assert_eq!(newer.keys().len(), 2);
    assert!(Arc::ptr_eq(&source.newer(&old).await.unwrap(), &newer), "it is there already");
    assert!(source.newer(&newer).await.is_none(), "a moment ago");
    assert_eq!(provider.asked(), 2);
}
