//! A try at a password by somebody who is not signed in: limited first, and only then checked.

use serde_json::json;

use super::names;
use crate::audit::{Event, Kind};
use crate::caller::Caller;
use crate::factors::Proven;
use crate::throttle::{Buckets, Throttled};
use crate::{Context, Fault};

/// What became of a try.
#[derive(Debug)]
pub enum Tried {
    /// Name and password go together.
    Proven(Box<Proven>),
    /// They do not; which is wrong is not said.
    Wrong,
    /// Nothing was looked at.
    Throttled(Throttled),
}

/// What needs no limit.
impl From<Option<Proven>> for Tried {
    fn from(proven: Option<Proven>) -> Self {
        proven.map_or(Self::Wrong, |proven| Self::Proven(Box::new(proven)))
    }
}

impl Context {
    /// The person who signs in by `name`, if this is their password, and tries are not too many. `device` is the device
    /// cookie: who brings one that knows the person is not slowed down by what strangers do. A try that is not let through
    /// runs no Argon2 and does the same whether anybody has the name or not.
    pub async fn try_password(
        &self,
        caller: &Caller,
        device: Option<&str>,
        name: &str,
        password: &str,
    ) -> Result<Tried, Fault> {
        let buckets = self.buckets_of(caller, device, name).await?;
        let taken = match self.admit(&buckets, caller).await? {
            Ok(taken) => taken,
            Err(throttled) => return Ok(Tried::Throttled(throttled)),
        };
        let named = self.named(name).await?;
        let user = named.as_ref().map(|row| row.id);
        match self.check_password_of(named, password).await {
            Ok(Some(proven)) => {
                self.give_back(&taken).await?;
                Ok(Tried::Proven(Box::new(proven)))
            }
            Ok(None) => {
                self.tally.failed();
                let detail = json!({ "amr": "pwd", "agent": caller.agent, "known_device": buckets.is_device() });
                let event = Event::new(Kind::SignInFailed).detail(detail);
                let event = match user {
                    Some(user) => event.user(user),
                    None => event,
                };
                self.audit(caller, event).await?;
                Ok(Tried::Wrong)
            }
            Err(fault) => {
                self.give_back(&taken).await?;
                Err(fault)
            }
        }
    }

    /// Without a cookie nobody is looked for; with one, the same reads are made for every name.
    async fn buckets_of(&self, caller: &Caller, device: Option<&str>, name: &str) -> Result<Buckets, Fault> {
        if device.is_some() {
            let user = self.named(name).await?.map_or(super::NOBODY, |row| row.id);
            if let Some(known) = self.known_device(user, device).await? {
                return Ok(self.of_device(user, known.id));
            }
        }
        Ok(self.stranger(caller, &names::counted(name)))
    }
}
