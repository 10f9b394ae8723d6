//! Moments and spans as people write them. A moment is seconds since 1970; nothing here reads a clock.

use jose::calendar;

/// A moment as RFC 3339 has it, in UTC. What lies outside the years 0 to 9999 stays a number.
pub fn format(seconds: i64) -> String {
    if !(YEAR_0..YEAR_10000).contains(&seconds) {
        return seconds.to_string();
    }
    let (year, month, day) = calendar::date(seconds.div_euclid(DAY));
    let rest = seconds.rem_euclid(DAY);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads a moment: seconds since 1970, a date, or RFC 3339 §5.6 (a blank may stand for the `T`; fractions are dropped).
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse() {
        return Some(seconds);
    }
    let date = text.get(..10)?;
    let days = calendar::day(number(date, 0..4)?, number(date, 5..7)?, number(date, 8..10)?)?;
    let separated = date.as_bytes()[4] == b'-' && date.as_bytes()[7] == b'-';
    let rest = &text[10..];
    if !separated || rest.is_empty() {
        return separated.then_some(days * DAY);
    }
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let colons = time.as_bytes().get(2) == Some(&b':') && time.as_bytes().get(5) == Some(&b':');
    let (hour, minute, second) = (number(time, 0..2)?, number(time, 3..5)?, number(time, 6..8)?);
    let zone = time.get(8..)?.trim_start_matches(|letter: char| letter == '.' || letter.is_ascii_digit());
    let possible = colons && hour < 24 && minute < 60 && second <= 60;
    possible.then_some(days * DAY + hour * 3600 + minute * 60 + second - offset(zone)?)
}

/// Reads a span in seconds: `90`, `90s`, `5m`, `1h30m`, `30d`.
pub fn parse_span(text: &str) -> Option<i64> {
    let mut total: i64 = 0;
    let mut rest = text.trim();
    if let Ok(seconds) = rest.parse::<u32>() {
        return Some(seconds.into());
    }
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let count: u32 = rest[..end].parse().ok()?;
        let unit = match rest.as_bytes()[end] {
            b's' => 1,
            b'm' => 60,
            b'h' => 3600,
            b'd' => DAY,
            b'w' => 7 * DAY,
            _ => return None,
        };
        total = total.checked_add(i64::from(count).checked_mul(unit)?)?;
        rest = &rest[end + 1..];
    }
    Some(total)
}

/// A span for people, in its largest unit, or two below two of it: `45 s`, `5 min`, `1 h 30 min`, `30 d`.
pub fn span(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let units = [(86400, "d"), (3600, "h"), (60, "min"), (1, "s")];
    let Some(at) = units.iter().position(|(size, _)| seconds >= *size) else { return "0 s".into() };
    let (size, name) = units[at];
    let (count, rest) = (seconds / size, seconds % size);
    match units.get(at + 1) {
        Some((below, smaller)) if count < 10 && rest / below > 0 => {
            format!("{count} {name} {} {smaller}", rest / below)
        }
        _ => format!("{count} {name}"),
    }
}

/// Where a moment lies, seen from now: `in 5 min`, `3 d ago`.
pub fn relative(moment: i64, now: i64) -> String {
    match moment.saturating_sub(now) {
        0 => "now".into(),
        ahead if ahead > 0 => format!("in {}", span(ahead)),
        behind => format!("{} ago", span(behind)),
    }
}

fn number(text: &str, range: std::ops::Range<usize>) -> Option<i64> {
    let digits = text.get(range)?;
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match zone.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let whole = zone.len() == 6 && zone.as_bytes()[3] == b':';
    let (hours, minutes) = (number(zone, 1..3)?, number(zone, 4..6)?);
    (whole && hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

const DAY: i64 = 86_400;
const YEAR_0: i64 = -62_167_219_200;
const YEAR_10000: i64 = 253_402_300_800;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_written_and_read() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_763_985_900, "2025-11-24T12:05:00Z"),
            (-1, "1969-12-31T23:59:59Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
            (YEAR_0, "0000-01-01T00:00:00Z"),
        ] {
            assert_eq!((format(seconds).as_str(), parse(text)), (text, Some(seconds)));
        }
        assert_eq!(format(YEAR_10000), "253402300800");
        assert_eq!(format(i64::MIN), i64::MIN.to_string());
    }

    #[test]
    fn what_people_write_is_read() {
        for (text, seconds) in [
            ("1700000000", Some(1_700_000_000)),
            ("2025-11-24", Some(1_763_942_400)),
            ("2025-11-24 12:05:00Z", Some(1_763_985_900)),
            ("2025-11-24T13:05:00.123+01:00", Some(1_763_985_900)),
            ("2025-11-24T06:35:00-05:30", Some(1_763_985_900)),
            ("2025-02-29", None),
            ("2025-13-01", None),
            ("2025-11-24T25:00:00Z", None),
            ("2025-11-24T12:05:00", None),
            ("2025-11-24T12:05:00+1:00", None),
            ("tomorrow", None),
            ("2025-1é-24", None),
            ("", None),
        ] {
            assert_eq!(parse(text), seconds, "{text}");
        }
    }

    #[test]
    fn spans_are_read_and_written() {
        for (text, seconds) in
            [("90", 90), ("90s", 90), ("5m", 300), ("1h30m", 5400), ("30d", 2_592_000), ("1w", 604_800)]
        {
            assert_eq!(parse_span(text), Some(seconds), "{text}");
        }
        for text in ["", "m", "5 m", "5x", "-5m", "1h30", "99999999999d"] {
            assert_eq!(parse_span(text), None, "{text}");
        }
        for (seconds, text) in [(0, "0 s"), (45, "45 s"), (300, "5 min"), (5400, "1 h 30 min"), (2_592_000, "30 d")] {
            assert_eq!(span(seconds), text);
        }
        assert_eq!((relative(160, 100).as_str(), relative(40, 100).as_str()), ("in 1 min", "1 min ago"));
        assert!(relative(i64::MIN, i64::MAX).ends_with(" ago"));
    }
}
