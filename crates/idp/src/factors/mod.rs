//! Factors: what people prove themselves with. A factor never imports a factor; what they have in common stands here.
//! (The password is older than this room and stands with `people`.)

pub mod mail;
pub mod passkey;
pub mod recovery;
pub mod totp;

use std::time::Duration;

use oidc::assurance::{self, Factors, Method, Proof};
use oidc::hub;
use oidc::session::Session;
use oidc::{Id, Time};
use serde_json::json;
use store::credentials::Credential;

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::people::Person;
use crate::{Context, Fault};

/// A person who has proven themselves a moment ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    /// Whose.
    pub person: Person,
    /// What proved it, where that is kept as a credential.
    pub(crate) credential: Option<Id>,
    /// How.
    pub(crate) method: Method,
}

impl Context {
    /// Whether what was proven still stands, and the person may still sign in. Asked once more after a session has begun:
    /// whoever changes a password or disables somebody writes that first and then ends the sessions there are, so that of
    /// the two at once one always sees the other. Removing a passkey ends no session; one that is gone begins none.
    pub(crate) async fn still_stands(&self, user: Id, credentials: &[Id]) -> Result<bool, Fault> {
        if credentials.is_empty() {
            return Ok(store::users::find(&self.store, user).await?.is_some_and(|row| row.disabled_at.is_none()));
        }
        for credential in credentials {
            if !store::credentials::stands(&self.store, user, *credential).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What this person can prove themselves with.
    pub async fn factors(&self, user: Id) -> Result<Factors, Fault> {
        let row = store::users::find(&self.store, user).await?;
        self.factors_of(user, row.as_ref()).await
    }

    /// The same where the person's row was read already.
    pub(crate) async fn factors_of(&self, user: Id, row: Option<&store::users::User>) -> Result<Factors, Fault> {
        self.factors_until(user, row, self.now()).await
    }

    /// Those that were there at a time; a password counts however new, since it takes the place of another.
    async fn factors_until(&self, user: Id, row: Option<&store::users::User>, until: Time) -> Result<Factors, Fault> {
        let mut rows = store::credentials::all_of(&self.store, user).await?;
        rows.retain(|row| row.created_at <= until || row.kind == PASSWORD);
        let mut methods = Vec::new();
        if row.is_some_and(|row| self.reads_mail(row)) {
            methods.push(Method::Mail);
        }
        for row in &rows {
            let method = method_of(row)?.filter(|method| !methods.contains(method));
            methods.extend(method);
        }
        methods.sort_unstable();
        Ok(Factors(methods))
    }

    /// Whether what was proven is enough for a session to begin on a device that nobody knows.
    pub async fn may_enter(&self, user: Id, methods: &[Method]) -> Result<bool, Fault> {
        let proofs = self.proofs_now(methods);
        let level = assurance::reached(&proofs).map(|reached| reached.level);
        Ok(level >= Some(hub::entry_level(&self.factors(user).await?, false)))
    }

    /// Whether this session's person proved themselves so short a time ago, and by so much, that they may change what they
    /// sign in with.
    pub async fn may_change_factors(&self, session: &Session) -> Result<bool, Fault> {
        let now = self.now();
        let fresh: Vec<Proof> = session.proofs.iter().filter(|proof| now.since(proof.at) <= FRESH).copied().collect();
        let (Some(reached), Some(since)) = (assurance::reached(&fresh), fresh.iter().map(|proof| proof.at).max())
        else {
            return Ok(false);
        };
        // What was set up since is the work of whoever proved themselves then.
        let before = since.minus(Duration::from_millis(1));
        let user = store::users::find(&self.store, session.user_id).await?;
        let factors = self.factors_until(session.user_id, user.as_ref(), before).await?;
        Ok(reached.level >= hub::change_level(&factors))
    }

    /// Takes away all that this person signs in with but the password, and ends their sessions: for an operator who knows
    /// whom they speak to, and that phone and codes are lost. A password that was chosen short because of them goes too: it
    /// must not stand alone. Answers how many there were.
    pub async fn remove_factors(&self, user: Id) -> Result<usize, Fault> {
        let leans = self.factors(user).await?.asks_second() && self.password_leans(user).await?;
        let mut removed = Vec::new();
        for row in store::credentials::all_of(&self.store, user).await? {
            let goes = method_of(&row)?.is_some_and(|method| leans || method != Method::Password);
            if goes && store::credentials::delete(&self.store, user, row.id).await? {
                removed.push(row.kind);
            }
        }
        self.revoke_sessions_of(user).await?;
        for kind in &removed {
            let event = Event::new(Kind::FactorRemoved).user(user).detail(json!({ "factor": kind }));
            self.audit(&Caller::operator(), event).await?;
        }
        Ok(removed.len())
    }

    /// A code that was not right: counted, and in the trail before anybody is answered.
    async fn note_wrong(&self, user: Option<Id>, factor: &str, method: Method, caller: &Caller) -> Result<(), Fault> {
        self.tally.failed();
        let detail = json!({ "amr": method.amr(), "factor": factor, "agent": caller.agent });
        let event = Event::new(Kind::SignInFailed).detail(detail);
        self.audit(caller, user.into_iter().fold(event, Event::user)).await
    }

    /// Puts what a person has once at most, in the place of the one before and with a time of its own: in one
    /// transaction, so that nobody finds none in between.
    async fn put_only(&self, row: &Credential) -> Result<(), Fault> {
        if !store::credentials::replace(&self.store, row.user_id, row.id, row).await? {
            store::credentials::put(&self.store, row).await?;
        }
        Ok(())
    }

    /// These methods as given now.
    pub(crate) fn proofs_now(&self, methods: &[Method]) -> Vec<Proof> {
        methods.iter().map(|method| Proof { method: *method, at: self.now() }).collect()
    }
}

/// What this credential proves; `None` where it is nothing to sign in with.
fn method_of(row: &Credential) -> Result<Option<Method>, Fault> {
    Ok(match row.kind.as_str() {
        PASSWORD => Some(Method::Password),
        passkey::KIND => Some(passkey::method(row)?),
        totp::KIND => Some(Method::Totp),
        recovery::KIND => recovery::are_left(row)?.then_some(Method::RecoveryCode),
        _ => None,
    })
}

/// The row of what a person has once at most: its id follows from theirs.
fn row_id(kind: &str, user: Id) -> Id {
    let mut id = [0; 16];
    id.copy_from_slice(&jose::sha256(&[user.as_bytes().as_slice(), kind.as_bytes()].concat())[..16]);
    Id::from_bytes(id)
}

const PASSWORD: &str = "password";
/// How long a proof is fresh.
const FRESH: Duration = Duration::from_secs(15 * 60);
