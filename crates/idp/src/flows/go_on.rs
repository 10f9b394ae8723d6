//! Where a flow stands, and its end.

use oidc::hub::{self, Step, Target};
use oidc::{Id, OAuthError};

use super::known::{Found, Open, Stored};
use super::{Answer, Asks, Onward, Visitor, app_name};
use crate::{Context, Fault};

impl Context {
    /// Goes on at a flow: shows the page that is due, or ends it.
    pub async fn go_on(&self, flow: Id, visitor: Visitor<'_>) -> Result<Onward, Fault> {
        for _ in 0..TRIES {
            let open = match self.find_flow(flow, visitor).await? {
                Found::Open(open) => open,
                Found::Posted(posted) => return self.take_up(flow, posted, visitor).await,
                Found::Gone(client) => return Ok(Onward::Gone(client)),
            };
            let step = self.next_step(&open);
            if let Some(due) = self.page_of(&open, &step).await? {
                return Ok(Onward::Page(Box::new(due)));
            }
            if let Some(onward) = self.end_flow(&open, step, visitor).await? {
                return Ok(onward);
            }
            // Another tab was faster; what it left is read again.
        }
        Ok(Onward::Gone(None))
    }

    /// Who asks in a flow that is open in this browser: for pages beside the steps, such as sign-up. The outer `None`
    /// is a flow that is gone, the inner one a flow to the account page.
    pub async fn flow_asks(&self, flow: Id, visitor: Visitor<'_>) -> Result<Option<Option<Asks>>, Fault> {
        match self.find_flow(flow, visitor).await? {
            Found::Open(open) => Ok(Some(open.asks())),
            Found::Posted(_) | Found::Gone(_) => Ok(None),
        }
    }

    /// A flow that was posted becomes one of this browser. Only one browser can take it up.
    async fn take_up(&self, id: Id, posted: hub::Flow, visitor: Visitor<'_>) -> Result<Onward, Fault> {
        match store::flows::finish(&self.store, id, 0, self.now()).await? {
            true => self.begin_with(posted.target, posted.facts, visitor).await,
            false => Ok(Onward::Gone(None)),
        }
    }

    /// Applies the step that ends a flow; `None` where the step is a page, or another tab was faster.
    pub(super) async fn end_flow(
        &self,
        open: &Open,
        step: Step,
        visitor: Visitor<'_>,
    ) -> Result<Option<Onward>, Fault> {
        match step {
            Step::Issue(session, scopes) => {
                let answer = self.issue_code(open, session, &scopes, visitor).await?;
                Ok(answer.map(|answer| Onward::Client(Box::new(answer))))
            }
            Step::SignedIn(session) => Ok(self.finish_flow(open).await?.then_some(Onward::Account(session))),
            Step::Refuse(error) => self.refuse_flow(open, error).await,
            Step::Authenticate | Step::ChooseAccount | Step::Continue(_) | Step::Consent(..) => Ok(None),
        }
    }

    async fn refuse_flow(&self, open: &Open, error: OAuthError) -> Result<Option<Onward>, Fault> {
        if !self.finish_flow(open).await? {
            return Ok(None);
        }
        Ok(Some(match (&open.flow.target, &open.client) {
            (Target::Client(request), Some(registered)) => {
                let app = app_name(&registered.client);
                Onward::Client(Box::new(Answer::error(request.reply.clone(), self.issuer(), app, error)))
            }
            // The client was disabled on the way: nobody is left who may be answered.
            (Target::Client(_), None) | (Target::Account, _) => Onward::Gone(None),
        }))
    }

    /// Ends the flow's row, where it has one; `false` where another tab was faster.
    async fn finish_flow(&self, open: &Open) -> Result<bool, Fault> {
        match open.stored {
            Stored::Not => Ok(true),
            Stored::At(version) => Ok(store::flows::finish(&self.store, open.id, version, self.now()).await?),
        }
    }
}

/// How often a flow is read again when other tabs are faster.
const TRIES: usize = 3;
