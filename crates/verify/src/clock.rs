//! The clock, so that a test can turn it by hand.

use std::time::{SystemTime, UNIX_EPOCH};

/// Tells the time.
///
/// ```
/// use vestibule_verify::clock::{Clock, System};
///
/// assert!(System.now_ms() > 1_700_000_000_000);
/// ```
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970.
    fn now_ms(&self) -> i64;
}

/// The clock of this machine.
///
/// ```
/// use vestibule_verify::clock::{Clock, System};
///
/// assert!(System.now_ms() <= System.now_ms());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct System;

impl Clock for System {
    #[allow(clippy::disallowed_methods, reason = "this is the clock that the others are told of")]
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }
}
