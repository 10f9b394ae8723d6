//! One-time codes by time (RFC 6238): which are good, and how an authenticator app is told of a secret.

use jose::alg::Hash;
use jose::otp::{base32, hotp};
use jose::provider::Provider;
use url::form_urlencoded::byte_serialize;
use zeroize::Zeroizing;

use crate::Time;

/// What is known of somebody's authenticator app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Clock {
    /// The last step whose code was used: none up to it is taken again (RFC 6238 §5.2).
    pub used: u64,
    /// How many steps its clock is ahead of ours (RFC 6238 §6).
    pub drift: i64,
}

/// What is known after `code` was right; `None` where it is wrong. The step that its clock says, and one to either side,
/// are good (RFC 6238 §5.2 advises one for the delay).
pub fn accept(provider: &dyn Provider, secret: &[u8], clock: Clock, code: &str, now: Time) -> Option<Clock> {
    let code: String = code.chars().filter(|letter| !letter.is_whitespace()).collect();
    let ours = now.seconds().div_euclid(PERIOD);
    let mut found = None;
    // All three are computed whatever comes, so that time tells nothing.
    for apart in [1, -1, 0] {
        let drift = (clock.drift + apart).clamp(-MOST_DRIFT, MOST_DRIFT);
        let step = u64::try_from(ours + drift).unwrap_or_default();
        let right = hotp(provider, Hash::Sha1, secret, step, DIGITS);
        if provider.constant_time_eq(right.as_bytes(), code.as_bytes()) && step > clock.used {
            found = Some(Clock { used: step, drift });
        }
    }
    found
}

/// The URI that an authenticator app reads, in the form that all of them know: what is usual is left out.
pub fn uri(issuer: &str, account: &str, secret: &[u8]) -> Zeroizing<String> {
    // Apps do not read `+` as a blank.
    let percent = |text: &str| byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20");
    let (issuer, account) = (percent(issuer), percent(account));
    Zeroizing::new(format!("otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}", base32(secret)))
}

/// Seconds of a step.
const PERIOD: i64 = 30;
const DIGITS: u32 = 6;
/// How far a clock may be off: five minutes.
const MOST_DRIFT: i64 = 10;

#[cfg(test)]
mod tests {
    use super::*;
    use jose::provider::aws_lc;

    const SECRET: &[u8] = b"12345678901234567890";

    fn at(step: i64) -> Time {
        Time::from_seconds(step * PERIOD + 7)
    }

    fn code(step: u64) -> Zeroizing<String> {
        hotp(aws_lc(), Hash::Sha1, SECRET, step, DIGITS)
    }

    /// RFC 6238 §5.2: a step to either side is good, each once.
    #[test]
    fn a_code_is_good_once_and_for_a_short_time() {
        let new = Clock::default();
        for (step, good) in [(998, false), (999, true), (1000, true), (1001, true), (1002, false)] {
            assert_eq!(accept(aws_lc(), SECRET, new, &code(step), at(1000)).is_some(), good, "{step}");
        }
        let used = accept(aws_lc(), SECRET, new, &code(1000), at(1000)).expect("a code");
        assert_eq!(used, Clock { used: 1000, drift: 0 });
        assert_eq!(accept(aws_lc(), SECRET, used, &code(1000), at(1000)), None);
        assert_eq!(accept(aws_lc(), SECRET, used, &code(999), at(1000)), None, "an older step");
        assert!(accept(aws_lc(), SECRET, used, &format!("{} ", *code(1001)), at(1001)).is_some());
        assert_eq!(accept(aws_lc(), SECRET, new, "", at(1000)), None);
    }

    /// RFC 6238 §6.
    #[test]
    fn a_clock_that_drifts_is_followed_and_not_for_ever() {
        let mut clock = Clock::default();
        for ahead in 1..=MOST_DRIFT {
            let step = 1000 * ahead;
            clock = accept(aws_lc(), SECRET, clock, &code((step + ahead) as u64), at(step)).expect("followed");
            assert_eq!(clock.drift, ahead);
        }
        let step = 100_000;
        assert_eq!(accept(aws_lc(), SECRET, clock, &code((step + MOST_DRIFT + 1) as u64), at(step)), None);
    }

    #[test]
    fn an_app_is_told() {
        assert_eq!(
            *uri("Acme Co", "ada@example.com", SECRET),
            "otpauth://totp/Acme%20Co:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20Co"
        );
    }
}
