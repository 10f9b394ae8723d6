//! The end that a flow is for: a code.

use std::time::Duration;

use oidc::client::Client;
use oidc::consent::Consent;
use oidc::hub::{Account, Assured, Facts};
use oidc::request::AuthorizationRequest;
use oidc::secret::SecretKind;
use oidc::token::grant::Grant;
use oidc::{Id, Scopes, Time, scope};
use serde_json::{Map, Value};
use store::codes::Code;

use super::consent::{answered, row};
use super::end::End;
use super::open::Open;
use super::{Answer, Asks, Onward};
use crate::audit::{Event, Kind};
use crate::browsers::{Browser, joined};
use crate::{Context, Fault};

impl Context {
    /// A code for what was granted, as the flow's end.
    pub(super) async fn issue_code(
        &self,
        open: &Open,
        session: Id,
        granted: &Scopes,
        assured: &Assured,
    ) -> Result<End, Fault> {
        let (Some(asks), Some(account), Some(browser)) = (open.asks(), open.account(session), &open.browser) else {
            return Err(Fault::Corrupt(format!("flow {} issues for a session that nobody knows", open.id)));
        };
        let now = self.now();
        let consent = to_remember(open, &asks, account, granted);
        let consent = consent.map(|consent| row(account.session.user_id, asks.client(), &consent, now));
        let secret = self.randomness.new_secret_for(SecretKind::Code, open.id);
        let grant = grant(&asks.request, account, browser, (granted, assured, &open.flow.facts));
        let code = Code {
            flow_id: open.id,
            secret_hash: secret.hash().into(),
            client_id: asks.client().id.clone(),
            grant_json: serde_json::to_string(&grant).map_err(|error| Fault::corrupt("a grant", error))?,
            created_at: now,
            expires_at: self.code_ends(asks.client(), now).min(account.session.expires_at),
            used_at: None,
        };
        let reply = asks.request.reply.clone();
        let state = self.browser_state(browser);
        let session_state = match granted.contains(scope::OPENID) {
            true => self.session_state(asks.client(), &reply.redirect_uri, &state),
            false => None,
        };
        let answer = Answer::code(reply, self.issuer(), asks.app_name(), &secret.to_text());
        let answer = answer.with_state(session_state, state);
        let onward = Onward::Client(Box::new(answer));
        let joined = Some(joined(&asks.client().id, (browser.id, &account.session), now));
        let event = open.flow.facts.consented.as_ref().map(|_| {
            let mut detail = said(open, &asks);
            detail.insert("scopes".to_owned(), granted.to_string().into());
            let event = Event::new(Kind::ConsentGiven).user(account.session.user_id).session(session);
            self.audit_row(&open.caller, event.client(&asks.client().id).detail(detail.into()))
        });
        let language = open.flow.facts.consented_in.as_deref();
        let evidence = self.evidence(&asks, account, (assured, language)).await?;
        let (consent, used) = (consent.transpose()?, Some(session));
        Ok(End { onward, code: Some(code), consent, joined, event, used, decision: None, evidence, visit: None })
    }

    /// What the trail says where a person has allowed nothing of what a client asked for.
    pub(super) fn consent_denied(&self, open: &Open, (user, session): (Id, Id)) -> Option<store::audit::Event> {
        let asks = open.asks()?;
        let event = Event::new(Kind::ConsentDenied).user(user).session(session);
        Some(self.audit_row(&open.caller, event.client(&asks.client().id).detail(said(open, &asks).into())))
    }

    /// Until when a code is redeemed. That of a mini program has passed through a page, and its backend comes at once.
    fn code_ends(&self, client: &Client, now: Time) -> Time {
        let usual = self.settings.tokens.code_lifetime;
        now.plus(if client.shown.vestibule_host.is_some() { usual.min(LONGEST_OF_PROGRAM) } else { usual })
    }
}

/// What was asked, and by which host app where it is for a mini program: for the trail.
fn said(open: &Open, asks: &Asks) -> Map<String, Value> {
    let mut said = Map::new();
    said.insert("asked".to_owned(), asks.request.scopes.to_string().into());
    said.insert("types".to_owned(), types_of(asks).into());
    if let Some(host) = &open.flow.facts.host {
        said.insert("host".to_owned(), host.as_str().into());
    }
    said
}

/// The types of what was asked beside scopes, for the trail; what it was stands in the record.
pub(super) fn types_of(asks: &Asks) -> Vec<&str> {
    let items = asks.request.authorization_details.items.iter();
    items.filter_map(|item| item.get("type")?.as_str()).collect()
}

/// What is to be remembered of this sign-in. A trusted client's first one too, without a scope: nobody was asked.
fn to_remember(open: &Open, asks: &Asks, account: &Account, granted: &Scopes) -> Option<Consent> {
    match (&open.flow.facts.consented, &account.consent) {
        (Some(_), before) => Some(answered(before.as_ref(), &asks.request.scopes, granted)),
        (None, None) => Some(Consent::default()),
        (None, Some(_)) => None,
    }
}

fn grant(
    request: &AuthorizationRequest,
    account: &Account,
    browser: &Browser,
    (granted, assured, facts): (&Scopes, &Assured, &Facts),
) -> Grant {
    let session = &account.session;
    Grant {
        user_id: session.user_id,
        browser_id: browser.id,
        session_id: session.id,
        authenticated_at: assured.at,
        amr: assured.amr.clone(),
        acr: Some(assured.acr.clone()),
        scopes: granted.clone(),
        role: facts.role.as_ref().or(account.roles.first().filter(|_| account.roles.len() == 1)).cloned(),
        resource: request.resource.clone(),
        authorization_details: request.authorization_details.items.clone(),
        claims: request.claims.clone(),
        nonce: request.nonce.clone(),
        device: None,
        host: facts.host.clone(),
        redirect_uri: request.reply.redirect_uri.to_string(),
        dpop_jkt: request.dpop_jkt.clone(),
        code_challenge: request.code_challenge.clone(),
    }
}

const LONGEST_OF_PROGRAM: Duration = Duration::from_secs(60);
