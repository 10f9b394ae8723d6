//! `/oauth2/userinfo` (Core §5.3), by GET and POST.

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use idp::UserInfo;
use oidc::request::Params;
use oidc::{ErrorCode, OAuthError};

use crate::app::App;
use crate::form::is_form;
use crate::visit::Trace;
use crate::{answer, error};

pub(crate) async fn userinfo(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let token = match bearer(&headers, &body) {
        Ok(Some(token)) => token,
        Ok(None) => return unasked(),
        Err(error) => return refused(&trace, &error),
    };
    match app.context().userinfo(&token).await {
        Ok(UserInfo::Plain(claims)) => answer::json(StatusCode::OK, serde_json::Value::Object(claims).to_string()),
        Ok(UserInfo::Signed(jwt)) => {
            let mut response = answer::json(StatusCode::OK, jwt);
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/jwt"));
            response
        }
        Err(error) => refused(&trace, &error),
    }
}

/// RFC 6750 §2: in the header or in a form; never in the query, where it would stand in logs (RFC 9700 §4.3.2).
fn bearer(headers: &HeaderMap, body: &[u8]) -> Result<Option<String>, OAuthError> {
    let in_header = headers.get(header::AUTHORIZATION).and_then(|line| line.to_str().ok());
    let in_header = in_header
        .and_then(|line| line.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    // §2.2: only a form carries a token; any other body is nothing to us.
    let form = match is_form(headers) {
        true => Params::parse(body).map_err(|unsound| unsound.error)?,
        false => Params::default(),
    };
    match (in_header, form.get("access_token")) {
        (Some(_), Some(_)) => Err(OAuthError::invalid_request("the token stands in the header and in the body")),
        (Some(token), None) => Ok(Some(token)),
        (None, token) => Ok(token.map(str::to_owned)),
    }
}

/// RFC 6750 §3.1: to a request without any token nothing is explained.
fn unasked() -> Response {
    let mut response = answer::json(StatusCode::UNAUTHORIZED, Bytes::new());
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    response
}

/// RFC 6750 §3.
fn refused(trace: &str, error: &OAuthError) -> Response {
    let mut response = error::json(trace, error, None);
    let scope = if error.code == ErrorCode::InsufficientScope { ", scope=\"openid\"" } else { "" };
    let challenge =
        format!("Bearer error=\"{}\", error_description=\"{}\"{scope}", error.code.as_str(), error.description);
    if response.status().is_client_error()
        && let Ok(challenge) = HeaderValue::try_from(challenge)
    {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    }
    response
}
