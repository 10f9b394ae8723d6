//! Plain websites, and the child sessions by which people are known there.

use store::sites::{self, Site};
use store::test_support::TestDb;
use store::{Db, sessions, site_sessions, versions};
use testkit_macros::every_layout;

use crate::fixtures::{at, browser, ending, id, race, session, site_session};

fn site(host: &str, time: i64) -> Site {
    Site { host: host.into(), rules_json: r#"["/"]"#.into(), created_at: at(time), updated_at: at(time) }
}

async fn version(db: &Db) -> i64 {
    let all = versions::all(db).await.unwrap();
    all.into_iter().find(|(name, _)| name == versions::SITES).map_or(0, |(_, version)| version)
}

#[every_layout]
async fn a_site_lives(db: TestDb) {
    sites::put(&db, &site("wiki.example.com", 2)).await.unwrap();
    sites::put(&db, &site("blog.example.com", 1)).await.unwrap();
    let changed = Site { rules_json: r#"["/ public"]"#.into(), ..site("wiki.example.com", 9) };
    sites::put(&db, &changed).await.unwrap();
    let expected = [site("blog.example.com", 1), Site { created_at: at(2), ..changed }];
    assert_eq!(sites::list(&db).await.unwrap(), expected);
    assert_eq!(version(&db).await, 3);
    assert!(sites::delete(&db, "wiki.example.com").await.unwrap());
    assert!(!sites::delete(&db, "wiki.example.com").await.unwrap());
    assert_eq!((sites::list(&db).await.unwrap().len(), version(&db).await), (1, 4));
}

#[every_layout]
async fn a_browser_has_one_child_at_a_time(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    let other = session(1, 12, 8);
    sessions::sign_in(&db, &crate::fixtures::browser(1), Some(&crate::fixtures::hash(1)), &other).await.unwrap();
    assert_eq!(site_sessions::find(&db, id(1)).await.unwrap(), None);
    assert_eq!(site_sessions::begin(&db, &site_session(1, 21, 11, 7)).await.unwrap(), id(21));
    // The same session goes on with it; another one has its own.
    let again = site_sessions::SiteSession { expires_at: at(900), created_at: at(30), ..site_session(1, 22, 11, 7) };
    assert_eq!(site_sessions::begin(&db, &again).await.unwrap(), id(21));
    let (child, parent) = site_sessions::find(&db, id(1)).await.unwrap().unwrap();
    assert_eq!((child.id, child.created_at, child.expires_at, parent.id), (id(21), at(20), at(900), id(11)));
    assert_eq!(site_sessions::begin(&db, &site_session(1, 23, 12, 8)).await.unwrap(), id(23));
    let (child, parent) = site_sessions::find(&db, id(1)).await.unwrap().unwrap();
    assert_eq!((child.id, child.user_id, parent.id), (id(23), id(8), id(12)));
    // One whose time is over is not taken up again.
    let late = site_sessions::SiteSession { created_at: at(1000), ..site_session(1, 24, 12, 8) };
    assert_eq!(site_sessions::begin(&db, &late).await.unwrap(), id(24));
}

#[every_layout]
async fn a_child_ends_with_its_session(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    site_sessions::begin(&db, &site_session(1, 21, 11, 7)).await.unwrap();
    sessions::end(&db, id(1), id(11), ending(40)).await.unwrap().unwrap();
    assert_eq!(site_sessions::find(&db, id(1)).await.unwrap(), None);
    // Nor does one that begins at that very moment open anything.
    site_sessions::begin(&db, &site_session(1, 22, 11, 7)).await.unwrap();
    assert_eq!(site_sessions::find(&db, id(1)).await.unwrap(), None);
}

/// Tabs that come at once get the same child.
#[every_layout]
async fn of_64_tabs_all_have_one_child(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    let first = site_sessions::begin(&db, &site_session(1, 200, 11, 7)).await.unwrap();
    let same =
        race(
            &db,
            move |db, n| async move { site_sessions::begin(&db, &site_session(1, n, 11, 7)).await.unwrap() == first },
        );
    assert_eq!(same.await, 64);
}
