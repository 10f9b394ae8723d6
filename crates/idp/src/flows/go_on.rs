//! Where a flow stands.

use oidc::Id;
use oidc::hub;

use super::known::{Found, LookedUp};
use super::open::{address, asks};
use super::{Onward, Visitor, Waiting};
use crate::{Context, Fault};

impl Context {
    /// Goes on at a flow: shows the page that is due, or ends it.
    pub async fn go_on(&self, flow: Id, visitor: Visitor<'_>) -> Result<Onward, Fault> {
        for _ in 0..TRIES {
            let open = match self.find_flow(flow, visitor).await? {
                Found::Open(open) => open,
                Found::Posted(posted) => return self.take_up(flow, *posted, visitor).await,
                Found::Gone(client) => return Ok(Onward::Gone(client)),
            };
            let step = self.next_step(&open);
            if let Some(due) = self.page_of(&open, &step).await? {
                return Ok(Onward::Page(Box::new(due)));
            }
            if let Some(onward) = self.end_flow(&open, &step, visitor).await? {
                return Ok(onward);
            }
            // Another tab was faster; what it left is read again.
        }
        Ok(Onward::Gone(None))
    }

    /// Who asks in a flow that is open in this browser, and to which page of a site it leads: for pages beside the steps,
    /// such as sign-up. `None` is a flow that is gone; one to the account page has neither.
    pub async fn flow_asks(&self, flow: Id, visitor: Visitor<'_>) -> Result<Option<Waiting>, Fault> {
        match self.look_up(flow, visitor).await? {
            LookedUp::Open(flow, _) => {
                let client = self.client_of(&flow.target).await?;
                Ok(Some((asks(client.as_ref(), &flow.target), address(&flow.target))))
            }
            LookedUp::Posted(_) | LookedUp::Gone(_) => Ok(None),
        }
    }

    /// A flow that was posted becomes one of this browser. Only one browser can take it up.
    async fn take_up(&self, id: Id, posted: hub::Flow, visitor: Visitor<'_>) -> Result<Onward, Fault> {
        match store::flows::finish(&self.store, id, 0, self.now()).await? {
            true => self.begin_with(posted.target, posted.facts, visitor).await,
            false => Ok(Onward::Gone(None)),
        }
    }
}

/// How often a flow is read again when other tabs are faster.
const TRIES: usize = 3;
