//! Sign-ins on their way: from the request that begins one, through the steps, to the answer that ends it.
//!
//! The hub (`oidc::hub`) decides each next step from the flow's recorded facts. Here the facts are loaded, a step's
//! fact is recorded by a conditional write on the flow's version, and the end is applied. A flow opens only in the
//! browser that began it.

mod answer;
mod app2app;
mod begin;
mod consent;
mod device;
mod end;
mod go_on;
mod hint;
mod issue;
mod known;
mod mailed;
mod open;
mod page;
mod program;
mod prove;
mod silent;
mod steps;
mod unattended;

use std::sync::Arc;
use std::time::Duration;

use oidc::agent::Device;
use oidc::assurance::{Level, Method};
use oidc::client::Client;
use oidc::consent::Consent;
use oidc::hub::Wish;
use oidc::request::AuthorizationRequest;
use oidc::session::Session;
use oidc::site::Address;
use oidc::{Id, Scopes, Time};

use crate::bindings::Binding;
use crate::browsers::Cookie;
use crate::caller::Caller;
use crate::clients::RegisteredClient;
use crate::people::Person;
pub use answer::Answer;
pub use app2app::AppRequest;
pub use begin::First;
pub use mailed::MailLink;
pub use program::ProgramShown;
pub(crate) use program::{ProgramAsks, Said, StepUp};
pub use prove::{Awaited, Entered, Offer};
pub(crate) use silent::Silent;
pub use steps::{Fact, Recorded, StepForm};

/// A browser as its cookies show it. It has no `Debug`: they are secrets.
#[derive(Clone, Copy)]
pub struct Visitor<'a> {
    /// Which browser it is.
    pub binding: &'a Binding,
    /// The value of the session cookie, whatever it is.
    pub session: Option<&'a str>,
    /// The value of the device cookie, whatever it is.
    pub device: Option<&'a str>,
    /// Who asks.
    pub caller: &'a Caller,
}

/// Where a browser goes from here.
#[derive(Debug)]
pub enum Onward {
    /// It sees a page of the flow.
    Page(Box<Due>),
    /// It goes on at this flow.
    Flow(Id),
    /// It takes this answer to the client.
    Client(Box<Answer>),
    /// It goes to the account page, as this session.
    Account(Id),
    /// It says what a device was answered.
    Device(DeviceOutcome),
    /// It goes to this page of a site, with the sites' cookie.
    Site(Box<Address>, Cookie),
    /// The flow is unknown, over, or another browser's. The client that asked is there where this browser began it.
    Gone(Option<Arc<RegisteredClient>>),
}

/// What a device was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceOutcome {
    /// It gets its tokens.
    Allowed,
    /// It gets nothing.
    Denied,
}

/// A device without a browser that asks, as its person is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskingDevice {
    /// The browser and system, where they are known.
    pub device: Device,
    /// The range in which its address lies.
    pub place: Option<String>,
    /// When it asked.
    pub asked_at: Time,
}

/// A page that is due.
#[derive(Debug)]
pub struct Due {
    /// The flow.
    pub flow: Id,
    /// Who asks, unless it is the account page or a site.
    pub asks: Option<Asks>,
    /// The page of a site that it leads to.
    pub site: Option<Box<Address>>,
    /// Which page.
    pub page: Page,
}

/// Who waits for a sign-in: a client with its request, or a page of a site.
pub type Waiting = (Option<Asks>, Option<Box<Address>>);

/// A client with its request.
#[derive(Clone, Debug)]
pub struct Asks {
    /// Who asks.
    pub client: Arc<RegisteredClient>,
    /// For what.
    pub request: AuthorizationRequest,
    /// The device, where it is one without a browser.
    pub device: Option<AskingDevice>,
}

impl Asks {
    /// The client's metadata.
    pub fn client(&self) -> &Client {
        &self.client.client
    }

    /// The app's name, as its owner wrote it.
    pub fn app_name(&self) -> &str {
        app_name(self.client())
    }
}

/// The pages of a sign-in, each with what it shows.
#[derive(Debug)]
pub enum Page {
    /// Name and password.
    SignIn,
    /// The code of a mail.
    EnterCode {
        /// What was typed as the name.
        name: String,
    },
    /// One more factor.
    Prove {
        /// Whose.
        person: Person,
        /// By one of these.
        by: Vec<Method>,
        /// Whether they may go on without.
        wish: Wish,
        /// Whether a session begins with it: on a remembered device it would not have been asked.
        enters: bool,
    },
    /// Whether they want a passkey.
    OfferPasskey {
        /// Whose.
        person: Person,
        /// Which of their sessions.
        session: Session,
    },
    /// The accounts, the one used last first.
    Choose(Vec<Signed>),
    /// This person may not use the client.
    NotAdmitted(Signed),
    /// This person's account is deleted then, unless they come back.
    Leaving(Signed, Time),
    /// What they have yet to set up.
    SetUp(Signed, Level),
    /// What they are at the client.
    ChooseRole {
        /// Who.
        who: Signed,
        /// Their roles.
        roles: Vec<String>,
    },
    /// «Continue as …».
    Continue(Signed),
    /// What the client may have.
    Consent {
        /// Whose consent.
        who: Signed,
        /// What is asked.
        scopes: Scopes,
        /// What was answered before.
        before: Option<Consent>,
    },
}

impl Page {
    /// The step's name, as `data-step` and the form's address have it (CONTRACT §4).
    pub fn step(&self) -> &'static str {
        match self {
            Self::SignIn => SIGN_IN,
            Self::EnterCode { .. } => EMAIL_CODE,
            Self::Prove { .. } => PROVE,
            Self::OfferPasskey { .. } => NEW_PASSKEY,
            Self::Choose(_) => ACCOUNT,
            Self::SetUp(..) => SET_UP,
            Self::ChooseRole { .. } => ROLE,
            Self::NotAdmitted(_) => NOT_ADMITTED,
            Self::Leaving(..) => LEAVING,
            Self::Continue(_) => CONTINUE,
            Self::Consent { .. } => CONSENT,
        }
    }
}

/// An account that is signed in in this browser.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Its session.
    pub session: Session,
    /// The person's name; may be empty.
    pub name: String,
    /// The e-mail address or the username.
    pub address: String,
}

impl Due {
    /// What the page's form is for. The session, or the person, stands in it where the answer is about one, so that what
    /// was shown about one account is never recorded for another.
    pub fn purpose(&self) -> String {
        let about = match &self.page {
            Page::SignIn | Page::EnterCode { .. } | Page::Choose(_) => None,
            Page::Prove { person, .. } => Some(person.id),
            Page::OfferPasskey { session, .. } => Some(session.id),
            Page::NotAdmitted(who)
            | Page::Leaving(who, _)
            | Page::SetUp(who, _)
            | Page::ChooseRole { who, .. }
            | Page::Continue(who)
            | Page::Consent { who, .. } => Some(who.session.id),
        };
        purpose(self.page.step(), self.flow, about)
    }
}

/// See [`Due::purpose`].
pub(crate) fn purpose(step: &str, flow: Id, about: Option<Id>) -> String {
    match about {
        Some(about) => format!("{step} {flow} {about}"),
        None => format!("{step} {flow}"),
    }
}

fn app_name(client: &Client) -> &str {
    client.shown.client_name.as_deref().unwrap_or(&client.id)
}

/// The steps (CONTRACT §4).
const SIGN_IN: &str = "signin";
const EMAIL_CODE: &str = "email-code";
/// One more factor: its forms go to the step of the factor.
const PROVE: &str = "prove";
const ACCOUNT: &str = "account";
const SET_UP: &str = "set-up";
const ROLE: &str = "role";
const NEW_PASSKEY: &str = "new-passkey";
const NOT_ADMITTED: &str = "not-admitted";
/// Its form goes to the account: coming back is no fact of the flow.
const LEAVING: &str = "leaving";
const CONTINUE: &str = "continue";
const CONSENT: &str = "consent";
/// How long a person may take from page to page.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How long a posted request waits for the browser that takes it up: anybody can post one.
const POSTED: Duration = Duration::from_secs(2 * 60);
/// Bytes of a request that are kept: every parameter at its limit would be ten times as much.
pub(crate) const MOST_KEPT: usize = 16 * 1024;
