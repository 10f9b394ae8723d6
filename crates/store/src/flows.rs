//! Sign-ins under way. A flow, its code and its token family share one id and one home.

use oidc::{Id, Time};

use crate::codes::{self, Code};
use crate::db::Row;
use crate::record::{Hidden, Record, one};
use crate::{Db, Result, Tx, params, retry};

/// A flow as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Flow {
    /// Its id.
    pub id: Id,
    /// SHA-256 of the proof in the cookie of the browser that began it.
    pub binding_hash: Hidden,
    /// What was asked for; never changes.
    pub target_json: String,
    /// What the steps have recorded.
    pub facts_json: String,
    /// Counts the recordings; the first is version 0.
    pub version: i64,
    /// When it began.
    pub created_at: Time,
    /// When it is over.
    pub expires_at: Time,
    /// When it was finished.
    pub finished_at: Option<Time>,
}

/// Begins a flow.
pub async fn insert(db: &Db, flow: &Flow) -> Result<()> {
    db.execute(INSERT, &values(flow)).await?;
    Ok(())
}

/// The flow of this id, finished or not.
pub async fn find(db: &Db, id: Id) -> Result<Option<Flow>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// Replaces the facts; `false` when another step was faster (the version differs) or the flow is
/// finished.
pub async fn record(db: &Db, id: Id, version: i64, facts_json: &str) -> Result<bool> {
    Ok(db.execute(RECORD, params![id, version, facts_json]).await? > 0)
}

/// Finishes the flow without a code; `false` as in [`record`].
pub async fn finish(db: &Db, id: Id, version: i64, now: Time) -> Result<bool> {
    Ok(db.execute(FINISH, params![id, version, now]).await? > 0)
}

/// Finishes the flow and keeps its code; `false`, and nothing is kept, as in [`record`].
pub async fn finish_with_code(db: &Db, version: i64, now: Time, code: &Code) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let finished = tx.execute(FINISH, params![code.flow_id, version, now]).await? > 0;
        if finished {
            codes::insert_in(&mut tx, code).await?;
        }
        tx.commit().await?;
        Ok(finished)
    })
    .await
}

/// Keeps a flow that needed no step, with its code.
pub async fn insert_finished_with_code(db: &Db, flow: &Flow, code: &Code) -> Result<()> {
    retry(|| async {
        let mut tx: Tx = db.begin().await?;
        tx.execute(INSERT, &values(flow)).await?;
        codes::insert_in(&mut tx, code).await?;
        tx.commit().await
    })
    .await
}

fn values(flow: &Flow) -> [crate::Value<'_>; 8] {
    [
        flow.id.into(),
        (&flow.binding_hash).into(),
        (&flow.target_json).into(),
        (&flow.facts_json).into(),
        flow.version.into(),
        flow.created_at.into(),
        flow.expires_at.into(),
        flow.finished_at.into(),
    ]
}

impl Record for Flow {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            binding_hash: row.take()?,
            target_json: row.take()?,
            facts_json: row.take()?,
            version: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
            finished_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, binding_hash, target_json, facts_json, version, created_at, expires_at, finished_at"
    };
}

const INSERT: &str = concat!("INSERT INTO flows (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM flows WHERE id = $1");
pub(crate) const RECORD: &str = "UPDATE flows SET facts_json = $3, version = version + 1
    WHERE id = $1 AND version = $2 AND finished_at IS NULL";
pub(crate) const FINISH: &str = "UPDATE flows SET finished_at = $3
    WHERE id = $1 AND version = $2 AND finished_at IS NULL";
