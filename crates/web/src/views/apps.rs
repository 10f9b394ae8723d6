//! What an account has allowed apps.

use askama::Template;

use super::sessions::{Device, device_in_words};
use super::{Form, Page, consent, renders};
use crate::look::{date, shown};

/// `/account/apps`. Each app's form posts `id` with `action=withdraw`.
#[derive(Clone, Debug, Template)]
#[template(path = "apps.html")]
pub struct Apps<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where the forms go.
    pub form: Form<'a>,
    /// The apps, the first one first.
    pub apps: &'a [AllowedApp<'a>],
    /// The keys by which apps may answer for the person. `action=end-key`.
    pub keys: &'a [KeptKey<'a>],
    /// What the person has confirmed, the newest first.
    pub confirmed: &'a [Confirmed<'a>],
    /// The address of the account page.
    pub back: &'a str,
}

/// An app that was let in.
#[derive(Clone, Copy, Debug)]
pub struct AllowedApp<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// Who offers it.
    pub owner: Option<&'a str>,
    /// What it may.
    pub scopes: &'a [&'a str],
    /// When that was last answered, in seconds since the epoch.
    pub answered: i64,
    /// Which answer it is.
    pub version: i64,
    /// The address of the receipt.
    pub receipt: &'a str,
    /// The devices without a browser on which it is signed in. `action=end-device` with `device`.
    pub devices: &'a [SignedInDevice<'a>],
}

/// A key that an app keeps in a device.
#[derive(Clone, Copy, Debug)]
pub struct KeptKey<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// The app.
    pub app: &'a str,
    /// What the app calls the device.
    pub name: &'a str,
    /// Since when, in seconds since the epoch.
    pub since: i64,
    /// When it was last used.
    pub used: Option<i64>,
    /// Whether its device's maker vouches for it.
    pub attested: bool,
    /// Whether it is unlocked for each use.
    pub unlocked: bool,
}

/// What a person confirmed.
#[derive(Clone, Copy, Debug)]
pub struct Confirmed<'a> {
    /// The app.
    pub app: &'a str,
    /// What they read.
    pub words: &'a [String],
    /// When, in seconds since the epoch.
    pub at: i64,
    /// The address of the signed record.
    pub record: &'a str,
}

/// A device that was signed in by a code.
#[derive(Clone, Copy, Debug)]
pub struct SignedInDevice<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// What it said of itself.
    pub device: Device<'a>,
    /// From where it asked.
    pub place: Option<&'a str>,
    /// Since when, in seconds since the epoch.
    pub since: i64,
    /// When it was last here.
    pub used: Option<i64>,
}

renders!(Apps);

impl Apps<'_> {
    fn device_words(&self, device: &Device<'_>) -> Option<String> {
        let known = device.browser.is_some() || device.system.is_some();
        known.then(|| device_in_words(self.page.locale, device))
    }

    fn name(&self, text: &str) -> String {
        shown(text)
    }

    fn words(&self, scopes: &[&str]) -> Vec<String> {
        scopes.iter().map(|scope| consent::words(self.page.locale, scope, None)).collect()
    }

    fn moment(&self, seconds: &i64) -> String {
        date::moment(self.page.locale, *seconds)
    }

    fn machine(&self, seconds: &i64) -> String {
        date::machine(*seconds)
    }
}
