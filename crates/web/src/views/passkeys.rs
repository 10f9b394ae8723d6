//! The passkeys of an account.

use askama::Template;

use super::{Form, Page, PasskeyAsked, Problem, renders};
use crate::look::date;

/// `/account/passkeys`: what there is, to remove each, and to make another.
#[derive(Clone, Debug, Template)]
#[template(path = "passkeys.html")]
pub struct Passkeys<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// The passkeys, the oldest first.
    pub passkeys: &'a [Passkey<'a>],
    /// Where the forms that remove one go: field `id`, `action=remove`.
    pub remove: Form<'a>,
    /// The form that makes one: fields `credential` and `name`, `action=passkey`; `None` where that needs a fresh sign-in.
    pub make: Option<(Form<'a>, PasskeyAsked<'a>)>,
    /// The address at which one signs in anew.
    pub again: &'a str,
    /// What the browser is told to keep, in JSON (Web Authentication Level 3 §5.1.10.3).
    pub accepted: &'a str,
    /// What was wrong.
    pub problem: Option<Problem>,
    /// The address of the account page.
    pub back: &'a str,
}

/// One passkey.
#[derive(Clone, Copy, Debug)]
pub struct Passkey<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// The name that its owner gave it; may be empty.
    pub name: &'a str,
    /// The authenticator's model, where that is known.
    pub model: Option<&'a str>,
    /// Whether it is copied between devices.
    pub synced: bool,
    /// When it was made, in seconds since the epoch.
    pub made: i64,
    /// When it was last used.
    pub used: Option<i64>,
}

renders!(Passkeys);

impl Passkeys<'_> {
    fn trouble(&self) -> Option<String> {
        self.problem.map(|problem| problem.say(self.page.locale))
    }

    fn name(&self, passkey: &Passkey<'_>) -> String {
        match passkey.name {
            "" => passkey.model.map_or_else(|| self.page.say("passkey-unnamed"), str::to_owned),
            name => crate::look::shown(name),
        }
    }

    /// The model, unless it stands as the name already.
    fn model<'a>(&self, passkey: &Passkey<'a>) -> Option<&'a str> {
        passkey.model.filter(|_| !passkey.name.is_empty())
    }

    fn moment(&self, seconds: &i64) -> String {
        date::moment(self.page.locale, *seconds)
    }

    fn machine(&self, seconds: &i64) -> String {
        date::machine(*seconds)
    }
}
