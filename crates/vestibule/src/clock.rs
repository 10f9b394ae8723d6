//! The system's clock, which the context carries.

#![allow(clippy::disallowed_methods, reason = "the composition root owns the clock")]

use std::time::{SystemTime, UNIX_EPOCH};

use idp::clock::Clock;
use oidc::Time;

/// Tells the time of this machine.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Time::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
