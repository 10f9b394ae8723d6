//! Apps whose end has come: what people had granted them is removed.

use std::collections::HashSet;
use std::time::Duration;

use oidc::access;
use serde_json::json;

use super::admin::Refused;
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::{Context, Fault};

impl Context {
    /// Removes consents and token families of apps that have ended. They count for nothing already; here they go. `cleared`
    /// keeps those where nothing is left.
    pub(crate) async fn clear_ended_clients(&self, cleared: &mut HashSet<String>) -> Result<(), Fault> {
        let mut after: Option<String> = None;
        loop {
            let page = match self.list_clients(after.as_deref(), PAGE).await {
                Ok(page) => page,
                Err(Refused::Fault(fault)) => return Err(fault),
                // The last one read was deleted meanwhile; the next turn begins anew.
                Err(_) => return Ok(()),
            };
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.client.id.clone());
            for registered in &page {
                let id = &registered.client.id;
                match access::is_over(&registered.client, self.now()) {
                    true if cleared.insert(id.clone()) => self.clear(id).await?,
                    true => {}
                    false => drop(cleared.remove(id)),
                }
            }
        }
    }

    async fn clear(&self, client: &str) -> Result<(), Fault> {
        let mut removed = 0;
        loop {
            let batch = store::clients::forget_grants(&self.store, client, BATCH).await?;
            removed += batch;
            if batch == 0 {
                break;
            }
            tokio::time::sleep(PAUSE).await;
        }
        if removed > 0 {
            let event = Event::new(Kind::AppEnded).client(client).detail(json!({ "removed": removed }));
            self.audit(&Caller::operator(), event).await?;
        }
        Ok(())
    }
}

/// Clients read at once.
const PAGE: u32 = 200;
/// Rows removed at once, with a pause between, so that nobody waits behind it.
const BATCH: u32 = 200;
const PAUSE: Duration = Duration::from_millis(20);
