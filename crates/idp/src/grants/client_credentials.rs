//! RFC 6749 §4.4: a client acts for itself.

use oidc::request::resources;
use oidc::{ErrorCode, OAuthError, Scopes, scope};

use super::Call;
use crate::tokens::{Granted, Who};

/// Grants what is asked for, or everything the client may have. What it may not have is refused: there is no person
/// who could be asked, and no page that could say less was granted.
pub(super) async fn grant(call: Call<'_>) -> Result<Granted, OAuthError> {
    let personal = Scopes::parse(&[scope::STANDARD, scope::OF_OURS].concat().join(" ")).unwrap_or_default();
    let allowed = call.client.scopes.without(&personal);
    let scopes = match call.narrowed_scopes(&allowed) {
        Err(error) if error.code == ErrorCode::InvalidScope => {
            return Err(OAuthError::new(ErrorCode::InvalidScope, "scope goes beyond what this client may have"));
        }
        other => other?,
    };
    // There is nobody who could read what is asked.
    let details = call.narrowed_details(&[])?;
    Ok(Granted {
        who: Who::Client,
        scopes,
        resource: resources(call.params)?,
        refresh: None,
        key: call.bound_to(),
        until: None,
        exchanged: None,
        details,
        device: None,
    })
}
