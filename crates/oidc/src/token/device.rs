//! The rule of device codes (RFC 8628 §3.4, §3.5): what a device that asks again and again is told.

use std::time::Duration;

use crate::Time;
use crate::error::{ErrorCode, OAuthError};

/// What is known of a device's request whose code was right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Whom the code was given to.
    pub client_id: String,
    /// How long the device has to wait from poll to poll.
    pub interval: Duration,
    /// When it last asked.
    pub polled_at: Option<Time>,
    /// What its person has said.
    pub answer: Answer,
    /// When the code ends.
    pub expires_at: Time,
    /// Whether the code was redeemed.
    pub used: bool,
}

/// What a person has said to a device's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Open,
    /// Yes.
    Allowed,
    /// No.
    Denied,
}

/// What to do about a poll.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Note the poll with this interval by a conditional write, then answer with the error.
    Wait(Duration, OAuthError),
    /// Claim the code by a conditional write.
    Redeem,
    /// Refuse; nothing is written.
    Refuse(OAuthError),
}

/// Decides about a poll of `client_id`. Who polls too soon waits longer from then on, for good (§3.5). Once the person has
/// answered, the answer is given however soon the device asks: `slow_down` is a kind of `authorization_pending`.
pub fn poll(asked: &Asked, client_id: &str, now: Time) -> Verdict {
    let refuse = |code, words: &'static str| Verdict::Refuse(OAuthError::new(code, words));
    if asked.client_id != client_id {
        return Verdict::Refuse(OAuthError::invalid_grant("the device code is another client's"));
    }
    if asked.used {
        return Verdict::Refuse(OAuthError::invalid_grant("the device code was used before"));
    }
    match asked.answer {
        Answer::Denied => refuse(ErrorCode::AccessDenied, "the person did not allow it"),
        _ if now >= asked.expires_at => refuse(ErrorCode::ExpiredToken, "the device code has expired"),
        Answer::Allowed => Verdict::Redeem,
        Answer::Open => match asked.polled_at.map(|at| at.plus(asked.interval).minus(LEEWAY)) {
            Some(due) if now < due => {
                let interval = asked.interval.saturating_add(SLOWER).min(SLOWEST);
                Verdict::Wait(interval, OAuthError::new(ErrorCode::SlowDown, "ask 5 seconds less often from now on"))
            }
            _ => {
                let words = "the person has not answered yet";
                Verdict::Wait(asked.interval, OAuthError::new(ErrorCode::AuthorizationPending, words))
            }
        },
    }
}

/// RFC 8628 §3.2: what a device waits from poll to poll to begin with.
pub const INTERVAL: Duration = Duration::from_secs(5);
/// RFC 8628 §3.5.
const SLOWER: Duration = Duration::from_secs(5);
/// The longest interval: a device that never listens does no more harm by it.
const SLOWEST: Duration = Duration::from_secs(10 * 60);
/// A network may hold up one poll and not the next.
const LEEWAY: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_seconds(seconds)
    }

    fn asked(answer: Answer, polled_at: Option<i64>, interval: u64) -> Asked {
        let interval = Duration::from_secs(interval);
        let polled_at = polled_at.map(at);
        Asked { client_id: "tv".to_owned(), interval, polled_at, answer, expires_at: at(600), used: false }
    }

    /// RFC 8628 §3.5, row by row.
    #[test]
    fn verdicts() {
        use Answer::{Allowed, Denied, Open};
        for (answer, polled_at, interval, now, code, next) in [
            (Open, None, 5, 0, Some(ErrorCode::AuthorizationPending), Some(5)),
            (Open, Some(100), 5, 105, Some(ErrorCode::AuthorizationPending), Some(5)),
            (Open, Some(100), 5, 104, Some(ErrorCode::AuthorizationPending), Some(5)),
            (Open, Some(100), 5, 103, Some(ErrorCode::SlowDown), Some(10)),
            (Open, Some(100), 10, 105, Some(ErrorCode::SlowDown), Some(15)),
            (Open, Some(100), 10, 110, Some(ErrorCode::AuthorizationPending), Some(10)),
            (Open, Some(100), 598, 101, Some(ErrorCode::SlowDown), Some(600)),
            (Open, None, 5, 600, Some(ErrorCode::ExpiredToken), None),
            (Allowed, Some(100), 5, 100, None, None),
            (Allowed, Some(100), 5, 599, None, None),
            (Allowed, Some(100), 5, 600, Some(ErrorCode::ExpiredToken), None),
            (Denied, Some(100), 5, 100, Some(ErrorCode::AccessDenied), None),
            (Denied, Some(100), 5, 700, Some(ErrorCode::AccessDenied), None),
        ] {
            let (found, interval) = match poll(&asked(answer, polled_at, interval), "tv", at(now)) {
                Verdict::Redeem => (None, None),
                Verdict::Refuse(error) => (Some(error.code), None),
                Verdict::Wait(interval, error) => (Some(error.code), Some(interval.as_secs())),
            };
            assert_eq!((found, interval), (code, next), "{answer:?} {polled_at:?} at {now}");
        }
    }

    #[test]
    fn another_client_and_a_second_use_learn_nothing() {
        for answer in [Answer::Open, Answer::Allowed, Answer::Denied] {
            let used = Asked { used: true, ..asked(answer, None, 5) };
            for verdict in [poll(&asked(answer, None, 5), "other", at(0)), poll(&used, "tv", at(0))] {
                let Verdict::Refuse(error) = verdict else { panic!("{answer:?}: {verdict:?}") };
                assert_eq!(error.code, ErrorCode::InvalidGrant);
            }
        }
    }
}
