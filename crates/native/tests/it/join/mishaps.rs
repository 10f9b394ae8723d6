//! What may befall apps that join: others at the same time, lost answers, keys that cannot be had, a full disk.

use super::*;

/// Of several apps at once the slower one does not put back what a faster one has replaced: its next use would end the container.
#[tokio::test]
async fn a_slower_app_does_not_undo_a_faster() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    let newer = json!({ "id_token": provider.id_token("notes"), "device_secret": "ds-3" }).to_string();
    let elsewhere = shared.clone();
    *provider.meanwhile.lock().unwrap() = Some(Box::new(move || elsewhere.put(CONTAINER, &newer).unwrap()));
    provider.answers(200, json!({ "device_secret": "ds-2", "id_token": provider.id_token("mail") }));
    assert_eq!(mail(&provider, &shared).join().await.unwrap(), Joined::SignedIn);
    assert_eq!(secret(&shared), "ds-3");
    // And what another app has emptied stays empty.
    let shared = left_by_notes(&provider);
    let elsewhere = shared.clone();
    *provider.meanwhile.lock().unwrap() = Some(Box::new(move || elsewhere.remove(CONTAINER).unwrap()));
    assert_eq!(mail(&provider, &shared).join().await.unwrap(), Joined::SignedIn);
    assert!(shared.get(CONTAINER).unwrap().is_none());
}

/// A store whose disk is full.
struct Full;

impl SharedStore for Full {
    fn get(&self, _: &str) -> Result<Option<zeroize::Zeroizing<String>>, StoreError> {
        Ok(None)
    }

    fn put(&self, _: &str, _: &str) -> Result<(), StoreError> {
        Err(StoreError("the disk is full".to_owned()))
    }

    fn remove(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A secret that was used is worth nothing: whatever fails afterwards, its successor lies in the container.
#[tokio::test]
async fn what_was_rotated_is_kept_before_all_else() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    let keys = Arc::new(vestibule_native::SoftwareKeys::new(Arc::new(Memory::default())));
    let platform = Platform::new(Arc::new(Full)).keys(keys).shared(shared.clone()).fetch(provider.clone());
    let app = App::new(Settings::new(ISSUER, "mail"), platform);
    provider.answers(200, json!({ "device_secret": "ds-2", "id_token": provider.id_token("mail") }));
    assert!(matches!(app.join().await, Err(Error::Store(_))));
    assert_eq!(secret(&shared), "ds-2");
    provider.answers(200, json!({ "device_secret": "ds-3", "id_token": provider.id_token("another") }));
    assert!(matches!(mail(&provider, &shared).join().await, Err(Error::Answer(_))));
    assert_eq!(secret(&shared), "ds-3");
}

/// Nothing that counts once is used while what verifies the answer cannot be had.
#[tokio::test]
async fn a_secret_is_not_used_without_the_providers_keys() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    provider.keyless.store(true, Ordering::SeqCst);
    provider.answers(200, json!({ "device_secret": "ds-2", "id_token": provider.id_token("mail") }));
    assert!(matches!(mail(&provider, &shared).join().await, Err(Error::Unreachable(_))));
    assert!(provider.forms().is_empty() && secret(&shared) == "ds-1");
}

/// An answer that was lost on its way is asked for again at once, with proofs that are new.
#[tokio::test]
async fn a_lost_answer_is_asked_for_again() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    let app = mail(&provider, &shared);
    let answer = json!({ "device_secret": "ds-2", "id_token": provider.id_token("mail"), "expires_in": 1 });
    provider.answers(200, answer);
    provider.lost.store(1, Ordering::SeqCst);
    assert_eq!(app.join().await.unwrap(), Joined::SignedIn);
    let forms = provider.forms();
    assert_eq!(forms.len(), 2);
    for proof in ["DPoP", "device_proof"] {
        assert_ne!(forms[0].1[proof], forms[1].1[proof], "{proof}");
    }
    provider.answers(200, json!({ "access_token": "at-2", "refresh_token": "rt-2" }));
    provider.lost.store(1, Ordering::SeqCst);
    assert_eq!(app.credentials("GET", "https://api.example/").await.unwrap().authorization, "DPoP at-2");
    assert_eq!(provider.forms().len(), 2);
    provider.answers(200, json!({ "expires_in": 1 }));
    provider.lost.store(2, Ordering::SeqCst);
    let again = mail(&provider, &left_by_notes(&provider));
    assert!(matches!(again.join().await, Err(Error::Unreachable(_))), "once more, and no oftener");
}

/// RFC 6749 §6: the successor of a refresh token is kept though nobody can look at the ID token beside it now.
#[tokio::test]
async fn a_renewal_outlives_keys_that_cannot_be_had() {
    let provider = Provider::open();
    let app = mail(&provider, &left_by_notes(&provider));
    let brief = |token: &str| json!({ "access_token": token, "refresh_token": format!("r{token}"), "expires_in": 1 });
    provider.answers(200, brief("1"));
    assert_eq!(app.join().await.unwrap(), Joined::SignedIn);
    // Signed by a key that nobody has seen.
    let other = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
    let claims = json!({ "iss": ISSUER, "sub": "ada", "aud": "mail", "iat": now(), "exp": now() + 300 });
    let mut answer = brief("2");
    answer["id_token"] = sign(&other, &HeaderExtras::typ("JWT"), &claims).unwrap().into();
    provider.keyless.store(true, Ordering::SeqCst);
    provider.answers(200, answer);
    assert_eq!(app.credentials("GET", "https://api.example/").await.unwrap().authorization, "DPoP 2");
    provider.answers(200, brief("3"));
    provider.forms();
    app.credentials("GET", "https://api.example/").await.unwrap();
    assert_eq!(provider.forms()[0].1["refresh_token"], "r2");
}

/// A phone's screen may go away while the provider answers: what was used there is kept here all the same.
#[tokio::test]
async fn joining_goes_on_though_whoever_asked_has_gone() {
    let provider = Provider::open();
    let shared = left_by_notes(&provider);
    let app = mail(&provider, &shared);
    provider.takes.store(200, Ordering::SeqCst);
    provider.answers(200, json!({ "device_secret": "ds-2", "id_token": provider.id_token("mail") }));
    assert!(tokio::time::timeout(Duration::from_millis(100), app.join()).await.is_err());
    tokio::time::sleep(Duration::from_millis(500)).await;
    assert!(app.is_signed_in().await.unwrap());
    assert_eq!((provider.forms().len(), secret(&shared)), (1, "ds-2".into()));
}
