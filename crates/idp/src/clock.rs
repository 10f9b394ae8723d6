//! The clock: the context carries one, so that a test can turn it by hand.

use oidc::Time;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Time;
}

/// A clock that stands until it is turned.
#[cfg(any(test, feature = "test-support"))]
#[derive(Debug)]
pub struct HandTurnedClock(std::sync::atomic::AtomicI64);

#[cfg(any(test, feature = "test-support"))]
impl HandTurnedClock {
    /// A clock that stands at `now`.
    pub fn at(now: Time) -> Self {
        Self(std::sync::atomic::AtomicI64::new(now.millis()))
    }

    /// Turns it forward.
    pub fn advance(&self, span: std::time::Duration) {
        self.set(self.now().plus(span));
    }

    /// Sets it, backward too.
    pub fn set(&self, now: Time) {
        self.0.store(now.millis(), std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(any(test, feature = "test-support"))]
impl Clock for HandTurnedClock {
    fn now(&self) -> Time {
        Time::from_millis(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn stands_until_it_is_turned() {
        let clock = HandTurnedClock::at(Time::from_seconds(100));
        assert_eq!(clock.now(), Time::from_seconds(100));
        clock.advance(Duration::from_secs(7));
        assert_eq!(clock.now(), Time::from_seconds(107));
        clock.set(Time::from_seconds(50));
        assert_eq!(clock.now(), Time::from_seconds(50));
    }
}
