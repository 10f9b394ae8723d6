//! What happened, to be looked up later: events are added and expire, and are never changed.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Page, Record, all};
use crate::{Db, Result, Tx, params};

/// An event as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: Id,
    /// What happened, a dotted name.
    pub kind: String,
    /// Whom it is about.
    pub user_id: Option<Id>,
    /// Which client.
    pub client_id: Option<String>,
    /// Which session.
    pub session_id: Option<Id>,
    /// From where, as far as is known.
    pub address: Option<String>,
    /// What else there is to say, a JSON object.
    pub detail_json: String,
    /// When.
    pub at: Time,
    /// Until when it is kept.
    pub expires_at: Time,
}

macro_rules! values {
    ($event:expr) => {
        params![
            $event.id,
            &$event.kind,
            $event.user_id,
            &$event.client_id,
            $event.session_id,
            &$event.address,
            &$event.detail_json,
            $event.at,
            $event.expires_at
        ]
    };
}
/// Adds an event.
pub async fn append(db: &Db, event: &Event) -> Result<()> {
    db.execute(APPEND, values!(event)).await?;
    Ok(())
}

/// Adds it in the transaction of what it tells of.
pub async fn append_in(tx: &mut Tx, event: &Event) -> Result<()> {
    tx.execute(APPEND, values!(event)).await?;
    Ok(())
}

/// A page of all events.
pub async fn list(db: &Db, page: Page<'_>) -> Result<Vec<Event>> {
    all(db.fetch_all(LIST, &page.values()).await?)
}

/// The newest events about a user, the newest first.
pub async fn newest_of_user(db: &Db, user: Id, limit: u32) -> Result<Vec<Event>> {
    all(db.fetch_all(NEWEST_OF_USER, params![user, i64::from(limit)]).await?)
}

/// A page of the events about a user.
pub async fn of_user(db: &Db, user: Id, page: Page<'_>) -> Result<Vec<Event>> {
    let (after, id) = page.after.unwrap_or((Time::from_millis(i64::MIN), ""));
    all(db.fetch_all(OF_USER, params![user, after, id, i64::from(page.limit)]).await?)
}

impl Record for Event {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            kind: row.take()?,
            user_id: row.take()?,
            client_id: row.take()?,
            session_id: row.take()?,
            address: row.take()?,
            detail_json: row.take()?,
            at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, kind, user_id, client_id, session_id, address, detail_json, at, expires_at"
    };
}

const APPEND: &str = concat!("INSERT INTO audit_events (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM audit_events WHERE at > $1 OR (at = $1 AND id > $2) ORDER BY at, id LIMIT $3"
);
const OF_USER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM audit_events WHERE user_id = $1 AND (at > $2 OR (at = $2 AND id > $3)) ORDER BY at, id LIMIT $4"
);
const NEWEST_OF_USER: &str =
    concat!("SELECT ", columns!(), " FROM audit_events WHERE user_id = $1 ORDER BY at DESC, id DESC LIMIT $2");
