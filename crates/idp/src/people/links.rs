//! One-time links: to set a password, and to join.

use std::time::Duration;

use oidc::Id;
use oidc::secret::{Secret, SecretKind};
use serde::Deserialize;
use store::links::Link;
use zeroize::Zeroizing;

use super::password_rules::PasswordRefused;
use super::{AddUserError, Person, names};
use crate::caller::Caller;
use crate::{Context, Fault};

/// Why a link did not do what it is for.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// It was used, is too old, or never was.
    #[error("this link no longer works")]
    Gone,
    /// The password will not do; the link still works.
    #[error(transparent)]
    Password(#[from] PasswordRefused),
    /// Ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An invitation that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    /// Its link's id.
    pub(super) link: Id,
    /// The address it was written to.
    pub email: String,
}

/// The document of an invitation's link.
#[derive(Deserialize)]
struct Document {
    email: String,
}

impl Context {
    /// A link with which this person sets a password, good for seven days and for one use.
    pub async fn password_link(&self, user: Id) -> Result<Zeroizing<String>, Fault> {
        self.new_link(SET_PASSWORD, Some(user), "{}".to_owned()).await
    }

    /// Whose password this link sets, while it works.
    pub async fn link_user(&self, token: &str) -> Result<Option<Person>, Fault> {
        Ok(self.password_link_of(token, SET_PASSWORD).await?.map(|(_, person)| person))
    }

    /// Sets the password by a link, which is then used, and ends all sessions. A password that will not do leaves
    /// the link as it is.
    pub async fn set_password_by_link(
        &self,
        token: &str,
        password: &str,
        caller: &Caller,
    ) -> Result<Person, LinkError> {
        let (link, person) = self.password_link_of(token, SET_PASSWORD).await?.ok_or(LinkError::Gone)?;
        self.check_new_password(password, &person, self.chosen_by(person.id).await?).await?;
        let hash = self.hash_password(password).await?;
        self.claim(link.id).await?;
        self.put_password(person.id, &hash).await?;
        self.revoke_sessions_of(person.id).await?;
        self.audit_password(person.id, "link", caller).await?;
        Ok(person)
    }

    /// Invites somebody: a link with which one account can be made, good for seven days.
    pub async fn invite(&self, email: &str) -> Result<Zeroizing<String>, AddUserError> {
        let email = names::email(email).ok_or(AddUserError::EmailInvalid)?;
        let document = serde_json::json!({ "email": email }).to_string();
        Ok(self.new_link(INVITE, None, document).await?)
    }

    /// The invitation of this link, while it works.
    pub async fn invitation(&self, token: &str) -> Result<Option<Invitation>, Fault> {
        let Some(link) = self.link(token, INVITE).await? else {
            return Ok(None);
        };
        let document: Document = serde_json::from_str(&link.data_json)
            .map_err(|error| Fault::corrupt(&format!("the invitation {}", link.id), error))?;
        Ok(Some(Invitation { link: link.id, email: document.email }))
    }

    /// Uses a link: one conditional write, whose row count is the verdict.
    pub(super) async fn claim(&self, link: Id) -> Result<(), LinkError> {
        match store::links::claim(&self.store, link, self.now()).await.map_err(Fault::from)? {
            true => Ok(()),
            false => Err(LinkError::Gone),
        }
    }

    /// The link with which somebody sets their password, and who, while both are as they were when it was made.
    pub(super) async fn password_link_of(&self, token: &str, purpose: &str) -> Result<Option<(Link, Person)>, Fault> {
        let Some(link) = self.link(token, purpose).await? else {
            return Ok(None);
        };
        let Some(user) = link.user_id else {
            return Ok(None);
        };
        let Some(person) = self.user(user).await?.filter(|person| !person.disabled) else {
            return Ok(None);
        };
        // Whoever has a password since the link was made needs it no longer; an old mail must not open the account.
        let newer = self.password_of(user).await?.is_some_and(|(password, _)| password.created_at > link.created_at);
        Ok((!newer).then_some((link, person)))
    }

    /// A link that works, of this purpose.
    pub(crate) async fn link(&self, token: &str, purpose: &str) -> Result<Option<Link>, Fault> {
        let Some(secret) = Secret::parse(SecretKind::Link, token) else {
            return Ok(None);
        };
        let found = store::links::find(&self.store, secret.id()).await?;
        let now = self.now();
        Ok(found.filter(|link| {
            let works = link.purpose == purpose && link.used_at.is_none() && now < link.expires_at;
            secret.matches(&link.secret_hash) && works
        }))
    }

    pub(super) async fn new_link(
        &self,
        purpose: &str,
        user_id: Option<Id>,
        data_json: String,
    ) -> Result<Zeroizing<String>, Fault> {
        let (secret, link) = self.link_row(purpose, user_id, data_json, LIFETIME);
        store::links::insert(&self.store, &link).await?;
        Ok(secret.to_text())
    }

    /// A link to keep, and the secret that opens it.
    pub(crate) fn link_row(
        &self,
        purpose: &str,
        user_id: Option<Id>,
        data_json: String,
        lifetime: Duration,
    ) -> (Secret, Link) {
        let (secret, now) = (self.randomness.new_secret(SecretKind::Link), self.now());
        let link = Link {
            id: secret.id(),
            purpose: purpose.to_owned(),
            user_id,
            secret_hash: secret.hash().into(),
            data_json,
            created_at: now,
            expires_at: now.plus(lifetime),
            used_at: None,
        };
        (secret, link)
    }
}

/// The purpose of a link that opens nothing: it stands where nobody must be able to tell that there is none.
pub(super) const VOID: &str = "void";
const SET_PASSWORD: &str = "set-password";
const INVITE: &str = "invite";
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
