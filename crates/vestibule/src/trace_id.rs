//! Trace ids: they tell requests apart and are no secret.

#![allow(clippy::disallowed_methods, reason = "the composition root owns the clock")]

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The next one: 16 hexadecimal digits, counted up from the nanosecond of the process's start.
pub(crate) fn next() -> String {
    format!("{:016x}", NEXT.fetch_add(1, Ordering::Relaxed))
}

static NEXT: LazyLock<AtomicU64> = LazyLock::new(|| {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    AtomicU64::new(u64::try_from(now.as_nanos()).unwrap_or_default())
});
