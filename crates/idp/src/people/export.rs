//! All that is stored about a person, in one document.

use oidc::Id;
use serde_json::{Value, json};
use store::Page;

use super::{Person, RunningSession};
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::devices::Device;
use crate::{Context, Fault};

impl Context {
    /// Everything stored about a person but hashes and secrets (Regulation (EU) 2016/679, Articles 15 and 20); `None` where
    /// there is no such person. Times are seconds since the epoch.
    pub async fn export_user(&self, id: Id) -> Result<Option<Value>, Fault> {
        let Some(person) = self.user(id).await? else {
            return Ok(None);
        };
        let mut document = of_person(&person);
        document["credentials"] = self.credentials_exported(id).await?;
        document["consents"] = self.consents_exported(id).await?;
        document["sessions"] = self.sessions_exported(id).await?;
        document["devices"] = self.list_devices(id).await?.iter().map(device).collect();
        document["grants"] = self.grants_exported(id).await?;
        let evidence = store::evidence::newest_of_user(&self.store, id, PAGE).await?;
        document["evidence"] = evidence.into_iter().map(|row| row.jwt).collect();
        let keys = store::device_keys::of_user(&self.store, id).await?;
        document["device_keys"] = keys
            .into_iter()
            .map(|key| {
                json!({
                    "client_id": key.client_id,
                    "name": key.name,
                    "created_at": key.created_at.seconds(),
                    "attestation": key.attestation,
                    "protection": key.protection,
                })
            })
            .collect();
        document["groups"] = self.groups_of(id).await?.into();
        let invitations = store::invitations::of_user(&self.store, id).await?;
        document["invitations"] = invitations
            .into_iter()
            .map(|(client, role, at)| json!({ "client_id": client, "role": role, "invited_at": at.seconds() }))
            .collect();
        document["events"] = self.events_exported(id).await?;
        Ok(Some(document))
    }

    /// The same for the person themselves, of which the trail has a word.
    pub async fn download(&self, id: Id, caller: &Caller) -> Result<Option<Value>, Fault> {
        let document = self.export_user(id).await?;
        if document.is_some() {
            self.audit(caller, Event::new(Kind::DataDownloaded).user(id)).await?;
        }
        Ok(document)
    }

    /// What they sign in with: which, since when, and the names they gave it.
    async fn credentials_exported(&self, user: Id) -> Result<Value, Fault> {
        let passkeys = self.passkeys(user).await?;
        let rows = store::credentials::all_of(&self.store, user).await?;
        // Devices stand by themselves: nobody signs in with one.
        let rows = rows.iter().filter(|row| row.kind != crate::devices::KIND);
        Ok(rows
            .map(|row| {
                let passkey = passkeys.iter().find(|passkey| passkey.id == row.id);
                json!({
                    "kind": row.kind,
                    "name": passkey.map(|passkey| &passkey.name),
                    "model": passkey.and_then(|passkey| passkey.model),
                    "created_at": row.created_at.seconds(),
                    "used_at": row.used_at.map(|time| time.seconds()),
                })
            })
            .collect())
    }

    async fn consents_exported(&self, user: Id) -> Result<Value, Fault> {
        let mut consents = Vec::new();
        for row in store::consents::list(&self.store, user).await? {
            let detail: Value = serde_json::from_str(&row.detail_json)
                .map_err(|error| Fault::corrupt(&format!("a consent of user {user}"), error))?;
            consents.push(json!({
                "client_id": row.client_id,
                "scopes": row.scopes,
                "detail": detail,
                "granted_at": row.granted_at.seconds(),
                "updated_at": row.updated_at.seconds(),
                "version": row.version,
                "receipt": self.consent_receipt(user, &row.client_id).await?,
            }));
        }
        Ok(consents.into())
    }

    /// With the browser that each runs in, and the apps there.
    async fn sessions_exported(&self, user: Id) -> Result<Value, Fault> {
        let mut sessions = Vec::new();
        for running in self.list_sessions(user).await? {
            let mut exported = session(&running);
            if let Some((browser, _)) = store::browsers::find_with_sessions(&self.store, running.browser_id).await? {
                exported["agent"] = browser.agent.into();
                exported["address"] = browser.address.into();
            }
            let apps = store::session_clients::of_session(&self.store, running.browser_id, running.session.id).await?;
            exported["apps"] = apps
                .iter()
                .map(|app| {
                    let (joined, used) = (app.joined_at.seconds(), app.used_at.seconds());
                    json!({ "client_id": app.client_id, "joined_at": joined, "used_at": used })
                })
                .collect();
            let containers = store::containers::of_session(&self.store, running.session.id).await?;
            exported["shared_by"] = containers.into_iter().map(|container| container.app_group).collect();
            sessions.push(exported);
        }
        Ok(sessions.into())
    }

    /// What apps may do, or might, as long as it is kept.
    async fn grants_exported(&self, user: Id) -> Result<Value, Fault> {
        let mut grants = Vec::new();
        for family in store::families::of_user(&self.store, user).await? {
            let grant = crate::access::read(&family)?;
            grants.push(json!({
                "client_id": family.client_id,
                "scopes": grant.scopes,
                "authorization_details": grant.authorization_details,
                "device": grant.device,
                "offline": family.offline,
                "created_at": family.created_at.seconds(),
                "refreshed_at": family.rotated_at.map(|time| time.seconds()),
                "expires_at": family.expires_at.seconds(),
                "revoked_at": family.revoked_at.map(|time| time.seconds()),
            }));
        }
        Ok(grants.into())
    }

    /// What the trail has about them, the oldest first.
    async fn events_exported(&self, user: Id) -> Result<Value, Fault> {
        let (mut events, mut after) = (Vec::new(), None);
        loop {
            let page = Page { after: after.as_ref().map(|(at, id): &(_, String)| (*at, id.as_str())), limit: PAGE };
            let rows = store::audit::of_user(&self.store, user, page).await?;
            let Some(last) = rows.last() else { return Ok(events.into()) };
            after = Some((last.at, last.id.to_string()));
            for row in rows {
                let detail: Value = serde_json::from_str(&row.detail_json)
                    .map_err(|error| Fault::corrupt(&format!("the event {}", row.id), error))?;
                events.push(json!({
                    "at": row.at.seconds(),
                    "kind": row.kind,
                    "client_id": row.client_id,
                    "session": row.session_id,
                    "address": row.address,
                    "detail": detail,
                }));
            }
        }
    }
}

fn of_person(person: &Person) -> Value {
    let user = &person.user;
    json!({
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
        "delete_at": person.delete_at.map(|time| time.seconds()),
    })
}

fn session(session: &RunningSession) -> Value {
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

/// Events that are read at once.
const PAGE: u32 = 200;
