//! What is loaded before the hub decides.

use std::sync::Arc;

use oidc::assurance::Factors;
use oidc::consent::Consent;
use oidc::hub::{self, Account, Choice, Step, Target};
use oidc::session::Session;
use oidc::site;
use oidc::{ErrorCode, Id, OAuthError, scope};

use super::hint::Hint;
use super::open::{Open, SiteAsked};
use super::{LIFETIME, POSTED, Visitor};
use crate::browsers::Browser;
use crate::caller::Caller;
use crate::clients::RegisteredClient;
use crate::{Context, Fault};

/// Whether a flow has a row yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stored {
    /// It has none: it may end before it needs one.
    Not,
    /// It has, and this is the version that was read.
    At(i64),
}

/// What became of looking for a flow.
pub(super) enum Found {
    Open(Box<Open>),
    /// It came by a POST, and no browser has taken it up.
    Posted(Box<hub::Flow>),
    /// As [`super::Onward::Gone`].
    Gone(Option<Arc<RegisteredClient>>),
}

/// The same, before anything beside the flow is loaded.
pub(super) enum LookedUp {
    /// With the version that was read.
    Open(hub::Flow, i64),
    Posted(hub::Flow),
    Gone(Option<Arc<RegisteredClient>>),
}

impl Context {
    /// The flow of this id with what decides its next step.
    pub(super) async fn find_flow(&self, id: Id, visitor: Visitor<'_>) -> Result<Found, Fault> {
        match self.look_up(id, visitor).await? {
            LookedUp::Open(flow, version) => {
                let open = self.load_flow(id, flow, Stored::At(version), visitor).await?;
                Ok(Found::Open(Box::new(open)))
            }
            LookedUp::Posted(flow) => Ok(Found::Posted(Box::new(flow))),
            LookedUp::Gone(client) => Ok(Found::Gone(client)),
        }
    }

    /// The flow of this id alone.
    pub(super) async fn look_up(&self, id: Id, visitor: Visitor<'_>) -> Result<LookedUp, Fault> {
        let Some(row) = store::flows::find(&self.store, id).await? else {
            return Ok(LookedUp::Gone(None));
        };
        let flow = read(&row)?;
        let over = row.finished_at.is_some() || self.now() >= row.expires_at;
        let posted = row.binding_hash.is_empty();
        // What was answered in another browser is over here, too.
        let over = over || matches!(&flow.target, Target::Device(device) if !self.device_waits(device.id).await?);
        match (posted, visitor.binding.matches(&row.binding_hash), over) {
            (true, _, false) => Ok(LookedUp::Posted(flow)),
            (false, true, false) => Ok(LookedUp::Open(flow, row.version)),
            (false, true, true) => Ok(LookedUp::Gone(self.client_of(&flow.target).await?)),
            _ => Ok(LookedUp::Gone(None)),
        }
    }

    /// Loads what stands beside the flow, in the browser that opens it.
    pub(super) async fn load_flow(
        &self,
        id: Id,
        flow: hub::Flow,
        stored: Stored,
        visitor: Visitor<'_>,
    ) -> Result<Open, Fault> {
        let browser = self.browser(visitor.session).await?;
        self.load_in(id, flow, stored, (browser, visitor.caller)).await
    }

    /// The same in this browser, whoever opens it.
    pub(super) async fn load_in(
        &self,
        id: Id,
        flow: hub::Flow,
        stored: Stored,
        (browser, caller): (Option<Browser>, &Caller),
    ) -> Result<Open, Fault> {
        let client = self.client_of(&flow.target).await?;
        let flow = match &client {
            Some(registered) => flow.within(&registered.client),
            None => flow,
        };
        let site = self.site_asked(&flow.target).await?;
        let mut accounts = Vec::new();
        // What a device gets outlives every session: a child has no say in it.
        let opened = client.as_deref().filter(|_| matches!(flow.target, Target::Client(_)));
        let children = browser.iter().flat_map(|browser| browser.children_of(opened));
        for session in browser.iter().flat_map(|browser| &browser.sessions).chain(children) {
            let user = store::users::find(&self.store, session.user_id).await?;
            let consent = match &client {
                Some(registered) => self.consent(session.user_id, registered).await?,
                None => None,
            };
            let asks = (client.as_deref(), site.as_ref());
            let account = self.account(asks, session.clone(), user.as_ref(), consent).await?;
            let child = browser.as_ref().is_some_and(|browser| browser.is_child(session.id));
            accounts.push(Account { child, ..account });
        }
        let flow = as_child(flow, stored, &accounts);
        let pending = match &flow.facts.pending {
            Some(pending) => self.pending_factors(pending.user_id).await?,
            None => None,
        };
        let hint = match &flow.target {
            Target::Client(request) => self.hint(request.id_token_hint.as_deref()).await?,
            Target::Device(_) | Target::Account | Target::Site(_) => Hint::None,
        };
        let caller = caller.clone();
        Ok(Open { id, flow, stored, client, site, browser, accounts, pending, hint, caller })
    }

    /// An account with what its person could prove, and what is asked of them.
    pub(super) async fn account(
        &self,
        (client, site): (Option<&RegisteredClient>, Option<&SiteAsked>),
        session: Session,
        user: Option<&store::users::User>,
        consent: Option<Consent>,
    ) -> Result<Account, Fault> {
        let disabled = user.is_none_or(|user| user.disabled_at.is_some());
        let factors = self.factors_of(session.user_id, user).await?;
        let admitted = match (client, site) {
            (Some(registered), _) => self.may_use(&registered.client, session.user_id).await?.is_ok(),
            (None, Some(site)) => site.admits(&self.groups_of(session.user_id).await?),
            (None, None) => true,
        };
        // No app is for whoever is about to be deleted, until they come back.
        let admitted = admitted && user.is_none_or(|user| user.delete_at.is_none());
        let policy = self.group_policy(session.user_id).await?;
        let roles = match client.filter(|registered| registered.client.scopes.contains(scope::ROLES)) {
            Some(registered) => self.roles_of(session.user_id, &registered.client.id).await?,
            None => Vec::new(),
        };
        let user_id = session.user_id;
        let subject = client.map_or(user_id, |registered| self.subject(&registered.client, user_id));
        Ok(Account { session, subject, disabled, admitted, factors, policy, roles, child: false, consent })
    }

    async fn pending_factors(&self, user: Id) -> Result<Option<Factors>, Fault> {
        match self.user(user).await?.filter(|person| !person.disabled) {
            Some(person) => Ok(Some(self.factors(person.id).await?)),
            None => Ok(None),
        }
    }

    /// What the hub says.
    pub(super) fn next_step(&self, open: &Open) -> Step {
        let asks_silently = open.request().is_some_and(|request| request.prompt.none);
        let hinted = match open.hint {
            Hint::Person(person) => Some(person),
            // Core §3.1.2.1: without a page, nobody can find out who is meant.
            Hint::Unusable if asks_silently => {
                let words = "id_token_hint is none of this issuer's, or its key is gone";
                return Step::Refuse(OAuthError::new(ErrorCode::LoginRequired, words));
            }
            Hint::Unusable | Hint::None => None,
        };
        let known = hub::Known {
            client: open.client.as_deref().map(|registered| &registered.client),
            site: open.site.as_ref().map(|site| site.policy),
            pending: open.pending.as_ref(),
            contexts: &self.settings.contexts,
            accounts: &open.accounts,
            hinted,
            continue_page: self.settings.session.continue_page,
            idle: self.idle(),
        };
        hub::next(&open.flow, &known, self.now())
    }

    /// The client of a target, unless it is unknown or disabled.
    pub(super) async fn client_of(&self, target: &Target) -> Result<Option<Arc<RegisteredClient>>, Fault> {
        match target {
            Target::Client(request) => {
                // An address that was taken from the client meanwhile gets nothing any more.
                let address = request.reply.redirect_uri.as_str();
                let registered = self.enabled_client(&request.client_id).await?;
                Ok(registered.filter(|registered| registered.client.redirect_uri(address).is_some()))
            }
            Target::Device(device) => self.enabled_client(&device.request.client_id).await,
            Target::Account | Target::Site(_) => Ok(None),
        }
    }

    /// What the site of a target asks; `None` where it is registered no more, or asks for what there is not.
    pub(super) async fn site_asked(&self, target: &Target) -> Result<Option<SiteAsked>, Fault> {
        let Target::Site(address) = target else { return Ok(None) };
        let Some(site) = self.site(&address.host).await? else { return Ok(None) };
        let Some(rules) = site.rules_for(address.target()) else { return Ok(None) };
        let asked = |policy| SiteAsked { policy, rules: rules.iter().map(|rule| (*rule).clone()).collect() };
        Ok(site::demand(&rules, &self.settings.contexts).map(asked))
    }

    /// A row for a flow; without a binding it waits for the browser that takes it up.
    pub(super) fn flow_row(&self, id: Id, flow: &hub::Flow, binding_hash: &[u8]) -> Result<store::flows::Flow, Fault> {
        let unwritable = |error| Fault::corrupt("a flow", error);
        Ok(store::flows::Flow {
            id,
            binding_hash: store::Hidden(binding_hash.to_vec()),
            target_json: serde_json::to_string(&flow.target).map_err(unwritable)?,
            facts_json: serde_json::to_string(&flow.facts).map_err(unwritable)?,
            version: 0,
            created_at: self.now(),
            expires_at: self.now().plus(if binding_hash.is_empty() { POSTED } else { LIFETIME }),
            finished_at: None,
        })
    }
}

/// Whoever was handed off to the client goes on with that, unless the request wants them to choose or to sign in.
fn as_child(flow: hub::Flow, stored: Stored, accounts: &[Account]) -> hub::Flow {
    let child = accounts.iter().filter(|account| account.child).max_by_key(|account| account.session.last_seen_at);
    let open = match &flow.target {
        Target::Client(request) => {
            let prompt = request.prompt;
            !prompt.login
                && !prompt.select_account
                && request.id_token_hint.is_none()
                && request.claims.subject().is_none()
        }
        Target::Device(_) | Target::Account | Target::Site(_) => false,
    };
    match child.filter(|_| open && stored == Stored::Not && flow.facts.choice == Choice::Open) {
        Some(child) => hub::Flow { facts: flow.facts.chose(child.session.id), ..flow },
        None => flow,
    }
}

fn read(row: &store::flows::Flow) -> Result<hub::Flow, Fault> {
    let corrupt = |error| Fault::corrupt(&format!("flow {}", row.id), error);
    Ok(hub::Flow {
        target: serde_json::from_str(&row.target_json).map_err(corrupt)?,
        facts: serde_json::from_str(&row.facts_json).map_err(corrupt)?,
    })
}
