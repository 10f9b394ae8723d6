//! What is known of a running session: one account in one browser.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::assurance::{self, Proof};
use crate::{Id, Time};

/// A session, as the rules look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The `sid`.
    pub id: Id,
    /// Who is signed in.
    pub user_id: Id,
    /// When its person last proved anything.
    pub authenticated_at: Time,
    /// What they have proven, of each method the newest.
    pub proofs: Vec<Proof>,
    /// When it was last used.
    pub last_seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// Whether it was ended.
    pub ended: bool,
    /// Whether it began by a key whose device asks for its person at each use, as the device's maker attests.
    #[serde(default)]
    pub unlocked: bool,
}

impl Session {
    /// How its person has proven themselves, in RFC 8176's names.
    pub fn amr(&self) -> Vec<String> {
        let amr = assurance::reached(&self.proofs).map(|reached| reached.amr()).unwrap_or_default();
        if self.unlocked { assurance::with_unlocking(amr) } else { amr }
    }

    /// Whether it still carries a sign-in, `idle` being how long it may lie unused.
    pub fn is_usable(&self, idle: Duration, now: Time) -> bool {
        !self.ended && now < self.expires_at && now < self.last_seen_at.plus(idle)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_three_ways() {
        let at = Time::from_seconds;
        let session = Session {
            id: Id::from_bytes([1; 16]),
            user_id: Id::from_bytes([2; 16]),
            authenticated_at: at(0),
            proofs: Vec::new(),
            last_seen_at: at(50),
            expires_at: at(100),
            ended: false,
            unlocked: false,
        };
        for (idle, now, ended, usable) in [
            (60, 99, false, true),
            (60, 100, false, false),
            (10, 60, false, false),
            (10, 59, false, true),
            (60, 1, true, false),
        ] {
            let session = Session { ended, ..session.clone() };
            assert_eq!(session.is_usable(Duration::from_secs(idle), at(now)), usable, "{idle} {now} {ended}");
        }
    }
}
