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
    /// Whether it was revoked: gone at once.
    pub revoked: bool,
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
        let later = keys.iter().filter(|other| !other.revoked && other.generation > key.generation);
        later.map(|other| other.activates_at).min()
    };
    keys.iter()
        .map(|key| {
            let retires_at = successor(key);
            let removes_at = retires_at.map(|at| at.plus(lifetimes.token).plus(SPREAD));
            let passed = |at: Option<Time>| at.is_some_and(|at| now >= at);
            let state = match key {
                key if key.revoked || passed(removes_at) => State::Removed,
                _ if passed(retires_at) => State::Retiring,
                key if now >= key.activates_at => State::Active,
                _ => State::Next,
            };
            Scheduled { key: *key, state, retires_at, removes_at }
        })
        .collect()
}

/// The key that is due by itself: the first one at once, a next one in time before the active one's
/// days are over.
pub fn due(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Option<Create> {
    let scheduled = schedule(keys, lifetimes, now);
    if scheduled.iter().any(|one| one.state == State::Next) {
        return None;
    }
    let Some(active) = scheduled.iter().find(|one| one.state == State::Active) else {
        return Some(Create { generation: next_generation(keys), activates_at: now });
    };
    let over = active.key.activates_at.plus(lifetimes.rotation);
    let earliest = now.plus(lifetimes.lead());
    (earliest >= over).then(|| Create { generation: next_generation(keys), activates_at: earliest })
}

/// The key that `key rotate` makes; `None` where one is on its way already.
pub fn rotate(keys: &[Key], lifetimes: &Lifetimes, now: Time) -> Option<Create> {
    due(keys, &Lifetimes { rotation: Duration::ZERO, ..*lifetimes }, now)
}

/// What happens when a key is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterRevocation {
    /// Another key signs already.
    Nothing,
    /// The next key of this generation signs at once.
    Activate(u64),
    /// There is none: make one that signs at once.
    Create(Create),
}

/// Decides who signs once `generation` is revoked: whoever still caches the old set fails for a
/// while, which is better than trusting a stolen key.
pub fn revoke(keys: &[Key], generation: u64, lifetimes: &Lifetimes, now: Time) -> AfterRevocation {
    let revoked = |key: &Key| Key { revoked: key.revoked || key.generation == generation, ..*key };
    let left: Vec<Key> = keys.iter().map(revoked).collect();
    let before = schedule(keys, lifetimes, now);
    let was_active = before.iter().any(|one| one.key.generation == generation && one.state == State::Active);
    if !was_active {
        return AfterRevocation::Nothing;
    }
    match schedule(&left, lifetimes, now).iter().find(|one| one.state == State::Next) {
        Some(next) => AfterRevocation::Activate(next.key.generation),
        None => AfterRevocation::Create(Create { generation: next_generation(keys), activates_at: now }),
    }
}

fn next_generation(keys: &[Key]) -> u64 {
    keys.iter().map(|key| key.generation).max().map_or(1, |last| last.saturating_add(1))
}

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
        Key { generation, activates_at: at(activates_at), revoked: false }
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
            let states: Vec<State> = schedule(&keys, &LIFETIMES, at(now)).iter().map(|one| one.state).collect();
            assert_eq!(states, [first, second], "at {now}");
        }
    }

    #[test]
    fn a_key_is_made_in_time() {
        let create = |generation, activates_at| Some(Create { generation, activates_at: at(activates_at) });
        assert_eq!(due(&[], &LIFETIMES, at(5)), create(1, 5));
        // 10 000 − 300 − 2 seconds.
        assert_eq!(due(&[key(1, 0)], &LIFETIMES, at(9_697)), None);
        assert_eq!(due(&[key(1, 0)], &LIFETIMES, at(9_698)), create(2, 10_000));
        assert_eq!(due(&[key(1, 0), key(2, 10_000)], &LIFETIMES, at(9_699)), None);
        // After a long sleep the new key is still published before it signs.
        assert_eq!(due(&[key(1, 0)], &LIFETIMES, at(50_000)), create(2, 50_302));
        assert_eq!(rotate(&[key(1, 0)], &LIFETIMES, at(10)), create(2, 312));
        assert_eq!(rotate(&[key(1, 0), key(2, 312)], &LIFETIMES, at(11)), None);
    }

    #[test]
    fn a_revoked_key_is_replaced_at_once() {
        let now = at(100);
        let both = [key(1, 0), key(2, 312)];
        assert_eq!(revoke(&both, 1, &LIFETIMES, now), AfterRevocation::Activate(2));
        assert_eq!(revoke(&both, 2, &LIFETIMES, now), AfterRevocation::Nothing);
        let created = AfterRevocation::Create(Create { generation: 2, activates_at: now });
        assert_eq!(revoke(&both[..1], 1, &LIFETIMES, now), created);
        let revoked = Key { revoked: true, ..key(1, 0) };
        assert_eq!(schedule(&[revoked], &LIFETIMES, now)[0].state, State::Removed);
        assert_eq!(due(&[revoked], &LIFETIMES, now), Some(Create { generation: 2, activates_at: now }));
    }

    /// Years of the job running every minute: always one active key, published for the lead before.
    #[test]
    fn there_is_always_one_active_key() {
        let mut keys: Vec<Key> = Vec::new();
        for now in (0..100_000).step_by(60).map(at) {
            if let Some(create) = due(&keys, &LIFETIMES, now) {
                assert!(keys.is_empty() || create.activates_at >= now.plus(LIFETIMES.lead()));
                keys.push(Key { generation: create.generation, activates_at: create.activates_at, revoked: false });
            }
            let active = schedule(&keys, &LIFETIMES, now).iter().filter(|one| one.state == State::Active).count();
            assert_eq!(active, 1, "at {now}");
        }
        assert!(keys.len() > 8, "{}", keys.len());
    }
}
