//! The facts that the pages post.

use oidc::hub::{Facts, Prover, Step, Wish};
use oidc::{Id, Scopes};

use super::known::Found;
use super::open::Open;
use super::{
    ACCOUNT, CONSENT, CONTINUE, EMAIL_CODE, NEW_PASSKEY, NOT_ADMITTED, Onward, PROVE, ROLE, SET_UP, SIGN_IN, Visitor,
    purpose,
};
use crate::{Context, Fault};

/// A form that a step's page sent.
#[derive(Clone, Copy)]
pub struct StepForm<'a> {
    /// The flow that it names.
    pub flow: Id,
    /// Its token.
    pub csrf: &'a str,
    /// The browser that sent it.
    pub visitor: Visitor<'a>,
}

/// What a person said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// This account, from the list.
    Choose(Id),
    /// An account that is not on the list, or not the one that is half-way.
    Other,
    /// To sign in otherwise than by the mail.
    AnotherWay,
    /// To go on without what the client only wishes.
    Skip,
    /// The offer of a passkey was answered.
    Offered,
    /// To enter as this.
    Role(String),
    /// To go on with the account shown.
    Continue,
    /// Not with the account shown.
    Switch,
    /// These of the scopes asked, and all else that was, on a page in this language.
    Allow(Scopes, String),
    /// None of it; or, where they are not admitted, to go back.
    Deny,
}

/// What became of a form.
#[derive(Debug)]
pub enum Recorded {
    /// The browser goes on: to the flow, or where it ends. Also where the step was not due any more, and then nothing
    /// was recorded.
    GoOn(Onward),
    /// This browser was not shown the form.
    Foreign,
}

impl Context {
    /// Records what a person said at a step, if that step is due.
    pub async fn record_fact(&self, form: StepForm<'_>, fact: Fact) -> Result<Recorded, Fault> {
        let stays = || Recorded::GoOn(Onward::Flow(form.flow));
        let Found::Open(mut open) = self.find_flow(form.flow, form.visitor).await? else {
            return Ok(stays());
        };
        let step = self.next_step(&open);
        let denied = match (&step, &fact) {
            (Step::Consent(session, _), Fact::Deny) => open.person_of(Prover::Session(*session)).zip(Some(*session)),
            _ => None,
        };
        let Some((purpose, facts)) = after(&open, &step, fact) else {
            return Ok(stays());
        };
        if !self.csrf_holds(form.visitor.binding, &purpose, form.csrf) {
            return Ok(Recorded::Foreign);
        }
        open.flow.facts = facts;
        let mut end = self.end_of(&open, &self.next_step(&open)).await?;
        if let (Some(end), Some(who)) = (&mut end, denied) {
            // A device's end tells of it by itself.
            end.event = end.event.take().or_else(|| self.consent_denied(&open, who));
        }
        // Where another tab was faster, its fact stands, and the hub shows what is due then.
        let recorded = self.record(&open, end.as_ref()).await?;
        match end.filter(|_| recorded) {
            Some(end) => Ok(Recorded::GoOn(self.arrived(end, form.visitor.caller).await?)),
            None => Ok(stays()),
        }
    }

    /// Whether the sign-in form was shown to this browser.
    pub fn sign_in_form_holds(&self, form: StepForm<'_>) -> bool {
        self.csrf_holds(form.visitor.binding, &purpose(SIGN_IN, form.flow, None), form.csrf)
    }
}

/// The purpose of the form that says this at the step that is due, and the facts after it; `None` where it cannot be
/// said there.
fn after(open: &Open, step: &Step, fact: Fact) -> Option<(String, Facts)> {
    let facts = open.flow.facts.clone();
    let (step, about, facts) = match (step, fact) {
        (Step::EnterCode(_), Fact::AnotherWay) => (EMAIL_CODE, None, facts.another_way()),
        (Step::OfferPasskey(session), Fact::Offered) => (NEW_PASSKEY, Some(*session), facts.offered()),
        (Step::Prove { who, wish: Wish::Voluntary, .. }, Fact::Skip) => match who {
            Prover::Session(session) => (PROVE, open.person_of(*who), facts.skipped(*session)),
            Prover::Pending(_) => return None,
        },
        (Step::Prove { who, .. }, Fact::Other) => (PROVE, open.person_of(*who), facts.other_account()),
        (Step::ChooseAccount, Fact::Choose(session)) => (ACCOUNT, None, facts.chose(open.account(session)?.session.id)),
        (Step::ChooseAccount, Fact::Other) => (ACCOUNT, None, facts.other_account()),
        (Step::ChooseRole(session), Fact::Role(role)) if open.account(*session)?.roles.contains(&role) => {
            (ROLE, Some(*session), facts.enters_as(*session, role))
        }
        (Step::ChooseRole(session), Fact::Switch) => (ROLE, Some(*session), facts.switched()),
        (Step::SetUp(session, _), Fact::Switch) => (SET_UP, Some(*session), facts.switched()),
        (Step::SetUp(session, _), Fact::Deny) => (SET_UP, Some(*session), facts.denied()),
        (Step::NotAdmitted(session), Fact::Switch) => (NOT_ADMITTED, Some(*session), facts.switched()),
        (Step::NotAdmitted(session), Fact::Deny) => (NOT_ADMITTED, Some(*session), facts.denied()),
        (Step::Continue(session), Fact::Continue) => (CONTINUE, Some(*session), facts.continued(*session)),
        (Step::Continue(session), Fact::Switch) => (CONTINUE, Some(*session), facts.switched()),
        (Step::Consent(session, asked), Fact::Allow(allowed, language)) => {
            let facts = facts.consented(*session, asked.intersection(&allowed)).read_in(language);
            (CONSENT, Some(*session), facts)
        }
        (Step::Consent(session, _), Fact::Deny) => (CONSENT, Some(*session), facts.denied()),
        _ => return None,
    };
    Some((purpose(step, open.id, about), facts))
}
