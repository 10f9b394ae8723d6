//! What can be used once: assertions, links; and single tokens that were revoked.

use store::links::{self, Link};
use store::test_support::TestDb;
use store::{assertions, revoked};
use testkit_macros::every_layout;

use crate::fixtures::{at, hash, id, race};

fn link(n: u8) -> Link {
    Link {
        id: id(n),
        purpose: "set-password".into(),
        user_id: Some(id(1)),
        secret_hash: hash(n),
        data_json: "{}".into(),
        created_at: at(10),
        expires_at: at(100),
        used_at: None,
    }
}

#[every_layout]
async fn a_revoked_token_is_known(db: TestDb) {
    assert!(!revoked::exists(&db, "jti").await.unwrap());
    revoked::insert(&db, "jti", at(100)).await.unwrap();
    revoked::insert(&db, "jti", at(100)).await.unwrap();
    assert!(revoked::exists(&db, "jti").await.unwrap());
    assert!(!revoked::exists(&db, "JTI").await.unwrap());
}

/// RFC 7523 §3, rule 7.
#[every_layout]
async fn one_of_64_assertions_is_taken(db: TestDb) {
    let won = race(&db, |db, _| async move { assertions::claim(&db, "a", at(100)).await.unwrap() });
    assert_eq!(won.await, 1);
    assert!(assertions::claim(&db, "b", at(100)).await.unwrap());
}

#[every_layout]
async fn a_link_opens_once(db: TestDb) {
    links::insert(&db, &link(1)).await.unwrap();
    links::insert(&db, &Link { user_id: None, ..link(2) }).await.unwrap();
    assert_eq!(links::find(&db, id(1)).await.unwrap(), Some(link(1)));
    assert_eq!(links::find(&db, id(2)).await.unwrap().unwrap().user_id, None);
    assert_eq!(links::find(&db, id(3)).await.unwrap(), None);
    assert!(!links::claim(&db, id(1), at(100)).await.unwrap(), "expired");
    let won = race(&db, |db, _| async move { links::claim(&db, id(1), at(50)).await.unwrap() });
    assert_eq!(won.await, 1);
    assert_eq!(links::find(&db, id(1)).await.unwrap().unwrap().used_at, Some(at(50)));
    assert!(!links::claim(&db, id(3), at(50)).await.unwrap());
}
