//! What runs by itself: watching for what others wrote, sending mail, rotating keys, forgetting what has expired.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use oidc::Time;
use store::versions;
use tokio::time::{MissedTickBehavior, interval};

use crate::{Context, Fault};

impl Context {
    /// Runs until it is dropped.
    pub async fn run_jobs(&self) {
        tokio::join!(self.watch(), self.deliver(), self.tell(), self.tidy_up());
    }

    /// Other nodes and the command line write clients and keys, too: every node sees it within a second.
    async fn watch(&self) {
        let mut seen = HashMap::new();
        let mut turns = interval(WATCH);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            turns.tick().await;
            if let Err(error) = self.look(&mut seen).await {
                tracing::warn!(%error, "cannot see what others wrote");
            }
        }
    }

    async fn look(&self, seen: &mut HashMap<String, i64>) -> Result<(), Fault> {
        for (name, version) in versions::all(&self.store).await? {
            if seen.get(&name) == Some(&version) {
                continue;
            }
            match name.as_str() {
                versions::CLIENTS => self.clients.forget(),
                versions::SITES => self.sites.forget(),
                versions::KEYS => self.reload_keys().await?,
                _ => {}
            }
            // Noted last: what failed is tried again.
            seen.insert(name, version);
        }
        Ok(())
    }

    async fn tidy_up(&self) {
        let mut turns = interval(TIDY);
        let mut cleared = HashSet::new();
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            turns.tick().await;
            if let Err(error) = self.key_job().await {
                tracing::warn!(%error, "keys could not be rotated");
            }
            if let Err(error) = self.clear_ended_clients(&mut cleared).await {
                tracing::warn!(%error, "what ended apps held could not be removed");
            }
            if let Err(error) = self.delete_leavers().await {
                tracing::warn!(%error, "accounts whose time has come could not be deleted");
            }
            if let Err(error) = self.forget_expired().await {
                tracing::warn!(%error, "expired rows could not be removed");
            }
        }
    }

    /// Tells apps of sessions that are over: those whose first try failed, and all where nobody waits for the first one.
    async fn tell(&self) {
        let mut turns = interval(TELL);
        turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            turns.tick().await;
            if let Err(error) = self.tell_due().await {
                tracing::warn!(%error, "apps could not be told of a sign-out");
            }
        }
    }

    /// In small batches with pauses, so that nobody waits behind it.
    async fn forget_expired(&self) -> Result<(), Fault> {
        // What expires after this is not forgotten before its apps are to be told.
        let now = self.now();
        while self.end_overdue(now).await? > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        while store::expiry::expire(&self.store, now, BATCH).await? > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }

    /// Sessions that have come to their time end like any other: their apps are told (Back-Channel Logout 1.0 §2.3).
    async fn end_overdue(&self, now: Time) -> Result<usize, Fault> {
        let overdue = store::sessions::overdue(&self.store, now, BATCH).await?;
        for (browser, session) in &overdue {
            store::sessions::end(&self.store, *browser, *session, self.ending()).await?;
        }
        Ok(overdue.len())
    }

    /// One turn of what is forgotten, for tests.
    #[cfg(feature = "test-support")]
    pub async fn forget_expired_now(&self) {
        self.forget_expired().await.expect("a database that works");
    }
}

const WATCH: Duration = Duration::from_millis(400);
const TELL: Duration = Duration::from_secs(1);
const TIDY: Duration = Duration::from_secs(60);
const BATCH: u32 = 200;
const PAUSE: Duration = Duration::from_millis(20);
