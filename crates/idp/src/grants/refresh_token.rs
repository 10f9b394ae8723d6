//! RFC 6749 §6, RFC 9700 §4.14.2: a refresh token becomes new tokens, and the next refresh token.

use oidc::token::grant::Grant;
use oidc::token::refresh::{Family as Facts, Rotation as Last, Verdict, decide};
use oidc::{OAuthError, Time};
use store::families::{Family, Rotation, find, revoke, rotate};

use super::Call;
use crate::Fault;
use crate::mac::Counted;
use crate::tokens::{Granted, Who};

/// Refreshes. Whoever repeats the same request within the window gets the same successor again.
pub(super) async fn refresh(call: Call<'_>) -> Result<Granted, OAuthError> {
    let Call { context, client, now, .. } = call;
    let text =
        call.params.get("refresh_token").ok_or_else(|| OAuthError::invalid_request("refresh_token is missing"))?;
    let token =
        context.refresh_tokens.verify(text).ok_or_else(|| OAuthError::invalid_grant("no refresh token of ours"))?;
    let request = request_hash(call);
    // A rotation that another request was faster with is decided again with what is then known.
    for _ in 0..TRIES {
        let found = find(&context.store, token.id).await.map_err(Fault::from)?;
        let Some(family) = found.filter(|family| family.client_id == client.id) else {
            return Err(OAuthError::invalid_grant("no family of this client"));
        };
        let grant = call.grant(&family.grant_json)?;
        // RFC 9449 §5: the refresh token of a public client is bound to its key.
        if grant.dpop_jkt.is_some() && grant.dpop_jkt.as_deref() != call.key {
            return Err(OAuthError::invalid_grant("its key was not proven"));
        }
        let scopes = call.narrowed_scopes(&grant.scopes)?;
        let resource = call.narrowed_resource(&grant.resource)?;
        let details = call.narrowed_details(&grant.authorization_details)?;
        let (counter, until) = match decide(&facts(&family), token.counter, &request, now) {
            Verdict::Ended => return Err(OAuthError::invalid_grant("the family has ended")),
            Verdict::Reuse => {
                let reason = "a refresh token came back that had been replaced";
                revoke(&context.store, family.id, reason, now).await.map_err(Fault::from)?;
                return Err(OAuthError::invalid_grant(reason));
            }
            Verdict::SameSuccessor => {
                let until = alive(call, &family, &grant).await?;
                (family.counter, until)
            }
            Verdict::Rotate => {
                let until = alive(call, &family, &grant).await?;
                let idle = now.plus(context.settings.tokens.refresh_idle_lifetime);
                let rotation = Rotation {
                    counter: token.counter,
                    request_hash: &request,
                    now,
                    idle_expires_at: idle.min(family.expires_at),
                };
                match rotate(&context.store, family.id, rotation).await.map_err(Fault::from)? {
                    Some(family) => (family.counter, until),
                    None => continue,
                }
            }
        };
        let refresh = Counted { id: family.id, counter };
        // Core §12.2: an ID token that comes of a refresh should have no nonce.
        let who = Who::Person { flow: family.id, grant: Box::new(grant), nonce: None };
        return Ok(Granted {
            who,
            scopes,
            resource,
            refresh: Some(refresh),
            key: call.bound_to(),
            details,
            until: Some(until),
            exchanged: None,
            device: None,
        });
    }
    Err(OAuthError::invalid_grant("the family changed again and again"))
}

/// A family ends with what it rests on: until when that is there at the latest.
async fn alive(call: Call<'_>, family: &Family, grant: &Grant) -> Result<Time, OAuthError> {
    let until = call.context.family_rests(family, grant, call.now).await?;
    until.ok_or_else(|| {
        OAuthError::invalid_grant("its session has ended, its person is disabled, or its client is another")
    })
}

fn facts(family: &Family) -> Facts {
    let hash = family.request_hash.as_deref().and_then(|hash| <[u8; 32]>::try_from(hash).ok());
    Facts {
        counter: family.counter,
        rotated: family.rotated_at.zip(hash).map(|(at, request)| Last { at, request }),
        idle_expires_at: family.idle_expires_at,
        expires_at: family.expires_at,
        revoked: family.revoked_at.is_some(),
    }
}

/// Over what a repetition must share: client, scope, key, details and resource, each with its length before it.
fn request_hash(call: Call<'_>) -> [u8; 32] {
    let scope = call.params.get("scope").unwrap_or_default();
    let details = call.params.get("authorization_details").unwrap_or_default();
    let resource = call.params.resource().iter().map(String::as_str);
    let mut covered = Vec::new();
    for part in [call.client.id.as_str(), scope, call.key.unwrap_or_default(), details].into_iter().chain(resource) {
        covered.extend_from_slice(&part.len().to_be_bytes());
        covered.extend_from_slice(part.as_bytes());
    }
    jose::sha256(&covered)
}

const TRIES: usize = 3;
