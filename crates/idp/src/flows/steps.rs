//! The facts that the pages post.

use oidc::hub::{Facts, Step};
use oidc::{Id, Scopes};

use super::end::facts_json;
use super::known::{Found, Open};
use super::{ACCOUNT, CONSENT, CONTINUE, Onward, SIGN_IN, Visitor, purpose};
use crate::browsers::SignedIn;
use crate::factors::Proven;
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
    /// An account that is not on the list.
    Other,
    /// To go on with the account shown.
    Continue,
    /// Not with the account shown.
    Switch,
    /// These of the scopes asked.
    Allow(Scopes),
    /// None of it.
    Deny,
}

/// What a sign-in gives the browser, and where it goes with it.
#[derive(Debug)]
pub struct Entered {
    /// The session that has begun.
    pub signed_in: SignedIn,
    /// To the flow's next page, or where the flow ends.
    pub onward: Onward,
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
        let Some((purpose, facts)) = after(&open, &self.next_step(&open), fact) else {
            return Ok(stays());
        };
        if !self.csrf_holds(form.visitor.binding, &purpose, form.csrf) {
            return Ok(Recorded::Foreign);
        }
        open.flow.facts = facts;
        let end = self.end_of(&open, &self.next_step(&open))?;
        // Where another tab was faster, its fact stands, and the hub shows what is due then.
        let recorded = self.record(&open, end.as_ref()).await?;
        Ok(end.filter(|_| recorded).map_or_else(stays, |end| Recorded::GoOn(end.onward)))
    }

    /// Whether the sign-in form was shown to this browser.
    pub fn sign_in_form_holds(&self, form: StepForm<'_>) -> bool {
        self.csrf_holds(form.visitor.binding, &purpose(SIGN_IN, form.flow, None), form.csrf)
    }

    /// Begins a session of `user`, who has just authenticated by `amr` (RFC 8176), and records that in the flow, and
    /// the flow's end where no page is due, all in one transaction. `None` where another tab has signed in meanwhile,
    /// or the flow is gone: nothing has begun then.
    pub async fn sign_in(
        &self,
        flow: Id,
        visitor: Visitor<'_>,
        user: Id,
        amr: &[&str],
    ) -> Result<Option<Entered>, Fault> {
        let Found::Open(mut open) = self.find_flow(flow, visitor).await? else {
            return Ok(None);
        };
        let browser = open.browser.take();
        let beginning = self.beginning(browser.as_ref(), user, amr);
        let consent = match &open.client {
            Some(registered) => self.consent(user, registered).await?,
            None => None,
        };
        let open = open.signed_in(&beginning, consent);
        let end = self.end_of(&open, &self.next_step(&open))?;
        let facts_json = facts_json(&open)?;
        let Some(step) = self.recording(&open, end.as_ref(), &facts_json) else { return Ok(None) };
        let Some((signed_in, recorded)) = self.begin_session_at(&beginning, &step, visitor.caller).await? else {
            return Ok(None);
        };
        // Where another tab was faster, its fact stands; the person is signed in all the same.
        let onward = end.filter(|_| recorded).map_or(Onward::Flow(flow), |end| end.onward);
        Ok(Some(Entered { signed_in, onward }))
    }

    /// The same for what was proven a moment ago. `None`, too, where that was taken away or its person disabled in that
    /// moment: the session that began is ended again before anybody has its cookie, or the code that hangs on
    /// it.
    pub async fn sign_in_proven(
        &self,
        flow: Id,
        visitor: Visitor<'_>,
        proven: &Proven,
    ) -> Result<Option<Entered>, Fault> {
        let Some(entered) = self.sign_in(flow, visitor, proven.person.id, &proven.amr).await? else {
            return Ok(None);
        };
        if self.still_stands(proven).await? {
            return Ok(Some(entered));
        }
        self.end_session(entered.signed_in.browser, entered.signed_in.session).await?;
        Ok(None)
    }
}

/// The purpose of the form that says this at the step that is due, and the facts after it; `None` where it cannot be
/// said there.
fn after(open: &Open, step: &Step, fact: Fact) -> Option<(String, Facts)> {
    let facts = open.flow.facts.clone();
    let (step, session, facts) = match (step, fact) {
        (Step::ChooseAccount, Fact::Choose(session)) => (ACCOUNT, None, facts.chose(open.account(session)?.session.id)),
        (Step::ChooseAccount, Fact::Other) => (ACCOUNT, None, facts.other_account()),
        (Step::Continue(session), Fact::Continue) => (CONTINUE, Some(*session), facts.continued(*session)),
        (Step::Continue(session), Fact::Switch) => (CONTINUE, Some(*session), facts.switched()),
        (Step::Consent(session, asked), Fact::Allow(allowed)) => {
            (CONSENT, Some(*session), facts.consented(*session, asked.intersection(&allowed)))
        }
        (Step::Consent(session, _), Fact::Deny) => (CONSENT, Some(*session), facts.denied()),
        _ => return None,
    };
    Some((purpose(step, open.id, session), facts))
}
