//! Devices without a keyboard that ask for tokens (RFC 8628): one row from the codes to the tokens. The row of the user
//! code, keyed by its MAC, leads to it; its token family has the same id.

use oidc::{Id, Time};

use crate::db::Row;
use crate::families::{self, Family};
use crate::record::{Hidden, Record, one};
use crate::{Db, Result, Tx, params, retry};

/// A device's request as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceRequest {
    /// Its id, which is also its token family's.
    pub id: Id,
    /// SHA-256 of the device code's proof.
    pub secret_hash: Hidden,
    /// Whose.
    pub client_id: String,
    /// What is asked for, and from where.
    pub request_json: String,
    /// How long the device has to wait from poll to poll, in milliseconds.
    pub interval_millis: i64,
    /// Counts the polls that were noted.
    pub polls: i64,
    /// When the last one came.
    pub polled_at: Option<Time>,
    /// When it began.
    pub created_at: Time,
    /// From when both codes are worth nothing.
    pub expires_at: Time,
    /// When a person answered.
    pub decided_at: Option<Time>,
    /// What they granted; absent where they denied.
    pub grant_json: Option<String>,
    /// When the device code was redeemed.
    pub used_at: Option<Time>,
}

/// What a person says to a device's request.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    /// The request.
    pub id: Id,
    /// When.
    pub at: Time,
    /// What is granted; `None` where it is denied.
    pub grant_json: Option<&'a str>,
}

/// Keeps a request with its user code; `false`, and nothing is kept, where another one that still counts has that code.
pub async fn insert(db: &Db, request: &DeviceRequest, user_code_mac: &str) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let code = params![user_code_mac, request.id, request.expires_at, request.created_at];
        if tx.execute(TAKE_CODE, code).await? == 0 {
            tx.rollback().await?;
            return Ok(false);
        }
        let DeviceRequest { id, secret_hash, client_id, request_json, interval_millis, created_at, expires_at, .. } =
            request;
        let values = params![*id, secret_hash, client_id, request_json, *interval_millis, *created_at, *expires_at];
        tx.execute(INSERT, values).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// The request of this id, decided or not.
pub async fn find(db: &Db, id: Id) -> Result<Option<DeviceRequest>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// The request that a user code opens, decided or not.
pub async fn find_by_user_code(db: &Db, user_code_mac: &str) -> Result<Option<DeviceRequest>> {
    match db.fetch_optional(FIND_CODE, params![user_code_mac]).await? {
        Some(mut row) => find(db, row.take()?).await,
        None => Ok(None),
    }
}

/// Notes a poll, under the count of polls that was read, and the interval from then on; `false`, and nothing changes, where
/// another poll was faster or a person has answered.
pub async fn note_poll(db: &Db, id: Id, polls: i64, now: Time, interval_millis: i64) -> Result<bool> {
    Ok(db.execute(NOTE_POLL, params![id, polls, now, interval_millis]).await? > 0)
}

/// Claims the device code and begins its token family; `false`, and nothing begins, where it was used before, has expired,
/// or nobody has allowed it.
pub async fn redeem(db: &Db, id: Id, now: Time, family: &Family) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let claimed = tx.execute(CLAIM, params![id, now]).await? > 0;
        if claimed {
            families::insert_in(&mut tx, family).await?;
        }
        tx.commit().await?;
        Ok(claimed)
    })
    .await
}

/// A person's answer, as part of the end of their flow; `false`, and nothing changes, where one was given before or the
/// request has expired.
pub(crate) async fn decide_in(tx: &mut Tx, decision: &Decision<'_>) -> Result<bool> {
    Ok(tx.execute(DECIDE, params![decision.id, decision.at, decision.grant_json]).await? > 0)
}

/// Takes back what [`decide_in`] wrote in this transaction.
pub(crate) async fn undo_in(tx: &mut Tx, decision: &Decision<'_>) -> Result<()> {
    tx.execute(UNDO, params![decision.id, decision.at]).await?;
    Ok(())
}

impl Record for DeviceRequest {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            secret_hash: row.take()?,
            client_id: row.take()?,
            request_json: row.take()?,
            interval_millis: row.take()?,
            polls: row.take()?,
            polled_at: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
            decided_at: row.take()?,
            grant_json: row.take()?,
            used_at: row.take()?,
        })
    }
}

/// A code whose request has expired is free, whether or not its row was removed by now.
const TAKE_CODE: &str = "INSERT INTO user_codes (mac, request_id, expires_at) VALUES ($1, $2, $3)
    ON CONFLICT (mac) DO UPDATE SET request_id = excluded.request_id, expires_at = excluded.expires_at
    WHERE user_codes.expires_at <= $4";
const INSERT: &str = "INSERT INTO device_requests
    (id, secret_hash, client_id, request_json, interval_millis, polls, polled_at, created_at, expires_at, decided_at,
     grant_json, used_at) VALUES ($1, $2, $3, $4, $5, 0, NULL, $6, $7, NULL, NULL, NULL)";
pub(crate) const FIND: &str = "SELECT id, secret_hash, client_id, request_json, interval_millis, polls, polled_at,
    created_at, expires_at, decided_at, grant_json, used_at FROM device_requests WHERE id = $1";
pub(crate) const FIND_CODE: &str = "SELECT request_id FROM user_codes WHERE mac = $1";
pub(crate) const NOTE_POLL: &str = "UPDATE device_requests SET polls = polls + 1, polled_at = $3, interval_millis = $4
    WHERE id = $1 AND polls = $2 AND decided_at IS NULL";
const DECIDE: &str = "UPDATE device_requests SET decided_at = $2, grant_json = $3
    WHERE id = $1 AND decided_at IS NULL AND expires_at > $2";
const UNDO: &str = "UPDATE device_requests SET decided_at = NULL, grant_json = NULL
    WHERE id = $1 AND decided_at = $2 AND used_at IS NULL";
/// What was granted stands with the family from then on.
pub(crate) const CLAIM: &str = "UPDATE device_requests SET used_at = $2, grant_json = NULL
    WHERE id = $1 AND grant_json IS NOT NULL AND used_at IS NULL AND expires_at > $2";
