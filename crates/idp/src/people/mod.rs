//! People: who they are, how they sign in, and what ends with them.

mod account;
mod breached;
mod common;
mod export;
mod joining;
mod leaving;
mod links;
pub(crate) mod names;
mod new_email;
mod not_me;
mod password;
mod password_rules;
mod picture;
mod profile;
mod recovery;
mod running;
mod sign_up;
mod try_password;
mod whereabouts;

use std::ops::Deref;

use oidc::profile::Theme;
use oidc::user::User;
use oidc::{Id, Time};
use store::Page;

pub use account::{Access, AddUserError, Change, NewUser, UpdateUserError};
pub use common::common_words;
pub use joining::{Asking, Confirmed, Pending};
pub use leaving::LeaveError;
pub use links::{Invitation, LinkError};
pub use new_email::{NewEmail, NewEmailError};
pub use not_me::Disowned;
pub use password::{ChangePasswordError, SetPasswordError};
pub use password_rules::PasswordRefused;
pub use picture::{ServedPicture, SetPictureError};
pub use profile::{ChangeOwnError, OwnChange};
pub use recovery::Sessions;
pub use running::RunningSession;
pub use sign_up::{NewAccount, SignUpError, SignedUp};
pub use try_password::Tried;
pub use whereabouts::{AppThere, ContainerThere, OfflineGrant, Whereabout};

use crate::{Context, Fault};

/// A person as claims tell of them (`Deref` leads there), and what only administrators see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// What claims tell.
    pub user: User,
    /// How pages look for them.
    pub theme: Theme,
    /// Whether they administer this installation.
    pub is_admin: bool,
    /// Since when they are disabled.
    pub disabled_at: Option<Time>,
    /// When the account is deleted, where its person has asked for that.
    pub delete_at: Option<Time>,
    /// When they were added.
    pub created_at: Time,
}

impl Person {
    /// Whether their account may be used: nobody has disabled it, and it does not wait for its end.
    pub fn may_be_used(&self) -> bool {
        !self.user.disabled && self.delete_at.is_none()
    }
}

impl Deref for Person {
    type Target = User;

    fn deref(&self) -> &User {
        &self.user
    }
}

impl Context {
    /// The person of this id, disabled or not.
    pub async fn user(&self, id: Id) -> Result<Option<Person>, Fault> {
        store::users::find(&self.store, id).await?.map(read).transpose()
    }

    /// The person whom `text` names: an id, an e-mail address or a username.
    pub async fn find_user(&self, text: &str) -> Result<Option<Person>, Fault> {
        if let Ok(id) = text.trim().parse() {
            return self.user(id).await;
        }
        let Some(name) = names::typed(text) else {
            return Ok(None);
        };
        store::users::find_by_name(&self.store, &name).await?.map(read).transpose()
    }

    /// People in the order in which they were added: those after an id, and how many at most. After an id that
    /// nobody has, nobody comes.
    pub async fn list_users(&self, after: Option<Id>, limit: u32) -> Result<Vec<Person>, Fault> {
        let after = match after {
            None => None,
            Some(id) => match store::users::find(&self.store, id).await? {
                Some(row) => Some((row.created_at, id.to_string())),
                None => return Ok(Vec::new()),
            },
        };
        let page = Page { after: after.as_ref().map(|(time, id)| (*time, id.as_str())), limit };
        store::users::list(&self.store, page).await?.into_iter().map(read).collect()
    }
}

fn read(row: store::users::User) -> Result<Person, Fault> {
    let profile = serde_json::from_str(&row.profile_json)
        .map_err(|error| Fault::corrupt(&format!("the profile of user {}", row.id), error))?;
    Ok(Person {
        user: User {
            id: row.id,
            email: row.email,
            email_verified: row.email_verified,
            username: row.username,
            name: row.name,
            profile,
            disabled: row.disabled_at.is_some(),
            updated_at: row.updated_at,
        },
        theme: Theme::of_name(&row.theme),
        is_admin: row.is_admin,
        disabled_at: row.disabled_at,
        delete_at: row.delete_at,
        created_at: row.created_at,
    })
}

/// Nobody's id: what is read where nobody has a name.
const NOBODY: Id = Id::from_bytes([0; 16]);
