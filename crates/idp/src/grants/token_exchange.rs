//! RFC 8693: a token for one thing becomes a token for another.

mod delegation;
mod native_sso;

use oidc::OAuthError;
use oidc::token::exchange::{ACCESS_TOKEN, ID_TOKEN};

use super::Call;
use crate::tokens::Granted;

/// Exchanges `subject_token`: what comes of it depends on what sort of token it is.
pub(super) async fn exchange(call: Call<'_>) -> Result<Granted, OAuthError> {
    let sort = call.params.get("subject_token_type");
    match sort.ok_or_else(|| OAuthError::invalid_request("subject_token_type is missing"))? {
        ACCESS_TOKEN => delegation::exchange(call).await,
        ID_TOKEN => native_sso::exchange(call).await,
        _ => Err(OAuthError::invalid_request("subject_token_type is not supported")),
    }
}

/// A parameter that must be there.
fn required<'a>(call: Call<'a>, name: &str) -> Result<&'a str, OAuthError> {
    call.params.get(name).ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
}
