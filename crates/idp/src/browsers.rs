//! Browsers and the sessions in them: one cookie is one browser, and each account signed in there is a session.
//!
//! The cookie's secret is replaced at each sign-in by a conditional write, so that nobody can plant a session
//! (RFC 9700 §4.7 speaks of fixation by way of the flow; this is the cookie's side of it).

use std::time::Duration;

use oidc::secret::{Secret, SecretKind};
use oidc::session::Session;
use oidc::{Id, Time};
use store::Hidden;
use zeroize::Zeroizing;

use crate::{Context, Fault};

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
}

/// What a sign-in gives the browser.
#[derive(Debug)]
pub struct SignedIn {
    /// The new value of the session cookie; never logged.
    pub cookie: Cookie,
    /// The browser, with its session in it.
    pub browser: Id,
    /// The session: the `sid`.
    pub session: Id,
    /// `auth_time`.
    pub at: Time,
}

/// A cookie's value, which shows itself in no log.
pub struct Cookie(Zeroizing<String>);

impl Cookie {
    /// The text to send.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Cookie {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cookie([redacted])")
    }
}

impl Browser {
    /// Its session of this id, where that is usable.
    pub fn session(&self, id: Id) -> Option<&Session> {
        self.sessions.iter().find(|session| session.id == id)
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
        let now = self.now();
        if !secret.matches(&row.secret_hash) || now >= row.expires_at {
            return Ok(None);
        }
        let idle = self.idle();
        let sessions = sessions.into_iter().map(session_of).filter(|session| session.is_usable(idle, now)).collect();
        Ok(Some(Browser { id: row.id, hash: row.secret_hash, created_at: row.created_at, sessions }))
    }

    /// Begins a session of `user` in this browser, or refreshes the one that runs there, and replaces the cookie.
    /// `None` where the cookie was replaced meanwhile, by a sign-in in another tab: nothing has begun then.
    pub async fn begin_session(
        &self,
        existing: Option<&Browser>,
        user: Id,
        amr: &[&str],
    ) -> Result<Option<SignedIn>, Fault> {
        let now = self.now();
        let expires_at = now.plus(self.settings.session.lifetime);
        let id = existing.map_or_else(|| self.randomness.new_id(), |browser| browser.id);
        let secret = self.randomness.new_secret_for(SecretKind::Browser, id);
        let browser = store::browsers::Browser {
            id,
            secret_hash: secret.hash().into(),
            created_at: existing.map_or(now, |browser| browser.created_at),
            last_seen_at: now,
            expires_at,
        };
        let session = store::sessions::Session {
            browser_id: id,
            id: self.randomness.new_id(),
            user_id: user,
            amr: amr.join(" "),
            acr: acr_of(amr).map(str::to_owned),
            authenticated_at: now,
            created_at: now,
            last_seen_at: now,
            expires_at,
            ended_at: None,
        };
        let old = existing.map(|browser| &*browser.hash);
        let begun = store::sessions::sign_in(&self.store, &browser, old, &session).await?;
        let Some(session) = begun else {
            return Ok(None);
        };
        self.end_oldest(existing, session).await?;
        Ok(Some(SignedIn { cookie: Cookie(secret.to_text()), browser: id, session, at: now }))
    }

    /// Every request of a browser reads all of its sessions: one that signs up without end must not make that costly.
    async fn end_oldest(&self, existing: Option<&Browser>, newest: Id) -> Result<(), Fault> {
        let others: Vec<_> =
            existing.iter().flat_map(|browser| &browser.sessions).filter(|session| session.id != newest).collect();
        let Some(browser) = existing.filter(|_| others.len() >= MOST_SESSIONS) else {
            return Ok(());
        };
        // The oldest stand first.
        for session in &others[..=others.len() - MOST_SESSIONS] {
            self.end_session(browser.id, session.id).await?;
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

    /// Ends a session and what hangs on it; `false` where it had ended before. The session first: whoever refreshes in
    /// between finds it ended.
    pub async fn end_session(&self, browser: Id, session: Id) -> Result<bool, Fault> {
        let now = self.now();
        let ended = store::sessions::end(&self.store, browser, session, now).await?;
        store::families::revoke_of_session(&self.store, session, "session ended", now).await?;
        Ok(ended)
    }

    /// How long a session may lie unused: never longer than it lives.
    pub(crate) fn idle(&self) -> Duration {
        let settings = &self.settings.session;
        settings.idle_lifetime.min(settings.lifetime)
    }
}

/// A session as the rules look at it.
pub(crate) fn session_of(row: store::sessions::Session) -> Session {
    Session {
        id: row.id,
        user_id: row.user_id,
        authenticated_at: row.authenticated_at,
        amr: row.amr.split_ascii_whitespace().map(str::to_owned).collect(),
        acr: row.acr,
        last_seen_at: row.last_seen_at,
        expires_at: row.expires_at,
        ended: row.ended_at.is_some(),
    }
}

/// What an authentication by these methods (RFC 8176) amounts to.
fn acr_of(amr: &[&str]) -> Option<&'static str> {
    match amr {
        [PASSWORD] => Some(ACR_PASSWORD),
        _ => None,
    }
}

/// RFC 8176 §2: by a password.
pub const PASSWORD: &str = "pwd";
/// The `acr` of a password alone.
pub const ACR_PASSWORD: &str = "urn:vestibule:acr:password";
/// A session's last use is known to the minute.
const TOUCH: Duration = Duration::from_secs(60);
/// Accounts signed in in one browser.
const MOST_SESSIONS: usize = 16;
