//! The endpoints that clients call by themselves: token, introspection, revocation.

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::response::Response;
use http::{HeaderMap, StatusCode, header};
use oidc::OAuthError;
use serde::Serialize;

use crate::app::App;
use crate::form::is_form;
use crate::visit::Trace;
use crate::{answer, error};

/// `POST /oauth2/token` (RFC 6749 §3.2).
pub(crate) async fn token(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = match form(&headers) {
        Ok(authorization) => app.context().token(authorization, &body).await,
        Err(error) => Err(error),
    };
    answer_json(&trace, outcome)
}

/// `POST /oauth2/introspect` (RFC 7662 §2).
pub(crate) async fn introspect(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = match form(&headers) {
        Ok(authorization) => app.context().introspect(authorization, &body).await,
        Err(error) => Err(error),
    };
    answer_json(&trace, outcome)
}

/// `POST /oauth2/revoke` (RFC 7009 §2).
pub(crate) async fn revoke(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let outcome = match form(&headers) {
        Ok(authorization) => app.context().revoke(authorization, &body).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(()) => answer::json(StatusCode::OK, Bytes::new()),
        Err(error) => error::json(&trace, &error, Some(BASIC)),
    }
}

/// The `Authorization` header of a request whose body is a form (RFC 6749 §3.2, appendix B).
fn form(headers: &HeaderMap) -> Result<Option<&str>, OAuthError> {
    if !is_form(headers) {
        return Err(OAuthError::invalid_request("the body must be application/x-www-form-urlencoded"));
    }
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next();
    if lines.next().is_some() {
        return Err(OAuthError::invalid_request("more than one Authorization header"));
    }
    let unreadable = |_| OAuthError::invalid_client("the Authorization header is not text");
    line.map(|line| line.to_str()).transpose().map_err(unreadable)
}

fn answer_json(trace: &str, outcome: Result<impl Serialize, OAuthError>) -> Response {
    let written = outcome.and_then(|answer| {
        serde_json::to_vec(&answer)
            .map_err(|fault| OAuthError::new(oidc::ErrorCode::ServerError, "no answer").with_detail(fault.to_string()))
    });
    match written {
        Ok(body) => answer::json(StatusCode::OK, body),
        Err(error) => error::json(trace, &error, Some(BASIC)),
    }
}

/// RFC 6749 §5.2: the scheme that a client may authenticate with.
const BASIC: &str = "Basic realm=\"vestibule\"";
