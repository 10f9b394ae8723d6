//! What a client may be given in a session without a page: the hub decides it as it would with `prompt=none`.

use oidc::details::Details;
use oidc::hub::{self, Assured, Facts, Flow, Step, Target};
use oidc::request::{AuthorizationRequest, Prompt, Reply, ResponseMode};
use oidc::session::Session;
use oidc::{ErrorCode, OAuthError, Scopes};

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
        let flow = Flow { target: Target::Client(Box::new(request(registered, scopes)?)), facts };
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

/// A request that no page may answer. Nothing is sent to its address.
fn request(registered: &RegisteredClient, scopes: &Scopes) -> Result<AuthorizationRequest, OAuthError> {
    let client = &registered.client;
    let redirect_uri = client.redirect_uris.first().cloned();
    let redirect_uri =
        redirect_uri.ok_or_else(|| OAuthError::new(ErrorCode::UnauthorizedClient, "this client signs nobody in"))?;
    Ok(AuthorizationRequest {
        client_id: client.id.clone(),
        reply: Reply { redirect_uri, mode: ResponseMode::default(), state: None },
        scopes: client.allowed(scopes),
        code_challenge: None,
        nonce: None,
        prompt: Prompt { none: true, ..Prompt::default() },
        max_age: client.default_max_age,
        claims: oidc::claims::ClaimsRequest::default(),
        resource: Vec::new(),
        login_hint: None,
        id_token_hint: None,
        ui_locales: Vec::new(),
        acr_values: Vec::new(),
        authorization_details: Details::default(),
        dpop_jkt: None,
    })
}
