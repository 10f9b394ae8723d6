//! The pages people see: one struct of plain data and one template each.
//!
//! Data goes in, HTML comes out; nothing here knows a request, a use case or a
//! router. A view must never hold a text of its own (the catalogue has them
//! all), never write a style or a script into a page, and never decide
//! anything but how a fact is put into words.

mod account;
mod apps;
mod codes;
mod consent;
mod contact;
mod device;
mod error;
mod form_post;
mod handoff;
mod leaving;
mod mail_sign_in;
mod not_me;
mod parts;
mod passkeys;
mod password;
mod picture;
mod problem;
mod profile;
mod prove;
mod recover;
mod sessions;
mod sign_in;
mod sign_out;
mod sign_up;
mod simple;
pub(crate) mod tools;

pub use account::{AccountHome, Accounts, ChooseRole, Continue, NotAdmitted, Session, SetUp};
pub use apps::{AllowedApp, Apps, Confirmed, KeptKey, SignedInDevice};
pub use codes::{Codes, RecoveryCodes, TotpOffer};
pub(crate) use consent::scope_words;
pub use consent::{AskingDevice, Consent, Identity, Scope};
pub use contact::{ConfirmEmail, Email, Phone};
pub use device::EnterUserCode;
pub use error::{ErrorKind, ErrorPage};
pub use form_post::FormPost;
pub use handoff::{Handoff, HandoffBy};
pub use leaving::{Data, Delete, Leaving, Left};
pub use mail_sign_in::{EnterCode, MailLink, MailedCode};
pub use not_me::NotMe;
pub use parts::{Account, App, Form, Link, Page};
pub use passkeys::{Passkey, Passkeys};
pub use password::{ChangePassword, SetPassword};
pub use picture::Picture;
pub use problem::Problem;
pub use profile::{Choice, Entry, Profile};
pub use prove::{OfferPasskey, Proof, Prove};
pub use recover::{Confirm, MailPurpose, MailSent, NewPassword, Recover};
pub use sessions::{Container, ContainerApp, Device, KnownDevice, OfflineGrant, Sessions, Whereabout, device_in_words};
pub use sign_in::{PasskeyAsked, SignIn};
pub use sign_out::{SignOut, SignedOut};
pub use sign_up::{SignUp, SignUpProblems};
pub use simple::{Home, Message, Notice};

/// Gives views their `render`.
macro_rules! renders {
    ($($view:ident),+) => {$(
        impl $view<'_> {
            /// The whole page as HTML.
            #[allow(unreachable_pub, reason = "the tools' views are not public")]
            pub fn render(&self) -> String {
                askama::Template::render(self)
                    .expect("writing into a String does not fail, and no filter here does")
            }
        }
    )+};
}
use renders;

/// Says of a view's `problem` whether it stands above the form or at the field.
macro_rules! places_its_problem {
    ($($view:ident),+) => {$(
        impl $view<'_> {
            fn general(&self) -> Option<String> {
                self.problem.filter(|problem| problem.is_general()).map(|problem| problem.say(self.page.locale))
            }

            fn at_field(&self) -> Option<String> {
                self.problem.filter(|problem| !problem.is_general()).map(|problem| problem.say(self.page.locale))
            }
        }
    )+};
}
use places_its_problem;

#[cfg(test)]
mod tests;
