//! The password: checked, set and changed. A person has one; it stands with the credentials of kind `password`.

use oidc::Id;
use oidc::assurance::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::credentials::{self, Credential};

use super::password_rules::{Chosen, PasswordRefused};
use super::{NOBODY, names, read};
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::factors::Proven;
use crate::passwords::{PasswordError, Verdict};
use crate::throttle::Throttled;
use crate::{Context, Fault};

/// Why a password was not set.
#[derive(Debug, thiserror::Error)]
pub enum SetPasswordError {
    /// There is no such person.
    #[error("there is no such person")]
    Missing,
    /// The password will not do.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangePasswordError {
    /// The current password is another.
    #[error("the current password is another")]
    WrongCurrent,
    /// It was tried too often; nothing was looked at.
    #[error("too many tries")]
    Throttled(Throttled),
    /// The new password will not do.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A hashed password: the document of its credential.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Hashed {
    /// A PHC string.
    pub(super) hash: String,
    /// Whether it is too short to be the only factor, and so leans on the other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    leans: bool,
}

impl Hashed {
    /// One that is long enough for itself.
    pub(super) fn alone(hash: String) -> Self {
        Self { hash, leans: false }
    }
}

impl Context {
    /// The person who signs in by `name`, an e-mail address or a username, if this is their password. Whether
    /// nobody has the name, nobody may use it or the password is another cannot be told apart, by the time neither:
    /// each makes the same reads and one run of Argon2.
    pub async fn check_password(&self, name: &str, password: &str) -> Result<Option<Proven>, Fault> {
        let row = self.named(name).await?;
        self.check_password_of(row, password).await
    }

    /// Whoever has this name; the same reads are made where nobody has it.
    pub(crate) async fn named(&self, name: &str) -> Result<Option<store::users::User>, Fault> {
        let found = match names::typed(name) {
            Some(name) => store::users::find_by_name(&self.store, &name).await?,
            None => None,
        };
        match found {
            Some(row) => Ok(Some(row)),
            None => Ok(store::users::find(&self.store, NOBODY).await?),
        }
    }

    /// The same for a row that was looked for already.
    pub(super) async fn check_password_of(
        &self,
        row: Option<store::users::User>,
        password: &str,
    ) -> Result<Option<Proven>, Fault> {
        let credential = self.password_of(row.as_ref().map_or(NOBODY, |row| row.id)).await?;
        let (Some(row), Some((credential, known))) = (row.filter(|row| row.disabled_at.is_none()), credential) else {
            self.passwords.verify(password, None).await?;
            return Ok(None);
        };
        let credential = match self.passwords.verify(password, Some(&known.hash)).await? {
            Verdict::Wrong => return Ok(None),
            Verdict::Right => credential.id,
            Verdict::RightButOutdated => self.rehash(&credential, &known, password).await?,
        };
        Ok(Some(Proven { person: read(row)?, credential: Some(credential), method: Method::Password }))
    }

    /// How often Argon2 ran since the start.
    pub fn password_runs(&self) -> u64 {
        self.passwords.runs()
    }

    /// Sets a password, whatever was before, and ends all sessions.
    pub async fn set_password(&self, user: Id, password: &str) -> Result<(), SetPasswordError> {
        let person = self.user(user).await?.ok_or(SetPasswordError::Missing)?;
        self.check_new_password(password, &person, Chosen::Administrator).await?;
        let hash = self.hash_password(password).await?;
        self.put_password(user, &hash).await?;
        self.revoke_sessions_of(user).await?;
        self.audit_password(user, "operator", &Caller::operator()).await?;
        Ok(())
    }

    /// The trail has it before anybody is answered.
    pub(super) async fn audit_password(&self, user: Id, by: &str, caller: &Caller) -> Result<(), Fault> {
        self.audit(caller, Event::new(Kind::PasswordChanged).user(user).detail(json!({ "by": by }))).await
    }

    /// Changes a password by whoever knows the current one, and ends the other sessions with what hangs on them;
    /// `keep` is the session that asks.
    pub async fn change_password(
        &self,
        user: Id,
        keep: Option<Id>,
        current: &str,
        new: &str,
        caller: &Caller,
    ) -> Result<(), ChangePasswordError> {
        // A session that somebody else found open is no way to the password.
        let taken = match self.admit(&self.of_device(user, NOBODY), caller).await? {
            Ok(taken) => taken,
            Err(throttled) => return Err(ChangePasswordError::Throttled(throttled)),
        };
        let person = self.user(user).await?.filter(|person| !person.disabled);
        let credential = self.password_of(user).await?;
        let (Some(person), Some((credential, known))) = (person, credential) else {
            self.passwords.verify(current, None).await.map_err(Fault::from)?;
            return Err(ChangePasswordError::WrongCurrent);
        };
        if self.passwords.verify(current, Some(&known.hash)).await.map_err(Fault::from)? == Verdict::Wrong {
            self.tally.failed();
            let detail = json!({ "amr": Method::Password.amr(), "agent": caller.agent, "at": "account" });
            let event = Event::new(Kind::SignInFailed).user(user).detail(detail);
            self.audit(caller, event).await?;
            return Err(ChangePasswordError::WrongCurrent);
        }
        self.give_back(&taken).await?;
        if jose::constant_time_eq(current.as_bytes(), new.as_bytes()) {
            return Err(PasswordRefused::Unchanged.into());
        }
        self.check_new_password(new, &person, self.chosen_by(user).await?).await?;
        let hash = self.hash_password(new).await?;
        let new = self.password_credential(user, &hash);
        // Somebody who was faster has set another: what was typed is then the current one no longer.
        if !credentials::replace(&self.store, user, credential.id, &new).await.map_err(Fault::from)? {
            return Err(ChangePasswordError::WrongCurrent);
        }
        self.end_sessions(user, keep).await?;
        self.stop_remembering(user).await?;
        self.audit_password(user, "password", caller).await?;
        Ok(())
    }

    /// The hash of a password whose length was checked.
    pub(super) async fn hash_password(&self, password: &str) -> Result<Hashed, Fault> {
        let hash = self.passwords.hash(&*self.randomness, password).await?;
        Ok(Hashed { hash, leans: self.needs_factor(password) })
    }

    /// Whether this person's password is too short to be their only factor.
    pub(crate) async fn password_leans(&self, user: Id) -> Result<bool, Fault> {
        Ok(self.password_of(user).await?.is_some_and(|(_, known)| known.leans))
    }

    /// Puts a password in the place of whatever was there.
    pub(super) async fn put_password(&self, user: Id, hash: &Hashed) -> Result<(), Fault> {
        self.replace_password(user, hash).await?;
        self.stop_remembering(user).await
    }

    async fn replace_password(&self, user: Id, hash: &Hashed) -> Result<(), Fault> {
        let new = self.password_credential(user, hash);
        loop {
            let rows = credentials::of(&self.store, user, KIND).await?;
            let Some((newest, older)) = rows.split_last() else {
                // The id is the user's own, so that two first passwords at once are one row.
                credentials::put(&self.store, &Credential { id: user, ..new }).await?;
                return Ok(());
            };
            for row in older {
                credentials::delete(&self.store, user, row.id).await?;
            }
            // Another put its own there meanwhile: theirs came before this one.
            if credentials::replace(&self.store, user, newest.id, &new).await? {
                return Ok(());
            }
        }
    }

    /// A credential with a new id: whoever knew the one before it cannot replace this one.
    pub(super) fn password_credential(&self, user_id: Id, hash: &Hashed) -> Credential {
        Credential {
            user_id,
            id: self.randomness.new_id(),
            kind: KIND.to_owned(),
            data_json: json!(hash).to_string(),
            created_at: self.now(),
            used_at: None,
        }
    }

    /// The person's password, where they have one, and its hash.
    pub(super) async fn password_of(&self, user: Id) -> Result<Option<(Credential, Hashed)>, Fault> {
        let Some(credential) = credentials::of(&self.store, user, KIND).await?.pop() else {
            return Ok(None);
        };
        let known = serde_json::from_str(&credential.data_json)
            .map_err(|error| Fault::corrupt(&format!("the password of user {user}"), error))?;
        Ok(Some((credential, known)))
    }

    /// Hashes a right password with today's parameters. What stands in the way is no fault of whoever signs in: the
    /// next time will do.
    async fn rehash(&self, old: &Credential, known: &Hashed, password: &str) -> Result<Id, Fault> {
        match self.passwords.hash(&*self.randomness, password).await {
            Ok(hash) => {
                let new = self.password_credential(old.user_id, &Hashed { hash, ..known.clone() });
                let new = Credential { created_at: old.created_at, ..new };
                if credentials::replace(&self.store, old.user_id, old.id, &new).await? {
                    return Ok(new.id);
                }
            }
            Err(PasswordError::Busy | PasswordError::TooShort | PasswordError::TooLong) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(old.id)
    }
}

const KIND: &str = "password";
