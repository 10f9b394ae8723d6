//! Limits on tries: which buckets a try takes from (`oidc::throttle` decides), taken by conditional writes that hold across
//! nodes. What a success took is given back; nothing else is, so that no success makes room for more failures.
//!
//! A bucket's key is a MAC: of the name as it was typed, so that a name that nobody has is limited like any other and no
//! table of names grows; of the address, which is nobody else's business.

mod kept;

pub(crate) use kept::Kept;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use oidc::throttle::{self, Bucket, Limit, Scope, Verdict};
use oidc::{Id, Time};
use serde_json::json;
use store::throttles::Take;

use crate::audit::{Event, Kind};
use crate::bindings::Binding;
use crate::caller::Caller;
use crate::{Context, Fault};

/// A try that was not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// How long to wait; never nothing.
    pub wait: Duration,
}

/// What this node has counted since it started.
#[derive(Debug, Default)]
pub struct Tally {
    failures: AtomicU64,
    throttled: AtomicU64,
    breach_unknown: AtomicU64,
}

impl Tally {
    /// Passwords that were not right.
    pub fn failures(&self) -> u64 {
        self.failures.load(Ordering::Relaxed)
    }

    /// Tries and requests that were not let through.
    pub fn throttled(&self) -> u64 {
        self.throttled.load(Ordering::Relaxed)
    }

    /// New passwords of which nobody said whether they were stolen elsewhere, though somebody was asked.
    pub fn breaches_unknown(&self) -> u64 {
        self.breach_unknown.load(Ordering::Relaxed)
    }

    pub(crate) fn breach_unknown(&self) {
        self.breach_unknown.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn failed(&self) {
        self.failures.fetch_add(1, Ordering::Relaxed);
    }

    fn refused(&self) {
        self.throttled.fetch_add(1, Ordering::Relaxed);
    }
}

/// What takes from a bucket of its caller's address beside sign-ins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Accounts made.
    SignUp,
    /// Mails asked for.
    Recover,
    /// Clients that failed to authenticate.
    Client,
    /// Devices that ask for a code.
    Device,
}

/// What strangers may ask to be sent to a mailbox: each has a bucket of its own, so that none keeps another away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailAsked {
    /// A code to sign in with.
    SignIn,
    /// Anything else.
    Account,
}

impl MailAsked {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "mailbox-sign-in",
            Self::Account => "mailbox",
        }
    }
}

/// Where a try takes from: scopes in the order in which rows are locked, each with its bucket's key.
pub(crate) struct Buckets(Vec<(Scope, String)>);

/// What a try took.
pub(crate) struct Taken(Vec<Take>);

impl Buckets {
    fn key(&self, scope: Scope) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == scope).map(|(_, key)| key.as_str())
    }

    /// Whether the try is that of a known device.
    pub(crate) fn is_device(&self) -> bool {
        self.key(Scope::Device).is_some()
    }

    fn scopes(&self) -> Vec<Scope> {
        self.0.iter().map(|(scope, _)| *scope).collect()
    }
}

impl Context {
    /// Counts one at an endpoint; what is over the limit is told how long to wait.
    pub async fn count(&self, endpoint: Endpoint, caller: &Caller) -> Result<Result<(), Throttled>, Fault> {
        let Some(address) = caller.address else { return Ok(Ok(())) };
        let take = self.one_of(endpoint.as_str(), line(address).as_bytes(), self.settings.throttle.requests);
        self.take_one((endpoint.as_str(), &take), caller).await
    }

    /// One from the only bucket of what is counted under `class`.
    pub(crate) fn one_of(&self, class: &str, of: &[u8], limit: Limit) -> Take {
        self.taking(&self.bucket(class, of), "0", limit)
    }

    /// Takes it; what is over the limit is told how long to wait, and the trail by the name `what`.
    pub(crate) async fn take_one(
        &self,
        (what, take): (&str, &Take),
        caller: &Caller,
    ) -> Result<Result<(), Throttled>, Fault> {
        let now = self.now();
        if store::throttles::take(&self.store, std::slice::from_ref(take), now).await? {
            return Ok(Ok(()));
        }
        let levels = store::throttles::levels(&self.store, &take.bucket).await?;
        let full_at = levels.into_iter().filter(|(tier, _)| *tier == take.tier).map(|(_, full_at)| full_at).max();
        let until = full_at.map_or(now, |full_at| full_at.plus(take.refill).minus(take.room));
        Ok(Err(self.refuse((what, &take.bucket), until, caller).await?))
    }

    /// Whether one more mail that anybody can ask for goes to this mailbox; it is counted then. Known and unknown ones are
    /// counted alike. What is over the limit is not told to whoever asks: the page is the same, and no mail goes out.
    pub(crate) async fn has_room_for_mail(&self, what: MailAsked, to: &str, caller: &Caller) -> Result<bool, Fault> {
        let now = self.now();
        let limit = self.settings.throttle.mails;
        let take = self.taking(&self.bucket(what.as_str(), to.trim().to_lowercase().as_bytes()), "0", limit);
        if store::throttles::take(&self.store, std::slice::from_ref(&take), now).await? {
            return Ok(true);
        }
        self.refuse((what.as_str(), &take.bucket), now.plus(limit.refill), caller).await?;
        Ok(false)
    }

    /// The buckets of a stranger who types this name.
    pub(crate) fn stranger(&self, caller: &Caller, name: &str) -> Buckets {
        let mut buckets = Vec::new();
        if let Some(address) = caller.address {
            buckets.push((Scope::Address, self.bucket("address", line(address).as_bytes())));
            buckets.push((Scope::Network, self.bucket("network", network(address).as_bytes())));
        }
        buckets.push((Scope::Account, self.bucket("account", name.as_bytes())));
        buckets.push((Scope::Everybody, "everybody".to_owned()));
        Buckets(buckets)
    }

    /// Those of whoever types a device's code: of the browser, and of where it is (RFC 8628 §5.1).
    pub(crate) fn of_guesser(&self, caller: &Caller, binding: &Binding) -> Buckets {
        let mut buckets = vec![(Scope::Device, self.bucket("user-code", &binding.hash()))];
        if let Some(address) = caller.address {
            buckets.push((Scope::Address, self.bucket("user-code-address", line(address).as_bytes())));
            buckets.push((Scope::Network, self.bucket("user-code-network", network(address).as_bytes())));
        }
        Buckets(buckets)
    }

    /// Those of a person at a device of theirs, or in a session.
    pub(crate) fn of_device(&self, user: Id, device: Id) -> Buckets {
        let named = [user.as_bytes().as_slice(), device.as_bytes()].concat();
        Buckets(vec![(Scope::Device, self.bucket("device", &named))])
    }

    /// Lets a try through, or says how long to wait.
    pub(crate) async fn admit(&self, buckets: &Buckets, caller: &Caller) -> Result<Result<Taken, Throttled>, Fault> {
        let rules = self.settings.throttle.rules();
        for _ in 0..TRIES {
            let (now, levels) = (self.now(), self.levels(buckets).await?);
            let full_at = |bucket: Bucket| levels.get(&(bucket.scope, bucket.tier.to_string())).copied();
            match throttle::decide(&rules, &buckets.scopes(), full_at, now) {
                Verdict::Wait { scope, until } => {
                    let key = buckets.key(scope).unwrap_or_default();
                    return Ok(Err(self.refuse((scope.as_str(), key), until, caller).await?));
                }
                Verdict::Try(takes) => {
                    let key = |scope| buckets.key(scope).unwrap_or_default();
                    let row = |take: &throttle::Take| {
                        self.taking(key(take.bucket.scope), &take.bucket.tier.to_string(), take.limit)
                    };
                    let takes: Vec<Take> = takes.iter().map(row).collect();
                    // Where others were faster, it is decided again.
                    if store::throttles::take(&self.store, &takes, now).await? {
                        return Ok(Ok(Taken(takes)));
                    }
                }
            }
        }
        Ok(Err(Throttled { wait: LEAST }))
    }

    /// A success has cost nothing.
    pub(crate) async fn give_back(&self, taken: &Taken) -> Result<(), Fault> {
        Ok(store::throttles::give_back(&self.store, &taken.0).await?)
    }

    async fn levels(&self, buckets: &Buckets) -> Result<HashMap<(Scope, String), Time>, Fault> {
        let mut levels = HashMap::new();
        for (scope, key) in &buckets.0 {
            let rows = store::throttles::levels(&self.store, key).await?;
            levels.extend(rows.into_iter().map(|(tier, full_at)| ((*scope, tier), full_at)));
        }
        Ok(levels)
    }

    /// The trail hears of an attack once in a while: an attacker does not fill it.
    async fn refuse(&self, (what, bucket): (&str, &str), until: Time, caller: &Caller) -> Result<Throttled, Fault> {
        let now = self.now();
        self.tally.refused();
        let noted = self.taking(bucket, "noted", Limit::new(1, NOTED));
        let levels = store::throttles::levels(&self.store, bucket).await?;
        let is_due = !levels.iter().any(|(tier, full_at)| *tier == noted.tier && *full_at > now);
        if is_due && store::throttles::take(&self.store, &[noted], now).await? {
            let detail = json!({ "limit": what, "until": until.seconds(), "agent": caller.agent });
            self.audit(caller, Event::new(Kind::Throttled).detail(detail)).await?;
        }
        Ok(Throttled { wait: until.since(now).max(LEAST) })
    }

    fn taking(&self, bucket: &str, tier: &str, limit: Limit) -> Take {
        Take { bucket: bucket.to_owned(), tier: tier.to_owned(), refill: limit.refill, room: limit.room() }
    }

    fn bucket(&self, class: &str, of: &[u8]) -> String {
        self.buckets.key(class, of)
    }
}

impl Endpoint {
    fn as_str(self) -> &'static str {
        match self {
            Self::SignUp => "sign-up",
            Self::Recover => "recover",
            Self::Client => "client",
            Self::Device => "device-code",
        }
    }
}

impl Throttled {
    /// Whole seconds, for `Retry-After` (RFC 9110 §10.2.3).
    pub fn seconds(self) -> u64 {
        self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0)
    }
}

/// What one line has: an IPv4 address, or an IPv6 /64.
fn line(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => masked(address, 64),
    }
}

/// What one owner may have: an IPv4 /24, or an IPv6 /48.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => masked(address, 48),
    }
}

fn masked(address: std::net::Ipv6Addr, bits: u32) -> String {
    let kept = address.to_bits() & (u128::MAX << (128 - bits));
    format!("{}/{bits}", std::net::Ipv6Addr::from_bits(kept))
}

/// How often it is decided again where others are faster.
const TRIES: usize = 4;
/// The shortest time to wait.
const LEAST: Duration = Duration::from_secs(1);
/// How often one bucket's refusals stand in the trail.
const NOTED: Duration = Duration::from_secs(15 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn which_addresses_belong_together() {
        for (address, one, around) in [
            ("192.0.2.7", "192.0.2.7", "192.0.2.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
            ("2001:db8:1:2::", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ] {
            let address = address.parse().unwrap();
            assert_eq!((line(address).as_str(), network(address).as_str()), (one, around));
        }
    }

    #[test]
    fn a_part_of_a_second_is_waited_for() {
        assert_eq!(Throttled { wait: Duration::from_millis(1001) }.seconds(), 2);
        assert_eq!(Throttled { wait: LEAST }.seconds(), 1);
    }
}
