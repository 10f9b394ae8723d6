//! From a native app into a web client.

use askama::Template;

use super::{Account, App, Form, Page, renders};

/// How it is shown that whoever has the page open is at the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandoffBy<'a> {
    /// By the number that the app shows.
    Number,
    /// By the app itself, which is asked.
    App,
    /// By what the app has signed.
    Proof(&'a str),
}

/// The step `handoff`: the field `token`, and `number` with `action=continue`; or `action=ask`; or `proof`, with
/// `action=continue`, and then it sends itself.
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
    /// How it goes on.
    pub by: HandoffBy<'a>,
}

renders!(Handoff);
