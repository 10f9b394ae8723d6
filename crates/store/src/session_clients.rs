//! Which apps take part in a session, and which of them are still to be told that it is over: a row is written with the
//! app's first code, and stays after the session's end until the app was told. Their home is the browser.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::{Record, all};
use crate::{Db, Result, Tx, params, retry};

/// An app in a session, as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SessionClient {
    /// The browser that the session lives in.
    pub browser_id: Id,
    /// The session.
    pub session_id: Id,
    /// The app.
    pub client_id: String,
    /// Whose session it is.
    pub user_id: Id,
    /// When the app was first let in.
    pub joined_at: Time,
    /// When it was last let in.
    pub used_at: Time,
    /// Until when the row is kept.
    pub expires_at: Time,
    /// When the app's part in the session was over.
    pub ended_at: Option<Time>,
    /// How often the app was tried to be told so.
    pub tries: i64,
    /// When it is to be told next; `None` where nothing is to be told.
    pub next_at: Option<Time>,
    /// When it was told.
    pub told_at: Option<Time>,
}

/// What the end of a session leaves to be told.
#[derive(Clone, Copy, Debug)]
pub struct Ending {
    /// When it ends.
    pub now: Time,
    /// How many tries are taken already: one, where whoever ends the session makes the first one.
    pub tries: i64,
    /// When the next try is due.
    pub next_at: Time,
    /// Until when it is tried.
    pub keep_until: Time,
}

/// What became of one app's turn.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Turn {
    /// It was told.
    Told(Time),
    /// There is nothing to tell it.
    Nothing,
}

/// Apps of a session that runs, the first one first.
pub async fn of_session(db: &Db, browser: Id, session: Id) -> Result<Vec<SessionClient>> {
    all(db.fetch_all(OF_SESSION, params![browser, session]).await?)
}

/// Ends one app's part in a session that goes on; `false` where it has none.
pub async fn end(db: &Db, browser: Id, session: Id, client: &str, ending: Ending) -> Result<bool> {
    let Ending { now, tries, next_at, keep_until } = ending;
    Ok(db.execute(END_ONE, params![browser, session, client, now, tries, next_at, keep_until]).await? > 0)
}

/// Those whose turn has come, the one that has waited longest first.
pub async fn due(db: &Db, now: Time, limit: u32) -> Result<Vec<SessionClient>> {
    all(db.fetch_all(DUE, params![now, i64::from(limit)]).await?)
}

/// Takes a turn: of several nodes that read the row as it is here, one gets `true`. `next_at` is when the turn comes
/// back, unless it is settled.
pub async fn claim(db: &Db, row: &SessionClient, next_at: Option<Time>) -> Result<bool> {
    let values = params![row.browser_id, row.session_id, &row.client_id, row.tries, next_at];
    Ok(db.execute(CLAIM, values).await? > 0)
}

/// Settles turns. One whose app has joined again meanwhile, or that another node has taken since, stays as it is.
pub async fn settle(db: &Db, turns: &[(&SessionClient, Turn)]) -> Result<()> {
    if turns.is_empty() {
        return Ok(());
    }
    retry(|| async {
        let mut tx = db.begin().await?;
        for (row, turn) in turns {
            let told = match turn {
                Turn::Told(at) => Some(*at),
                Turn::Nothing => None,
            };
            let values = params![row.browser_id, row.session_id, &row.client_id, row.tries, told];
            tx.execute(SETTLE, values).await?;
        }
        tx.commit().await
    })
    .await
}

/// The app's part begins with the code that it gets, or goes on. One that had ended begins anew: nothing is to be told
/// of the end any more, since the app would take it for the end of this one.
pub(crate) async fn join_in(tx: &mut Tx, row: &SessionClient) -> Result<()> {
    let values = params![
        row.browser_id,
        row.session_id,
        &row.client_id,
        row.user_id,
        row.joined_at,
        row.used_at,
        row.expires_at
    ];
    tx.execute(JOIN, values).await?;
    Ok(())
}

/// The session lives longer, and so do its apps.
pub(crate) async fn prolong_in(tx: &mut Tx, browser: Id, session: Id, expires_at: Time) -> Result<()> {
    tx.execute(PROLONG, params![browser, session, expires_at]).await?;
    Ok(())
}

/// Ends all parts in a session; answers them as they then are.
pub(crate) async fn end_in(tx: &mut Tx, browser: Id, session: Id, ending: Ending) -> Result<Vec<SessionClient>> {
    let Ending { now, tries, next_at, keep_until } = ending;
    all(tx.fetch_all(END_ALL, params![browser, session, now, tries, next_at, keep_until]).await?)
}

impl Record for SessionClient {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            browser_id: row.take()?,
            session_id: row.take()?,
            client_id: row.take()?,
            user_id: row.take()?,
            joined_at: row.take()?,
            used_at: row.take()?,
            expires_at: row.take()?,
            ended_at: row.take()?,
            tries: row.take()?,
            next_at: row.take()?,
            told_at: row.take()?,
        })
    }
}

macro_rules! columns {
    () => {
        "browser_id, session_id, client_id, user_id, joined_at, used_at, expires_at, ended_at, tries, next_at, told_at"
    };
}

pub(crate) const OF_SESSION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM session_clients WHERE browser_id = $1 AND session_id = $2 AND ended_at IS NULL
     ORDER BY joined_at, client_id"
);
const JOIN: &str = concat!(
    "INSERT INTO session_clients (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, 0, NULL, NULL)
     ON CONFLICT (browser_id, session_id, client_id) DO UPDATE SET user_id = excluded.user_id,
     joined_at = CASE WHEN session_clients.ended_at IS NULL THEN session_clients.joined_at ELSE excluded.joined_at END,
     used_at = excluded.used_at, expires_at = excluded.expires_at, ended_at = NULL, tries = 0, next_at = NULL,
     told_at = NULL"
);
const PROLONG: &str = "UPDATE session_clients SET expires_at = $3
    WHERE browser_id = $1 AND session_id = $2 AND ended_at IS NULL";
const END_ALL: &str = concat!(
    "UPDATE session_clients SET ended_at = $3, tries = $4, next_at = $5, expires_at = $6
     WHERE browser_id = $1 AND session_id = $2 AND ended_at IS NULL RETURNING ",
    columns!()
);
const END_ONE: &str = "UPDATE session_clients SET ended_at = $4, tries = $5, next_at = $6, expires_at = $7
    WHERE browser_id = $1 AND session_id = $2 AND client_id = $3 AND ended_at IS NULL";
const DUE: &str =
    concat!("SELECT ", columns!(), " FROM session_clients WHERE next_at <= $1 ORDER BY next_at, client_id LIMIT $2");
const CLAIM: &str = "UPDATE session_clients SET tries = tries + 1, next_at = $5
    WHERE browser_id = $1 AND session_id = $2 AND client_id = $3 AND tries = $4 AND next_at IS NOT NULL
    AND told_at IS NULL";
const SETTLE: &str = "UPDATE session_clients SET next_at = NULL, told_at = $5
    WHERE browser_id = $1 AND session_id = $2 AND client_id = $3 AND tries = $4 AND ended_at IS NOT NULL";
