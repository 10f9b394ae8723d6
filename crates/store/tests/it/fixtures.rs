//! Records to begin with, and races.

use std::future::Future;

use oidc::{Id, Time};
use store::audit::Event;
use store::browsers::Browser;
use store::codes::Code;
use store::containers::Container;
use store::device_keys::DeviceKey;
use store::device_requests::DeviceRequest;
use store::evidence::Evidence;
use store::families::Family;
use store::flows::{End, Flow};
use store::mails::Mail;
use store::session_clients::{Ending, SessionClient};
use store::sessions::Session;
use store::site_sessions::SiteSession;
use store::users::User;
use store::{Db, Hidden};

pub(crate) fn id(n: u8) -> Id {
    Id::from_bytes([n; 16])
}

pub(crate) fn at(millis: i64) -> Time {
    Time::from_millis(millis)
}

pub(crate) fn hash(n: u8) -> Hidden {
    Hidden::from([n; 32])
}

/// Runs 64 attempts at once and counts those that won.
pub(crate) async fn race<F>(db: &Db, attempt: impl Fn(Db, u8) -> F) -> usize
where
    F: Future<Output = bool> + Send + 'static,
{
    let tasks: Vec<_> = (0..64).map(|n| tokio::spawn(attempt(db.clone(), n))).collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap());
    }
    won
}

pub(crate) fn user(n: u8) -> User {
    User {
        id: id(n),
        email: Some(format!("Ada{n}@example.com")),
        username: None,
        name: Some("Ada".into()),
        profile_json: "{}".into(),
        theme: String::new(),
        email_verified: true,
        is_admin: false,
        disabled_at: None,
        delete_at: None,
        created_at: at(i64::from(n)),
        updated_at: at(5),
    }
}

/// An event about a user.
pub(crate) fn event(n: u8, user: u8) -> Event {
    Event {
        id: id(n),
        kind: "session.ended".into(),
        user_id: Some(id(user)),
        client_id: Some("photos".into()),
        session_id: Some(id(3)),
        address: Some("192.0.2.1".into()),
        detail_json: "{}".into(),
        at: at(i64::from(n)),
        expires_at: at(1000),
    }
}

pub(crate) fn mail(n: u8) -> Mail {
    Mail {
        id: id(n),
        recipient: "ada@example.com".into(),
        locale: "en".into(),
        kind: "confirm-account".into(),
        sealed: hash(n),
        attempts: 0,
        due_at: at(i64::from(n)),
        created_at: at(i64::from(n)),
        expires_at: at(1000),
    }
}

pub(crate) fn browser(n: u8) -> Browser {
    Browser {
        id: id(n),
        secret_hash: hash(n),
        created_at: at(10),
        last_seen_at: at(10),
        expires_at: at(1000),
        agent: format!("Browser {n}"),
        address: Some(format!("192.0.2.{n}")),
    }
}

pub(crate) fn session(browser: u8, n: u8, user: u8) -> Session {
    Session {
        browser_id: id(browser),
        id: id(n),
        user_id: id(user),
        proofs_json: "[]".into(),
        authenticated_at: at(10),
        created_at: at(10),
        last_seen_at: at(10),
        expires_at: at(1000),
        ended_at: None,
        parent: None,
        unlocked: false,
    }
}

/// The child of `session(browser, session, user)` for plain websites.
pub(crate) fn site_session(browser: u8, n: u8, session: u8, user: u8) -> SiteSession {
    SiteSession {
        browser_id: id(browser),
        id: id(n),
        session_id: id(session),
        user_id: id(user),
        created_at: at(20),
        expires_at: at(1000),
    }
}

/// An app that was let into `session(browser, n, user)`.
pub(crate) fn joined(browser: u8, n: u8, user: u8, client: &str) -> SessionClient {
    SessionClient {
        browser_id: id(browser),
        session_id: id(n),
        client_id: client.into(),
        user_id: id(user),
        joined_at: at(20),
        used_at: at(20),
        expires_at: at(1000),
        ended_at: None,
        tries: 0,
        next_at: None,
        told_at: None,
    }
}

/// An end at this time; the first try is due at once.
pub(crate) fn ending(now: i64) -> Ending {
    Ending { now: at(now), tries: 0, next_at: at(now), keep_until: at(900) }
}

pub(crate) fn flow(n: u8) -> Flow {
    Flow {
        id: id(n),
        binding_hash: hash(n),
        target_json: r#"{"client_id":"photos"}"#.into(),
        facts_json: "{}".into(),
        version: 0,
        created_at: at(10),
        expires_at: at(1000),
        finished_at: None,
    }
}

pub(crate) fn code(n: u8) -> Code {
    Code {
        flow_id: id(n),
        secret_hash: hash(n),
        client_id: "photos".into(),
        grant_json: "{}".into(),
        created_at: at(20),
        expires_at: at(100),
        used_at: None,
    }
}

/// An end with this code.
pub(crate) fn ended(code: &Code) -> End<'_> {
    End { at: at(20), code: Some(code), consent: None, joined: None, event: None, evidence: None, decision: None }
}

/// A key in a device of a user's.
pub(crate) fn device_key(n: u8, user: u8) -> DeviceKey {
    DeviceKey {
        user_id: id(user),
        id: id(n),
        client_id: "bank".into(),
        jwk_json: "{}".into(),
        name: "Phone".into(),
        created_at: at(i64::from(n)),
        used_at: None,
        attestation: (n == 5).then(|| "android-key".into()),
        protection: (n == 5).then(|| "strongbox".into()),
        unlocked: n == 5,
    }
}

/// A container of the apps of one developer, in a session of a user's.
pub(crate) fn container(n: u8, user: u8) -> Container {
    Container {
        id: id(n),
        app_group: "acme".into(),
        browser_id: id(1),
        session_id: id(11),
        user_id: id(user),
        key_thumbprint: Some("k".into()),
        counter: 0,
        rotated_at: None,
        created_at: at(30),
        used_at: at(30),
        expires_at: at(1000),
        ended_at: None,
    }
}

/// A record of what a user confirmed.
pub(crate) fn evidence(n: u8, user: u8) -> Evidence {
    Evidence {
        user_id: id(user),
        id: id(n),
        client_id: "bank".into(),
        jwt: format!("record {n}"),
        created_at: at(i64::from(n)),
        expires_at: at(1000),
    }
}

/// A device's request that nobody has answered.
pub(crate) fn device_request(n: u8) -> DeviceRequest {
    DeviceRequest {
        id: id(n),
        secret_hash: hash(n),
        client_id: "tv".into(),
        request_json: "{}".into(),
        interval_millis: 5000,
        polls: 0,
        polled_at: None,
        created_at: at(20),
        expires_at: at(1000),
        decided_at: None,
        grant_json: None,
        used_at: None,
    }
}

pub(crate) fn family(n: u8) -> Family {
    Family {
        id: id(n),
        client_id: "photos".into(),
        user_id: id(1),
        browser_id: Some(id(2)),
        session_id: Some(id(3)),
        offline: false,
        grant_json: "{}".into(),
        counter: 1,
        request_hash: None,
        rotated_at: None,
        created_at: at(30),
        idle_expires_at: at(500),
        expires_at: at(1000),
        revoked_at: None,
        revoked_reason: None,
    }
}

/// A family as a redeemed code leaves it.
pub(crate) async fn add_family(db: &Db, family: &Family) {
    begin(db, family, None).await;
}

/// A family with the container that its app shares.
pub(crate) async fn begin(db: &Db, family: &Family, container: Option<&Container>) {
    let (mut flow, mut code) = (flow(0), code(0));
    (flow.id, code.flow_id) = (family.id, family.id);
    store::flows::insert_finished(db, &flow, &ended(&code)).await.unwrap();
    assert!(store::codes::redeem(db, family.id, at(30), family, container).await.unwrap());
}
