//! A flow: what a sign-in is for, and the facts recorded on its way.

use serde::{Deserialize, Serialize};

use crate::assurance::Proof;
use crate::client::Client;
use crate::request::AuthorizationRequest;
use crate::scope::Scopes;
use crate::site::Address;
use crate::{Id, Time};

/// A sign-in on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flow {
    /// What it is for.
    pub target: Target,
    /// What was recorded.
    pub facts: Facts,
}

impl Flow {
    /// Without the scopes that the client may have no more: it may have asked before they were taken from it.
    #[must_use]
    pub fn within(mut self, client: &Client) -> Self {
        let request = match &mut self.target {
            Target::Client(request) => &mut **request,
            Target::Device(device) => &mut device.request,
            Target::Account | Target::Site(_) => return self,
        };
        request.scopes = client.allowed(&request.scopes);
        self
    }
}

/// What a sign-in is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A client's request.
    Client(Box<AuthorizationRequest>),
    /// That of a device without a browser (RFC 8628).
    Device(Box<DeviceTarget>),
    /// The account page.
    Account,
    /// A page of a plain website.
    Site(Box<Address>),
}

/// The request of a device, as the person who answers it sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceTarget {
    /// Its row.
    pub id: Id,
    /// For what.
    pub request: AuthorizationRequest,
    /// When its code was asked for.
    pub asked_at: Time,
    /// From where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the device said of itself.
    #[serde(default)]
    pub agent: String,
}

impl Target {
    /// The request of a client, by whichever way it came.
    pub fn request(&self) -> Option<&AuthorizationRequest> {
        match self {
            Self::Client(request) => Some(request),
            Self::Device(device) => Some(&device.request),
            Self::Account | Self::Site(_) => None,
        }
    }
}

/// What was recorded, each by one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Which account.
    pub choice: Choice,
    /// What the chosen session's person has proven in this very flow.
    pub proven: Vec<Proof>,
    /// Somebody who has given a first factor, and whose session waits for the second.
    pub pending: Option<Pending>,
    /// The mail with a code that the person asked for.
    pub mailed: Option<Mailed>,
    /// Wrong codes typed since the last proof.
    pub wrong: u32,
    /// Whether the person goes on without what the client only wishes.
    pub skipped: bool,
    /// Whether the person comes to prove themselves afresh: a remembered device does not help.
    pub afresh: bool,
    /// Whether a passkey is offered once the person is in: their browser can make one.
    pub offers_passkey: bool,
    /// Whether the person has gone on knowingly with the chosen account.
    pub continued: bool,
    /// As what the person enters.
    pub role: Option<String>,
    /// What was allowed on the consent page.
    pub consented: Option<Scopes>,
    /// In which language that page was read.
    pub consented_in: Option<String>,
    /// Whether consent was denied.
    pub denied: bool,
    /// The host app that asks, where the client is a mini program in it.
    pub host: Option<String>,
    /// Whether the answer was given by a key whose device asks for its person at each use, as the device's maker attests.
    pub unlocked: bool,
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

/// A mail with a code and a link, asked for in this flow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailed {
    /// Its link, from which the code follows.
    pub link: Id,
    /// What was typed as the name; whether it is anybody's is not known here.
    pub name: String,
}

/// Somebody on the way from the first factor to the second: no session of theirs has begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    /// Who.
    pub user_id: Id,
    /// What they have proven.
    pub proofs: Vec<Proof>,
    /// The credentials that proved it: they must still stand when the session begins.
    pub credentials: Vec<Id>,
}

impl Facts {
    /// A session began or was refreshed by these proofs, given in this flow.
    #[must_use]
    pub fn signed_in(self, session: Id, proven: Vec<Proof>) -> Self {
        Self {
            choice: Choice::Session(session),
            proven,
            continued: true,
            afresh: self.afresh,
            offers_passkey: self.offers_passkey,
            ..Self::default()
        }
    }

    /// One more thing was proven for the session that the flow goes on with.
    #[must_use]
    pub fn stepped_up(self, session: Id, proven: Vec<Proof>) -> Self {
        Self { choice: Choice::Session(session), proven, pending: None, wrong: 0, ..self }
    }

    /// The first factor was given; the second is to follow.
    #[must_use]
    pub fn half_way(self, pending: Pending) -> Self {
        Self { pending: Some(pending), mailed: None, wrong: 0, ..self }
    }

    /// A mail with a code is under way; the one before it is worth nothing any more.
    #[must_use]
    pub fn mailed(self, mailed: Mailed) -> Self {
        Self { mailed: Some(mailed), wrong: 0, ..self }
    }

    /// The person signs in another way than by the mail.
    #[must_use]
    pub fn another_way(self) -> Self {
        Self { mailed: None, wrong: 0, ..self }
    }

    /// A code was wrong. After [`MOST_WRONG`] the first factor is asked for again.
    #[must_use]
    pub fn mistaken(self) -> Self {
        match self.wrong + 1 {
            wrong if wrong >= MOST_WRONG => Self { pending: None, mailed: None, wrong: 0, ..self },
            wrong => Self { wrong, ..self },
        }
    }

    /// The person is to sign in whatever is known of them, and by all that they have.
    #[must_use]
    pub fn afresh(self) -> Self {
        Self { choice: Choice::Another, afresh: true, ..Self::default() }
    }

    /// The offer of a passkey was answered, this way or that.
    #[must_use]
    pub fn offered(self) -> Self {
        Self { offers_passkey: false, ..self }
    }

    /// The person goes on without what the client only wishes.
    #[must_use]
    pub fn skipped(self, session: Id) -> Self {
        Self { choice: Choice::Session(session), skipped: true, ..self }
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

    /// The person wants to sign in with an account that is not on the list (`other`), or is somebody else than the one
    /// half-way.
    #[must_use]
    pub fn other_account(self) -> Self {
        Self { choice: Choice::Another, afresh: self.afresh, ..Self::default() }
    }

    /// The person allowed `scopes` with the account shown.
    #[must_use]
    pub fn consented(self, session: Id, scopes: Scopes) -> Self {
        Self { choice: Choice::Session(session), consented: Some(scopes), ..self }
    }

    /// The page on which they allowed it spoke this language.
    #[must_use]
    pub fn read_in(self, language: String) -> Self {
        Self { consented_in: Some(language), ..self }
    }

    /// The person enters as this.
    #[must_use]
    pub fn enters_as(self, session: Id, role: String) -> Self {
        Self { choice: Choice::Session(session), role: Some(role), continued: true, ..self }
    }

    /// The person denied.
    #[must_use]
    pub fn denied(self) -> Self {
        Self { denied: true, ..self }
    }
}

/// Wrong codes in one flow.
pub const MOST_WRONG: u32 = 5;
