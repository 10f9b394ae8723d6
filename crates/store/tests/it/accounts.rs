//! What a mail begins and its link ends.

use store::accounts::{self, Made, Recovery, Replaces};
use store::credentials::{self, Credential};
use store::links::{self, Link};
use store::test_support::TestDb;
use store::{Db, audit, mails, users};
use testkit_macros::every_layout;

use crate::fixtures::{at, event, hash, id, mail, race, user};

fn link(n: u8) -> Link {
    Link {
        id: id(n),
        purpose: "x".into(),
        user_id: None,
        secret_hash: hash(n),
        data_json: "{}".into(),
        created_at: at(10),
        expires_at: at(100),
        used_at: None,
    }
}

fn credential(n: u8, kind: &str) -> Credential {
    Credential {
        user_id: id(1),
        id: id(n),
        kind: kind.into(),
        data_json: "{}".into(),
        created_at: at(i64::from(n)),
        used_at: None,
    }
}

async fn kinds(db: &Db) -> [usize; 2] {
    let of = async |kind| credentials::of(db, id(1), kind).await.unwrap().len();
    [of("password").await, of("passkey").await]
}

#[every_layout]
async fn link_and_mail_are_there_together(db: TestDb) {
    accounts::ask(&db, &link(1), &mail(2), Some(&event(3, 4))).await.unwrap();
    assert_eq!(links::find(&db, id(1)).await.unwrap(), Some(link(1)));
    assert_eq!(mails::due(&db, at(2), 9).await.unwrap(), [mail(2)]);
    assert_eq!(audit::newest_of_user(&db, id(4), 9).await.unwrap(), [event(3, 4)]);
    // A mail whose link could not be kept is not sent.
    assert!(accounts::ask(&db, &link(1), &mail(5), None).await.is_err());
    assert_eq!(mails::count(&db).await.unwrap(), 1);
}

#[every_layout]
async fn links_make_one_account_or_none(db: TestDb) {
    for n in 1..=4 {
        links::insert(&db, &link(n)).await.unwrap();
    }
    let make = async |used: [u8; 2], who: u8, name: &str| {
        let first = [Credential { user_id: id(who), ..credential(9, "password") }];
        let event = audit::Event { id: id(who), ..event(50, who) };
        let links = used.map(id);
        accounts::make(&db, &links, (&user(who), &[name], &first), &event).await.unwrap()
    };
    assert_eq!(make([1, 2], 1, "email:ada").await, Made::Done);
    assert_eq!(make([3, 2], 5, "email:bob").await, Made::LinkGone);
    assert_eq!(make([3, 4], 6, "email:ada").await, Made::NameTaken);
    assert_eq!(users::find_by_name(&db, "email:bob").await.unwrap(), None);
    for n in 3..=4 {
        assert_eq!(links::find(&db, id(n)).await.unwrap().unwrap().used_at, None, "as it was");
    }
    assert_eq!(make([3, 4], 7, "email:eve").await, Made::Done);
    assert_eq!(credentials::of(&db, id(7), "password").await.unwrap().len(), 1);
    assert_eq!(audit::newest_of_user(&db, id(7), 9).await.unwrap().len(), 1);
}

#[every_layout]
async fn of_many_with_one_link_one_makes_the_account(db: TestDb) {
    links::insert(&db, &link(1)).await.unwrap();
    let won = race(&db, |db, n| async move {
        let (user, event) = (user(n), audit::Event { id: id(n), ..event(50, n) });
        let name = format!("email:{n}");
        accounts::make(&db, &[id(1)], (&user, &[&name], &[]), &event).await.unwrap() == Made::Done
    });
    assert_eq!(won.await, 1);
}

#[every_layout]
async fn a_recovery_replaces_the_password_or_everything(db: TestDb) {
    users::insert(&db, &user(1), &["email:ada"], &[credential(2, "password"), credential(3, "passkey")]).await.unwrap();
    for n in 1..=4 {
        links::insert(&db, &link(n)).await.unwrap();
    }
    let recover = async |n: u8, replaces, email: &str| {
        let (password, event) = (credential(20 + n, "password"), event(20 + n, 1));
        let recovery = Recovery { link: id(n), password: &password, replaces, event: &event };
        accounts::recover(&db, &recovery, email, at(50)).await.unwrap()
    };
    assert!(!recover(1, Replaces::Everything, "ada@elsewhere.example").await, "another address");
    assert_eq!(kinds(&db).await, [1, 1]);
    assert!(recover(1, Replaces::Password, "Ada1@example.com").await);
    assert_eq!(credentials::of(&db, id(1), "password").await.unwrap(), [credential(21, "password")]);
    assert_eq!(kinds(&db).await, [1, 1]);
    let row = users::find(&db, id(1)).await.unwrap().unwrap();
    assert!(row.email_verified && row.updated_at == at(50));
    assert!(!recover(1, Replaces::Password, "Ada1@example.com").await, "once");
    assert!(recover(2, Replaces::Everything, "Ada1@example.com").await);
    assert_eq!(kinds(&db).await, [1, 0]);
    users::set_disabled(&db, id(1), Some(at(60)), at(60)).await.unwrap();
    assert!(!recover(3, Replaces::Password, "Ada1@example.com").await, "disabled");
    assert_eq!(links::find(&db, id(3)).await.unwrap().unwrap().used_at, None);
    assert_eq!(audit::newest_of_user(&db, id(1), 9).await.unwrap().len(), 2);
}
