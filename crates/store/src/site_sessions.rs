//! Child sessions of plain websites: one in a browser, which hangs on one of the account sessions there. Its home is the
//! browser. No secret is stored: the cookie proves itself by a MAC over browser and child.

use oidc::{Id, Time};

use crate::db::Row;
use crate::record::Record;
use crate::sessions::Session;
use crate::{Db, Error, Result, Tx, params, retry};

/// A child session as stored.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SiteSession {
    /// The browser it lives in.
    pub browser_id: Id,
    /// Its own id: the `sid` that sites are told.
    pub id: Id,
    /// The account session that it hangs on.
    pub session_id: Id,
    /// Whose it is.
    pub user_id: Id,
    /// When it began.
    pub created_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
}

/// Begins the child of an account session, or goes on with the one that it has; answers its id. A child of another
/// session in the same browser is replaced: its cookie opens nothing any more.
pub async fn begin(db: &Db, child: &SiteSession) -> Result<Id> {
    let SiteSession { browser_id, id, session_id, user_id, created_at, expires_at } = *child;
    retry(|| async {
        let mut tx = db.begin().await?;
        let values = params![browser_id, id, session_id, user_id, created_at, expires_at];
        let missing = Error::Corrupt { statement: BEGIN, column: 0, expected: "the row that was written" };
        let begun = tx.fetch_optional(BEGIN, values).await?.ok_or(missing)?.take()?;
        tx.commit().await?;
        Ok(begun)
    })
    .await
}

/// The child in a browser with the account session that it hangs on, while nobody has ended that.
pub async fn find(db: &Db, browser: Id) -> Result<Option<(SiteSession, Session)>> {
    let Some(mut row) = db.fetch_optional(FIND, params![browser]).await? else { return Ok(None) };
    Ok(Some((SiteSession::read(&mut row)?, Session::read(&mut row)?)))
}

/// Ends the child of an account session with it.
pub(crate) async fn end_in(tx: &mut Tx, browser: Id, session: Id) -> Result<()> {
    tx.execute(END, params![browser, session]).await?;
    Ok(())
}

impl Record for SiteSession {
    fn read(row: &mut Row) -> Result<Self> {
        Ok(Self {
            browser_id: row.take()?,
            id: row.take()?,
            session_id: row.take()?,
            user_id: row.take()?,
            created_at: row.take()?,
            expires_at: row.take()?,
        })
    }
}

const BEGIN: &str = "INSERT INTO site_sessions
    (browser_id, id, session_id, user_id, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (browser_id) DO UPDATE SET
    id = CASE WHEN site_sessions.session_id = excluded.session_id AND site_sessions.expires_at > excluded.created_at
        THEN site_sessions.id ELSE excluded.id END,
    created_at = CASE WHEN site_sessions.session_id = excluded.session_id AND site_sessions.expires_at > excluded.created_at
        THEN site_sessions.created_at ELSE excluded.created_at END,
    session_id = excluded.session_id, user_id = excluded.user_id, expires_at = excluded.expires_at
    RETURNING id";
pub(crate) const FIND: &str = "SELECT
    c.browser_id, c.id, c.session_id, c.user_id, c.created_at, c.expires_at,
    s.browser_id, s.id, s.user_id, s.proofs_json, s.authenticated_at, s.created_at, s.last_seen_at, s.expires_at,
    s.ended_at, s.parent_browser_id, s.parent_session_id, s.only_client, s.unlocked
    FROM site_sessions c JOIN sessions s ON s.browser_id = $1 AND s.id = c.session_id AND s.ended_at IS NULL
    WHERE c.browser_id = $1";
const END: &str = "DELETE FROM site_sessions WHERE browser_id = $1 AND session_id = $2";
