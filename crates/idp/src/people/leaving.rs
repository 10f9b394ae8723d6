//! Deleting an account of one's own: it waits for a while, in which its person may come back and nobody else may use it.

use oidc::session::Session;
use oidc::{Id, Time};

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::mail::Mail;
use crate::{Context, Fault};

/// Why an account does not wait for its end.
#[derive(Debug, thiserror::Error)]
pub enum LeaveError {
    /// The person has proven themselves too long ago, or by too little.
    #[error("a fresh sign-in is needed")]
    Stale,
    /// It waits already, or is disabled.
    #[error("it waits already")]
    Already,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Context {
    /// Has an account deleted once the time set is over; answers when. A mail says so. All its sessions end and what it has
    /// granted, apps are told, and until its person comes back it is of no use to any.
    pub async fn leave(&self, session: &Session, (locale, caller): (&str, &Caller)) -> Result<Time, LeaveError> {
        if !self.may_change_factors(session).await? {
            return Err(LeaveError::Stale);
        }
        let (user, now) = (session.user_id, self.now());
        let at = now.plus(self.settings.accounts.delete_after);
        let email = self.user(user).await?.and_then(|person| person.user.email);
        let mail = email.map(|email| self.mail_row(&email, &Mail::AccountLeaving { at }, locale));
        let event = self.audit_row(caller, Event::new(Kind::DeletionAsked).user(user));
        // First the row, then what runs: whoever begins a session in between finds it.
        let begun = store::leaving::begin(&self.store, user, at, &event, mail.as_ref()).await.map_err(Fault::from)?;
        if !begun {
            return Err(LeaveError::Already);
        }
        self.mail_waits();
        self.end_all_but(user, None, caller).await?;
        let why = "its person deleted the account";
        store::families::revoke_of_user(&self.store, user, why, now).await.map_err(Fault::from)?;
        Ok(at)
    }

    /// Takes that back; `false` where it is too late.
    pub async fn come_back(&self, user: Id, caller: &Caller) -> Result<bool, Fault> {
        let event = self.audit_row(caller, Event::new(Kind::DeletionUndone).user(user));
        Ok(store::leaving::undo(&self.store, user, &event).await?)
    }

    /// Deletes the accounts whose time has come, each once whatever the number of nodes; answers how many. The trail keeps
    /// that it was done and to which id, and nothing else of the person.
    pub async fn delete_leavers(&self) -> Result<usize, Fault> {
        let (mut deleted, mut failed) = (0, None);
        for user in store::leaving::due(&self.store, self.now(), BATCH).await? {
            // One that fails keeps no other waiting.
            match self.delete_leaver(user).await {
                Ok(done) => deleted += usize::from(done),
                Err(fault) => failed = failed.or(Some(fault)),
            }
        }
        match failed {
            Some(fault) if deleted == 0 => Err(fault),
            _ => Ok(deleted),
        }
    }

    async fn delete_leaver(&self, user: Id) -> Result<bool, Fault> {
        // Whoever looked at what they might undo has begun a session.
        self.end_all_but(user, None, &Caller::operator()).await?;
        let event = self.audit_row(&Caller::operator(), Event::new(Kind::AccountDeleted).user(user));
        Ok(store::leaving::end(&self.store, user, &event).await?)
    }
}

const BATCH: u32 = 50;
