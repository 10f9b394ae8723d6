//! Making an account of one's own.

use oidc::Id;
use zeroize::Zeroizing;

use super::account::Prepared;
use super::password_rules::Chosen;
use super::{AddUserError, Asking, LinkError, NewUser, Person};
use crate::Context;
use crate::settings::{AddressProof, SignupMode};

/// What somebody says of themselves.
#[derive(Clone)]
pub struct NewAccount {
    /// The e-mail address.
    pub email: String,
    /// The full name.
    pub name: String,
    /// The password.
    pub password: Zeroizing<String>,
}

/// What came of a sign-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedUp {
    /// The account is there.
    Made(Person),
    /// A mail is on its way to the address: with a link that makes the account, or with the news that there is one. Which
    /// of them is not told here.
    Asked,
}

/// Why no account was made.
#[derive(Debug, thiserror::Error)]
pub enum SignUpError {
    /// Accounts are made by an administrator only.
    #[error("accounts are made by an administrator")]
    Closed,
    /// Accounts are made by invitation only, and there is none that works.
    #[error("accounts are made by invitation")]
    ByInvitation,
    /// What was typed will not do.
    #[error(transparent)]
    Refused(#[from] AddUserError),
}

impl Context {
    /// Makes an account, as far as the settings let everybody, or an invitation lets its holder: at once, or when the
    /// link of a mail is opened.
    pub async fn sign_up(&self, new: NewAccount, asking: Asking<'_>) -> Result<SignedUp, SignUpError> {
        let invitation = match self.settings.signup {
            SignupMode::Open => None,
            SignupMode::Closed => return Err(SignUpError::Closed),
            SignupMode::Invite => Some(self.invited(asking.invitation).await?),
        };
        let NewAccount { email, name, password } = new;
        let new = NewUser { email, name: Some(name), password: Some(password), ..NewUser::default() };
        let prepared = self.prepare(new, Chosen::Alone).await?;
        match self.settings.signup_verify {
            AddressProof::ByMail => {
                self.ask_to_confirm(prepared, invitation, asking).await.map_err(AddUserError::from)?;
                Ok(SignedUp::Asked)
            }
            AddressProof::Never => Ok(SignedUp::Made(self.make_at_once(prepared, invitation).await?)),
        }
    }

    async fn make_at_once(&self, prepared: Prepared, invitation: Option<Id>) -> Result<Person, SignUpError> {
        if let Some(link) = invitation {
            // Whoever types a taken address keeps the invitation; it is used up only by a race for the address.
            if self.has_taken_name(&prepared).await? {
                return Err(AddUserError::NameTaken.into());
            }
            self.claim(link).await.map_err(|error| match error {
                LinkError::Fault(fault) => AddUserError::Fault(fault).into(),
                LinkError::Gone | LinkError::Password(_) => SignUpError::ByInvitation,
            })?;
        }
        Ok(self.insert_prepared(prepared).await?)
    }

    async fn invited(&self, invitation: Option<&str>) -> Result<Id, SignUpError> {
        let Some(token) = invitation else {
            return Err(SignUpError::ByInvitation);
        };
        let invitation = self.invitation(token).await.map_err(AddUserError::from)?;
        invitation.map(|invitation| invitation.link).ok_or(SignUpError::ByInvitation)
    }
}
