//! RFC 6749 §4.1.3: a code becomes tokens, once.

use oidc::client::GrantType;
use oidc::secret::{Secret, SecretKind};
use oidc::token::code::{Code, Presented, Verdict, redeem as decide};
use oidc::token::grant::Grant;
use oidc::{Id, OAuthError, scope};
use store::families::Family;

use super::Call;
use crate::Fault;
use crate::mac::RefreshToken;
use crate::tokens::{Granted, Who};

/// Redeems `code`. A wrong client, redirect URI or verifier changes nothing; the code's own client coming again
/// revokes what it was given (RFC 6749 §4.1.2).
pub(super) async fn redeem(call: Call<'_>) -> Result<Granted, OAuthError> {
    let text = call.params.get("code").ok_or_else(|| OAuthError::invalid_request("code is missing"))?;
    let unknown = || OAuthError::invalid_grant("no such code");
    let secret = Secret::parse(SecretKind::Code, text).ok_or_else(unknown)?;
    let flow = secret.id();
    let row = store::codes::find(&call.context.store, flow).await.map_err(Fault::from)?.ok_or_else(unknown)?;
    if !secret.matches(&row.secret_hash) {
        return Err(unknown());
    }
    // A client that was deleted and registered anew under the same id is another one.
    let registered = call.context.client(&call.client.id).await?;
    if registered.is_none_or(|registered| registered.created_at > row.created_at) {
        return Err(unknown());
    }
    let grant: Grant = serde_json::from_str(&row.grant_json).map_err(|error| Fault::corrupt("code", error))?;
    let code = Code {
        client_id: row.client_id,
        redirect_uri: grant.redirect_uri.clone(),
        challenge: grant.code_challenge.clone(),
        dpop_jkt: grant.dpop_jkt.clone(),
        expires_at: row.expires_at,
        used: row.used_at.is_some(),
    };
    let presented = Presented {
        client_id: &call.client.id,
        redirect_uri: call.params.get("redirect_uri"),
        verifier: call.params.get("code_verifier"),
        key: call.key,
    };
    match decide(&code, &presented, call.now) {
        Verdict::Refuse(error) => Err(error),
        Verdict::Replay => Err(replay(call, flow).await),
        Verdict::Redeem => claim(call, flow, grant).await,
    }
}

async fn claim(call: Call<'_>, flow: Id, grant: Grant) -> Result<Granted, OAuthError> {
    let Call { context, client, now, .. } = call;
    // RFC 9449 §5: refresh tokens of public clients are bound to the key; the others to the client's own credentials.
    let grant = Grant { dpop_jkt: call.bound_to().filter(|_| client.is_public()), ..grant };
    if !context.is_alive(&grant, now).await? || !context.is_enabled(&grant).await? {
        return Err(OAuthError::invalid_grant("the session ended before the code came"));
    }
    if context.may_use(client, grant.user_id).await?.is_err() {
        return Err(OAuthError::invalid_grant("its person may not use this client any more"));
    }
    let resource = call.narrowed_resource(&grant.resource)?;
    let details = call.narrowed_details(&grant.authorization_details)?;
    let grant_json = serde_json::to_string(&grant).map_err(|error| Fault::corrupt("grant", error))?;
    let refreshable = client.may_use(GrantType::RefreshToken);
    let offline = refreshable && grant.scopes.contains(scope::OFFLINE_ACCESS);
    let tokens = &context.settings.tokens;
    // Without a refresh token the family lives as long as the one access token it is asked about.
    let (idle, longest) = match refreshable {
        true => (tokens.refresh_idle_lifetime, tokens.refresh_lifetime),
        false => (tokens.access_token_lifetime, tokens.access_token_lifetime),
    };
    let family = Family {
        id: flow,
        client_id: client.id.clone(),
        user_id: grant.user_id,
        browser_id: (!offline).then_some(grant.browser_id),
        session_id: (!offline).then_some(grant.session_id),
        offline,
        grant_json,
        counter: FIRST,
        request_hash: None,
        rotated_at: None,
        created_at: now,
        idle_expires_at: now.plus(idle.min(longest)),
        expires_at: now.plus(longest),
        revoked_at: None,
        revoked_reason: None,
    };
    if !store::codes::redeem(&context.store, flow, now, &family).await.map_err(Fault::from)? {
        return Err(replay(call, flow).await);
    }
    // Once more: whoever ends a session or disables a person writes that first and then revokes the families there
    // are, so that of the two at once one always sees the other.
    if !context.is_alive(&grant, now).await? || !context.is_enabled(&grant).await? {
        let reason = "the session ended while the code was redeemed";
        store::families::revoke(&context.store, flow, reason, now).await.map_err(Fault::from)?;
        return Err(OAuthError::invalid_grant(reason));
    }
    Ok(Granted {
        scopes: grant.scopes.clone(),
        resource,
        refresh: refreshable.then_some(RefreshToken { family: flow, counter: FIRST }),
        key: call.bound_to(),
        exchanged: None,
        details,
        who: Who::Person { flow, nonce: grant.nonce.clone(), grant: Box::new(grant) },
    })
}

async fn replay(call: Call<'_>, flow: Id) -> OAuthError {
    let revoked = store::families::revoke(&call.context.store, flow, "the code was redeemed again", call.now).await;
    match revoked {
        Ok(_) => OAuthError::invalid_grant("the code was used before; its tokens are revoked"),
        Err(error) => Fault::from(error).into(),
    }
}

const FIRST: i64 = 0;
