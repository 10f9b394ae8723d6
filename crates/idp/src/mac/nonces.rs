//! Nonces of DPoP proofs.

use std::fmt;
use std::time::Duration;

use aws_lc_rs::hmac::{HMAC_SHA256, Key, sign};
use oidc::Time;

/// Makes and knows the nonces of DPoP proofs (RFC 9449 §8): a time under a MAC, so that all nodes know them and none is
/// kept.
pub struct DpopNonces(Key);

impl DpopNonces {
    /// How long a nonce counts, at the least.
    pub const LIFETIME: Duration = Duration::from_secs(PERIOD * (PERIODS + 1));

    /// Under a key of their own.
    pub fn new(key: &[u8; 32]) -> Self {
        Self(Key::new(HMAC_SHA256, key))
    }

    /// The one that is given out now: another each minute.
    pub fn current(&self, now: Time) -> String {
        self.of(period(now))
    }

    /// Whether `nonce` was given out in the last minutes, or is about to be by a node whose clock is ahead.
    pub fn is_ours(&self, nonce: &str, now: Time) -> bool {
        let Ok(bytes) = jose::base64url::decode(nonce) else { return false };
        let Some((of, _)) = bytes.split_first_chunk() else { return false };
        let of = u64::from_be_bytes(*of);
        let now = period(now);
        let counts = of <= now + 1 && now.saturating_sub(of) <= PERIODS;
        counts && jose::constant_time_eq(self.of(of).as_bytes(), nonce.as_bytes())
    }

    fn of(&self, period: u64) -> String {
        let tag = sign(&self.0, &period.to_be_bytes());
        jose::base64url::encode([&period.to_be_bytes()[..], &tag.as_ref()[..16]].concat())
    }
}

impl fmt::Debug for DpopNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DpopNonces([redacted])")
    }
}

fn period(now: Time) -> u64 {
    now.seconds().unsigned_abs() / PERIOD
}

/// Seconds after which another nonce is given out.
const PERIOD: u64 = 60;
/// For so many periods the ones before count too.
const PERIODS: u64 = 5;
