//! Leaving.

use askama::Template;

use super::{Account, App, Form, Link, Page, renders};

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
}

renders!(SignOut, SignedOut);
