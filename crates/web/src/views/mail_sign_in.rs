//! A sign-in by mail.

use askama::Template;

use super::{App, Form, Page, Problem, places_its_problem, renders};

/// The step `email-code`: field `code`, `action=verify`; `again` and `other` beside it.
#[derive(Clone, Debug, Template)]
#[template(path = "email-code.html")]
pub struct EnterCode<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// What was typed as the name.
    pub name: &'a str,
    /// What was wrong with the last code.
    pub problem: Option<Problem>,
}

/// The same step, by the link of the mail: field `token`, `action=verify`.
#[derive(Clone, Debug, Template)]
#[template(path = "email-link.html")]
pub struct MailLink<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// The link's token.
    pub token: &'a str,
}

/// What the link shows in another browser than the one that asked for the mail.
#[derive(Clone, Debug, Template)]
#[template(path = "mailed-code.html")]
pub struct MailedCode<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Six digits.
    pub code: &'a str,
}

impl MailedCode<'_> {
    /// In two groups, as people read it out.
    fn grouped(&self) -> String {
        let (one, other) = self.code.split_at(self.code.len() / 2);
        format!("{one} {other}")
    }
}

renders!(EnterCode, MailLink, MailedCode);
places_its_problem!(EnterCode);
