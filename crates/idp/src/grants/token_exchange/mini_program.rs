//! The token of a host app becomes a code for the mini program in its web view. A profile of RFC 8693 of our own.

use oidc::pkce::CodeChallenge;
use oidc::{ErrorCode, OAuthError, Scopes};

use super::super::{Call, Issued};
use super::{required, token};
use crate::access::text;
use crate::flows::{ProgramAsks, Said, StepUp};
use crate::possession::bound_key;

/// What `requested_token_type` says.
pub(super) const CODE: &str = "urn:vestibule:params:oauth:token-type:authorization-code";

pub(super) async fn exchange(call: Call<'_>) -> Result<Issued, OAuthError> {
    let host = token(call, "subject_token").await?;
    if text(&host.claims, "client_id") != call.client.id {
        return Err(OAuthError::invalid_request("subject_token is another client's"));
    }
    // The host's token never enters the web view, and would be worth nothing there without the host's key.
    match bound_key(&host) {
        Some(bound) if call.key == Some(bound) => {}
        _ => {
            return Err(OAuthError::new(
                ErrorCode::InvalidDpopProof,
                "the host's token must be bound to the key that is proven",
            ));
        }
    }
    let [program] = call.params.audience() else {
        return Err(OAuthError::invalid_request("audience must be the one mini program"));
    };
    let program = call.context.program(&host, program).await?;
    let challenge = CodeChallenge::parse(required(call, "code_challenge")?, call.params.get("code_challenge_method"));
    let scopes =
        |text: &str| Scopes::parse(text).map_err(|error| OAuthError::new(ErrorCode::InvalidScope, error.to_string()));
    let asks = ProgramAsks {
        scopes: scopes(call.params.get("scope").unwrap_or_default())?,
        challenge: challenge.map_err(|error| OAuthError::invalid_request(error.to_string()))?,
        nonce: call.params.get("nonce").map(str::to_owned),
        step_up: step_up(call)?,
        said: said(call.params.get("decision"), call.params.get("allowed_scope").map(scopes).transpose()?)?,
    };
    // What the sign-in lacks comes back as `login_required` and the like: the host signs its person in again.
    let code = call.context.program_code(&host, &program, asks, call.caller).await?;
    Ok(Issued::Code { code: code.text, sort: CODE, scopes: code.scopes, expires_at: code.expires_at })
}

/// What the host's sheet was answered with.
fn said(decision: Option<&str>, allowed: Option<Scopes>) -> Result<Said, OAuthError> {
    match (decision, allowed) {
        (None, None) => Ok(Said::Nothing),
        (None | Some("allow"), Some(allowed)) => Ok(Said::Yes(allowed)),
        (Some("deny"), None) => Ok(Said::No),
        (Some("deny"), Some(_)) => Err(OAuthError::invalid_request("decision=deny allows nothing: no allowed_scope")),
        (Some("allow"), None) => Err(OAuthError::invalid_request("decision=allow needs allowed_scope")),
        (Some(_), _) => Err(OAuthError::invalid_request("decision must be allow or deny")),
    }
}

/// RFC 9470 §3: what the program's API demands, which the program asks its host for.
fn step_up(call: Call<'_>) -> Result<StepUp, OAuthError> {
    let wrong = |_| OAuthError::invalid_request("max_age must be a number of seconds");
    let max_age = call.params.get("max_age").map(|text| text.parse().map_err(wrong)).transpose()?;
    let acr_values: Vec<String> =
        call.params.get("acr_values").unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
    match acr_values.len() > MOST_VALUES {
        true => Err(OAuthError::invalid_request("acr_values has too many values")),
        false => Ok(StepUp { acr_values, max_age }),
    }
}

const MOST_VALUES: usize = 8;
