//! The hub of a sign-in: one function that decides the next step from what is known.
//!
//! A step's page records one fact and comes back here; steps do not know each other. `prompt=none`
//! never leads to a page.

mod demand;
pub mod flow;
mod known;
mod whose;

use crate::assurance::{Factors, Level, Method};
use crate::client::Client;
use crate::error::{ErrorCode, OAuthError};
use crate::request::AuthorizationRequest;
use crate::scope::{self, Scopes};
use crate::{Id, Time};
use demand::Verdict;
pub use demand::{Assured, Wish};
pub use flow::{Choice, DeviceTarget, Facts, Flow, MOST_WRONG, Mailed, Pending, Target};
pub use known::{Account, ContinuePage, Known};
use whose::account;

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The sign-in page.
    Authenticate,
    /// The page that asks for the code of a mail.
    EnterCode(Mailed),
    /// One more factor, by one of these.
    Prove {
        /// Whose.
        who: Prover,
        /// By what.
        by: Vec<Method>,
        /// Whether they may go on without.
        wish: Wish,
    },
    /// Whether this session's person wants a passkey.
    OfferPasskey(Id),
    /// The list of accounts.
    ChooseAccount,
    /// The page that says what this session's person has yet to set up.
    SetUp(Id, Level),
    /// The list of what this session's person is at the client.
    ChooseRole(Id),
    /// The page that says that this session's person may not use the client.
    NotAdmitted(Id),
    /// «Continue as …» with this session.
    Continue(Id),
    /// The consent page for this session.
    Consent(Id, Scopes),
    /// Done: a code for this session and these scopes, on the strength of this.
    Issue(Id, Scopes, Assured),
    /// Done: the account page.
    SignedIn(Id),
    /// Done: the site's page, as this session.
    Visit(Id),
    /// The client gets an error.
    Refuse(OAuthError),
}

/// Who is asked to prove one more thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prover {
    /// The person of this session.
    Session(Id),
    /// Who has given the first factor in this flow: see [`Pending`].
    Pending(Id),
}

/// What a session must reach before it begins: who has set up an authenticator app is asked for its code, unless this
/// device is remembered.
pub fn entry_level(factors: &Factors, remembered: bool) -> Level {
    match factors.asks_second() && !remembered {
        true => Level::MultiFactor,
        false => Level::SingleFactor,
    }
}

/// What must have been proven of whoever changes what they sign in with: two factors, where they have them. A passkey is
/// one of those, so that a password alone puts none beside it.
pub fn change_level(factors: &Factors) -> Level {
    match factors.highest() >= Some(Level::MultiFactor) {
        true => Level::MultiFactor,
        false => Level::SingleFactor,
    }
}

/// Decides the next step.
pub fn next(flow: &Flow, known: &Known<'_>, now: Time) -> Step {
    match (decide(flow, known, now), &flow.facts.mailed) {
        // Who is to sign in anyway, and has asked for a mail, types its code.
        (Step::Authenticate, Some(mailed)) => Step::EnterCode(mailed.clone()),
        (Step::Issue(session, ..) | Step::SignedIn(session) | Step::Visit(session), _)
            if offers_passkey(session, flow, known) =>
        {
            Step::OfferPasskey(session)
        }
        (step, _) => step,
    }
}

/// Whether whoever has just signed in otherwise is asked whether they want a passkey: they have none.
fn offers_passkey(session: Id, flow: &Flow, known: &Known<'_>) -> bool {
    let account = known.accounts.iter().find(|account| account.session.id == session);
    let has_one = |account: &Account| account.factors.0.iter().any(|method| method.is_passkey());
    let silent = flow.target.request().is_some_and(|request| request.prompt.none);
    let may_have = |account: &Account| {
        let reached = crate::assurance::reached(&account.session.proofs).map(|reached| reached.level);
        !has_one(account) && reached >= Some(change_level(&account.factors))
    };
    flow.facts.offers_passkey && !silent && account.is_some_and(may_have)
}

fn decide(flow: &Flow, known: &Known<'_>, now: Time) -> Step {
    let facts = &flow.facts;
    if let (Some(pending), false) = (&facts.pending, facts.denied) {
        return second_factor(pending, known);
    }
    let step = match (&flow.target, known.client) {
        (Target::Account, _) => account(facts, known, None, now).map(|account| Step::SignedIn(account.session.id)),
        (Target::Client(request), Some(client)) => join((request, Asking::Usual), client, facts, known, now),
        (Target::Device(device), Some(client)) => join((&device.request, Asking::Anew), client, facts, known, now),
        (Target::Client(_) | Target::Device(_), None) => {
            Err(refuse(ErrorCode::UnauthorizedClient, "the client is gone"))
        }
        (Target::Site(_), _) => visit(facts, known, now),
    };
    step.unwrap_or_else(|step| step)
}

/// Whether a person is asked for what they have allowed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asking {
    /// Not where it is remembered, nor by a client that is trusted.
    Usual,
    /// Always, in this very flow. RFC 8628 §5.4: anybody may have asked for the code, and lured its person here.
    Anew,
}

fn join(
    (request, asking): (&AuthorizationRequest, Asking),
    client: &Client,
    facts: &Facts,
    known: &Known<'_>,
    now: Time,
) -> Result<Step, Step> {
    if facts.denied {
        return Err(refuse(ErrorCode::AccessDenied, "the person did not allow it"));
    }
    let account = account(facts, known, Some(request), now)?;
    let session = &account.session;
    if !account.admitted {
        return Err(page(request, Step::NotAdmitted(session.id), ErrorCode::AccessDenied));
    }
    let assured = match demand::weigh(request, client, account, facts, known, now) {
        Verdict::Met(assured) => assured,
        Verdict::Authenticate => return Err(page(request, Step::Authenticate, ErrorCode::LoginRequired)),
        // Who is there by a hand-off has proven nothing in this browser.
        Verdict::Prove(..) if account.child => {
            return Err(page(request, Step::Authenticate, ErrorCode::LoginRequired));
        }
        Verdict::Prove(by, wish) => {
            let step = Step::Prove { who: Prover::Session(session.id), by, wish };
            return Err(page(request, step, ErrorCode::LoginRequired));
        }
        Verdict::SetUp(level) => {
            let step = Step::SetUp(session.id, level);
            return Err(page(request, step, ErrorCode::UnmetAuthenticationRequirements));
        }
        // OpenID Connect Core Error Code unmet_authentication_requirements 1.0 §2.
        Verdict::Unmet => {
            let words = "no authentication that this person can give reaches what is asked for";
            return Err(refuse(ErrorCode::UnmetAuthenticationRequirements, words));
        }
    };
    let Some(granted) = granted((request, asking), client, account, facts) else {
        return Err(page(request, Step::Consent(session.id, request.scopes.clone()), ErrorCode::ConsentRequired));
    };
    // What hangs on another session ends with it, and is for one client: nothing of it is for while the person is away, or
    // for other apps of the device.
    let granted = match account.child {
        true => granted.without(&Scopes::default().and(scope::OFFLINE_ACCESS).and(scope::DEVICE_SSO)),
        false => granted,
    };
    if granted.contains(scope::ROLES) && must_choose_role(account, facts) {
        return Err(page(request, Step::ChooseRole(session.id), ErrorCode::InteractionRequired));
    }
    if must_continue(request, client, account, facts, known.continue_page) {
        return Err(page(request, Step::Continue(session.id), ErrorCode::InteractionRequired));
    }
    Ok(Step::Issue(session.id, granted, assured))
}

/// A site is the operator's own, so that nobody is asked what it may know.
fn visit(facts: &Facts, known: &Known<'_>, now: Time) -> Result<Step, Step> {
    let Some(policy) = known.site else { return Err(refuse(ErrorCode::UnauthorizedClient, "the site is gone")) };
    let account = account(facts, known, None, now)?;
    let session = account.session.id;
    if facts.denied {
        return Ok(Step::SignedIn(session));
    }
    if !account.admitted {
        return Err(Step::NotAdmitted(session));
    }
    match demand::weigh_for_site(policy, account, facts, known, now) {
        Verdict::Met(_) if known.continue_page == ContinuePage::Always && !facts.continued => {
            Err(Step::Continue(session))
        }
        Verdict::Met(_) => Ok(Step::Visit(session)),
        Verdict::Authenticate => Err(Step::Authenticate),
        Verdict::Prove(by, wish) => Err(Step::Prove { who: Prover::Session(session), by, wish }),
        Verdict::SetUp(level) => Err(Step::SetUp(session, level)),
        Verdict::Unmet => Err(Step::NotAdmitted(session)),
    }
}

/// What a person who has given the first factor is asked for; where they can give no second any more, all begins anew.
fn second_factor(pending: &Pending, known: &Known<'_>) -> Step {
    let by = known.pending.map(|factors| factors.towards(Level::MultiFactor, &pending.proofs)).unwrap_or_default();
    match by.is_empty() {
        true => Step::Authenticate,
        false => Step::Prove { who: Prover::Pending(pending.user_id), by, wish: Wish::Required },
    }
}

/// Whether somebody who is several things at the client has yet to say as which they enter.
fn must_choose_role(account: &Account, facts: &Facts) -> bool {
    account.roles.len() > 1 && facts.role.as_ref().is_none_or(|role| !account.roles.contains(role))
}

/// The scopes to grant; `None` where the person must be asked first.
fn granted(
    (request, asking): (&AuthorizationRequest, Asking),
    client: &Client,
    account: &Account,
    facts: &Facts,
) -> Option<Scopes> {
    let requested = &request.scopes;
    let consent = account.consent.as_ref();
    if let Some(allowed) = &facts.consented {
        return Some(kept(requested, allowed));
    }
    let details = &request.authorization_details;
    // RFC 9396 §11.2: what is about one payment is never remembered for the next.
    if request.prompt.consent || asking == Asking::Anew || details.anew || !(details.is_empty() || client.trusted) {
        return None;
    }
    if client.trusted {
        return Some(requested.clone());
    }
    // Core §11: what is remembered about offline_access stood on a consent page once.
    let consent = consent.filter(|consent| consent.missing(requested).is_empty())?;
    Some(kept(requested, &consent.scopes))
}

/// What of `requested` is `allowed`; `openid` is the request itself (Core §3.1.2.1) and cannot be left out.
fn kept(requested: &Scopes, allowed: &Scopes) -> Scopes {
    let left_out = requested.without(allowed);
    match Scopes::parse(scope::OPENID) {
        Ok(openid) => requested.without(&left_out.without(&openid)),
        Err(_) => requested.without(&left_out),
    }
}

/// Whether «Continue as …» is due. Whoever did something for this client in this flow has continued.
fn must_continue(
    request: &AuthorizationRequest,
    client: &Client,
    account: &Account,
    facts: &Facts,
    page: ContinuePage,
) -> bool {
    if facts.continued || facts.consented.is_some() {
        return false;
    }
    // RFC 8252 §8.6: anybody could be asking; the person must see it.
    if !client.assured_identity(&request.reply.redirect_uri) {
        return true;
    }
    match page {
        ContinuePage::Always => true,
        ContinuePage::FirstTime => account.consent.is_none(),
        ContinuePage::Never => false,
    }
}

/// Core §3.1.2.1: where no page may be shown, its error takes its place.
fn page(request: &AuthorizationRequest, step: Step, code: ErrorCode) -> Step {
    match request.prompt.none {
        true => refuse(code, "prompt=none, and a page is due"),
        false => step,
    }
}

fn refuse(code: ErrorCode, words: &'static str) -> Step {
    Step::Refuse(OAuthError::new(code, words))
}

#[cfg(test)]
mod tests;
