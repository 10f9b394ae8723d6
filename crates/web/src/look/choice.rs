//! Which language a request asks for: RFC 4647 §3.4 lookup over `ui_locales`
//! (OpenID Connect Core §3.1.2.1) and `Accept-Language` (RFC 9110 §12.5.4).

use super::locale::Locale;

/// Longest header or parameter that is looked at, in bytes.
const LONGEST: usize = 1024;
/// Most ranges that are looked at.
const MOST: usize = 32;

/// The language of the first range that we have one for.
pub(super) fn lookup<'a>(ranges: impl Iterator<Item = &'a str>) -> Option<Locale> {
    ranges.take(MOST).find_map(truncated)
}

/// The ranges of a space-separated `ui_locales`, most wanted first.
pub(super) fn ui_locales(value: &str) -> impl Iterator<Item = &str> {
    bounded(value).split(' ').filter(|range| !range.is_empty())
}

/// The ranges of an `Accept-Language` header, most wanted first; those with
/// `q=0` and the wildcard, which lookup ignores, are left out.
pub(super) fn accept_language(value: &str) -> impl Iterator<Item = &str> {
    let mut ranges: Vec<(u16, &str)> = bounded(value)
        .split(',')
        .take(MOST)
        .filter_map(weighted)
        .filter(|&(weight, range)| weight > 0 && range != "*")
        .collect();
    // The sort is stable: equal weights stay in the order of the header.
    ranges.sort_by_key(|&(weight, _)| std::cmp::Reverse(weight));
    ranges.into_iter().map(|(_, range)| range)
}

/// RFC 4647 §3.4: the range is shortened from its end until it matches. (A single
/// letter left at the end would go too, but it matches no tag of ours anyway.)
fn truncated(range: &str) -> Option<Locale> {
    let mut range = range;
    loop {
        if let Some(locale) = Locale::from_tag(range) {
            return Some(locale);
        }
        (range, _) = range.rsplit_once('-')?;
    }
}

fn weighted(item: &str) -> Option<(u16, &str)> {
    let mut parts = item.split(';').map(str::trim);
    let range = parts.next().filter(|range| !range.is_empty())?;
    let weight = match parts.next() {
        None => 1000,
        Some(parameter) => thousandths(parameter.strip_prefix("q=")?.trim())?,
    };
    Some((weight, range))
}

/// RFC 9110 §12.4.2: a weight has at most three digits after the point.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, digits) = weight.split_once('.').unwrap_or((weight, ""));
    if digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{digits:0<3}").parse().ok()?;
    match (whole, fraction) {
        ("0", _) => Some(fraction),
        ("1", 0) => Some(1000),
        _ => None,
    }
}

fn bounded(value: &str) -> &str {
    let mut end = value.len().min(LONGEST);
    while !value.is_char_boundary(end) {
        end -= 1;
    }
    &value[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ui(value: &str) -> Option<Locale> {
        lookup(ui_locales(value))
    }

    fn accept(value: &str) -> Option<Locale> {
        lookup(accept_language(value))
    }

    #[test]
    fn rfc_4647_3_4_a_range_is_shortened_until_it_matches() {
        assert_eq!(ui("de-CH-1996"), Some(Locale::De));
        assert_eq!(ui("ar-x-unknown"), Some(Locale::Ar));
        assert_eq!(ui("DE-at"), Some(Locale::De));
        assert_eq!(ui("dex"), None);
        assert_eq!(ui("fr-CA fr  ar en"), Some(Locale::Ar));
        assert_eq!(ui(""), None);
    }

    #[test]
    fn rfc_9110_12_5_4_the_heaviest_range_wins() {
        assert_eq!(accept("en;q=0.8, de;q=0.9"), Some(Locale::De));
        assert_eq!(accept("fr, ar;q=0.5, *;q=0.1"), Some(Locale::Ar));
        assert_eq!(accept("de;q=0, en;q=0.1"), Some(Locale::En));
        assert_eq!(accept("de, ar"), Some(Locale::De));
        assert_eq!(accept("*"), None);
        assert_eq!(accept("de;q=0"), None);
        assert_eq!(accept("de;q=2, ar;q=0.0001, ;;,,"), None);
    }

    #[test]
    fn what_is_too_long_is_not_read_to_the_end() {
        assert_eq!(ui(&format!("{} de", "ü".repeat(LONGEST))), None);
        assert_eq!(ui(&format!("{}de", "xx ".repeat(MOST))), None);
        assert_eq!(accept(&format!("{}de", "xx,".repeat(MOST))), None);
    }
}
