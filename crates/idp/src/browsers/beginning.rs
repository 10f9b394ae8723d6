//! What begins when somebody signs in: decided first, then written.

use oidc::assurance::Proof;
use oidc::secret::Secret;
use oidc::session::Session;
use oidc::{Id, Time};
use zeroize::Zeroizing;

use super::{Browser, with_proofs};
use crate::caller::Caller;

/// A session that is to begin, and the browser's new secret: decided and not yet written.
pub(crate) struct Beginning<'a> {
    /// The browser as it was, where it has been here before.
    pub(crate) existing: Option<&'a Browser>,
    pub(crate) browser: store::browsers::Browser,
    pub(crate) session: store::sessions::Session,
    /// What its person has proven by now.
    pub(super) proofs: Vec<Proof>,
    pub(super) secret: Secret,
}

impl Beginning<'_> {
    /// What the browser's old secret hashes to.
    pub(crate) fn old_hash(&self) -> Option<&[u8]> {
        self.existing.map(|browser| &*browser.hash)
    }

    /// The browser as it is once this is written.
    pub(crate) fn browser_after(&self) -> Browser {
        let session = self.session_after();
        let others = self.existing.into_iter().flat_map(|browser| &browser.sessions);
        let others = others.filter(|other| other.id != session.id).cloned();
        let sessions = others.chain([session.clone()]).collect();
        let hash = self.browser.secret_hash.clone();
        let children = self.existing.map(|browser| browser.children.clone()).unwrap_or_default();
        Browser {
            id: self.browser.id,
            hash,
            created_at: self.browser.created_at,
            sessions,
            lapsed: Vec::new(),
            children,
        }
    }

    /// The session as it is then.
    pub(crate) fn session_after(&self) -> Session {
        with_proofs(self.session.clone(), self.proofs.clone())
    }

    /// The browser with what is known of whoever signs in.
    pub(super) fn browser_of(&self, caller: &Caller) -> store::browsers::Browser {
        let address = caller.address.map(|address| address.to_string());
        store::browsers::Browser { agent: caller.agent.clone(), address, ..self.browser.clone() }
    }

    pub(super) fn begun(&self, session: Id, state: String) -> SignedIn {
        let cookie = Cookie::of(&self.secret);
        SignedIn {
            cookie,
            browser: self.browser.id,
            session,
            user: self.session.user_id,
            at: self.session.authenticated_at,
            state,
        }
    }
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
    /// Whose it is.
    pub user: Id,
    /// `auth_time`.
    pub at: Time,
    /// The browser's state from now on, for the cookie that scripts read.
    pub state: String,
}

/// A cookie's value, which shows itself in no log.
pub struct Cookie(Zeroizing<String>);

impl Cookie {
    /// That holds this secret.
    pub(crate) fn of(secret: &Secret) -> Self {
        Self(secret.to_text())
    }

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
