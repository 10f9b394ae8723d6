//! All that is kept about a person, and the end of an account.

use askama::Template;

use super::{Account, Form, Page, renders};
use crate::look::date;

/// The step `data`: `action=download`.
#[derive(Clone, Debug, Template)]
#[template(path = "data.html")]
pub struct Data<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes; none where the person signs in anew first.
    pub form: Option<Form<'a>>,
    /// Where they do.
    pub again: &'a str,
    /// The address of `/account`.
    pub back: &'a str,
}

/// The step `delete`: `action=delete`.
#[derive(Clone, Debug, Template)]
#[template(path = "delete.html")]
pub struct Delete<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes; none where the person signs in anew first.
    pub form: Option<Form<'a>>,
    /// Where they do.
    pub again: &'a str,
    /// Whose account it is.
    pub account: Account<'a>,
    /// When it would be deleted, in seconds since the epoch.
    pub at: i64,
    /// The address of the page with all that is kept.
    pub data: &'a str,
    /// The address of `/account`.
    pub back: &'a str,
}

/// The account waits from now on.
#[derive(Clone, Debug, Template)]
#[template(path = "left.html")]
pub struct Left<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// When it is deleted, in seconds since the epoch.
    pub at: i64,
    /// The address of the sign-in page.
    pub sign_in: &'a str,
}

/// The step `leaving`: somebody whose account waits has signed in; `action=undo`.
#[derive(Clone, Debug, Template)]
#[template(path = "leaving.html")]
pub struct Leaving<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// Whose account it is.
    pub account: Account<'a>,
    /// Its session, sent along as the hidden field `session`.
    pub session: &'a str,
    /// When it is deleted, in seconds since the epoch.
    pub at: i64,
}

renders!(Data, Delete, Left, Leaving);

impl Delete<'_> {
    fn when(&self) -> String {
        date::moment(self.page.locale, self.at)
    }
}

impl Left<'_> {
    fn when(&self) -> String {
        date::moment(self.page.locale, self.at)
    }
}

impl Leaving<'_> {
    fn when(&self) -> String {
        date::moment(self.page.locale, self.at)
    }
}
