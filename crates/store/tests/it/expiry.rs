//! Every table that grows with traffic forgets.

use std::time::Duration;

use store::browsers::Browser;
use store::families::Family;
use store::flows::End;
use store::links::{self, Link};
use store::sessions::Session;
use store::test_support::TestDb;
use store::{
    Db, assertions, audit, browsers, codes, device_requests, expiry, families, flows, mails, params, revoked, sessions,
    site_sessions, throttles, users,
};
use testkit_macros::every_layout;

use crate::fixtures::{
    add_family, at, browser, device_request, event, evidence, family, flow, hash, id, joined, mail, session,
    site_session, user,
};

async fn one_of_each(db: &Db) {
    users::insert(db, &user(1), &["email:ada"], &[]).await.unwrap();
    sessions::sign_in(db, &browser(2), None, &session(2, 3, 1)).await.unwrap();
    site_sessions::begin(db, &site_session(2, 8, 3, 1)).await.unwrap();
    add_family(db, &family(4)).await;
    revoked::insert(db, "jti", at(1000)).await.unwrap();
    assertions::claim(db, "a", at(1000)).await.unwrap();
    let link = Link {
        id: id(5),
        purpose: "x".into(),
        user_id: None,
        secret_hash: hash(5),
        data_json: "{}".into(),
        created_at: at(1),
        expires_at: at(1000),
        used_at: None,
    };
    links::insert(db, &link).await.unwrap();
    audit::append(db, &event(6, 1)).await.unwrap();
    mails::insert(db, &mail(7)).await.unwrap();
    let (refill, room) = (Duration::from_millis(990), Duration::from_secs(1));
    let take = throttles::Take { bucket: "ada".into(), tier: "0".into(), refill, room };
    assert!(throttles::take(db, &[take], at(10)).await.unwrap());
    assert!(device_requests::insert(db, &device_request(8), "mac").await.unwrap());
    let app = joined(2, 3, 1, "photos");
    let record = evidence(9, 1);
    let end = End {
        at: at(20),
        code: None,
        consent: None,
        joined: Some(&app),
        event: None,
        evidence: Some(&record),
        decision: None,
    };
    flows::insert_finished(db, &flow(7), &end).await.unwrap();
}

#[every_layout]
async fn what_has_expired_goes_and_nothing_else(db: TestDb) {
    one_of_each(&db).await;
    assert_eq!(expiry::expire(&db, at(499), 100).await.unwrap(), 0);
    assert_eq!(expiry::expire(&db, at(999), 100).await.unwrap(), 1, "the family was idle");
    assert_eq!(families::find(&db, id(4)).await.unwrap(), None);
    assert_eq!(expiry::expire(&db, at(1000), 100).await.unwrap(), 15);
    assert_eq!(browsers::find_with_sessions(&db, id(2)).await.unwrap(), None);
    assert_eq!(sessions::find(&db, id(2), id(3)).await.unwrap(), None);
    assert_eq!(site_sessions::find(&db, id(2)).await.unwrap(), None);
    assert_eq!(flows::find(&db, id(4)).await.unwrap(), None);
    assert_eq!(links::find(&db, id(5)).await.unwrap(), None);
    assert!(!revoked::exists(&db, "jti").await.unwrap());
    assert_eq!(mails::count(&db).await.unwrap(), 0);
    assert!(assertions::claim(&db, "a", at(2000)).await.unwrap());
    // A replay of the code is still known as one for a while.
    assert!(codes::find(&db, id(4)).await.unwrap().is_some());
    assert_eq!(expiry::expire(&db, at(600_100), 100).await.unwrap(), 2, "the code, the assertion");
    assert_eq!(codes::find(&db, id(4)).await.unwrap(), None);
    assert!(users::find(&db, id(1)).await.unwrap().is_some());
}

#[every_layout]
async fn batches_are_small(db: TestDb) {
    for n in 0..25 {
        flows::insert(&db, &flow(n)).await.unwrap();
    }
    let mut removed = Vec::new();
    loop {
        let count = expiry::expire(&db, at(5000), 10).await.unwrap();
        removed.push(count);
        if count == 0 {
            break;
        }
    }
    assert_eq!(removed, [10, 10, 5, 0]);
}

#[every_layout]
async fn what_was_prolonged_stays(db: TestDb) {
    sessions::sign_in(&db, &browser(2), None, &session(2, 3, 1)).await.unwrap();
    let longer = Browser { expires_at: at(5000), ..browser(2) };
    let again = Session { expires_at: at(5000), ..session(2, 9, 1) };
    sessions::sign_in(&db, &longer, Some(&hash(2)), &again).await.unwrap();
    add_family(&db, &Family { idle_expires_at: at(5000), ..family(4) }).await;
    assert_eq!(expiry::expire(&db, at(1500), 100).await.unwrap(), 1, "only the flow");
    assert_eq!(sessions::of_user(&db, id(1)).await.unwrap().len(), 1);
}

#[every_layout]
async fn every_table_with_an_expiry_is_emptied(db: TestDb) {
    let emptied: Vec<&str> = expiry::tables().collect();
    for table in store::tables::TABLES {
        let sql: &'static str = format!("SELECT count(expires_at) FROM {}", table.name).leak();
        let expires = db.fetch_all(sql, params![]).await.is_ok();
        assert_eq!(expires, emptied.contains(&table.name), "{}", table.name);
    }
}
