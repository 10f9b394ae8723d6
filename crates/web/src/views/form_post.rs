//! The answer to the app by way of a form (OAuth 2.0 Form Post Response Mode).

use askama::Template;

use super::{App, Page, renders};

/// A form that a script sends to the client at once; without JavaScript its
/// button does. It carries the answer's fields and nothing of ours.
#[derive(Clone, Debug, Template)]
#[template(path = "form_post.html")]
pub struct FormPost<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// The app that gets the answer.
    pub app: App<'a>,
    /// Its redirect URI.
    pub to: &'a str,
    /// Names and values, exactly as they are to arrive.
    pub fields: &'a [(&'a str, &'a str)],
}

renders!(FormPost);
