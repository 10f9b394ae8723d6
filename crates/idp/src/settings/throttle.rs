//! How often anybody may try.

use std::time::Duration;

use oidc::throttle::{Limit, Rules};

/// Limits on tries: each so many at once, and one more after each delay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThrottleSettings {
    /// Of a known device at an account of its person.
    pub device: Limit,
    /// From one address.
    pub address: Limit,
    /// At one account from unknown devices: the longest delay, and after how many tries it holds.
    pub account: Limit,
    /// Tries in vain everywhere, before each needs an address and an account that are untouched.
    pub spray: Limit,
    /// Accounts made, mails asked for, clients failing, from one address.
    pub requests: Limit,
    /// Mails to one mailbox that strangers can ask for.
    pub mails: Limit,
    /// What is kept for one public client from one network: requests that it pushes, and proofs of it that come to nothing.
    pub public: Limit,
    /// Pushed requests that one public client may have open.
    pub pushed: u32,
}

impl Default for ThrottleSettings {
    fn default() -> Self {
        Self {
            device: Limit::new(10, MINUTE),
            address: Limit::new(20, Duration::from_secs(10 * 60)),
            account: Limit::new(20, Duration::from_secs(2 * 60 * 60)),
            spray: Limit::new(20, Duration::from_secs(18)),
            requests: Limit::new(30, MINUTE),
            mails: Limit::new(5, Duration::from_secs(12 * 60)),
            public: Limit::new(120, Duration::from_secs(1)),
            pushed: 10_000,
        }
    }
}

impl ThrottleSettings {
    /// The buckets that follow from these: delays grow, and a network is five addresses.
    pub(crate) fn rules(&self) -> Rules {
        let Self { device, address, account, spray, .. } = *self;
        Rules {
            device: vec![device, Limit::new(device.burst.saturating_mul(5), device.refill.saturating_mul(15))],
            address: vec![address],
            network: vec![Limit::new(address.burst.saturating_mul(5), address.refill / 5)],
            account: vec![
                Limit::new((account.burst / 4).max(1), account.refill / 120),
                Limit::new((account.burst / 2).max(1), account.refill / 8),
                account,
            ],
            everybody: [spray, Limit::new(spray.burst, spray.refill / 3)],
        }
    }
}

const MINUTE: Duration = Duration::from_secs(60);
