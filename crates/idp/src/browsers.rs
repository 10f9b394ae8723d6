//! Browsers and the sessions in them: one cookie is one browser, and each account signed in there is a session.
//!
//! The cookie's secret is replaced at each sign-in by a conditional write, so that nobody can plant a session
//! (RFC 9700 §4.7 speaks of fixation by way of the flow; this is the cookie's side of it).

mod beginning;

use std::time::Duration;

use oidc::assurance::{self, Method, Proof};
use oidc::secret::{Secret, SecretKind};
use oidc::session::Session;
use oidc::{Id, Time};
use serde_json::json;
use store::Hidden;
use store::session_clients::SessionClient;

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::children::Child;
use crate::clients::RegisteredClient;
use crate::{Context, Fault};
pub(crate) use beginning::Beginning;
pub use beginning::{Cookie, SignedIn};

/// A browser whose cookie proved it.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Its id.
    pub id: Id,
    /// What the cookie's proof hashes to.
    pub(crate) hash: Hidden,
    /// When it was first seen.
    created_at: Time,
    /// The sessions that still carry a sign-in, the oldest first.
    pub sessions: Vec<Session>,
    /// Those that have lain unused for too long: signing in takes one up again.
    lapsed: Vec<Session>,
    /// The child sessions, each of which opens one client.
    pub(crate) children: Vec<Child>,
}

impl Browser {
    /// Its session of this id, where that is usable, or its child.
    pub fn session(&self, id: Id) -> Option<&Session> {
        self.all().find(|session| session.id == id)
    }

    /// Its sessions, and its children: what signing out of it ends.
    pub fn all(&self) -> impl Iterator<Item = &Session> {
        self.sessions.iter().chain(self.children.iter().map(|child| &child.session))
    }

    /// The children that open this client.
    pub(crate) fn children_of(&self, client: Option<&RegisteredClient>) -> impl Iterator<Item = &Session> {
        let opens = move |child: &&Child| client.is_some_and(|registered| registered.client.id == child.client_id);
        self.children.iter().filter(opens).map(|child| &child.session)
    }

    /// Whether this is one of its children.
    pub(crate) fn is_child(&self, session: Id) -> bool {
        self.children.iter().any(|child| child.session.id == session)
    }

    /// This person's session in it, unused for too long or not: there is one at most.
    fn running(&self, user: Id) -> Option<Id> {
        self.sessions.iter().chain(&self.lapsed).find(|session| session.user_id == user).map(|session| session.id)
    }
}

impl Context {
    /// The browser whose session cookie has this value; `None` where it proves nothing.
    pub async fn browser(&self, cookie: Option<&str>) -> Result<Option<Browser>, Fault> {
        let Some(secret) = cookie.and_then(|text| Secret::parse(SecretKind::Browser, text)) else {
            return Ok(None);
        };
        let Some((row, sessions)) = store::browsers::find_with_sessions(&self.store, secret.id()).await? else {
            return Ok(None);
        };
        match secret.matches(&row.secret_hash) {
            true => self.with_sessions(row, sessions).await,
            false => Ok(None),
        }
    }

    /// The browser of this id, for who speaks for a session in it by other means than its cookie.
    pub(crate) async fn browser_of(&self, id: Id) -> Result<Option<Browser>, Fault> {
        match store::browsers::find_with_sessions(&self.store, id).await? {
            Some((row, sessions)) => self.with_sessions(row, sessions).await,
            None => Ok(None),
        }
    }

    async fn with_sessions(
        &self,
        row: store::browsers::Browser,
        sessions: Vec<store::sessions::Session>,
    ) -> Result<Option<Browser>, Fault> {
        let now = self.now();
        if now >= row.expires_at {
            return Ok(None);
        }
        let idle = self.idle();
        let (children, sessions): (Vec<_>, Vec<_>) = sessions.into_iter().partition(|session| session.parent.is_some());
        let children = self.usable_children(children, now).await?;
        let unexpired = sessions.into_iter().filter(|session| now < session.expires_at);
        let unexpired = unexpired.map(session_of).collect::<Result<Vec<_>, _>>()?;
        let (sessions, lapsed) = unexpired.into_iter().partition(|session| session.is_usable(idle, now));
        Ok(Some(Browser { id: row.id, hash: row.secret_hash, created_at: row.created_at, sessions, lapsed, children }))
    }

    /// Begins a session of `user` in this browser, or refreshes the one that runs there, and replaces the cookie.
    /// `None` where the cookie was replaced meanwhile, by a sign-in in another tab: nothing has begun then.
    pub async fn begin_session(
        &self,
        existing: Option<&Browser>,
        user: Id,
        methods: &[Method],
        caller: &Caller,
    ) -> Result<Option<SignedIn>, Fault> {
        let beginning = self.beginning(existing, user, &self.proofs_now(methods))?;
        let (browser, session) = (beginning.browser_of(caller), &beginning.session);
        let begun = store::sessions::sign_in(&self.store, &browser, beginning.old_hash(), session).await?;
        match begun {
            Some(session) => Ok(Some(self.settled(&beginning, session, caller).await?)),
            None => Ok(None),
        }
    }

    /// The same, recorded in the flow where it happened by the same transaction: whether the flow's part was recorded
    /// is answered too. `step` speaks of the session that begins; `None`, too, where that is another by now.
    pub(crate) async fn begin_session_at(
        &self,
        beginning: &Beginning<'_>,
        step: &store::flows::Recording<'_>,
        caller: &Caller,
    ) -> Result<Option<(SignedIn, bool)>, Fault> {
        let (browser, session) = (beginning.browser_of(caller), &beginning.session);
        let old = beginning.old_hash();
        match store::sessions::sign_in_at(&self.store, &browser, old, session, step).await? {
            Some(recorded) => Ok(Some((self.settled(beginning, session.id, caller).await?, recorded))),
            None => Ok(None),
        }
    }

    /// Decides which session begins, or is refreshed, and draws the browser's new secret.
    pub(crate) fn beginning<'a>(
        &self,
        existing: Option<&'a Browser>,
        user: Id,
        proofs: &[Proof],
    ) -> Result<Beginning<'a>, Fault> {
        let now = self.now();
        let expires_at = now.plus(self.settings.session.lifetime);
        let id = existing.map_or_else(|| self.randomness.new_id(), |browser| browser.id);
        let secret = self.randomness.new_secret_for(SecretKind::Browser, id);
        let browser = self.browser_row(existing, &secret);
        let running = existing.and_then(|browser| browser.running(user));
        // What was proven before a session lay unused for too long counts no more.
        let usable = running.and_then(|id| existing?.session(id));
        let proofs = assurance::merged(usable.map_or(&[], |session| &session.proofs), proofs);
        let session = store::sessions::Session {
            browser_id: id,
            id: running.unwrap_or_else(|| self.randomness.new_id()),
            user_id: user,
            proofs_json: serde_json::to_string(&proofs).map_err(|error| Fault::corrupt("proofs", error))?,
            authenticated_at: now,
            created_at: now,
            last_seen_at: now,
            expires_at,
            ended_at: None,
            parent: None,
            unlocked: false,
        };
        Ok(Beginning { existing, browser, session, proofs, secret })
    }

    /// The browser as it is written with this secret; who is there, whoever knows adds.
    pub(crate) fn browser_row(&self, existing: Option<&Browser>, secret: &Secret) -> store::browsers::Browser {
        let now = self.now();
        store::browsers::Browser {
            id: secret.id(),
            secret_hash: secret.hash().into(),
            created_at: existing.map_or(now, |browser| browser.created_at),
            last_seen_at: now,
            expires_at: now.plus(self.settings.session.lifetime),
            agent: String::new(),
            address: None,
        }
    }

    /// What is left to do once a session has begun. The trail has it before the browser has the cookie.
    async fn settled(&self, beginning: &Beginning<'_>, session: Id, caller: &Caller) -> Result<SignedIn, Fault> {
        let Beginning { session: begun, .. } = beginning;
        let reached = assurance::reached(&beginning.proofs);
        let amr = reached.as_ref().map(|reached| reached.amr());
        let detail = json!({ "amr": amr, "level": reached.map(|reached| reached.level), "agent": caller.agent });
        let event = Event::new(Kind::SignedIn).user(begun.user_id).session(session).detail(detail);
        self.audit(caller, event).await?;
        self.end_oldest(beginning.existing, session, caller).await?;
        Ok(beginning.begun(session, self.browser_state(&beginning.browser_after())))
    }

    /// Every request of a browser reads all of its sessions: one that signs up without end must not make that costly.
    async fn end_oldest(&self, existing: Option<&Browser>, newest: Id, caller: &Caller) -> Result<(), Fault> {
        let others: Vec<_> =
            existing.iter().flat_map(|browser| &browser.sessions).filter(|session| session.id != newest).collect();
        let Some(browser) = existing.filter(|_| others.len() >= MOST_SESSIONS) else {
            return Ok(());
        };
        // The oldest stand first.
        for session in &others[..=others.len() - MOST_SESSIONS] {
            self.end_session(browser.id, session.id, caller).await?;
        }
        Ok(())
    }

    /// Notes that a session was used: coarsely, so that not every page writes.
    pub async fn touch_session(&self, browser: &Browser, session: Id) -> Result<(), Fault> {
        let now = self.now();
        let stale = |session: &Session| session.last_seen_at < now.minus(TOUCH);
        if browser.session(session).is_some_and(stale) {
            store::sessions::touch(&self.store, browser.id, session, now, now.minus(TOUCH)).await?;
        }
        Ok(())
    }

    /// Notes that this session's person has proven one thing more, beside a sign-in.
    pub async fn strengthen(&self, browser: &Browser, session: &Session, method: Method) -> Result<(), Fault> {
        let json = |proofs: &[Proof]| serde_json::to_string(proofs).map_err(|error| Fault::corrupt("proofs", error));
        let new = assurance::merged(&session.proofs, &self.proofs_now(&[method]));
        let (old, new) = (json(&session.proofs)?, json(&new)?);
        // Where another tab was faster, its proofs stand.
        store::sessions::prove(&self.store, browser.id, session.id, &old, &new, self.now()).await?;
        Ok(())
    }

    /// Ends a session and what hangs on it; `false` where it had ended before. Its apps are told by the job.
    pub async fn end_session(&self, browser: Id, session: Id, caller: &Caller) -> Result<bool, Fault> {
        Ok(self.end_in_turn(browser, session, caller, self.ending()).await?.is_some())
    }

    /// The same for who tells the apps themselves, at once.
    pub(crate) async fn end_session_now(
        &self,
        browser: Id,
        session: Id,
        caller: &Caller,
    ) -> Result<Option<store::sessions::Ended>, Fault> {
        self.end_in_turn(browser, session, caller, self.ending_told_at_once()).await
    }

    /// The session first: whoever refreshes in between finds it ended.
    async fn end_in_turn(
        &self,
        browser: Id,
        session: Id,
        caller: &Caller,
        ending: store::session_clients::Ending,
    ) -> Result<Option<store::sessions::Ended>, Fault> {
        let mut ended = store::sessions::end(&self.store, browser, session, ending).await?;
        store::families::revoke_of_session(&self.store, session, "session ended", ending.now).await?;
        self.visitors.forget(browser);
        if let Some(ended) = &ended {
            let apps: Vec<&str> = ended.clients.iter().map(|app| app.client_id.as_str()).collect();
            let event = Event::new(Kind::SessionEnded).user(ended.user_id).session(session);
            self.audit(caller, event.detail(json!({ "apps": apps }))).await?;
        }
        // What hangs on it is over already; here it is written down, and its clients are told.
        if let Some(ended) = &mut ended {
            for (browser, child) in store::sessions::children_of(&self.store, session).await? {
                let more = Box::pin(self.end_in_turn(browser, child, caller, ending)).await?;
                ended.clients.extend(more.into_iter().flat_map(|more| more.clients));
            }
        }
        Ok(ended)
    }

    /// How long a session may lie unused: never longer than it lives.
    pub(crate) fn idle(&self) -> Duration {
        let settings = &self.settings.session;
        settings.idle_lifetime.min(settings.lifetime)
    }
}

/// A client takes part in a session of this browser from now on: it is told when that ends.
pub(crate) fn joined(client: &str, (browser, session): (Id, &Session), now: Time) -> SessionClient {
    SessionClient {
        browser_id: browser,
        session_id: session.id,
        client_id: client.to_owned(),
        user_id: session.user_id,
        joined_at: now,
        used_at: now,
        expires_at: session.expires_at,
        ended_at: None,
        tries: 0,
        next_at: None,
        told_at: None,
    }
}

/// A session as the rules look at it.
pub(crate) fn session_of(row: store::sessions::Session) -> Result<Session, Fault> {
    let proofs = serde_json::from_str(&row.proofs_json)
        .map_err(|error| Fault::corrupt(&format!("the proofs of session {}", row.id), error))?;
    Ok(with_proofs(row, proofs))
}

fn with_proofs(row: store::sessions::Session, proofs: Vec<Proof>) -> Session {
    Session {
        id: row.id,
        user_id: row.user_id,
        authenticated_at: row.authenticated_at,
        proofs,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        ended: row.ended_at.is_some(),
        unlocked: row.unlocked,
    }
}

/// A session's last use is known to the minute.
const TOUCH: Duration = Duration::from_secs(60);
/// Accounts signed in in one browser.
pub(crate) const MOST_SESSIONS: usize = 16;
