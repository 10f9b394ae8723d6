//! The e-mail address and the phone number of a person.

use askama::Template;

use crate::look::shown;

use super::{Account, Form, Page, Problem, places_its_problem, renders};

/// The step `email`: field `email`, `action=change`.
#[derive(Clone, Debug, Template)]
#[template(path = "email.html")]
pub struct Email<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes; none where the person signs in anew first.
    pub form: Option<Form<'a>>,
    /// Where they do.
    pub again: &'a str,
    /// The address there is.
    pub current: Option<&'a str>,
    /// Whether it was proven.
    pub verified: bool,
    /// The address typed before.
    pub typed: &'a str,
    /// What was wrong.
    pub problem: Option<Problem>,
    /// The address of `/account`.
    pub back: &'a str,
}

/// The step `confirm-email`, where the link of a mail to a new address lands: `action=confirm`.
#[derive(Clone, Debug, Template)]
#[template(path = "confirm-email.html")]
pub struct ConfirmEmail<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The link's token, sent along as the hidden field `token`.
    pub token: &'a str,
    /// The account as it is.
    pub account: Account<'a>,
    /// The address to be.
    pub email: &'a str,
    /// What was wrong.
    pub problem: Option<Problem>,
}

/// The step `phone`: field `phone_number`, `action=save` or `action=remove`.
#[derive(Clone, Debug, Template)]
#[template(path = "phone.html")]
pub struct Phone<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The number there is, or the one typed before.
    pub number: &'a str,
    /// Whether there is one to remove.
    pub known: bool,
    /// What was wrong.
    pub problem: Option<Problem>,
    /// The address of `/account`.
    pub back: &'a str,
}

renders!(Email, ConfirmEmail, Phone);

impl Email<'_> {
    fn shown(&self, address: &str) -> String {
        shown(address)
    }
}

impl ConfirmEmail<'_> {
    fn general(&self) -> Option<String> {
        self.problem.map(|problem| problem.say(self.page.locale))
    }
}

places_its_problem!(Email, Phone);
