//! The endpoints that clients call by themselves: token, pushed requests, introspection, revocation.

use std::convert::Infallible;

use axum::body::Bytes;
use axum::extract::{FromRequestParts, State};
use axum::response::Response;
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use idp::caller::Caller;
use idp::possession::ClientRequest;
use idp::throttle::Endpoint;
use oidc::{ErrorCode, OAuthError};
use serde::Serialize;

use crate::app::App;
use crate::form::is_form;
use crate::presented::{proof, with_nonce};
use crate::{answer, error, visit};

/// `POST /oauth2/token` (RFC 6749 §3.2).
pub(crate) async fn token(State(app): State<App>, asks: Asks, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = match request(&asks, &headers, &body) {
        Ok(request) => app.context().token(&request).await,
        Err(error) => Err(error),
    };
    let response = asks.answer(&app, StatusCode::OK, outcome.and_then(|answer| written(&answer))).await;
    with_nonce(&app, &headers, response)
}

/// `POST /oauth2/par` (RFC 9126 §2).
pub(crate) async fn push(State(app): State<App>, asks: Asks, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = match request(&asks, &headers, &body) {
        Ok(request) => app.context().push(&request).await,
        Err(error) => Err(error),
    };
    let response = asks.answer(&app, StatusCode::CREATED, outcome.and_then(|answer| written(&answer))).await;
    with_nonce(&app, &headers, response)
}

/// `POST /oauth2/introspect` (RFC 7662 §2).
pub(crate) async fn introspect(State(app): State<App>, asks: Asks, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = match request(&asks, &headers, &body) {
        Ok(request) => app.context().introspect(&request).await,
        Err(error) => Err(error),
    };
    asks.answer(&app, StatusCode::OK, outcome.and_then(|answer| written(&answer))).await
}

/// `POST /oauth2/revoke` (RFC 7009 §2).
pub(crate) async fn revoke(State(app): State<App>, asks: Asks, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = match request(&asks, &headers, &body) {
        Ok(request) => app.context().revoke(&request).await,
        Err(error) => Err(error),
    };
    asks.answer(&app, StatusCode::OK, outcome.map(|()| Bytes::new())).await
}

/// `POST /oauth2/device` (RFC 8628 §3.1).
pub(crate) async fn device(State(app): State<App>, asks: Asks, headers: HeaderMap, body: Bytes) -> Response {
    let outcome = match request(&asks, &headers, &body) {
        Ok(request) => app.context().authorize_device(&request, &asks.caller).await,
        Err(error) => Err(error),
    };
    asks.answer(&app, StatusCode::OK, outcome.and_then(|answer| written(&answer))).await
}

/// The client, as far as its connection shows.
pub(crate) struct Asks {
    trace: String,
    caller: Caller,
}

impl Asks {
    /// The answer. Who fails to authenticate too often is told to wait: what fails then was looked at, too, so that a client
    /// with its right secret is served whoever else sits at its address.
    async fn answer(&self, app: &App, status: StatusCode, outcome: Result<Bytes, OAuthError>) -> Response {
        let error = match outcome {
            Ok(body) => return answer::json(status, body),
            Err(error) => error,
        };
        let mut response = error::json(&self.trace, &error, Some(BASIC));
        if error.code != ErrorCode::InvalidClient {
            return response;
        }
        match app.context().count(Endpoint::Client, &self.caller).await {
            Ok(Ok(())) => response,
            Ok(Err(throttled)) => {
                *response.status_mut() = StatusCode::TOO_MANY_REQUESTS;
                answer::retry_after(response, throttled.seconds())
            }
            Err(fault) => error::json(&self.trace, &fault.into(), None),
        }
    }
}

impl FromRequestParts<App> for Asks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Infallible> {
        Ok(Self { trace: visit::trace(parts), caller: visit::caller(parts) })
    }
}

/// A request whose body is a form (RFC 6749 §3.2, appendix B), with the headers that say who sends it.
fn request<'a>(asks: &'a Asks, headers: &'a HeaderMap, form: &'a [u8]) -> Result<ClientRequest<'a>, OAuthError> {
    if !is_form(headers) {
        return Err(OAuthError::invalid_request("the body must be application/x-www-form-urlencoded"));
    }
    let mut lines = headers.get_all(header::AUTHORIZATION).iter();
    let line = lines.next();
    if lines.next().is_some() {
        return Err(OAuthError::invalid_request("more than one Authorization header"));
    }
    let unreadable = |_| OAuthError::invalid_client("the Authorization header is not text");
    let authorization = line.map(|line| line.to_str()).transpose().map_err(unreadable)?;
    Ok(ClientRequest { caller: &asks.caller, authorization, proof: proof(headers)?, form })
}

fn written(answer: &impl Serialize) -> Result<Bytes, OAuthError> {
    let unwritten =
        |fault: serde_json::Error| OAuthError::new(ErrorCode::ServerError, "no answer").with_detail(fault.to_string());
    serde_json::to_vec(answer).map(Bytes::from).map_err(unwritten)
}

/// RFC 6749 §5.2: the scheme that a client may authenticate with.
const BASIC: &str = "Basic realm=\"vestibule\"";
