//! Pictures of people.

use store::pictures::{self, Picture};
use store::test_support::TestDb;
use store::users::{self, OwnChange};
use store::{audit, params};
use testkit_macros::every_layout;

use crate::fixtures::{at, event, id, race, user};

fn picture(n: u8) -> Picture {
    Picture {
        id: id(n),
        user_id: id(1),
        media_type: "image/png".into(),
        bytes: vec![0, n, 255],
        created_at: at(i64::from(n)),
    }
}

#[every_layout]
async fn a_person_has_one_picture_or_none(db: TestDb) {
    let ada = user(1);
    assert!(users::insert(&db, &ada, &[], &[]).await.unwrap());
    let own = OwnChange { name: Some("Ada"), profile_json: r#"{"picture":"a"}"#, theme: "" };
    assert!(pictures::replace(&db, &ada, own, Some(&picture(7)), &event(20, 1)).await.unwrap());
    assert_eq!(pictures::find(&db, id(7)).await.unwrap(), Some(picture(7)));
    assert!(!pictures::replace(&db, &ada, own, Some(&picture(8)), &event(21, 1)).await.unwrap(), "another profile");
    assert_eq!(pictures::find(&db, id(8)).await.unwrap(), None);
    let now = users::find(&db, id(1)).await.unwrap().unwrap();
    assert_eq!(now.profile_json, own.profile_json);
    assert!(pictures::replace(&db, &now, own, Some(&picture(9)), &event(22, 1)).await.unwrap());
    assert_eq!(pictures::find(&db, id(7)).await.unwrap(), None, "the one before is gone");
    let now = users::find(&db, id(1)).await.unwrap().unwrap();
    assert!(pictures::replace(&db, &now, OwnChange { profile_json: "{}", ..own }, None, &event(23, 1)).await.unwrap());
    assert_eq!(pictures::find(&db, id(9)).await.unwrap(), None);
    assert_eq!(audit::newest_of_user(&db, id(1), 9).await.unwrap().len(), 3);
}

#[every_layout]
async fn of_64_at_once_one_picture_is_left(db: TestDb) {
    assert!(users::insert(&db, &user(1), &[], &[]).await.unwrap());
    let won = race(&db, |db, n| async move {
        let profile = format!("{{\"picture\":\"{n}\"}}");
        let own = OwnChange { name: None, profile_json: &profile, theme: "" };
        pictures::replace(&db, &user(1), own, Some(&picture(n)), &event(n, 1)).await.unwrap()
    });
    assert_eq!(won.await, 1);
    let count: i64 = db
        .fetch_optional("SELECT count(*) FROM pictures WHERE user_id = $1", params![id(1)])
        .await
        .unwrap()
        .unwrap()
        .take()
        .unwrap();
    assert_eq!(count, 1);
}
