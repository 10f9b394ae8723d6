//! Families of refresh tokens: one row each, whatever the number of refreshes.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Hidden, Record, all, one};
use crate::{Db, Result, Tx, params};

/// A token family as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Family {
    /// The flow's id, which is also the family's.
    pub id: Id,
    /// Whose tokens.
    pub client_id: String,
    /// Who granted them.
    pub user_id: Id,
    /// The browser of the session in which it was given.
    pub browser_id: Option<Id>,
    /// The session in which it was given, and with which it ends unless it is offline.
    pub session_id: Option<Id>,
    /// Whether it survives the session (`offline_access`).
    pub offline: bool,
    /// What was granted.
    pub grant_json: String,
    /// The counter of the current refresh token.
    pub counter: i64,
    /// SHA-256 over what the last refresh asked for: who repeats it within the window gets the
    /// same token again.
    pub request_hash: Option<Hidden>,
    /// When it was last refreshed.
    pub rotated_at: Option<Time>,
    /// When it began.
    pub created_at: Time,
    /// When it ends if it is not refreshed; never later than `expires_at`.
    pub idle_expires_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
    /// Why.
    pub revoked_reason: Option<String>,
}

/// One refresh.
#[derive(Clone, Copy, Debug)]
pub struct Rotation<'a> {
    /// The counter of the token that was presented.
    pub counter: i64,
    /// See [`Family::request_hash`].
    pub request_hash: &'a [u8],
    /// The time of the refresh.
    pub now: Time,
    /// The new [`Family::idle_expires_at`].
    pub idle_expires_at: Time,
}

/// The family of this id, revoked or not.
pub async fn find(db: &Db, id: Id) -> Result<Option<Family>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// Moves the counter on by one; answers the family as it then is, or `None` when the counter is
/// another, or the family is revoked or expired.
pub async fn rotate(db: &Db, id: Id, rotation: Rotation<'_>) -> Result<Option<Family>> {
    let Rotation { counter, request_hash, now, idle_expires_at } = rotation;
    let values = params![id, counter, request_hash, now, idle_expires_at];
    one(db.execute_returning(ROTATE, values).await?)
}

/// Revokes it; `false` when it was revoked before.
pub async fn revoke(db: &Db, id: Id, reason: &str, now: Time) -> Result<bool> {
    Ok(db.execute(REVOKE, params![id, reason, now]).await? > 0)
}

/// Revokes what hangs on a session; offline families stay. Answers how many.
pub async fn revoke_of_session(db: &Db, session: Id, reason: &str, now: Time) -> Result<u64> {
    db.execute(REVOKE_OF_SESSION, params![session, reason, now]).await
}

/// Revokes what one client was given in a session, offline families too. Answers how many.
pub async fn revoke_of_session_client(db: &Db, session: Id, client: &str, reason: &str, now: Time) -> Result<u64> {
    db.execute(REVOKE_OF_SESSION_CLIENT, params![session, client, reason, now]).await
}

/// Revokes all that a user has granted one client. Answers how many.
pub async fn revoke_of_user_client(db: &Db, user: Id, client: &str, reason: &str, now: Time) -> Result<u64> {
    db.execute(REVOKE_OF_USER_CLIENT, params![user, client, reason, now]).await
}

/// Revokes all that a user has granted. Answers how many.
pub async fn revoke_of_user(db: &Db, user: Id, reason: &str, now: Time) -> Result<u64> {
    db.execute(REVOKE_OF_USER, params![user, reason, now]).await
}

/// What a user has granted for the time when they are away, and what still counts: the oldest first.
pub async fn offline_of_user(db: &Db, user: Id, now: Time) -> Result<Vec<Family>> {
    all(db.fetch_all(OFFLINE_OF_USER, params![user, now]).await?)
}

/// All that a user has granted, as long as it is kept: the oldest first.
pub async fn of_user(db: &Db, user: Id) -> Result<Vec<Family>> {
    all(db.fetch_all(OF_USER, params![user]).await?)
}

pub(crate) async fn insert_in(tx: &mut Tx, family: &Family) -> Result<()> {
    let values = params![
        family.id,
        &family.client_id,
        family.user_id,
        family.browser_id,
        family.session_id,
        family.offline,
        &family.grant_json,
        family.counter,
        &family.request_hash,
        family.rotated_at,
        family.created_at,
        family.idle_expires_at,
        family.expires_at,
        family.revoked_at,
        &family.revoked_reason
    ];
    tx.execute(INSERT, values).await?;
    Ok(())
}

impl Record for Family {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            client_id: row.take()?,
            user_id: row.take()?,
            browser_id: row.take()?,
            session_id: row.take()?,
            offline: row.take()?,
            grant_json: row.take()?,
            counter: row.take()?,
            request_hash: row.take()?,
            rotated_at: row.take()?,
            created_at: row.take()?,
            idle_expires_at: row.take()?,
            expires_at: row.take()?,
            revoked_at: row.take()?,
            revoked_reason: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, client_id, user_id, browser_id, session_id, offline, grant_json, counter, request_hash, \
         rotated_at, created_at, idle_expires_at, expires_at, revoked_at, revoked_reason"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO families (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
);
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM families WHERE id = $1");
pub(crate) const ROTATE: &str = concat!(
    "UPDATE families SET counter = counter + 1, request_hash = $3, rotated_at = $4, idle_expires_at = $5
     WHERE id = $1 AND counter = $2 AND revoked_at IS NULL AND idle_expires_at > $4 AND expires_at > $4
     RETURNING ",
    columns!()
);
pub(crate) const REVOKE: &str = "UPDATE families SET revoked_at = $3, revoked_reason = $2
    WHERE id = $1 AND revoked_at IS NULL";
const OFFLINE_OF_USER: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM families WHERE user_id = $1 AND offline = TRUE AND revoked_at IS NULL AND idle_expires_at > $2
     ORDER BY created_at, id"
);
const OF_USER: &str = concat!("SELECT ", columns!(), " FROM families WHERE user_id = $1 ORDER BY created_at, id");
const REVOKE_OF_SESSION: &str = "UPDATE families SET revoked_at = $3, revoked_reason = $2
    WHERE session_id = $1 AND offline = FALSE AND revoked_at IS NULL";
const REVOKE_OF_SESSION_CLIENT: &str = "UPDATE families SET revoked_at = $4, revoked_reason = $3
    WHERE session_id = $1 AND client_id = $2 AND revoked_at IS NULL";
const REVOKE_OF_USER_CLIENT: &str = "UPDATE families SET revoked_at = $4, revoked_reason = $3
    WHERE user_id = $1 AND client_id = $2 AND revoked_at IS NULL";
const REVOKE_OF_USER: &str = "UPDATE families SET revoked_at = $3, revoked_reason = $2
    WHERE user_id = $1 AND revoked_at IS NULL";
