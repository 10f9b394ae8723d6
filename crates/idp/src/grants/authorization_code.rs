//! RFC 6749 §4.1.3: a code becomes tokens, once.

use oidc::client::GrantType;
use oidc::secret::{Secret, SecretKind};
use oidc::token::code::{Code, Presented, Verdict, redeem as decide};
use oidc::token::grant::Grant;
use oidc::{Id, OAuthError, scope};
use store::containers::Container;

use super::{Call, FIRST, new_family, rests};
use crate::Fault;
use crate::access::ends;
use crate::containers::Proving;
use crate::mac::Counted;
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
    let registered = call.context.client(&call.client.id).await?;
    if registered.is_none_or(|registered| !registered.was_there(row.created_at)) {
        return Err(unknown());
    }
    let grant = call.grant(&row.grant_json)?;
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
        Verdict::Redeem if !call.context.is_with_its_host(call.client, &grant, row.created_at).await? => {
            Err(OAuthError::invalid_grant("the mini program is another host's by now"))
        }
        Verdict::Redeem => claim(call, flow, grant).await,
    }
}

async fn claim(call: Call<'_>, flow: Id, grant: Grant) -> Result<Granted, OAuthError> {
    let Call { context, client, now, .. } = call;
    let Some(session_ends) = context.session_ends(&grant, now).await? else { return Err(over()) };
    if !context.is_enabled(&grant).await? {
        return Err(over());
    }
    if context.may_use(client, grant.user_id).await?.is_err() {
        return Err(OAuthError::invalid_grant("its person may not use this client any more"));
    }
    let resource = call.narrowed_resource(&grant.resource)?;
    let details = call.narrowed_details(&grant.authorization_details)?;
    let refreshable = client.may_use(GrantType::RefreshToken);
    let family = new_family(call, flow, &grant, rests(client, &grant.scopes))?;
    let shared = share(call, &grant).await?;
    let container = shared.as_ref().and_then(|shared| shared.begins.as_ref());
    if !store::codes::redeem(&context.store, flow, now, &family, container).await.map_err(Fault::from)? {
        return Err(replay(call, flow).await);
    }
    // Once more: whoever ends a session or disables a person writes that first and then revokes the families there
    // are, so that of the two at once one always sees the other.
    if context.session_ends(&grant, now).await?.is_none() || !context.is_enabled(&grant).await? {
        let reason = "the session ended while the code was redeemed";
        store::families::revoke(&context.store, flow, reason, now).await.map_err(Fault::from)?;
        return Err(OAuthError::invalid_grant(reason));
    }
    Ok(Granted {
        scopes: grant.scopes.clone(),
        resource,
        refresh: refreshable.then_some(Counted { id: flow, counter: FIRST }),
        key: call.bound_to(),
        until: Some(ends(&family, session_ends)),
        exchanged: None,
        details,
        device: shared.map(|shared| shared.device),
        who: Who::Person { flow, nonce: grant.nonce.clone(), grant: Box::new(grant) },
    })
}

/// The container that the app shares, and the device secret for it.
struct Shared {
    /// A new one; none where the app brought the secret of one that there is.
    begins: Option<Container>,
    device: Counted,
}

/// Native SSO 1.0 §3.3 and §3.4: whoever asks for it gets a device secret; one that is brought and still counts in this
/// session stays, and one that does not count is as good as none.
async fn share(call: Call<'_>, grant: &Grant) -> Result<Option<Shared>, OAuthError> {
    let Some(app_group) = call.client.app_group.as_ref().filter(|_| grant.scopes.contains(scope::DEVICE_SSO)) else {
        return Ok(None);
    };
    let context = call.context;
    let policy = context.app_group(app_group).await?;
    let proving = Proving {
        proof: call.params.get("device_proof"),
        client_id: &call.client.id,
        beside: call.params.get("code").unwrap_or_default(),
        dpop_key: call.key,
    };
    if policy.device_proof && proving.proof.is_none() {
        return Err(OAuthError::invalid_request("device_proof is missing: the app group asks for one"));
    }
    let key = context.container_key(&proving).await?;
    if let Some(secret) = call.params.get("device_secret")
        && let Some((container, counted)) = context.container(secret).await?
        && container.counter == counted.counter
        && container.ended_at.is_none()
        && (&container.app_group, container.session_id) == (app_group, grant.session_id)
        && container.key_thumbprint == key
    {
        return Ok(Some(Shared { begins: None, device: counted }));
    }
    let row = store::sessions::find(&context.store, grant.browser_id, grant.session_id).await.map_err(Fault::from)?;
    let row = row.ok_or_else(over)?;
    let container = context.new_container(app_group, grant, key, row.expires_at);
    let device = Counted { id: container.id, counter: container.counter };
    Ok(Some(Shared { begins: Some(container), device }))
}

fn over() -> OAuthError {
    OAuthError::invalid_grant("the session ended before the code came")
}

async fn replay(call: Call<'_>, flow: Id) -> OAuthError {
    let revoked = store::families::revoke(&call.context.store, flow, "the code was redeemed again", call.now).await;
    match revoked {
        Ok(_) => OAuthError::invalid_grant("the code was used before; its tokens are revoked"),
        Err(error) => Fault::from(error).into(),
    }
}
