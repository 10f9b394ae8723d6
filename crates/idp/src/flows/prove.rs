//! A proof that somebody has given, on the way of a flow: a session begins with it, the one there is gains by it, or the
//! second factor is asked for.

use oidc::Id;
use oidc::assurance::{self, Method, Proof};
use oidc::hub::{self, Account, Facts, Mailed, Pending, Prover, Step};

use super::end::facts_json;
use super::known::Found;
use super::open::Open;
use super::{EMAIL_CODE, Onward, PROVE, StepForm, Visitor, Waiting, purpose};
use crate::browsers::SignedIn;
use crate::factors::Proven;
use crate::{Context, Fault};

/// What a proof gives the browser, and where it goes with it.
#[derive(Debug)]
pub struct Entered {
    /// The session that has begun or gained; `None` where the second factor is still to come.
    pub signed_in: Option<SignedIn>,
    /// To the flow's next page, or where the flow ends.
    pub onward: Onward,
}

/// What a browser says that it could do once its person is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// Make a passkey.
    Passkey,
    /// Nothing.
    Nothing,
}

/// What a form with a proof may be about.
#[derive(Debug)]
pub enum Awaited {
    /// The flow is gone, or has gone on.
    Nothing,
    /// This browser was not shown the form.
    Foreign,
    /// Somebody signs in, whoever they are.
    Anybody(Box<Waiting>),
    /// Whoever asked for this mail brings back what it says.
    Mailed(Mailed),
    /// This person proves one more thing, by one of these.
    Person(Id, Vec<Method>),
}

impl Context {
    /// Whom a form with a proof may be about.
    pub async fn awaited(&self, form: StepForm<'_>) -> Result<Awaited, Fault> {
        let Found::Open(open) = self.find_flow(form.flow, form.visitor).await? else {
            return Ok(Awaited::Nothing);
        };
        if self.sign_in_form_holds(form) {
            return Ok(Awaited::Anybody(Box::new((open.asks(), open.address()))));
        }
        let holds = |about| self.csrf_holds(form.visitor.binding, &purpose(PROVE, form.flow, about), form.csrf);
        match self.next_step(&open) {
            Step::EnterCode(mailed) => {
                let purpose = purpose(EMAIL_CODE, form.flow, None);
                match self.csrf_holds(form.visitor.binding, &purpose, form.csrf) {
                    true => Ok(Awaited::Mailed(mailed)),
                    false => Ok(Awaited::Foreign),
                }
            }
            Step::Prove { who, by, .. } => match open.person_of(who).filter(|user| holds(Some(*user))) {
                Some(user) => Ok(Awaited::Person(user, by)),
                None => Ok(Awaited::Foreign),
            },
            _ => Ok(Awaited::Foreign),
        }
    }

    /// Records what was proven a moment ago. What follows from it (the session, the step's fact, the flow's end) is one
    /// transaction. `None` where another tab has signed in meanwhile, the flow is gone, or what was proven was taken away
    /// in that moment: the session that began is ended again before anybody has its cookie, or the code that hangs on it.
    pub async fn prove(
        &self,
        flow: Id,
        visitor: Visitor<'_>,
        proven: &Proven,
        offer: Offer,
    ) -> Result<Option<Entered>, Fault> {
        let Found::Open(mut open) = self.find_flow(flow, visitor).await? else {
            return Ok(None);
        };
        open.flow.facts.offers_passkey |= offer == Offer::Passkey;
        let user = proven.person.id;
        let proof = Proof { method: proven.method, at: self.now() };
        let pending = open.flow.facts.pending.clone().filter(|pending| pending.user_id == user);
        let stepping_up = match self.next_step(&open) {
            Step::Prove { who: who @ Prover::Session(session), .. } if open.person_of(who) == Some(user) => {
                Some(session)
            }
            _ => None,
        };
        let mut given =
            Pending { user_id: user, proofs: vec![proof], credentials: proven.credential.into_iter().collect() };
        if let Some(pending) = pending {
            given.proofs = assurance::merged(&pending.proofs, &given.proofs);
            given.credentials.extend(pending.credentials);
        }
        if stepping_up.is_none() && !self.may_begin(&open, visitor, &given).await? {
            return self.wait_for_second(*open, given).await;
        }
        let facts = open.flow.facts.clone();
        let facts = |session: Id| match stepping_up {
            Some(_) => {
                let proven = assurance::merged(&facts.proven, &given.proofs);
                facts.stepped_up(session, proven)
            }
            None => facts.signed_in(session, given.proofs.clone()),
        };
        let Some(entered) = self.enter(*open, visitor, user, &given.proofs, facts).await? else {
            return Ok(None);
        };
        if self.still_stands(user, &given.credentials).await? {
            return Ok(Some(entered));
        }
        if let Some(signed_in) = entered.signed_in {
            self.end_session(signed_in.browser, signed_in.session, visitor.caller).await?;
        }
        Ok(None)
    }

    /// Signs in who has just made an account.
    pub async fn sign_in_new(&self, flow: Id, visitor: Visitor<'_>, user: Id) -> Result<Option<Entered>, Fault> {
        let Found::Open(open) = self.find_flow(flow, visitor).await? else {
            return Ok(None);
        };
        let proofs = self.proofs_now(&[Method::Password]);
        let facts = open.flow.facts.clone();
        let given = proofs.clone();
        self.enter(*open, visitor, user, &proofs, move |session| facts.signed_in(session, given)).await
    }

    /// Writes down that a code was wrong. After a few the first factor is asked for again.
    pub async fn note_wrong_code(&self, flow: Id, visitor: Visitor<'_>) -> Result<(), Fault> {
        if let Found::Open(mut open) = self.find_flow(flow, visitor).await? {
            open.flow.facts = open.flow.facts.mistaken();
            self.record(&open, None).await?;
        }
        Ok(())
    }

    /// Whether a session of this person may begin.
    async fn may_begin(&self, open: &Open, visitor: Visitor<'_>, given: &Pending) -> Result<bool, Fault> {
        let factors = self.factors(given.user_id).await?;
        let level = assurance::reached(&given.proofs).map(|reached| reached.level);
        let remembered = !open.flow.facts.afresh && self.is_remembered(given.user_id, visitor).await?;
        let least = match open.flow.facts.afresh {
            true => hub::change_level(&factors),
            false => hub::entry_level(&factors, remembered),
        };
        Ok(level >= Some(least))
    }

    async fn is_remembered(&self, user: Id, visitor: Visitor<'_>) -> Result<bool, Fault> {
        let device = self.known_device(user, visitor.device).await?;
        Ok(device.and_then(|device| device.remembered_until).is_some_and(|until| self.now() < until))
    }

    async fn wait_for_second(&self, mut open: Open, given: Pending) -> Result<Option<Entered>, Fault> {
        open.flow.facts = open.flow.facts.half_way(given);
        let recorded = self.record(&open, None).await?;
        Ok(recorded.then_some(Entered { signed_in: None, onward: Onward::Flow(open.id) }))
    }

    /// Begins a session or refreshes the one there is, with these proofs, and records the step, and the flow's end where
    /// no page is due.
    async fn enter(
        &self,
        mut open: Open,
        visitor: Visitor<'_>,
        user: Id,
        proofs: &[Proof],
        facts: impl FnOnce(Id) -> Facts,
    ) -> Result<Option<Entered>, Fault> {
        let flow = open.id;
        let browser = open.browser.take();
        let beginning = self.beginning(browser.as_ref(), user, proofs)?;
        let consent = match &open.client {
            Some(registered) => self.consent(user, registered).await?,
            None => None,
        };
        let row = store::users::find(&self.store, user).await?;
        let session = beginning.session_after();
        let account: Account =
            self.account((open.client.as_deref(), open.site.as_ref()), session, row.as_ref(), consent).await?;
        let facts = facts(account.session.id);
        let open = open.signed_in(&beginning, account, facts);
        let end = self.end_of(&open, &self.next_step(&open)).await?;
        let facts_json = facts_json(&open)?;
        let Some(step) = self.recording(&open, end.as_ref(), &facts_json) else { return Ok(None) };
        let Some((signed_in, recorded)) = self.begin_session_at(&beginning, &step, visitor.caller).await? else {
            return Ok(None);
        };
        // Where another tab was faster, its fact stands; the person is signed in all the same.
        let onward = match end.filter(|_| recorded) {
            Some(end) => self.arrived(end, visitor.caller).await?,
            None => Onward::Flow(flow),
        };
        Ok(Some(Entered { signed_in: Some(signed_in), onward }))
    }
}
