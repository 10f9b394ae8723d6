//! The facts that the pages post.

use oidc::hub::{Facts, Step};
use oidc::{Id, Scopes};

use super::known::{Found, Open, Stored};
use super::{ACCOUNT, CONSENT, CONTINUE, SIGN_IN, Visitor, purpose};
use crate::browsers::{PASSWORD, SignedIn};
use crate::people::Proven;
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

/// What became of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recorded {
    /// The hub goes on from here; also where the step was not due any more, and then nothing was recorded.
    GoOn,
    /// This browser was not shown the form.
    Foreign,
}

impl Context {
    /// Records what a person said at a step, if that step is due.
    pub async fn record_fact(&self, form: StepForm<'_>, fact: Fact) -> Result<Recorded, Fault> {
        let Found::Open(open) = self.find_flow(form.flow, form.visitor).await? else {
            return Ok(Recorded::GoOn);
        };
        let Some((purpose, facts)) = after(&open, &self.next_step(&open), fact) else {
            return Ok(Recorded::GoOn);
        };
        if !self.csrf_holds(form.visitor.binding, &purpose, form.csrf) {
            return Ok(Recorded::Foreign);
        }
        // Where another tab was faster, its fact stands, and the hub shows what is due then.
        self.put_facts(&open, &facts).await?;
        Ok(Recorded::GoOn)
    }

    /// Whether the sign-in form was shown to this browser.
    pub fn sign_in_form_holds(&self, form: StepForm<'_>) -> bool {
        self.csrf_holds(form.visitor.binding, &purpose(SIGN_IN, form.flow, None), form.csrf)
    }

    /// Begins a session of `user`, who has just authenticated by `amr` (RFC 8176), and records that in the flow.
    /// `None` where another tab has signed in meanwhile, or the flow is gone: nothing has begun then.
    pub async fn sign_in(
        &self,
        flow: Id,
        visitor: Visitor<'_>,
        user: Id,
        amr: &[&str],
    ) -> Result<Option<SignedIn>, Fault> {
        let Found::Open(open) = self.find_flow(flow, visitor).await? else {
            return Ok(None);
        };
        let Some(signed_in) = self.begin_session(open.browser.as_ref(), user, amr).await? else {
            return Ok(None);
        };
        if !open.flow.facts.denied {
            let facts = open.flow.facts.clone().signed_in(signed_in.session, signed_in.at);
            self.put_facts(&open, &facts).await?;
        }
        Ok(Some(signed_in))
    }

    /// The same for a password that was proven a moment ago. `None`, too, where it was changed or its person disabled
    /// in that moment: the session that began is ended again before anybody has its cookie.
    pub async fn sign_in_by_password(
        &self,
        flow: Id,
        visitor: Visitor<'_>,
        proven: &Proven,
    ) -> Result<Option<SignedIn>, Fault> {
        let Some(signed_in) = self.sign_in(flow, visitor, proven.person.id, &[PASSWORD]).await? else {
            return Ok(None);
        };
        if self.still_stands(proven).await? {
            return Ok(Some(signed_in));
        }
        self.end_session(signed_in.browser, signed_in.session).await?;
        Ok(None)
    }

    async fn put_facts(&self, open: &Open, facts: &Facts) -> Result<bool, Fault> {
        let Stored::At(version) = open.stored else { return Ok(false) };
        let json = serde_json::to_string(facts).map_err(|error| Fault::corrupt("facts", error))?;
        Ok(store::flows::record(&self.store, open.id, version, &json).await?)
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
