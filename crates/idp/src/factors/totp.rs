//! Authenticator apps (RFC 6238): one for each person. It stands with the credentials of kind `totp`, its secret sealed.
//!
//! Each try is written down before it is looked at: of a hundred at once, no more are compared than one at a time. A wrong
//! one counts against the hour, so that guessing has odds of 3 in 100,000 an hour.

use std::time::Duration;

use jose::base64url;
use jose::provider::aws_lc;
use oidc::assurance::Method;
use oidc::otp::{self, Clock};
use oidc::session::Session;
use oidc::{Id, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::credentials::{self, Credential};
use zeroize::Zeroizing;

use super::{Proven, row_id};
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::people::Person;
use crate::{Context, Fault};

/// Why an authenticator app was not removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveError {
    /// The person's sign-in is too long ago.
    #[error("a fresh sign-in is needed")]
    Stale,
    /// The password is too short to be the only factor: a longer one comes first.
    #[error("the password is too short to be the only factor")]
    PasswordLeans,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a person is shown to set up an authenticator app.
pub struct Offer {
    /// What a QR code holds.
    pub uri: Zeroizing<String>,
    /// The secret, to be typed where no picture can be taken.
    pub secret: Zeroizing<String>,
    /// The same sealed, for the form that confirms it.
    pub sealed: String,
}

/// Why no authenticator app was set up.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The person's sign-in is too long ago.
    #[error("a fresh sign-in is needed")]
    Stale,
    /// The form is not the one that this session was shown.
    #[error("the offer is of another session")]
    Foreign,
    /// The code is not the app's.
    #[error("the code is wrong")]
    WrongCode,
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

#[derive(Clone, Serialize, Deserialize)]
struct Document {
    /// Sealed for this person, in base64url.
    secret: String,
    used: u64,
    drift: i64,
    /// Wrong tries since `since`.
    wrong: u32,
    since: Time,
}

impl Document {
    fn read(row: &Credential) -> Result<Self, Fault> {
        serde_json::from_str(&row.data_json).map_err(|error| corrupt(row.user_id, error))
    }

    fn to_json(&self) -> String {
        json!(self).to_string()
    }

    /// The same with one more try; `None` where there were too many.
    fn tried(&self, now: Time) -> Option<Self> {
        match now.since(self.since) >= HOUR {
            true => Some(Self { wrong: 1, since: now, ..self.clone() }),
            false if self.wrong >= MOST_WRONG => None,
            false => Some(Self { wrong: self.wrong + 1, ..self.clone() }),
        }
    }

    /// The same after the try was right: it does not count.
    fn right(&self, clock: Clock) -> Self {
        Self { used: clock.used, drift: clock.drift, wrong: self.wrong.saturating_sub(1), ..self.clone() }
    }
}

impl Context {
    /// Whether this person has set up an authenticator app, and since when.
    pub async fn totp_since(&self, user: Id) -> Result<Option<Time>, Fault> {
        Ok(self.totp(user).await?.map(|row| row.created_at))
    }

    /// A secret for an authenticator app, not yet kept. `here` is the name of this installation.
    pub fn totp_offer(&self, person: &Person, session: &Session, here: &str) -> Offer {
        // RFC 4226 §4, R6: 160 bits.
        let mut secret = Zeroizing::new([0; 20]);
        self.randomness.fill(&mut *secret);
        let account = person.email.as_deref().or(person.username.as_deref()).unwrap_or_default();
        Offer {
            uri: otp::uri(here, account, &*secret),
            secret: Zeroizing::new(jose::otp::base32(&*secret)),
            sealed: base64url::encode(self.sealer.seal(&*self.randomness, OFFER, session.id, &*secret)),
        }
    }

    /// The same offer once more, after a code that was wrong.
    pub fn totp_offer_again(&self, person: &Person, session: &Session, here: &str, sealed: &str) -> Option<Offer> {
        let secret = self.open_offer(session, sealed)?;
        let account = person.email.as_deref().or(person.username.as_deref()).unwrap_or_default();
        Some(Offer {
            uri: otp::uri(here, account, &secret),
            secret: Zeroizing::new(jose::otp::base32(&secret)),
            sealed: sealed.to_owned(),
        })
    }

    /// Keeps the secret that was offered, once a code shows that the app has it. One that was there goes.
    pub async fn set_up_totp(
        &self,
        session: &Session,
        (sealed, code): (&str, &str),
        caller: &Caller,
    ) -> Result<(), SetUpError> {
        if !self.may_change_factors(session).await? {
            return Err(SetUpError::Stale);
        }
        let secret = self.open_offer(session, sealed).ok_or(SetUpError::Foreign)?;
        let (user, now) = (session.user_id, self.now());
        let clock = otp::accept(aws_lc(), &secret, Clock::default(), code, now).ok_or(SetUpError::WrongCode)?;
        let kept = self.sealer.seal(&*self.randomness, KIND, user, &secret);
        let document =
            Document { secret: base64url::encode(kept), used: clock.used, drift: clock.drift, wrong: 0, since: now };
        let row = Credential {
            user_id: user,
            id: row_id(KIND, user),
            kind: KIND.to_owned(),
            data_json: document.to_json(),
            created_at: now,
            used_at: None,
        };
        self.put_only(&row).await?;
        let event = Event::new(Kind::FactorAdded).user(user).session(session.id).detail(json!({ "factor": KIND }));
        self.audit(caller, event).await?;
        Ok(())
    }

    /// Removes the authenticator app; `false` where there was none. A password that was chosen short because of it must be
    /// replaced first (NIST SP 800-63B-4 §3.1.1.2).
    pub async fn remove_totp(&self, session: &Session, caller: &Caller) -> Result<bool, RemoveError> {
        if !self.may_change_factors(session).await? {
            return Err(RemoveError::Stale);
        }
        let user = session.user_id;
        if self.password_leans(user).await? {
            return Err(RemoveError::PasswordLeans);
        }
        let removed = credentials::delete(&self.store, user, row_id(KIND, user)).await.map_err(Fault::from)?;
        if removed {
            let event =
                Event::new(Kind::FactorRemoved).user(user).session(session.id).detail(json!({ "factor": KIND }));
            self.audit(caller, event).await?;
        }
        Ok(removed)
    }

    /// Whether this is the code of the person's app now. Each code is good once.
    pub async fn check_totp(&self, user: Id, code: &str, caller: &Caller) -> Result<Option<Proven>, Fault> {
        let proven = self.prove_totp(user, code).await?;
        if proven.is_none() {
            self.note_wrong(Some(user), KIND, Method::Totp, caller).await?;
        }
        Ok(proven)
    }

    async fn prove_totp(&self, user: Id, code: &str) -> Result<Option<Proven>, Fault> {
        let (row, document) = match self.claim_try(user).await? {
            Some(claimed) => claimed,
            None => return Ok(None),
        };
        let secret = self.open_secret(&document, user)?;
        let clock = Clock { used: document.used, drift: document.drift };
        let Some(clock) = otp::accept(aws_lc(), &secret, clock, code, self.now()) else { return Ok(None) };
        // Of two that bring the same code at once, one finds the row as it was.
        let changed = credentials::change(&self.store, &row, &document.right(clock).to_json(), self.now()).await?;
        let person = self.user(user).await?.filter(|person| changed && !person.disabled);
        Ok(person.map(|person| Proven { person, credential: Some(row.id), method: Method::Totp }))
    }

    /// Writes down that a code is tried; `None` where there is no app, or too many were wrong.
    async fn claim_try(&self, user: Id) -> Result<Option<(Credential, Document)>, Fault> {
        for _ in 0..TRIES {
            let Some(row) = self.totp(user).await? else { return Ok(None) };
            let Some(tried) = Document::read(&row)?.tried(self.now()) else {
                tracing::info!(%user, "too many wrong codes in an hour");
                return Ok(None);
            };
            let data_json = tried.to_json();
            if credentials::change(&self.store, &row, &data_json, self.now()).await? {
                return Ok(Some((Credential { data_json, ..row }, tried)));
            }
        }
        Ok(None)
    }

    async fn totp(&self, user: Id) -> Result<Option<Credential>, Fault> {
        Ok(credentials::of(&self.store, user, KIND).await?.pop())
    }

    fn open_secret(&self, document: &Document, user: Id) -> Result<Zeroizing<Vec<u8>>, Fault> {
        let sealed = base64url::decode(&document.secret).map_err(|error| corrupt(user, error))?;
        Ok(self.sealer.open(KIND, user, &sealed)?)
    }

    fn open_offer(&self, session: &Session, sealed: &str) -> Option<Zeroizing<Vec<u8>>> {
        self.sealer.open(OFFER, session.id, &base64url::decode(sealed).ok()?).ok()
    }
}

fn corrupt(user: Id, error: impl std::fmt::Display) -> Fault {
    Fault::corrupt(&format!("the authenticator app of user {user}"), error)
}

pub(super) const KIND: &str = "totp";
const OFFER: &str = "totp-offer";
const HOUR: Duration = Duration::from_secs(60 * 60);
/// Wrong codes in an hour: each has three right ones among a million.
const MOST_WRONG: u32 = 10;
/// How often a row is read again when others are faster.
const TRIES: usize = 4;
