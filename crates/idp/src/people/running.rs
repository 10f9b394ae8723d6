//! The sessions of a person, wherever they run, and ending them.

use std::ops::Deref;

use oidc::session::Session;
use oidc::{Id, Time};

use crate::browsers::session_of;
use crate::caller::Caller;
use crate::{Context, Fault};

/// One account in one browser, as administrators see it; `Deref` leads to the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningSession {
    /// The browser that it runs in.
    pub browser_id: Id,
    /// When it began.
    pub created_at: Time,
    /// The session.
    pub session: Session,
}

impl Deref for RunningSession {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Context {
    /// The sessions of a person that still carry a sign-in, the oldest first.
    pub async fn list_sessions(&self, user: Id) -> Result<Vec<RunningSession>, Fault> {
        let (now, idle) = (self.now(), self.idle());
        let rows = store::sessions::of_user(&self.store, user).await?;
        let mut running = Vec::new();
        for row in rows {
            let (browser_id, created_at) = (row.browser_id, row.created_at);
            let session = session_of(row)?;
            if session.is_usable(idle, now) {
                running.push(RunningSession { browser_id, created_at, session });
            }
        }
        Ok(running)
    }

    /// Ends one session of a person at the operator's wish, with what hangs on it; `false` where they have none of this id.
    pub async fn revoke_session(&self, user: Id, session: Id) -> Result<bool, Fault> {
        self.end_session_of(user, session, &Caller::operator()).await
    }

    /// Ends all sessions of a person at the operator's wish, with what hangs on them; answers how many.
    pub async fn revoke_sessions_of(&self, user: Id) -> Result<usize, Fault> {
        self.end_sessions(user, None).await
    }

    /// Ends one session of a person at their wish.
    pub async fn end_session_of(&self, user: Id, session: Id, caller: &Caller) -> Result<bool, Fault> {
        let rows = store::sessions::of_user(&self.store, user).await?;
        match rows.into_iter().find(|row| row.id == session) {
            Some(row) => self.end_session(row.browser_id, session, caller).await,
            None => Ok(false),
        }
    }

    /// Ends all sessions of a person but this one, at their wish; answers how many.
    pub async fn end_other_sessions(&self, user: Id, keep: Id, caller: &Caller) -> Result<usize, Fault> {
        self.end_all_but(user, Some(keep), caller).await
    }

    /// Ends all sessions of a person but one.
    pub(super) async fn end_sessions(&self, user: Id, keep: Option<Id>) -> Result<usize, Fault> {
        self.end_all_but(user, keep, &Caller::operator()).await
    }

    /// All that ends the sessions of a person comes by here. What they allowed and nobody has fetched yet ends too, wherever it
    /// was allowed: first that is written, so that whoever fetches meanwhile finds it ([`Context::ended_since`]).
    pub(super) async fn end_all_but(&self, user: Id, keep: Option<Id>, caller: &Caller) -> Result<usize, Fault> {
        store::users::note_end(&self.store, user, self.now()).await?;
        let mut ended = 0;
        for row in store::sessions::of_user(&self.store, user).await? {
            if Some(row.id) != keep && self.end_session(row.browser_id, row.id, caller).await? {
                ended += 1;
            }
        }
        Ok(ended)
    }

    /// Whether all that ran for a person was ended since they allowed something: by a new password, by signing out
    /// everywhere, by disowning a sign-in, by disablement.
    pub(crate) async fn ended_since(&self, user: Id, allowed: Time) -> Result<bool, Fault> {
        Ok(store::users::ended_at(&self.store, user).await?.is_some_and(|ended| allowed <= ended))
    }
}
