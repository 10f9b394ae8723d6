//! Whether a request to a site is let through, and whom the site is told of.
//!
//! A proxy asks about every picture and script. What is known of a visitor is kept for a moment, far shorter than the
//! second within which every change must hold.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use oidc::access::Standing;
use oidc::assurance::{Policy, Proof};
use oidc::session::Session;
use oidc::site::{self, Address, Verdict};
use oidc::{Id, Time};

use super::assertion::Signed;
use crate::browsers::session_of;
use crate::{Context, Fault};

/// What becomes of a request to a site.
#[derive(Clone, Debug)]
pub enum Admission {
    /// It is let through; the site is told who it is, where that is known, with an assertion.
    Enter(Option<(Arc<Visitor>, Arc<str>)>),
    /// Somebody has to sign in.
    SignIn,
    /// The visitor has to prove more (RFC 9470 §3).
    StepUp {
        /// `acr_values`.
        acr: Option<String>,
        /// `max_age`.
        max_age: Option<u64>,
    },
    /// It is not let through.
    Forbidden,
}

/// Somebody whom the sites' cookie proved, as they were a moment ago.
#[derive(Debug)]
pub struct Visitor {
    pub(super) about: About,
    session: Session,
    read_at: Time,
    /// What was signed about them, by the host that it is for.
    pub(super) assertions: Arc<Mutex<HashMap<String, Signed>>>,
}

/// What sites are told of somebody, and what is decided by.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct About {
    /// The child session.
    pub(super) child: Id,
    expires_at: Time,
    pub(super) user: Id,
    pub(super) login: String,
    pub(super) email: Option<String>,
    pub(super) name: Option<String>,
    pub(super) standing: Standing,
    policy: Policy,
    pub(super) proofs: Vec<Proof>,
}

/// The visitors of the last moment, by their browsers.
#[derive(Debug, Default)]
pub(crate) struct Visitors(RwLock<HashMap<Id, Arc<Visitor>>>);

impl Visitor {
    /// The username, else the proven e-mail address, else the id: none of the three can be mistaken for another.
    pub fn login(&self) -> &str {
        &self.about.login
    }

    /// The e-mail address, where it was proven.
    pub fn email(&self) -> Option<&str> {
        self.about.email.as_deref()
    }

    /// The person's name.
    pub fn name(&self) -> Option<&str> {
        self.about.name.as_deref()
    }

    /// Their groups, in the order of the names.
    pub fn groups(&self) -> &[String] {
        &self.about.standing.groups
    }
}

impl Context {
    /// Decides about a request to `address`; `cookie` is the value of the sites' cookie, whatever it is.
    pub async fn forward_auth(&self, address: &Address, cookie: Option<&str>) -> Result<Admission, Fault> {
        let Some(site) = self.site(&address.host).await? else { return Ok(Admission::Forbidden) };
        let Some(rules) = site.rules_for(address.target()) else { return Ok(Admission::Forbidden) };
        let visitor = match cookie {
            Some(cookie) => self.visitor(cookie).await?,
            None => None,
        };
        let known = visitor.as_deref().map(Visitor::decided_by);
        Ok(match site::decide(&rules, known, &self.settings.contexts, self.now()) {
            Verdict::Public | Verdict::Enter => Admission::Enter(match visitor {
                Some(visitor) => {
                    let assertion = self.site_assertion(&visitor, &address.host).await?;
                    Some((visitor, assertion))
                }
                None => None,
            }),
            Verdict::SignIn => Admission::SignIn,
            Verdict::StepUp { acr, max_age } => Admission::StepUp { acr, max_age },
            Verdict::Forbidden => Admission::Forbidden,
        })
    }

    async fn visitor(&self, cookie: &str) -> Result<Option<Arc<Visitor>>, Fault> {
        // A forged one costs no read.
        let Some((browser, child)) = self.site_secrets.verify(cookie) else { return Ok(None) };
        let now = self.now();
        let before = self.visitors.get(browser).filter(|visitor| visitor.about.child == child);
        let fresh = before.as_ref().filter(|visitor| now.since(visitor.read_at) < FRESH).cloned();
        let visitor = match fresh {
            Some(visitor) => Some(visitor),
            None => self.read_visitor(browser, child, before.as_deref()).await?,
        };
        let usable =
            |visitor: &Arc<Visitor>| now < visitor.about.expires_at && visitor.session.is_usable(self.idle(), now);
        Ok(visitor.filter(usable))
    }

    async fn read_visitor(
        &self,
        browser: Id,
        child: Id,
        before: Option<&Visitor>,
    ) -> Result<Option<Arc<Visitor>>, Fault> {
        let now = self.now();
        let found = store::site_sessions::find(&self.store, browser).await?;
        let Some((row, session)) = found.filter(|(row, _)| row.id == child) else { return Ok(None) };
        let session = session_of(session)?;
        let Some(person) = self.user(session.user_id).await?.filter(|person| person.may_be_used()) else {
            return Ok(None);
        };
        if session.last_seen_at < now.minus(TOUCH) {
            store::sessions::touch(&self.store, browser, session.id, now, now.minus(TOUCH)).await?;
        }
        let email = person.email.clone().filter(|_| person.email_verified);
        let about = About {
            child,
            expires_at: row.expires_at,
            user: person.id,
            login: person.username.clone().or_else(|| email.clone()).unwrap_or_else(|| person.id.to_string()),
            email,
            name: person.name.clone(),
            standing: Standing { groups: self.groups_of(person.id).await?, ..Standing::default() },
            policy: self.group_policy(person.id).await?,
            proofs: session.proofs.clone(),
        };
        // What was signed stays good for as long as it says what is so.
        let same = before.filter(|before| before.about == about);
        let assertions = same.map(|before| Arc::clone(&before.assertions)).unwrap_or_default();
        let visitor = Arc::new(Visitor { about, session, read_at: now, assertions });
        self.visitors.keep(browser, &visitor);
        Ok(Some(visitor))
    }
}

impl Visitor {
    fn decided_by(&self) -> site::Visitor<'_> {
        let About { standing, proofs, policy, .. } = &self.about;
        site::Visitor { standing, proofs, policy: *policy }
    }
}

impl Visitors {
    fn get(&self, browser: Id) -> Option<Arc<Visitor>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(&browser).cloned()
    }

    fn keep(&self, browser: Id, visitor: &Arc<Visitor>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST && !kept.contains_key(&browser) {
            let stale = |other: &Arc<Visitor>| visitor.read_at.since(other.read_at) >= FRESH;
            kept.retain(|_, other| !stale(other));
            if kept.len() >= MOST {
                kept.clear();
            }
        }
        kept.insert(browser, Arc::clone(visitor));
    }

    /// Forgets who is in this browser: what is known of them has changed.
    pub(crate) fn forget(&self, browser: Id) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&browser);
    }

    /// Forgets everybody, with what was signed about them: keys have changed.
    pub(crate) fn forget_all(&self) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// For how long nobody looks again; other nodes write, too.
const FRESH: Duration = Duration::from_millis(500);
/// A session's last use is known to the minute.
const TOUCH: Duration = Duration::from_secs(60);
/// Visitors of one moment.
const MOST: usize = 50_000;
