//! Which apps are in a session, and telling them that it is over.

use store::flows::{self, End};
use store::session_clients::{self, SessionClient, Turn};
use store::sessions::{self, Ended, Session};
use store::test_support::TestDb;
use store::{Db, browsers::Browser};
use testkit_macros::every_layout;

use crate::fixtures::{at, browser, code, ended, ending, flow, hash, id, joined, race, session};

/// The app is let in by a code, in a flow of its own.
async fn join(db: &Db, n: u8, row: &SessionClient) {
    let (code, flow) = (code(n), flow(n));
    flows::insert_finished(db, &flow, &End { joined: Some(row), ..ended(&code) }).await.unwrap();
}

async fn of_session(db: &Db) -> Vec<SessionClient> {
    session_clients::of_session(db, id(1), id(11)).await.unwrap()
}

#[every_layout]
async fn an_app_joins_with_its_code(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    join(&db, 1, &joined(1, 11, 7, "photos")).await;
    join(&db, 2, &SessionClient { joined_at: at(30), ..joined(1, 11, 7, "drive") }).await;
    join(&db, 3, &joined(1, 12, 8, "drive")).await;
    // Let in again: it keeps the time when it first was.
    join(&db, 4, &SessionClient { joined_at: at(40), used_at: at(40), ..joined(1, 11, 7, "photos") }).await;
    let expected = [
        SessionClient { used_at: at(40), ..joined(1, 11, 7, "photos") },
        SessionClient { joined_at: at(30), ..joined(1, 11, 7, "drive") },
    ];
    assert_eq!(of_session(&db).await, expected);
    // The session is refreshed: its apps are kept as long as it is.
    let longer = Session { expires_at: at(2000), ..session(1, 99, 7) };
    let renewed = Browser { secret_hash: hash(2), expires_at: at(2000), ..browser(1) };
    sessions::sign_in(&db, &renewed, Some(&hash(1)), &longer).await.unwrap();
    assert!(of_session(&db).await.iter().all(|row| row.expires_at == at(2000)));
}

#[every_layout]
async fn the_end_of_a_session_is_to_be_told(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    join(&db, 1, &joined(1, 11, 7, "photos")).await;
    join(&db, 2, &joined(1, 12, 7, "photos")).await;
    assert!(session_clients::due(&db, at(5000), 10).await.unwrap().is_empty());
    let over = SessionClient {
        ended_at: Some(at(50)),
        next_at: Some(at(50)),
        expires_at: at(900),
        ..joined(1, 11, 7, "photos")
    };
    let ended = sessions::end(&db, id(1), id(11), ending(50)).await.unwrap();
    assert_eq!(ended, Some(Ended { user_id: id(7), clients: vec![over.clone()] }));
    assert!(of_session(&db).await.is_empty());
    assert!(session_clients::due(&db, at(49), 10).await.unwrap().is_empty());
    assert_eq!(session_clients::due(&db, at(50), 10).await.unwrap(), std::slice::from_ref(&over));

    // Nobody answered: the turn comes back.
    assert!(session_clients::claim(&db, &over, Some(at(80))).await.unwrap());
    assert!(!session_clients::claim(&db, &over, Some(at(90))).await.unwrap(), "another node was faster");
    assert!(session_clients::due(&db, at(79), 10).await.unwrap().is_empty());
    let second = session_clients::due(&db, at(80), 10).await.unwrap().remove(0);
    assert_eq!((second.tries, second.next_at), (1, Some(at(80))));
    // It was told; a late answer to the first try changes nothing.
    assert!(session_clients::claim(&db, &second, Some(at(200))).await.unwrap());
    let second = SessionClient { tries: 2, ..second };
    session_clients::settle(&db, &[(&second, Turn::Told(at(81))), (&over, Turn::Nothing)]).await.unwrap();
    assert!(session_clients::due(&db, at(5000), 10).await.unwrap().is_empty());
    assert!(!session_clients::claim(&db, &second, None).await.unwrap(), "told");
}

#[every_layout]
async fn one_app_leaves_and_comes_back(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    let (photos, drive) = (joined(1, 11, 7, "photos"), joined(1, 11, 7, "drive"));
    join(&db, 1, &photos).await;
    join(&db, 2, &drive).await;
    assert!(session_clients::end(&db, id(1), id(11), "photos", ending(50)).await.unwrap());
    assert!(!session_clients::end(&db, id(1), id(11), "photos", ending(51)).await.unwrap());
    assert_eq!(of_session(&db).await, std::slice::from_ref(&drive));
    let over = session_clients::due(&db, at(50), 10).await.unwrap().remove(0);
    // It is let in again before it was told: there is no end to tell of, and a try that was under way settles nothing.
    let again = SessionClient { joined_at: at(60), used_at: at(60), ..photos };
    join(&db, 3, &again).await;
    session_clients::settle(&db, &[(&over, Turn::Told(at(61)))]).await.unwrap();
    assert!(!session_clients::claim(&db, &over, Some(at(90))).await.unwrap());
    assert!(session_clients::due(&db, at(5000), 10).await.unwrap().is_empty());
    assert_eq!(of_session(&db).await, [drive, again]);
}

/// Several nodes see the same turn, and one takes it.
#[every_layout]
async fn one_of_64_nodes_takes_a_turn(db: TestDb) {
    sessions::sign_in(&db, &browser(1), None, &session(1, 11, 7)).await.unwrap();
    join(&db, 1, &joined(1, 11, 7, "photos")).await;
    sessions::end(&db, id(1), id(11), ending(50)).await.unwrap();
    let row = session_clients::due(&db, at(50), 10).await.unwrap().remove(0);
    let won = race(&db, |db, _| {
        let row = row.clone();
        async move { session_clients::claim(&db, &row, Some(at(80))).await.unwrap() }
    });
    assert_eq!(won.await, 1);
}
