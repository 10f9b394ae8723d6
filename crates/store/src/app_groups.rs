//! App groups: what is asked of the native apps of one developer. One that has no row is asked for everything.

use oidc::Time;

use crate::db::Row;
use crate::record::{Record, all, one};
use crate::{Db, Result, params};

/// An app group as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AppGroup {
    /// Its name, as clients say it.
    pub name: String,
    /// What is asked.
    pub policy_json: String,
    /// When that was last set.
    pub updated_at: Time,
}

/// The group of this name, where something was set.
pub async fn find(db: &Db, name: &str) -> Result<Option<AppGroup>> {
    one(db
        .fetch_optional("SELECT name, policy_json, updated_at FROM app_groups WHERE name = $1", params![name])
        .await?)
}

/// All groups of which something was set.
pub async fn list(db: &Db) -> Result<Vec<AppGroup>> {
    let mut groups: Vec<AppGroup> =
        all(db.fetch_all("SELECT name, policy_json, updated_at FROM app_groups", &[]).await?)?;
    groups.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(groups)
}

/// Sets what is asked of a group.
pub async fn put(db: &Db, group: &AppGroup) -> Result<()> {
    db.execute(PUT, params![&group.name, &group.policy_json, group.updated_at]).await?;
    Ok(())
}

impl Record for AppGroup {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self { name: row.take()?, policy_json: row.take()?, updated_at: row.take()? })
    }
}

const PUT: &str = "INSERT INTO app_groups (name, policy_json, updated_at) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO UPDATE SET policy_json = excluded.policy_json, updated_at = excluded.updated_at";
