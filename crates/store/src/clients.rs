//! Registered clients. Cached by every node; each write bumps [`versions::CLIENTS`].

use oidc::Time;

use crate::db::Row;
use crate::record::{Hidden, Page, Record, all, one};
use crate::{Db, Result, params, retry, versions};

/// A client as it is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Client {
    /// The `client_id`.
    pub id: String,
    /// Its metadata in RFC 7591's names, and ours.
    pub metadata_json: String,
    /// SHA-256 of the secret's proof.
    pub secret_hash: Option<Hidden>,
    /// The secret under the master key, where it must be known in clear (`client_secret_jwt`).
    pub secret_sealed: Option<Hidden>,
    /// Since when it is disabled.
    pub disabled_at: Option<Time>,
    /// When it was registered.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// Registers a client; `false` when the id is taken.
pub async fn insert(db: &Db, client: &Client) -> Result<bool> {
    let values = params![
        &client.id,
        &client.metadata_json,
        &client.secret_hash,
        &client.secret_sealed,
        client.disabled_at,
        client.created_at,
        client.updated_at
    ];
    versions::bumping(db, versions::CLIENTS, INSERT, values).await
}

/// The client of this id.
pub async fn find(db: &Db, id: &str) -> Result<Option<Client>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// Clients in the order of their registration.
pub async fn list(db: &Db, page: Page<'_>) -> Result<Vec<Client>> {
    all(db.fetch_all(LIST, &page.values()).await?)
}

/// Replaces the metadata; `false` when there is no such client.
pub async fn update(db: &Db, id: &str, metadata_json: &str, now: Time) -> Result<bool> {
    versions::bumping(db, versions::CLIENTS, UPDATE, params![id, metadata_json, now]).await
}

/// Replaces the secret, or takes it away; `false` when there is no such client.
pub async fn set_secret(db: &Db, id: &str, hash: Option<&[u8]>, sealed: Option<&[u8]>, now: Time) -> Result<bool> {
    versions::bumping(db, versions::CLIENTS, SET_SECRET, params![id, hash, sealed, now]).await
}

/// Disables it since a time, or enables it; `false` when there is no such client.
pub async fn set_disabled(db: &Db, id: &str, since: Option<Time>, now: Time) -> Result<bool> {
    versions::bumping(db, versions::CLIENTS, SET_DISABLED, params![id, since, now]).await
}

/// Deletes it; `false` when there is no such client.
pub async fn delete(db: &Db, id: &str) -> Result<bool> {
    versions::bumping(db, versions::CLIENTS, DELETE, params![id]).await
}

/// Removes at most `batch` consents to a client and `batch` of its token families; answers how many rows that were. Call it
/// again while it answers more than nothing.
pub async fn forget_grants(db: &Db, id: &str, batch: u32) -> Result<u64> {
    let mut keys: Vec<(&str, String)> = Vec::new();
    for (find, delete) in [(CONSENTS, DELETE_CONSENT), (FAMILIES, DELETE_FAMILY)] {
        for mut row in db.fetch_all(find, params![id, i64::from(batch)]).await? {
            keys.push((delete, row.take()?));
        }
    }
    retry(|| async {
        let mut tx = db.begin().await?;
        let mut removed = 0;
        for (delete, home) in &keys {
            removed += tx.execute(delete, params![home, id]).await?;
        }
        tx.commit().await?;
        Ok(removed)
    })
    .await
}

impl Record for Client {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            metadata_json: row.take()?,
            secret_hash: row.take()?,
            secret_sealed: row.take()?,
            disabled_at: row.take()?,
            created_at: row.take()?,
            updated_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, metadata_json, secret_hash, secret_sealed, disabled_at, created_at, updated_at"
    };
}

const INSERT: &str =
    concat!("INSERT INTO clients (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING");
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM clients WHERE id = $1");
const LIST: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM clients WHERE created_at > $1 OR (created_at = $1 AND id > $2)
     ORDER BY created_at, id LIMIT $3"
);
const UPDATE: &str = "UPDATE clients SET metadata_json = $2, updated_at = $3 WHERE id = $1";
const SET_SECRET: &str = "UPDATE clients SET secret_hash = $2, secret_sealed = $3, updated_at = $4 WHERE id = $1";
const SET_DISABLED: &str = "UPDATE clients SET disabled_at = $2, updated_at = $3 WHERE id = $1";
const DELETE: &str = "DELETE FROM clients WHERE id = $1";
const CONSENTS: &str = "SELECT user_id FROM consents WHERE client_id = $1 LIMIT $2";
const DELETE_CONSENT: &str = "DELETE FROM consents WHERE user_id = $1 AND client_id = $2";
const FAMILIES: &str = "SELECT id FROM families WHERE client_id = $1 LIMIT $2";
const DELETE_FAMILY: &str = "DELETE FROM families WHERE id = $1 AND client_id = $2";
