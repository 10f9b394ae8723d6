//! Keys that apps keep in people's devices.

use store::device_keys::{self, DeviceKey};
use store::test_support::TestDb;
use testkit_macros::every_layout;

use crate::fixtures::{at, device_key, id, race};

#[every_layout]
async fn a_key_is_one_persons_once(db: TestDb) {
    assert!(device_keys::insert(&db, &device_key(5, 1)).await.unwrap());
    let again = DeviceKey { client_id: "other".into(), ..device_key(5, 1) };
    assert!(!device_keys::insert(&db, &again).await.unwrap(), "nobody takes it over");
    assert!(device_keys::insert(&db, &device_key(6, 1)).await.unwrap());
    assert_eq!(device_keys::of_user(&db, id(1)).await.unwrap(), [device_key(5, 1), device_key(6, 1)]);
    assert_eq!(device_keys::find(&db, id(1), id(5)).await.unwrap(), Some(device_key(5, 1)));
    assert_eq!(device_keys::find(&db, id(2), id(5)).await.unwrap(), None, "another's");
    assert!(device_keys::touch(&db, id(1), id(5), at(50)).await.unwrap());
    assert_eq!(device_keys::find(&db, id(1), id(5)).await.unwrap().unwrap().used_at, Some(at(50)));
    assert!(!device_keys::delete(&db, id(2), id(5)).await.unwrap());
    assert!(device_keys::delete(&db, id(1), id(5)).await.unwrap());
    assert!(!device_keys::touch(&db, id(1), id(5), at(60)).await.unwrap());
}

/// What a maker says is noted once, and never taken back.
#[every_layout]
async fn a_word_that_was_missing_is_noted_once(db: TestDb) {
    let bare = device_key(6, 1);
    assert!(device_keys::insert(&db, &bare).await.unwrap());
    let said = |format: &str, unlocked| DeviceKey {
        attestation: Some(format.into()),
        protection: Some("app".into()),
        unlocked,
        ..bare.clone()
    };
    let foreign = DeviceKey { client_id: "other".into(), ..said("apple-appattest", true) };
    assert!(!device_keys::vouch(&db, &foreign).await.unwrap(), "another app's");
    assert!(!device_keys::vouch(&db, &DeviceKey { user_id: id(2), ..said("apple-appattest", true) }).await.unwrap());
    assert_eq!(device_keys::find(&db, id(1), id(6)).await.unwrap(), Some(bare.clone()));
    let first = said("apple-appattest", true);
    let won = race(&db, |db, _| {
        let word = first.clone();
        async move { device_keys::vouch(&db, &word).await.unwrap() }
    });
    assert_eq!(won.await, 1);
    assert!(!device_keys::vouch(&db, &said("android-key", false)).await.unwrap(), "it has one");
    assert_eq!(device_keys::find(&db, id(1), id(6)).await.unwrap(), Some(first));
}
