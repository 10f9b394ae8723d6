//! People: names, passwords, links, sessions.

mod accounts;
mod links;
mod passwords;
mod sign_up;

use std::sync::Arc;

use idp::Context;
use idp::browsers::SignedIn;
use idp::caller::Caller;
use idp::people::{NewUser, Person};
use oidc::Id;
use oidc::assurance::Method;
use store::Db;
use store::families::Family;

use crate::house::START;

/// Ada, with a password.
async fn ada(node: &Context) -> Person {
    node.add_user(new_user("Ada@Example.com", Some(RIGHT))).await.unwrap()
}

fn new_user(email: &str, password: Option<&str>) -> NewUser {
    NewUser {
        email: email.to_owned(),
        password: password.map(|password| password.to_owned().into()),
        ..NewUser::default()
    }
}

/// A browser of its own in which this person has signed in.
async fn signed_in(node: &Context, user: Id) -> SignedIn {
    node.begin_session(None, user, &[Method::Password], &Caller::operator()).await.unwrap().unwrap()
}

/// A token family as a redeemed code leaves it.
async fn family(db: &Db, n: u8, user: Id, at: &SignedIn, offline: bool) -> Id {
    let id = Id::from_bytes([n; 16]);
    let later = START.plus(std::time::Duration::from_secs(60));
    let flow = store::flows::Flow {
        id,
        binding_hash: [n; 32].into(),
        target_json: "{}".to_owned(),
        facts_json: "{}".to_owned(),
        version: 0,
        created_at: START,
        expires_at: later,
        finished_at: None,
    };
    let code = store::codes::Code {
        flow_id: id,
        secret_hash: [n; 32].into(),
        client_id: "photos".to_owned(),
        grant_json: "{}".to_owned(),
        created_at: START,
        expires_at: later,
        used_at: None,
    };
    let family = Family {
        id,
        client_id: "photos".to_owned(),
        user_id: user,
        browser_id: Some(at.browser),
        session_id: Some(at.session),
        offline,
        grant_json: "{}".to_owned(),
        counter: 0,
        request_hash: None,
        rotated_at: None,
        created_at: START,
        idle_expires_at: later,
        expires_at: later,
        revoked_at: None,
        revoked_reason: None,
    };
    let end = store::flows::End {
        at: START,
        code: Some(&code),
        consent: None,
        joined: None,
        event: None,
        evidence: None,
        decision: None,
    };
    store::flows::insert_finished(db, &flow, &end).await.unwrap();
    assert!(store::codes::redeem(db, id, START, &family, None).await.unwrap());
    id
}

async fn is_revoked(db: &Db, family: Id) -> bool {
    store::families::find(db, family).await.unwrap().unwrap().revoked_at.is_some()
}

/// Two at once, on two nodes, `tries` times over: how often each of the two went well.
async fn race<T, F>(nodes: [&Arc<Context>; 2], attempt: impl Fn(Arc<Context>, usize) -> F) -> [T; 2]
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let [one, two] = nodes.map(Arc::clone);
    let (one, two) = (tokio::spawn(attempt(one, 0)), tokio::spawn(attempt(two, 1)));
    [one.await.unwrap(), two.await.unwrap()]
}

const RIGHT: &str = "correct horse battery";
const OTHER: &str = "battery staple of horses";
