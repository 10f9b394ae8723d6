//! `/forward-auth`: what reverse proxies ask about each request to a plain website.
//!
//! nginx (`auth_request`) sends the whole address as `X-Original-URL` and understands 2xx, 401 and 403 alone; Traefik and
//! Caddy send it in parts, as `X-Forwarded-Host` and `X-Forwarded-Uri`, and take any other answer to the browser, so that
//! they are given the redirect itself. A request with both is nobody's: one of them came from outside.

pub(crate) mod hops;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use idp::sites::{Admission, Visitor};
use oidc::site::Address;

use crate::answer;
use crate::app::App;
use crate::front::Forwarded;

/// Where proxies ask.
pub(crate) const PATH: &str = "/forward-auth";

/// Which proxy asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// It understands statuses alone.
    Status,
    /// It takes the answer to the browser.
    Redirect,
}

/// Any method: a proxy may ask by that of the request it asks about.
pub(crate) async fn forward_auth(State(app): State<App>, request: Request) -> Response {
    let forwarded = request.extensions().get::<Forwarded>();
    let Some((mode, address)) = forwarded.and_then(asked) else {
        tracing::info!("a request to /forward-auth says nothing that may be believed: see trusted_proxies");
        return refused(StatusCode::FORBIDDEN, "no trusted proxy has said which address this is about\n");
    };
    let headers = request.headers();
    let cookie = app.site_cookie().find(headers);
    match app.context().forward_auth(&address, cookie).await {
        Ok(Admission::Enter(None)) => told(&app, headers, None),
        Ok(Admission::Enter(Some((visitor, assertion)))) => told(&app, headers, Some((&visitor, &assertion))),
        Ok(Admission::SignIn) => sign_in(&app, (mode, headers), &address, CHALLENGE),
        Ok(Admission::StepUp { acr, max_age }) => {
            sign_in(&app, (mode, headers), &address, &challenge(acr.as_deref(), max_age))
        }
        Ok(Admission::Forbidden) => refused(StatusCode::FORBIDDEN, "this account may not see this page\n"),
        Err(fault) => {
            tracing::error!(%fault, "nobody can be let through");
            // No status that a proxy could take for a yes; nginx would make another of one that it does not understand.
            let status = if mode == Mode::Status { StatusCode::FORBIDDEN } else { StatusCode::SERVICE_UNAVAILABLE };
            refused(status, "the sign-in is out of order; try again soon\n")
        }
    }
}

/// What is asked, by whom.
fn asked(forwarded: &Forwarded) -> Option<(Mode, Address)> {
    match forwarded {
        Forwarded { original_url: Some(url), host: None, uri: None } => Some((Mode::Status, Address::of_url(url)?)),
        Forwarded { original_url: None, host: Some(host), uri: Some(uri) } => {
            Some((Mode::Redirect, Address::of_parts(host, uri)?))
        }
        _ => None,
    }
}

/// A yes: whom the site is told of, and the cookies that are the site's own. Each header is there, so that a proxy that
/// copies it puts it in the place of one from outside.
fn told(app: &App, request: &HeaderMap, known: Option<(&Visitor, &str)>) -> Response {
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    let groups = known.map(|(visitor, _)| visitor.groups().join(","));
    for (name, value) in [
        (USER, known.map(|(visitor, _)| visitor.login())),
        (EMAIL, known.and_then(|(visitor, _)| visitor.email())),
        (NAME, known.and_then(|(visitor, _)| visitor.name())),
        (GROUPS, groups.as_deref()),
        (ASSERTION, known.map(|(_, assertion)| assertion)),
    ] {
        // Names and groups may hold any letter: they go as UTF-8 (RFC 9110 §5.5 `obs-text`).
        let value = HeaderValue::from_bytes(value.unwrap_or_default().as_bytes());
        headers.insert(name, value.unwrap_or(EMPTY));
    }
    headers.insert(header::COOKIE, rest_of_cookies(request, app.site_cookie().name()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The request's cookies without the sites' own, however often that stands there.
fn rest_of_cookies(headers: &HeaderMap, ours: &str) -> HeaderValue {
    let mut rest: Vec<u8> = Vec::new();
    for line in headers.get_all(header::COOKIE) {
        for pair in line.as_bytes().split(|byte| *byte == b';') {
            let pair = pair.trim_ascii();
            let name = pair.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
            if pair.is_empty() || name == ours.as_bytes() {
                continue;
            }
            if !rest.is_empty() {
                rest.extend_from_slice(b"; ");
            }
            rest.extend_from_slice(pair);
        }
    }
    HeaderValue::from_bytes(&rest).unwrap_or(EMPTY)
}

/// Somebody has to come by. Who asks for more than a page (a script, a picture, a form) is not led to one.
fn sign_in(app: &App, (mode, headers): (Mode, &HeaderMap), address: &Address, challenge: &str) -> Response {
    let to = address.to_url(app.scheme());
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("to", &to).finish();
    let location = format!("{}/forward-auth/signin?{query}", app.context().issuer());
    if mode == Mode::Redirect && is_navigation(headers) {
        return answer::see_other(&location);
    }
    let mut response = refused(StatusCode::UNAUTHORIZED, "sign in first\n");
    let headers = response.headers_mut();
    if let Ok(challenge) = HeaderValue::try_from(challenge) {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
    // For nginx, which takes it from here to the browser: `auth_request_set $signin $upstream_http_location`.
    if let Ok(location) = HeaderValue::try_from(location) {
        headers.insert(header::LOCATION, location);
    }
    response
}

/// Whether a browser wants to go there (Fetch Metadata §2.3); an old one says that it wants a page.
fn is_navigation(headers: &HeaderMap) -> bool {
    match headers.get("sec-fetch-mode") {
        Some(mode) => mode == "navigate",
        None => {
            let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok());
            accepted.is_some_and(|accepted| accepted.contains("text/html"))
        }
    }
}

/// RFC 9470 §3, in a scheme of ours: no header of a browser answers it.
fn challenge(acr: Option<&str>, max_age: Option<u64>) -> String {
    let acr = acr.map(|acr| format!(", acr_values=\"{acr}\"")).unwrap_or_default();
    let age = max_age.map(|seconds| format!(", max_age=\"{seconds}\"")).unwrap_or_default();
    format!("{CHALLENGE} error=\"insufficient_user_authentication\"{acr}{age}")
}

fn refused(status: StatusCode, words: &'static str) -> Response {
    let mut response = Response::new(Body::from(words));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The scheme of a challenge (RFC 9110 §11.1): the answer to it is the sites' cookie.
const CHALLENGE: &str = "Vestibule-Site";
const USER: HeaderName = HeaderName::from_static("remote-user");
const EMAIL: HeaderName = HeaderName::from_static("remote-email");
const GROUPS: HeaderName = HeaderName::from_static("remote-groups");
const NAME: HeaderName = HeaderName::from_static("remote-name");
const ASSERTION: HeaderName = HeaderName::from_static("remote-assertion");
const EMPTY: HeaderValue = HeaderValue::from_static("");
