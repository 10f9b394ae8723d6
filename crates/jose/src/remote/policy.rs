//! How patient and how eager to be.

use super::Freshness;

/// Bounds of a [`super::Remote`], in milliseconds.
///
/// ```
/// use vestibule_jose::remote::Policy;
///
/// let patient = Policy { stale: 24 * 3_600_000, ..Policy::KEYS };
/// assert!(patient.cool_down < patient.most_fresh);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// A document is fresh for so long at least, whatever its server says: otherwise each request would fetch it.
    pub least_fresh: i64,
    /// A document is fresh for so long at most, whatever its server says.
    pub most_fresh: i64,
    /// How long it is fresh where its server says nothing (RFC 9111 §4.2.2).
    pub usually_fresh: i64,
    /// After so many hundredths of that time it is asked for again, while it is used on.
    pub ahead_percent: u8,
    /// For how long beyond it may be used while it cannot be fetched (RFC 5861 §4, from this side).
    pub stale: i64,
    /// The least time between two fetches that were made because what was there did not do.
    pub cool_down: i64,
    /// The least time after a fetch that came to nothing; it doubles with each further one.
    pub failed_cool_down: i64,
    /// To this at most.
    pub most_cool_down: i64,
    /// For how long a name that was not there is not looked for again.
    pub absent: i64,
    /// A fetch that has taken longer has been given up.
    pub flight: i64,
}

impl Policy {
    /// For key sets: what providers say of theirs is between minutes and a day, and a new key must not be waited for long.
    pub const KEYS: Self = Self {
        least_fresh: 30_000,
        most_fresh: 24 * 3_600_000,
        usually_fresh: 5 * 60_000,
        ahead_percent: 75,
        stale: 3_600_000,
        cool_down: 10_000,
        failed_cool_down: 2_000,
        most_cool_down: 60_000,
        absent: 60_000,
        flight: 30_000,
    };

    /// When a document that came now is asked for again, and until when it is fresh.
    pub(super) fn times(&self, now: i64, fresh: Freshness) -> (i64, i64) {
        let lifetime = fresh.lifetime.unwrap_or(self.usually_fresh).min(self.most_fresh).max(self.least_fresh);
        let ahead = lifetime / 100 * i64::from(self.ahead_percent.min(100));
        (now.saturating_add(ahead), now.saturating_add(lifetime))
    }

    /// How long nothing is fetched after the last of so many failures.
    pub(super) fn pause_after(&self, failures: u32) -> i64 {
        let doubled = self.failed_cool_down.saturating_mul(1 << failures.saturating_sub(1).min(20));
        doubled.min(self.most_cool_down)
    }
}
