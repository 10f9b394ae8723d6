//! What a mail begins and its link ends.

use store::accounts::{self, Made, NewEmail, Recovery, Replaces};
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

/// Adds `who`, who has one name, and a link for a new address.
async fn asked(db: &Db, who: u8, name: &str) {
    assert!(users::insert(db, &user(who), &[name], &[]).await.unwrap());
    links::insert(db, &Link { user_id: Some(id(who)), ..link(who) }).await.unwrap();
}

async fn moved(db: &Db, who: u8, from: &str, old: &str, new: &str) -> Made {
    let (event, mail) = (audit::Event { at: at(50), ..event(who, who) }, mail(who));
    let change = NewEmail {
        link: id(who),
        user: id(who),
        from: Some(from),
        to: &format!("{new}@example.org"),
        names: (Some(old.to_owned()), format!("email:{new}")),
        mail: Some(&mail),
        undo: None,
        event: &event,
    };
    accounts::change_email(db, &change).await.unwrap()
}

#[every_layout]
async fn an_address_takes_anothers_place_or_nothing_happens(db: TestDb) {
    asked(&db, 1, "email:ada").await;
    asked(&db, 2, "email:bob").await;
    links::insert(&db, &Link { user_id: Some(id(1)), ..link(9) }).await.unwrap();
    assert_eq!(moved(&db, 1, "Ada1@elsewhere.example", "email:ada", "new").await, Made::LinkGone, "another address");
    assert_eq!(moved(&db, 1, "Ada1@example.com", "email:ada", "bob").await, Made::NameTaken);
    for n in [1, 9] {
        assert_eq!(links::find(&db, id(n)).await.unwrap().unwrap().used_at, None, "as it was");
    }
    assert_eq!(users::find_by_name(&db, "email:ada").await.unwrap().map(|user| user.id), Some(id(1)));
    assert_eq!((mails::count(&db).await.unwrap(), audit::newest_of_user(&db, id(1), 9).await.unwrap().len()), (0, 0));

    assert_eq!(moved(&db, 1, "Ada1@example.com", "email:ada", "new").await, Made::Done);
    let row = users::find_by_name(&db, "email:new").await.unwrap().unwrap();
    assert_eq!((row.id, row.email.as_deref(), row.email_verified), (id(1), Some("new@example.org"), true));
    assert_eq!(row.updated_at, at(50));
    assert_eq!(users::find_by_name(&db, "email:ada").await.unwrap(), None);
    assert_eq!((mails::count(&db).await.unwrap(), audit::newest_of_user(&db, id(1), 9).await.unwrap().len()), (1, 1));
    // What was sent to the old address opens nothing any more; what is another's is as it was.
    for (n, used) in [(1, Some(at(50))), (9, Some(at(50))), (2, None)] {
        assert_eq!(links::find(&db, id(n)).await.unwrap().unwrap().used_at, used, "{n}");
    }
    assert_eq!(moved(&db, 1, "new@example.org", "email:new", "newer").await, Made::LinkGone, "once");
    users::set_disabled(&db, id(2), Some(at(40)), at(40)).await.unwrap();
    assert_eq!(moved(&db, 2, "Ada2@example.com", "email:bob", "fresh").await, Made::LinkGone, "disabled");
}

#[every_layout]
async fn of_many_who_want_one_address_one_has_it(db: TestDb) {
    for n in 0..64 {
        asked(&db, n, &format!("email:{n}")).await;
    }
    let won = race(&db, |db, n| async move {
        moved(&db, n, &format!("Ada{n}@example.com"), &format!("email:{n}"), "new").await == Made::Done
    });
    assert_eq!(won.await, 1);
    assert_eq!(mails::count(&db).await.unwrap(), 1);
}
