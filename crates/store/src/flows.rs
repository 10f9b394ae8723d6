//! Sign-ins under way. A flow, its code and its token family share one id and one home.

use oidc::{Id, Time};

use crate::audit::{self, Event};
use crate::codes::{self, Code};
use crate::consents::{self, Consent};
use crate::db::Row;
use crate::device_requests::{self, Decision};
use crate::evidence::{self, Evidence};
use crate::record::{Hidden, Record, one};
use crate::session_clients::{self, SessionClient};
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

/// What a step leaves in its flow, under the version that it has read.
#[derive(Clone, Copy, Debug)]
pub struct Recording<'a> {
    /// The flow.
    pub flow: Id,
    /// The version that was read.
    pub version: i64,
    /// All facts, the new one among them.
    pub facts_json: &'a str,
    /// The flow's end, where this step is the last.
    pub end: Option<End<'a>>,
}

/// What the end of a flow leaves.
#[derive(Clone, Copy, Debug)]
pub struct End<'a> {
    /// When it ended.
    pub at: Time,
    /// Its code, where it ends with one.
    pub code: Option<&'a Code>,
    /// What the person has allowed, where that is to be remembered.
    pub consent: Option<&'a Consent>,
    /// The app's part in the session, where it is let in.
    pub joined: Option<&'a SessionClient>,
    /// What the trail says of it.
    pub event: Option<&'a Event>,
    /// The signed record of what was confirmed.
    pub evidence: Option<&'a Evidence>,
    /// What its person says to a device.
    pub decision: Option<Decision<'a>>,
}

/// Records a step, and with it the flow's end where there is one; `false`, and nothing is kept, when another step was
/// faster (the version differs), the flow is finished, or the device that it is about was answered before.
pub async fn record(db: &Db, step: &Recording<'_>) -> Result<bool> {
    if step.end.is_none() {
        return Ok(db.execute(RECORD, &recorded(step)).await? > 0);
    }
    retry(|| async {
        let mut tx = db.begin().await?;
        let recorded = record_in(&mut tx, step).await?;
        tx.commit().await?;
        Ok(recorded)
    })
    .await
}

/// Finishes the flow and leaves its facts as they are; `false` as in [`record`].
pub async fn finish(db: &Db, id: Id, version: i64, now: Time) -> Result<bool> {
    Ok(db.execute(FINISH, params![id, version, now]).await? > 0)
}

/// Keeps a flow that needed no step and is finished, with what its end leaves. A device is not answered so: whoever answers
/// one has seen a page.
pub async fn insert_finished(db: &Db, flow: &Flow, end: &End<'_>) -> Result<()> {
    retry(|| async {
        let mut tx: Tx = db.begin().await?;
        tx.execute(INSERT, &values(flow)).await?;
        end_in(&mut tx, end).await?;
        tx.commit().await
    })
    .await
}

/// The flow's part of a step.
pub(crate) async fn record_in(tx: &mut Tx, step: &Recording<'_>) -> Result<bool> {
    let decision = step.end.and_then(|end| end.decision);
    if let Some(decision) = decision
        && !device_requests::decide_in(tx, &decision).await?
    {
        return Ok(false);
    }
    let recorded = tx.execute(RECORD, &recorded(step)).await? > 0;
    if let Some(decision) = decision.filter(|_| !recorded) {
        device_requests::undo_in(tx, &decision).await?;
    }
    if let Some(end) = step.end.filter(|_| recorded) {
        end_in(tx, &end).await?;
    }
    Ok(recorded)
}

async fn end_in(tx: &mut Tx, end: &End<'_>) -> Result<()> {
    if let Some(code) = end.code {
        codes::insert_in(tx, code).await?;
    }
    if let Some(consent) = end.consent {
        consents::put_in(tx, consent).await?;
    }
    if let Some(joined) = end.joined {
        session_clients::join_in(tx, joined).await?;
    }
    if let Some(evidence) = end.evidence {
        evidence::insert_in(tx, evidence).await?;
    }
    if let Some(event) = end.event {
        audit::append_in(tx, event).await?;
    }
    Ok(())
}

fn recorded<'a>(step: &Recording<'a>) -> [crate::Value<'a>; 4] {
    [step.flow.into(), step.version.into(), step.facts_json.into(), step.end.map(|end| end.at).into()]
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
/// One text for a step that goes on and for the last: of a flow that is not finished, `finished_at` is null anyway.
pub(crate) const RECORD: &str = "UPDATE flows SET facts_json = $3, version = version + 1, finished_at = $4
    WHERE id = $1 AND version = $2 AND finished_at IS NULL";
pub(crate) const FINISH: &str = "UPDATE flows SET finished_at = $3
    WHERE id = $1 AND version = $2 AND finished_at IS NULL";
