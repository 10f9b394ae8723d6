//! Shared containers: the native apps of one developer on one device, in one session (OpenID Connect Native SSO 1.0).

use std::time::Duration;

use jose::provider::aws_lc;
use oidc::token::device_proof::{self, Expected, GroupPolicy};
use oidc::token::grant::Grant;
use oidc::{Id, OAuthError, Time};
use serde_json::json;
use store::app_groups::AppGroup;
use store::assertions::Once;
use store::containers::Container;

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::mac::Counted;
use crate::possession::once;
use crate::{Context, Fault};

/// A device proof as it comes with a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Proving<'a> {
    /// `device_proof`.
    pub(crate) proof: Option<&'a str>,
    /// Who sends it.
    pub(crate) client_id: &'a str,
    /// The code or device secret it stands beside.
    pub(crate) beside: &'a str,
    /// The key of the request's DPoP proof.
    pub(crate) dpop_key: Option<&'a str>,
}

/// A device proof that holds, and was not used yet.
pub(crate) struct Proven {
    /// The thumbprint of the container's key.
    pub(crate) key: String,
    /// As what it is used up.
    pub(crate) once: Once,
}

impl Context {
    /// What is asked of an app group: everything, until somebody says otherwise.
    pub async fn app_group(&self, name: &str) -> Result<GroupPolicy, Fault> {
        match store::app_groups::find(&self.store, name).await? {
            Some(group) => policy(&group),
            None => Ok(GroupPolicy::default()),
        }
    }

    /// The app groups of which something was set.
    pub async fn list_app_groups(&self) -> Result<Vec<(String, GroupPolicy)>, Fault> {
        let groups = store::app_groups::list(&self.store).await?;
        groups.into_iter().map(|group| Ok((group.name.clone(), policy(&group)?))).collect()
    }

    /// Sets what is asked of an app group.
    pub async fn set_app_group(&self, name: &str, policy: GroupPolicy, caller: &Caller) -> Result<(), Fault> {
        let policy_json = serde_json::to_string(&policy).map_err(|error| Fault::corrupt("a policy", error))?;
        let group = AppGroup { name: name.to_owned(), policy_json, updated_at: self.now() };
        store::app_groups::put(&self.store, &group).await?;
        self.audit(caller, Event::new(Kind::AppGroupSet).detail(json!({ "group": name, "policy": policy }))).await
    }

    /// A new container for this grant, not yet written.
    pub(crate) fn new_container(&self, app_group: &str, grant: &Grant, key: Option<String>, until: Time) -> Container {
        let now = self.now();
        Container {
            id: self.randomness.new_id(),
            app_group: app_group.to_owned(),
            browser_id: grant.browser_id,
            session_id: grant.session_id,
            user_id: grant.user_id,
            key_thumbprint: key,
            counter: 0,
            rotated_at: None,
            created_at: now,
            used_at: now,
            expires_at: until,
            ended_at: None,
        }
    }

    /// The container that a device secret opens, with what the secret says; `None` for any text that is none of ours.
    pub(crate) async fn container(&self, secret: &str) -> Result<Option<(Container, Counted)>, Fault> {
        let Some(counted) = self.device_secrets.verify(secret) else { return Ok(None) };
        let found = store::containers::find(&self.store, counted.id).await?;
        Ok(found.map(|container| (container, counted)))
    }

    /// The thumbprint of the container's key, where a device proof comes with the request; it counts once.
    pub(crate) async fn container_key(&self, proving: &Proving<'_>) -> Result<Option<String>, OAuthError> {
        let Some(proven) = self.container_proof(proving)? else { return Ok(None) };
        match self.used_now(&proven.once).await? {
            true => Ok(Some(proven.key)),
            false => Err(seen()),
        }
    }

    /// The device proof that comes with a request. Whoever acts on it uses it up.
    pub(crate) fn container_proof(&self, proving: &Proving<'_>) -> Result<Option<Proven>, OAuthError> {
        let Some(proof) = proving.proof else { return Ok(None) };
        let now = self.now();
        let expected = Expected {
            now: now.seconds(),
            issuer: &self.issuer,
            client_id: proving.client_id,
            beside: proving.beside,
            dpop_key: proving.dpop_key,
        };
        let proven = device_proof::verify(aws_lc(), proof, &expected)
            .map_err(|error| OAuthError::invalid_grant(format!("device_proof: {error}")))?;
        let seconds = device_proof::LIFETIME + 2 * device_proof::LEEWAY + 1;
        let until = now.plus(Duration::from_secs(seconds.into()));
        let once = once("container", &proven.thumbprint, &proven.jti, until);
        Ok(Some(Proven { key: proven.thumbprint, once }))
    }

    /// Ends a container with all that its apps hold in its session; they are told.
    pub(crate) async fn end_container(
        &self,
        container: &Container,
        reason: &str,
        caller: &Caller,
    ) -> Result<(), Fault> {
        if !store::containers::end(&self.store, container.id, self.now()).await? {
            return Ok(());
        }
        for app in self.container_apps(container).await? {
            self.end_app_in_session(container.browser_id, container.session_id, &app, reason).await?;
        }
        let event = Event::new(Kind::ContainerEnded).user(container.user_id).session(container.session_id);
        self.audit(caller, event.detail(json!({ "group": container.app_group, "reason": reason }))).await
    }

    /// Ends a container at its person's wish, with all that its apps hold; the session goes on. `false` where the person has
    /// none of this id.
    pub async fn end_container_of(&self, user: Id, id: Id, caller: &Caller) -> Result<bool, Fault> {
        let containers = self.containers_with(user, id).await?;
        for container in &containers {
            self.end_container(container, "its person signed out of all its apps", caller).await?;
        }
        Ok(!containers.is_empty())
    }

    /// Signs a person out of one app of a container, and with the last one out of the container; the session goes on. `false`
    /// where that app is not in it.
    pub async fn end_container_app(&self, user: Id, id: Id, client: &str, caller: &Caller) -> Result<bool, Fault> {
        let containers = self.containers_with(user, id).await?;
        let Some(one) = containers.first() else { return Ok(false) };
        let apps = self.container_apps(one).await?;
        if !apps.iter().any(|app| app == client) {
            return Ok(false);
        }
        if apps.len() == 1 {
            return self.end_container_of(user, id, caller).await;
        }
        self.end_app_in_session(one.browser_id, one.session_id, client, "its person signed out of it").await?;
        let event = Event::new(Kind::AppLeft).user(user).session(one.session_id).client(client);
        self.audit(caller, event.detail(json!({ "group": one.app_group }))).await?;
        Ok(true)
    }

    /// This person's container of this id, and those beside it: of the same developer, in the same session.
    async fn containers_with(&self, user: Id, id: Id) -> Result<Vec<Container>, Fault> {
        let found = store::containers::find(&self.store, id).await?;
        let Some(one) = found.filter(|one| one.user_id == user && one.ended_at.is_none()) else {
            return Ok(Vec::new());
        };
        let mut all = store::containers::of_session(&self.store, one.session_id).await?;
        all.retain(|other| other.app_group == one.app_group);
        Ok(all)
    }

    /// The apps of its group that take part in a container's session.
    async fn container_apps(&self, container: &Container) -> Result<Vec<String>, Fault> {
        let mut apps = Vec::new();
        for app in store::session_clients::of_session(&self.store, container.browser_id, container.session_id).await? {
            let registered = self.client(&app.client_id).await?;
            if registered.is_some_and(|one| one.client.app_group.as_ref() == Some(&container.app_group)) {
                apps.push(app.client_id);
            }
        }
        Ok(apps)
    }

    /// Ends one app's part in a session that goes on.
    async fn end_app_in_session(&self, browser: Id, session: Id, client: &str, reason: &str) -> Result<(), Fault> {
        store::families::revoke_of_session_client(&self.store, session, client, reason, self.now()).await?;
        store::session_clients::end(&self.store, browser, session, client, self.ending()).await?;
        Ok(())
    }
}

/// To whoever sends a device proof again.
pub(crate) fn seen() -> OAuthError {
    OAuthError::invalid_grant("device_proof: its jti was used before")
}

fn policy(group: &AppGroup) -> Result<GroupPolicy, Fault> {
    serde_json::from_str(&group.policy_json).map_err(|error| Fault::corrupt("an app group", error))
}
