//! Shared containers of native apps, and what is asked of their groups.

use oidc::Time;
use store::app_groups::{self, AppGroup};
use store::assertions::{self, Once};
use store::containers::{self, Admitted, Container, Use};
use store::test_support::TestDb;
use store::{Db, families, session_clients};
use testkit_macros::every_layout;

use crate::fixtures::{at, begin, container, event, family, id, joined, race};

/// Another app comes in by it.
async fn admit(db: &Db, n: u8, counter: i64, rotates: bool, now: Time) -> bool {
    admit_by(db, n, (counter, rotates), now, None).await == Admitted::In
}

/// The same by a proof.
async fn admit_by(db: &Db, n: u8, (counter, rotates): (i64, bool), now: Time, proof: Option<&str>) -> Admitted {
    let (family, joined, event) = (family(n), joined(1, 11, 7, "mail"), event(n, 7));
    let proof = proof.map(|name| Once { id: name.to_owned(), expires_at: at(500) });
    let by = Use {
        id: id(9),
        counter,
        rotates,
        now,
        family: &family,
        joined: &joined,
        event: &event,
        proof: proof.as_ref(),
    };
    containers::admit(db, &by).await.unwrap()
}

#[every_layout]
async fn a_container_begins_with_a_code_and_lets_apps_in(db: TestDb) {
    begin(&db, &family(1), Some(&container(9, 7))).await;
    assert_eq!(containers::find(&db, id(9)).await.unwrap(), Some(container(9, 7)));
    assert_eq!(containers::of_session(&db, id(11)).await.unwrap(), [container(9, 7)]);
    assert!(admit(&db, 2, 0, false, at(40)).await, "as a bearer secret it stays the same");
    assert!(admit(&db, 3, 0, true, at(50)).await);
    assert!(!admit(&db, 4, 0, true, at(60)).await, "another was faster");
    assert_eq!(families::find(&db, id(4)).await.unwrap(), None);
    let rotated = Container { counter: 1, rotated_at: Some(at(50)), used_at: at(50), ..container(9, 7) };
    assert_eq!(containers::find(&db, id(9)).await.unwrap(), Some(rotated.clone()));
    assert!(admit(&db, 5, 1, false, at(70)).await);
    let used = Container { used_at: at(70), ..rotated };
    assert_eq!(containers::find(&db, id(9)).await.unwrap(), Some(used), "the time of the rotation stays");
    assert_eq!(session_clients::of_session(&db, id(1), id(11)).await.unwrap().len(), 1);
    assert!(!admit(&db, 6, 1, false, at(1000)).await, "its session is over");
    assert!(containers::end(&db, id(9), at(80)).await.unwrap());
    assert!(!containers::end(&db, id(9), at(80)).await.unwrap());
    assert!(!admit(&db, 6, 1, false, at(90)).await);
    assert!(containers::of_session(&db, id(11)).await.unwrap().is_empty());
}

#[every_layout]
async fn one_of_64_uses_rotates(db: TestDb) {
    begin(&db, &family(1), Some(&container(9, 7))).await;
    let won = race(&db, |db, n| async move { admit(&db, 100 + n, 0, true, at(40)).await });
    assert_eq!(won.await, 1);
}

/// The proof beside a use is taken with it or not at all.
#[every_layout]
async fn a_proof_is_used_with_what_it_is_for(db: TestDb) {
    begin(&db, &family(1), Some(&container(9, 7))).await;
    assert_eq!(admit_by(&db, 2, (0, true), at(40), Some("one")).await, Admitted::In);
    assert_eq!(admit_by(&db, 3, (1, true), at(50), Some("one")).await, Admitted::Seen);
    assert_eq!(families::find(&db, id(3)).await.unwrap(), None);
    assert_eq!(admit_by(&db, 3, (0, true), at(50), Some("two")).await, Admitted::Changed);
    assert_eq!(
        admit_by(&db, 3, (1, true), at(50), Some("two")).await,
        Admitted::In,
        "what came to nothing used nothing up"
    );
    assert!(!assertions::claim(&db, "two", at(500)).await.unwrap(), "wherever it comes");
    assert_eq!(containers::find(&db, id(9)).await.unwrap().unwrap().counter, 2);
}

#[every_layout]
async fn one_of_64_uses_of_a_proof_counts(db: TestDb) {
    begin(&db, &family(1), Some(&container(9, 7))).await;
    let won =
        race(&db, |db, n| async move { admit_by(&db, 100 + n, (0, false), at(40), Some("one")).await == Admitted::In });
    assert_eq!(won.await, 1);
}

#[every_layout]
async fn what_one_app_holds_in_a_session_can_end_alone(db: TestDb) {
    begin(&db, &family(1), Some(&container(9, 7))).await;
    assert!(admit(&db, 2, 0, false, at(40)).await);
    let held = families::find(&db, id(2)).await.unwrap().unwrap();
    let (session, client) = (held.session_id.unwrap(), held.client_id);
    assert_eq!(families::revoke_of_session_client(&db, session, "another", "x", at(50)).await.unwrap(), 0);
    let revoked = families::revoke_of_session_client(&db, session, &client, "x", at(50)).await.unwrap();
    assert!(revoked >= 1, "{revoked}");
    assert_eq!(families::find(&db, id(2)).await.unwrap().unwrap().revoked_at, Some(at(50)));
}

#[every_layout]
async fn an_app_group_keeps_what_was_set_last(db: TestDb) {
    let group = |policy: &str, n| AppGroup { name: "acme".into(), policy_json: policy.into(), updated_at: at(n) };
    assert_eq!(app_groups::find(&db, "acme").await.unwrap(), None);
    app_groups::put(&db, &group("{}", 1)).await.unwrap();
    app_groups::put(&db, &group("[]", 2)).await.unwrap();
    assert_eq!(app_groups::find(&db, "acme").await.unwrap(), Some(group("[]", 2)));
    app_groups::put(&db, &AppGroup { name: "Abc".into(), ..group("{}", 3) }).await.unwrap();
    let names: Vec<_> = app_groups::list(&db).await.unwrap().into_iter().map(|group| group.name).collect();
    assert_eq!(names, ["Abc", "acme"]);
}
