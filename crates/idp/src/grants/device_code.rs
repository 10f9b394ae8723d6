//! RFC 8628 §3.4: a device asks until its person has answered, and gets its tokens once.

use std::time::Duration;

use oidc::OAuthError;
use oidc::client::GrantType;
use oidc::secret::{Secret, SecretKind};
use oidc::token::device::{Answer, Asked, Verdict, poll};
use store::device_requests::{DeviceRequest, find, note_poll, redeem};
use store::families::Family;

use super::{Call, FIRST, Rests, new_family};
use crate::Fault;
use crate::mac::Counted;
use crate::tokens::{Granted, Who};

/// Answers a poll. Of several at once one is noted, and the others came too soon.
pub(super) async fn ask(call: Call<'_>) -> Result<Granted, OAuthError> {
    let Call { context, client, now, .. } = call;
    let text = call.params.get("device_code").ok_or_else(|| OAuthError::invalid_request("device_code is missing"))?;
    let unknown = || OAuthError::invalid_grant("no such device code");
    let secret = Secret::parse(SecretKind::DeviceCode, text).ok_or_else(unknown)?;
    for _ in 0..TRIES {
        let found = find(&context.store, secret.id()).await.map_err(Fault::from)?;
        let row = found.filter(|row| secret.matches(&row.secret_hash)).ok_or_else(unknown)?;
        // A client that was deleted and registered anew under the same id is another one.
        let registered = context.client(&client.id).await?;
        if registered.is_none_or(|registered| !registered.was_there(row.created_at)) {
            return Err(unknown());
        }
        match poll(&asked(&row), &client.id, now) {
            Verdict::Refuse(error) => return Err(error),
            Verdict::Redeem => return claim(call, row).await,
            Verdict::Wait(interval, error) => {
                let interval = i64::try_from(interval.as_millis()).unwrap_or(i64::MAX);
                if note_poll(&context.store, row.id, row.polls, now, interval).await.map_err(Fault::from)? {
                    return Err(error);
                }
            }
        }
    }
    Err(OAuthError::invalid_grant("the device request changed again and again"))
}

/// A device stays signed in when the session ends in which its person allowed it: its family hangs on the person alone, and
/// ends by their withdrawal, or when it lies unused.
async fn claim(call: Call<'_>, row: DeviceRequest) -> Result<Granted, OAuthError> {
    let Call { context, client, now, .. } = call;
    let grant = call.grant(row.grant_json.as_deref().unwrap_or_default())?;
    // What was allowed may have been taken back before the device came for it.
    let consent = store::consents::find(&context.store, grant.user_id, &client.id).await.map_err(Fault::from)?;
    if consent.is_none_or(|consent| Some(consent.updated_at) < row.decided_at) {
        return Err(OAuthError::invalid_grant("its person has taken back what they allowed"));
    }
    if !context.is_enabled(&grant).await? || context.may_use(client, grant.user_id).await?.is_err() {
        return Err(OAuthError::invalid_grant("its person may not use this client any more"));
    }
    let allowed = row.decided_at.unwrap_or(row.created_at);
    if context.ended_since(grant.user_id, allowed).await? {
        return Err(OAuthError::invalid_grant("its person has ended all that they had allowed before"));
    }
    let resource = call.narrowed_resource(&grant.resource)?;
    let details = call.narrowed_details(&grant.authorization_details)?;
    let refreshable = client.may_use(GrantType::RefreshToken);
    // What a device holds has nothing to do with the browser in which it was allowed.
    let family = Family { browser_id: None, session_id: None, ..new_family(call, row.id, &grant, Rests::OnItself)? };
    if !redeem(&context.store, row.id, now, &family).await.map_err(Fault::from)? {
        return Err(OAuthError::invalid_grant("the device code was used before"));
    }
    // Once more: whoever disables a person, or ends all that they have, writes that first.
    if !context.is_enabled(&grant).await? || context.ended_since(grant.user_id, allowed).await? {
        let reason = "the person was disabled, or signed out everywhere, while the device code was redeemed";
        store::families::revoke(&context.store, row.id, reason, now).await.map_err(Fault::from)?;
        return Err(OAuthError::invalid_grant(reason));
    }
    Ok(Granted {
        scopes: grant.scopes.clone(),
        resource,
        refresh: refreshable.then_some(Counted { id: row.id, counter: FIRST }),
        key: call.bound_to(),
        until: Some(family.expires_at),
        exchanged: None,
        details,
        device: None,
        who: Who::Person { flow: row.id, nonce: None, grant: Box::new(grant) },
    })
}

fn asked(row: &DeviceRequest) -> Asked {
    let answer = match (row.decided_at, &row.grant_json, row.used_at) {
        (None, ..) => Answer::Open,
        (Some(_), None, None) => Answer::Denied,
        (Some(_), ..) => Answer::Allowed,
    };
    Asked {
        client_id: row.client_id.clone(),
        interval: Duration::from_millis(u64::try_from(row.interval_millis).unwrap_or_default()),
        polled_at: row.polled_at,
        answer,
        expires_at: row.expires_at,
        used: row.used_at.is_some(),
    }
}

const TRIES: usize = 4;
