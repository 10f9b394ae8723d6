//! Where an account is signed in.

use askama::Template;
use fluent_bundle::FluentArgs;

use super::{Form, Page, consent, renders};
use crate::look::{Locale, date, shown};

/// `/account/sessions`. Every form posts to the same address, with `id` where it is about one.
#[derive(Clone, Debug, Template)]
#[template(path = "sessions.html")]
pub struct Sessions<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where the forms go.
    pub form: Form<'a>,
    /// The sessions, the one used last first, each with its containers after it. `action=end` ends one, `action=end-others` all
    /// but the one in use.
    pub sessions: &'a [Whereabout<'a>],
    /// What apps may do while the person is away. `action=end-grant`.
    pub grants: &'a [OfflineGrant<'a>],
    /// The devices by which the person is known, signed in or not. `action=forget`.
    pub devices: &'a [KnownDevice<'a>],
    /// The address of the account page.
    pub back: &'a str,
}

/// A session.
#[derive(Clone, Copy, Debug)]
pub struct Whereabout<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// Whether it is the one in use.
    pub current: bool,
    /// The browser.
    pub device: Device<'a>,
    /// From where.
    pub place: Option<&'a str>,
    /// When it began, in seconds since the epoch.
    pub since: i64,
    /// When it was last used.
    pub used: i64,
    /// The names of the apps in it that are in no container.
    pub apps: &'a [(&'a str, i64)],
    /// The containers of native apps that share it.
    pub containers: &'a [Container<'a>],
}

/// The native apps of one developer that share a session. `action=end-container` ends all of it, `action=end-app` with `app` one
/// of them.
#[derive(Clone, Copy, Debug)]
pub struct Container<'a> {
    /// The id that its forms post.
    pub id: &'a str,
    /// Whose apps they are.
    pub group: &'a str,
    /// Since when, in seconds since the epoch.
    pub since: i64,
    /// When one of them was last let in.
    pub used: i64,
    /// The apps.
    pub apps: &'a [ContainerApp<'a>],
}

/// An app of a container.
#[derive(Clone, Copy, Debug)]
pub struct ContainerApp<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// Its name.
    pub name: &'a str,
    /// When it was last let in.
    pub used: i64,
}

/// A browser and the system that it runs on, where they are known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Device<'a> {
    /// The browser.
    pub browser: Option<&'a str>,
    /// The system.
    pub system: Option<&'a str>,
}

/// A device by which a person is known.
#[derive(Clone, Copy, Debug)]
pub struct KnownDevice<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// The browser.
    pub device: Device<'a>,
    /// From where.
    pub place: Option<&'a str>,
    /// When it was first seen, in seconds since the epoch.
    pub since: i64,
    /// When it was last seen.
    pub used: i64,
    /// Until when no second factor is asked there.
    pub remembered_until: Option<i64>,
}

/// What an app may do while the person is away.
#[derive(Clone, Copy, Debug)]
pub struct OfflineGrant<'a> {
    /// The id that its form posts.
    pub id: &'a str,
    /// The app.
    pub app: &'a str,
    /// What it may.
    pub scopes: &'a [&'a str],
    /// Since when.
    pub since: i64,
    /// When it was last here.
    pub used: Option<i64>,
}

renders!(Sessions);

/// A device in words, such as «Firefox on Linux».
pub fn device_in_words(locale: Locale, device: &Device<'_>) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => {
            let mut args = FluentArgs::with_capacity(2);
            args.set("browser", browser);
            args.set("system", system);
            locale.format("device-on", &args)
        }
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => locale.say("device-unknown"),
    }
}

impl Sessions<'_> {
    /// Whether there is somewhere else to sign out.
    fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.current)
    }

    fn device(&self, device: &Device<'_>) -> String {
        device_in_words(self.page.locale, device)
    }

    fn name(&self, app: &str) -> String {
        shown(app)
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
