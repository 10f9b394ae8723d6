//! Shared containers of native apps: one row for the apps of one developer on one device, in one session. The device
//! secret is a counter under a MAC, so that nothing secret stands here.

use oidc::{Id, Time};

use crate::assertions::{self, Once};
use crate::audit::{self, Event};
use crate::db::Row;
use crate::families::{self, Family};
use crate::record::{Record, all, one};
use crate::session_clients::{self, SessionClient};
use crate::{Db, Result, Tx, params, retry};

/// A container as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Container {
    /// Its id, which is also the device secret's.
    pub id: Id,
    /// Whose apps share it.
    pub app_group: String,
    /// The browser of the session it hangs on.
    pub browser_id: Id,
    /// The session.
    pub session_id: Id,
    /// Whose session it is.
    pub user_id: Id,
    /// The thumbprint of the key that must be proven, where one was when it began.
    pub key_thumbprint: Option<String>,
    /// The counter of the current device secret.
    pub counter: i64,
    /// When the secret was last replaced.
    pub rotated_at: Option<Time>,
    /// When it began.
    pub created_at: Time,
    /// When it last let an app in.
    pub used_at: Time,
    /// When its session ends at the latest.
    pub expires_at: Time,
    /// When it was ended.
    pub ended_at: Option<Time>,
}

/// One use of a device secret, with what it begins.
#[derive(Clone, Copy, Debug)]
pub struct Use<'a> {
    /// The container.
    pub id: Id,
    /// The counter that its row must have.
    pub counter: i64,
    /// Whether the use gives a new secret.
    pub rotates: bool,
    /// When.
    pub now: Time,
    /// The app's token family.
    pub family: &'a Family,
    /// The app's part in the session.
    pub joined: &'a SessionClient,
    /// What the trail says of it.
    pub event: &'a Event,
    /// The proof that stands beside it.
    pub proof: Option<&'a Once>,
}

/// What became of a use.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Admitted {
    /// The app is in.
    In,
    /// The counter is another by now, or the container has ended.
    Changed,
    /// The proof was used before.
    Seen,
}

/// The container of this id, ended or not.
pub async fn find(db: &Db, id: Id) -> Result<Option<Container>> {
    one(db.fetch_optional(FIND, params![id]).await?)
}

/// The containers of a session that have not ended.
pub async fn of_session(db: &Db, session: Id) -> Result<Vec<Container>> {
    all(db.fetch_all(OF_SESSION, params![session]).await?)
}

/// Lets an app in, all at once or not at all: nothing is kept of a use that came to nothing.
pub async fn admit(db: &Db, by: &Use<'_>) -> Result<Admitted> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let admitted = admit_in(&mut tx, by).await?;
        match admitted {
            Admitted::In => tx.commit().await?,
            Admitted::Changed | Admitted::Seen => tx.rollback().await?,
        }
        Ok(admitted)
    })
    .await
}

async fn admit_in(tx: &mut Tx, by: &Use<'_>) -> Result<Admitted> {
    if let Some(proof) = by.proof
        && !assertions::claim_in(tx, proof).await?
    {
        return Ok(Admitted::Seen);
    }
    let next = by.counter + i64::from(by.rotates);
    if tx.execute(USE, params![by.id, by.counter, next, by.now]).await? == 0 {
        return Ok(Admitted::Changed);
    }
    families::insert_in(tx, by.family).await?;
    session_clients::join_in(tx, by.joined).await?;
    audit::append_in(tx, by.event).await?;
    Ok(Admitted::In)
}

/// Ends it; `false` where it had ended.
pub async fn end(db: &Db, id: Id, now: Time) -> Result<bool> {
    Ok(db.execute(END, params![id, now]).await? > 0)
}

pub(crate) async fn insert_in(tx: &mut Tx, container: &Container) -> Result<()> {
    let values = params![
        container.id,
        &container.app_group,
        container.browser_id,
        container.session_id,
        container.user_id,
        &container.key_thumbprint,
        container.counter,
        container.rotated_at,
        container.created_at,
        container.used_at,
        container.expires_at,
        container.ended_at
    ];
    tx.execute(INSERT, values).await?;
    Ok(())
}

impl Record for Container {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            id: row.take()?,
            app_group: row.take()?,
            browser_id: row.take()?,
            session_id: row.take()?,
            user_id: row.take()?,
            key_thumbprint: row.take()?,
            counter: row.take()?,
            rotated_at: row.take()?,
            created_at: row.take()?,
            used_at: row.take()?,
            expires_at: row.take()?,
            ended_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "id, app_group, browser_id, session_id, user_id, key_thumbprint, counter, rotated_at, created_at, used_at, \
         expires_at, ended_at"
    };
}

const INSERT: &str =
    concat!("INSERT INTO containers (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM containers WHERE id = $1");
const OF_SESSION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM containers WHERE session_id = $1 AND ended_at IS NULL ORDER BY created_at, id"
);
/// Where nothing is replaced, the time of the last replacement stays as it is.
pub(crate) const USE: &str = "UPDATE containers SET counter = $3,
    rotated_at = CASE WHEN counter = $3 THEN rotated_at ELSE $4 END, used_at = $4
    WHERE id = $1 AND counter = $2 AND ended_at IS NULL AND expires_at > $4";
const END: &str = "UPDATE containers SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";
