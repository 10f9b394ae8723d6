//! Devices that ask for tokens by a code (RFC 8628).

use store::device_requests::{self, Decision, DeviceRequest};
use store::families;
use store::flows::{self, End, Recording};
use store::test_support::TestDb;
use testkit_macros::every_layout;

use crate::fixtures::{at, code, device_request, ended, family, flow, id, race};

const GRANT: &str = r#"{"user":1}"#;

/// The last step of flow `n`, which says this to device 1.
fn last<'a>(n: u8, decision: &Decision<'a>) -> Recording<'a> {
    let end = End {
        at: at(50),
        code: None,
        consent: None,
        joined: None,
        event: None,
        evidence: None,
        decision: Some(*decision),
    };
    Recording { flow: id(n), version: 0, facts_json: "{}", end: Some(end) }
}

fn decision(grant_json: Option<&str>) -> Decision<'_> {
    Decision { id: id(1), at: at(50), grant_json }
}

async fn stored(db: &TestDb) -> DeviceRequest {
    device_requests::find(db, id(1)).await.unwrap().unwrap()
}

#[every_layout]
async fn a_code_leads_to_its_request_while_it_counts(db: TestDb) {
    assert!(device_requests::insert(&db, &device_request(1), "mac").await.unwrap());
    assert_eq!(device_requests::find_by_user_code(&db, "mac").await.unwrap(), Some(device_request(1)));
    assert_eq!(device_requests::find_by_user_code(&db, "MAC").await.unwrap(), None);
    assert_eq!(device_requests::find(&db, id(2)).await.unwrap(), None);
    let same = DeviceRequest { created_at: at(999), ..device_request(2) };
    assert!(!device_requests::insert(&db, &same, "mac").await.unwrap(), "the code is taken");
    assert_eq!(device_requests::find(&db, id(2)).await.unwrap(), None, "nothing is kept");
    let later = DeviceRequest { created_at: at(1000), expires_at: at(2000), ..device_request(2) };
    assert!(device_requests::insert(&db, &later, "mac").await.unwrap(), "free again");
    assert_eq!(device_requests::find_by_user_code(&db, "mac").await.unwrap().unwrap().id, id(2));
}

#[every_layout]
async fn of_64_polls_at_once_one_is_noted(db: TestDb) {
    assert!(device_requests::insert(&db, &device_request(1), "mac").await.unwrap());
    let won = race(&db, |db, _| async move { device_requests::note_poll(&db, id(1), 0, at(30), 5000).await.unwrap() });
    assert_eq!(won.await, 1);
    assert!(device_requests::note_poll(&db, id(1), 1, at(31), 10_000).await.unwrap());
    let polled = DeviceRequest { polls: 2, polled_at: Some(at(31)), interval_millis: 10_000, ..device_request(1) };
    assert_eq!(stored(&db).await, polled);
    flows::insert(&db, &flow(9)).await.unwrap();
    assert!(flows::record(&db, &last(9, &decision(None))).await.unwrap());
    assert!(!device_requests::note_poll(&db, id(1), 2, at(51), 5000).await.unwrap(), "answered");
}

/// Of answers in 64 flows one counts, and the other flows go on; what is granted is redeemed once.
#[every_layout]
async fn one_of_64_answers_counts_and_one_of_64_polls_redeems(db: TestDb) {
    assert!(device_requests::insert(&db, &device_request(1), "mac").await.unwrap());
    for n in 100..164 {
        flows::insert(&db, &flow(n)).await.unwrap();
    }
    let redeem = |db: store::Db, _| async move {
        let family = store::families::Family { browser_id: None, session_id: None, offline: true, ..family(1) };
        device_requests::redeem(&db, id(1), at(60), &family).await.unwrap()
    };
    assert!(!redeem((*db).clone(), 0).await, "nobody has allowed it");
    let answered = race(&db, |db, n| async move {
        let decision = decision(Some(GRANT));
        flows::record(&db, &last(100 + n, &decision)).await.unwrap()
    });
    assert_eq!(answered.await, 1);
    let mut finished = 0;
    for n in 100..164 {
        finished += usize::from(flows::find(&db, id(n)).await.unwrap().unwrap().finished_at.is_some());
    }
    assert_eq!(finished, 1, "who came too late has recorded nothing");
    assert_eq!(stored(&db).await.grant_json.as_deref(), Some(GRANT));
    assert_eq!(race(&db, redeem).await, 1);
    assert!(families::find(&db, id(1)).await.unwrap().unwrap().offline);
    let used = stored(&db).await;
    assert_eq!((used.used_at, used.grant_json), (Some(at(60)), None));
}

/// What another tab of the same flow has recorded first takes the answer back.
#[every_layout]
async fn an_answer_goes_with_its_flow(db: TestDb) {
    assert!(device_requests::insert(&db, &device_request(1), "mac").await.unwrap());
    flows::insert(&db, &flow(9)).await.unwrap();
    assert!(flows::record(&db, &Recording { end: None, ..last(9, &decision(None)) }).await.unwrap());
    assert!(!flows::record(&db, &last(9, &decision(Some(GRANT)))).await.unwrap());
    assert_eq!(stored(&db).await, device_request(1));
    let code = code(9);
    let late = Decision { at: at(1000), ..decision(Some(GRANT)) };
    let too_late = End { decision: Some(late), code: None, ..ended(&code) };
    let step = Recording { version: 1, end: Some(too_late), ..last(9, &late) };
    assert!(!flows::record(&db, &step).await.unwrap(), "expired");
    assert_eq!(stored(&db).await, device_request(1));
}
