//! From a native app into a web client.

use askama::Template;

use super::{Account, App, Form, Page, renders};

/// The step `handoff`: fields `token` and `number`, `action=continue`.
#[derive(Clone, Debug, Template)]
#[template(path = "handoff.html")]
pub struct Handoff<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The client that it leads to.
    pub app: App<'a>,
    /// The name of the app that shows the number.
    pub from: &'a str,
    /// Who would be signed in.
    pub account: Account<'a>,
    /// The token of the one-time address.
    pub token: &'a str,
}

renders!(Handoff);
