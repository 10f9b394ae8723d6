//! Flows that begin and end without a browser: an app shows what would be a page, and the same hub decides.

use oidc::claims::ClaimsRequest;
use oidc::client::Client;
use oidc::details::Details;
use oidc::hub::{Facts, Flow, Step, Target};
use oidc::request::{AuthorizationRequest, Prompt, Reply, ResponseMode};
use oidc::{ErrorCode, Id, OAuthError, Scopes};

use super::end::End;
use super::known::Stored;
use super::open::Open;
use crate::caller::Caller;
use crate::{Context, Fault};

/// A flow with the end that the hub says; nothing is written yet.
pub(super) struct Concluded {
    id: Id,
    /// What decided it.
    pub(super) open: Box<Open>,
    /// What would be written.
    pub(super) end: End,
}

impl Context {
    /// Decides a request by these facts, in the sessions of this browser. A page that would be due is the error.
    pub(super) async fn conclude(
        &self,
        request: AuthorizationRequest,
        facts: Facts,
        browser: Id,
        caller: &Caller,
    ) -> Result<Concluded, OAuthError> {
        let flow = Flow { target: Target::Client(Box::new(request)), facts };
        let browser = self.browser_of(browser).await?;
        let id = self.randomness.new_id();
        let open = Box::new(Box::pin(self.load_in(id, flow, Stored::Not, (browser, caller))).await?);
        let step = self.next_step(&open);
        if !matches!(step, Step::Issue(..) | Step::Refuse(_)) {
            let words = "this request must be answered in the browser: open the link there";
            return Err(OAuthError::new(ErrorCode::InteractionRequired, words).with_detail(format!("{step:?}")));
        }
        let end = self.end_of(&open, &step).await?;
        let end = end.ok_or_else(|| Fault::Corrupt(format!("flow {id} has no end")))?;
        Ok(Concluded { id, open, end })
    }

    /// Writes what a concluded flow leaves: where it has no code, what the trail is to have.
    pub(super) async fn write(&self, concluded: &Concluded) -> Result<(), Fault> {
        let Concluded { id, open, end } = concluded;
        if end.code.is_none() {
            if let Some(event) = &end.event {
                store::audit::append(&self.store, event).await?;
            }
        } else {
            // No browser holds it.
            let nobody = jose::sha256(self.randomness.new_id().as_bytes());
            let mut row = self.flow_row(*id, &open.flow, &nobody)?;
            row.finished_at = Some(self.now());
            store::flows::insert_finished(&self.store, &row, &self.ended(end)).await?;
        }
        Ok(())
    }
}

/// A client's request for these scopes, which no page may answer. Nothing is sent to its address.
pub(super) fn silent_request(client: &Client, scopes: Scopes) -> Result<AuthorizationRequest, OAuthError> {
    let redirect_uri = client.redirect_uris.first().cloned();
    let redirect_uri =
        redirect_uri.ok_or_else(|| OAuthError::new(ErrorCode::UnauthorizedClient, "this client signs nobody in"))?;
    Ok(AuthorizationRequest {
        client_id: client.id.clone(),
        reply: Reply { redirect_uri, mode: ResponseMode::default(), state: None },
        scopes,
        code_challenge: None,
        nonce: None,
        prompt: Prompt { none: true, ..Prompt::default() },
        max_age: client.default_max_age,
        claims: ClaimsRequest::default(),
        resource: Vec::new(),
        login_hint: None,
        id_token_hint: None,
        ui_locales: Vec::new(),
        acr_values: Vec::new(),
        authorization_details: Details::default(),
        dpop_jkt: None,
    })
}
