//! A code and a link by mail, for whoever reads the mailbox of a proven address: a first factor, as a password is.
//!
//! A mail belongs to the flow it was asked for in, and so to one browser: its link confirms there and shows the code
//! everywhere else. The code is kept nowhere; it follows from the link's id by a MAC. Tries are limited for the mail and for
//! the name as it was typed, so that guessing has odds of 2 in 100,000 an hour for each of a person's names. Whether there
//! is such a person cannot be told apart: each asks for the same reads and writes, and queues one mail.

use std::time::Duration;

use oidc::Id;
use oidc::assurance::Method;
use oidc::hub::{MOST_WRONG, Mailed};
use oidc::secret::{Secret, SecretKind};
use oidc::throttle::Limit;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::links::Link;
use zeroize::Zeroizing;

use super::Proven;
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::mail::Mail;
use crate::people::{Tried, names};
use crate::settings::MailSignIn;
use crate::throttle::MailAsked;
use crate::{Context, Fault};

/// What somebody brings back from the mail.
#[derive(Clone, Copy)]
pub enum Brought<'a> {
    /// The code, as typed.
    Code(&'a str),
    /// The token of the link.
    Token(&'a str),
}

/// What a mail's link says.
pub(crate) struct Opened {
    /// Which.
    pub(crate) link: Id,
    /// Where it was asked for.
    pub(crate) flow: Id,
}

/// The document of the link.
#[derive(Serialize, Deserialize)]
struct Document {
    flow: Id,
    /// The address it was sent to; empty where there is none.
    email: String,
}

impl Document {
    fn read(link: &Link) -> Result<Self, Fault> {
        serde_json::from_str(&link.data_json)
            .map_err(|error| Fault::corrupt(&format!("the mailed code {}", link.id), error))
    }
}

impl Context {
    /// Sends a code and a link to whoever has this name, for this flow.
    pub(crate) async fn mail_code(&self, name: &str, flow: Id, locale: &str, caller: &Caller) -> Result<Mailed, Fault> {
        let row = self.named(name).await?.filter(|row| self.reads_mail(row));
        let known = row.and_then(|row| Some((row.id, row.email?)));
        let event = Event::new(Kind::MailCodeAsked);
        let event = self.audit_row(caller, known.iter().fold(event, |event, (user, _)| event.user(*user)));
        let mailbox = known.as_ref().map_or(name, |(_, email)| email);
        let has_room = self.has_room_for_mail(MailAsked::SignIn, mailbox, caller).await?;
        let (user, to) = known.unzip();
        let to = to.unwrap_or_default();
        let document = json!(Document { flow, email: to.clone() }).to_string();
        let (secret, link) = self.link_row(PURPOSE, user, document, LIFETIME);
        let (code, token) = (self.mail_codes.code(link.id), secret.to_text());
        let mail = match user {
            Some(_) if has_room => Mail::SignIn { code: code.to_string(), token: token.to_string() },
            _ => Mail::Nothing,
        };
        store::accounts::ask(&self.store, &link, &self.mail_row(&to, &mail, locale), Some(&event)).await?;
        self.mail_waits();
        Ok(Mailed { link: link.id, name: name.to_owned() })
    }

    /// Whether this is what the mail says; it is used then.
    pub async fn check_mail_code(
        &self,
        mailed: &Mailed,
        brought: Brought<'_>,
        caller: &Caller,
    ) -> Result<Tried, Fault> {
        let link = store::links::find(&self.store, mailed.link).await?;
        let link =
            link.filter(|link| link.purpose == PURPOSE && link.used_at.is_none() && self.now() < link.expires_at);
        let user = link.as_ref().and_then(|link| link.user_id);
        let right = match brought {
            Brought::Token(token) => opens(link.as_ref(), token),
            Brought::Code(code) => {
                let of_mail = self.one_of(PURPOSE, mailed.link.as_bytes(), Limit::new(MOST_WRONG, LIFETIME));
                let of_person = self.one_of("mail-codes", names::counted(&mailed.name).as_bytes(), MOST_GUESSES);
                for take in [&of_mail, &of_person] {
                    if let Err(throttled) = self.take_one(("mail-code", take), caller).await? {
                        return Ok(Tried::Throttled(throttled));
                    }
                }
                let right = same(&self.mail_codes.code(mailed.link), code);
                if right && user.is_some() {
                    store::throttles::give_back(&self.store, &[of_person]).await?;
                }
                right
            }
        };
        match (link, user) {
            (Some(link), Some(user)) if right => self.read_the_mail(&link, user).await,
            (_, user) => {
                self.note_wrong(user, "mail", Method::Mail, caller).await?;
                Ok(Tried::Wrong)
            }
        }
    }

    /// The mail's link, while it works.
    pub(crate) async fn open_mail_link(&self, token: &str) -> Result<Option<Opened>, Fault> {
        let Some(link) = self.link(token, PURPOSE).await? else { return Ok(None) };
        Ok(Some(Opened { link: link.id, flow: Document::read(&link)?.flow }))
    }

    /// The code that stands in the mail of this link.
    pub(crate) fn code_of_mail(&self, opened: &Opened) -> Zeroizing<String> {
        self.mail_codes.code(opened.link)
    }

    /// A mailbox that was theirs once proves nobody.
    async fn read_the_mail(&self, link: &Link, user: Id) -> Result<Tried, Fault> {
        let Document { email, .. } = Document::read(link)?;
        let person = self
            .user(user)
            .await?
            .filter(|person| !person.disabled && person.email_verified && person.email.as_deref() == Some(&email));
        let claimed = store::links::claim(&self.store, link.id, self.now()).await?;
        let proven = person.filter(|_| claimed).map(|person| Proven { person, credential: None, method: Method::Mail });
        Ok(proven.into())
    }

    /// Whether this person could prove themselves by a mail.
    pub(super) fn reads_mail(&self, user: &store::users::User) -> bool {
        self.settings.mail_sign_in == MailSignIn::Offered
            && user.email_verified
            && user.email.is_some()
            && user.disabled_at.is_none()
    }
}

fn opens(link: Option<&Link>, token: &str) -> bool {
    match (link, Secret::parse(SecretKind::Link, token)) {
        (Some(link), Some(secret)) => secret.id() == link.id && secret.matches(&link.secret_hash),
        _ => false,
    }
}

/// How somebody groups the digits does not matter.
fn same(code: &str, typed: &str) -> bool {
    let digits: Zeroizing<String> = Zeroizing::new(typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect());
    jose::constant_time_eq(code.as_bytes(), digits.as_bytes())
}

const PURPOSE: &str = "mail-code";
const LIFETIME: Duration = Duration::from_secs(15 * 60);
/// Codes tried for one name, whatever the mail: twenty within the first hour, of a million each.
const MOST_GUESSES: Limit = Limit::new(10, Duration::from_secs(6 * 60));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digits_count_and_not_how_they_are_grouped() {
        for (typed, right) in [("012345", true), ("012 345", true), (" 012-345\n", true), ("12345", false), ("", false)]
        {
            assert_eq!(same("012345", typed), right, "{typed:?}");
        }
    }
}
