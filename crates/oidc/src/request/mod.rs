//! Authorization requests: parameters, the table of checks, and the typed request it makes.

#![allow(clippy::result_large_err, reason = "a refusal is made once for a request and becomes a page or a redirect")]

mod check;
pub mod going_on;
pub mod params;
mod rules;
mod typed;

use crate::client::Client;
use crate::details::DetailTypes;
use crate::error::{ErrorCode, OAuthError};
pub use check::{CHECKS, Check, Columns, Draft, Endpoint};
pub use params::{Params, Unsound};
pub use rules::resources;
pub use typed::{AuthorizationRequest, Prompt, Reply, ResponseMode};

/// What the reference of a pushed request begins with (RFC 9126 §2.2).
pub const PUSHED: &str = "urn:ietf:params:oauth:request_uri:";

/// A request that is refused, and where the error may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// On a page of ours: nobody has proven that the redirect URI is the client's (RFC 6749 §4.1.2.1).
    Page(OAuthError),
    /// At the client's redirect URI.
    Redirect(Reply, OAuthError),
}

/// Who asks: to load the client before the checks. The error stays on a page.
pub fn client_id(params: &Result<Params, Unsound>) -> Result<&str, OAuthError> {
    let (params, fault) = match params {
        Ok(params) => (params, None),
        Err(unsound) => (&unsound.sound, Some(&unsound.error)),
    };
    params.get("client_id").ok_or_else(|| match fault {
        Some(error) => error.clone(),
        None => OAuthError::invalid_request("client_id is missing"),
    })
}

/// Checks a request at the authorization endpoint; `client` is the one that [`client_id`] names,
/// where there is one and it is not disabled.
pub fn authorization_request(
    params: &Result<Params, Unsound>,
    client: Option<&Client>,
    types: &DetailTypes,
) -> Result<AuthorizationRequest, Refusal> {
    check::run(Endpoint::Authorize, params, client, types)?.into_request().ok_or_else(|| Refusal::Page(unchecked()))
}

/// Checks a request that its authenticated client pushes (RFC 9126 §2.1): whatever is wrong, the client is told at once.
pub fn pushed_request(
    params: &Params,
    client: &Client,
    types: &DetailTypes,
) -> Result<AuthorizationRequest, OAuthError> {
    let draft = check::run(Endpoint::Pushed, &Ok(params.clone()), Some(client), types);
    let draft = draft.map_err(|refusal| match refusal {
        Refusal::Page(error) | Refusal::Redirect(_, error) => error,
    })?;
    draft.into_request().ok_or_else(unchecked)
}

/// The columns of the table see to it that every row that makes a request has run.
fn unchecked() -> OAuthError {
    OAuthError::new(ErrorCode::ServerError, "the request was not checked in full")
}

/// Checks a request at the device authorization endpoint (RFC 8628 §3.1) of a client that was authenticated. It has no
/// redirect URI: in the browser in which its person answers, `reply` says where that goes on.
pub fn device_request(
    params: Params,
    client: &Client,
    (reply, types): (Reply, &DetailTypes),
) -> Result<AuthorizationRequest, OAuthError> {
    let draft = check::run(Endpoint::Device, &Ok(params), Some(client), types).map_err(|refusal| match refusal {
        Refusal::Page(error) | Refusal::Redirect(_, error) => error,
    })?;
    draft.into_request_of_device(reply).ok_or_else(unchecked)
}

#[cfg(test)]
mod tests;
