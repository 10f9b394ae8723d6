//! How many tries at passwords are let through: token buckets, and which of them a try takes from.
//!
//! Whoever guesses comes from devices that the account's owner has never signed in from. A known device has buckets of its
//! own (OWASP, «Slow down online guessing attacks with device cookies»), so that an attack does not lock its owner out.
//! Everybody else takes from the buckets of their address, of the network around it and of the account: those of the
//! account let through ever less. Where much fails everywhere, whatever the accounts and addresses, somebody sprays: from then
//! on the buckets of account and address must be untouched.

use std::time::Duration;

use crate::Time;

/// A token bucket: so many tries at once, and one more each time `refill` has passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// How many at once.
    pub burst: u32,
    /// How long until one more.
    pub refill: Duration,
}

impl Limit {
    /// A limit.
    pub const fn new(burst: u32, refill: Duration) -> Self {
        Self { burst, refill }
    }

    /// Whether a bucket that will be full at `full_at` lets one more through now; the error says from when it does.
    pub fn admits(self, full_at: Option<Time>, now: Time) -> Result<(), Time> {
        let after = full_at.unwrap_or(now).max(now).plus(self.refill);
        match after <= now.plus(self.room()) {
            true => Ok(()),
            false => Err(after.minus(self.room())),
        }
    }

    /// How long an empty bucket takes to be full.
    pub fn room(self) -> Duration {
        self.refill.saturating_mul(self.burst)
    }
}

/// What a bucket counts by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// A known device, for the one account it is known to.
    Device,
    /// One address (IPv6: the /64 that one line has).
    Address,
    /// The network around it (IPv4 /24, IPv6 /48).
    Network,
    /// One name that is typed, whether anybody has it or not.
    Account,
    /// All who come from unknown devices.
    Everybody,
}

impl Scope {
    /// All there are.
    pub const ALL: [Self; 5] = [Self::Device, Self::Address, Self::Network, Self::Account, Self::Everybody];

    /// Its name, for the audit trail and the metrics.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Address => "address",
            Self::Network => "network",
            Self::Account => "account",
            Self::Everybody => "everybody",
        }
    }
}

/// One of the buckets of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bucket {
    /// What it counts by.
    pub scope: Scope,
    /// Which of those that count by the same.
    pub tier: usize,
}

/// The limits of all scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Of a known device.
    pub device: Vec<Limit>,
    /// Of an address.
    pub address: Vec<Limit>,
    /// Of a network.
    pub network: Vec<Limit>,
    /// Of an account: several, so that the delays grow.
    pub account: Vec<Limit>,
    /// How many tries fail anywhere before somebody is taken to spray, and how many are let through while that is so.
    pub everybody: [Limit; 2],
}

/// What a try takes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Take {
    /// The bucket.
    pub bucket: Bucket,
    /// The limit that holds this time.
    pub limit: Limit,
}

/// Whether a try is let through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, if all of these can be taken at once.
    Try(Vec<Take>),
    /// It is not, until this time.
    Wait {
        /// What stands in the way longest.
        scope: Scope,
        /// Until when.
        until: Time,
    },
}

/// Decides about a try. `scopes` says what is known of it; `full_at` when each bucket will be full, where it is not.
pub fn decide(rules: &Rules, scopes: &[Scope], full_at: impl Fn(Bucket) -> Option<Time>, now: Time) -> Verdict {
    let [usual, _] = rules.everybody;
    let sprayed = scopes.contains(&Scope::Everybody) && usual.admits(full_at(EVERYBODY), now).is_err();
    let (mut takes, mut wait) = (Vec::new(), None);
    for (bucket, limit) in scopes.iter().flat_map(|scope| rules.of(*scope)) {
        let limit = match bucket.scope {
            Scope::Everybody if (bucket == EVERYBODY) == sprayed => continue,
            Scope::Account | Scope::Address if sprayed => Limit { burst: 1, ..limit },
            _ => limit,
        };
        match limit.admits(full_at(bucket), now) {
            Ok(()) => takes.push(Take { bucket, limit }),
            Err(until) => wait = wait.max(Some((until, bucket.scope))),
        }
    }
    match wait {
        Some((until, scope)) => Verdict::Wait { scope, until },
        None => Verdict::Try(takes),
    }
}

impl Rules {
    /// The buckets of a scope with their limits.
    fn of(&self, scope: Scope) -> impl Iterator<Item = (Bucket, Limit)> {
        let limits = match scope {
            Scope::Device => self.device.as_slice(),
            Scope::Address => &self.address,
            Scope::Network => &self.network,
            Scope::Account => &self.account,
            Scope::Everybody => &self.everybody,
        };
        limits.iter().enumerate().map(move |(tier, limit)| (Bucket { scope, tier }, *limit))
    }
}

const EVERYBODY: Bucket = Bucket { scope: Scope::Everybody, tier: 0 };

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const NOW: Time = Time::from_seconds(1_000_000);
    const STRANGER: &[Scope] = &[Scope::Address, Scope::Network, Scope::Account, Scope::Everybody];

    fn rules() -> Rules {
        Rules {
            device: vec![Limit::new(3, MINUTE)],
            address: vec![Limit::new(4, 10 * MINUTE)],
            network: vec![Limit::new(8, 10 * MINUTE)],
            account: vec![Limit::new(2, MINUTE), Limit::new(3, 60 * MINUTE)],
            everybody: [Limit::new(5, MINUTE), Limit::new(5, MINUTE / 3)],
        }
    }

    fn full_in(scope: Scope, tier: usize, span: Duration) -> (Bucket, Time) {
        (Bucket { scope, tier }, NOW.plus(span))
    }

    fn decided(scopes: &[Scope], levels: &[(Bucket, Time)]) -> Verdict {
        let levels: HashMap<_, _> = levels.iter().copied().collect();
        decide(&rules(), scopes, |bucket| levels.get(&bucket).copied(), NOW)
    }

    fn taken(verdict: Verdict) -> Vec<(Scope, usize, u32)> {
        let Verdict::Try(takes) = verdict else { panic!("{verdict:?}") };
        takes.iter().map(|take| (take.bucket.scope, take.bucket.tier, take.limit.burst)).collect()
    }

    #[test]
    fn a_bucket_lets_its_burst_through_and_then_one_for_each_refill() {
        let limit = Limit::new(3, MINUTE);
        let (mut full_at, mut through) = (None, Vec::new());
        for second in 0..600 {
            let now = NOW.plus(Duration::from_secs(second));
            match limit.admits(full_at, now) {
                Ok(()) => {
                    full_at = Some(full_at.unwrap_or(now).max(now).plus(MINUTE));
                    through.push(second);
                }
                Err(until) => assert!(until > now, "{second}"),
            }
        }
        assert_eq!(through, [0, 1, 2, 60, 120, 180, 240, 300, 360, 420, 480, 540]);
        assert_eq!(limit.admits(Some(NOW.plus(3 * MINUTE)), NOW), Err(NOW.plus(MINUTE)), "an empty one");
        assert_eq!(limit.admits(Some(NOW.minus(MINUTE)), NOW), Ok(()), "a full one");
        assert!(Limit::new(u32::MAX, Duration::MAX).admits(None, NOW).is_ok(), "nothing overflows");
    }

    #[test]
    fn what_a_try_takes_from() {
        use Scope::{Account, Address, Device, Everybody, Network};
        let first = [(Address, 0, 4), (Network, 0, 8), (Account, 0, 2), (Account, 1, 3), (Everybody, 0, 5)];
        let touched = full_in(Account, 1, 60 * MINUTE);
        let sprayed = full_in(Everybody, 0, 5 * MINUTE);
        for (why, scopes, levels, expected) in [
            ("a stranger", STRANGER, &[][..], &first[..]),
            ("below its limits a touched account is like any other", STRANGER, &[touched], &first),
            ("what was long ago counts no more", STRANGER, &[full_in(Account, 1, Duration::ZERO)], &first),
            ("without an address", &[Account, Everybody], &[], &first[2..]),
            ("a known device", &[Device], &[], &[(Device, 0, 3)]),
            ("a known device, whatever happens to the account", &[Device], &[touched, sprayed], &[(Device, 0, 3)]),
            (
                "while accounts are sprayed, untouched buckets let one through",
                STRANGER,
                &[sprayed],
                &[(Address, 0, 1), (Network, 0, 8), (Account, 0, 1), (Account, 1, 1), (Everybody, 1, 5)],
            ),
        ] {
            assert_eq!(taken(decided(scopes, levels)), expected, "{why}");
        }
    }

    #[test]
    fn what_stands_in_the_way_and_until_when() {
        use Scope::{Account, Address, Device, Everybody, Network};
        let (sprayed, most) = (full_in(Everybody, 0, 5 * MINUTE), full_in(Everybody, 1, 5 * MINUTE / 3));
        for (why, scopes, levels, scope, wait) in [
            ("the first delay", STRANGER, &[full_in(Account, 0, 2 * MINUTE)][..], Account, MINUTE),
            ("the longest delay", STRANGER, &[full_in(Account, 1, 180 * MINUTE)], Account, 60 * MINUTE),
            ("an address", STRANGER, &[full_in(Address, 0, 40 * MINUTE)], Address, 10 * MINUTE),
            ("a network", STRANGER, &[full_in(Network, 0, 75 * MINUTE)], Network, 5 * MINUTE),
            (
                "of several the longest",
                STRANGER,
                &[full_in(Account, 0, 2 * MINUTE), full_in(Address, 0, 40 * MINUTE)],
                Address,
                10 * MINUTE,
            ),
            (
                "of several the longest, in whichever order",
                STRANGER,
                &[full_in(Address, 0, 40 * MINUTE), full_in(Account, 1, 180 * MINUTE)],
                Account,
                60 * MINUTE,
            ),
            ("a device", &[Device], &[full_in(Device, 0, 3 * MINUTE)], Device, MINUTE),
            ("sprayed: a touched account", STRANGER, &[sprayed, full_in(Account, 1, MINUTE)], Account, MINUTE),
            ("sprayed: all that is let through", STRANGER, &[sprayed, most], Everybody, MINUTE / 3),
            ("sprayed: a touched address", STRANGER, &[sprayed, full_in(Address, 0, MINUTE)], Address, MINUTE),
        ] {
            let until = NOW.plus(wait);
            assert_eq!(decided(scopes, levels), Verdict::Wait { scope, until }, "{why}");
        }
    }
}
