//! The headers of answers, in one place.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::app::App;

/// What a page may do besides what all may, as its Content-Security-Policy says.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Allowed<'a> {
    /// The origins that its forms may lead to by a redirect, besides our own: Chromium holds `form-action` against
    /// redirects too.
    pub(crate) form_targets: &'a [String],
    /// The origins that it shows in frames.
    pub(crate) frames: &'a [String],
}

/// A page. `form_targets` are the origins that its forms may lead to by a redirect, besides our own: Chromium holds
/// `form-action` against redirects too.
pub(crate) fn page(app: &App, status: StatusCode, html: String, form_targets: &[String]) -> Response {
    page_that_may(app, status, html, Allowed { form_targets, ..Allowed::default() })
}

/// A page that may do more than others.
pub(crate) fn page_that_may(app: &App, status: StatusCode, html: String, allowed: Allowed<'_>) -> Response {
    let listed = |origins: &[String]| origins.iter().map(|origin| format!(" {origin}")).collect::<String>();
    let frames = match allowed.frames {
        [] => String::new(),
        origins => format!("; frame-src{}", listed(origins)),
    };
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; \
         frame-ancestors 'none'; form-action 'self'{}{frames}",
        listed(allowed.form_targets)
    );
    let mut response = Response::new(Body::from(html));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    for (name, value) in GUARDS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if app.origin().starts_with("https:") {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}

/// A redirect that is followed by GET whatever came before (RFC 9700 §4.12).
pub(crate) fn see_other(to: &str) -> Response {
    let mut response = Response::new(Body::empty());
    match HeaderValue::try_from(to) {
        Ok(to) => {
            *response.status_mut() = StatusCode::SEE_OTHER;
            response.headers_mut().insert(header::LOCATION, to);
        }
        Err(_) => *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR,
    }
    for (name, value) in GUARDS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// JSON that nobody may keep (RFC 6749 §5.1).
pub(crate) fn json(status: StatusCode, body: impl Into<Body>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// The same answer with how many seconds to wait (RFC 9110 §10.2.3, RFC 6585 §4).
pub(crate) fn retry_after(mut response: Response, seconds: u64) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// The same answer with a cookie.
pub(crate) fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

const GUARDS: [(HeaderName, &str); 4] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "same-origin"),
];
