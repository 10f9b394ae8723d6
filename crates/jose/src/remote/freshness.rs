//! For how long an answer is fresh, by its headers (RFC 9111 §4.2).

use crate::calendar;

/// What headers say of an answer's freshness.
///
/// ```
/// use vestibule_jose::remote::Freshness;
///
/// let lifetime = |fresh: Freshness| fresh.lifetime;
/// assert_eq!(lifetime(Freshness::of(&["public, max-age=600"], Some("100"), None, None)), Some(500_000));
/// assert_eq!(lifetime(Freshness::of(&["no-cache"], None, None, None)), Some(0));
/// assert_eq!(Freshness::of(&[], None, None, None), Freshness::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Freshness {
    /// Milliseconds; none where the headers say nothing.
    pub lifetime: Option<i64>,
}

impl Freshness {
    /// From the lines of `Cache-Control`, from `Age`, `Expires` and `Date`. `s-maxage` is for shared caches, which this is
    /// not (RFC 9111 §5.2.2.10).
    pub fn of(cache_control: &[&str], age: Option<&str>, expires: Option<&str>, date: Option<&str>) -> Self {
        let mut max_age = None;
        for directive in cache_control.iter().flat_map(|line| line.split(',')) {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            match name.trim().to_ascii_lowercase().as_str() {
                "no-store" | "no-cache" => return Self { lifetime: Some(0) },
                // RFC 9111 §4.2.1: of several the first, or the answer is stale.
                "max-age" if max_age.is_none() => {
                    max_age = Some(seconds(value.trim().trim_matches('"')).unwrap_or(0));
                }
                _ => {}
            }
        }
        let by_expires = || {
            let expires = expires?;
            // RFC 9111 §5.3: what is no date, such as "0", lies in the past.
            let until = http_date(expires).unwrap_or(0);
            Some(date.and_then(http_date).map_or(0, |date| until.saturating_sub(date)))
        };
        let lifetime = max_age.or_else(by_expires).map(|lifetime| {
            let age = age.and_then(|age| seconds(age.trim())).unwrap_or(0);
            lifetime.saturating_sub(age).max(0).saturating_mul(1000)
        });
        Self { lifetime }
    }
}

/// RFC 9111 §1.2.2: too large a number is a very large one.
fn seconds(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().unwrap_or(MOST_SECONDS).min(MOST_SECONDS))
}

/// Seconds since 1970 of a date as HTTP writes it (RFC 9110 §5.6.7); the two obsolete forms are none.
///
/// ```
/// use vestibule_jose::remote::http_date;
///
/// assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(http_date("0"), None);
/// ```
pub fn http_date(text: &str) -> Option<i64> {
    let mut words = text.trim().strip_suffix(" GMT")?.split(' ').skip(1);
    let day = words.next()?.parse().ok()?;
    let name = words.next()?;
    let month = MONTHS.iter().position(|month| *month == name)? as i64 + 1;
    let year = words.next()?.parse().ok()?;
    let mut time = words.next()?.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    let days = calendar::day(year, month, day)?;
    let in_range = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second);
    in_range.then_some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// A century: beyond it nothing is added up.
const MOST_SECONDS: i64 = 100 * 366 * 86_400;
