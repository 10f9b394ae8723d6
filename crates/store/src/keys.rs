//! Signing keys and their schedule. Cached by every node; each write bumps [`versions::KEYS`].

use oidc::Time;

use crate::db::Row;
use crate::record::{Hidden, Record, all};
use crate::{Db, Result, Tx, params, retry, versions};

/// A signing key as it is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Key {
    /// Its RFC 7638 thumbprint.
    pub kid: String,
    /// The place in the order of keys that only one key can have, `ES256:3`: two nodes that
    /// rotate at once make one key.
    pub slot: String,
    /// Its `alg`.
    pub alg: String,
    /// The public half.
    pub public_jwk_json: String,
    /// The private half under the master key, until it is forgotten.
    pub sealed: Option<Hidden>,
    /// When it was made.
    pub created_at: Time,
    /// When it is published for long enough to sign.
    pub activates_at: Time,
    /// When it stops signing.
    pub retires_at: Option<Time>,
    /// When the last token it signed has expired.
    pub removes_at: Option<Time>,
    /// When it was revoked.
    pub revoked_at: Option<Time>,
}

/// The times of one key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Schedule {
    /// Whose.
    pub kid: String,
    /// See [`Key::activates_at`]; `None` leaves what another node may have changed meanwhile.
    pub activates_at: Option<Time>,
    /// See [`Key::retires_at`].
    pub retires_at: Option<Time>,
    /// See [`Key::removes_at`].
    pub removes_at: Option<Time>,
}

/// Inserts a key where its slot is free; `false` when another node was first. `schedules` are
/// the times of the others that change with it.
pub async fn insert_if_slot_free(db: &Db, key: &Key, schedules: &[Schedule]) -> Result<bool> {
    let values = params![
        &key.kid,
        &key.slot,
        &key.alg,
        &key.public_jwk_json,
        &key.sealed,
        key.created_at,
        key.activates_at,
        key.retires_at,
        key.removes_at,
        key.revoked_at
    ];
    write_with_schedules(db, Some((INSERT, values)), schedules).await
}

/// All keys, removed ones too, the oldest first.
pub async fn list(db: &Db) -> Result<Vec<Key>> {
    all(db.fetch_all(LIST, &[]).await?)
}

/// Changes the times of keys, all together.
pub async fn set_schedule(db: &Db, schedules: &[Schedule]) -> Result<()> {
    write_with_schedules(db, None, schedules).await?;
    Ok(())
}

/// Revokes a key, and moves the others' times with it; `false` when it was revoked already or
/// never was.
pub async fn revoke(db: &Db, kid: &str, now: Time, schedules: &[Schedule]) -> Result<bool> {
    write_with_schedules(db, Some((REVOKE, params![kid, now])), schedules).await
}

/// Drops the private half.
pub async fn forget_private(db: &Db, kid: &str) -> Result<bool> {
    versions::bumping(db, versions::KEYS, FORGET, params![kid]).await
}

/// Runs a conditional write, and the schedules with it where it changed something.
async fn write_with_schedules(
    db: &Db,
    write: Option<(&'static str, &[crate::Value<'_>])>,
    schedules: &[Schedule],
) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let changed = match write {
            Some((sql, values)) => tx.execute(sql, values).await? > 0,
            None => true,
        };
        if changed {
            apply(&mut tx, schedules).await?;
        }
        tx.commit().await?;
        Ok(changed)
    })
    .await
}

async fn apply(tx: &mut Tx, schedules: &[Schedule]) -> Result<()> {
    for Schedule { kid, activates_at, retires_at, removes_at } in schedules {
        tx.execute(SCHEDULE, params![kid, *activates_at, *retires_at, *removes_at]).await?;
    }
    versions::bump(tx, versions::KEYS).await
}

impl Record for Key {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            kid: row.take()?,
            slot: row.take()?,
            alg: row.take()?,
            public_jwk_json: row.take()?,
            sealed: row.take()?,
            created_at: row.take()?,
            activates_at: row.take()?,
            retires_at: row.take()?,
            removes_at: row.take()?,
            revoked_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "kid, slot, alg, public_jwk_json, sealed, created_at, activates_at, retires_at, removes_at, revoked_at"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO signing_keys (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING"
);
const LIST: &str = concat!("SELECT ", columns!(), " FROM signing_keys ORDER BY created_at, kid");
const SCHEDULE: &str = "UPDATE signing_keys
    SET activates_at = COALESCE($2, activates_at), retires_at = $3, removes_at = $4 WHERE kid = $1";
const REVOKE: &str = "UPDATE signing_keys SET revoked_at = $2 WHERE kid = $1 AND revoked_at IS NULL";
const FORGET: &str = "UPDATE signing_keys SET sealed = NULL WHERE kid = $1 AND sealed IS NOT NULL";
