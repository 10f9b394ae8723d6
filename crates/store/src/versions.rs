//! One number per kind of thing that is cached: every write bumps it, every node watches it.

use crate::{Db, Result, Tx, params};

/// The number that writes to clients bump.
pub const CLIENTS: &str = "clients";
/// The number that writes to signing keys bump.
pub const KEYS: &str = "keys";
/// The number that writes to sites bump.
pub const SITES: &str = "sites";

/// All numbers, by name. One that is missing was never bumped.
pub async fn all(db: &Db) -> Result<Vec<(String, i64)>> {
    let rows = db.fetch_all("SELECT name, version FROM versions", &[]).await?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

pub(crate) async fn bump(tx: &mut Tx, name: &'static str) -> Result<()> {
    let sql = "INSERT INTO versions (name, version) VALUES ($1, 1)
        ON CONFLICT (name) DO UPDATE SET version = versions.version + 1";
    tx.execute(sql, params![name]).await?;
    Ok(())
}

/// Runs one conditional write, and bumps `name` with it where it changed something.
pub(crate) async fn bumping(
    db: &Db,
    name: &'static str,
    sql: &'static str,
    values: &[crate::Value<'_>],
) -> Result<bool> {
    crate::retry(|| async {
        let mut tx = db.begin().await?;
        let changed = tx.execute(sql, values).await? > 0;
        if changed {
            bump(&mut tx, name).await?;
        }
        tx.commit().await?;
        Ok(changed)
    })
    .await
}
