//! Points in time (RFC 5280 §4.1.2.5): UTCTime until 2049, GeneralizedTime after; to the second, in UTC.

use crate::calendar;
use crate::der::reader::Reader;
use crate::jwk::KeyError;

/// Seconds since 1970.
pub(super) fn read(reader: &mut Reader<'_>) -> Result<i64, KeyError> {
    let (tag, digits) = reader.any()?;
    let (year, rest) = match (tag, digits) {
        (UTC_TIME, [a, b, rest @ ..]) => {
            let year = number(&[*a, *b]).ok_or(WRONG)?;
            (if year < 50 { 2000 + year } else { 1900 + year }, rest)
        }
        (GENERALIZED_TIME, [a, b, c, d, rest @ ..]) => (number(&[*a, *b, *c, *d]).ok_or(WRONG)?, rest),
        _ => return Err(WRONG),
    };
    let [fields @ .., b'Z'] = rest else { return Err(WRONG) };
    if fields.len() != 10 {
        return Err(WRONG);
    }
    let field = |at: usize, range: std::ops::RangeInclusive<i64>| {
        number(&fields[at..at + 2]).filter(|value| range.contains(value)).ok_or(WRONG)
    };
    let (month, day) = (field(0, 1..=12)?, field(2, 1..=31)?);
    let days = calendar::day(year, month, day).ok_or(WRONG)?;
    let (hour, minute, second) = (field(4, 0..=23)?, field(6, 0..=59)?, field(8, 0..=59)?);
    Ok(days * 86_400 + hour * 3_600 + minute * 60 + second)
}

fn number(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0, |value, digit| {
        let digit = digit.is_ascii_digit().then(|| i64::from(digit - b'0'))?;
        Some(value * 10 + digit)
    })
}

const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;
const WRONG: KeyError = KeyError::Encoding("a time is not written as RFC 5280 §4.1.2.5 has it");

#[cfg(test)]
mod tests {
    use super::*;

    fn time(tag: u8, text: &str) -> Option<i64> {
        let document = [&[tag, u8::try_from(text.len()).expect("short")], text.as_bytes()].concat();
        read(&mut Reader::new(&document)).ok()
    }

    #[test]
    fn times_are_seconds() {
        assert_eq!(time(UTC_TIME, "700101000000Z"), Some(0));
        assert_eq!(time(UTC_TIME, "130221232915Z"), Some(1_361_489_355));
        assert_eq!(time(UTC_TIME, "500101000000Z"), Some(-631_152_000));
        assert_eq!(time(GENERALIZED_TIME, "20500101000000Z"), Some(2_524_608_000));
        assert_eq!(time(GENERALIZED_TIME, "20000229235959Z"), Some(951_868_799));
        assert_eq!(time(GENERALIZED_TIME, "99991231235959Z"), Some(253_402_300_799));
        for text in
            ["130229000000Z", "131301000000Z", "130001000000Z", "130101240000Z", "130101006000Z", "130101000060Z"]
        {
            assert_eq!(time(UTC_TIME, text), None, "{text}");
        }
        for text in ["1301010000Z", "130101000000+0100", "130101000000", "13010100000aZ", "13010100000000Z", ""] {
            assert_eq!(time(UTC_TIME, text), None, "{text}");
        }
        assert_eq!(time(GENERALIZED_TIME, "19000229000000Z"), None);
        assert_eq!(time(GENERALIZED_TIME, "20130101000000.5Z"), None);
        assert_eq!(time(0x16, "130101000000Z"), None);
    }
}
