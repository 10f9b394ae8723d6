//! A new account.

use askama::Template;

use super::{App, Form, Page, Problem, renders};

/// The step `signup`: fields `email`, `name` and `password`, `action=signup`.
#[derive(Clone, Debug, Template)]
#[template(path = "signup.html")]
pub struct SignUp<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// The e-mail address typed before, or given with an invitation.
    pub email: &'a str,
    /// The name typed before.
    pub name: &'a str,
    /// The least number of characters of a password.
    pub password_min: usize,
    /// What was wrong with the last attempt.
    pub problems: SignUpProblems,
    /// The address of the sign-in page.
    pub sign_in: &'a str,
}

/// What was wrong, field by field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SignUpProblems {
    /// With the form as a whole.
    pub form: Option<Problem>,
    /// With the e-mail address.
    pub email: Option<Problem>,
    /// With the name.
    pub name: Option<Problem>,
    /// With the password.
    pub password: Option<Problem>,
}

impl SignUpProblems {
    fn any(&self) -> bool {
        *self != Self::default()
    }
}

renders!(SignUp);

impl SignUp<'_> {
    fn says(&self, problem: &Option<Problem>) -> Option<String> {
        problem.map(|problem| problem.say(self.page.locale))
    }
}
