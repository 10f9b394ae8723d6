//! The sessions of a person, wherever they run, and ending them.

use oidc::{Id, Time};

use crate::{Context, Fault};

/// One account in one browser, as administrators see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningSession {
    /// The `sid`.
    pub id: Id,
    /// Whose.
    pub user_id: Id,
    /// The browser that it runs in.
    pub browser_id: Id,
    /// When it began.
    pub created_at: Time,
    /// `auth_time`.
    pub authenticated_at: Time,
    /// How: RFC 8176's names.
    pub amr: Vec<String>,
    /// When it was last used, coarsely.
    pub last_seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
}

impl Context {
    /// The sessions of a person that still carry a sign-in, the oldest first.
    pub async fn list_sessions(&self, user: Id) -> Result<Vec<RunningSession>, Fault> {
        let (now, idle) = (self.now(), self.settings.session.idle_lifetime);
        let rows = store::sessions::of_user(&self.store, user).await?;
        let usable = rows.into_iter().filter(|row| now < row.expires_at && now < row.last_seen_at.plus(idle));
        Ok(usable.map(read).collect())
    }

    /// Ends one session of a person, with what hangs on it; `false` where they have none of this id.
    pub async fn revoke_session(&self, user: Id, session: Id) -> Result<bool, Fault> {
        let rows = store::sessions::of_user(&self.store, user).await?;
        match rows.into_iter().find(|row| row.id == session) {
            Some(row) => self.end(row.browser_id, session).await,
            None => Ok(false),
        }
    }

    /// Ends all sessions of a person, with what hangs on them; answers how many.
    pub async fn revoke_sessions_of(&self, user: Id) -> Result<usize, Fault> {
        self.end_sessions(user, None).await
    }

    /// Ends all sessions of a person but one.
    pub(super) async fn end_sessions(&self, user: Id, keep: Option<Id>) -> Result<usize, Fault> {
        let mut ended = 0;
        for row in store::sessions::of_user(&self.store, user).await? {
            if Some(row.id) != keep && self.end(row.browser_id, row.id).await? {
                ended += 1;
            }
        }
        Ok(ended)
    }

    async fn end(&self, browser: Id, session: Id) -> Result<bool, Fault> {
        let now = self.now();
        let ended = store::sessions::end(&self.store, browser, session, now).await?;
        // Also where somebody else ended it just now: what hangs on it must be worth nothing when this returns.
        store::families::revoke_of_session(&self.store, session, "the session ended", now).await?;
        Ok(ended)
    }
}

fn read(row: store::sessions::Session) -> RunningSession {
    RunningSession {
        id: row.id,
        user_id: row.user_id,
        browser_id: row.browser_id,
        created_at: row.created_at,
        authenticated_at: row.authenticated_at,
        amr: row.amr.split_whitespace().map(str::to_owned).collect(),
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
    }
}
