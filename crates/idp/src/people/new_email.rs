//! Another e-mail address: it counts once a mail to it has proven it, and the owner of the old one is told.
//!
//! The link acts only in a browser in which its person is signed in. Whoever has another's address put to an account of
//! their own cannot have its owner confirm that by a mere press of a button.

use std::time::Duration;

use oidc::Id;
use oidc::session::Session;
use serde::{Deserialize, Serialize};
use store::accounts::{self, Made};

use super::links::{self, LinkError};
use super::{Person, names};
use crate::audit::{Event, Kind};
use crate::browsers::Browser;
use crate::caller::Caller;
use crate::mail::Mail;
use crate::throttle::MailAsked;
use crate::{Context, Fault};

/// Why no mail is sent to another address.
#[derive(Debug, thiserror::Error)]
pub enum NewEmailError {
    /// The person has proven themselves too long ago, or by too little.
    #[error("a fresh sign-in is needed")]
    Stale,
    /// Not an e-mail address.
    #[error("this is no e-mail address")]
    Invalid,
    /// It is the one there is.
    #[error("this is the address already")]
    Unchanged,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a link finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NewEmail {
    /// An address that is to be this person's, who is signed in here.
    Here {
        /// Whose.
        person: Box<Person>,
        /// The address.
        email: String,
    },
    /// The same, and its person is not signed in here.
    Elsewhere,
    /// Nothing any more.
    Gone,
}

/// The document of the link.
#[derive(Serialize, Deserialize)]
struct Document {
    /// The address to be.
    email: String,
    /// The one there was.
    from: Option<String>,
}

impl Context {
    /// Queues the mail that proves another address. Where somebody has it already, its owner gets another mail and the link
    /// opens nothing: the same reads and writes, and whoever asks cannot tell.
    pub async fn ask_new_email(
        &self,
        session: &Session,
        email: &str,
        (locale, caller): (&str, &Caller),
    ) -> Result<(), NewEmailError> {
        if !self.may_change_factors(session).await? {
            return Err(NewEmailError::Stale);
        }
        let email = names::email(email).ok_or(NewEmailError::Invalid)?;
        let user = session.user_id;
        let from = self.user(user).await?.and_then(|person| person.user.email);
        if from.as_deref() == Some(email) {
            return Err(NewEmailError::Unchanged);
        }
        let taken = self.named(email).await?.filter(|row| row.id != user);
        let mailbox = taken.as_ref().and_then(|row| row.email.as_deref()).unwrap_or(email);
        let has_room = self.has_room_for_mail(MailAsked::Account, mailbox, caller).await?;
        let purpose = if taken.is_some() || !has_room { links::VOID } else { PURPOSE };
        let document = serde_json::json!(Document { email: email.to_owned(), from }).to_string();
        let (secret, link) = self.link_row(purpose, Some(user), document, LIFETIME);
        let (to, mail) = match taken {
            _ if !has_room => (String::new(), Mail::Nothing),
            Some(row) => (row.email.unwrap_or_default(), Mail::AddressInUse),
            None => (email.to_owned(), Mail::ChangeEmail { token: secret.to_text().to_string() }),
        };
        let event = self.audit_row(caller, Event::new(Kind::EmailChangeAsked).user(user));
        let mail = self.mail_row(&to, &mail, locale);
        accounts::ask(&self.store, &link, &mail, Some(&event)).await.map_err(Fault::from)?;
        self.mail_waits();
        Ok(())
    }

    /// The address that this link puts to its person, as far as that is to be told in this browser.
    pub async fn new_email(&self, token: &str, browser: Option<&Browser>) -> Result<NewEmail, Fault> {
        let Some((_, person, document)) = self.new_email_of(token).await? else {
            return Ok(NewEmail::Gone);
        };
        let here = browser.is_some_and(|browser| browser.sessions.iter().any(|session| session.user_id == person.id));
        Ok(match here {
            true => NewEmail::Here { person: Box::new(person), email: document.email },
            false => NewEmail::Elsewhere,
        })
    }

    /// Puts the address to its person, by a link that is then used; every other link that was sent to the old one opens
    /// nothing any more, and its owner is told, by a mail whose link undoes it.
    pub async fn confirm_new_email(
        &self,
        token: &str,
        browser: &Browser,
        (locale, caller): (&str, &Caller),
    ) -> Result<(), LinkError> {
        let (link, person, Document { email, from }) = self.new_email_of(token).await?.ok_or(LinkError::Gone)?;
        if !browser.sessions.iter().any(|session| session.user_id == person.id) {
            return Err(LinkError::Gone);
        }
        let event = self.audit_row(caller, Event::new(Kind::EmailChanged).user(person.id));
        // An address that was never proven is somebody else's, perhaps: it is told nothing, since the link opens the account.
        let proven = from.as_deref().filter(|_| person.email_verified);
        let session = browser.sessions.iter().find(|session| session.user_id == person.id).map(|session| session.id);
        let undo = match (proven, session) {
            (Some(from), Some(session)) => Some(self.undo_link(person.id, session, from, caller)?),
            _ => None,
        };
        let mail = undo.as_ref().zip(proven).map(|((secret, _), from)| {
            self.mail_row(from, &Mail::EmailChanged { token: secret.to_text().to_string() }, locale)
        });
        let change = accounts::NewEmail {
            link,
            user: person.id,
            from: from.as_deref(),
            to: &email,
            names: (from.as_deref().map(names::of_email), names::of_email(&email)),
            mail: mail.as_ref(),
            undo: undo.as_ref().map(|(_, link)| link),
            event: &event,
        };
        match accounts::change_email(&self.store, &change).await.map_err(Fault::from)? {
            Made::Done => {
                self.mail_waits();
                Ok(())
            }
            Made::NameTaken | Made::LinkGone => Err(LinkError::Gone),
        }
    }

    /// A link that works for somebody who may sign in and still has the address from which it was asked for.
    async fn new_email_of(&self, token: &str) -> Result<Option<(Id, Person, Document)>, Fault> {
        let Some(link) = self.link(token, PURPOSE).await? else { return Ok(None) };
        let Some(user) = link.user_id else { return Ok(None) };
        let Some(person) = self.user(user).await?.filter(Person::may_be_used) else { return Ok(None) };
        let document: Document = serde_json::from_str(&link.data_json)
            .map_err(|error| Fault::corrupt(&format!("the link {}", link.id), error))?;
        Ok((person.email == document.from).then_some((link.id, person, document)))
    }
}

const PURPOSE: &str = "new-email";
const LIFETIME: Duration = Duration::from_secs(60 * 60);
