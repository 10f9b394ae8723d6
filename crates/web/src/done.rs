//! What pages tell the account page that they did.

use crate::app::App;
use crate::form::Bound;
use crate::query;
use crate::views::Notice;
use crate::visit::Visit;

/// What was done just before, told once more on the account page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// By a one-time link.
    PasswordSet,
    /// By whoever knew the old one.
    PasswordChanged,
    /// A new account.
    AccountMade,
    /// The profile was changed.
    ProfileSaved,
    /// By the mail to the new one.
    EmailChanged,
    /// Or taken away.
    PhoneSaved,
    /// Or taken away.
    PictureSaved,
    /// The account stays.
    CameBack,
}

/// The address of the account page that tells of what was done: with a token, so that a link of somebody else's
/// cannot tell it.
pub(crate) fn address(app: &App, visit: &Visit, bound: &Bound, done: Done) -> String {
    query::address("/account", visit, &[("done", &bound.token(app, done.purpose()))])
}

impl Done {
    /// What `told` tells, where this browser was given it.
    pub(crate) fn told(app: &App, bound: &Bound, told: &str) -> Option<Self> {
        DONE.into_iter().find(|done| app.context().csrf_holds(&bound.binding, done.purpose(), told))
    }

    fn purpose(self) -> &'static str {
        match self {
            Self::PasswordSet => "done password-set",
            Self::PasswordChanged => "done password-changed",
            Self::AccountMade => "done account-made",
            Self::ProfileSaved => "done profile-saved",
            Self::EmailChanged => "done email-changed",
            Self::PhoneSaved => "done phone-saved",
            Self::PictureSaved => "done picture-saved",
            Self::CameBack => "done came-back",
        }
    }

    /// The words for it.
    pub(crate) fn notice(self) -> Notice {
        match self {
            Self::PasswordSet => Notice::PasswordSet,
            Self::PasswordChanged => Notice::PasswordChanged,
            Self::AccountMade => Notice::AccountMade,
            Self::ProfileSaved => Notice::ProfileSaved,
            Self::EmailChanged => Notice::EmailChanged,
            Self::PhoneSaved => Notice::PhoneSaved,
            Self::PictureSaved => Notice::PictureSaved,
            Self::CameBack => Notice::CameBack,
        }
    }
}

const DONE: [Done; 8] = [
    Done::PasswordSet,
    Done::PasswordChanged,
    Done::AccountMade,
    Done::ProfileSaved,
    Done::EmailChanged,
    Done::PhoneSaved,
    Done::PictureSaved,
    Done::CameBack,
];
