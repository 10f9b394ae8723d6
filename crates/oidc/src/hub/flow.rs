//! A flow: what a sign-in is for, and the facts recorded on its way.

use serde::{Deserialize, Serialize};

use crate::request::AuthorizationRequest;
use crate::scope::Scopes;
use crate::{Id, Time};

/// A sign-in on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// What it is for.
    pub target: Target,
    /// What was recorded.
    pub facts: Facts,
}

/// What a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A client's request.
    Client(Box<AuthorizationRequest>),
    /// The account page.
    Account,
}

/// What was recorded, each by one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Which account.
    pub choice: Choice,
    /// When the chosen session's person authenticated in this very flow.
    pub authenticated_at: Option<Time>,
    /// Whether the person has gone on knowingly with the chosen account.
    pub continued: bool,
    /// What was allowed on the consent page.
    pub consented: Option<Scopes>,
    /// Whether consent was denied.
    pub denied: bool,
}

/// Which account a flow goes on with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Nobody has chosen.
    #[default]
    Open,
    /// The person wants to choose among the accounts.
    Among,
    /// The person wants to sign in with another account.
    Another,
    /// This session.
    Session(Id),
}

impl Facts {
    /// The person authenticated; a session of theirs began or was refreshed at `at`.
    #[must_use]
    pub fn signed_in(self, session: Id, at: Time) -> Self {
        Self { choice: Choice::Session(session), authenticated_at: Some(at), continued: true, ..Self::default() }
    }

    /// The person chose an account from the list.
    #[must_use]
    pub fn chose(self, session: Id) -> Self {
        Self { choice: Choice::Session(session), continued: true, ..Self::default() }
    }

    /// The person goes on with the account shown.
    #[must_use]
    pub fn continued(self, session: Id) -> Self {
        Self { choice: Choice::Session(session), continued: true, ..self }
    }

    /// The person wants the list of accounts (`switch`).
    #[must_use]
    pub fn switched(self) -> Self {
        Self { choice: Choice::Among, ..Self::default() }
    }

    /// The person wants to sign in with an account that is not on the list (`other`).
    #[must_use]
    pub fn other_account(self) -> Self {
        Self { choice: Choice::Another, ..Self::default() }
    }

    /// The person allowed `scopes` with the account shown.
    #[must_use]
    pub fn consented(self, session: Id, scopes: Scopes) -> Self {
        Self { choice: Choice::Session(session), consented: Some(scopes), ..self }
    }

    /// The person denied.
    #[must_use]
    pub fn denied(self) -> Self {
        Self { denied: true, ..self }
    }
}
