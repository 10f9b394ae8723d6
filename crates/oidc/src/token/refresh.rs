//! The rule of refresh tokens (RFC 6749 §6, RFC 9700 §4.14.2).
//!
//! A family of tokens is one row with a counter; a token carries the counter it was made with. The
//! current one rotates. The one before it, while its successor is unused, gets that same successor
//! again for a short while: an answer that was lost on its way signs nobody out. Anything older is
//! reuse.

use std::time::Duration;

use crate::Time;

/// What is known of a family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family {
    /// The counter of the token that is valid now.
    pub counter: i64,
    /// When it became so, and the hash of the request that it answered; `None` for the first.
    pub rotated: Option<Rotation>,
    /// When it ends if it is not used.
    pub idle_expires_at: Time,
    /// When it ends in any case.
    pub expires_at: Time,
    /// Whether it was revoked.
    pub revoked: bool,
}

/// The last rotation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// When.
    pub at: Time,
    /// Over client, scope, resource and key of the request.
    pub request: [u8; 32],
}

/// What to do about a token whose MAC was good and whose client was authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Answer with the next token, by a conditional write on the counter.
    Rotate,
    /// Answer with the current token again; nothing is written.
    SameSuccessor,
    /// A token came back that had been replaced: revoke the family (RFC 9700 §4.14.2).
    Reuse,
    /// The family has ended; nothing is written.
    Ended,
}

/// Decides about the token with `counter`, presented in a request that hashes to `request`.
pub fn decide(family: &Family, counter: i64, request: &[u8; 32], now: Time) -> Verdict {
    if family.revoked || now >= family.expires_at || now >= family.idle_expires_at {
        return Verdict::Ended;
    }
    if counter == family.counter {
        return Verdict::Rotate;
    }
    let repeated = |rotation: &Rotation| rotation.request == *request && now.since(rotation.at) <= REPEAT_WINDOW;
    // A counter from the future has a good MAC only if the row was set back: the same danger.
    if family.counter.checked_sub(1) == Some(counter) && family.rotated.as_ref().is_some_and(repeated) {
        return Verdict::SameSuccessor;
    }
    Verdict::Reuse
}

/// How long a repeated refresh gets the same answer.
pub const REPEAT_WINDOW: Duration = Duration::from_secs(10);

#[cfg(test)]
mod tests {
    use super::*;

    const REQUEST: [u8; 32] = [1; 32];
    const OTHER: [u8; 32] = [2; 32];

    fn at(seconds: i64) -> Time {
        Time::from_seconds(seconds)
    }

    fn family() -> Family {
        Family {
            counter: 5,
            rotated: Some(Rotation { at: at(100), request: REQUEST }),
            idle_expires_at: at(1_000),
            expires_at: at(2_000),
            revoked: false,
        }
    }

    #[test]
    fn verdicts() {
        for (counter, request, now, verdict) in [
            (5, REQUEST, 100, Verdict::Rotate),
            (5, OTHER, 999, Verdict::Rotate),
            (4, REQUEST, 100, Verdict::SameSuccessor),
            (4, REQUEST, 110, Verdict::SameSuccessor),
            (4, REQUEST, 111, Verdict::Reuse),
            (4, OTHER, 101, Verdict::Reuse),
            (3, REQUEST, 101, Verdict::Reuse),
            (6, REQUEST, 101, Verdict::Reuse),
            (i64::MAX, REQUEST, 101, Verdict::Reuse),
            (5, REQUEST, 1_000, Verdict::Ended),
            (3, REQUEST, 1_000, Verdict::Ended),
        ] {
            assert_eq!(decide(&family(), counter, &request, at(now)), verdict, "{counter} at {now}");
        }
    }

    #[test]
    fn what_has_ended_answers_nothing() {
        let revoked = Family { revoked: true, ..family() };
        let expired = Family { idle_expires_at: at(9_000), ..family() };
        assert_eq!(decide(&revoked, 5, &REQUEST, at(101)), Verdict::Ended);
        assert_eq!(decide(&expired, 5, &REQUEST, at(2_000)), Verdict::Ended);
    }

    /// The first token has no predecessor: a counter below it was never handed out.
    #[test]
    fn before_the_first_rotation_there_is_no_window() {
        let first = Family { counter: 1, rotated: None, ..family() };
        assert_eq!(decide(&first, 0, &REQUEST, at(101)), Verdict::Reuse);
    }
}
