//! Accounts that wait for their end.

use store::audit::Event;
use store::credentials::Credential;
use store::links::{self, Link};
use store::pictures::{self, Picture};
use store::test_support::TestDb;
use store::{
    Db, audit, consents, credentials, groups, invitations, leaving, mails, params, sessions, site_sessions, users,
};
use testkit_macros::every_layout;

use crate::fixtures::{
    at, begin, browser, code, container, device_key, ended, event, evidence, family, flow, hash, id, mail, race,
    session, site_session, user,
};

/// An event of its own at this time.
fn told(n: u8, time: i64) -> Event {
    Event { at: at(time), ..event(n, 1) }
}

async fn delete_at(db: &Db, n: u8) -> Option<i64> {
    users::find(db, id(n)).await.unwrap().unwrap().delete_at.map(oidc::Time::millis)
}

/// A person with a row in every table that names people.
async fn settled(db: &Db, n: u8) {
    let password = Credential {
        user_id: id(n),
        id: id(7),
        kind: "password".into(),
        data_json: "{}".into(),
        created_at: at(1),
        used_at: None,
    };
    assert!(users::insert(db, &user(n), &[&format!("email:{n}")], &[password]).await.unwrap());
    let consent = consents::Consent {
        user_id: id(n),
        client_id: "photos".into(),
        scopes: "openid".into(),
        detail_json: "{}".into(),
        granted_at: at(1),
        updated_at: at(1),
        version: 1,
    };
    consents::put(db, &consent).await.unwrap();
    assert!(groups::add_member(db, id(n), "staff", at(1)).await.unwrap());
    assert!(invitations::insert(db, id(n), "photos", "customer", at(1)).await.unwrap());
    let link = Link {
        id: id(100 + n),
        purpose: "x".into(),
        user_id: Some(id(n)),
        secret_hash: hash(n),
        data_json: "{}".into(),
        created_at: at(1),
        expires_at: at(9999),
        used_at: None,
    };
    links::insert(db, &link).await.unwrap();
    let picture =
        Picture { id: id(120 + n), user_id: id(n), media_type: "image/png".into(), bytes: vec![1], created_at: at(1) };
    let own = users::OwnChange { name: Some("Ada"), profile_json: "{}", theme: "" };
    let changed = Event { id: id(140 + n), user_id: None, ..told(0, 5) };
    assert!(pictures::replace(db, &user(n), own, Some(&picture), &changed).await.unwrap());
    sessions::sign_in(db, &browser(50 + n), None, &session(50 + n, 60 + n, n)).await.unwrap();
    let child = site_session(50 + n, 90 + n, 60 + n, n);
    assert_eq!(site_sessions::begin(db, &child).await.unwrap(), child.id);
    begin(db, &store::families::Family { user_id: id(n), ..family(70 + n) }, Some(&container(160 + n, n))).await;
    assert!(store::device_keys::insert(db, &device_key(7, n)).await.unwrap());
    let (record, code) = (evidence(90, n), code(0));
    let end = store::flows::End { code: None, evidence: Some(&record), ..ended(&code) };
    store::flows::insert_finished(db, &flow(90 + n), &end).await.unwrap();
}

/// How many rows name a person, table by table.
async fn rows_of(db: &Db, n: u8) -> Vec<(&'static str, i64)> {
    let mut found = Vec::new();
    for (table, sql) in [
        ("users", "SELECT count(*) FROM users WHERE id = $1"),
        ("login_names", "SELECT count(*) FROM login_names WHERE user_id = $1"),
        ("credentials", "SELECT count(*) FROM credentials WHERE user_id = $1"),
        ("consents", "SELECT count(*) FROM consents WHERE user_id = $1"),
        ("group_members", "SELECT count(*) FROM group_members WHERE user_id = $1"),
        ("invitations", "SELECT count(*) FROM invitations WHERE user_id = $1"),
        ("links", "SELECT count(*) FROM links WHERE user_id = $1"),
        ("user_sessions", "SELECT count(*) FROM user_sessions WHERE user_id = $1"),
        ("sessions", "SELECT count(*) FROM sessions WHERE user_id = $1"),
        ("site_sessions", "SELECT count(*) FROM site_sessions WHERE user_id = $1"),
        ("pictures", "SELECT count(*) FROM pictures WHERE user_id = $1"),
        ("containers", "SELECT count(*) FROM containers WHERE user_id = $1"),
        ("device_keys", "SELECT count(*) FROM device_keys WHERE user_id = $1"),
        ("evidence", "SELECT count(*) FROM evidence WHERE user_id = $1"),
        ("families", "SELECT count(*) FROM families WHERE user_id = $1"),
    ] {
        let count: i64 = db.fetch_optional(sql, params![id(n)]).await.unwrap().unwrap().take().unwrap();
        found.push((table, count));
    }
    found
}

#[every_layout]
async fn an_account_waits_comes_back_and_ends(db: TestDb) {
    settled(&db, 1).await;
    settled(&db, 2).await;
    assert!(leaving::begin(&db, id(1), at(500), &told(10, 100), Some(&mail(3))).await.unwrap());
    assert!(!leaving::begin(&db, id(1), at(900), &told(11, 101), Some(&mail(4))).await.unwrap(), "it waits already");
    assert!(!leaving::begin(&db, id(9), at(900), &told(11, 101), None).await.unwrap(), "nobody");
    assert_eq!((delete_at(&db, 1).await, mails::count(&db).await.unwrap()), (Some(500), 1));
    // What an administrator changes meanwhile leaves that as it is.
    users::update(&db, &user(1), &["email:1"]).await.unwrap();
    assert_eq!(delete_at(&db, 1).await, Some(500));
    assert!(leaving::due(&db, at(499), 9).await.unwrap().is_empty());
    assert!(!leaving::end(&db, id(1), &told(12, 499)).await.unwrap(), "too early");
    assert!(leaving::undo(&db, id(1), &told(13, 499)).await.unwrap());
    assert!(!leaving::undo(&db, id(1), &told(14, 499)).await.unwrap());
    assert_eq!(delete_at(&db, 1).await, None);
    assert!(!leaving::end(&db, id(1), &told(15, 9999)).await.unwrap(), "it does not wait");

    assert!(leaving::begin(&db, id(1), at(500), &told(16, 200), None).await.unwrap());
    assert!(!leaving::undo(&db, id(1), &told(17, 500)).await.unwrap(), "too late");
    assert_eq!(leaving::due(&db, at(500), 9).await.unwrap(), [id(1)]);
    assert!(rows_of(&db, 1).await.iter().all(|(_, count)| *count == 1), "{:?}", rows_of(&db, 1).await);
    assert!(leaving::end(&db, id(1), &told(18, 500)).await.unwrap());
    assert!(!leaving::end(&db, id(1), &told(19, 500)).await.unwrap(), "once");
    assert!(rows_of(&db, 1).await.iter().all(|(_, count)| *count == 0), "{:?}", rows_of(&db, 1).await);
    assert!(rows_of(&db, 2).await.iter().all(|(_, count)| *count == 1), "another's stay");
    assert!(credentials::all_of(&db, id(1)).await.unwrap().is_empty());
    let kept: Vec<_> = audit::newest_of_user(&db, id(1), 9).await.unwrap().into_iter().map(|event| event.id).collect();
    assert_eq!(kept, [id(18), id(13), id(16), id(10)], "what was refused leaves no event");
    users::set_disabled(&db, id(2), Some(at(1)), at(1)).await.unwrap();
    assert!(!leaving::begin(&db, id(2), at(900), &told(20, 300), None).await.unwrap(), "disabled");
}

#[every_layout]
async fn of_64_who_delete_one_account_one_does(db: TestDb) {
    settled(&db, 1).await;
    assert!(leaving::begin(&db, id(1), at(500), &told(200, 100), None).await.unwrap());
    let won = race(&db, |db, n| async move { leaving::end(&db, id(1), &told(n, 500)).await.unwrap() });
    assert_eq!(won.await, 1);
    assert_eq!(audit::newest_of_user(&db, id(1), 99).await.unwrap().len(), 2);
}

/// At each moment one of the two may: before its time who comes back, from then on who deletes.
#[every_layout]
async fn whoever_comes_back_is_not_deleted(db: TestDb) {
    settled(&db, 1).await;
    assert!(leaving::begin(&db, id(1), at(500), &told(200, 100), None).await.unwrap());
    let won = race(&db, |db, n| async move {
        match n % 2 {
            0 => leaving::undo(&db, id(1), &told(n, 499)).await.unwrap(),
            _ => leaving::end(&db, id(1), &told(n, 500)).await.unwrap(),
        }
    });
    assert_eq!(won.await, 1);
}
