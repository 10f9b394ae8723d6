//! Pages that say one thing.

use askama::Template;

use super::{Account, Link, Page, renders};

/// One notice and perhaps a way onward.
#[derive(Clone, Debug, Template)]
#[template(path = "message.html")]
pub struct Message<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// What to say.
    pub notice: Notice,
    /// The way onward.
    pub link: Option<Link<'a>>,
}

/// What a notice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A one-time link was used already or is too old.
    LinkGone,
    /// A hand-off from an app was used already or is too old.
    HandoffGone,
    /// The number was not the one that the app shows.
    HandoffWrong,
    /// Nothing proved that the app is in this device.
    HandoffUnproven,
    /// Accounts are made by invitation only.
    SignUpByInvitation,
    /// Accounts are made by an administrator only.
    SignUpClosed,
    /// Too much to do just now.
    Busy,
    /// The password has been changed.
    PasswordChanged,
    /// The password has been set.
    PasswordSet,
    /// The account has been made.
    AccountMade,
    /// A sign-in was disowned.
    Disowned,
    /// The profile has been changed.
    ProfileSaved,
    /// The address has been changed.
    EmailChanged,
    /// The phone number has been changed, or taken away.
    PhoneSaved,
    /// The picture has been changed, or taken away.
    PictureSaved,
    /// The account stays.
    CameBack,
    /// A link works in a browser in which its person is signed in.
    SignInFirst,
    /// A device gets its tokens.
    DeviceAllowed,
    /// A device gets nothing.
    DeviceDenied,
}

impl Notice {
    pub(super) fn keys(self) -> [&'static str; 2] {
        match self {
            Self::LinkGone => ["notice-link-gone-title", "notice-link-gone-text"],
            Self::HandoffGone => ["notice-handoff-gone-title", "notice-handoff-gone-text"],
            Self::HandoffWrong => ["notice-handoff-wrong-title", "notice-handoff-wrong-text"],
            Self::HandoffUnproven => ["notice-handoff-unproven-title", "notice-handoff-unproven-text"],
            Self::SignUpByInvitation => ["notice-invitation-title", "notice-invitation-text"],
            Self::SignUpClosed => ["notice-closed-title", "notice-closed-text"],
            Self::Busy => ["error-busy-title", "error-busy-text"],
            Self::PasswordChanged => ["notice-changed-title", "notice-changed-text"],
            Self::PasswordSet => ["notice-set-title", "notice-set-text"],
            Self::AccountMade => ["notice-made-title", "notice-made-text"],
            Self::ProfileSaved => ["notice-profile-title", "notice-profile-text"],
            Self::EmailChanged => ["notice-email-title", "notice-email-text"],
            Self::PhoneSaved => ["notice-phone-title", "notice-phone-text"],
            Self::PictureSaved => ["notice-picture-title", "notice-picture-text"],
            Self::CameBack => ["notice-back-title", "notice-back-text"],
            Self::DeviceAllowed => ["notice-device-allowed-title", "notice-device-allowed-text"],
            Self::DeviceDenied => ["notice-device-denied-title", "notice-device-denied-text"],
            Self::SignInFirst => ["notice-sign-in-title", "notice-sign-in-text"],
            Self::Disowned => ["notice-disowned-title", "notice-disowned-text"],
        }
    }
}

/// `/`: what this is, and the way in.
#[derive(Clone, Debug, Template)]
#[template(path = "home.html")]
pub struct Home<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Who is signed in already.
    pub account: Option<Account<'a>>,
    /// The address of the sign-in page.
    pub sign_in: &'a str,
    /// The address of the sign-up page, where that is open.
    pub sign_up: Option<&'a str>,
    /// The address of `/account`.
    pub account_home: &'a str,
}

renders!(Message, Home);

impl Message<'_> {
    fn title(&self) -> String {
        self.page.say(self.notice.keys()[0])
    }

    fn text(&self) -> String {
        self.page.say(self.notice.keys()[1])
    }
}
