//! What went wrong, and what to do about it.

use askama::Template;

use super::{Link, Page, renders};
use crate::look::shown;

/// The step `error`, without a form.
#[derive(Clone, Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// What to tell people.
    pub kind: ErrorKind,
    /// The OAuth code, for `data-error`.
    pub code: &'a str,
    /// The trace id, for `data-trace` and the foot of the page.
    pub trace: &'a str,
    /// The public text for developers (`error_description`).
    pub detail: Option<&'a str>,
    /// The way back to the app, if its address may be offered.
    pub back: Option<Link<'a>>,
}

/// What an error means to the person who meets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The app asked in a way that cannot be answered.
    AppFault,
    /// The request did not come from an app that is known here.
    UnknownApp,
    /// The app was there until a day, which has passed.
    AppEnded,
    /// The person, or a rule, said no.
    Denied,
    /// The flow has expired, was finished, or began in another browser.
    FlowGone,
    /// The form was too old or came from elsewhere.
    StaleForm,
    /// Nothing is at this address.
    NotFound,
    /// The request was larger than allowed, or malformed.
    BadRequest,
    /// Too much to do just now.
    Busy,
    /// It is our fault.
    Ours,
}

impl ErrorKind {
    /// The kind that an error code of OAuth or OpenID Connect usually means.
    pub fn of(code: &str) -> Self {
        match code {
            "access_denied" => Self::Denied,
            "invalid_client" | "unauthorized_client" | "invalid_redirect_uri" => Self::UnknownApp,
            "server_error" => Self::Ours,
            "temporarily_unavailable" => Self::Busy,
            _ => Self::AppFault,
        }
    }

    fn keys(self) -> [&'static str; 2] {
        match self {
            Self::AppFault => ["error-app-title", "error-app-text"],
            Self::UnknownApp => ["error-unknown-app-title", "error-unknown-app-text"],
            Self::AppEnded => ["error-ended-title", "error-ended-text"],
            Self::Denied => ["error-denied-title", "error-denied-text"],
            Self::FlowGone => ["error-gone-title", "error-gone-text"],
            Self::StaleForm => ["error-stale-title", "error-stale-text"],
            Self::NotFound => ["error-not-found-title", "error-not-found-text"],
            Self::BadRequest => ["error-bad-title", "error-bad-text"],
            Self::Busy => ["error-busy-title", "error-busy-text"],
            Self::Ours => ["error-ours-title", "error-ours-text"],
        }
    }
}

renders!(ErrorPage);

impl ErrorPage<'_> {
    fn title(&self) -> String {
        self.page.say(self.kind.keys()[0])
    }

    fn text(&self) -> String {
        self.page.say(self.kind.keys()[1])
    }

    fn detail_shown(&self) -> Option<String> {
        self.detail.map(shown)
    }
}
