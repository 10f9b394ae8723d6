//! One-time links: to set a password, to prove an address, to join.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Hidden, Record, one};
use crate::{Db, Result, Tx, params};

/// A link as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Link {
    /// Its id.
    pub id: Id,
    /// What it opens.
    pub purpose: String,
    /// For whom, where that is known.
    pub user_id: Option<Id>,
    /// SHA-256 of its proof.
    pub secret_hash: Hidden,
    /// What belongs to it.
    pub data_json: String,
    /// When it was made.
    pub created_at: Time,
    /// From when it is worth nothing.
    pub expires_at: Time,
    /// When it was used.
    pub used_at: Option<Time>,
}

/// Keeps a link.
pub async fn insert(db: &Db, link: &Link) -> Result<()> {
    db.execute(INSERT, &values(link)).await?;
    Ok(())
}

pub(crate) async fn insert_in(tx: &mut Tx, link: &Link) -> Result<()> {
    tx.execute(INSERT, &values(link)).await?;
    Ok(())
}

/// The link of this id, used or not.
pub async fn find(db: &Db, id: Id) -> Result<Option<Link>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// Uses it; `false` when it was used before or has expired.
pub async fn claim(db: &Db, id: Id, now: Time) -> Result<bool> {
    Ok(db.execute(CLAIM, params![id, now]).await? > 0)
}

pub(crate) async fn claim_in(tx: &mut Tx, id: Id, now: Time) -> Result<bool> {
    Ok(tx.execute(CLAIM, params![id, now]).await? > 0)
}

/// Uses up all links of a user: those that work no more stay as they are.
pub(crate) async fn use_up_in(tx: &mut Tx, user: Id, now: Time) -> Result<()> {
    tx.execute("UPDATE links SET used_at = $2 WHERE user_id = $1 AND used_at IS NULL", params![user, now]).await?;
    Ok(())
}

fn values(link: &Link) -> [crate::Value<'_>; 8] {
    [
        link.id.into(),
        (&link.purpose).into(),
        link.user_id.into(),
        (&link.secret_hash).into(),
        (&link.data_json).into(),
        link.created_at.into(),
        link.expires_at.into(),
        link.used_at.into(),
    ]
}

impl Record for Link {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            purpose: row.take()?,
            user_id: row.take()?,
            secret_hash: row.take()?,
            data_json: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
            used_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, purpose, user_id, secret_hash, data_json, created_at, expires_at, used_at"
    };
}

const INSERT: &str = concat!("INSERT INTO links (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
const FIND: &str = concat!("SELECT ", columns!(), " FROM links WHERE id = $1");
const CLAIM: &str = "UPDATE links SET used_at = $2
    WHERE id = $1 AND used_at IS NULL AND expires_at > $2";
