//! All that is stored about a person, in one document.

use oidc::Id;
use serde_json::{Value, json};

use crate::devices::Device;
use crate::{Context, Fault};

impl Context {
    /// Everything stored about a person but hashes and secrets (Regulation (EU) 2016/679, Article 20); `None` where
    /// there is no such person. Times are seconds since the epoch.
    pub async fn export_user(&self, id: Id) -> Result<Option<Value>, Fault> {
        let Some(person) = self.user(id).await? else {
            return Ok(None);
        };
        let credentials = store::credentials::of(&self.store, id, "password").await?;
        let consents = store::consents::list(&self.store, id).await?;
        let sessions = self.list_sessions(id).await?;
        let devices = self.list_devices(id).await?;
        let user = &person.user;
        Ok(Some(json!({
            "id": user.id,
            "email": user.email,
            "email_verified": user.email_verified,
            "username": user.username,
            "name": user.name,
            "profile": user.profile,
            "theme": person.theme.name(),
            "is_admin": person.is_admin,
            "created_at": person.created_at.seconds(),
            "updated_at": user.updated_at.seconds(),
            "disabled_at": person.disabled_at.map(|time| time.seconds()),
            "credentials": credentials.iter().map(credential).collect::<Vec<_>>(),
            "consents": consents.iter().map(consent).collect::<Result<Vec<_>, _>>()?,
            "sessions": sessions.iter().map(session).collect::<Vec<_>>(),
            "devices": devices.iter().map(device).collect::<Vec<_>>(),
        })))
    }
}

fn credential(credential: &store::credentials::Credential) -> Value {
    json!({
        "kind": credential.kind,
        "created_at": credential.created_at.seconds(),
        "used_at": credential.used_at.map(|time| time.seconds()),
    })
}

fn consent(consent: &store::consents::Consent) -> Result<Value, Fault> {
    let detail: Value = serde_json::from_str(&consent.detail_json)
        .map_err(|error| Fault::corrupt(&format!("a consent of user {}", consent.user_id), error))?;
    Ok(json!({
        "client_id": consent.client_id,
        "scopes": consent.scopes,
        "detail": detail,
        "granted_at": consent.granted_at.seconds(),
        "updated_at": consent.updated_at.seconds(),
        "version": consent.version,
    }))
}

fn session(session: &super::RunningSession) -> Value {
    json!({
        "id": session.id,
        "amr": session.amr(),
        "authenticated_at": session.authenticated_at.seconds(),
        "created_at": session.created_at.seconds(),
        "last_seen_at": session.last_seen_at.seconds(),
        "expires_at": session.expires_at.seconds(),
    })
}

fn device(device: &Device) -> Value {
    json!({
        "id": device.id,
        "agent": device.agent,
        "address": device.address,
        "first_seen_at": device.first_seen.seconds(),
        "last_seen_at": device.last_seen.seconds(),
        "remembered_until": device.remembered_until.map(|time| time.seconds()),
    })
}
