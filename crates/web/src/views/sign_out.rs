//! Leaving.

use askama::Template;

use super::{Account, App, Form, Link, Page, renders};
use crate::look::shown;

/// The step `signout`: a request to sign out that nobody has proven is
/// confirmed; `action=signout` and `action=stay`.
#[derive(Clone, Debug, Template)]
#[template(path = "signout.html")]
pub struct SignOut<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, where it is known.
    pub app: Option<App<'a>>,
    /// Who is signed in: all of them would be signed out.
    pub accounts: &'a [Account<'a>],
}

/// Signed out; a way back to the app if there is one.
#[derive(Clone, Debug, Template)]
#[template(path = "signed-out.html")]
pub struct SignedOut<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// The way back, by a registered address.
    pub back: Option<Link<'a>>,
    /// The address of the sign-in page.
    pub sign_in: &'a str,
    /// The addresses at which apps sign out by themselves, each in a frame that nobody sees.
    pub frames: &'a [String],
    /// The names of the apps that could not be told.
    pub untold: &'a [String],
}

renders!(SignOut, SignedOut);

impl SignedOut<'_> {
    fn name(&self, app: &str) -> String {
        shown(app)
    }

    /// Whether the browser may go back by itself: there is something to wait for, and nothing to read.
    fn goes_on(&self) -> bool {
        self.back.is_some() && self.untold.is_empty() && !self.frames.is_empty()
    }
}
