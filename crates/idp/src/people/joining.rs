//! An account of one's own that waits until its address is proven.
//!
//! Until then there is no account: no name is taken, nothing can be signed in to, and nobody is told whether there was one
//! already. The password of whoever asked counts only in the browser in which it was typed: a mail that somebody else
//! caused makes no account to which they know the password.

use std::time::Duration;

use oidc::Id;
use serde::{Deserialize, Serialize};
use store::accounts::{self, Made};
use store::links::Link;

use super::account::Prepared;
use super::links::{LinkError, VOID};
use super::password::Hashed;
use super::password_rules::Chosen;
use super::{NewUser, Person};
use crate::audit::{Event, Kind};
use crate::bindings::Binding;
use crate::caller::Caller;
use crate::mail::Mail;
use crate::settings::SignupMode;
use crate::throttle::MailAsked;
use crate::{Context, Fault};

/// From where an account is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asking<'a> {
    /// The token of an invitation.
    pub invitation: Option<&'a str>,
    /// The browser.
    pub binding: &'a Binding,
    /// The sign-in on whose way it lies.
    pub flow: Option<Id>,
    /// The language of the page, and of the mail (BCP 47).
    pub locale: &'a str,
    /// Who asks.
    pub caller: &'a Caller,
}

/// An account that waits to be confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Its address.
    pub email: String,
    /// Its name.
    pub name: String,
    /// The sign-in on whose way it was asked for.
    pub flow: Option<Id>,
    /// Whether this is the browser in which it was: only here does the password count that was typed then.
    pub here: bool,
}

/// An account that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed {
    /// Whose it is.
    pub person: Person,
    /// The sign-in on whose way it was asked for.
    pub flow: Option<Id>,
    /// Whether the password was typed in this browser not long ago.
    pub proven: bool,
}

/// The document of the link.
#[derive(Serialize, Deserialize)]
struct Document {
    email: String,
    name: Option<String>,
    /// A PHC string.
    password: String,
    /// The hash of the browser's binding.
    binding: Vec<u8>,
    flow: Option<Id>,
    /// The invitation that is used up with it.
    invitation: Option<Id>,
}

impl Context {
    /// Queues the mail to whoever has the address: with a link that makes the account, or, where there is one, with the
    /// news that there is. Both make the same reads and writes.
    pub(super) async fn ask_to_confirm(
        &self,
        prepared: Prepared,
        invitation: Option<Id>,
        asking: Asking<'_>,
    ) -> Result<(), Fault> {
        let email = prepared.person.email.clone().unwrap_or_default();
        let taken = self.named(&email).await?;
        let mailbox = taken.as_ref().and_then(|row| row.email.as_deref()).unwrap_or(&email);
        let has_room = self.has_room_for_mail(MailAsked::Account, mailbox, asking.caller).await?;
        let document = Document {
            email: email.clone(),
            name: prepared.person.name.clone(),
            password: prepared.hash.map(|hashed| hashed.hash).unwrap_or_default(),
            binding: asking.binding.hash().to_vec(),
            flow: asking.flow,
            invitation,
        };
        let purpose = if taken.is_some() || !has_room { VOID } else { SIGN_UP };
        let (secret, link) = self.link_row(purpose, None, serde_json::json!(document).to_string(), LIFETIME);
        let (to, mail) = match taken {
            _ if !has_room => (String::new(), Mail::Nothing),
            Some(row) => (row.email.unwrap_or_default(), Mail::AccountExists),
            None => (email, Mail::ConfirmAccount { token: secret.to_text().to_string() }),
        };
        accounts::ask(&self.store, &link, &self.mail_row(&to, &mail, asking.locale), None).await?;
        self.mail_waits();
        Ok(())
    }

    /// The account that this link makes, while it works.
    pub async fn pending_account(&self, token: &str, binding: Option<&Binding>) -> Result<Option<Pending>, Fault> {
        let Some((_, document)) = self.pending_of(token).await? else {
            return Ok(None);
        };
        let here = binding.is_some_and(|binding| binding.matches(&document.binding));
        let Document { email, name, flow, .. } = document;
        Ok(Some(Pending { email, name: name.unwrap_or_default(), flow, here }))
    }

    /// Makes the account of a link, which is then used. In another browser than the one in which the account was asked
    /// for it takes a password of its own.
    pub async fn confirm_account(
        &self,
        token: &str,
        binding: &Binding,
        password: &str,
        caller: &Caller,
    ) -> Result<Confirmed, LinkError> {
        let (link, document) = self.pending_of(token).await?.ok_or(LinkError::Gone)?;
        let Document { email, name, flow, invitation, .. } = document;
        let new = NewUser { email, name, email_verified: true, ..NewUser::default() };
        let person = self.new_person(&new).map_err(|error| Fault::corrupt("a sign-up", error))?;
        let here = binding.matches(&document.binding);
        let hash = match here {
            true => Hashed::alone(document.password),
            false => {
                self.check_new_password(password, &person, Chosen::Alone).await?;
                self.hash_password(password).await?
            }
        };
        let proven = !here || self.now() < link.created_at.plus(FRESH);
        let prepared = Prepared::new(person, Some(hash));
        let links: Vec<Id> = [Some(link.id), invitation].into_iter().flatten().collect();
        let made = self.insert_by_links(&links, &prepared, caller).await?;
        match made {
            Made::Done => Ok(Confirmed { person: prepared.person, flow, proven }),
            // Another mail of the same address was faster.
            Made::NameTaken | Made::LinkGone => Err(LinkError::Gone),
        }
    }

    async fn insert_by_links(&self, links: &[Id], prepared: &Prepared, caller: &Caller) -> Result<Made, Fault> {
        let id = prepared.person.id;
        let names: Vec<&str> = prepared.names.iter().map(String::as_str).collect();
        let password = prepared.hash.as_ref().map(|hash| self.password_credential(id, hash));
        let event = self.audit_row(caller, Event::new(Kind::AccountMade).user(id));
        let row = super::account::row(&prepared.person);
        Ok(accounts::make(&self.store, links, (&row, &names, password.as_slice()), &event).await?)
    }

    async fn pending_of(&self, token: &str) -> Result<Option<(Link, Document)>, Fault> {
        if self.settings.signup == SignupMode::Closed {
            return Ok(None);
        }
        let Some(link) = self.link(token, SIGN_UP).await? else {
            return Ok(None);
        };
        let document = serde_json::from_str(&link.data_json)
            .map_err(|error| Fault::corrupt(&format!("the sign-up {}", link.id), error))?;
        Ok(Some((link, document)))
    }
}

const SIGN_UP: &str = "sign-up";
const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);
/// For so long a password that was typed in this browser counts as shown.
const FRESH: Duration = Duration::from_secs(30 * 60);
