//! Where a person is signed in, and in which apps; and ending that, piece by piece.

use oidc::agent::{Device, device, place};
use oidc::token::grant::Grant;
use oidc::{Id, Scopes, Time};
use serde_json::json;

use super::RunningSession;
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::clients::RegisteredClient;
use crate::{Context, Fault};

/// A session with what its person knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabout {
    /// The session.
    pub running: RunningSession,
    /// The browser and its system.
    pub device: Device,
    /// The range in which the address lay from which somebody last signed in there.
    pub place: Option<String>,
    /// The apps in it, the first one first; without those of containers.
    pub apps: Vec<AppThere>,
    /// The containers of native apps that share it, the first one first.
    pub containers: Vec<ContainerThere>,
}

/// The native apps of one developer that share a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerThere {
    /// By what it is ended.
    pub id: Id,
    /// Whose apps they are.
    pub app_group: String,
    /// The apps, the first one first.
    pub apps: Vec<AppThere>,
    /// Since when they share it.
    pub created_at: Time,
    /// When one of them was last let in.
    pub used_at: Time,
}

/// An app in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppThere {
    /// Its `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// When it was first let in.
    pub joined_at: Time,
    /// When it was last let in.
    pub used_at: Time,
}

/// What an app may do while its person is away (OpenID Connect Core §11).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfflineGrant {
    /// The token family.
    pub id: Id,
    /// The app's `client_id`.
    pub client_id: String,
    /// The app's name.
    pub name: String,
    /// The device without a browser that was signed in by a code: what it is, and from where it asked.
    pub device: Option<(Device, Option<String>)>,
    /// What it may.
    pub scopes: Scopes,
    /// Since when.
    pub created_at: Time,
    /// When it last had new tokens.
    pub used_at: Option<Time>,
}

impl Context {
    /// The sessions of a person that still carry a sign-in, the one used last first, each with device, place and apps.
    pub async fn whereabouts(&self, user: Id) -> Result<Vec<Whereabout>, Fault> {
        let mut found = Vec::new();
        for running in self.list_sessions(user).await? {
            let browser = store::browsers::find_with_sessions(&self.store, running.browser_id).await?;
            let (agent, address) = browser.map(|(browser, _)| (browser.agent, browser.address)).unwrap_or_default();
            let (mut apps, mut containers) = (Vec::new(), self.containers_there(running.session.id).await?);
            for row in store::session_clients::of_session(&self.store, running.browser_id, running.session.id).await? {
                let registered = self.client(&row.client_id).await?;
                let name = name_of(registered.as_deref(), &row.client_id);
                let group = registered.as_ref().and_then(|registered| registered.client.app_group.as_ref());
                let (client_id, joined_at, used_at) = (row.client_id, row.joined_at, row.used_at);
                let app = AppThere { client_id, name, joined_at, used_at };
                match containers.iter_mut().find(|container| Some(&container.app_group) == group) {
                    Some(container) => container.apps.push(app),
                    None => apps.push(app),
                }
            }
            for container in &mut containers {
                let latest = container.apps.iter().map(|app| app.used_at).max();
                container.used_at = latest.into_iter().fold(container.used_at, Time::max);
            }
            let place = address.as_deref().and_then(place);
            found.push(Whereabout { running, device: device(&agent), place, apps, containers });
        }
        found.sort_by_key(|one| std::cmp::Reverse(one.running.session.last_seen_at));
        Ok(found)
    }

    /// One for each developer: which of several secrets an app has used, nobody knows, and they end together.
    async fn containers_there(&self, session: Id) -> Result<Vec<ContainerThere>, Fault> {
        let mut there: Vec<ContainerThere> = Vec::new();
        for row in store::containers::of_session(&self.store, session).await? {
            match there.iter_mut().find(|one| one.app_group == row.app_group) {
                Some(one) => one.used_at = one.used_at.max(row.used_at),
                None => there.push(ContainerThere {
                    id: row.id,
                    app_group: row.app_group,
                    apps: Vec::new(),
                    created_at: row.created_at,
                    used_at: row.used_at,
                }),
            }
        }
        Ok(there)
    }

    /// What apps may do while a person is away, the oldest first.
    pub async fn offline_grants(&self, user: Id) -> Result<Vec<OfflineGrant>, Fault> {
        let mut found = Vec::new();
        for family in store::families::offline_of_user(&self.store, user, self.now()).await? {
            let grant: Grant = crate::access::read(&family)?;
            let registered = self.client(&family.client_id).await?;
            // The client that had its id before is gone, and so is what it might.
            if let Some(registered) = registered.filter(|registered| registered.was_there(family.created_at)) {
                let name = name_of(Some(&registered), &family.client_id);
                let (created_at, used_at) = (family.created_at, family.rotated_at);
                let seen = |of: oidc::token::grant::Device| (device(&of.agent), of.address.as_deref().and_then(place));
                let device = grant.device.map(seen);
                let (id, client_id, scopes) = (family.id, family.client_id, grant.scopes);
                found.push(OfflineGrant { id, client_id, name, device, scopes, created_at, used_at });
            }
        }
        Ok(found)
    }

    /// Ends one of them; `false` where the person has none of this id.
    pub async fn end_offline_grant(&self, user: Id, id: Id, caller: &Caller) -> Result<bool, Fault> {
        let all = store::families::offline_of_user(&self.store, user, self.now()).await?;
        let Some(family) = all.into_iter().find(|family| family.id == id) else { return Ok(false) };
        let revoked = store::families::revoke(&self.store, id, "ended by its person", self.now()).await?;
        if revoked {
            let event = Event::new(Kind::GrantEnded).user(user).client(&family.client_id);
            self.audit(caller, event.detail(json!({ "family": id }))).await?;
        }
        Ok(revoked)
    }
}

/// The name of an app; its id where it has none, or is gone.
fn name_of(registered: Option<&RegisteredClient>, client_id: &str) -> String {
    registered
        .and_then(|registered| registered.client.shown.client_name.clone())
        .unwrap_or_else(|| client_id.to_owned())
}
