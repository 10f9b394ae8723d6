//! Looking for bytes, many together.

use wide::u8x16;

/// The places where a byte stands, one after the other; sixty-four bytes are looked at together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places<'a> {
    bytes: &'a [u8],
    byte: u8,
    /// Where the sixty-four begin.
    block: usize,
    /// A bit for each of the sixty-four that is the byte and was not given yet.
    left: u64,
}

impl<'a> Places<'a> {
    #[inline(always)]
    pub(crate) fn new(bytes: &'a [u8], byte: u8) -> Self {
        Self { bytes, byte, block: 0, left: equal_bits(bytes, byte) }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    #[inline(always)]
    fn next(&mut self) -> Option<usize> {
        while self.left == 0 {
            let rest = self.bytes.get(self.block + 64..).filter(|rest| !rest.is_empty())?;
            self.block += 64;
            self.left = equal_bits(rest, self.byte);
        }
        let place = self.block + self.left.trailing_zeros() as usize;
        self.left &= self.left - 1;
        Some(place)
    }
}

/// A bit for each of the first sixty-four bytes that is this one.
#[inline(always)]
fn equal_bits(bytes: &[u8], byte: u8) -> u64 {
    match bytes.first_chunk() {
        Some(block) => equal_bits_of_block(block, byte),
        None => {
            let mut block = [!byte; 64];
            block[..bytes.len()].copy_from_slice(bytes);
            equal_bits_of_block(&block, byte)
        }
    }
}

#[inline(always)]
fn equal_bits_of_block(block: &[u8; 64], byte: u8) -> u64 {
    let sixteens = block.as_chunks::<16>().0.iter().rev();
    let bits = sixteens.map(|sixteen| u8x16::new(*sixteen).simd_eq(u8x16::splat(byte)).to_bitmask());
    bits.fold(0, |all, bits| all << 16 | u64::from(bits))
}

/// Whether no string of this JSON has an escape or a control character (RFC 8259 §7), since the whole text has none.
#[inline]
pub(crate) fn has_no_escape(text: &[u8]) -> bool {
    let odd = |sixteen: &[u8; 16]| {
        let sixteen = u8x16::new(*sixteen);
        sixteen.simd_eq(u8x16::splat(b'\\')) | sixteen.simd_eq(sixteen.min(u8x16::splat(0x1f)))
    };
    match text.last_chunk() {
        // The last sixteen, of which some have been looked at already, spare the rest.
        Some(last) => !text.as_chunks().0.iter().fold(odd(last), |all, sixteen| all | odd(sixteen)).any(),
        None => text.iter().all(|byte| !matches!(byte, ..0x20 | b'\\')),
    }
}

/// Whether two short names are the same: mostly the first signs tell, before a library call would have begun.
#[inline]
pub(crate) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).all(|(a, b)| a == b)
}

/// Whether a JSON string holds these bytes as they are (RFC 8259 §7): none is a control character, a quotation mark or a
/// backslash.
#[inline]
pub(crate) fn needs_no_escape(bytes: &[u8]) -> bool {
    let odd = |eight: &[u8; 8]| {
        let eight = u64::from_le_bytes(*eight);
        below(eight, 0x20) | equal(eight, b'"') | equal(eight, b'\\')
    };
    match bytes.last_chunk::<8>() {
        // The last eight, of which some have been looked at already, spare the rest.
        Some(last) => bytes.as_chunks::<8>().0.iter().fold(odd(last), |all, eight| all | odd(eight)) == 0,
        None => bytes.iter().all(|byte| !matches!(byte, ..0x20 | b'"' | b'\\')),
    }
}

/// A bit of 0x80 where a byte is this one, and perhaps where those above it are.
#[inline]
fn equal(eight: u64, byte: u8) -> u64 {
    below(eight ^ (ONES * u64::from(byte)), 1)
}

/// A bit of 0x80 where a byte is below `bound`, which is 0x80 at most, and perhaps where those above it are.
#[inline]
fn below(eight: u64, bound: u8) -> u64 {
    eight.wrapping_sub(ONES * u64::from(bound)) & !eight & (ONES << 7)
}

const ONES: u64 = u64::MAX / 0xff;

#[cfg(test)]
mod tests {
    use super::{Places, has_no_escape, needs_no_escape, same};

    #[test]
    fn rfc_8259_7_what_must_be_escaped_is_seen_everywhere() {
        for len in 1..40 {
            for others in [b'x', 0x20, 0x7f, 0x80, 0xff, b'!', b'#', b'[', b']'] {
                let mut bytes = vec![others; len];
                assert!(needs_no_escape(&bytes));
                for at in 0..len {
                    for byte in 0..=255 {
                        bytes[at] = byte;
                        let escaped = byte < 0x20 || byte == b'"' || byte == b'\\';
                        assert_eq!(needs_no_escape(&bytes), !escaped, "{bytes:?}");
                    }
                    bytes[at] = others;
                }
            }
        }
        assert!(needs_no_escape(b""));
    }

    #[test]
    fn the_same_is_what_is_equal() {
        let names = ["", "alg", "alh", "enc", "epk", "A128GCM", "A256GCM", "A128GCMKW", "ä", "a\0"];
        for a in names {
            for b in names {
                assert_eq!(same(a, b), a == b, "{a} {b}");
            }
        }
    }

    #[test]
    fn every_place_is_found_and_no_other() {
        for len in (0..40).chain([63, 64, 65, 127, 128, 129, 200]) {
            for wanted in [0, b'"', b'.', 0x7f, 0x80, 0xff] {
                for other in
                    [wanted ^ 1, wanted ^ 0x80, !wanted, 0, 1, 0xff].into_iter().filter(|other| *other != wanted)
                {
                    let mut bytes = vec![other; len];
                    let places = |bytes: &[u8]| Vec::from_iter(Places::new(bytes, wanted));
                    assert!(places(&bytes).is_empty());
                    for step in [1, 2, 7, 64] {
                        bytes.fill(other);
                        let expected: Vec<usize> = (0..len).rev().step_by(step).collect();
                        expected.iter().for_each(|at| bytes[*at] = wanted);
                        assert!(places(&bytes).iter().eq(expected.iter().rev()));
                    }
                }
            }
        }
    }

    #[test]
    fn rfc_8259_7_an_escape_is_seen_everywhere() {
        for len in 1..70 {
            let mut bytes = vec![b'x'; len];
            assert!(has_no_escape(&bytes));
            for at in 0..len {
                for byte in 0..=255 {
                    bytes[at] = byte;
                    assert_eq!(has_no_escape(&bytes), byte >= 0x20 && byte != b'\\', "{byte} at {at} of {len}");
                }
                bytes[at] = b'x';
            }
        }
        assert!(has_no_escape(b""));
    }
}
