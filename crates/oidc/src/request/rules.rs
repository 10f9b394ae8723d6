//! The checks, in the order of the table.

use url::Url;

use super::check::{Draft, Input};
use super::params::Params;
use super::typed::{Prompt, Reply, ResponseMode};
use crate::claims::ClaimsRequest;
use crate::client::{GrantType, PkcePolicy};
use crate::error::{ErrorCode, OAuthError};
use crate::pkce::CodeChallenge;
use crate::scope::{self, Scopes};

type Checked = Result<(), OAuthError>;

/// There is no such client, or nobody said which.
pub(super) fn unknown_client(params: &Params, fault: Option<&OAuthError>) -> OAuthError {
    match (params.get("client_id"), fault) {
        (Some(_), _) => OAuthError::new(ErrorCode::InvalidClient, "there is no such client").with_detail("client"),
        (None, Some(fault)) => fault.clone(),
        (None, None) => OAuthError::invalid_request("client_id is missing"),
    }
}

/// The loaded client is the one that is named (RFC 6749 §4.1.1); a pushed request may leave the
/// name to its authentication.
pub(super) fn client(input: &Input<'_>, draft: &mut Draft) -> Checked {
    if input.params.get("client_id").is_some_and(|id| id != input.client.id) {
        return Err(OAuthError::invalid_request("client_id is another client's"));
    }
    draft.client_id.clone_from(&input.client.id);
    Ok(())
}

/// RFC 6749 §3.1.2.3, Core §3.1.2.1: always given, and registered.
pub(super) fn redirect_uri(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let Some(requested) = input.params.get("redirect_uri") else {
        return Err(input.fault.cloned().unwrap_or_else(|| OAuthError::invalid_request("redirect_uri is missing")));
    };
    let redirect_uri = input
        .client
        .redirect_uri(requested)
        .ok_or_else(|| OAuthError::invalid_request("redirect_uri is not registered for this client"))?;
    let state = input.params.get("state").map(str::to_owned);
    draft.reply = Some(Reply { redirect_uri, mode: ResponseMode::default(), state });
    draft.reply_is_known = true;
    Ok(())
}

/// OAuth 2.0 Multiple Response Type Encoding Practices §2.1. An unknown mode is answered in the default one.
pub(super) fn response_mode(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let Some(name) = input.params.get("response_mode") else { return Ok(()) };
    let known = ResponseMode::ALL.iter().find(|(known, _)| *known == name);
    let (_, mode) = known.ok_or_else(|| OAuthError::invalid_request("response_mode is not supported"))?;
    if let Some(reply) = &mut draft.reply {
        reply.mode = *mode;
    }
    Ok(())
}

/// RFC 6749 §3.1: nothing is repeated, malformed or too long.
pub(super) fn parameters(input: &Input<'_>, _: &mut Draft) -> Checked {
    input.fault.cloned().map_or(Ok(()), Err)
}

/// Core §6: neither by value nor by reference, and never silently ignored.
pub(super) fn request_object(input: &Input<'_>, _: &mut Draft) -> Checked {
    for (name, code) in
        [("request", ErrorCode::RequestNotSupported), ("request_uri", ErrorCode::RequestUriNotSupported)]
    {
        if input.params.get(name).is_some() {
            return Err(OAuthError::new(code, format!("parameter {name} is not supported")));
        }
    }
    Ok(())
}

/// RFC 9126 §6: a client that always pushes its requests is not asked for by anything else.
pub(super) fn pushed(input: &Input<'_>, _: &mut Draft) -> Checked {
    match input.client.shown.require_pushed_authorization_requests {
        true => Err(OAuthError::invalid_request("this client must push its requests: request_uri is missing")),
        false => Ok(()),
    }
}

/// Core §7.2.1: no self-issued providers here.
pub(super) fn registration(input: &Input<'_>, _: &mut Draft) -> Checked {
    match input.params.get("registration") {
        Some(_) => Err(OAuthError::new(ErrorCode::RegistrationNotSupported, "parameter registration is not supported")),
        None => Ok(()),
    }
}

/// RFC 6749 §3.1.1; RFC 9700 §2.1.2: the code flow alone.
pub(super) fn response_type(input: &Input<'_>, _: &mut Draft) -> Checked {
    match input.params.get("response_type") {
        Some("code") => Ok(()),
        Some(_) => Err(OAuthError::new(ErrorCode::UnsupportedResponseType, "response_type must be code")),
        None => Err(OAuthError::invalid_request("response_type is missing")),
    }
}

/// RFC 6749 §4.1.2.1.
pub(super) fn grant(input: &Input<'_>, _: &mut Draft) -> Checked {
    match input.client.may_use(GrantType::AuthorizationCode) {
        true => Ok(()),
        false => Err(OAuthError::new(ErrorCode::UnauthorizedClient, "this client may not use the code flow")),
    }
}

/// RFC 8628 §3.1, RFC 6749 §5.2.
pub(super) fn device_grant(input: &Input<'_>, _: &mut Draft) -> Checked {
    match input.client.may_use(GrantType::DeviceCode) {
        true => Ok(()),
        false => Err(OAuthError::new(ErrorCode::UnauthorizedClient, "this client may not use the device grant")),
    }
}

/// RFC 6749 §3.3, Core §3.1.2.1: what the client may not have is left out.
pub(super) fn scope(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let requested = Scopes::parse(input.params.get("scope").unwrap_or_default())
        .map_err(|error| OAuthError::new(ErrorCode::InvalidScope, error.to_string()))?;
    draft.scopes = input.client.allowed(&requested);
    Ok(())
}

/// Core §3.1.2.1.
pub(super) fn nonce(input: &Input<'_>, draft: &mut Draft) -> Checked {
    draft.nonce = input.params.get("nonce").map(str::to_owned);
    Ok(())
}

/// RFC 7636 §4.4.1, RFC 9700 §2.1.1.
pub(super) fn pkce(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let method = input.params.get("code_challenge_method");
    if let Some(challenge) = input.params.get("code_challenge") {
        let parsed = CodeChallenge::parse(challenge, method);
        draft.code_challenge = Some(parsed.map_err(|error| OAuthError::invalid_request(error.to_string()))?);
        return Ok(());
    }
    if method.is_some() {
        return Err(OAuthError::invalid_request("code_challenge_method without code_challenge"));
    }
    let with_nonce = draft.scopes.contains(scope::OPENID) && draft.nonce.is_some();
    match input.client.pkce {
        PkcePolicy::Optional => Ok(()),
        PkcePolicy::OrNonce if with_nonce => Ok(()),
        PkcePolicy::OrNonce => {
            Err(OAuthError::invalid_request("code_challenge is missing, and so is a nonce of an OpenID request"))
        }
        PkcePolicy::Required => Err(OAuthError::invalid_request("code_challenge is missing")),
    }
}

/// RFC 9449 §10: the SHA-256 thumbprint of a key, in base64url.
pub(super) fn dpop_jkt(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let Some(text) = input.params.get("dpop_jkt") else { return Ok(()) };
    match jose::base64url::decode(text).is_ok_and(|hash| hash.len() == 32) {
        true => draft.dpop_jkt = Some(text.to_owned()),
        false => return Err(OAuthError::invalid_request("dpop_jkt must be a SHA-256 thumbprint")),
    }
    Ok(())
}

/// Core §3.1.2.1: `none` with any other value is an error.
pub(super) fn prompt(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let mut prompt = Prompt::default();
    let values = input.params.get("prompt").unwrap_or_default().split_ascii_whitespace();
    let count = values.clone().count();
    for value in values {
        match value {
            "none" if count > 1 => return Err(OAuthError::invalid_request("prompt=none stands alone")),
            "none" => prompt.none = true,
            "login" => prompt.login = true,
            "consent" => prompt.consent = true,
            "select_account" => prompt.select_account = true,
            _ => return Err(OAuthError::invalid_request("prompt has an unknown value")),
        }
    }
    draft.prompt = prompt;
    Ok(())
}

/// Core §3.1.2.1: whole seconds; the client's default where none is given (Registration §2).
pub(super) fn max_age(input: &Input<'_>, draft: &mut Draft) -> Checked {
    draft.max_age = match input.params.get("max_age") {
        None => input.client.default_max_age,
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(text.parse().map_err(|_| OAuthError::invalid_request("max_age is too large"))?)
        }
        Some(_) => return Err(OAuthError::invalid_request("max_age must be a number of seconds")),
    };
    Ok(())
}

/// Core §5.5.
pub(super) fn claims(input: &Input<'_>, draft: &mut Draft) -> Checked {
    if let Some(text) = input.params.get("claims") {
        draft.claims = ClaimsRequest::parse(text)
            .map_err(|error| OAuthError::invalid_request("claims is malformed").with_detail(error.to_string()))?;
    }
    Ok(())
}

/// RFC 9396 §2, §5.
pub(super) fn authorization_details(input: &Input<'_>, draft: &mut Draft) -> Checked {
    if let Some(text) = input.params.get("authorization_details") {
        draft.authorization_details = input.types.check(text, input.client)?;
    }
    Ok(())
}

/// RFC 8707 §2.
pub(super) fn resource(input: &Input<'_>, draft: &mut Draft) -> Checked {
    draft.resource = resources(input.params)?;
    Ok(())
}

/// The `resource` parameters: absolute URIs without a fragment, sorted (RFC 8707 §2).
pub fn resources(params: &Params) -> Result<Vec<String>, OAuthError> {
    let mut values = params.resource().to_vec();
    let sound = |text: &String| Url::parse(text).is_ok_and(|url| url.fragment().is_none());
    if values.len() > MOST_RESOURCES || !values.iter().all(sound) {
        let words = "resource must be an absolute URI without a fragment, 8 at most";
        return Err(OAuthError::new(ErrorCode::InvalidTarget, words));
    }
    values.sort();
    values.dedup();
    Ok(values)
}

/// Core §3.1.2.1: what may be followed and need not be.
pub(super) fn hints(input: &Input<'_>, draft: &mut Draft) -> Checked {
    let one = |name| input.params.get(name).map(str::to_owned);
    let list = |name| input.params.get(name).unwrap_or_default().split_ascii_whitespace().map(str::to_owned).collect();
    draft.login_hint = one("login_hint");
    draft.id_token_hint = one("id_token_hint");
    draft.ui_locales = list("ui_locales");
    draft.acr_values = list("acr_values");
    // Registration §2: the client's default where none is given.
    if draft.acr_values.is_empty() {
        draft.acr_values.clone_from(&input.client.shown.default_acr_values);
    }
    Ok(())
}

const MOST_RESOURCES: usize = 8;
