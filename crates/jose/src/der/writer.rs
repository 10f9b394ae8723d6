//! DER, written from the inside out into buffers that are wiped.

use zeroize::Zeroizing;

/// A finished value.
pub(super) type Der = Zeroizing<Vec<u8>>;

/// One value with its tag and length. No key here comes near 64 KiB.
pub(super) fn value(tag: u8, parts: &[&[u8]]) -> Der {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    // The capacity is exact, so that nothing secret is left behind by a growing buffer.
    let mut out = Zeroizing::new(Vec::with_capacity(len + 4));
    out.push(tag);
    match len.to_be_bytes() {
        [.., 0, low] if low < 0x80 => out.push(low),
        [.., 0, low] => out.extend([0x81, low]),
        [.., high, low] => out.extend([0x82, high, low]),
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// A number from its big-endian bytes, with a sign byte where the highest bit is set.
pub(super) fn integer(number: &[u8]) -> Der {
    let first = number.iter().position(|byte| *byte != 0).unwrap_or(number.len().saturating_sub(1));
    let number = &number[first..];
    let sign: &[u8] = if number.first().is_none_or(|byte| *byte >= 0x80) { &[0] } else { &[] };
    value(super::reader::INTEGER, &[sign, number])
}
