//! A sign-in that its person may disown.

use askama::Template;

use super::{Device, Form, Page, device_in_words, renders};
use crate::look::date;

/// `/not-me`: a sign-in from a new device, and the button that says that it was somebody else; `action=disown`.
#[derive(Clone, Debug, Template)]
#[template(path = "not-me.html")]
pub struct NotMe<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The link's token, to be posted back.
    pub token: &'a str,
    /// The browser.
    pub device: Device<'a>,
    /// From where.
    pub place: Option<&'a str>,
    /// When, in seconds since the epoch.
    pub at: i64,
    /// The address that is put back with it.
    pub restores: Option<&'a str>,
}

renders!(NotMe);

impl NotMe<'_> {
    fn device(&self) -> String {
        device_in_words(self.page.locale, &self.device)
    }

    fn moment(&self) -> String {
        date::moment(self.page.locale, self.at)
    }

    fn machine(&self) -> String {
        date::machine(self.at)
    }
}
