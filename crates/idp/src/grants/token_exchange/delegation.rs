//! An access token becomes one for another audience: its person is the same, and what it rests on (RFC 8693 §1.1).

use oidc::request::resources;
use oidc::token::exchange::{ACCESS_TOKEN, Asked, Subject, decide};
use oidc::{ErrorCode, OAuthError, Scopes, Time};
use serde_json::{Value, json};

use super::super::Call;
use super::token;
use crate::access::text;
use crate::audit::{Event, Kind};
use crate::possession::bound_key;
use crate::tokens::{Exchanged, Granted, Who};

pub(super) async fn exchange(call: Call<'_>) -> Result<Granted, OAuthError> {
    let Call { context, client, now, .. } = call;
    if call.params.get("requested_token_type").is_some_and(|sort| sort != ACCESS_TOKEN) {
        return Err(OAuthError::invalid_request("requested_token_type is not supported"));
    }
    let subject = token(call, "subject_token").await?;
    let actor = actor(call).await?;
    let issued_to = text(&subject.claims, "client_id").to_owned();
    // Whoever cannot prove who they are may exchange what is theirs, and prove that by its key.
    if client.is_public() && (issued_to != client.id || bound_key(&subject).is_none()) {
        return Err(OAuthError::new(
            ErrorCode::UnauthorizedClient,
            "a public client exchanges its own bound tokens alone",
        ));
    }
    if issued_to == client.id && bound_key(&subject).is_some_and(|key| Some(key) != call.key) {
        return Err(OAuthError::invalid_request("subject_token is bound to a key that was not proven"));
    }
    let (Some(grant), Some(flow)) = (subject.grant.clone(), subject.family) else {
        return Err(OAuthError::invalid_request("subject_token speaks for no person"));
    };
    let mut audience = resources(call.params)?;
    audience.extend_from_slice(call.params.audience());
    let scopes = call.params.get("scope").map(Scopes::parse).transpose();
    let scopes = scopes.map_err(|error| OAuthError::new(ErrorCode::InvalidScope, error.to_string()))?;
    let asked = Asked { audience, scopes, actor: actor.as_deref().unwrap_or(&client.id), client_id: &client.id };
    let has = subject.scopes();
    let facts = Subject { client_id: &issued_to, scopes: &has, act: subject.claims.get("act") };
    let given = decide(&client.shown.vestibule_exchange, &facts, asked)?;
    let detail = json!({ "of": issued_to, "audience": given.audience, "scopes": given.scopes, "act": given.act });
    // RFC 9396: what was confirmed for one audience goes on to another only where that is asked for by name.
    let held = subject.claims.get("authorization_details").and_then(Value::as_array);
    // What is for one use stays in the token that it was given in.
    let lasting = |held: &Vec<Value>| context.settings.detail_types.lasting(held);
    let details = match call.params.get("authorization_details") {
        Some(_) => call.narrowed_details(&held.map(lasting).unwrap_or_default())?,
        None => Vec::new(),
    };
    let event = Event::new(Kind::TokenExchanged).user(grant.user_id).session(grant.session_id).client(&client.id);
    context.audit(call.caller, event.detail(detail)).await?;
    let expires = subject.claims.get("exp").and_then(Value::as_i64).map_or(now, Time::from_seconds);
    Ok(Granted {
        who: Who::Person { flow, grant: Box::new(grant), nonce: None },
        scopes: given.scopes,
        resource: given.audience,
        refresh: None,
        key: call.bound_to(),
        details,
        until: Some(expires),
        exchanged: Some(Exchanged { act: given.act }),
        device: None,
    })
}

/// Who is to act, where that is somebody else than the client (§2.1 `actor_token`): a token that the client itself holds.
async fn actor(call: Call<'_>) -> Result<Option<String>, OAuthError> {
    match (call.params.get("actor_token"), call.params.get("actor_token_type")) {
        (None, None) => return Ok(None),
        (None, Some(_)) => return Err(OAuthError::invalid_request("actor_token_type without actor_token")),
        (Some(_), Some(ACCESS_TOKEN)) => {}
        (Some(_), _) => return Err(OAuthError::invalid_request("actor_token_type is not supported")),
    }
    let actor = token(call, "actor_token").await?;
    if text(&actor.claims, "client_id") != call.client.id {
        return Err(OAuthError::invalid_request("actor_token is another client's"));
    }
    if bound_key(&actor).is_some_and(|key| Some(key) != call.key) {
        return Err(OAuthError::invalid_request("actor_token is bound to a key that was not proven"));
    }
    Ok(Some(text(&actor.claims, "sub").to_owned()))
}
