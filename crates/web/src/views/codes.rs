//! The authenticator app and the recovery codes of an account.

use askama::Template;

use super::{Form, Page, Problem, renders};
use crate::look::date;

/// `/account/codes`: set up an authenticator app, remove it, make recovery codes.
#[derive(Clone, Debug, Template)]
#[template(path = "codes.html")]
pub struct Codes<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where all forms go: `action=verify` with `offer` and `code`, `action=remove`, `action=renew`.
    pub form: Form<'a>,
    /// Whether the sign-in is fresh enough to change anything.
    pub fresh: bool,
    /// The address at which one signs in anew.
    pub again: &'a str,
    /// The app that is set up: since when, in seconds since the epoch.
    pub app_since: Option<i64>,
    /// What an app is set up with, where none is.
    pub offer: Option<TotpOffer<'a>>,
    /// How many recovery codes are left, and when they were made.
    pub recovery: Option<(usize, i64)>,
    /// What was wrong with the code typed, or why the app was not removed.
    pub problem: Option<Problem>,
    /// The address at which the password is changed.
    pub password: &'a str,
    /// The address of the account page.
    pub back: &'a str,
}

/// What an authenticator app is set up with.
#[derive(Clone, Copy, Debug)]
pub struct TotpOffer<'a> {
    /// The QR code, as SVG of our own making.
    pub picture: &'a str,
    /// The secret in groups, to be typed.
    pub secret: &'a str,
    /// The field `offer`.
    pub sealed: &'a str,
}

/// The recovery codes, shown once.
#[derive(Clone, Debug, Template)]
#[template(path = "recovery-codes.html")]
pub struct RecoveryCodes<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where `action=download` goes, with the field `codes`.
    pub form: Form<'a>,
    /// The codes.
    pub codes: &'a [&'a str],
    /// The address of the page before.
    pub back: &'a str,
}

renders!(Codes, RecoveryCodes);

impl Codes<'_> {
    fn at_field(&self) -> Option<String> {
        self.problem.filter(|problem| !Self::is_of_password(problem)).map(|problem| problem.say(self.page.locale))
    }

    fn of_password(&self) -> Option<String> {
        self.problem.filter(Self::is_of_password).map(|problem| problem.say(self.page.locale))
    }

    fn is_of_password(problem: &Problem) -> bool {
        matches!(problem, Problem::PasswordLeans { .. })
    }

    fn left(&self, count: &usize) -> String {
        self.page.locale.count("recovery-left", "count", *count)
    }

    fn few(&self) -> bool {
        self.recovery.is_some_and(|(count, _)| count < FEW)
    }

    fn moment(&self, seconds: &i64) -> String {
        date::moment(self.page.locale, *seconds)
    }

    fn machine(&self, seconds: &i64) -> String {
        date::machine(*seconds)
    }
}

impl RecoveryCodes<'_> {
    fn joined(&self) -> String {
        self.codes.join(" ")
    }
}

/// So many codes are a reason to make new ones.
const FEW: usize = 3;
