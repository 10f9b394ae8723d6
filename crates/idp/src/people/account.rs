//! Adding people, changing what is known of them, disabling and deleting them.

use oidc::Id;
use oidc::profile::Theme;
use oidc::user::User;
use serde_json::{Map, Value};
use store::users::Updated;
use zeroize::Zeroizing;

use super::password::Hashed;
use super::password_rules::{Chosen, PasswordRefused};
use super::{Person, names};
use crate::{Context, Fault};

/// Somebody to add.
#[derive(Clone, Default)]
pub struct NewUser {
    /// The e-mail address, which nobody else may have, however it is written.
    pub email: String,
    /// Another name to sign in by.
    pub username: Option<String>,
    /// The full name.
    pub name: Option<String>,
    /// The other standard claims (OpenID Connect Core §5.1) by their names.
    pub profile: Map<String, Value>,
    /// Whether the address is proven.
    pub email_verified: bool,
    /// Whether they administer this installation.
    pub is_admin: bool,
    /// The password; without one they cannot sign in until a link sets one.
    pub password: Option<Zeroizing<String>>,
}

/// Why somebody was not added.
#[derive(Debug, thiserror::Error)]
pub enum AddUserError {
    /// Somebody has the e-mail address or the username already.
    #[error("somebody has this e-mail address or username already")]
    NameTaken,
    /// Not an e-mail address.
    #[error("this is no e-mail address")]
    EmailInvalid,
    /// Not a username.
    #[error("a username is made of at most 64 letters and digits, with `.`, `_` and `-` between them")]
    UsernameInvalid,
    /// Not a full name.
    #[error("a full name has at most 256 characters, all of which can be seen")]
    NameInvalid,
    /// The password will not do.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Somebody who was checked and is not yet written.
pub(super) struct Prepared {
    /// The names to sign in by: first the e-mail address.
    pub(super) names: Vec<String>,
    pub(super) person: Person,
    /// The hash of the password.
    pub(super) hash: Option<Hashed>,
}

impl Prepared {
    pub(super) fn new(person: Person, hash: Option<Hashed>) -> Self {
        Self { names: login_names(&person), person, hash }
    }
}

/// What to change; `None` leaves as it is.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The e-mail address. Another one is not proven, unless `email_verified` says so.
    pub email: Option<String>,
    /// The username; empty takes it away.
    pub username: Option<String>,
    /// The full name; empty takes it away.
    pub name: Option<String>,
    /// The other standard claims, all of them.
    pub profile: Option<Map<String, Value>>,
    /// Whether the address is proven.
    pub email_verified: Option<bool>,
    /// Whether they administer this installation.
    pub is_admin: Option<bool>,
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UpdateUserError {
    /// There is no such person.
    #[error("there is no such person")]
    Missing,
    /// A name will not do.
    #[error(transparent)]
    Name(#[from] AddUserError),
}

/// Whether somebody may sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// They may.
    Enabled,
    /// They may not.
    Disabled,
}

impl Context {
    /// Adds somebody. The password is hashed before it is known whether the names are free, so that the time does
    /// not tell.
    pub async fn add_user(&self, new: NewUser) -> Result<Person, AddUserError> {
        let prepared = self.prepare(new, Chosen::Administrator).await?;
        self.insert_prepared(prepared).await
    }

    /// All that needs no write: what was given is checked, and the password hashed.
    pub(super) async fn prepare(&self, new: NewUser, chosen: Chosen) -> Result<Prepared, AddUserError> {
        let person = self.new_person(&new)?;
        let hash = match &new.password {
            Some(password) => {
                self.check_new_password(password, &person, chosen).await?;
                Some(self.hash_password(password).await?)
            }
            None => None,
        };
        Ok(Prepared::new(person, hash))
    }

    /// Somebody with an id of their own, whose names will do.
    pub(super) fn new_person(&self, new: &NewUser) -> Result<Person, AddUserError> {
        let now = self.now();
        Ok(Person {
            user: User {
                id: self.randomness.new_id(),
                email: Some(email(&new.email)?),
                email_verified: new.email_verified,
                username: new.username.as_deref().map(username).transpose()?.flatten(),
                name: new.name.as_deref().map(full_name).transpose()?.flatten(),
                profile: new.profile.clone(),
                disabled: false,
                updated_at: now,
            },
            theme: Theme::default(),
            is_admin: new.is_admin,
            disabled_at: None,
            delete_at: None,
            created_at: now,
        })
    }

    pub(super) async fn has_taken_name(&self, prepared: &Prepared) -> Result<bool, AddUserError> {
        for name in &prepared.names {
            if store::users::find_by_name(&self.store, name).await.map_err(Fault::from)?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    pub(super) async fn insert_prepared(&self, prepared: Prepared) -> Result<Person, AddUserError> {
        let Prepared { names, person, hash } = prepared;
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let password = hash.map(|hash| self.password_credential(person.id, &hash));
        let inserted = store::users::insert(&self.store, &row(&person), &names, password.as_slice()).await;
        match inserted.map_err(Fault::from)? {
            true => Ok(person),
            false => Err(AddUserError::NameTaken),
        }
    }

    /// Changes what is known of somebody; the later of two changes at once wins.
    pub async fn update_user(&self, id: Id, change: Change) -> Result<Person, UpdateUserError> {
        let mut person = self.user(id).await.map_err(AddUserError::from)?.ok_or(UpdateUserError::Missing)?;
        let user = &mut person.user;
        if let Some(text) = &change.email {
            let changed = Some(email(text)?);
            user.email_verified &= user.email == changed;
            user.email = changed;
        }
        if let Some(text) = &change.username {
            user.username = username(text)?;
        }
        if let Some(text) = &change.name {
            user.name = full_name(text)?;
        }
        user.profile = change.profile.unwrap_or(std::mem::take(&mut user.profile));
        user.email_verified = change.email_verified.unwrap_or(user.email_verified);
        user.updated_at = self.now();
        person.is_admin = change.is_admin.unwrap_or(person.is_admin);
        let names = login_names(&person);
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let updated = store::users::update(&self.store, &row(&person), &names).await;
        match updated.map_err(|error| AddUserError::Fault(error.into()))? {
            Updated::Done => Ok(person),
            Updated::NameTaken => Err(AddUserError::NameTaken.into()),
            Updated::Missing => Err(UpdateUserError::Missing),
        }
    }

    /// Lets somebody sign in or not; `None` where there is no such person. Disabling ends all their sessions and
    /// revokes all that they have granted.
    pub async fn set_user_disabled(&self, id: Id, access: Access) -> Result<Option<Person>, Fault> {
        let now = self.now();
        let since = match access {
            Access::Enabled => None,
            Access::Disabled => Some(now),
        };
        if !store::users::set_disabled(&self.store, id, since, now).await? {
            return Ok(None);
        }
        if access == Access::Disabled {
            self.revoke_sessions_of(id).await?;
            store::families::revoke_of_user(&self.store, id, "the user was disabled", now).await?;
        }
        self.user(id).await
    }

    /// Deletes somebody with all that hangs on them; `false` where there is no such person. Their sessions end first, so
    /// that apps are told.
    pub async fn delete_user(&self, id: Id) -> Result<bool, Fault> {
        self.revoke_sessions_of(id).await?;
        Ok(store::users::delete(&self.store, id).await?)
    }
}

fn email(text: &str) -> Result<String, AddUserError> {
    names::email(text).map(str::to_owned).ok_or(AddUserError::EmailInvalid)
}

/// An empty one is none.
fn username(text: &str) -> Result<Option<String>, AddUserError> {
    match text.trim() {
        "" => Ok(None),
        text => names::username(text).map(Some).ok_or(AddUserError::UsernameInvalid),
    }
}

fn full_name(text: &str) -> Result<Option<String>, AddUserError> {
    names::full_name(text).map(|text| text.map(str::to_owned)).ok_or(AddUserError::NameInvalid)
}

fn login_names(person: &Person) -> Vec<String> {
    let email = person.email.as_deref().map(names::of_email);
    email.into_iter().chain(person.username.as_deref().map(names::of_username)).collect()
}

pub(super) fn row(person: &Person) -> store::users::User {
    let User { id, email, email_verified, username, name, profile, updated_at, .. } = person.user.clone();
    store::users::User {
        id,
        email,
        username,
        name,
        profile_json: Value::Object(profile).to_string(),
        theme: person.theme.name().to_owned(),
        email_verified,
        is_admin: person.is_admin,
        disabled_at: person.disabled_at,
        delete_at: person.delete_at,
        created_at: person.created_at,
        updated_at,
    }
}
