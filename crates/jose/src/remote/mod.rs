//! What is kept of a document that lies at another's address, such as a key set: when it may be used, and when it may be
//! asked for again. Decisions alone: whoever fetches asks [`Remote::ask`] first and tells it what came.

mod absent;
mod freshness;
mod policy;

use std::sync::Arc;

use absent::Absent;
pub use freshness::{Freshness, http_date};
pub use policy::Policy;

/// One document at one address. Times are milliseconds since 1970.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_jose::remote::{Freshness, Landing, Policy, Remote, Step, Wish};
///
/// let mut remote = Remote::new(Policy::KEYS);
/// // Nothing is there: one fetches, the others wait.
/// assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
/// assert_eq!(remote.ask(1, Wish::Any), Step::Wait);
/// let fresh = Freshness::of(&["max-age=600"], None, None, None);
/// remote.landed(50, Landing::New { value: "keys", etag: None, fresh });
/// assert_eq!(remote.ask(60, Wish::Any), Step::Use(Arc::new("keys")));
/// // Before its time is over it is asked for again, and nobody waits for that.
/// assert_eq!(remote.ask(590_000, Wish::Any), Step::Refresh(Arc::new("keys")));
/// assert_eq!((remote.etag(), remote.is_failing()), (None, false));
/// ```
#[derive(Debug)]
pub struct Remote<T> {
    policy: Policy,
    held: Option<Held<T>>,
    /// When the fetch began that is under way.
    flight: Option<i64>,
    /// When somebody last wanted another version than the one at hand, and was let.
    forced_at: Option<i64>,
    /// When it last failed and how often since it last did not.
    failed: Option<(i64, u32)>,
    absent: Absent,
    /// What the fetch under way was begun for.
    missing: Option<String>,
}

#[derive(Debug)]
struct Held<T> {
    value: Arc<T>,
    etag: Option<String>,
    /// When it is asked for again though it is still fresh.
    ahead_at: i64,
    fresh_until: i64,
}

/// What somebody wants of a document.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_jose::remote::{Freshness, Landing, Policy, Refusal, Remote, Step, Wish};
///
/// let mut remote = Remote::new(Policy::KEYS);
/// assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
/// remote.landed(0, Landing::New { value: "keys", etag: None, fresh: Freshness::default() });
/// let Step::Use(keys) = remote.ask(1, Wish::Any) else { panic!("fresh") };
/// // A key that is not among them: asked for once, and then not again for a while.
/// assert_eq!(remote.ask(2, Wish::Newer { than: &keys, missing: Some("k") }), Step::Fetch);
/// remote.landed(3, Landing::Same { fresh: Freshness::default() });
/// let again = |name| Wish::Newer { than: &keys, missing: Some(name) };
/// assert_eq!(remote.ask(4, again("k")), Step::Refuse(Refusal::Absent));
/// assert_eq!(remote.ask(4, again("other")), Step::Refuse(Refusal::CoolingDown));
/// ```
#[derive(Debug)]
pub enum Wish<'a, T> {
    /// The document, as it is.
    Any,
    /// One that is newer than this, which does not do.
    Newer {
        /// What does not do.
        than: &'a Arc<T>,
        /// The name of what is not in it.
        missing: Option<&'a str>,
    },
}

impl<T> Clone for Wish<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Wish<'_, T> {}

/// What to do. Whoever is told to fetch must say with [`Remote::landed`] what came of it.
///
/// ```
/// use vestibule_jose::remote::{Policy, Remote, Step, Wish};
///
/// let mut remote: Remote<String> = Remote::new(Policy::KEYS);
/// assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
/// ```
#[derive(Debug, PartialEq, Eq)]
pub enum Step<T> {
    /// Use this.
    Use(Arc<T>),
    /// Use this, and fetch meanwhile.
    Refresh(Arc<T>),
    /// Fetch, then ask again.
    Fetch,
    /// Somebody fetches: wait for them, then ask again.
    Wait,
    /// Neither is there one nor may it be asked for now.
    Refuse(Refusal),
}

/// Why there is no document, or no newer one.
///
/// ```
/// use vestibule_jose::remote::{Landing, Policy, Refusal, Remote, Step, Wish};
///
/// let mut remote: Remote<String> = Remote::new(Policy::KEYS);
/// assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
/// remote.landed(10, Landing::Failed);
/// assert_eq!(remote.ask(11, Wish::Any), Step::Refuse(Refusal::Failed));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// It could not be fetched, and is not asked for again yet.
    #[error("it could not be fetched, and is not asked for again yet")]
    Failed,
    /// It was asked for a moment ago.
    #[error("it was asked for a moment ago, and is not asked for again yet")]
    CoolingDown,
    /// What is missing was missing a moment ago.
    #[error("what is missing was not there a moment ago either")]
    Absent,
}

/// What came of a fetch.
///
/// ```
/// use vestibule_jose::remote::{Freshness, Landing, Policy, Remote, Step, Wish};
///
/// let mut remote = Remote::new(Policy::KEYS);
/// assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
/// remote.landed(10, Landing::New { value: 1, etag: Some("\"v1\"".to_owned()), fresh: Freshness::default() });
/// assert_eq!(remote.etag(), Some("\"v1\""));
/// ```
#[derive(Debug)]
pub enum Landing<T> {
    /// A document.
    New {
        /// What it says.
        value: T,
        /// Its `ETag` (RFC 9110 §8.8.3).
        etag: Option<String>,
        /// For how long it is fresh.
        fresh: Freshness,
    },
    /// The one at hand is still the newest (RFC 9110 §15.4.5).
    Same {
        /// For how long it is fresh.
        fresh: Freshness,
    },
    /// Nothing that can be used.
    Failed,
}

impl<T> Remote<T> {
    /// Nothing is known yet.
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            held: None,
            flight: None,
            forced_at: None,
            failed: None,
            absent: Absent::default(),
            missing: None,
        }
    }

    /// What to do for this wish now. Where the answer is [`Step::Fetch`] or [`Step::Refresh`], the fetch counts as begun.
    pub fn ask(&mut self, now: i64, wish: Wish<'_, T>) -> Step<T> {
        // A fetch whose end nobody told: its task was dropped.
        if self.flight.is_some_and(|began| now >= began.saturating_add(self.policy.flight)) {
            self.flight = None;
        }
        match wish {
            Wish::Any => self.any(now),
            Wish::Newer { than, missing } => self.newer(now, than, missing),
        }
    }

    /// Tells what came of the fetch that was begun.
    pub fn landed(&mut self, now: i64, landing: Landing<T>) {
        self.flight = None;
        let missing = self.missing.take();
        match (landing, &mut self.held) {
            (Landing::New { value, etag, fresh }, held) => {
                let (ahead_at, fresh_until) = self.policy.times(now, fresh);
                *held = Some(Held { value: Arc::new(value), etag, ahead_at, fresh_until });
                self.failed = None;
            }
            (Landing::Same { fresh }, Some(held)) => {
                (held.ahead_at, held.fresh_until) = self.policy.times(now, fresh);
                self.failed = None;
                if let Some(name) = missing {
                    self.not_there(now, &name);
                }
            }
            (Landing::Same { .. }, None) | (Landing::Failed, _) => {
                let before = self.failed.map_or(0, |(_, times)| times);
                self.failed = Some((now, before.saturating_add(1)));
            }
        }
    }

    /// Remembers for a while that this name is not in the document, though that came anew. (After [`Landing::Same`] it is
    /// known already.)
    ///
    /// ```
    /// use vestibule_jose::remote::{Freshness, Landing, Policy, Refusal, Remote, Step, Wish};
    ///
    /// let mut remote = Remote::new(Policy::KEYS);
    /// assert_eq!(remote.ask(0, Wish::Any), Step::Fetch);
    /// remote.landed(0, Landing::New { value: "keys", etag: None, fresh: Freshness::default() });
    /// let Step::Use(keys) = remote.ask(1, Wish::Any) else { panic!("fresh") };
    /// remote.not_there(1, "k");
    /// let step = remote.ask(2, Wish::Newer { than: &keys, missing: Some("k") });
    /// assert_eq!(step, Step::Refuse(Refusal::Absent));
    /// ```
    pub fn not_there(&mut self, now: i64, name: &str) {
        self.absent.put(now, name, now.saturating_add(self.policy.absent));
    }

    /// The `ETag` of what is at hand, for `If-None-Match`.
    pub fn etag(&self) -> Option<&str> {
        self.held.as_ref()?.etag.as_deref()
    }

    /// Whether the last fetch came to nothing.
    pub fn is_failing(&self) -> bool {
        self.failed.is_some()
    }

    fn any(&mut self, now: i64) -> Step<T> {
        let Some(held) = &self.held else {
            return match self.flight {
                Some(_) => Step::Wait,
                None if self.is_cooling(now) => Step::Refuse(Refusal::Failed),
                None => self.begin(now),
            };
        };
        let value = Arc::clone(&held.value);
        if now < held.ahead_at {
            return Step::Use(value);
        }
        let fresh = now < held.fresh_until;
        let usable = fresh || (self.is_failing() && now < held.fresh_until.saturating_add(self.policy.stale));
        match (self.flight, usable) {
            (Some(_), true) => Step::Use(value),
            (Some(_), false) => Step::Wait,
            (None, true) if self.is_cooling(now) => Step::Use(value),
            (None, true) => {
                self.flight = Some(now);
                Step::Refresh(value)
            }
            (None, false) if self.is_cooling(now) => Step::Refuse(Refusal::Failed),
            (None, false) => self.begin(now),
        }
    }

    fn newer(&mut self, now: i64, than: &Arc<T>, missing: Option<&str>) -> Step<T> {
        if let Some(held) = self.held.as_ref().filter(|held| !Arc::ptr_eq(&held.value, than)) {
            return Step::Use(Arc::clone(&held.value));
        }
        if missing.is_some_and(|name| self.absent.holds(now, name)) {
            return Step::Refuse(Refusal::Absent);
        }
        if self.flight.is_some() {
            return Step::Wait;
        }
        let cools = |at: i64| now < at.saturating_add(self.policy.cool_down);
        if self.is_cooling(now) || self.forced_at.is_some_and(cools) {
            return Step::Refuse(Refusal::CoolingDown);
        }
        self.forced_at = Some(now);
        self.missing = missing.map(str::to_owned);
        self.begin(now)
    }

    fn begin(&mut self, now: i64) -> Step<T> {
        self.flight = Some(now);
        Step::Fetch
    }

    /// After a failure, for longer and longer.
    fn is_cooling(&self, now: i64) -> bool {
        self.failed.is_some_and(|(at, times)| now < at.saturating_add(self.policy.pause_after(times)))
    }
}

#[cfg(test)]
mod tests;
