//! What a client may be given in a session without a page: the hub decides it as it would with `prompt=none`.

use oidc::hub::{self, Assured, Facts, Flow, Step, Target};
use oidc::session::Session;
use oidc::{ErrorCode, OAuthError, Scopes};

use super::unattended::silent_request;
use crate::clients::RegisteredClient;
use crate::{Context, Fault};

/// What may be given.
pub(crate) struct Silent {
    /// What is granted.
    pub(crate) scopes: Scopes,
    /// What the authentication amounts to.
    pub(crate) assured: Assured,
    /// As what the person enters, where that leaves no choice.
    pub(crate) role: Option<String>,
}

impl Context {
    /// Asks the hub. The error says which page would be due: `login_required`, `consent_required`, and the like.
    pub(crate) async fn silently(
        &self,
        registered: &RegisteredClient,
        session: &Session,
        scopes: &Scopes,
        facts: Facts,
    ) -> Result<Silent, OAuthError> {
        let client = &registered.client;
        let user = store::users::find(&self.store, session.user_id).await.map_err(Fault::from)?;
        let consent = self.consent(session.user_id, registered).await?;
        let account = self.account((Some(registered), None), session.clone(), user.as_ref(), consent).await?;
        let flow = Flow { target: Target::Client(Box::new(silent_request(client, client.allowed(scopes))?)), facts };
        let accounts = [account];
        let known = hub::Known {
            client: Some(client),
            site: None,
            pending: None,
            contexts: &self.settings.contexts,
            accounts: &accounts,
            hinted: None,
            continue_page: self.settings.session.continue_page,
            // Whoever holds tokens of the session uses it.
            idle: self.settings.session.lifetime,
        };
        match hub::next(&flow, &known, self.now()) {
            Step::Issue(_, scopes, assured) => {
                let role = accounts[0].roles.first().filter(|_| accounts[0].roles.len() == 1).cloned();
                Ok(Silent { scopes, assured, role })
            }
            Step::Refuse(error) => Err(error),
            _ => Err(OAuthError::new(ErrorCode::InteractionRequired, "the person must be asked")),
        }
    }
}
