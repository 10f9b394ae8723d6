//! Moments as people read them.

use fluent_bundle::FluentArgs;

use super::locale::Locale;

/// A moment as a date and a time of day, such as «24 November 2026, 09:05 UTC»;
/// `seconds` since 1970-01-01T00:00:00Z.
pub fn moment(locale: Locale, seconds: i64) -> String {
    let (year, month, day) = civil(seconds.div_euclid(DAY));
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
    let (year, month, day) = civil(seconds.div_euclid(DAY));
    let rest = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

const DAY: i64 = 86_400;

/// Year, month and day of a day counted from 1970-01-01, in the Gregorian
/// calendar. Years begin in March here, so that the leap day comes last.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

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
