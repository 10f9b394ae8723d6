//! What a user has allowed an app.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Record, all, one};
use crate::{Db, Result, Tx, params};

/// A remembered consent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Consent {
    /// Who allowed.
    pub user_id: Id,
    /// Whom.
    pub client_id: String,
    /// The scopes, space separated.
    pub scopes: String,
    /// What else was allowed.
    pub detail_json: String,
    /// When it was first given.
    pub granted_at: Time,
    /// When the last answer was given.
    pub updated_at: Time,
    /// Which answer that is, counted from 1: the store counts.
    pub version: i64,
}

/// What the user has allowed this client.
pub async fn find(db: &Db, user: Id, client: &str) -> Result<Option<Consent>> {
    one(db.fetch_optional(FIND, params![user, client]).await?)
}

/// Remembers; an earlier consent's `granted_at` stays, and its `version` is counted on.
pub async fn put(db: &Db, consent: &Consent) -> Result<()> {
    db.execute(PUT, &values(consent)).await?;
    Ok(())
}

pub(crate) async fn put_in(tx: &mut Tx, consent: &Consent) -> Result<()> {
    tx.execute(PUT, &values(consent)).await?;
    Ok(())
}

/// All that the user has allowed, the oldest first.
pub async fn list(db: &Db, user: Id) -> Result<Vec<Consent>> {
    all(db.fetch_all(LIST, params![user]).await?)
}

/// Withdraws; `false` when there was none.
pub async fn delete(db: &Db, user: Id, client: &str) -> Result<bool> {
    Ok(db.execute(DELETE, params![user, client]).await? > 0)
}

fn values(consent: &Consent) -> [crate::Value<'_>; 6] {
    [
        consent.user_id.into(),
        (&consent.client_id).into(),
        (&consent.scopes).into(),
        (&consent.detail_json).into(),
        consent.granted_at.into(),
        consent.updated_at.into(),
    ]
}

impl Record for Consent {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            user_id: row.take()?,
            client_id: row.take()?,
            scopes: row.take()?,
            detail_json: row.take()?,
            granted_at: row.take()?,
            updated_at: row.take()?,
            version: row.take()?,
        })
    }
}

pub(crate) const FIND: &str = "SELECT user_id, client_id, scopes, detail_json, granted_at, updated_at, version
    FROM consents WHERE user_id = $1 AND client_id = $2";
const LIST: &str = "SELECT user_id, client_id, scopes, detail_json, granted_at, updated_at, version
    FROM consents WHERE user_id = $1 ORDER BY granted_at, client_id";
const PUT: &str = "INSERT INTO consents
    (user_id, client_id, scopes, detail_json, granted_at, updated_at, version)
    VALUES ($1, $2, $3, $4, $5, $6, 1) ON CONFLICT (user_id, client_id) DO UPDATE SET
    scopes = excluded.scopes, detail_json = excluded.detail_json, updated_at = excluded.updated_at,
    version = consents.version + 1";
const DELETE: &str = "DELETE FROM consents WHERE user_id = $1 AND client_id = $2";
