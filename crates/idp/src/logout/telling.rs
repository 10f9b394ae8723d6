//! Telling the apps of a session that it is over (Back-Channel Logout 1.0, Front-Channel Logout 1.0).
//!
//! The rows of the apps are the outbox: written as due by the transaction that ends the session, taken by a conditional
//! write, and due again until the app has answered. Whoever signs out in a browser waits for the first try.

use std::time::Duration;

use oidc::logout::backchannel::{LogoutToken, is_told, next_try};
use oidc::logout::frontchannel;
use serde_json::json;
use store::session_clients::{self, Ending, SessionClient, Turn};
use tokio::task::JoinSet;

use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::keys::TokenType;
use crate::{Context, Fault};

/// What the page says that follows a sign-out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The addresses that the page opens in iframes (Front-Channel Logout 1.0 §3).
    pub frames: Vec<String>,
    /// The names of the apps that could not be told, and that are tried again.
    pub untold: Vec<String>,
    /// The browser's state from now on, for the cookie that scripts read; `None` where nothing has ended.
    pub state: Option<String>,
}

impl Told {
    /// Whether there is nothing to do and nothing to say.
    pub fn is_quiet(&self) -> bool {
        self.frames.is_empty() && self.untold.is_empty()
    }
}

/// A logout token on its way.
struct Letter {
    row: SessionClient,
    to: String,
    body: String,
}

impl Context {
    /// What the job tells.
    pub(crate) fn ending(&self) -> Ending {
        let now = self.now();
        Ending { now, tries: 0, next_at: now, keep_until: now.plus(KEPT) }
    }

    /// What is told at once: its first turn is taken, and the job has it only after that.
    pub(crate) fn ending_told_at_once(&self) -> Ending {
        let ending = self.ending();
        Ending { tries: 1, next_at: ending.now.plus(next_try(1).unwrap_or(LONGEST)), ..ending }
    }

    /// Tells those whose first turn is taken, and waits no longer than a person does.
    pub(super) async fn tell_at_once(&self, apps: Vec<SessionClient>) -> Result<Told, Fault> {
        let mut told = Told::default();
        for row in &apps {
            let registered = self.client(&row.client_id).await?;
            let uri = registered.as_deref().and_then(|registered| registered.client.frontchannel_logout_uri.as_ref());
            told.frames.extend(uri.and_then(|uri| frontchannel::address(uri, self.issuer(), row.session_id)));
        }
        for untold in self.hand_over(apps, PATIENCE).await? {
            let name = match self.client(&untold.client_id).await? {
                Some(registered) => registered.client.shown.client_name.clone(),
                None => None,
            };
            told.untold.push(name.unwrap_or(untold.client_id));
        }
        told.untold.sort();
        told.untold.dedup();
        Ok(told)
    }

    /// Tells those whose turn has come and whom no other node tells.
    pub(crate) async fn tell_due(&self) -> Result<(), Fault> {
        let mut mine = Vec::new();
        for row in session_clients::due(&self.store, self.now(), BATCH).await? {
            let tries = row.tries + 1;
            let next = u32::try_from(tries).ok().and_then(next_try).map(|pause| self.now().plus(pause));
            if session_clients::claim(&self.store, &row, next).await? {
                mine.push(SessionClient { tries, next_at: next, ..row });
            }
        }
        for untold in self.hand_over(mine, LONGEST).await? {
            if untold.next_at.is_none() {
                self.give_up(&untold).await?;
            }
        }
        Ok(())
    }

    /// One turn of the job, for tests.
    #[cfg(feature = "test-support")]
    pub async fn tell_due_now(&self) {
        self.tell_due().await.expect("a database that works");
    }

    /// Sends what there is to send, all at once, and answers those that were not told in time.
    async fn hand_over(&self, apps: Vec<SessionClient>, patience: Duration) -> Result<Vec<SessionClient>, Fault> {
        let (mut settled, mut untold, mut posts) = (Vec::new(), Vec::new(), JoinSet::new());
        for row in apps {
            match self.letter(row).await? {
                Ok(Letter { row, to, body }) => {
                    let answered = self.outbound.post_form(&to, body);
                    untold.push(row.clone());
                    posts.spawn(async move { (row, answered.await) });
                }
                Err(row) => settled.push((row, Turn::Nothing)),
            }
        }
        let all = async {
            while let Some(Ok((row, answer))) = posts.join_next().await {
                let (client, tries) = (&row.client_id, row.tries);
                match answer {
                    Ok(status) if is_told(status) => settled.push((row, Turn::Told(self.now()))),
                    Ok(status) => tracing::warn!(client, tries, status, "an app did not sign out"),
                    Err(error) => tracing::warn!(client, tries, %error, "an app could not be told of a sign-out"),
                }
            }
        };
        // Those that have not answered by then are tried again.
        let _ = tokio::time::timeout(patience, all).await;
        let turns: Vec<_> = settled.iter().map(|(row, turn)| (row, *turn)).collect();
        session_clients::settle(&self.store, &turns).await?;
        untold.retain(|row| !settled.iter().any(|(done, _)| done == row));
        Ok(untold)
    }

    /// The logout token for an app, signed as its ID tokens are (§2.4); the row alone where the app wants none.
    async fn letter(&self, row: SessionClient) -> Result<Result<Letter, SessionClient>, Fault> {
        let registered = self.client(&row.client_id).await?.filter(|registered| !registered.disabled);
        let Some(registered) = registered.filter(|registered| registered.was_there(row.joined_at)) else {
            return Ok(Err(row));
        };
        let Some(to) = &registered.client.backchannel_logout_uri else { return Ok(Err(row)) };
        let about = (self.subject(&registered.client, row.user_id), row.session_id);
        let token = LogoutToken::new(&self.issuer, &row.client_id, about, self.randomness.new_id(), self.now());
        let signed = self.signer(registered.client.id_token_alg, TokenType::Logout).await?.sign(&token)?;
        // §2.5: a form. A token is made of characters that stand for themselves in one.
        Ok(Ok(Letter { to: to.to_string(), body: format!("logout_token={signed}"), row }))
    }

    async fn give_up(&self, row: &SessionClient) -> Result<(), Fault> {
        let event = Event::new(Kind::AppNotTold).user(row.user_id).session(row.session_id).client(&row.client_id);
        self.audit(&Caller::operator(), event.detail(json!({ "tries": row.tries }))).await
    }
}

/// How long a person waits for the page that says that they are signed out.
const PATIENCE: Duration = Duration::from_secs(3);
/// How long the job waits for an answer: shorter than any pause between two tries.
const LONGEST: Duration = Duration::from_secs(20);
/// Apps told at once.
const BATCH: u32 = 64;
/// Longer than all pauses together.
const KEPT: Duration = Duration::from_secs(2 * 24 * 60 * 60);
