//! Account sessions: one user in one browser. Their home is the browser; the user's list of them
//! stands beside in `user_sessions`.

use oidc::{Id, Time};

use crate::browsers::{self, Browser};
use crate::db::Row;
use crate::flows::{self, Recording};
use crate::record::{Record, one};
use crate::session_clients::{self, Ending, SessionClient};
use crate::site_sessions;
use crate::{Db, Result, Tx, params, retry};

/// A session as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Session {
    /// The browser it lives in.
    pub browser_id: Id,
    /// The `sid`.
    pub id: Id,
    /// Who is signed in.
    pub user_id: Id,
    /// What they have proven, a JSON list.
    pub proofs_json: String,
    /// When they last proved anything.
    pub authenticated_at: Time,
    /// When it began.
    pub created_at: Time,
    /// When it was last used, coarsely.
    pub last_seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// When it was ended.
    pub ended_at: Option<Time>,
    /// What it hangs on, where it is a child.
    pub parent: Option<Parent>,
    /// Whether it began by a key that its person had to unlock for that.
    pub unlocked: bool,
}

/// What a child session hangs on, and the one client that it is for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parent {
    /// The browser of the session that it hangs on.
    pub browser_id: Id,
    /// That session.
    pub session_id: Id,
    /// The client.
    pub client_id: String,
}

/// Signs a user in: the browser is added (`old_hash` absent) or gets its new secret, and the
/// user's running session in it is refreshed or `session` begun. Answers the session's id, or
/// `None` when the browser's secret is no longer `old_hash`'s.
pub async fn sign_in(db: &Db, browser: &Browser, old_hash: Option<&[u8]>, session: &Session) -> Result<Option<Id>> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let begun = sign_in_in(&mut tx, browser, old_hash, session).await?;
        match begun {
            Some(_) => tx.commit().await?,
            None => tx.rollback().await?,
        }
        Ok(begun)
    })
    .await
}

/// Signs a user in as [`sign_in`] does, and records that in the flow where it happened: `session` is the one that
/// `step` speaks of. Answers whether the flow's part was recorded ([`flows::record`]); the session has begun either way.
/// `None`, and nothing has changed, when the browser's secret is no longer `old_hash`'s, or the user has another
/// session in the browser than `session`.
pub async fn sign_in_at(
    db: &Db,
    browser: &Browser,
    old_hash: Option<&[u8]>,
    session: &Session,
    step: &Recording<'_>,
) -> Result<Option<bool>> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if sign_in_in(&mut tx, browser, old_hash, session).await? != Some(session.id) {
            tx.rollback().await?;
            return Ok(None);
        }
        let recorded = flows::record_in(&mut tx, step).await?;
        tx.commit().await?;
        Ok(Some(recorded))
    })
    .await
}

/// Begins a child session in a browser, which is added (`old_hash` absent) or gets its new secret; `false`, and nothing has
/// changed, when the browser's secret is no longer `old_hash`'s.
pub async fn begin_child(db: &Db, browser: &Browser, old_hash: Option<&[u8]>, session: &Session) -> Result<bool> {
    retry(|| async {
        let mut tx = db.begin().await?;
        if !browsers::sign_in(&mut tx, browser, old_hash).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        insert_in(&mut tx, session).await?;
        list_in(&mut tx, session, session.id).await?;
        tx.commit().await?;
        Ok(true)
    })
    .await
}

/// The children of a session that nobody has ended: browser and id.
pub async fn children_of(db: &Db, session: Id) -> Result<Vec<(Id, Id)>> {
    let rows = db.fetch_all(CHILDREN_OF, params![session]).await?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

/// The session, ended or not.
pub async fn find(db: &Db, browser: Id, id: Id) -> Result<Option<Session>> {
    one(db.fetch_optional(FIND, params![browser, id]).await?)
}

/// Notes that it was used, unless that was noted after `not_since` already.
pub async fn touch(db: &Db, browser: Id, id: Id, now: Time, not_since: Time) -> Result<bool> {
    Ok(db.execute(TOUCH, params![browser, id, now, not_since]).await? > 0)
}

/// Puts other proofs in the place of `old`; `false`, and nothing changes, where they are others by now, or it has ended.
pub async fn prove(db: &Db, browser: Id, id: Id, old: &str, proofs_json: &str, now: Time) -> Result<bool> {
    Ok(db.execute(PROVE, params![browser, id, old, proofs_json, now]).await? > 0)
}

/// A session that was just ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ended {
    /// Whose it was.
    pub user_id: Id,
    /// The apps that took part in it, each of which is to be told.
    pub clients: Vec<SessionClient>,
}

/// Ends it, with the parts that apps have in it; `None` when it had ended before.
pub async fn end(db: &Db, browser: Id, id: Id, ending: Ending) -> Result<Option<Ended>> {
    retry(|| async {
        let mut tx = db.begin().await?;
        let ended = end_in(&mut tx, browser, id, ending).await?;
        tx.commit().await?;
        Ok(ended)
    })
    .await
}

/// Sessions whose time is over and that nobody has ended, the oldest first: browser and id.
pub async fn overdue(db: &Db, now: Time, limit: u32) -> Result<Vec<(Id, Id)>> {
    let rows = db.fetch_all(OVERDUE, params![now, i64::from(limit)]).await?;
    rows.into_iter().map(|mut row| Ok((row.take()?, row.take()?))).collect()
}

/// The user's sessions that have not been ended, the oldest first.
pub async fn of_user(db: &Db, user: Id) -> Result<Vec<Session>> {
    let mut sessions = Vec::new();
    for mut row in db.fetch_all(OF_USER, params![user]).await? {
        let found = find(db, row.take()?, row.take()?).await?;
        sessions.extend(found.filter(|session| session.ended_at.is_none()));
    }
    Ok(sessions)
}

async fn sign_in_in(tx: &mut Tx, browser: &Browser, old_hash: Option<&[u8]>, session: &Session) -> Result<Option<Id>> {
    if !browsers::sign_in(tx, browser, old_hash).await? {
        return Ok(None);
    }
    let id = refresh_or_begin(tx, session).await?;
    list_in(tx, session, id).await?;
    Ok(Some(id))
}

async fn list_in(tx: &mut Tx, session: &Session, id: Id) -> Result<()> {
    let values = params![session.user_id, id, session.browser_id, session.created_at, session.expires_at];
    tx.execute(LIST_UNDER_USER, values).await?;
    Ok(())
}

async fn refresh_or_begin(tx: &mut Tx, session: &Session) -> Result<Id> {
    let refresh = params![
        session.browser_id,
        session.user_id,
        &session.proofs_json,
        session.authenticated_at,
        session.last_seen_at,
        session.expires_at
    ];
    if let Some(mut row) = tx.fetch_optional(REFRESH, refresh).await? {
        let id = row.take()?;
        session_clients::prolong_in(tx, session.browser_id, id, session.expires_at).await?;
        return Ok(id);
    }
    insert_in(tx, session).await?;
    Ok(session.id)
}

async fn insert_in(tx: &mut Tx, session: &Session) -> Result<()> {
    let parent = session.parent.as_ref();
    let values = params![
        session.browser_id,
        session.id,
        session.user_id,
        &session.proofs_json,
        session.authenticated_at,
        session.created_at,
        session.last_seen_at,
        session.expires_at,
        session.ended_at,
        parent.map(|parent| parent.browser_id),
        parent.map(|parent| parent.session_id),
        parent.map(|parent| parent.client_id.as_str()),
        session.unlocked
    ];
    tx.execute(INSERT, values).await?;
    Ok(())
}

async fn end_in(tx: &mut Tx, browser: Id, id: Id, ending: Ending) -> Result<Option<Ended>> {
    let Some(mut row) = tx.fetch_optional(END, params![browser, id, ending.now]).await? else {
        return Ok(None);
    };
    let user_id: Id = row.take()?;
    let sql = "DELETE FROM user_sessions WHERE user_id = $1 AND session_id = $2";
    tx.execute(sql, params![user_id, id]).await?;
    site_sessions::end_in(tx, browser, id).await?;
    let clients = session_clients::end_in(tx, browser, id, ending).await?;
    Ok(Some(Ended { user_id, clients }))
}

impl Record for Session {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            browser_id: row.take()?,
            id: row.take()?,
            user_id: row.take()?,
            proofs_json: row.take()?,
            authenticated_at: row.take()?,
            created_at: row.take()?,
            last_seen_at: row.take()?,
            expires_at: row.take()?,
            ended_at: row.take()?,
            parent: parent(row.take()?, row.take()?, row.take()?),
            unlocked: row.take()?,
        })
    }
}

fn parent(browser: Option<Id>, session: Option<Id>, client: Option<String>) -> Option<Parent> {
    Some(Parent { browser_id: browser?, session_id: session?, client_id: client? })
}

macro_rules! columns {
    () => {
        "browser_id, id, user_id, proofs_json, authenticated_at, created_at, last_seen_at, expires_at, ended_at,
         parent_browser_id, parent_session_id, only_client, unlocked"
    };
}

const INSERT: &str =
    concat!("INSERT INTO sessions (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)");
pub(crate) const FIND: &str = concat!("SELECT ", columns!(), " FROM sessions WHERE browser_id = $1 AND id = $2");
/// A session that has expired is left alone: signing in begins another, with its own `sid`. So is a child: no sign-in makes
/// more of it.
const REFRESH: &str = "UPDATE sessions SET proofs_json = $3, authenticated_at = $4,
    last_seen_at = $5, expires_at = $6
    WHERE browser_id = $1 AND user_id = $2 AND ended_at IS NULL AND expires_at > $5 AND parent_session_id IS NULL
    RETURNING id";
const LIST_UNDER_USER: &str = "INSERT INTO user_sessions
    (user_id, session_id, browser_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (user_id, session_id) DO UPDATE SET expires_at = excluded.expires_at";
const TOUCH: &str = "UPDATE sessions SET last_seen_at = $3
    WHERE browser_id = $1 AND id = $2 AND ended_at IS NULL AND last_seen_at < $4";
const PROVE: &str = "UPDATE sessions SET proofs_json = $4, authenticated_at = $5
    WHERE browser_id = $1 AND id = $2 AND proofs_json = $3 AND ended_at IS NULL";
const END: &str = "UPDATE sessions SET ended_at = $3
    WHERE browser_id = $1 AND id = $2 AND ended_at IS NULL RETURNING user_id";
const OVERDUE: &str = "SELECT browser_id, id FROM sessions WHERE expires_at <= $1 AND ended_at IS NULL
    ORDER BY expires_at LIMIT $2";
const CHILDREN_OF: &str = "SELECT browser_id, id FROM sessions WHERE parent_session_id = $1 AND ended_at IS NULL";
const OF_USER: &str = "SELECT browser_id, session_id FROM user_sessions WHERE user_id = $1
    ORDER BY created_at, session_id";
