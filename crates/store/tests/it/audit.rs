//! The audit trail.

use store::test_support::TestDb;
use store::{Page, audit};
use testkit_macros::every_layout;

use crate::fixtures::{at, event, id};

#[every_layout]
async fn events_come_back_as_they_went(db: TestDb) {
    let bare = audit::Event { user_id: None, client_id: None, session_id: None, address: None, ..event(2, 0) };
    for event in [event(3, 1), event(1, 1), bare.clone(), event(4, 9)] {
        audit::append(&db, &event).await.unwrap();
    }
    let mut tx = db.begin().await.unwrap();
    audit::append_in(&mut tx, &event(5, 1)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(audit::newest_of_user(&db, id(1), 2).await.unwrap(), [event(5, 1), event(3, 1)]);
    let first = audit::list(&db, Page { after: None, limit: 3 }).await.unwrap();
    assert_eq!(first, [event(1, 1), bare, event(3, 1)]);
    let after = id(3).to_string();
    let rest = audit::list(&db, Page { after: Some((at(3), &after)), limit: 50 }).await.unwrap();
    assert_eq!(rest, [event(4, 9), event(5, 1)]);
    let mine = audit::of_user(&db, id(1), Page { after: None, limit: 2 }).await.unwrap();
    assert_eq!(mine, [event(1, 1), event(3, 1)]);
    let mine = audit::of_user(&db, id(1), Page { after: Some((at(3), &after)), limit: 2 }).await.unwrap();
    assert_eq!(mine, [event(5, 1)]);
}
