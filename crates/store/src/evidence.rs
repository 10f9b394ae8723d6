//! What people have confirmed, as signed records: added with the end of the flow, never changed.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Record, all, one};
use crate::{Db, Result, Tx, params};

/// A record as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Evidence {
    /// Who confirmed.
    pub user_id: Id,
    /// Its id, which is the `jti`.
    pub id: Id,
    /// For which client.
    pub client_id: String,
    /// The signed record.
    pub jwt: String,
    /// When.
    pub created_at: Time,
    /// Until when it is kept.
    pub expires_at: Time,
}

/// The newest records of a person, the newest first.
pub async fn newest_of_user(db: &Db, user: Id, limit: u32) -> Result<Vec<Evidence>> {
    all(db.fetch_all(NEWEST, params![user, i64::from(limit)]).await?)
}

/// One record of a person.
pub async fn find(db: &Db, user: Id, id: Id) -> Result<Option<Evidence>> {
    one(db.fetch_optional(FIND, params![user, id]).await?)
}

pub(crate) async fn insert_in(tx: &mut Tx, evidence: &Evidence) -> Result<()> {
    let Evidence { user_id, id, client_id, jwt, created_at, expires_at } = evidence;
    tx.execute(INSERT, params![*user_id, *id, client_id, jwt, *created_at, *expires_at]).await?;
    Ok(())
}

impl Record for Evidence {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            user_id: row.take()?,
            id: row.take()?,
            client_id: row.take()?,
            jwt: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

const INSERT: &str = "INSERT INTO evidence (user_id, id, client_id, jwt, created_at, expires_at)
    VALUES ($1, $2, $3, $4, $5, $6)";
const FIND: &str = "SELECT user_id, id, client_id, jwt, created_at, expires_at FROM evidence
    WHERE user_id = $1 AND id = $2";
const NEWEST: &str = "SELECT user_id, id, client_id, jwt, created_at, expires_at FROM evidence
    WHERE user_id = $1 ORDER BY created_at DESC, id LIMIT $2";
