//! From a native app into a web client that is signed in already.
//!
//! The app pushes where it wants to go, and opens the address that it gets: good once, for a minute, without a token in
//! it. The page there signs in only whoever is at the app: who can say the number that it shows, or whose browser brings
//! what the app has signed. What begins is a child of the app's own session, for that client alone, and over with its
//! parent.

mod answer;

pub use answer::Answer;

use std::time::Duration;

use oidc::client::Client;
use oidc::handoff::{Refused, decide};
use oidc::redirect_uri::RedirectUri;
use oidc::{ErrorCode, Id, OAuthError, scope};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::links::{self, Link};
use store::sessions::Parent;

use crate::access::text;
use crate::audit::{Event, Kind};
use crate::browsers::{Browser, Cookie};
use crate::caller::Caller;
use crate::children::NewChild;
use crate::people::Person;
use crate::possession::Presented;
use crate::{Context, Fault};

/// Where an app wants its person to go.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The web client.
    pub client_id: &'a str,
    /// The page of it (OpenID Connect Core §4).
    pub target_link_uri: Option<&'a str>,
    /// The id of the key by which the app answers for its person.
    pub device_key: Option<&'a str>,
}

/// What the app is answered.
#[derive(Serialize)]
pub struct Pushed {
    /// The address to open.
    url: String,
    /// Its name, with which the question comes to the app that answers with its device's key.
    handoff: Id,
    /// The number to show beside it, where the person answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<String>,
    /// For how many seconds it is good.
    expires_in: u64,
}

/// What the page shows.
#[derive(Debug)]
pub struct Shown {
    /// The hand-off.
    pub id: Id,
    /// Who would be signed in.
    pub person: Person,
    /// The name of the app that sent the browser.
    pub from: String,
    /// The name of the client that it leads to.
    pub to: String,
    /// The origin that it leads to.
    pub origin: String,
    /// Where the app answers, if it does.
    pub answers_at: Option<RedirectUri>,
}

/// What became of a hand-off.
#[derive(Debug)]
pub enum Taken {
    /// The browser goes to the client, with this cookie where a session has begun.
    In {
        /// The client's `initiate_login_uri` with what belongs to it.
        to: String,
        /// The session cookie, and the browser's state for scripts.
        cookie: Option<(Cookie, String)>,
    },
    /// The number was not the one that the app shows, or nothing proves that the app is in this device. The address is
    /// used up.
    Wrong,
    /// It was used, is too old, or its app's session is over.
    Gone,
}

/// What is kept of a hand-off.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    from: String,
    to: String,
    target_link_uri: Option<String>,
    parent_browser: Id,
    parent_session: Id,
    /// The key that answers in place of a number.
    #[serde(default)]
    device_key: Option<Id>,
}

impl Context {
    /// Keeps where an app wants its person to go.
    pub async fn push_handoff(
        &self,
        presented: &Presented<'_>,
        wanted: Wanted<'_>,
        caller: &Caller,
    ) -> Result<Pushed, OAuthError> {
        let Wanted { client_id, target_link_uri, device_key } = wanted;
        let access = self.accept(presented, scope::OPENID).await?;
        let denied = |why: &'static str| OAuthError::new(ErrorCode::AccessDenied, why);
        let Some(grant) = access.grant.as_ref() else { return Err(denied("the access token is no person's")) };
        let from = text(&access.claims, "client_id");
        let now = self.now();
        // An offline token outlives its session: there is nothing then that the other could be a child of.
        let parent = self.living_session(grant.browser_id, grant.session_id, now).await?;
        let parent = parent.filter(|session| session.parent.is_none());
        let Some(parent) = parent else { return Err(denied("the app's own session is over")) };
        let target = self.enabled_client(client_id).await?;
        let Some(target) = target else { return Err(refused(Refused::NoClient)) };
        decide(from, &target.client, target_link_uri).map_err(refused)?;
        if self.may_use(&target.client, grant.user_id).await?.is_err() {
            return Err(denied("this person may not use that client"));
        }
        let device_key = match device_key {
            Some(id) => Some(self.answering_key(grant.user_id, from, id).await?),
            None => None,
        };
        let kept = Kept {
            from: from.to_owned(),
            to: client_id.to_owned(),
            target_link_uri: target_link_uri.map(str::to_owned),
            parent_browser: parent.browser_id,
            parent_session: parent.id,
            device_key,
        };
        let json = serde_json::to_string(&kept).map_err(|error| Fault::corrupt("a hand-off", error))?;
        let (secret, link) = self.link_row(PURPOSE, Some(grant.user_id), json, LIFETIME);
        links::insert(&self.store, &link).await.map_err(Fault::from)?;
        let event = Event::new(Kind::HandoffAsked).user(grant.user_id).session(parent.id).client(from);
        self.audit(caller, event.detail(json!({ "to": client_id }))).await?;
        let url = format!("{}/handoff?token={}", self.issuer, secret.to_text().as_str());
        let number = device_key.is_none().then(|| self.handoff_numbers.number(link.id).to_string());
        Ok(Pushed { url, handoff: link.id, number, expires_in: LIFETIME.as_secs() })
    }

    /// What the address of a hand-off shows, while it works. Looking at it changes nothing.
    pub async fn handoff(&self, token: &str) -> Result<Option<Shown>, Fault> {
        let Some(Opened { link, kept, person, target, .. }) = self.open_handoff(token).await? else { return Ok(None) };
        let Some(from) = self.client(&kept.from).await? else { return Ok(None) };
        let origin = target.initiate_login_uri.as_ref().map(|uri| uri.origin()).unwrap_or_default();
        let answers_at = from.client.handoff_uri.clone().filter(|_| kept.device_key.is_some());
        let (from, to) = (name(&from.client).to_owned(), name(&target).to_owned());
        Ok(Some(Shown { id: link.id, person, from, to, origin, answers_at }))
    }

    /// Uses a hand-off: once, whatever comes with it. In a browser in which its person is signed in anyway, no
    /// other session begins.
    pub async fn take_handoff(
        &self,
        token: &str,
        answer: Answer<'_>,
        browser: Option<&Browser>,
        caller: &Caller,
    ) -> Result<Taken, Fault> {
        let Some(opened) = self.open_handoff(token).await? else { return Ok(Taken::Gone) };
        let Opened { link, kept, person, target, parent } = opened;
        if !links::claim(&self.store, link.id, self.now()).await? {
            return Ok(Taken::Gone);
        }
        let event = |kind| Event::new(kind).user(person.id).client(&kept.to);
        let Some(answered) = self.weigh_answer(&link, &kept, person.id, answer).await? else {
            self.audit(caller, event(Kind::HandoffRefused).session(parent.id)).await?;
            return Ok(Taken::Wrong);
        };
        let Some(to) = address(&target, &self.issuer, kept.target_link_uri.as_deref()) else { return Ok(Taken::Gone) };
        if browser.is_some_and(|browser| browser.sessions.iter().any(|session| session.user_id == person.id)) {
            return Ok(Taken::In { to, cookie: None });
        }
        let of = Parent { browser_id: parent.browser_id, session_id: parent.id, client_id: kept.to.clone() };
        let new = NewChild { of, unlocked: answered.unlocked };
        let Some((child, cookie)) = self.begin_child(browser, &parent, new, caller).await? else {
            return Ok(Taken::Gone);
        };
        let detail = json!({
            "parent": parent.id, "from": kept.from, "agent": caller.agent, "device_key": kept.device_key,
            "unlocked": answered.unlocked,
        });
        self.audit(caller, event(Kind::HandoffTaken).session(child).detail(detail)).await?;
        Ok(Taken::In { to, cookie: Some(cookie) })
    }

    async fn open_handoff(&self, token: &str) -> Result<Option<Opened>, Fault> {
        let Some(link) = self.link(token, PURPOSE).await? else { return Ok(None) };
        let kept: Kept = serde_json::from_str(&link.data_json).map_err(|error| Fault::corrupt("a hand-off", error))?;
        let now = self.now();
        let parent = self.living_session(kept.parent_browser, kept.parent_session, now).await?;
        let registered = self.enabled_client(&kept.to).await?.filter(|client| client.was_there(link.created_at));
        let from = self.enabled_client(&kept.from).await?;
        if from.is_none_or(|client| !client.was_there(link.created_at)) {
            return Ok(None);
        }
        let person = match link.user_id {
            Some(user) => self.user(user).await?.filter(Person::may_be_used),
            None => None,
        };
        let (Some(parent), Some(registered), Some(person)) = (parent, registered, person) else { return Ok(None) };
        // What was allowed a minute ago is asked again.
        let target = registered.client.clone();
        let allowed = decide(&kept.from, &target, kept.target_link_uri.as_deref()).is_ok();
        let allowed = allowed && self.may_use(&target, person.id).await?.is_ok();
        Ok(allowed.then_some(Opened { link, kept, person, target, parent }))
    }
}

/// A hand-off that works.
struct Opened {
    link: Link,
    kept: Kept,
    person: Person,
    target: Client,
    parent: store::sessions::Session,
}

/// Core §4: `iss`, and the page where the client is to end up.
fn address(target: &Client, issuer: &str, target_link_uri: Option<&str>) -> Option<String> {
    target.initiate_login_uri.as_ref().map(|uri| {
        let pairs = [("iss", Some(issuer)), ("target_link_uri", target_link_uri)];
        oidc::handoff::with_query(uri, pairs.into_iter().filter_map(|(name, value)| Some((name, value?))))
    })
}

fn name(client: &Client) -> &str {
    client.shown.client_name.as_deref().unwrap_or(&client.id)
}

fn refused(refused: Refused) -> OAuthError {
    match refused {
        Refused::NoClient | Refused::NotAllowed => {
            OAuthError::new(ErrorCode::AccessDenied, "this app may not open that client")
        }
        Refused::NoPlace => OAuthError::invalid_request("that client has no initiate_login_uri (Core section 4)"),
        Refused::ForeignTarget => OAuthError::invalid_request("target_link_uri is not at an origin of that client"),
    }
}

const PURPOSE: &str = "handoff";
/// The browser is opened at once.
const LIFETIME: Duration = Duration::from_secs(60);
