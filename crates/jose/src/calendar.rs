//! Days and dates of the proleptic Gregorian calendar, by which certificates (RFC 5280) and people name their days.

/// Year, month and day of a day, counted from 1970-01-01.
///
/// ```
/// use vestibule_jose::calendar::date;
///
/// assert_eq!((date(0), date(-1), date(11_016)), ((1970, 1, 1), (1969, 12, 31), (2000, 2, 29)));
/// ```
pub const fn date(day: i64) -> (i64, i64, i64) {
    // The year begins in March, so that the leap day is its last, and eras of 400 years repeat.
    let shifted = day.saturating_add(FROM_MARCH_0000);
    let (era, day_of_era) = (shifted.div_euclid(ERA), shifted.rem_euclid(ERA));
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * from_march + 2) / 5 + 1;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    (year_of_era + era * 400 + (month <= 2) as i64, month, day)
}

/// The day of a date, counted from 1970-01-01; none where the calendar has no such date, or the year is beyond ten digits.
///
/// ```
/// use vestibule_jose::calendar::day;
///
/// assert_eq!((day(2000, 2, 29), day(1900, 2, 29), day(2026, 13, 1)), (Some(11_016), None, None));
/// ```
pub const fn day(year: i64, month: i64, day: i64) -> Option<i64> {
    if year.unsigned_abs() >= MOST_YEARS || month < 1 || month > 12 || day < 1 || day > 31 {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * ERA + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - FROM_MARCH_0000;
    // A day that its month does not have comes back as another.
    match date(days) {
        (_, same_month, same_day) if same_month == month && same_day == day => Some(days),
        _ => None,
    }
}

/// Days from 0000-03-01 to 1970-01-01.
const FROM_MARCH_0000: i64 = 719_468;
/// Days of 400 years.
const ERA: i64 = 146_097;
const MOST_YEARS: u64 = 10_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    /// Every day of 800 years follows the one before it, by rules that are written otherwise.
    #[test]
    fn days_and_dates_go_on_together() {
        let (mut year, mut month, mut of_month) = (1600, 1, 1);
        for number in day(1600, 1, 1).expect("a day")..=day(2400, 12, 31).expect("a day") {
            assert_eq!((date(number), day(year, month, of_month)), ((year, month, of_month), Some(number)));
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match month {
                2 if is_leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            assert_eq!(day(year, month, length + 1), None);
            (year, month, of_month) = match (month, of_month) {
                (12, 31) => (year + 1, 1, 1),
                _ if of_month == length => (year, month + 1, 1),
                _ => (year, month, of_month + 1),
            };
        }
    }

    #[test]
    fn what_is_far_away_does_no_harm() {
        assert_eq!((date(0), day(0, 3, 1)), ((1970, 1, 1), Some(-FROM_MARCH_0000)));
        for (year, month, of_month) in [(i64::MAX, 1, 1), (i64::MIN, 1, 1), (2000, i64::MAX, 1), (2000, 1, i64::MIN)] {
            assert_eq!(day(year, month, of_month), None);
        }
        assert!(date(i64::MAX).0 > 0 && date(i64::MIN).0 < 0);
    }
}
