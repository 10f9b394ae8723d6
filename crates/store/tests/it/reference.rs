//! Clients, keys, server secrets, and the versions that their writes bump.

use oidc::Time;
use store::clients::{self, Client};
use store::keys::{self, Key, Schedule};
use store::test_support::TestDb;
use store::{Db, Hidden, Page, server_secrets, versions};
use testkit_macros::every_layout;

use crate::fixtures::{at, hash, race};

fn client(id: &str, created_at: i64) -> Client {
    Client {
        id: id.into(),
        metadata_json: r#"{"client_name":"Photos"}"#.into(),
        secret_hash: Some(hash(1)),
        secret_sealed: None,
        disabled_at: None,
        created_at: at(created_at),
        updated_at: at(created_at),
    }
}

fn key(kid: &str, slot: &str) -> Key {
    Key {
        kid: kid.into(),
        slot: slot.into(),
        alg: "ES256".into(),
        public_jwk_json: "{}".into(),
        sealed: Some(hash(9)),
        created_at: at(1),
        activates_at: at(2),
        retires_at: None,
        removes_at: None,
        revoked_at: None,
    }
}

async fn version(db: &Db, name: &str) -> i64 {
    let all = versions::all(db).await.unwrap();
    all.into_iter().find(|(found, _)| found == name).map_or(0, |(_, version)| version)
}

#[every_layout]
async fn a_client_lives(db: TestDb) {
    let mut photos = client("photos", 1);
    assert!(clients::insert(&db, &photos).await.unwrap());
    assert_eq!(clients::find(&db, "photos").await.unwrap().as_ref(), Some(&photos));
    assert_eq!(clients::find(&db, "Photos").await.unwrap(), None);

    assert!(clients::update(&db, "photos", "{}", at(2)).await.unwrap());
    assert!(clients::set_secret(&db, "photos", None, Some(&[1, 2]), at(3)).await.unwrap());
    assert!(clients::set_disabled(&db, "photos", Some(at(4)), at(4)).await.unwrap());
    photos.metadata_json = "{}".into();
    (photos.secret_hash, photos.secret_sealed) = (None, Some(Hidden(vec![1, 2])));
    (photos.disabled_at, photos.updated_at) = (Some(at(4)), at(4));
    assert_eq!(clients::find(&db, "photos").await.unwrap().as_ref(), Some(&photos));
    assert!(clients::set_disabled(&db, "photos", None, at(5)).await.unwrap());
    assert_eq!(clients::find(&db, "photos").await.unwrap().unwrap().disabled_at, None);

    assert!(clients::delete(&db, "photos").await.unwrap());
    assert_eq!(clients::find(&db, "photos").await.unwrap(), None);
}

#[every_layout]
async fn every_write_to_a_client_bumps_and_no_other(db: TestDb) {
    clients::insert(&db, &client("photos", 1)).await.unwrap();
    clients::update(&db, "photos", "{}", at(2)).await.unwrap();
    clients::set_secret(&db, "photos", None, None, at(3)).await.unwrap();
    clients::set_disabled(&db, "photos", None, at(4)).await.unwrap();
    clients::delete(&db, "photos").await.unwrap();
    assert_eq!(version(&db, versions::CLIENTS).await, 5);
    assert!(!clients::update(&db, "photos", "{}", at(2)).await.unwrap());
    assert!(!clients::set_secret(&db, "photos", None, None, at(3)).await.unwrap());
    assert!(!clients::set_disabled(&db, "photos", None, at(4)).await.unwrap());
    assert!(!clients::delete(&db, "photos").await.unwrap());
    assert_eq!(version(&db, versions::CLIENTS).await, 5);
    assert_eq!(version(&db, versions::KEYS).await, 0);
}

#[every_layout]
async fn a_taken_client_id_is_refused(db: TestDb) {
    clients::insert(&db, &client("photos", 1)).await.unwrap();
    assert!(!clients::insert(&db, &client("photos", 2)).await.unwrap());
    assert_eq!(clients::find(&db, "photos").await.unwrap().unwrap().created_at, at(1));
}

#[every_layout]
async fn clients_are_listed_in_pages(db: TestDb) {
    for (id, time) in [("c", 1), ("b", 2), ("a", 2), ("d", 3)] {
        clients::insert(&db, &client(id, time)).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after: Option<(Time, String)> = None;
    loop {
        let page = Page { after: after.as_ref().map(|(time, id)| (*time, id.as_str())), limit: 2 };
        let Some(last) =
            clients::list(&db, page).await.unwrap().into_iter().inspect(|c| seen.push(c.id.clone())).last()
        else {
            break;
        };
        after = Some((last.created_at, last.id));
    }
    assert_eq!(seen, ["c", "a", "b", "d"]);
}

#[every_layout]
async fn one_key_for_one_slot(db: TestDb) {
    let won = race(&db, |db, n| async move {
        let key = key(&format!("kid{n}"), "ES256:1");
        keys::insert_if_slot_free(&db, &key, &[]).await.unwrap()
    });
    assert_eq!(won.await, 1);
    assert_eq!(keys::list(&db).await.unwrap().len(), 1);
    assert_eq!(version(&db, versions::KEYS).await, 1);
}

#[every_layout]
async fn a_key_lives(db: TestDb) {
    let (mut old, mut new) = (key("old", "ES256:1"), key("zzz", "ES256:2"));
    new.created_at = at(5);
    keys::insert_if_slot_free(&db, &old, &[]).await.unwrap();
    let retire = |time| {
        let (retires_at, removes_at) = (Some(at(time)), Some(at(time + 10)));
        Schedule { kid: "old".into(), activates_at: None, retires_at, removes_at }
    };
    assert!(keys::insert_if_slot_free(&db, &new, &[retire(50)]).await.unwrap());
    (old.retires_at, old.removes_at) = (Some(at(50)), Some(at(60)));
    assert_eq!(keys::list(&db).await.unwrap(), [old.clone(), new.clone()]);

    keys::set_schedule(&db, &[retire(70)]).await.unwrap();
    assert_eq!(keys::list(&db).await.unwrap()[0].removes_at, Some(at(80)));

    let at_once = Schedule { kid: "zzz".into(), activates_at: Some(at(40)), retires_at: None, removes_at: None };
    assert!(keys::revoke(&db, "old", at(40), &[at_once]).await.unwrap());
    assert!(!keys::revoke(&db, "old", at(41), &[retire(1)]).await.unwrap());
    assert!(!keys::revoke(&db, "none", at(41), &[]).await.unwrap());
    assert!(keys::forget_private(&db, "old").await.unwrap());
    assert!(!keys::forget_private(&db, "old").await.unwrap());
    let listed = keys::list(&db).await.unwrap();
    assert_eq!((listed[0].revoked_at, listed[0].retires_at), (Some(at(40)), Some(at(70))));
    assert_eq!(listed[0].activates_at, old.activates_at);
    assert_eq!((&listed[0].sealed, &listed[1].sealed), (&None, &Some(hash(9))));
    assert_eq!(listed[1].activates_at, at(40));
    assert_eq!(version(&db, versions::KEYS).await, 5);
}

#[every_layout]
async fn all_nodes_get_the_same_server_secret(db: TestDb) {
    let tasks: Vec<_> = (0..16_u8)
        .map(|n| {
            let db = (*db).clone();
            tokio::spawn(async move { server_secrets::get_or_insert(&db, "refresh", &[n; 40]).await.unwrap() })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.push(task.await.unwrap());
    }
    all.dedup();
    assert_eq!(all.len(), 1);
    let other = server_secrets::get_or_insert(&db, "other", &[77]).await.unwrap();
    assert_eq!(other, Hidden(vec![77]));
}

#[test]
fn nothing_hidden_is_shown() {
    let shown = format!("{:?} {:?}", key("k", "s"), client("c", 1));
    assert!(shown.contains("[redacted]") && !shown.contains("9, 9"), "{shown}");
}
