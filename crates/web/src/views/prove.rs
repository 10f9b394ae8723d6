//! One more factor.

use askama::Template;

use super::{Account, App, Form, Page, Problem, places_its_problem, renders};

/// The steps `totp` and `recovery-code` (field `code`, `action=verify`) and `passkey` (field `credential`), for a person
/// who is known already.
#[derive(Clone, Debug, Template)]
#[template(path = "prove.html")]
pub struct Prove<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// Who is asked.
    pub account: Account<'a>,
    /// By what.
    pub proof: Proof,
    /// What the browser is asked for a passkey, in JSON (Web Authentication Level 3 §5.1.9).
    pub options: &'a str,
    /// By what else, each with its address.
    pub others: &'a [(Proof, String)],
    /// Where `action=other` and `action=skip` go.
    pub aside: Form<'a>,
    /// Whether they may go on without.
    pub may_skip: bool,
    /// Whether this device may be remembered (`remember`).
    pub may_remember: bool,
    /// What was wrong.
    pub problem: Option<Problem>,
}

/// By what somebody proves one thing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A passkey.
    Passkey,
    /// A code of an authenticator app.
    Totp,
    /// A recovery code.
    RecoveryCode,
}

impl Proof {
    fn step(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::RecoveryCode => "recovery-code",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Passkey => "prove-passkey-title",
            Self::Totp => "prove-totp-title",
            Self::RecoveryCode => "prove-recovery-title",
        }
    }

    fn lead(self) -> &'static str {
        match self {
            Self::Passkey => "prove-passkey-lead",
            Self::Totp => "prove-totp-lead",
            Self::RecoveryCode => "prove-recovery-lead",
        }
    }

    fn instead(self) -> &'static str {
        match self {
            Self::Passkey => "prove-passkey-instead",
            Self::Totp => "prove-totp-instead",
            Self::RecoveryCode => "prove-recovery-instead",
        }
    }
}

/// The step `new-passkey`: field `credential` with `action=passkey`, or `action=skip`.
#[derive(Clone, Debug, Template)]
#[template(path = "offer-passkey.html")]
pub struct OfferPasskey<'a> {
    /// The frame.
    pub page: Page<'a>,
    /// Where it goes.
    pub form: Form<'a>,
    /// The app that asks, if one does.
    pub app: Option<App<'a>>,
    /// Who is asked.
    pub account: Account<'a>,
    /// What the browser is asked, in JSON (Web Authentication Level 3 §5.1.8).
    pub options: &'a str,
    /// Whether the browser may make one by itself.
    pub by_itself: bool,
    /// What was wrong.
    pub problem: Option<Problem>,
}

renders!(Prove, OfferPasskey);
places_its_problem!(Prove);

impl OfferPasskey<'_> {
    fn trouble(&self) -> Option<String> {
        self.problem.map(|problem| problem.say(self.page.locale))
    }
}
