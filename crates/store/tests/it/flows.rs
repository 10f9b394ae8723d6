//! Flows, codes, token families.

use store::audit;
use store::codes::{self, Code};
use store::consents::{self, Consent};
use store::families::{self, Family, Rotation};
use store::flows::{self, End, Flow, Recording};
use store::test_support::TestDb;
use testkit_macros::every_layout;

use crate::fixtures::{add_family, at, code, ended, event, evidence, family, flow, hash, id, race};

const FACTS: &str = r#"{"user":1}"#;

fn step(version: i64) -> Recording<'static> {
    Recording { flow: id(1), version, facts_json: FACTS, end: None }
}

/// The step that ends with this code.
fn last(version: i64, code: &Code) -> Recording<'_> {
    Recording { end: Some(ended(code)), ..step(version) }
}

#[every_layout]
async fn a_flow_records_and_finishes(db: TestDb) {
    flows::insert(&db, &flow(1)).await.unwrap();
    assert_eq!(flows::find(&db, id(1)).await.unwrap(), Some(flow(1)));
    assert_eq!(flows::find(&db, id(2)).await.unwrap(), None);
    assert!(flows::record(&db, &step(0)).await.unwrap());
    assert!(!flows::record(&db, &step(0)).await.unwrap(), "another step was faster");
    let recorded = Flow { facts_json: FACTS.into(), version: 1, ..flow(1) };
    assert_eq!(flows::find(&db, id(1)).await.unwrap(), Some(recorded.clone()));
    assert!(!flows::record(&db, &last(0, &code(1))).await.unwrap());
    assert_eq!(codes::find(&db, id(1)).await.unwrap(), None);
    assert!(flows::record(&db, &last(1, &code(1))).await.unwrap());
    assert!(!flows::record(&db, &last(2, &code(1))).await.unwrap(), "finished");
    assert!(!flows::record(&db, &step(2)).await.unwrap(), "finished");
    let finished = Flow { version: 2, finished_at: Some(at(20)), ..recorded };
    assert_eq!(flows::find(&db, id(1)).await.unwrap(), Some(finished));
    assert_eq!(codes::find(&db, id(1)).await.unwrap(), Some(code(1)));
}

/// What was allowed is remembered, and in the trail, with the code that it is for, or not at all.
#[every_layout]
async fn a_consent_goes_with_its_code(db: TestDb) {
    let consent = Consent {
        user_id: id(7),
        client_id: "photos".into(),
        scopes: "openid".into(),
        detail_json: "{}".into(),
        granted_at: at(20),
        updated_at: at(20),
        version: 1,
    };
    let code = code(1);
    let given = event(1, 7);
    let end = End { code: Some(&code), consent: Some(&consent), event: Some(&given), ..ended(&code) };
    let remembered = async || consents::find(&db, id(7), "photos").await.unwrap();
    let trail = async || audit::newest_of_user(&db, id(7), 9).await.unwrap();
    flows::insert(&db, &flow(1)).await.unwrap();
    assert!(!flows::record(&db, &Recording { end: Some(end), ..step(1) }).await.unwrap());
    assert_eq!((remembered().await, trail().await), (None, vec![]));
    assert!(flows::record(&db, &Recording { end: Some(end), ..step(0) }).await.unwrap());
    assert_eq!(remembered().await.as_ref(), Some(&consent));
    assert_eq!(trail().await, std::slice::from_ref(&given));
    let refused = flows::insert_finished(&db, &flow(1), &End { consent: None, ..end }).await;
    assert!(refused.unwrap_err().is_taken());
}

/// What was confirmed is kept with the code that it is for, or not at all, and is its person's alone.
#[every_layout]
async fn evidence_goes_with_its_code(db: TestDb) {
    let (code, record) = (code(1), evidence(5, 7));
    let end = End { evidence: Some(&record), ..ended(&code) };
    let kept = async |user| store::evidence::newest_of_user(&db, id(user), 9).await.unwrap();
    flows::insert(&db, &flow(1)).await.unwrap();
    assert!(!flows::record(&db, &Recording { end: Some(end), ..step(1) }).await.unwrap());
    assert!(kept(7).await.is_empty());
    assert!(flows::record(&db, &Recording { end: Some(end), ..step(0) }).await.unwrap());
    assert_eq!((kept(7).await, kept(8).await), (vec![record.clone()], vec![]));
    let later = evidence(6, 7);
    let end = End { code: None, evidence: Some(&later), ..ended(&code) };
    flows::insert_finished(&db, &flow(2), &end).await.unwrap();
    assert_eq!(kept(7).await, [later, record.clone()], "the newest first");
    assert_eq!(store::evidence::find(&db, id(7), id(5)).await.unwrap(), Some(record));
    assert_eq!(store::evidence::find(&db, id(8), id(5)).await.unwrap(), None);
}

#[every_layout]
async fn a_flow_finishes_without_a_code(db: TestDb) {
    flows::insert(&db, &flow(1)).await.unwrap();
    assert!(!flows::finish(&db, id(1), 3, at(20)).await.unwrap());
    assert!(flows::finish(&db, id(1), 0, at(20)).await.unwrap());
    assert!(!flows::finish(&db, id(1), 0, at(21)).await.unwrap());
}

#[every_layout]
async fn one_of_64_steps_finishes_the_flow(db: TestDb) {
    flows::insert(&db, &flow(1)).await.unwrap();
    let won = race(&db, |db, n| async move {
        if n % 2 == 0 {
            return flows::record(&db, &step(0)).await.unwrap();
        }
        flows::record(&db, &last(0, &code(1))).await.unwrap()
    });
    assert_eq!(won.await, 1);
}

#[every_layout]
async fn a_flow_without_steps_is_born_finished(db: TestDb) {
    let done = Flow { finished_at: Some(at(10)), ..flow(1) };
    flows::insert_finished(&db, &done, &ended(&code(1))).await.unwrap();
    assert_eq!(flows::find(&db, id(1)).await.unwrap(), Some(done.clone()));
    assert_eq!(codes::find(&db, id(1)).await.unwrap(), Some(code(1)));
    assert!(flows::insert_finished(&db, &done, &ended(&code(1))).await.unwrap_err().is_taken());
}

#[every_layout]
async fn a_code_is_redeemed_once(db: TestDb) {
    add_family(&db, &family(1)).await;
    assert_eq!(codes::find(&db, id(1)).await.unwrap().unwrap().used_at, Some(at(30)));
    assert_eq!(families::find(&db, id(1)).await.unwrap(), Some(family(1)));
    assert!(!codes::redeem(&db, id(1), at(31), &family(1), None).await.unwrap());
    assert!(!codes::redeem(&db, id(2), at(31), &family(2), None).await.unwrap());
    assert_eq!(families::find(&db, id(2)).await.unwrap(), None);
}

#[every_layout]
async fn an_expired_code_begins_nothing(db: TestDb) {
    flows::insert_finished(&db, &flow(1), &ended(&code(1))).await.unwrap();
    assert!(!codes::redeem(&db, id(1), at(100), &family(1), None).await.unwrap());
    assert_eq!(families::find(&db, id(1)).await.unwrap(), None);
    assert!(codes::redeem(&db, id(1), at(99), &family(1), None).await.unwrap());
}

/// RFC 6749 §4.1.2 and DESIGN's invariant 7: the row count is the verdict.
#[every_layout]
async fn one_of_64_redemptions_wins(db: TestDb) {
    flows::insert_finished(&db, &flow(1), &ended(&code(1))).await.unwrap();
    let won = race(&db, |db, _| async move { codes::redeem(&db, id(1), at(30), &family(1), None).await.unwrap() });
    assert_eq!(won.await, 1);
}

fn rotation(counter: i64, hash: &[u8]) -> Rotation<'_> {
    Rotation { counter, request_hash: hash, now: at(40), idle_expires_at: at(600) }
}

#[every_layout]
async fn a_family_rotates(db: TestDb) {
    add_family(&db, &family(1)).await;
    let asked = hash(7);
    let rotated = families::rotate(&db, id(1), rotation(1, &asked)).await.unwrap();
    let expected = Family {
        counter: 2,
        request_hash: Some(hash(7)),
        rotated_at: Some(at(40)),
        idle_expires_at: at(600),
        ..family(1)
    };
    assert_eq!(rotated.as_ref(), Some(&expected));
    assert_eq!(families::find(&db, id(1)).await.unwrap(), rotated);
    assert_eq!(families::rotate(&db, id(1), rotation(1, &asked)).await.unwrap(), None);
    assert_eq!(families::rotate(&db, id(1), rotation(3, &asked)).await.unwrap(), None);
    assert_eq!(families::rotate(&db, id(9), rotation(1, &asked)).await.unwrap(), None);
    assert_eq!(families::find(&db, id(1)).await.unwrap(), rotated);
}

#[every_layout]
async fn a_family_that_is_over_does_not_rotate(db: TestDb) {
    add_family(&db, &family(1)).await;
    let asked = hash(7);
    let when = |now| Rotation { now: at(now), ..rotation(1, &asked) };
    assert_eq!(families::rotate(&db, id(1), when(500)).await.unwrap(), None, "idle for too long");
    add_family(&db, &Family { idle_expires_at: at(5000), ..family(2) }).await;
    assert_eq!(families::rotate(&db, id(2), when(1000)).await.unwrap(), None, "over");
    assert!(families::revoke(&db, id(1), "reuse", at(35)).await.unwrap());
    assert!(!families::revoke(&db, id(1), "again", at(36)).await.unwrap());
    assert_eq!(families::rotate(&db, id(1), when(40)).await.unwrap(), None, "revoked");
    let revoked = families::find(&db, id(1)).await.unwrap().unwrap();
    assert_eq!((revoked.revoked_at, revoked.revoked_reason.as_deref()), (Some(at(35)), Some("reuse")));
    assert_eq!(revoked.counter, 1);
}

#[every_layout]
async fn one_of_64_refreshes_rotates(db: TestDb) {
    add_family(&db, &family(1)).await;
    let won =
        race(&db, |db, n| async move { families::rotate(&db, id(1), rotation(1, &[n; 32])).await.unwrap().is_some() });
    assert_eq!(won.await, 1);
    assert_eq!(families::find(&db, id(1)).await.unwrap().unwrap().counter, 2);
}

#[every_layout]
async fn families_end_with_what_they_hang_on(db: TestDb) {
    let bound = family(1);
    let offline = Family { offline: true, ..family(2) };
    let drive = Family { client_id: "drive".into(), session_id: Some(id(4)), ..family(3) };
    let other = Family { user_id: id(9), session_id: None, browser_id: None, ..family(4) };
    for family in [&bound, &offline, &drive, &other] {
        add_family(&db, family).await;
    }
    let revoked = async || {
        let mut revoked = Vec::new();
        for n in 1..=4 {
            let family = families::find(&db, id(n)).await.unwrap().unwrap();
            revoked.extend(family.revoked_reason.map(|reason| (n, reason)));
        }
        revoked
    };
    let offline_now = async |now| families::offline_of_user(&db, id(1), at(now)).await.unwrap();
    assert_eq!(offline_now(499).await, std::slice::from_ref(&offline));
    assert!(offline_now(500).await.is_empty(), "idle for too long");
    let all: Vec<_> = families::of_user(&db, id(1)).await.unwrap();
    assert!(all.len() == 3 && all.contains(&offline), "{all:?}");
    assert_eq!(families::revoke_of_session(&db, id(3), "session", at(50)).await.unwrap(), 1);
    assert_eq!(revoked().await, [(1, "session".into())]);
    let count = families::revoke_of_user_client(&db, id(1), "photos", "consent", at(51)).await.unwrap();
    assert_eq!((count, revoked().await.len()), (1, 2));
    assert!(offline_now(51).await.is_empty(), "revoked");
    assert_eq!(families::revoke_of_user(&db, id(1), "disabled", at(52)).await.unwrap(), 1);
    let all = [(1, "session".into()), (2, "consent".into()), (3, "disabled".into())];
    assert_eq!(revoked().await, all);
}
