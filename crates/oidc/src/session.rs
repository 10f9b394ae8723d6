//! What is known of a running session: one account in one browser.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Id, Time};

/// A session, as the rules look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The `sid`.
    pub id: Id,
    /// Who is signed in.
    pub user_id: Id,
    /// `auth_time` (Core §2).
    pub authenticated_at: Time,
    /// How: RFC 8176's names.
    pub amr: Vec<String>,
    /// The `acr` reached.
    pub acr: Option<String>,
    /// When it was last used.
    pub last_seen_at: Time,
    /// When it ends at the latest.
    pub expires_at: Time,
    /// Whether it was ended.
    pub ended: bool,
}

impl Session {
    /// Whether it still carries a sign-in, `idle` being how long it may lie unused.
    pub fn is_usable(&self, idle: Duration, now: Time) -> bool {
        !self.ended && now < self.expires_at && now < self.last_seen_at.plus(idle)
    }

    /// Whether the authentication is older than `max_age` seconds (Core §3.1.2.1).
    pub fn is_older_than(&self, max_age: u64, now: Time) -> bool {
        now.since(self.authenticated_at) > Duration::from_secs(max_age)
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
            amr: vec!["pwd".to_owned()],
            acr: None,
            last_seen_at: at(50),
            expires_at: at(100),
            ended: false,
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
        // Core §3.1.2.1: elapsed time greater than max_age.
        assert!(!session.is_older_than(10, at(10)) && session.is_older_than(10, at(11)));
    }
}
