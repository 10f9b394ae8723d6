//! What stands between a mail and an account: the page that says it was sent, and those that its links open.

use askama::Template;

use super::{Account, App, Form, Page, Problem, places_its_problem, renders};

/// The step `recover`: field `email`, `action=recover`.
#[derive(Clone, Debug, Template)]
#[template(path = "recover.html")]
pub struct Recover<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The address typed before.
    pub email: &'a str,
    /// What was wrong.
    pub problem: Option<Problem>,
    /// The address of the sign-in page.
    pub sign_in: &'a str,
}

/// A mail was sent, or none was, which looks the same.
#[derive(Clone, Debug, Template)]
#[template(path = "mail-sent.html")]
pub struct MailSent<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// The address that was typed.
    pub email: &'a str,
    /// What the mail is for.
    pub purpose: MailPurpose,
    /// Where one can ask once more.
    pub again: &'a str,
}

/// What a mail is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailPurpose {
    /// To confirm the address of a new account.
    SignUp,
    /// To set a new password.
    Recovery,
    /// To confirm the new address of an account.
    NewAddress,
}

/// The step `confirm`, where the link of a sign-up lands: `action=confirm`, and the field `password` where the browser is
/// another than the one that signed up.
#[derive(Clone, Debug, Template)]
#[template(path = "confirm.html")]
pub struct Confirm<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// The link's token, sent along as the hidden field `token`.
    pub token: &'a str,
    /// The account to be.
    pub account: Account<'a>,
    /// The least number of characters of a password, where one is asked for.
    pub password_min: Option<usize>,
    /// What was wrong.
    pub problem: Option<Problem>,
}

/// The step `new-password`, where the link of a recovery lands: fields `password` and `others`, `action=set`.
#[derive(Clone, Debug, Template)]
#[template(path = "new-password.html")]
pub struct NewPassword<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The link's token, sent along as the hidden field `token`.
    pub token: &'a str,
    /// Whose password it is.
    pub account: Account<'a>,
    /// The least number of characters of a password.
    pub password_min: usize,
    /// Whether the box that ends the other sessions is ticked.
    pub others: bool,
    /// What was wrong.
    pub problem: Option<Problem>,
}

renders!(Recover, MailSent, Confirm, NewPassword);

impl MailSent<'_> {
    fn text(&self) -> String {
        let key = match self.purpose {
            MailPurpose::SignUp => "mail-sent-signup",
            MailPurpose::Recovery => "mail-sent-recovery",
            MailPurpose::NewAddress => "mail-sent-address",
        };
        self.page.with(key, "email", self.email)
    }
}

places_its_problem!(Recover, Confirm, NewPassword);
