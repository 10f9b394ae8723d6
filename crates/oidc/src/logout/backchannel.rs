//! Telling apps of a sign-out, server to server (OpenID Connect Back-Channel Logout 1.0).

use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{Id, Time};

/// The claims of a logout token (§2.4). A `nonce` it must not have, so that it is never taken for an ID token.
#[derive(Clone, Debug, Serialize)]
pub struct LogoutToken<'a> {
    iss: &'a str,
    aud: &'a str,
    sub: Id,
    sid: Id,
    iat: i64,
    exp: i64,
    jti: Id,
    events: Value,
}

impl<'a> LogoutToken<'a> {
    /// Tells `client` that the session `sid` of `sub` is over.
    pub fn new(issuer: &'a str, client: &'a str, (sub, sid): (Id, Id), jti: Id, now: Time) -> Self {
        let exp = now.plus(LIFETIME).seconds();
        Self { iss: issuer, aud: client, sub, sid, iat: now.seconds(), exp, jti, events: json!({ EVENT: {} }) }
    }
}

/// How long after this try the next one comes; `None` after the last. `tries` counts the ones made, this one too.
pub fn next_try(tries: u32) -> Option<Duration> {
    let index = usize::try_from(tries.checked_sub(1)?).ok()?;
    PAUSES.get(index).map(|minutes| Duration::from_secs(minutes * 60))
}

/// Whether an app that answers with this status has signed out (§2.8): 200, or what frameworks make of an empty answer.
pub fn is_told(status: u16) -> bool {
    matches!(status, 200 | 204)
}

/// The member of `events` (§2.4).
pub const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// §2.4 advises at most two minutes.
const LIFETIME: Duration = Duration::from_secs(120);
/// Minutes between the tries: an app that is down for a day is told all the same.
const PAUSES: [u64; 8] = [1, 2, 5, 15, 60, 180, 360, 720];

#[cfg(test)]
mod tests {
    use super::*;

    /// §2.4: what must be there, and what must not.
    #[test]
    fn a_logout_token_says_who_and_which_session() {
        let id = |byte| Id::from_bytes([byte; 16]);
        let token = LogoutToken::new("https://id.example", "c", (id(1), id(2)), id(3), Time::from_seconds(1000));
        let claims = serde_json::to_value(&token).expect("JSON");
        assert_eq!(
            claims,
            json!({
                "iss": "https://id.example", "aud": "c", "sub": id(1), "sid": id(2), "iat": 1000, "exp": 1120,
                "jti": id(3), "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
            })
        );
    }

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..).map_while(next_try).collect();
        assert_eq!((pauses.len(), next_try(0)), (8, None));
        assert!(pauses.windows(2).all(|two| two[0] < two[1]), "{pauses:?}");
        assert!(pauses.iter().sum::<Duration>() > Duration::from_secs(20 * 3600));
    }

    /// §2.8.
    #[test]
    fn which_answers_count() {
        for (status, told) in [(200, true), (204, true), (201, false), (302, false), (400, false), (501, false)] {
            assert_eq!(is_told(status), told, "{status}");
        }
    }
}
