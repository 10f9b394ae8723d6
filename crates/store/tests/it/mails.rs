//! The queue of mails.

use store::mails::{self, Mail};
use store::test_support::TestDb;
use testkit_macros::every_layout;

use crate::fixtures::{at, id, mail, race};

#[every_layout]
async fn mails_come_when_they_are_due_and_as_they_went(db: TestDb) {
    let short = Mail { expires_at: at(5), ..mail(4) };
    for mail in [mail(3), mail(1), mail(9), short] {
        mails::insert(&db, &mail).await.unwrap();
    }
    let mut tx = db.begin().await.unwrap();
    mails::insert_in(&mut tx, &mail(2)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(mails::due(&db, at(2), 10).await.unwrap(), [mail(1), mail(2)]);
    assert_eq!(mails::due(&db, at(5), 10).await.unwrap(), [mail(1), mail(2), mail(3)], "one has expired");
    assert_eq!(mails::due(&db, at(9), 2).await.unwrap(), [mail(1), mail(2)]);
    assert_eq!(mails::count(&db).await.unwrap(), 5);
    mails::delete(&db, id(1)).await.unwrap();
    assert_eq!(mails::due(&db, at(2), 10).await.unwrap(), [mail(2)]);
}

#[every_layout]
async fn a_claimed_mail_is_due_again_later(db: TestDb) {
    mails::insert(&db, &mail(1)).await.unwrap();
    assert!(mails::claim(&db, id(1), at(1), at(60)).await.unwrap());
    assert!(!mails::claim(&db, id(1), at(1), at(60)).await.unwrap());
    assert_eq!(mails::due(&db, at(59), 10).await.unwrap(), []);
    let again = Mail { attempts: 1, due_at: at(60), ..mail(1) };
    assert_eq!(mails::due(&db, at(60), 10).await.unwrap(), [again]);
}

#[every_layout]
async fn of_many_nodes_one_claims_a_mail(db: TestDb) {
    mails::insert(&db, &mail(1)).await.unwrap();
    let won = race(&db, |db, _| async move { mails::claim(&db, id(1), at(1), at(60)).await.unwrap() }).await;
    assert_eq!(won, 1);
}
