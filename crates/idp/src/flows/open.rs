//! A flow that is open in a browser, with what was loaded beside it.

use std::sync::Arc;

use oidc::Id;
use oidc::access::Standing;
use oidc::agent::{device, place};
use oidc::assurance::{Factors, Policy};
use oidc::hub::{self, Account, Choice, DeviceTarget, Facts, Prover, Target};
use oidc::request::AuthorizationRequest;
use oidc::site::{self, Address, Rule};

use super::hint::Hint;
use super::known::Stored;
use super::{AskingDevice, Asks};
use crate::browsers::{Beginning, Browser};
use crate::caller::Caller;
use crate::clients::RegisteredClient;

/// A flow that is open in this browser, with all that decides its next step.
pub(super) struct Open {
    pub(super) id: Id,
    pub(super) flow: hub::Flow,
    pub(super) stored: Stored,
    pub(super) client: Option<Arc<RegisteredClient>>,
    pub(super) site: Option<SiteAsked>,
    pub(super) browser: Option<Browser>,
    pub(super) accounts: Vec<Account>,
    /// What whoever is half-way could give as the second factor.
    pub(super) pending: Option<Factors>,
    pub(super) hint: Hint,
    /// Who asks.
    pub(super) caller: Caller,
}

/// What a site asks of whoever comes to a page of it.
pub(super) struct SiteAsked {
    pub(super) policy: Policy,
    pub(super) rules: Vec<Rule>,
}

impl Open {
    /// The client's request, where the flow is for a client.
    pub(super) fn request(&self) -> Option<&AuthorizationRequest> {
        self.flow.target.request()
    }

    /// The page of a site that the flow leads to.
    pub(super) fn address(&self) -> Option<Box<Address>> {
        address(&self.flow.target)
    }

    /// Who asks for what.
    pub(super) fn asks(&self) -> Option<Asks> {
        asks(self.client.as_ref(), &self.flow.target)
    }

    /// The same flow after a session of this account has begun, or was refreshed, in its browser.
    pub(super) fn signed_in(self, beginning: &Beginning<'_>, account: Account, facts: Facts) -> Self {
        let mut flow = self.flow;
        if !flow.facts.denied {
            flow.facts = facts;
        }
        let mut accounts = self.accounts;
        accounts.retain(|known| known.session.id != account.session.id);
        accounts.push(account);
        Self { flow, accounts, pending: None, browser: Some(beginning.browser_after()), ..self }
    }

    /// Who is asked to prove one more thing.
    pub(super) fn person_of(&self, who: Prover) -> Option<Id> {
        match who {
            Prover::Pending(user) => Some(user),
            Prover::Session(session) => self.account(session).map(|account| account.session.user_id),
        }
    }

    /// The account that the flow goes on with, where one was chosen.
    pub(super) fn chosen(&self) -> Option<&Account> {
        match self.flow.facts.choice {
            Choice::Session(session) => self.account(session),
            _ => self.accounts.first().filter(|_| self.accounts.len() == 1),
        }
    }

    /// The account of this session.
    pub(super) fn account(&self, session: Id) -> Option<&Account> {
        self.accounts.iter().find(|account| account.session.id == session)
    }
}

/// Who asks for what.
pub(super) fn asks(client: Option<&Arc<RegisteredClient>>, target: &Target) -> Option<Asks> {
    let device = match target {
        Target::Device(device) => Some(asking(device)),
        Target::Client(_) | Target::Account | Target::Site(_) => None,
    };
    Some(Asks { client: Arc::clone(client?), request: target.request()?.clone(), device })
}

fn asking(target: &DeviceTarget) -> AskingDevice {
    let place = target.address.as_deref().and_then(place);
    AskingDevice { device: device(&target.agent), place, asked_at: target.asked_at }
}

/// The page of a site that a flow leads to.
pub(super) fn address(target: &Target) -> Option<Box<Address>> {
    match target {
        Target::Site(address) => Some(address.clone()),
        Target::Client(_) | Target::Device(_) | Target::Account => None,
    }
}

impl SiteAsked {
    pub(super) fn admits(&self, groups: &[String]) -> bool {
        let standing = Standing { groups: groups.to_vec(), ..Standing::default() };
        site::admits(&self.rules.iter().collect::<Vec<_>>(), &standing)
    }
}
