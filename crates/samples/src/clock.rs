//! The time, and how it is told to people.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Seconds since 1970.
#[allow(clippy::disallowed_methods, reason = "an app on its own, not the product: nothing hands it a clock")]
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

/// «4 min 58 s left», «ended 3 min ago».
pub(crate) fn time_left(until: i64, now: i64) -> String {
    let left = until - now;
    if left > 0 { format!("{} left", span(left)) } else { format!("ended {} ago", span(-left)) }
}

/// «in 4 min 58 s», «3 min ago».
pub(crate) fn relative(at: i64, now: i64) -> String {
    if at > now { format!("in {}", span(at - now)) } else { format!("{} ago", span(now - at)) }
}

fn span(seconds: i64) -> String {
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} days", seconds / 86400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_told_in_the_unit_that_fits() {
        assert_eq!(time_left(298, 0), "4 min 58 s left");
        assert_eq!(time_left(0, 5), "ended 5 s ago");
        assert_eq!(relative(3 * 86400, 0), "in 3 days");
        assert_eq!(relative(0, 3660), "1 h 1 min ago");
    }
}
