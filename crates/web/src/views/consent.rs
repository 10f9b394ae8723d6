//! What an app may see and do, asked before it may.

use askama::Template;

use oidc::details::Part;

use super::sessions::{Device, device_in_words};
use super::{Account, App, Form, Page, renders};
use crate::look::{Locale, date, shown};

/// The step `consent`: a checkbox `scope` for each optional scope,
/// `action=allow` and `action=deny`.
#[derive(Clone, Debug, Template)]
#[template(path = "consent.html")]
pub struct Consent<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks.
    pub app: App<'a>,
    /// Who runs the app, where that is known.
    pub owner: Option<&'a str>,
    /// The host of the redirect URI, or its scheme for a native app: where the
    /// answer goes, which no app can choose freely.
    pub host: &'a str,
    /// Whether the app can be known to be the one it says.
    pub identity: Identity,
    /// The device without a browser that asks, where one does: the answer goes there.
    pub device: Option<AskingDevice<'a>>,
    /// Whose consent is asked.
    pub account: Account<'a>,
    /// What the app cannot do without.
    pub required: &'a [Scope<'a>],
    /// What it wants to do in the terms of types, a sentence for each (RFC 9396).
    pub details: &'a [Vec<Part>],
    /// What can be left out.
    pub optional: &'a [Scope<'a>],
    /// `policy_uri` of the client.
    pub policy: Option<&'a str>,
    /// `tos_uri` of the client.
    pub terms: Option<&'a str>,
    /// Where the person agreed to other terms: when, in seconds since the epoch.
    pub outdated: Option<i64>,
}

/// Whether somebody else could pass for this app (RFC 8252 §8.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The answer reaches this app alone.
    Assured,
    /// A native app on a loopback address or a private scheme, which any
    /// program on the device can take.
    Unassured,
}

/// A device without a browser that asks for an app (RFC 8628 §5.4): whoever answers must be able to tell it from one that
/// somebody else has at hand.
#[derive(Clone, Copy, Debug)]
pub struct AskingDevice<'a> {
    /// What it says of itself.
    pub device: Device<'a>,
    /// From where it asked.
    pub place: Option<&'a str>,
    /// When, in seconds since the epoch.
    pub asked: i64,
}

/// A scope that an app asks for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Its name (RFC 6749 §3.3).
    pub name: &'a str,
    /// What it means, in the words of whoever defined it; scopes of OpenID
    /// Connect have words of their own in the catalogue.
    pub description: Option<&'a str>,
    /// Whether its checkbox is ticked to begin with; of no meaning where it is
    /// required.
    pub ticked: bool,
}

renders!(Consent);

impl Consent<'_> {
    fn unassured(&self) -> bool {
        self.identity == Identity::Unassured
    }

    fn device_words(&self, device: &AskingDevice<'_>) -> Option<String> {
        let known = device.device.browser.is_some() || device.device.system.is_some();
        known.then(|| device_in_words(self.page.locale, &device.device))
    }

    fn host_shown(&self) -> String {
        shown(self.host)
    }

    fn moment(&self, seconds: &i64) -> String {
        date::moment(self.page.locale, *seconds)
    }

    fn machine(&self, seconds: &i64) -> String {
        date::machine(*seconds)
    }

    fn words(&self, scope: &Scope<'_>) -> String {
        words(self.page.locale, scope.name, scope.description)
    }
}

/// What a scope means, as text alone.
pub(crate) fn scope_words(locale: Locale, scope: &str) -> String {
    words(locale, scope, None)
}

/// What a scope means, in the words of the catalogue, or of whoever defined it.
pub(super) fn words(locale: Locale, scope: &str, description: Option<&str>) -> String {
    match (key(scope), description) {
        (Some(key), _) => locale.say(key),
        (None, Some(description)) => shown(description),
        (None, None) => locale.with("scope-other", "scope", scope),
    }
}

/// OpenID Connect Core §5.4 and §11, and scopes of ours.
fn key(scope: &str) -> Option<&'static str> {
    Some(match scope {
        "openid" => "scope-openid",
        "profile" => "scope-profile",
        "email" => "scope-email",
        "phone" => "scope-phone",
        "address" => "scope-address",
        "offline_access" => "scope-offline-access",
        "device_sso" => "scope-device-sso",
        "groups" => "scope-groups",
        "roles" => "scope-roles",
        _ => return None,
    })
}
