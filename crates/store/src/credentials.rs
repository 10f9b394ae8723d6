//! What users prove themselves with, whatever the factor: the document is the factor's own.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Record, all};
use crate::{Db, Result, Tx, params, retry};

/// A credential as stored.
#[derive(Clone, Eq, PartialEq)]
pub struct Credential {
    /// Whose.
    pub user_id: Id,
    /// Its own id; a credential that is replaced gets a new one.
    pub id: Id,
    /// The factor, `password` for one.
    pub kind: String,
    /// The factor's document.
    pub data_json: String,
    /// When it was set up.
    pub created_at: Time,
    /// When it was last used.
    pub used_at: Option<Time>,
}

/// The user's credentials of a kind, the oldest first.
pub async fn of(db: &Db, user: Id, kind: &str) -> Result<Vec<Credential>> {
    all(db.fetch_all(OF, params![user, kind]).await?)
}

/// All credentials of a user, the oldest first.
pub async fn all_of(db: &Db, user: Id) -> Result<Vec<Credential>> {
    all(db.fetch_all(ALL_OF, params![user]).await?)
}

/// Whether this credential is there and its user enabled.
pub async fn stands(db: &Db, user: Id, id: Id) -> Result<bool> {
    Ok(db.fetch_optional(STANDS, params![user, id]).await?.is_some())
}

/// Adds a credential, or replaces the one of the same id.
pub async fn put(db: &Db, credential: &Credential) -> Result<()> {
    db.execute(PUT, &values(credential)).await?;
    Ok(())
}

/// Puts `new` in the place of `old`; `false`, and nothing changes, when `old` is no longer there.
pub async fn replace(db: &Db, user: Id, old: Id, new: &Credential) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let replaced = tx.execute(DELETE, params![user, old]).await? > 0;
        if replaced {
            put_in(&mut tx, new).await?;
        }
        tx.commit().await?;
        Ok(replaced)
    })
    .await
}

/// Deletes one; `false` when it was not there.
pub async fn delete(db: &Db, user: Id, id: Id) -> Result<bool> {
    Ok(db.execute(DELETE, params![user, id]).await? > 0)
}

/// Puts another document in the place of `old`'s and notes that it was used; `false`, and nothing changes, where it is no
/// longer as `old` has it.
pub async fn change(db: &Db, old: &Credential, data_json: &str, now: Time) -> Result<bool> {
    Ok(db.execute(CHANGE, params![old.user_id, old.id, &old.data_json, data_json, now]).await? > 0)
}

pub(crate) async fn put_in(tx: &mut Tx, credential: &Credential) -> Result<()> {
    tx.execute(PUT, &values(credential)).await?;
    Ok(())
}

fn values(credential: &Credential) -> [crate::Value<'_>; 6] {
    [
        credential.user_id.into(),
        credential.id.into(),
        (&credential.kind).into(),
        (&credential.data_json).into(),
        credential.created_at.into(),
        credential.used_at.into(),
    ]
}

/// Without the document, which may hold a password's hash.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} of {}", self.kind, self.id, self.user_id)
    }
}

impl Record for Credential {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            user_id: row.take()?,
            id: row.take()?,
            kind: row.take()?,
            data_json: row.take()?,
            created_at: row.take()?,
            used_at: row.take()?,
        })
    }
}

pub(crate) const OF: &str = "SELECT user_id, id, kind, data_json, created_at, used_at FROM credentials
    WHERE user_id = $1 AND kind = $2 ORDER BY created_at, id";
pub(crate) const ALL_OF: &str = "SELECT user_id, id, kind, data_json, created_at, used_at FROM credentials
    WHERE user_id = $1 ORDER BY created_at, id";
pub(crate) const STANDS: &str = "SELECT c.id FROM credentials c JOIN users u ON u.id = $1
    WHERE c.user_id = $1 AND c.id = $2 AND u.disabled_at IS NULL";
const PUT: &str = "INSERT INTO credentials (user_id, id, kind, data_json, created_at, used_at)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_id, id) DO UPDATE SET
    kind = excluded.kind, data_json = excluded.data_json, used_at = excluded.used_at";
const DELETE: &str = "DELETE FROM credentials WHERE user_id = $1 AND id = $2";
const CHANGE: &str = "UPDATE credentials SET data_json = $4, used_at = $5
    WHERE user_id = $1 AND id = $2 AND data_json = $3";
