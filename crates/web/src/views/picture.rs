//! The picture of a person.

use askama::Template;

use super::{Account, Form, Page, Problem, renders};

/// The step `picture`, a form with the file `picture`, `action=save`; and `picture-remove`, `action=remove`.
#[derive(Clone, Debug, Template)]
#[template(path = "picture.html")]
pub struct Picture<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// Whose it is.
    pub account: Account<'a>,
    /// The address of the picture there is, at this origin.
    pub picture: Option<&'a str>,
    /// Whether there is one to remove, ours or another's.
    pub known: bool,
    /// What was wrong.
    pub problem: Option<Problem>,
    /// The address of `/account`.
    pub back: &'a str,
}

renders!(Picture);

impl Picture<'_> {
    fn says(&self) -> Option<String> {
        self.problem.map(|problem| problem.say(self.page.locale))
    }
}
