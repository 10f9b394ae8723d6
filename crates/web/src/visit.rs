//! What a page knows of the request that asked for it.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::request::Parts;
use idp::bindings::Binding;
use idp::caller::Caller;
use idp::flows::Visitor;

use crate::app::App;
use crate::front::Peer;
use crate::look::Locale;
use crate::look_of::LookOf;
use crate::views;

/// The request's trace id, put there by the router.
#[derive(Clone, Debug)]
pub(crate) struct Trace(pub(crate) String);

/// A browser at one of our pages. It has no `Debug`: it holds cookies, and perhaps a link's token.
pub(crate) struct Visit {
    /// The language to speak.
    pub(crate) locale: Locale,
    /// The languages that this page's address wishes: they go on to the pages that follow.
    pub(crate) ui_locales: Option<String>,
    /// The query of this page without `ui_locales`, for the language switch.
    pub(crate) here: String,
    /// For the error page.
    pub(crate) trace: String,
    /// The value of the session cookie, whatever it is.
    pub(crate) session: Option<String>,
    /// The value of the flow cookie, whatever it is.
    pub(crate) binding: Option<String>,
    /// The value of the device cookie, whatever it is.
    pub(crate) device: Option<String>,
    /// The browser's state as scripts read it.
    pub(crate) state: Option<String>,
    /// Whether the browser says that a page of another site sent it (Fetch Metadata §2.4), or its `Origin` does.
    pub(crate) cross_site: bool,
    /// Whether somebody here has declined a passkey not long ago.
    pub(crate) declined_passkey: bool,
    /// How the person who signed in here last wants pages.
    pub(crate) look: LookOf,
    /// Who asks.
    pub(crate) caller: Caller,
    accept_language: Option<String>,
}

impl Visit {
    /// The browser as a flow knows it.
    pub(crate) fn visitor<'a>(&'a self, binding: &'a Binding) -> Visitor<'a> {
        let (session, device) = (self.session.as_deref(), self.device.as_deref());
        Visitor { binding, session, device, caller: &self.caller }
    }

    /// The frame of a page that a GET shows again.
    pub(crate) fn page<'a>(&'a self, app: &'a App) -> views::Page<'a> {
        views::Page { locale: self.locale, brand: app.brand(), theme: self.look.theme, here: Some(&self.here) }
    }

    /// The frame of a page that only this request shows.
    pub(crate) fn passing_page<'a>(&self, app: &'a App) -> views::Page<'a> {
        views::Page { locale: self.locale, brand: app.brand(), theme: self.look.theme, here: None }
    }

    /// Speaks a language that the app wishes, best first (Core §3.1.2.1), unless the page's address wishes one, or the
    /// person here chose one.
    pub(crate) fn speak(&mut self, wished: &[String]) {
        if self.ui_locales.is_none() && self.look.locale.is_none() && !wished.is_empty() {
            self.locale = Locale::choose(Some(&wished.join(" ")), self.accept_language.as_deref());
        }
    }

    fn new(app: &App, parts: &Parts) -> Self {
        let text = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
        let wished = query.iter().find(|(name, _)| name == "ui_locales").map(|(_, value)| value.as_str());
        let look = LookOf::read(app.look_cookie().find(&parts.headers));
        let chosen = wished.and_then(Locale::of_list).or(look.locale);
        let rest = query.iter().filter(|(name, _)| name != "ui_locales");
        Self {
            locale: chosen.unwrap_or_else(|| Locale::choose(None, text(http::header::ACCEPT_LANGUAGE.as_str()))),
            ui_locales: wished.map(str::to_owned),
            accept_language: text(http::header::ACCEPT_LANGUAGE.as_str()).map(str::to_owned),
            here: url::form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish(),
            trace: trace(parts),
            session: app.session_cookie().find(&parts.headers).map(str::to_owned),
            binding: app.flow_cookie().find(&parts.headers).map(str::to_owned),
            device: app.device_cookie().find(&parts.headers).map(str::to_owned),
            state: app.state_cookie().find(&parts.headers).map(str::to_owned),
            cross_site: is_cross_site(&parts.headers, app.origin()),
            declined_passkey: app.declined_cookie().find(&parts.headers).is_some(),
            look,
            caller: caller(parts),
        }
    }
}

/// The request's trace id.
pub(crate) fn trace(parts: &Parts) -> String {
    parts.extensions.get::<Trace>().map(|trace| trace.0.clone()).unwrap_or_default()
}

/// Who asks.
pub(crate) fn caller(parts: &Parts) -> Caller {
    let address = parts.extensions.get::<Peer>().map(|Peer(address)| *address);
    let agent = parts.headers.get(http::header::USER_AGENT).and_then(|agent| agent.to_str().ok());
    Caller::new(address, agent.unwrap_or_default())
}

/// DESIGN §6. A browser that says neither is old; the form's token decides there alone.
fn is_cross_site(headers: &HeaderMap, ours: &str) -> bool {
    match headers.get("sec-fetch-site") {
        Some(site) => site != "same-origin" && site != "none",
        None => headers.get(http::header::ORIGIN).is_some_and(|origin| origin != ours),
    }
}

impl FromRequestParts<App> for Visit {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self::new(app, parts))
    }
}
