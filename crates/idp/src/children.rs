//! Child sessions: one client's part in a browser, which hangs on an account session elsewhere and is over with it.
//!
//! A child opens its client and nothing else: it never stands among a browser's sessions, so that no page of the account,
//! no other client and no proof makes more of it.

use oidc::secret::SecretKind;
use oidc::session::Session;
use oidc::{Id, Time};
use store::sessions::Parent;

use crate::browsers::{Browser, Cookie, MOST_SESSIONS, session_of};
use crate::caller::Caller;
use crate::{Context, Fault};

/// A child session that is to begin.
#[derive(Debug)]
pub(crate) struct NewChild {
    /// What it hangs on.
    pub(crate) of: Parent,
    /// Whether its person had to unlock the key that it begins by.
    pub(crate) unlocked: bool,
}

/// A child session in a browser.
#[derive(Clone, Debug)]
pub struct Child {
    /// The session.
    pub session: Session,
    /// The client that it opens.
    pub client_id: String,
}

impl Context {
    /// The session, while nobody has ended it, nor what it hangs on.
    pub(crate) async fn living_session(
        &self,
        browser: Id,
        session: Id,
        now: Time,
    ) -> Result<Option<store::sessions::Session>, Fault> {
        let lives = |row: &store::sessions::Session| row.ended_at.is_none() && now < row.expires_at;
        let Some(row) = store::sessions::find(&self.store, browser, session).await?.filter(lives) else {
            return Ok(None);
        };
        let Some(parent) = &row.parent else { return Ok(Some(row)) };
        let parent = store::sessions::find(&self.store, parent.browser_id, parent.session_id).await?;
        Ok(parent.filter(lives).map(|_| row))
    }

    /// Those of the children that still carry something.
    pub(crate) async fn usable_children(
        &self,
        rows: Vec<store::sessions::Session>,
        now: Time,
    ) -> Result<Vec<Child>, Fault> {
        let mut children = Vec::new();
        for row in rows {
            let Some(client_id) = row.parent.as_ref().map(|parent| parent.client_id.clone()) else { continue };
            let Some(row) = self.living_session(row.browser_id, row.id, now).await? else { continue };
            let session = session_of(row)?;
            if session.is_usable(self.idle(), now) {
                children.push(Child { session, client_id });
            }
        }
        Ok(children)
    }

    /// Begins a child of `parent` in this browser, whose cookie is replaced; answers its id, and cookie and state. `None`
    /// where the cookie was replaced meanwhile by a sign-in in another tab.
    pub(crate) async fn begin_child(
        &self,
        existing: Option<&Browser>,
        parent: &store::sessions::Session,
        NewChild { of, unlocked }: NewChild,
        caller: &Caller,
    ) -> Result<Option<(Id, (Cookie, String))>, Fault> {
        let now = self.now();
        // One for a client: what was there before it is another person's, or the same one's from before.
        if let Some(browser) = existing {
            let crowded = browser.children.len().saturating_sub(MOST_SESSIONS - 1);
            let goes = |(at, child): &(usize, &Child)| child.client_id == of.client_id || *at < crowded;
            for (_, child) in browser.children.iter().enumerate().filter(goes) {
                self.end_session(browser.id, child.session.id, caller).await?;
            }
        }
        let id = existing.map_or_else(|| self.randomness.new_id(), |browser| browser.id);
        let secret = self.randomness.new_secret_for(SecretKind::Browser, id);
        let address = caller.address.map(|address| address.to_string());
        let browser =
            store::browsers::Browser { agent: caller.agent.clone(), address, ..self.browser_row(existing, &secret) };
        let session = store::sessions::Session {
            browser_id: id,
            id: self.randomness.new_id(),
            user_id: parent.user_id,
            proofs_json: parent.proofs_json.clone(),
            authenticated_at: parent.authenticated_at,
            created_at: now,
            last_seen_at: now,
            expires_at: parent.expires_at.min(now.plus(self.settings.session.lifetime)),
            ended_at: None,
            parent: Some(of),
            unlocked,
        };
        let old = existing.map(|browser| &*browser.hash);
        if !store::sessions::begin_child(&self.store, &browser, old, &session).await? {
            return Ok(None);
        }
        // The parent may have ended in this moment, and then has ended its children before this was one.
        if self.living_session(id, session.id, now).await?.is_none() {
            self.end_session(id, session.id, caller).await?;
            return Ok(None);
        }
        let (child, cookie) = (session.id, Cookie::of(&secret));
        let after = self.browser(Some(cookie.text())).await?;
        let state = after.map(|browser| self.browser_state(&browser)).unwrap_or_default();
        Ok(Some((child, (cookie, state))))
    }
}
