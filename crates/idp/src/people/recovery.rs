//! A new password by way of a mail: for whoever forgot theirs, or has no other way in left.
//!
//! The mail proves the mailbox and nothing else: no session begins by it, and no other factor is satisfied or removed. Where
//! the address was not proven before, whatever was set up until then may be somebody else's, and ends.

use std::time::Duration;

use oidc::Id;
use serde::{Deserialize, Serialize};
use store::accounts::{self, Recovery, Replaces};

use super::Person;
use super::links::LinkError;
use super::password_rules::Chosen;
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::mail::Mail;
use crate::throttle::MailAsked;
use crate::{Context, Fault};

/// What becomes of the sessions when a password is set by mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sessions {
    /// They end, wherever they run.
    End,
    /// They stay.
    Keep,
}

/// The document of the link.
#[derive(Serialize, Deserialize)]
struct Document {
    /// The address it was sent to.
    email: String,
}

impl Context {
    /// Asks for the mail with which the owner of this address sets a new password. Whether there is such a person, and
    /// whether they may sign in, cannot be told apart: each makes the same reads and writes, and queues one mail.
    pub async fn ask_recovery(&self, email: &str, locale: &str, caller: &Caller) -> Result<(), Fault> {
        let row = self.named(email).await?;
        let known = row.filter(|row| row.disabled_at.is_none()).and_then(|row| Some((row.id, row.email?)));
        let mailbox = known.as_ref().map_or(email, |(_, email)| email);
        let has_room = self.has_room_for_mail(MailAsked::Account, mailbox, caller).await?;
        let known = known.filter(|_| has_room);
        let event = Event::new(Kind::RecoveryAsked);
        let (purpose, user, to) = match known {
            Some((user, email)) => (RECOVER, Some(user), email),
            None => (super::links::VOID, None, String::new()),
        };
        let event = self.audit_row(caller, user.into_iter().fold(event, Event::user));
        let document = serde_json::json!(Document { email: to.clone() }).to_string();
        let (secret, link) = self.link_row(purpose, user, document, LIFETIME);
        let mail = match user {
            Some(_) => Mail::ResetPassword { token: secret.to_text().to_string() },
            None => Mail::Nothing,
        };
        accounts::ask(&self.store, &link, &self.mail_row(&to, &mail, locale), Some(&event)).await?;
        self.mail_waits();
        Ok(())
    }

    /// Whose password this link of a mail sets, while it works.
    pub async fn recovering(&self, token: &str) -> Result<Option<Person>, Fault> {
        Ok(self.recovery_of(token).await?.map(|(_, person)| person))
    }

    /// The fewest characters of a password that is set so.
    pub async fn recovery_min(&self, person: &Person) -> Result<usize, Fault> {
        match person.email_verified {
            true => self.password_min_of(person.id).await,
            false => Ok(self.password_min()),
        }
    }

    /// Sets the password by a link of a mail, which is then used. A password that will not do leaves the link as it is.
    pub async fn recover(
        &self,
        token: &str,
        password: &str,
        sessions: Sessions,
        (locale, caller): (&str, &Caller),
    ) -> Result<Person, LinkError> {
        let (link, person) = self.recovery_of(token).await?.ok_or(LinkError::Gone)?;
        let (replaces, sessions, chosen) = match person.email_verified {
            true => (Replaces::Password, sessions, self.chosen_by(person.id).await?),
            // The second factor goes too.
            false => (Replaces::Everything, Sessions::End, Chosen::Alone),
        };
        self.check_new_password(password, &person, chosen).await?;
        let hash = self.hash_password(password).await?;
        let email = person.email.clone().unwrap_or_default();
        let event = Event::new(Kind::PasswordChanged).user(person.id).detail(serde_json::json!({ "by": "mail" }));
        let event = self.audit_row(caller, event);
        let password = self.password_credential(person.id, &hash);
        let recovery = Recovery { link, password: &password, replaces, event: &event };
        if !accounts::recover(&self.store, &recovery, &email, self.now()).await.map_err(Fault::from)? {
            return Err(LinkError::Gone);
        }
        if sessions == Sessions::End {
            self.revoke_sessions_of(person.id).await?;
        }
        if replaces == Replaces::Everything {
            let why = "the address was proven by somebody else";
            store::families::revoke_of_user(&self.store, person.id, why, self.now()).await.map_err(Fault::from)?;
        }
        self.queue_mail(&email, &Mail::PasswordChanged, locale).await?;
        Ok(person)
    }

    async fn recovery_of(&self, token: &str) -> Result<Option<(Id, Person)>, Fault> {
        let Some((link, person)) = self.password_link_of(token, RECOVER).await? else {
            return Ok(None);
        };
        let document: Document = serde_json::from_str(&link.data_json)
            .map_err(|error| Fault::corrupt(&format!("the recovery {}", link.id), error))?;
        // A mailbox that was theirs once opens nothing.
        Ok((person.email.as_deref() == Some(&document.email)).then_some((link.id, person)))
    }
}

const RECOVER: &str = "recover";
const LIFETIME: Duration = Duration::from_secs(15 * 60);
