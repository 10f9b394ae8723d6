//! Devices that a person has signed in from: a browser keeps one cookie for years, and each person who signs in there
//! has a row for it among their credentials, of kind `device`.
//!
//! A device proves nobody. A known one is told apart from an attacker's when tries are limited (OWASP, «Slow down online
//! guessing attacks with device cookies»), no mail is sent of a sign-in from it, and for as long as it is remembered a
//! second factor is not asked there again.

use std::time::Duration;

use oidc::secret::{Secret, SecretKind};
use oidc::{Id, Time};
use serde::{Deserialize, Serialize};
use store::credentials::{self, Credential};

use crate::browsers::Cookie;
use crate::caller::Caller;
use crate::{Context, Fault};

/// How long a browser keeps the cookie, and a device that is not used is known.
pub const LIFETIME: Duration = Duration::from_secs(400 * 24 * 60 * 60);

/// A device of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The same for all who sign in there.
    pub id: Id,
    /// When this person first signed in there.
    pub first_seen: Time,
    /// When they last did.
    pub last_seen: Time,
    /// What the browser said of itself then.
    pub agent: String,
    /// From where they came then.
    pub address: Option<String>,
    /// Until when no second factor is asked there; it may be over.
    pub remembered_until: Option<Time>,
}

/// Whether a person wants a device remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remember {
    /// From now on, for the time set.
    Yes,
    /// As it was before.
    Unchanged,
}

/// The document of a device.
#[derive(Clone, Deserialize, Serialize)]
struct Document {
    hash: String,
    agent: String,
    address: Option<String>,
    remembered_until: Option<Time>,
}

impl Context {
    /// The device of this cookie, if this person has signed in there.
    pub async fn known_device(&self, user: Id, cookie: Option<&str>) -> Result<Option<Device>, Fault> {
        let Some(secret) = cookie.and_then(parse) else { return Ok(None) };
        let rows = credentials::of(&self.store, user, KIND).await?;
        let Some(row) = rows.iter().find(|row| row.id == row_id(&secret)) else { return Ok(None) };
        let document = read(row)?;
        let is_known = jose::constant_time_eq(document.hash.as_bytes(), hash(&secret).as_bytes());
        Ok((is_known && self.is_known(row)).then(|| shown(row, document)))
    }

    /// Notes that this person has just signed in from this device. The cookie that the browser is to keep, unless it has
    /// it and not for too long.
    pub async fn note_device(
        &self,
        user: Id,
        cookie: Option<&str>,
        caller: &Caller,
        remember: Remember,
    ) -> Result<Option<Cookie>, Fault> {
        let now = self.now();
        let secret = cookie.and_then(parse).unwrap_or_else(|| self.randomness.new_secret(SecretKind::Device));
        let id = row_id(&secret);
        let until = match remember {
            Remember::Yes => Some(now.plus(self.settings.session.remember_device)),
            Remember::Unchanged => None,
        };
        for _ in 0..TRIES {
            let rows = credentials::of(&self.store, user, KIND).await?;
            let before = rows.iter().find(|row| row.id == id);
            let remembered_until = match before {
                Some(row) => until.or(read(row)?.remembered_until),
                None => until,
            };
            let address = caller.address.map(|address| address.to_string());
            let document = Document { hash: hash(&secret), agent: caller.agent.clone(), address, remembered_until };
            let data_json = written(&document)?;
            let Some(row) = before else {
                let (kind, used_at) = (KIND.to_owned(), Some(now));
                let new = Credential { user_id: user, id, kind, data_json, created_at: now, used_at };
                credentials::put(&self.store, &new).await?;
                self.make_room(user, rows).await?;
                return Ok(Some(Cookie::of(&secret)));
            };
            // Who loses this reads again: what a change of the password has forgotten stays forgotten.
            if credentials::change(&self.store, row, &data_json, now).await? {
                return Ok((last_seen(row) < now.minus(RENEWED)).then(|| Cookie::of(&secret)));
            }
        }
        Ok(None)
    }

    /// The devices by which a person is known, the one used last first.
    pub async fn list_devices(&self, user: Id) -> Result<Vec<Device>, Fault> {
        let mut rows = credentials::of(&self.store, user, KIND).await?;
        rows.retain(|row| self.is_known(row));
        rows.sort_by_key(|row| std::cmp::Reverse(last_seen(row)));
        rows.iter().map(|row| Ok(shown(row, read(row)?))).collect()
    }

    /// Forgets a device of a person; `false` where there was none of this id.
    pub async fn forget_device(&self, user: Id, id: Id) -> Result<bool, Fault> {
        let rows = credentials::of(&self.store, user, KIND).await?;
        let is_device = rows.iter().any(|row| row.id == id);
        Ok(is_device && credentials::delete(&self.store, user, id).await?)
    }

    /// Whoever sets a password may do so because somebody else is at one of these devices: a second factor is asked on
    /// all of them again. They stay known.
    pub(crate) async fn stop_remembering(&self, user: Id) -> Result<(), Fault> {
        for _ in 0..TRIES {
            let mut left = false;
            for row in credentials::of(&self.store, user, KIND).await? {
                let document = read(&row)?;
                if document.remembered_until.is_some() {
                    let forgotten = written(&Document { remembered_until: None, ..document })?;
                    left |= !credentials::change(&self.store, &row, &forgotten, last_seen(&row)).await?;
                }
            }
            if !left {
                return Ok(());
            }
        }
        Err(Fault::Corrupt(format!("the devices of user {user} are noted faster than they can be read")))
    }

    /// Each sign-in reads all devices of its person.
    async fn make_room(&self, user: Id, mut others: Vec<Credential>) -> Result<(), Fault> {
        others.sort_by_key(last_seen);
        let too_many = (others.len() + 1).saturating_sub(MOST);
        for row in &others[..too_many] {
            credentials::delete(&self.store, user, row.id).await?;
        }
        Ok(())
    }

    fn is_known(&self, row: &Credential) -> bool {
        self.now() < last_seen(row).plus(LIFETIME)
    }
}

impl Device {
    /// Whether it is still remembered.
    pub fn is_remembered(&self, now: Time) -> bool {
        self.remembered_until.is_some_and(|until| now < until)
    }
}

/// The cookie's secret, where it is one of full strength.
fn parse(cookie: &str) -> Option<Secret> {
    Secret::parse(SecretKind::Device, cookie).filter(|secret| secret.proof().len() == 32)
}

/// The row's id follows from the whole secret: nobody can make a cookie that names another row of theirs, a password's say,
/// or a device of which they know the id alone.
fn row_id(secret: &Secret) -> Id {
    let named = [b"device".as_slice(), secret.id().as_bytes(), &secret.hash()].concat();
    let mut id = [0; 16];
    id.copy_from_slice(&jose::sha256(&named)[..16]);
    Id::from_bytes(id)
}

fn hash(secret: &Secret) -> String {
    jose::base64url::encode(secret.hash())
}

fn read(row: &Credential) -> Result<Document, Fault> {
    serde_json::from_str(&row.data_json)
        .map_err(|error| Fault::corrupt(&format!("a device of user {}", row.user_id), error))
}

fn written(document: &Document) -> Result<String, Fault> {
    serde_json::to_string(document).map_err(|error| Fault::corrupt("a device", error))
}

fn last_seen(row: &Credential) -> Time {
    row.used_at.unwrap_or(row.created_at)
}

fn shown(row: &Credential, document: Document) -> Device {
    Device {
        id: row.id,
        first_seen: row.created_at,
        last_seen: last_seen(row),
        agent: document.agent,
        address: document.address,
        remembered_until: document.remembered_until,
    }
}

pub(crate) const KIND: &str = "device";
/// Devices of one person.
const MOST: usize = 20;
/// How often a row is read again when others are faster.
const TRIES: usize = 5;
/// A cookie older than this is sent again, so that a browser in use never loses it.
const RENEWED: Duration = Duration::from_secs(30 * 24 * 60 * 60);
