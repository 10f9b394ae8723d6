//! The schedule of the signing keys of one algorithm: nobody has to remember the order.
//!
//! A key is published for at least as long as sets of keys are cached before it signs, and stays
//! published until the last token it signed has expired.

use std::time::Duration;

use crate::Time;

/// The times that the schedule is computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// How long a key signs.
    pub rotation: Duration,
    /// For how long others may keep the published set (`max-age`).
    pub jwks_cache: Duration,
    /// The longest life of a token that a key signs.
    pub token: Duration,
}

/// What is stored of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its place in the order, from the slot `ALG:GENERATION`.
    pub generation: u64,
    /// When it begins to sign.
    pub activates_at: Time,
    /// Until when it was promised to stay published: lifetimes that an administrator shortened later do not count for
    /// tokens that were signed before.
    pub promised_until: Option<Time>,
    /// When it was revoked: gone at once.
    pub revoked_at: Option<Time>,
}

/// A key's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Published, not signing.
    Next,
    /// Published and signing.
    Active,
    /// Published, verifying.
    Retiring,
    /// Not published.
    Removed,
}

/// A key's state and the times of its changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scheduled {
    /// The key.
    pub key: Key,
    /// Its state now.
    pub state: State,
    /// When it stops signing, once its successor is known.
    pub retires_at: Option<Time>,
    /// When it is published no more.
    pub removes_at: Option<Time>,
}

/// The key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Create {
    /// Its place in the order: two nodes that rotate at once make the same, and one wins.
    pub generation: u64,
    /// When it begins to sign.
    pub activates_at: Time,
}

impl Lifetimes {
    /// How long a key is published before it signs: the cache's life, and what nodes need to see it.
    pub fn lead(&self) -> Duration {
        self.jwks_cache.saturating_add(SPREAD)
    }
}

/// Where each key stands; in the order of generations.
pub fn schedule(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Vec<Scheduled> {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|key| key.generation);
    let successor = |key: &Key| {
        let later = keys.iter().filter(|other| other.generation > key.generation && other.has_a_turn());
        later.map(|other| other.activates_at).min()
    };
    keys.iter()
        .map(|key| {
            let retires_at = successor(key);
            let expired = retires_at.map(|at| at.plus(lifetimes.token).plus(SPREAD));
            let removes_at = expired.map(|at| at.max(key.promised_until.unwrap_or(at)));
            let passed = |at: Option<Time>| at.is_some_and(|at| now >= at);
            let state = match key {
                key if key.revoked_at.is_some() || passed(removes_at) => State::Removed,
                _ if passed(retires_at) => State::Retiring,
                key if now >= key.activates_at => State::Active,
                _ => State::Next,
            };
            Scheduled { key: *key, state, retires_at, removes_at }
        })
        .collect()
}

impl Key {
    /// Whether it signs one day, or did. A key that was revoked after it had begun still ended its predecessor's turn:
    /// otherwise a key that was removed long ago would come back.
    fn has_a_turn(&self) -> bool {
        self.revoked_at.is_none_or(|at| at >= self.activates_at)
    }
}

/// The first key of an empty database: nobody holds an older set, so it signs at once.
pub fn first(now: Time) -> Create {
    Create { generation: 1, activates_at: now }
}

/// The key to make where none signs or will: it signs once every node can publish it.
pub fn missing(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Option<Create> {
    let signs = |one: &Scheduled| matches!(one.state, State::Next | State::Active);
    (!schedule(keys, lifetimes, now).iter().any(signs)).then(|| soon(keys, now))
}

/// The key that is due by itself: a missing one, or a next one in time before the active one's days are over.
pub fn due(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Option<Create> {
    let scheduled = schedule(keys, lifetimes, now);
    if scheduled.iter().any(|one| one.state == State::Next) {
        return None;
    }
    let Some(active) = scheduled.iter().find(|one| one.state == State::Active) else {
        return missing(keys, lifetimes, now);
    };
    let over = active.key.activates_at.plus(lifetimes.rotation);
    let earliest = now.plus(lifetimes.lead());
    (earliest >= over).then(|| Create { generation: next_generation(keys), activates_at: earliest })
}

/// The key that `key rotate` makes; `None` where one is on its way already.
pub fn rotate(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Option<Create> {
    due(keys, &Lifetimes { rotation: Duration::ZERO, ..*lifetimes }, now)
}

/// The place of a key that comes from outside: after all others, published for as long as they are.
pub fn import(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Create {
    let replaces = schedule(keys, lifetimes, now).iter().any(|one| one.state == State::Active);
    let soon = soon(keys, now);
    if replaces { Create { activates_at: now.plus(lifetimes.lead()), ..soon } } else { soon }
}

/// What happens before a key is revoked, or with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Another key signs, or this one never did.
    Alone,
    /// With it, the next key of this generation begins to sign.
    Activate(u64),
    /// There is none: first make one, and wait until it signs.
    First(Create),
}

/// Decides who signs once `generation` is revoked: whoever still caches the old set fails for a
/// while, which is better than trusting a stolen key.
pub fn revoke(keys: &[Key], generation: u64, lifetimes: &Lifetimes, now: Time) -> Revocation {
    let scheduled = schedule(keys, lifetimes, now);
    let is_active = |one: &Scheduled| one.key.generation == generation && one.state == State::Active;
    if !scheduled.iter().any(is_active) {
        return Revocation::Alone;
    }
    match scheduled.iter().filter(|one| one.state == State::Next).min_by_key(|one| one.key.activates_at) {
        Some(next) => Revocation::Activate(next.key.generation),
        None => Revocation::First(soon(keys, now)),
    }
}

/// Without the lead that caches outside need: there, an unknown `kid` is reason to fetch the set again.
fn soon(keys: &[Key], now: Time) -> Create {
    Create { generation: next_generation(keys), activates_at: now.plus(NODES) }
}

fn next_generation(keys: &[Key]) -> u64 {
    keys.iter().map(|key| key.generation).max().map_or(1, |last| last.saturating_add(1))
}

/// How long all nodes need to see what one has written: they look every 400 ms.
pub const NODES: Duration = Duration::from_secs(1);
/// What caches of our own nodes and clocks that differ may take.
const SPREAD: Duration = Duration::from_secs(2);

#[cfg(test)]
mod tests {
    use super::*;

    const LIFETIMES: Lifetimes = Lifetimes {
        rotation: Duration::from_secs(10_000),
        jwks_cache: Duration::from_secs(300),
        token: Duration::from_secs(600),
    };

    fn at(seconds: i64) -> Time {
        Time::from_seconds(seconds)
    }

    fn key(generation: u64, activates_at: i64) -> Key {
        Key { generation, activates_at: at(activates_at), promised_until: None, revoked_at: None }
    }

    fn revoked(key: Key, seconds: i64) -> Key {
        Key { revoked_at: Some(at(seconds)), ..key }
    }

    fn states(keys: &[Key], now: i64) -> Vec<State> {
        schedule(keys, &LIFETIMES, at(now)).iter().map(|one| one.state).collect()
    }

    fn create(generation: u64, activates_at: i64) -> Create {
        Create { generation, activates_at: at(activates_at) }
    }

    #[test]
    fn states_follow_from_the_times() {
        use State::{Active, Next, Removed, Retiring};
        let keys = [key(2, 1_000), key(1, 0)];
        for (now, first, second) in [
            (999, Active, Next),
            (1_000, Retiring, Active),
            (1_601, Retiring, Active),
            (1_602, Removed, Active),
            (99_999, Removed, Active),
        ] {
            assert_eq!(states(&keys, now), [first, second], "at {now}");
        }
    }

    #[test]
    fn shorter_lifetimes_do_not_break_a_promise() {
        let promised = |seconds| [Key { promised_until: Some(at(seconds)), ..key(1, 0) }, key(2, 1_000)];
        for (until, removed_at) in [(5_000, 5_000), (1_001, 1_602)] {
            assert_eq!(states(&promised(until), removed_at - 1)[0], State::Retiring);
            assert_eq!(states(&promised(until), removed_at)[0], State::Removed);
        }
    }

    #[test]
    fn a_key_is_made_in_time() {
        assert_eq!(first(at(5)), create(1, 5));
        assert_eq!(due(&[], &LIFETIMES, at(5)), Some(create(1, 6)));
        assert_eq!(missing(&[key(1, 5)], &LIFETIMES, at(4)), None);
        assert_eq!(missing(&[key(1, 0)], &LIFETIMES, at(50_000)), None);
        // 10 000 − 300 − 2 seconds.
        assert_eq!(due(&[key(1, 0)], &LIFETIMES, at(9_697)), None);
        assert_eq!(due(&[key(1, 0)], &LIFETIMES, at(9_698)), Some(create(2, 10_000)));
        assert_eq!(due(&[key(1, 0), key(2, 10_000)], &LIFETIMES, at(9_699)), None);
        // After a long sleep the new key is still published before it signs.
        assert_eq!(due(&[key(1, 0)], &LIFETIMES, at(50_000)), Some(create(2, 50_302)));
        assert_eq!(rotate(&[key(1, 0)], &LIFETIMES, at(10)), Some(create(2, 312)));
        assert_eq!(rotate(&[key(1, 0), key(2, 312)], &LIFETIMES, at(11)), None);
        assert_eq!(import(&[key(1, 0), key(2, 312)], &LIFETIMES, at(11)), create(3, 313));
        assert_eq!(import(&[], &LIFETIMES, at(11)), create(1, 12));
    }

    #[test]
    fn a_revoked_key_is_replaced_first() {
        let now = at(100);
        let both = [key(1, 0), key(2, 312)];
        assert_eq!(revoke(&both, 1, &LIFETIMES, now), Revocation::Activate(2));
        assert_eq!(revoke(&both, 2, &LIFETIMES, now), Revocation::Alone);
        assert_eq!(revoke(&both[..1], 1, &LIFETIMES, now), Revocation::First(create(2, 101)));
        assert_eq!(revoke(&[key(1, 0), key(2, 101)], 1, &LIFETIMES, at(101)), Revocation::Alone);
        let alone = [revoked(key(1, 0), 50)];
        assert_eq!(states(&alone, 100), [State::Removed]);
        assert_eq!(due(&alone, &LIFETIMES, now), Some(create(2, 101)));
        assert_eq!(revoke(&alone, 1, &LIFETIMES, now), Revocation::Alone);
    }

    #[test]
    fn what_was_removed_stays_so_when_its_successor_is_revoked() {
        use State::{Active, Removed};
        let keys = [key(1, 0), revoked(key(2, 1_000), 5_000), key(3, 5_000)];
        assert_eq!(states(&keys, 5_000), [Removed, Removed, Active]);
        // A next key that never signed ended nobody's turn.
        let keys = [key(1, 0), revoked(key(2, 1_000), 999)];
        assert_eq!(states(&keys, 5_000), [Active, Removed]);
    }

    /// Years of the job running every minute: always one active key, published for the lead before.
    #[test]
    fn there_is_always_one_active_key() {
        let mut keys: Vec<Key> = Vec::new();
        for now in (0..100_000).step_by(60).map(at) {
            let made = if keys.is_empty() { Some(first(now)) } else { due(&keys, &LIFETIMES, now) };
            if let Some(made) = made {
                assert!(keys.is_empty() || made.activates_at >= now.plus(LIFETIMES.lead()));
                keys.push(Key { generation: made.generation, activates_at: made.activates_at, ..key(0, 0) });
            }
            let active = schedule(&keys, &LIFETIMES, now).iter().filter(|one| one.state == State::Active).count();
            assert_eq!(active, 1, "at {now}");
        }
        assert!(keys.len() > 8, "{}", keys.len());
    }
}
