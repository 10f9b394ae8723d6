//! Keys of the server's own (for MACs), made once and shared by all nodes.

use crate::record::Hidden;
use crate::{Db, Error, Result, params, retry};

/// Keeps `sealed` under `name` unless a node was faster; answers what is kept.
pub async fn get_or_insert(db: &Db, name: &str, sealed: &[u8]) -> Result<Hidden> {
    if let Some(mut row) = db.fetch_optional(FIND, params![name]).await? {
        return row.take();
    }
    retry(|| async {
        let mut tx = db.begin().await?;
        tx.execute(INSERT, params![name, sealed]).await?;
        let row = tx.fetch_optional(FIND, params![name]).await?;
        tx.commit().await?;
        row.ok_or(Error::Closed)?.take()
    })
    .await
}

const FIND: &str = "SELECT sealed FROM server_secrets WHERE name = $1";
const INSERT: &str = "INSERT INTO server_secrets (name, sealed) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
