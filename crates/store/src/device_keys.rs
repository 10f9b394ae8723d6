//! Keys that apps keep in people's devices. A key's id follows from the key, so that it is known once for each person.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Record, all, one};
use crate::{Db, Result, params};

/// A device's key as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DeviceKey {
    /// Whose.
    pub user_id: Id,
    /// Its id.
    pub id: Id,
    /// The app that keeps it.
    pub client_id: String,
    /// The public key.
    pub jwk_json: String,
    /// What the app calls the device.
    pub name: String,
    /// When it was registered.
    pub created_at: Time,
    /// When it last proved something, coarsely.
    pub used_at: Option<Time>,
    /// The format in which its device's maker vouched for it.
    pub attestation: Option<String>,
    /// Who keeps it, by that.
    pub protection: Option<String>,
    /// Whether its person must unlock it for each use, by that.
    pub unlocked: bool,
}

/// Keeps a key; `false`, and nothing changes, where the person has it already.
pub async fn insert(db: &Db, key: &DeviceKey) -> Result<bool> {
    let DeviceKey { user_id, id, client_id, jwk_json, name, created_at, used_at, .. } = key;
    let DeviceKey { attestation, protection, unlocked, .. } = key;
    let values = params![
        *user_id,
        *id,
        client_id,
        jwk_json,
        name,
        *created_at,
        *used_at,
        attestation.clone(),
        protection.clone(),
        *unlocked,
    ];
    Ok(db.execute(INSERT, values).await? > 0)
}

/// Notes what its device's maker says of a key that was registered without that word, for the same app; `false`, and nothing
/// changes, where it has one, is another app's, or is gone.
pub async fn vouch(db: &Db, key: &DeviceKey) -> Result<bool> {
    let DeviceKey { user_id, id, client_id, attestation, protection, unlocked, .. } = key;
    let said = params![*user_id, *id, client_id, attestation.clone(), protection.clone(), *unlocked];
    Ok(db.execute(VOUCH, said).await? > 0)
}

/// One key of a person.
pub async fn find(db: &Db, user: Id, id: Id) -> Result<Option<DeviceKey>> {
    one(db.fetch_optional(FIND, params![user, id]).await?)
}

/// All keys of a person, the oldest first.
pub async fn of_user(db: &Db, user: Id) -> Result<Vec<DeviceKey>> {
    all(db.fetch_all(OF_USER, params![user]).await?)
}

/// Notes that it proved something; `false` where it is gone.
pub async fn touch(db: &Db, user: Id, id: Id, now: Time) -> Result<bool> {
    Ok(db.execute(TOUCH, params![user, id, now]).await? > 0)
}

/// Deletes one; `false` when it was not there.
pub async fn delete(db: &Db, user: Id, id: Id) -> Result<bool> {
    Ok(db.execute("DELETE FROM device_keys WHERE user_id = $1 AND id = $2", params![user, id]).await? > 0)
}

impl Record for DeviceKey {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            user_id: row.take()?,
            id: row.take()?,
            client_id: row.take()?,
            jwk_json: row.take()?,
            name: row.take()?,
            created_at: row.take()?,
            used_at: row.take()?,
            attestation: row.take()?,
            protection: row.take()?,
            unlocked: row.take()?,
        })
    }
}

const INSERT: &str = "INSERT INTO device_keys
    (user_id, id, client_id, jwk_json, name, created_at, used_at, attestation, protection, unlocked)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (user_id, id) DO NOTHING";
pub(crate) const FIND: &str =
    "SELECT user_id, id, client_id, jwk_json, name, created_at, used_at, attestation, protection,
    unlocked FROM device_keys WHERE user_id = $1 AND id = $2";
const OF_USER: &str = "SELECT user_id, id, client_id, jwk_json, name, created_at, used_at, attestation, protection,
    unlocked FROM device_keys WHERE user_id = $1 ORDER BY created_at, id";
const VOUCH: &str = "UPDATE device_keys SET attestation = $4, protection = $5, unlocked = $6
    WHERE user_id = $1 AND id = $2 AND client_id = $3 AND attestation IS NULL";
const TOUCH: &str = "UPDATE device_keys SET used_at = $3 WHERE user_id = $1 AND id = $2";
