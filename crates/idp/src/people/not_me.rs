//! A sign-in from a device that a person was not known by: a mail tells of it, and «This wasn't me» ends it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use oidc::secret::Secret;
use oidc::{Id, Time};
use serde::{Deserialize, Serialize};
use store::accounts::{self, Made};
use store::links::Link;
use zeroize::Zeroizing;

use super::{LinkError, names};
use crate::audit::{Event, Kind};
use crate::browsers::SignedIn;
use crate::caller::Caller;
use crate::mail::Mail;
use crate::{Context, Fault};

/// A sign-in that its person may disown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disowned {
    /// Whose account.
    pub user: Id,
    /// What the browser said of itself.
    pub agent: String,
    /// From where.
    pub address: Option<String>,
    /// When.
    pub at: Time,
    /// The address that is put back, where another was put in its place.
    pub restores: Option<String>,
}

/// The document of the mail's link.
#[derive(Deserialize, Serialize)]
struct Document {
    session: Id,
    agent: String,
    address: Option<String>,
    at: Time,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    restores: Option<String>,
}

impl Context {
    /// Whether this person has devices, and none of them has this cookie. The first device of all is no news: who made the
    /// account sits there.
    pub async fn is_new_device(&self, user: Id, cookie: Option<&str>) -> Result<bool, Fault> {
        let known = self.known_device(user, cookie).await?.is_some();
        Ok(!known && !self.list_devices(user).await?.is_empty())
    }

    /// Tells a person by mail that somebody has signed in from a new device. An address that is not proven is somebody
    /// else's, perhaps: it is told nothing, since the link opens the account.
    pub async fn tell_of_new_device(&self, signed_in: &SignedIn, caller: &Caller, locale: &str) -> Result<(), Fault> {
        let Some(person) = self.user(signed_in.user).await? else { return Ok(()) };
        let Some(email) = person.email.as_deref().filter(|_| person.email_verified) else { return Ok(()) };
        let address = caller.address.map(|address| address.to_string());
        let (agent, at) = (caller.agent.clone(), signed_in.at);
        let document = Document { session: signed_in.session, agent, address, at, restores: None };
        let data_json = serde_json::to_string(&document).map_err(|error| Fault::corrupt("a link", error))?;
        let token = self.new_link(PURPOSE, Some(person.id), data_json).await?;
        let Document { agent, address, at, .. } = document;
        let place = address.as_deref().and_then(oidc::agent::place);
        self.queue_mail(email, &Mail::NewDevice { token: token.to_string(), agent, place, at }, locale).await
    }

    /// A link for the mail to an address that another takes the place of: it disowns what the session did, and puts the
    /// address back.
    pub(super) fn undo_link(
        &self,
        user: Id,
        session: Id,
        email: &str,
        caller: &Caller,
    ) -> Result<(Secret, Link), Fault> {
        let address = caller.address.map(|address| address.to_string());
        let (agent, at, restores) = (caller.agent.clone(), self.now(), Some(email.to_owned()));
        let document = Document { session, agent, address, at, restores };
        let data_json = serde_json::to_string(&document).map_err(|error| Fault::corrupt("a link", error))?;
        Ok(self.link_row(PURPOSE, Some(user), data_json, UNDO))
    }

    /// The sign-in that this link disowns, while it works.
    pub async fn disowned(&self, token: &str) -> Result<Option<Disowned>, Fault> {
        Ok(self.disowning(token).await?.map(|(_, _, sign_in)| sign_in))
    }

    /// Disowns a sign-in: all sessions of the person end and what hangs on them, no device is remembered, and the
    /// password is worth nothing any more, since somebody else may know it. The link, then, with which the person
    /// sets another; `None` where they had none, and so sign in by passkey.
    pub async fn disown(&self, token: &str, caller: &Caller) -> Result<Option<Zeroizing<String>>, LinkError> {
        let (link, session, sign_in) = self.disowning(token).await?.ok_or(LinkError::Gone)?;
        match &sign_in.restores {
            Some(email) => self.restore_email(link, &sign_in, email, caller).await?,
            None => self.claim(link).await?,
        }
        self.disowned_sign_ins.fetch_add(1, Ordering::Relaxed);
        let user = sign_in.user;
        let event = Event::new(Kind::SignInDisowned).user(user).session(session);
        self.audit(caller, event).await?;
        let password = self.password_of(user).await?;
        if let Some((password, _)) = &password {
            store::credentials::delete(&self.store, user, password.id).await.map_err(Fault::from)?;
        }
        self.end_all_but(user, None, caller).await?;
        for device in self.list_devices(user).await? {
            self.forget_device(user, device.id).await?;
        }
        match password {
            Some(_) => Ok(Some(self.password_link(user).await?)),
            None => Ok(None),
        }
    }

    /// Puts an address back in the place of the one there is; where somebody has it by now, the link is used all the same.
    async fn restore_email(&self, link: Id, of: &Disowned, email: &str, caller: &Caller) -> Result<(), LinkError> {
        let from = self.user(of.user).await?.and_then(|person| person.user.email);
        let change = accounts::NewEmail {
            link,
            user: of.user,
            from: from.as_deref(),
            to: email,
            names: (from.as_deref().map(names::of_email), names::of_email(email)),
            mail: None,
            undo: None,
            event: &self.audit_row(caller, Event::new(Kind::EmailChanged).user(of.user)),
        };
        match accounts::change_email(&self.store, &change).await.map_err(Fault::from)? {
            Made::Done => Ok(()),
            Made::NameTaken => self.claim(link).await,
            Made::LinkGone => Err(LinkError::Gone),
        }
    }

    /// How many sign-ins were disowned since the start.
    pub fn disowned_sign_ins(&self) -> u64 {
        self.disowned_sign_ins.load(Ordering::Relaxed)
    }

    async fn disowning(&self, token: &str) -> Result<Option<(Id, Id, Disowned)>, Fault> {
        let Some(link) = self.link(token, PURPOSE).await? else { return Ok(None) };
        let Some(user) = link.user_id else { return Ok(None) };
        if self.user(user).await?.is_none_or(|person| person.disabled) {
            return Ok(None);
        }
        let document: Document = serde_json::from_str(&link.data_json)
            .map_err(|error| Fault::corrupt(&format!("the link {}", link.id), error))?;
        let Document { session, agent, address, at, restores } = document;
        Ok(Some((link.id, session, Disowned { user, agent, address, at, restores })))
    }
}

const PURPOSE: &str = "not-me";
/// How long the owner of an address may take to put it back.
const UNDO: Duration = Duration::from_secs(7 * 24 * 60 * 60);
