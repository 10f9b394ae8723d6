//! RFC 8693: a token for one thing becomes a token for another.

mod delegation;
mod mini_program;
mod native_sso;

use oidc::OAuthError;
use oidc::token::exchange::{ACCESS_TOKEN, ID_TOKEN};

use super::{Call, Issued};
use crate::access::Access;

/// Exchanges `subject_token`: what comes of it depends on what sort of token it is.
pub(super) async fn exchange(call: Call<'_>) -> Result<Issued, OAuthError> {
    let sort = call.params.get("subject_token_type");
    match sort.ok_or_else(|| OAuthError::invalid_request("subject_token_type is missing"))? {
        ACCESS_TOKEN if call.params.get("requested_token_type") == Some(mini_program::CODE) => {
            mini_program::exchange(call).await
        }
        ACCESS_TOKEN => delegation::exchange(call).await.map(Issued::from),
        ID_TOKEN => native_sso::exchange(call).await.map(Issued::from),
        _ => Err(OAuthError::invalid_request("subject_token_type is not supported")),
    }
}

/// A parameter that must be there.
fn required<'a>(call: Call<'a>, name: &str) -> Result<&'a str, OAuthError> {
    call.params.get(name).ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
}

/// A token of ours that counts (§2.2.2: any other is an invalid request).
async fn token(call: Call<'_>, name: &str) -> Result<Access, OAuthError> {
    let text = required(call, name)?;
    let access = call.context.access(text).await?;
    access.ok_or_else(|| OAuthError::invalid_request(format!("{name} is no access token of ours that counts")))
}
