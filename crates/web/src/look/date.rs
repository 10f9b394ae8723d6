//! Moments as people read them.

use fluent_bundle::FluentArgs;
use oidc::Time;

use super::locale::Locale;

/// A moment as a date and a time of day, such as «24 November 2026, 09:05 UTC»;
/// `seconds` since 1970-01-01T00:00:00Z.
pub fn moment(locale: Locale, seconds: i64) -> String {
    let (year, month, day) = Time::from_seconds(seconds).date();
    let minutes = seconds.rem_euclid(DAY) / 60;
    let mut args = FluentArgs::with_capacity(4);
    args.set("year", year);
    args.set("month", month);
    args.set("day", day);
    args.set("time", format!("{:02}:{:02}", minutes / 60, minutes % 60));
    locale.format("moment", &args)
}

/// The same moment for machines: the attribute `datetime` (RFC 3339 §5.6).
pub fn machine(seconds: i64) -> String {
    Time::from_seconds(seconds).to_string()
}

const DAY: i64 = 86_400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_have_their_dates() {
        assert_eq!(machine(0), "1970-01-01T00:00:00Z");
        assert_eq!(machine(951_827_696), "2000-02-29T12:34:56Z");
        assert_eq!(machine(1_795_511_100), "2026-11-24T09:05:00Z");
        assert_eq!(machine(-1), "1969-12-31T23:59:59Z");
    }

    #[test]
    fn every_language_writes_them_its_own_way() {
        let at = 1_795_511_100;
        assert_eq!(moment(Locale::En, at), "24 November 2026, 09:05 UTC");
        assert_eq!(moment(Locale::De, at), "24. November 2026, 09:05 UTC");
        assert!(moment(Locale::Ar, at).contains("نوفمبر"));
    }
}
