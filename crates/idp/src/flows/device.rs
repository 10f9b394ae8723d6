//! The end of a flow that a device waits for (RFC 8628 §3.3): its person's answer.

use oidc::hub::{Account, Assured, DeviceTarget};
use oidc::token::grant::{Device, Grant};
use oidc::{Id, OAuthError, Scopes};
use serde_json::json;

use super::consent::{answered, row};
use super::end::{Decision, End};
use super::issue::types_of;
use super::open::Open;
use super::{Asks, DeviceOutcome, Onward};
use crate::audit::{Event, Kind};
use crate::{Context, Fault};

impl Context {
    /// The device may have this.
    pub(super) async fn allow_device(
        &self,
        open: &Open,
        device: &DeviceTarget,
        (session, granted): (Id, &Scopes),
        assured: &Assured,
    ) -> Result<End, Fault> {
        let (Some(asks), Some(account)) = (open.asks(), open.account(session)) else {
            return Err(Fault::Corrupt(format!("flow {} answers a device for a session that nobody knows", open.id)));
        };
        let now = self.now();
        let user = account.session.user_id;
        let remembered = answered(account.consent.as_ref(), &asks.request.scopes, granted);
        let grant = grant(&asks, device, account, (granted, assured, open.flow.facts.role.as_ref()));
        let grant_json = serde_json::to_string(&grant).map_err(|error| Fault::corrupt("a grant", error))?;
        let language = open.flow.facts.consented_in.as_deref();
        let detail = json!({
            "scopes": granted.to_string(),
            "asked": asks.request.scopes.to_string(),
            "types": types_of(&asks),
            "device_address": device.address,
            "device_agent": device.agent,
        });
        let event = Event::new(Kind::DeviceAllowed).user(user).session(session).client(&asks.client().id);
        Ok(End {
            decision: Some(Decision { device: device.id, at: now, grant_json: Some(grant_json) }),
            consent: Some(row(user, asks.client(), &remembered, now)?),
            event: Some(self.audit_row(&open.caller, event.detail(detail))),
            used: Some(session),
            evidence: self.evidence(&asks, account, (assured, language)).await?,
            ..End::to(Onward::Device(DeviceOutcome::Allowed))
        })
    }

    /// The device gets nothing.
    pub(super) fn deny_device(&self, open: &Open, device: &DeviceTarget, error: &OAuthError) -> End {
        let detail = json!({
            "error": error.code.as_str(),
            "device_address": device.address,
            "device_agent": device.agent,
        });
        let client = &device.request.client_id;
        let event = Event::new(Kind::DeviceDenied).client(client).detail(detail);
        let event = open
            .chosen()
            .iter()
            .fold(event, |event, account| event.user(account.session.user_id).session(account.session.id));
        End {
            decision: Some(Decision { device: device.id, at: self.now(), grant_json: None }),
            event: Some(self.audit_row(&open.caller, event)),
            ..End::to(Onward::Device(DeviceOutcome::Denied))
        }
    }
}

/// What the device gets has a `sid` of its own: it is no part of the session in which it was allowed, and does not end
/// with it.
fn grant(
    asks: &Asks,
    device: &DeviceTarget,
    account: &Account,
    (granted, assured, role): (&Scopes, &Assured, Option<&String>),
) -> Grant {
    Grant {
        user_id: account.session.user_id,
        browser_id: device.id,
        session_id: device.id,
        authenticated_at: assured.at,
        amr: assured.amr.clone(),
        acr: Some(assured.acr.clone()),
        scopes: granted.clone(),
        role: role.or(account.roles.first().filter(|_| account.roles.len() == 1)).cloned(),
        resource: asks.request.resource.clone(),
        authorization_details: asks.request.authorization_details.items.clone(),
        claims: asks.request.claims.clone(),
        nonce: None,
        device: Some(Device { address: device.address.clone(), agent: device.agent.clone() }),
        host: None,
        redirect_uri: String::new(),
        dpop_jkt: None,
        code_challenge: None,
    }
}
