//! Errors as answers: the one place where one becomes a page or JSON.

use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use oidc::{ErrorCode, OAuthError};

use crate::answer;
use crate::app::App;
use crate::views::{ErrorKind, ErrorPage};
use crate::visit::Visit;

/// An error page; `kind` says what it means to the person who sees it.
pub(crate) fn page(app: &App, visit: &Visit, kind: ErrorKind, error: &OAuthError) -> Response {
    note(&visit.trace, error);
    let html = ErrorPage {
        page: visit.passing_page(app),
        kind,
        code: error.code.as_str(),
        trace: &visit.trace,
        detail: Some(&error.description),
        back: None,
    }
    .render();
    let status = match kind {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Ours => StatusCode::INTERNAL_SERVER_ERROR,
        ErrorKind::StaleForm | ErrorKind::Denied | ErrorKind::AppEnded => StatusCode::FORBIDDEN,
        _ => StatusCode::BAD_REQUEST,
    };
    answer::page(app, status, html, &[])
}

/// The error page for what its code usually means.
pub(crate) fn usual_page(app: &App, visit: &Visit, error: &OAuthError) -> Response {
    page(app, visit, ErrorKind::of(error.code.as_str()), error)
}

/// The JSON of RFC 6749 §5.2. `challenge` is the scheme that a 401 names.
pub(crate) fn json(trace: &str, error: &OAuthError, challenge: Option<&str>) -> Response {
    note(trace, error);
    let mut body = serde_json::json!({ "error": error.code.as_str(), "error_description": error.description });
    if let Some(address) = &error.goes_on_at {
        body["authorization_uri"] = address.as_str().into();
    }
    let status = match error.retry_after {
        Some(_) => StatusCode::TOO_MANY_REQUESTS,
        None => StatusCode::from_u16(error.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
    };
    let mut response = answer::json(status, body.to_string());
    if let Some(seconds) = error.retry_after {
        response = answer::retry_after(response, seconds);
    }
    if status == StatusCode::UNAUTHORIZED
        && let Some(challenge) = challenge.and_then(|challenge| HeaderValue::try_from(challenge).ok())
    {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}

/// What the log keeps; the caller knows the trace.
pub(crate) fn note(trace: &str, error: &OAuthError) {
    let (code, detail) = (error.code.as_str(), error.detail.as_deref().unwrap_or_default());
    match error.code {
        ErrorCode::ServerError | ErrorCode::TemporarilyUnavailable if error.retry_after.is_none() => {
            tracing::error!(trace, code, detail, "{}", error.description);
        }
        _ => tracing::info!(trace, code, detail, "{}", error.description),
    }
}
