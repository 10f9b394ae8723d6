//! What many pages share: the frame, the form, the app that asks, the account.

use std::fmt::Display;

use oidc::profile::Theme;

use crate::look::{Brand, Locale, assets, initials, shown};

/// What every page needs for its frame.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// The language to speak.
    pub locale: Locale,
    /// Whose entrance hall it is.
    pub brand: &'a Brand,
    /// How it looks.
    pub theme: Theme,
    /// The query of the address at which a GET shows this page again (without
    /// `ui_locales` and without `?`; often empty), for the language switch;
    /// `None` where there is no such address, and then no switch is shown.
    pub here: Option<&'a str>,
}

impl<'a> Page<'a> {
    pub(super) fn say(&self, key: &str) -> String {
        self.locale.say(key)
    }

    pub(super) fn with(&self, key: &str, name: &str, value: impl Display) -> String {
        self.locale.with(key, name, value)
    }

    pub(super) fn plain(&self, key: &str, name: &str, value: impl Display) -> String {
        self.locale.plain(key, name, value)
    }

    pub(super) fn asset(&self, name: &str) -> &'static str {
        assets::url(name)
    }

    pub(super) fn brand_name(&self) -> String {
        shown(self.brand.name())
    }

    /// What the attribute `data-theme` says, where the person has chosen.
    pub(super) fn theme_name(&self) -> Option<&'static str> {
        Some(self.theme.name()).filter(|name| !name.is_empty())
    }

    /// What browsers call it (CSS Color Adjustment §2).
    pub(super) fn colour_scheme(&self) -> &'static str {
        self.theme_name().unwrap_or("light dark")
    }

    pub(super) fn logo(&self) -> Option<&'a str> {
        self.brand.logo_address()
    }

    pub(super) fn brand_stylesheet(&self) -> Option<&'a str> {
        self.brand.stylesheet()
    }

    pub(super) fn languages(&self) -> Vec<Language> {
        let Some(here) = self.here else {
            return Vec::new();
        };
        let before = if here.is_empty() { String::new() } else { format!("{here}&") };
        Locale::ALL
            .into_iter()
            .map(|locale| Language {
                tag: locale.tag(),
                dir: locale.dir(),
                name: locale.own_name(),
                address: format!("?{before}ui_locales={}", locale.tag()),
                current: locale == self.locale,
            })
            .collect()
    }
}

/// An entry of the language switch.
pub(crate) struct Language {
    pub(crate) tag: &'static str,
    pub(crate) dir: &'static str,
    pub(crate) name: &'static str,
    pub(crate) address: String,
    pub(crate) current: bool,
}

/// Where a form goes and what it carries unseen.
#[derive(Clone, Copy, Debug)]
pub struct Form<'a> {
    /// The address it is posted to.
    pub to: &'a str,
    /// The token against cross-site requests.
    pub csrf: &'a str,
    /// The flow it belongs to, within one.
    pub flow: Option<&'a str>,
}

/// The app that asks.
#[derive(Clone, Copy, Debug)]
pub struct App<'a> {
    /// Its name, as its owner wrote it.
    pub name: &'a str,
    /// Its logo, at an address on this origin.
    pub logo: Option<&'a str>,
}

impl App<'_> {
    pub(super) fn initials(&self) -> String {
        initials(self.name)
    }
}

/// Somebody's account.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The person's name; may be empty, and then the e-mail address stands for it.
    pub name: &'a str,
    /// The e-mail address or the username: what tells two accounts apart.
    pub email: &'a str,
}

impl Account<'_> {
    pub(super) fn shown(&self) -> String {
        let name = shown(self.name);
        if name.trim().is_empty() { self.address() } else { name }
    }

    pub(super) fn address(&self) -> String {
        shown(self.email)
    }

    pub(super) fn has_name(&self) -> bool {
        self.shown() != self.address()
    }

    pub(super) fn initials(&self) -> String {
        initials(&self.shown())
    }
}

/// A way onward.
#[derive(Clone, Copy, Debug)]
pub struct Link<'a> {
    /// The address; the caller has checked that it is one to offer.
    pub address: &'a str,
    /// The name of the app or place it leads to.
    pub name: &'a str,
}
