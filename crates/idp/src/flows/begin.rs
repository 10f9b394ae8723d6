//! How a flow begins.

use oidc::hub::{self, Facts, Target};
use oidc::request::{self, AuthorizationRequest, Params, Refusal, Unsound};
use oidc::site::Address;
use oidc::{ErrorCode, OAuthError, access};

use super::known::Stored;
use super::{Answer, MOST_KEPT, Onward, Visitor, app_name};
use crate::pushed::is_pushed;
use crate::{Context, Fault};

/// What the person who goes to the account page wants first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum First {
    /// To be there: whoever is signed in goes on.
    #[default]
    Page,
    /// To choose among the accounts signed in.
    Choose,
    /// To sign in with one more.
    SignIn,
}

impl Context {
    /// Begins the flow of an authorization request (RFC 6749 §4.1.1). The error is for a page: it must not reach the
    /// client.
    pub async fn begin_flow(
        &self,
        params: &Result<Params, Unsound>,
        visitor: Visitor<'_>,
    ) -> Result<Onward, OAuthError> {
        match self.checked_request(params).await? {
            Ok(request) => Ok(self.begin_with(Target::Client(Box::new(request)), Facts::default(), visitor).await?),
            Err(answer) => Ok(Onward::Client(answer)),
        }
    }

    /// Keeps a request that came by POST. A cross-site POST brings no cookie (they are `SameSite=Lax`), so that nobody
    /// knows yet which browser it is: the GET that follows takes the flow up, once.
    pub async fn post_flow(&self, params: &Result<Params, Unsound>) -> Result<Onward, OAuthError> {
        let request = match self.checked_request(params).await? {
            Ok(request) => request,
            Err(answer) => return Ok(Onward::Client(answer)),
        };
        let flow = hub::Flow { target: Target::Client(Box::new(request)), facts: Facts::default() };
        let id = self.randomness.new_id();
        let row = self.flow_row(id, &flow, &[])?;
        store::flows::insert(&self.store, &row).await.map_err(Fault::from)?;
        Ok(Onward::Flow(id))
    }

    /// Begins a flow that leads to the account page.
    pub async fn begin_account_flow(&self, first: First, visitor: Visitor<'_>) -> Result<Onward, Fault> {
        let facts = match first {
            First::Page => Facts::default(),
            First::Choose => Facts::default().switched(),
            First::SignIn => Facts::default().afresh(),
        };
        self.begin_with(Target::Account, facts, visitor).await
    }

    /// Begins a flow that leads to a page of a site; `None` where there is no such site.
    pub async fn begin_site_flow(&self, address: Address, visitor: Visitor<'_>) -> Result<Option<Onward>, Fault> {
        let target = Target::Site(Box::new(address));
        match self.site_asked(&target).await? {
            Some(_) => Ok(Some(self.begin_with(target, Facts::default(), visitor).await?)),
            None => Ok(None),
        }
    }

    /// Begins a flow in this browser. One that is over at once leaves no row, or only that of its code.
    pub(crate) async fn begin_with(&self, target: Target, facts: Facts, visitor: Visitor<'_>) -> Result<Onward, Fault> {
        let id = self.randomness.new_id();
        let open = self.load_flow(id, hub::Flow { target, facts }, Stored::Not, visitor).await?;
        let step = self.next_step(&open);
        if let Some(onward) = self.end_flow(&open, &step, visitor).await? {
            return Ok(onward);
        }
        let row = self.flow_row(id, &open.flow, &visitor.binding.hash())?;
        store::flows::insert(&self.store, &row).await?;
        Ok(Onward::Flow(id))
    }

    /// The request after all checks, or what the client is answered instead.
    async fn checked_request(
        &self,
        params: &Result<Params, Unsound>,
    ) -> Result<Result<AuthorizationRequest, Box<Answer>>, OAuthError> {
        let id = request::client_id(params)?;
        if let Ok(sound) = params
            && let Some(request_uri) = sound.get("request_uri").filter(|uri| is_pushed(uri))
        {
            // RFC 9101 §6.3: what stands beside it does not count.
            return self.take_pushed(id, request_uri).await.map(Ok);
        }
        let known = self.client(id).await?.filter(|registered| !registered.disabled);
        if known.is_some_and(|registered| access::is_over(&registered.client, self.now())) {
            return Err(OAuthError::new(ErrorCode::AccessDenied, "this app has ended"));
        }
        let registered = self.enabled_client(id).await?;
        let client = registered.as_deref().map(|registered| &registered.client);
        match request::authorization_request(params, client, &self.settings.detail_types) {
            Ok(request) if serde_json::to_vec(&request).is_ok_and(|kept| kept.len() > MOST_KEPT) => {
                let error = OAuthError::invalid_request("the request as a whole is too large");
                let app = client.map(app_name).unwrap_or_default();
                Ok(Err(Box::new(Answer::error(request.reply, self.issuer(), app, error))))
            }
            Ok(request) => Ok(Ok(request)),
            Err(Refusal::Page(error)) => Err(error),
            Err(Refusal::Redirect(reply, error)) => {
                let app = client.map(app_name).unwrap_or_default();
                Ok(Err(Box::new(Answer::error(reply, self.issuer(), app, error))))
            }
        }
    }
}
