//! The mail room: what mails there are, and the queue that they wait in.
//!
//! A use case queues a typed mail, in its own transaction where it has one; a job of every node hands what is due to the
//! [`Mailer`] of the composition root, which writes and sends it. Whoever asked never waits for a mail server, and
//! cannot tell by the time whether there was a mail at all.

#[cfg(any(test, feature = "test-support"))]
mod letterbox;
mod send;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use oidc::{Id, Time};
use serde::{Deserialize, Serialize};

#[cfg(any(test, feature = "test-support"))]
pub use letterbox::Letterbox;

use crate::{Context, Fault};

/// A mail, and all that its text needs beside the addresses of our pages. `Debug` shows the kind alone: a token is a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Mail {
    /// Somebody, we hope the reader, wants an account with this address.
    ConfirmAccount {
        /// Of the link that makes it.
        token: String,
    },
    /// Somebody wanted an account with the address of an account.
    AccountExists,
    /// Somebody, we hope the reader, forgot the password.
    ResetPassword {
        /// Of the link that sets a new one.
        token: String,
    },
    /// Somebody, we hope the reader, wants this to be the address of their account.
    ChangeEmail {
        /// Of the link that makes it so.
        token: String,
    },
    /// Somebody wanted the address of an account for theirs.
    AddressInUse,
    /// The account of the reader has another address now.
    EmailChanged {
        /// Of the link that puts the reader's address back.
        token: String,
    },
    /// The reader's account is deleted then, unless they come back.
    AccountLeaving {
        /// When.
        at: Time,
    },
    /// Somebody, we hope the reader, wants to sign in.
    SignIn {
        /// To be typed where the mail was asked for.
        code: String,
        /// Of the link that does it in the same browser.
        token: String,
    },
    /// The password was set or changed.
    PasswordChanged,
    /// Somebody signed in from a device that the reader was not known by.
    NewDevice {
        /// Of the link that disowns the sign-in.
        token: String,
        /// What the browser said of itself.
        agent: String,
        /// From where, as a range of addresses.
        place: Option<String>,
        /// When.
        at: Time,
    },
    /// Nothing is sent. It stands in the queue in a mail's place where nobody must be able to tell that there is none.
    Nothing,
}

/// A mail on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its id, the same at each try: a `Message-ID` made of it shows a double as one.
    pub id: Id,
    /// To whom, an e-mail address.
    pub to: String,
    /// The language to write it in (BCP 47).
    pub locale: String,
    /// What it says.
    pub mail: Mail,
    /// When it was queued.
    pub at: Time,
}

/// Writes letters and takes them to where mail is delivered.
pub trait Mailer: Send + Sync {
    /// Takes one; when it answers, the mail is somebody else's to deliver.
    fn send<'a>(&'a self, letter: &'a Letter) -> Pin<Box<dyn Future<Output = Result<(), SendError>> + Send + 'a>>;
}

/// Why a letter was not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It may be taken another time.
    #[error("{0}")]
    Later(String),
    /// It never will be.
    #[error("{0}")]
    Refused(String),
}

impl Mail {
    /// What it is about: the first part of its texts' names in the catalogue.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::ConfirmAccount { .. } => "confirm-account",
            Self::AccountExists => "account-exists",
            Self::ResetPassword { .. } => "reset-password",
            Self::ChangeEmail { .. } => "change-email",
            Self::AddressInUse => "address-in-use",
            Self::AccountLeaving { .. } => "account-leaving",
            Self::EmailChanged { .. } => "email-changed",
            Self::SignIn { .. } => "sign-in",
            Self::PasswordChanged => "password-changed",
            Self::NewDevice { .. } => "new-device",
            Self::Nothing => "nothing",
        }
    }

    /// How long anybody needs it: as long as what it holds can be used.
    fn lifetime(&self) -> Duration {
        match self {
            Self::ChangeEmail { .. } | Self::AddressInUse => HOUR,
            Self::ResetPassword { .. } | Self::SignIn { .. } | Self::Nothing => 15 * MINUTE,
            Self::ConfirmAccount { .. } | Self::AccountExists => 24 * HOUR,
            Self::PasswordChanged
            | Self::EmailChanged { .. }
            | Self::AccountLeaving { .. }
            | Self::NewDevice { .. } => 3 * 24 * HOUR,
        }
    }
}

impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

impl Context {
    /// Queues a mail to an address, in a language (BCP 47). A moment later it is sent.
    pub async fn queue_mail(&self, to: &str, mail: &Mail, locale: &str) -> Result<(), Fault> {
        store::mails::insert(&self.store, &self.mail_row(to, mail, locale)).await?;
        self.mail_waits();
        Ok(())
    }

    /// The same as a row, for the transaction of what it tells of; after its commit comes
    /// [`mail_waits`](Self::mail_waits).
    pub(crate) fn mail_row(&self, to: &str, mail: &Mail, locale: &str) -> store::mails::Mail {
        let (id, now) = (self.randomness.new_id(), self.now());
        let text = zeroize::Zeroizing::new(serde_json::to_vec(mail).expect("texts have a form in JSON"));
        store::mails::Mail {
            id,
            recipient: to.to_owned(),
            locale: locale.to_owned(),
            kind: mail.kind().to_owned(),
            sealed: store::Hidden(self.sealer.seal(&*self.randomness, SEALED, id, &text)),
            attempts: 0,
            due_at: now,
            created_at: now,
            expires_at: now.plus(mail.lifetime()),
        }
    }

    /// Wakes this node's post; the other nodes look by themselves.
    pub(crate) fn mail_waits(&self) {
        self.post.notify_one();
    }

    /// How many mails wait to be sent.
    pub async fn mails_waiting(&self) -> Result<u64, Fault> {
        Ok(store::mails::count(&self.store).await?)
    }
}

/// What a mail is sealed as.
const SEALED: &str = "mail";
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
