//! Browsers and their sessions.

use store::browsers::{self, Browser};
use store::flows::{self, Recording};
use store::sessions::{self, Ended, Parent, Session};
use store::test_support::TestDb;
use store::{Db, codes};
use testkit_macros::every_layout;

use crate::fixtures::{at, browser, code, ended, ending, flow, hash, id, race, session};

#[every_layout]
async fn a_browser_lives(db: TestDb) {
    browsers::insert(&db, &browser(1)).await.unwrap();
    assert_eq!(browsers::find_with_sessions(&db, id(1)).await.unwrap(), Some((browser(1), vec![])));
    assert_eq!(browsers::find_with_sessions(&db, id(2)).await.unwrap(), None);

    assert!(browsers::rotate(&db, id(1), &hash(1), &hash(5)).await.unwrap());
    assert!(!browsers::rotate(&db, id(1), &hash(1), &hash(6)).await.unwrap());
    assert!(browsers::touch(&db, id(1), at(50), at(2000), at(40)).await.unwrap());
    assert!(!browsers::touch(&db, id(1), at(51), at(3000), at(40)).await.unwrap(), "seen of late");
    let (found, _) = browsers::find_with_sessions(&db, id(1)).await.unwrap().unwrap();
    let expected = Browser { secret_hash: hash(5), last_seen_at: at(50), expires_at: at(2000), ..browser(1) };
    assert_eq!(found, expected);
}

#[every_layout]
async fn signing_in_adds_and_refreshes(db: TestDb) {
    let first = sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    assert_eq!(first, Some(id(11)));

    // Another user in the same browser gets a session beside the first.
    let renewed = Browser { secret_hash: hash(2), last_seen_at: at(20), expires_at: at(1500), ..browser(1) };
    let second = Session { created_at: at(20), ..session(1, 12, 8) };
    let old = hash(1);
    assert_eq!(sessions::sign_in(&db, &renewed, Some(&old), &second).await.unwrap(), Some(id(12)));

    // The first user again: the same session, authenticated anew.
    let third = Browser { secret_hash: hash(3), ..renewed.clone() };
    let again = Session {
        proofs_json: "[1]".into(),
        authenticated_at: at(30),
        last_seen_at: at(30),
        expires_at: at(1100),
        ..session(1, 13, 7)
    };
    assert_eq!(sessions::sign_in(&db, &third, Some(&hash(2)), &again).await.unwrap(), Some(id(11)));

    let (found, listed) = browsers::find_with_sessions(&db, id(1)).await.unwrap().unwrap();
    let refreshed = Session { id: id(11), created_at: at(10), ..again };
    assert_eq!(found, third);
    assert_eq!(listed, [refreshed.clone(), second]);
    assert_eq!(sessions::of_user(&db, id(7)).await.unwrap(), std::slice::from_ref(&refreshed));

    // One more proof, unless somebody else was faster or it has ended.
    let prove = async |old, new| sessions::prove(&db, id(1), id(11), old, new, at(40)).await.unwrap();
    assert!(!prove("[]", "[2]").await);
    assert!(prove("[1]", "[1,2]").await);
    let stronger = Session { proofs_json: "[1,2]".into(), authenticated_at: at(40), ..refreshed };
    assert_eq!(sessions::find(&db, id(1), id(11)).await.unwrap(), Some(stronger));
    assert!(sessions::end(&db, id(1), id(11), ending(50)).await.unwrap().is_some());
    assert!(!prove("[1,2]", "[]").await);
}

#[every_layout]
async fn an_expired_or_ended_session_is_not_refreshed(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    assert!(sessions::end(&db, id(1), id(11), ending(20)).await.unwrap().is_some());
    let next = session(1, 12, 7);
    assert_eq!(sessions::sign_in(&db, &browser(1), Some(&hash(1)), &next).await.unwrap(), Some(id(12)));
    let late = Session { last_seen_at: at(1000), expires_at: at(5000), ..session(1, 13, 7) };
    assert_eq!(sessions::sign_in(&db, &browser(1), Some(&hash(1)), &late).await.unwrap(), Some(id(13)));
}

#[every_layout]
async fn a_sign_in_on_a_stale_cookie_changes_nothing(db: TestDb) {
    browsers::insert(&db, &browser(1)).await.unwrap();
    let stale = hash(9);
    let done = sessions::sign_in(&db, &browser(1), Some(&stale), &session(1, 11, 7)).await.unwrap();
    assert_eq!(done, None);
    assert_eq!(sessions::find(&db, id(1), id(11)).await.unwrap(), None);
}

#[every_layout]
async fn one_of_64_sign_ins_with_one_cookie_wins(db: TestDb) {
    browsers::insert(&db, &browser(100)).await.unwrap();
    let won = race(&db, |db, n| async move {
        let renewed = Browser { secret_hash: hash(n), ..browser(100) };
        let done = sessions::sign_in(&db, &renewed, Some(&hash(100)), &session(100, n, 7)).await;
        done.unwrap().is_some()
    });
    assert_eq!(won.await, 1);
    let (_, listed) = browsers::find_with_sessions(&db, id(100)).await.unwrap().unwrap();
    assert_eq!(listed.len(), 1);
}

/// What was recorded in `flow(1)`: its version, and whether it is finished with its code.
async fn recorded(db: &Db) -> (i64, bool, bool) {
    let flow = flows::find(db, id(1)).await.unwrap().unwrap();
    (flow.version, flow.finished_at.is_some(), codes::find(db, id(1)).await.unwrap().is_some())
}

#[every_layout]
async fn a_sign_in_and_its_step_are_one(db: TestDb) {
    let code = code(1);
    let on = Recording { flow: id(1), version: 0, facts_json: "{}", end: None };
    let last = Recording { version: 1, end: Some(ended(&code)), ..on };
    flows::insert(&db, &flow(1)).await.unwrap();
    assert_eq!(sessions::sign_in_at(&db, &browser(1), None, &session(1, 11, 7), &on).await.unwrap(), Some(true));
    assert_eq!(recorded(&db).await, (1, false, false));

    // A stale cookie: neither is there.
    let renewed = Browser { secret_hash: hash(2), ..browser(1) };
    let second = session(1, 12, 8);
    assert_eq!(sessions::sign_in_at(&db, &renewed, Some(&hash(9)), &second, &last).await.unwrap(), None);
    // Another session of the same user than the step speaks of: neither is there.
    let (old, other) = (hash(1), session(1, 13, 7));
    assert_eq!(sessions::sign_in_at(&db, &renewed, Some(&old), &other, &last).await.unwrap(), None);
    assert_eq!(recorded(&db).await, (1, false, false));
    let (found, listed) = browsers::find_with_sessions(&db, id(1)).await.unwrap().unwrap();
    assert_eq!((found, listed), (browser(1), vec![session(1, 11, 7)]));

    // Another step was faster: the session begins, and there is no code.
    let late = Recording { version: 0, ..last };
    assert_eq!(sessions::sign_in_at(&db, &renewed, Some(&old), &second, &late).await.unwrap(), Some(false));
    assert_eq!(recorded(&db).await, (1, false, false));
    // The running session is refreshed, and the flow ends.
    let third = Browser { secret_hash: hash(3), ..browser(1) };
    let again = Session { last_seen_at: at(30), ..session(1, 11, 7) };
    assert_eq!(sessions::sign_in_at(&db, &third, Some(&hash(2)), &again, &last).await.unwrap(), Some(true));
    assert_eq!(recorded(&db).await, (2, true, true));
    let (_, listed) = browsers::find_with_sessions(&db, id(1)).await.unwrap().unwrap();
    assert_eq!(listed, [again, second]);
}

/// Of many sign-ins in one flow at once, each in a browser of its own, one has the code.
#[every_layout]
async fn one_of_64_sign_ins_ends_the_flow(db: TestDb) {
    flows::insert(&db, &flow(1)).await.unwrap();
    let won = race(&db, |db, n| async move {
        let code = code(1);
        let step = Recording { flow: id(1), version: 0, facts_json: "{}", end: Some(ended(&code)) };
        sessions::sign_in_at(&db, &browser(n), None, &session(n, n, 7), &step).await.unwrap().unwrap()
    });
    assert_eq!(won.await, 1);
    assert_eq!(recorded(&db).await, (1, true, true));
}

#[every_layout]
async fn sessions_that_nobody_ended_come_to_their_time(db: TestDb) {
    for (n, expires) in [(1, 100), (2, 90), (3, 101)] {
        let session = Session { expires_at: at(expires), ..session(n, 10 + n, 7) };
        sessions::sign_in(&db, &browser(n), None, &session).await.unwrap();
    }
    assert_eq!(sessions::overdue(&db, at(100), 9).await.unwrap(), [(id(2), id(12)), (id(1), id(11))]);
    assert_eq!(sessions::overdue(&db, at(100), 1).await.unwrap(), [(id(2), id(12))]);
    sessions::end(&db, id(2), id(12), ending(99)).await.unwrap().unwrap();
    assert_eq!(sessions::overdue(&db, at(100), 9).await.unwrap(), [(id(1), id(11))]);
    assert_eq!(sessions::overdue(&db, at(89), 9).await.unwrap(), []);
}

#[every_layout]
async fn a_child_hangs_on_its_parent(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    let parent = Parent { browser_id: id(1), session_id: id(11), client_id: "inbox".into() };
    let child = Session { parent: Some(parent), unlocked: true, ..session(2, 12, 7) };
    assert!(sessions::begin_child(&db, &browser(2), None, &child).await.unwrap());
    assert_eq!(sessions::find(&db, id(2), id(12)).await.unwrap().as_ref(), Some(&child));
    assert_eq!(browsers::find_with_sessions(&db, id(2)).await.unwrap().unwrap().1, std::slice::from_ref(&child));
    assert_eq!(sessions::children_of(&db, id(11)).await.unwrap(), [(id(2), id(12))]);
    assert_eq!(sessions::of_user(&db, id(7)).await.unwrap().len(), 2);
    // The browser's secret is another by then: nothing begins.
    let late = Session { id: id(13), ..child.clone() };
    assert!(!sessions::begin_child(&db, &browser(2), Some(&hash(9)), &late).await.unwrap());
    // The same person signs in beside it: it stays what it is.
    let begun = sessions::sign_in(&db, &browser(2), Some(&hash(2)), &session(2, 14, 7)).await.unwrap();
    assert_eq!(begun, Some(id(14)));
    assert_eq!(sessions::find(&db, id(2), id(12)).await.unwrap(), Some(child));
    sessions::end(&db, id(2), id(12), ending(40)).await.unwrap().unwrap();
    assert_eq!(sessions::children_of(&db, id(11)).await.unwrap(), []);
}

#[every_layout]
async fn a_session_ends_once(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    assert!(sessions::touch(&db, id(1), id(11), at(30), at(20)).await.unwrap());
    assert!(!sessions::touch(&db, id(1), id(11), at(31), at(20)).await.unwrap());
    let ended = sessions::end(&db, id(1), id(11), ending(40)).await.unwrap();
    assert_eq!(ended, Some(Ended { user_id: id(7), clients: vec![] }));
    assert_eq!(sessions::end(&db, id(1), id(11), ending(41)).await.unwrap(), None);
    assert!(!sessions::touch(&db, id(1), id(11), at(99), at(98)).await.unwrap());
    let ended = sessions::find(&db, id(1), id(11)).await.unwrap().unwrap();
    assert_eq!((ended.ended_at, ended.last_seen_at), (Some(at(40)), at(30)));
    assert!(browsers::find_with_sessions(&db, id(1)).await.unwrap().unwrap().1.is_empty());
    assert!(sessions::of_user(&db, id(7)).await.unwrap().is_empty());
}
