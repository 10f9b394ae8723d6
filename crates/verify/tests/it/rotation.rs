//! Under load: keys rotate, the provider goes away, strangers forge; requests go on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use vestibule_verify::{Demands, Reason, Verifier};

use crate::issuer::{Issuer, ask, new_key, refused};

/// Asks at this rate for so long, with the token that the issuer would give at that moment; counts what was refused.
async fn load(issuer: &Arc<Issuer>, verifier: &Verifier, per_second: u32, span: Duration) -> (u32, u32) {
    let (began, tick) = (Instant::now(), Duration::from_millis(10));
    let mut asked = Vec::new();
    while began.elapsed() < span {
        let due = (began.elapsed().as_secs_f64() * f64::from(per_second)) as usize;
        while asked.len() < due {
            let (verifier, token) = (verifier.clone(), issuer.token(json!({})));
            asked.push(tokio::spawn(async move { ask(&verifier, &token, &Demands::new()).await.is_ok() }));
        }
        tokio::time::sleep(tick).await;
    }
    let (mut good, mut bad) = (0, 0);
    for one in asked {
        match one.await.unwrap() {
            true => good += 1,
            false => bad += 1,
        }
    }
    (good, bad)
}

/// Twice: once as providers do it, with the new key published before it signs; once by one that signs at once with a key that
/// nobody has seen.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_rotate_under_load_and_nobody_is_refused() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    let first = issuer.key.lock().unwrap().clone();
    let running = tokio::spawn({
        let (issuer, verifier) = (issuer.clone(), verifier.clone());
        async move { load(&issuer, &verifier, 2000, Duration::from_secs(4)).await }
    });
    let pause = || tokio::time::sleep(Duration::from_millis(700));
    pause().await;
    let second = Arc::new(new_key());
    issuer.publish(&[&first, &second]);
    pause().await;
    // Past the time at which keys are asked for again, ahead of their end.
    issuer.clock.advance(Duration::from_secs(230));
    pause().await;
    issuer.sign_with(second.clone());
    pause().await;
    let third = Arc::new(new_key());
    issuer.publish(&[&second, &third]);
    issuer.sign_with(third);
    let (good, bad) = running.await.unwrap();
    assert_eq!(bad, 0, "of {}", good + bad);
    assert!(good >= 7000, "{good} in 4 s");
    assert_eq!(issuer.key_fetches(), 3, "at the start, ahead, and for the key that nobody had seen");
}

/// Ten minutes without the provider, while its keys run out of their five minutes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_provider_is_away_for_ten_minutes_and_requests_go_on() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None);
    issuer.clock.advance(Duration::from_secs(200));
    *issuer.away.lock().unwrap() = true;
    for second in 0..600 {
        issuer.clock.advance(Duration::from_secs(1));
        assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None, "after {second} s");
        if second % 20 == 0 {
            tokio::time::sleep(Duration::from_millis(15)).await;
        }
    }
    assert!(verifier.metrics().contains("vestibule_verify_keys_failing{issuer=\"https://id.example\"} 1"));
    // It is back, with another key.
    *issuer.away.lock().unwrap() = false;
    let key = Arc::new(new_key());
    issuer.publish(&[&key]);
    issuer.sign_with(key);
    issuer.clock.advance(Duration::from_secs(61));
    assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None);
    assert!(verifier.metrics().contains("vestibule_verify_keys_failing{issuer=\"https://id.example\"} 0"));
    // And for ever is too long: what was revoked meanwhile would count on.
    *issuer.away.lock().unwrap() = true;
    issuer.clock.advance(Duration::from_secs(300 + 3600 + 60));
    assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, Some(Reason::KeysUnavailable));
}

/// Tokens with forged names, thousands of them, beside good ones.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_forged_kids_fetches_once_in_a_cool_down() {
    let issuer = Issuer::open();
    let verifier = issuer.verifier();
    assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None);
    for turn in 1..=3 {
        let forged: Vec<_> = (0..20).map(|_| issuer.signed(&new_key(), "at+jwt", json!({}))).collect();
        let many: Vec<_> = (0..2000)
            .map(|n| {
                let (verifier, token) = (verifier.clone(), forged[n % forged.len()].clone());
                tokio::spawn(async move { refused(&verifier, &token).await })
            })
            .collect();
        for one in many {
            assert_eq!(one.await.unwrap(), Some(Reason::UnknownKey));
        }
        assert_eq!(refused(&verifier, &issuer.token(json!({}))).await, None);
        assert_eq!(issuer.key_fetches(), 1 + turn);
        issuer.clock.advance(Duration::from_secs(10));
    }
    assert_eq!(verifier.denied(Reason::UnknownKey), 6000);
}
