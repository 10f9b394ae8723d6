//! Username and password on one page.

use askama::Template;

use super::{App, Form, Page, Problem, places_its_problem, renders};

/// The step `signin`: fields `username` and `password`, `action=signin`.
#[derive(Clone, Debug, Template)]
#[template(path = "signin.html")]
pub struct SignIn<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// What was typed before, or the `login_hint`; else empty.
    pub username: &'a str,
    /// What was wrong with the last attempt.
    pub problem: Option<Problem>,
    /// How a passkey is asked for; the form posts `credential` with `action=passkey`.
    pub passkey: PasskeyAsked<'a>,
    /// The address of the sign-up page, where that is open.
    pub sign_up: Option<&'a str>,
    /// Whether a code may be asked for by mail (`action=email-code`).
    pub by_mail: bool,
}

/// A form that a script fills with a browser's answer.
#[derive(Clone, Copy, Debug)]
pub struct PasskeyAsked<'a> {
    /// Where it goes.
    pub to: &'a str,
    /// What the browser is asked, in JSON (Web Authentication Level 3 §5.1.8, §5.1.9).
    pub options: &'a str,
}

renders!(SignIn);
places_its_problem!(SignIn);

impl SignIn<'_> {
    /// What lets somebody in who is told to wait.
    fn at_once(&self) -> Option<String> {
        match (self.problem, self.by_mail) {
            (Some(Problem::TooManyAttempts { .. }), true) => Some(self.page.say("attempts-passkey-or-mail")),
            (Some(Problem::TooManyAttempts { .. }), false) => Some(self.page.say("attempts-passkey")),
            _ => None,
        }
    }
}
