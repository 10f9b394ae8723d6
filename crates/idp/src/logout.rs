//! Signing out: what an app asked for, what the person answers.

mod telling;

use std::sync::Arc;

use oidc::Id;
use oidc::OAuthError;
use oidc::logout::{Decision, client_id, decide, redirect};
use oidc::request::Params;

pub use telling::Told;

use crate::browsers::Browser;
use crate::caller::Caller;
use crate::clients::RegisteredClient;
use crate::{Context, Fault};

/// A request to sign out, read and decided; nothing has ended yet.
#[derive(Debug)]
pub struct Logout {
    /// Which sessions.
    pub decision: Decision,
    /// Who asks, where that is known.
    pub client: Option<Arc<RegisteredClient>>,
    /// Where the browser goes afterwards.
    pub redirect: Option<String>,
}

impl Context {
    /// Reads a logout request of this browser (RP-Initiated Logout 1.0 §2).
    pub async fn logout(&self, params: &Params, browser: Option<&Browser>) -> Result<Logout, OAuthError> {
        let hint = match params.get("id_token_hint") {
            Some(token) => self.id_token_hint(token).await?,
            None => None,
        };
        let client = match client_id(params, hint.as_ref())? {
            Some(id) => self.client(id).await?.filter(|registered| !registered.disabled),
            None => None,
        };
        let redirect = redirect(params, client.as_ref().map(|registered| &registered.client))?;
        let sessions: Vec<_> = browser.iter().flat_map(|browser| browser.all().cloned()).collect();
        Ok(Logout { decision: decide(hint.as_ref(), &sessions), client, redirect })
    }

    /// Ends sessions of this browser, and tells their apps; what it answers is for the page that says so.
    pub async fn sign_out(&self, browser: &Browser, sessions: &[Id], caller: &Caller) -> Result<Told, Fault> {
        let mut apps = Vec::new();
        for session in sessions {
            let ended = self.end_session_now(browser.id, *session, caller).await?;
            apps.extend(ended.into_iter().flat_map(|ended| ended.clients));
        }
        let state = Some(self.browser_state_without(browser, sessions));
        Ok(Told { state, ..self.tell_at_once(apps).await? })
    }
}
