//! Browsers: one cookie is one browser, and holds the account sessions in it.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Hidden, Record};
use crate::sessions::Session;
use crate::{Db, Result, Tx, params};

/// A browser as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Browser {
    /// Its id, part of the cookie.
    pub id: Id,
    /// SHA-256 of the cookie's proof.
    pub secret_hash: Hidden,
    /// When it first signed in.
    pub created_at: Time,
    /// When it was last seen, coarsely.
    pub last_seen_at: Time,
    /// When it is forgotten.
    pub expires_at: Time,
    /// What it said of itself when somebody last signed in.
    pub agent: String,
    /// From where they came then.
    pub address: Option<String>,
}

/// Adds a browser.
pub async fn insert(db: &Db, browser: &Browser) -> Result<()> {
    db.execute(INSERT, &values(browser)).await?;
    Ok(())
}

/// The browser of this id with its sessions that have not been ended, the oldest first. Whether
/// they have expired is for the caller's clock to say.
pub async fn find_with_sessions(db: &Db, id: Id) -> Result<Option<(Browser, Vec<Session>)>> {
    let mut found = None;
    for mut row in db.fetch_all(FIND_WITH_SESSIONS, params![id]).await? {
        let browser = Browser::read(&mut row)?;
        let (_, sessions) = found.get_or_insert_with(|| (browser, Vec::new()));
        if row.take::<bool>()? {
            sessions.push(Session::read(&mut row)?);
        }
    }
    Ok(found)
}

/// Gives the browser a new secret; `false` when the old one is not what it was.
pub async fn rotate(db: &Db, id: Id, old_hash: &[u8], new_hash: &[u8]) -> Result<bool> {
    Ok(db.execute(ROTATE, params![id, old_hash, new_hash]).await? > 0)
}

/// Notes that it was seen, unless that was noted after `not_since` already.
pub async fn touch(db: &Db, id: Id, now: Time, expires_at: Time, not_since: Time) -> Result<bool> {
    Ok(db.execute(TOUCH, params![id, now, expires_at, not_since]).await? > 0)
}

/// The browser's part of a sign-in: it is added, or its secret and times replaced where
/// `old_hash` still is the secret's.
pub(crate) async fn sign_in(tx: &mut Tx, browser: &Browser, old_hash: Option<&[u8]>) -> Result<bool> {
    let Some(old_hash) = old_hash else {
        tx.execute(INSERT, &values(browser)).await?;
        return Ok(true);
    };
    let Browser { id, secret_hash, last_seen_at, expires_at, agent, address, .. } = browser;
    let values = params![*id, old_hash, secret_hash, *last_seen_at, *expires_at, agent, address];
    Ok(tx.execute(RENEW, values).await? > 0)
}

fn values(browser: &Browser) -> [crate::Value<'_>; 7] {
    [
        browser.id.into(),
        (&browser.secret_hash).into(),
        browser.created_at.into(),
        browser.last_seen_at.into(),
        browser.expires_at.into(),
        (&browser.agent).into(),
        (&browser.address).into(),
    ]
}

impl Record for Browser {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            secret_hash: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            expires_at: row.take()?,
            agent: row.take()?,
            address: row.take()?,
        })
    }
}

const INSERT: &str = "INSERT INTO browsers
    (id, secret_hash, created_at, last_seen_at, expires_at, agent, address) VALUES ($1, $2, $3, $4, $5, $6, $7)";
pub(crate) const FIND_WITH_SESSIONS: &str = "SELECT
    b.id, b.secret_hash, b.created_at, b.last_seen_at, b.expires_at, b.agent, b.address, s.id IS NOT NULL,
    s.browser_id, s.id, s.user_id, s.proofs_json, s.authenticated_at, s.created_at, s.last_seen_at,
    s.expires_at, s.ended_at, s.parent_browser_id, s.parent_session_id, s.only_client, s.unlocked
    FROM browsers b LEFT JOIN sessions s ON s.browser_id = $1 AND s.ended_at IS NULL
    WHERE b.id = $1 ORDER BY s.created_at, s.id";
const ROTATE: &str = "UPDATE browsers SET secret_hash = $3 WHERE id = $1 AND secret_hash = $2";
const RENEW: &str = "UPDATE browsers SET secret_hash = $3, last_seen_at = $4, expires_at = $5, agent = $6, address = $7
    WHERE id = $1 AND secret_hash = $2";
const TOUCH: &str = "UPDATE browsers SET last_seen_at = $2, expires_at = $3
    WHERE id = $1 AND last_seen_at < $4";
