//! What people have allowed apps, as it is remembered; and taking it back.

use oidc::client::Client;
use oidc::consent::Terms;
use oidc::receipt::{Facts, receipt};
use oidc::{Id, Scopes, Time};
use serde::{Deserialize, Serialize};

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::keys::TokenType;
use crate::people::OfflineGrant;
use crate::tokens::ACCESS_TOKEN_ALG;
use crate::{Context, Fault};

/// `consents.detail_json`.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Detail {
    /// What was offered and left out.
    pub(crate) declined: Scopes,
    /// The app's terms that were shown.
    pub(crate) terms: Terms,
}

/// An app that a person has let in, with what they allow it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedApp {
    /// Its `client_id`.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Who offers it.
    pub owner: Option<String>,
    /// What is allowed.
    pub scopes: Scopes,
    /// What was left out.
    pub declined: Scopes,
    /// Which answer it is, counted from 1.
    pub version: i64,
    /// When the first answer was given.
    pub granted_at: Time,
    /// When this one was.
    pub updated_at: Time,
    /// The terms that were shown.
    pub terms: Terms,
    /// The devices without a browser on which it is signed in.
    pub devices: Vec<OfflineGrant>,
}

impl Context {
    /// The apps that this person has let in, the first one first; not those that are gone.
    pub async fn allowed_apps(&self, user: Id) -> Result<Vec<AllowedApp>, Fault> {
        let mut devices = self.offline_grants(user).await?;
        devices.retain(|grant| grant.device.is_some());
        let mut apps = Vec::new();
        for row in store::consents::list(&self.store, user).await? {
            let Some((mut app, _)) = self.allowed(row).await? else { continue };
            app.devices = devices.iter().filter(|grant| grant.client_id == app.client_id).cloned().collect();
            apps.push(app);
        }
        Ok(apps)
    }

    /// Takes back all that a person has allowed an app: its tokens end, it is told that they are signed out there, and
    /// asks again the next time. `false` where there was nothing.
    pub async fn withdraw(&self, user: Id, client: &str, caller: &Caller) -> Result<bool, Fault> {
        let withdrawn = store::consents::delete(&self.store, user, client).await?;
        let ended = self.end_access(user, client, "consent withdrawn").await?;
        if withdrawn || ended {
            self.audit(caller, Event::new(Kind::ConsentWithdrawn).user(user).client(client)).await?;
        }
        Ok(withdrawn || ended)
    }

    /// The signed receipt for what a person allows an app (ISO/IEC TS 27560); `None` where that is nothing.
    pub async fn consent_receipt(&self, user: Id, client: &str) -> Result<Option<String>, Fault> {
        let Some(row) = store::consents::find(&self.store, user, client).await? else { return Ok(None) };
        let Some((app, client)) = self.allowed(row).await? else { return Ok(None) };
        let receipt = receipt(&Facts {
            issuer: self.issuer(),
            receipt: (self.randomness.new_id(), self.now()),
            subject: user,
            client_id: &client.id,
            app: &app.name,
            owner: app.owner.as_deref(),
            contacts: &client.shown.contacts,
            site: client.shown.client_uri.as_deref(),
            scopes: &app.scopes,
            declined: &app.declined,
            version: app.version,
            granted_at: app.granted_at,
            updated_at: app.updated_at,
            terms: &app.terms,
            withdrawal: &self.address("/account/apps"),
        });
        Ok(Some(self.signer(ACCESS_TOKEN_ALG, TokenType::Receipt).await?.sign(&receipt)?))
    }

    /// Ends an app's tokens of a person, and its part in each of their sessions.
    async fn end_access(&self, user: Id, client: &str, reason: &str) -> Result<bool, Fault> {
        let revoked = store::families::revoke_of_user_client(&self.store, user, client, reason, self.now()).await?;
        let mut ended = revoked > 0;
        for session in store::sessions::of_user(&self.store, user).await? {
            let (browser, session) = (session.browser_id, session.id);
            ended |= store::session_clients::end(&self.store, browser, session, client, self.ending()).await?;
        }
        Ok(ended)
    }

    /// A row with its client; `None` where the client is gone, or another has its id.
    async fn allowed(&self, row: store::consents::Consent) -> Result<Option<(AllowedApp, Client)>, Fault> {
        let registered = self.client(&row.client_id).await?;
        let Some(registered) = registered.filter(|registered| registered.was_there(row.updated_at)) else {
            return Ok(None);
        };
        let (scopes, detail) = read(&row)?;
        let client = registered.client.clone();
        let app = AllowedApp {
            name: client.shown.client_name.clone().unwrap_or_else(|| client.id.clone()),
            owner: client.owner.clone(),
            client_id: row.client_id,
            scopes,
            declined: detail.declined,
            version: row.version,
            granted_at: row.granted_at,
            updated_at: row.updated_at,
            terms: detail.terms,
            devices: Vec::new(),
        };
        Ok(Some((app, client)))
    }
}

/// What a row says.
pub(crate) fn read(row: &store::consents::Consent) -> Result<(Scopes, Detail), Fault> {
    let corrupt =
        |error: String| Fault::corrupt(&format!("the consent of {} for {}", row.user_id, row.client_id), error);
    let scopes = Scopes::parse(&row.scopes).map_err(|error| corrupt(error.to_string()))?;
    let detail = serde_json::from_str(&row.detail_json).map_err(|error| corrupt(error.to_string()))?;
    Ok((scopes, detail))
}
