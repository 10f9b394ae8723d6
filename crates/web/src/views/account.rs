//! Accounts that are signed in already.

use askama::Template;

use super::{Account, App, Form, Notice, Page, renders};
use crate::look::date;

/// The step `account`: choose one of the accounts signed in here. The first
/// form has a hidden `action=choose` and a submit button `session=ID` for each;
/// the second has the button `action=other`.
#[derive(Clone, Debug, Template)]
#[template(path = "account.html")]
pub struct Accounts<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where both forms go.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// The accounts, the one used last first.
    pub sessions: &'a [Session<'a>],
}

/// An account that is signed in in this browser.
#[derive(Clone, Copy, Debug)]
pub struct Session<'a> {
    /// The id that the button posts.
    pub id: &'a str,
    /// Whose it is.
    pub account: Account<'a>,
    /// When it was signed in, in seconds since the epoch.
    pub since: i64,
    /// Whether it is the one in use.
    pub current: bool,
}

/// The step `continue`: an app joins a running session; `action=continue` and
/// `action=switch`.
#[derive(Clone, Debug, Template)]
#[template(path = "continue.html")]
pub struct Continue<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks.
    pub app: App<'a>,
    /// Who is signed in.
    pub account: Account<'a>,
}

/// The step `role`: one button `role=NAME` for each, hidden `action=choose`; `action=switch` beside it.
#[derive(Clone, Debug, Template)]
#[template(path = "role.html")]
pub struct ChooseRole<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks.
    pub app: App<'a>,
    /// Who is signed in.
    pub account: Account<'a>,
    /// What they are there.
    pub roles: &'a [String],
}

/// The step `set-up`: `action=switch` and `action=back`; what is asked is set up on the pages of the account.
#[derive(Clone, Debug, Template)]
#[template(path = "set-up.html")]
pub struct SetUp<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks.
    pub app: App<'a>,
    /// Who is signed in.
    pub account: Account<'a>,
    /// Where passkeys are made.
    pub passkeys: &'a str,
    /// Where an authenticator app is set up, if that will do.
    pub codes: Option<&'a str>,
    /// This page, for whoever has done it.
    pub on: &'a str,
}

/// The step `not-admitted`: `action=switch` and `action=back`.
#[derive(Clone, Debug, Template)]
#[template(path = "not-admitted.html")]
pub struct NotAdmitted<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that is not for them.
    pub app: App<'a>,
    /// Who is signed in.
    pub account: Account<'a>,
}

/// `/account`: who I am and what I can change. Its form is the step `signout`,
/// `action=signout`.
#[derive(Clone, Debug, Template)]
#[template(path = "account-home.html")]
pub struct AccountHome<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where the form that signs out goes.
    pub sign_out: Form<'a>,
    /// Who it is.
    pub account: Account<'a>,
    /// The address of their picture, at this origin.
    pub portrait: Option<&'a str>,
    /// The address of the page of the picture.
    pub picture: &'a str,
    /// The address of the page of the profile.
    pub profile: &'a str,
    /// The address of the page of the e-mail address.
    pub email: &'a str,
    /// The address of the page of the phone number.
    pub phone: &'a str,
    /// The address of the page with all that is kept.
    pub data: &'a str,
    /// The address of the page that deletes the account.
    pub delete: &'a str,
    /// The address of the page that changes the password.
    pub change_password: &'a str,
    /// The address of the page of passkeys.
    pub passkeys: &'a str,
    /// The address of the page of one-time codes.
    pub codes: &'a str,
    /// The address of the page of sessions.
    pub where_signed_in: &'a str,
    /// The address of the page of apps.
    pub apps: &'a str,
    /// The accounts signed in in this browser.
    pub sessions: &'a [Session<'a>],
    /// What the person's password manager is told of them, in JSON (Web Authentication Level 3 §5.1.10).
    pub details: &'a str,
    /// What was just done.
    pub notice: Option<Notice>,
}

renders!(Accounts, ChooseRole, Continue, NotAdmitted, SetUp, AccountHome);

impl AccountHome<'_> {
    fn moment(&self, seconds: &i64) -> String {
        date::moment(self.page.locale, *seconds)
    }

    fn machine(&self, seconds: &i64) -> String {
        date::machine(*seconds)
    }
}
