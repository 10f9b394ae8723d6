//! Setting and changing a password.

use askama::Template;

use super::{Account, Form, Page, Problem, renders};

/// The step `password`: fields `current` and `password`, `action=change`.
#[derive(Clone, Debug, Template)]
#[template(path = "password.html")]
pub struct ChangePassword<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// Whose password it is.
    pub account: Account<'a>,
    /// The least number of characters of a password.
    pub password_min: usize,
    /// What was wrong with the form as a whole.
    pub problem: Option<Problem>,
    /// What was wrong with the current password.
    pub current_problem: Option<Problem>,
    /// What was wrong with the new one.
    pub password_problem: Option<Problem>,
    /// The address of `/account`.
    pub back: &'a str,
}

/// The step `set-password`, where a one-time link lands: field `password`,
/// `action=set`.
#[derive(Clone, Debug, Template)]
#[template(path = "set-password.html")]
pub struct SetPassword<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes. `flow` is not used; the link's token is `token`.
    pub form: Form<'a>,
    /// The one-time token to send along, as the hidden field `token`.
    pub token: &'a str,
    /// Whose password it is.
    pub account: Account<'a>,
    /// The least number of characters of a password.
    pub password_min: usize,
    /// What was wrong.
    pub problem: Option<Problem>,
}

renders!(ChangePassword, SetPassword);

impl ChangePassword<'_> {
    fn says(&self, problem: &Option<Problem>) -> Option<String> {
        problem.map(|problem| problem.say(self.page.locale))
    }

    fn failed(&self) -> bool {
        [self.problem, self.current_problem, self.password_problem].iter().any(Option::is_some)
    }
}

impl SetPassword<'_> {
    fn says(&self, problem: &Option<Problem>) -> Option<String> {
        problem.map(|problem| problem.say(self.page.locale))
    }
}
