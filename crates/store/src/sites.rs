//! Plain websites as the operator has registered them. Cached by every node; each write bumps [`versions::SITES`].

use oidc::Time;

use crate::db::Row;
use crate::record::{Record, all};
use crate::{Db, Result, params, versions};

/// A site as it is stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Site {
    /// Its host.
    pub host: String,
    /// Its rules, a JSON list of texts.
    pub rules_json: String,
    /// When it was first registered.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// Registers a site, or replaces the rules of one that is registered.
pub async fn put(db: &Db, site: &Site) -> Result<()> {
    let values = params![&site.host, &site.rules_json, site.created_at, site.updated_at];
    versions::bumping(db, versions::SITES, PUT, values).await?;
    Ok(())
}

/// All sites, in the order of their registration. There are as many as an operator has typed.
pub async fn list(db: &Db) -> Result<Vec<Site>> {
    all(db.fetch_all(LIST, &[]).await?)
}

/// Deletes one; `false` when there is none of this host.
pub async fn delete(db: &Db, host: &str) -> Result<bool> {
    versions::bumping(db, versions::SITES, DELETE, params![host]).await
}

impl Record for Site {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self { host: row.take()?, rules_json: row.take()?, created_at: row.take()?, updated_at: row.take()? })
    }
}

const PUT: &str = "INSERT INTO sites (host, rules_json, created_at, updated_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (host) DO UPDATE SET rules_json = excluded.rules_json, updated_at = excluded.updated_at";
const LIST: &str = "SELECT host, rules_json, created_at, updated_at FROM sites ORDER BY created_at, host";
const DELETE: &str = "DELETE FROM sites WHERE host = $1";
