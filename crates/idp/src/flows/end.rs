//! The end of a flow: decided first, then written in one transaction.

use oidc::hub::{Step, Target};
use oidc::session::Session;
use oidc::site::Address;
use oidc::{Id, OAuthError, Time};
use store::audit::Event;
use store::codes::Code;
use store::consents::Consent;
use store::evidence::Evidence;
use store::flows::Recording;
use store::session_clients::SessionClient;

use super::known::Stored;
use super::open::Open;
use super::{Answer, Onward, Visitor, app_name};
use crate::caller::Caller;
use crate::{Context, Fault};

/// How a flow ends, not yet written.
pub(super) struct End {
    /// Where the browser goes once it is written.
    pub(super) onward: Onward,
    /// The code that the client gets.
    pub(super) code: Option<Code>,
    /// What the person has allowed, where that is to be remembered.
    pub(super) consent: Option<Consent>,
    /// The client's part in the session.
    pub(super) joined: Option<SessionClient>,
    /// What the trail says of it.
    pub(super) event: Option<Event>,
    /// The session that the client or the site was let in by.
    pub(super) used: Option<Id>,
    /// What the person says to a device.
    pub(super) decision: Option<Decision>,
    /// The page of a site that it leads to.
    pub(super) visit: Option<Visit>,
    /// The signed record of what was confirmed.
    pub(super) evidence: Option<Evidence>,
}

/// What a person says to a device.
pub(super) struct Decision {
    /// Which request of one.
    pub(super) device: Id,
    /// When.
    pub(super) at: Time,
    /// What is granted; `None` where nothing is.
    pub(super) grant_json: Option<String>,
}

/// What the cookie of a site is for.
pub(super) struct Visit {
    browser: Id,
    session: Session,
    address: Box<Address>,
}

impl End {
    pub(super) fn to(onward: Onward) -> Self {
        Self {
            onward,
            code: None,
            consent: None,
            joined: None,
            event: None,
            used: None,
            decision: None,
            evidence: None,
            visit: None,
        }
    }
}

impl Context {
    /// The end that this step is; `None` where it is a page.
    pub(super) async fn end_of(&self, open: &Open, step: &Step) -> Result<Option<End>, Fault> {
        if let Target::Device(device) = &open.flow.target {
            match step {
                Step::Issue(session, scopes, assured) => {
                    return self.allow_device(open, device, (*session, scopes), assured).await.map(Some);
                }
                Step::Refuse(error) => return Ok(Some(self.deny_device(open, device, error))),
                _ => {}
            }
        }
        Ok(Some(match step {
            Step::Issue(session, scopes, assured) => self.issue_code(open, *session, scopes, assured).await?,
            Step::SignedIn(session) => End::to(Onward::Account(*session)),
            Step::Visit(session) => visiting(open, *session)?,
            Step::Refuse(error) => End::to(self.refusal(open, error)),
            Step::Authenticate
            | Step::EnterCode(_)
            | Step::Prove { .. }
            | Step::OfferPasskey(_)
            | Step::ChooseAccount
            | Step::SetUp(..)
            | Step::ChooseRole(_)
            | Step::NotAdmitted(_)
            | Step::Continue(_)
            | Step::Consent(..) => {
                return Ok(None);
            }
        }))
    }

    /// Ends the flow, where this step is its end; `None` where the step is a page, or another tab was faster.
    pub(super) async fn end_flow(
        &self,
        open: &Open,
        step: &Step,
        visitor: Visitor<'_>,
    ) -> Result<Option<Onward>, Fault> {
        let Some(end) = self.end_of(open, step).await? else { return Ok(None) };
        let written = match open.stored {
            Stored::At(_) => self.record(open, Some(&end)).await?,
            Stored::Not => self.insert_finished(open, &end, visitor).await?,
        };
        if !written {
            return Ok(None);
        }
        Ok(Some(self.arrived(end, visitor.caller).await?))
    }

    /// Where the browser goes from an end that is written. The cookie of the sites is made here: one that nobody gets,
    /// because this node dies first, is asked for again.
    pub(super) async fn arrived(&self, end: End, caller: &Caller) -> Result<Onward, Fault> {
        let Some(Visit { browser, session, address }) = end.visit else { return Ok(end.onward) };
        let cookie = self.site_cookie(browser, &session, &address.host, caller).await?;
        Ok(Onward::Site(address, cookie))
    }

    /// Writes the facts of a flow, and its end where there is one; `false` where another tab was faster, and then
    /// nothing is written.
    pub(super) async fn record(&self, open: &Open, end: Option<&End>) -> Result<bool, Fault> {
        let facts_json = facts_json(open)?;
        let Some(step) = self.recording(open, end, &facts_json) else { return Ok(false) };
        self.note_use(open, end).await?;
        Ok(store::flows::record(&self.store, &step).await?)
    }

    /// What is written of a flow that has a row.
    pub(super) fn recording<'a>(
        &self,
        open: &Open,
        end: Option<&'a End>,
        facts_json: &'a str,
    ) -> Option<Recording<'a>> {
        let Stored::At(version) = open.stored else { return None };
        Some(Recording { flow: open.id, version, facts_json, end: end.map(|end| self.ended(end)) })
    }

    /// Keeps a flow without a row for the sake of its code; one without a code leaves nothing. A device is answered on a
    /// page alone: what ends before there was one leaves it waiting.
    async fn insert_finished(&self, open: &Open, end: &End, visitor: Visitor<'_>) -> Result<bool, Fault> {
        if end.code.is_some() {
            self.note_use(open, Some(end)).await?;
            let mut row = self.flow_row(open.id, &open.flow, &visitor.binding.hash())?;
            row.finished_at = Some(self.now());
            store::flows::insert_finished(&self.store, &row, &self.ended(end)).await?;
        }
        Ok(true)
    }

    pub(super) fn ended<'a>(&self, end: &'a End) -> store::flows::End<'a> {
        let End { code, consent, joined, event, decision, evidence, .. } = end;
        let decision = decision.as_ref().map(|decision| store::device_requests::Decision {
            id: decision.device,
            at: decision.at,
            grant_json: decision.grant_json.as_deref(),
        });
        let (code, consent) = (code.as_ref(), consent.as_ref());
        store::flows::End {
            at: self.now(),
            code,
            consent,
            joined: joined.as_ref(),
            event: event.as_ref(),
            evidence: evidence.as_ref(),
            decision,
        }
    }

    async fn note_use(&self, open: &Open, end: Option<&End>) -> Result<(), Fault> {
        match (&open.browser, end.and_then(|end| end.used)) {
            (Some(browser), Some(session)) => self.touch_session(browser, session).await,
            _ => Ok(()),
        }
    }

    fn refusal(&self, open: &Open, error: &OAuthError) -> Onward {
        match (&open.flow.target, &open.client) {
            (Target::Client(request), Some(registered)) => {
                let app = app_name(&registered.client);
                Onward::Client(Box::new(Answer::error(request.reply.clone(), self.issuer(), app, error.clone())))
            }
            // The client was disabled on the way: nobody is left who may be answered.
            (Target::Client(_), None) | (Target::Account | Target::Device(_) | Target::Site(_), _) => {
                Onward::Gone(None)
            }
        }
    }
}

fn visiting(open: &Open, session: Id) -> Result<End, Fault> {
    let (Some(address), Some(account), Some(browser)) = (open.address(), open.account(session), &open.browser) else {
        return Err(Fault::Corrupt(format!("flow {} visits as a session that nobody knows", open.id)));
    };
    let visit = Visit { browser: browser.id, session: account.session.clone(), address };
    Ok(End { visit: Some(visit), used: Some(session), ..End::to(Onward::Flow(open.id)) })
}

/// The facts as a row keeps them.
pub(super) fn facts_json(open: &Open) -> Result<String, Fault> {
    serde_json::to_string(&open.flow.facts).map_err(|error| Fault::corrupt("facts", error))
}
