//! What is known beside the flow when the next step is decided.

use std::time::Duration;

use crate::Id;
use crate::assurance::{Contexts, Factors, Policy};
use crate::client::Client;
use crate::consent::Consent;
use crate::session::Session;

/// One account of the browser, with what its person has allowed the client that asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its session.
    pub session: Session,
    /// Its person as the client knows them (OpenID Connect Core §8).
    pub subject: Id,
    /// Whether its person may sign in at all.
    pub disabled: bool,
    /// Whether its person may use the client that asks (`crate::access`).
    pub admitted: bool,
    /// What they could prove themselves with.
    pub factors: Factors,
    /// What is asked of them, by their groups for one.
    pub policy: Policy,
    /// What its person is at the client that asks, where tokens could say so: of several they choose one.
    pub roles: Vec<String>,
    /// Whether it is a child session, which no proof makes more of.
    pub child: bool,
    /// The remembered answer; a trusted client's, too, is recorded at its first sign-in.
    pub consent: Option<Consent>,
}

/// When «Continue as …» is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ContinuePage {
    /// Each time an app joins a running session.
    Always,
    /// The first time a person meets an app.
    #[default]
    FirstTime,
    /// Only where the app's identity cannot be assured.
    Never,
}

/// What is known beside the flow.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The client that asks, where one does.
    pub client: Option<&'a Client>,
    /// What the site asks of proofs, where one asks that is still registered.
    pub site: Option<Policy>,
    /// What the flow's [`Pending`] person could prove themselves with; `None` where they may not sign in any more.
    pub pending: Option<&'a Factors>,
    /// The names of the levels.
    pub contexts: &'a Contexts,
    /// The accounts of this browser.
    pub accounts: &'a [Account],
    /// The subject of a verified `id_token_hint`.
    pub hinted: Option<Id>,
    /// See [`ContinuePage`].
    pub continue_page: ContinuePage,
    /// How long a session may lie unused.
    pub idle: Duration,
}
