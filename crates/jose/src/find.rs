//! Looking for bytes, eight together.

/// Where the first `byte` stands.
#[inline]
pub(crate) fn find(bytes: &[u8], byte: u8) -> Option<usize> {
    let (eights, rest) = bytes.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        // The lowest bit that is set stands where the first byte is.
        let found = equal(u64::from_le_bytes(*eight), byte);
        if found != 0 {
            return Some(index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|other| *other == byte).map(|at| eights.len() * 8 + at)
}

/// The same where it stands far off, if at all.
#[inline]
pub(crate) fn find_far(bytes: &[u8], byte: u8) -> Option<usize> {
    // The compiler takes many bytes of such a piece at a time.
    let holds = |piece: &&[u8; 64]| piece.iter().fold(false, |found, other| found | (*other == byte));
    let (pieces, _) = bytes.as_chunks::<64>();
    let passed = pieces.iter().take_while(|piece| !holds(piece)).count() * 64;
    find(&bytes[passed..], byte).map(|at| passed + at)
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
    use super::{find, find_far, needs_no_escape, same};

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
    fn the_first_is_found() {
        for len in (0..40).chain([63, 64, 65, 200]) {
            for wanted in [0, b'"', b'.', 0x7f, 0x80, 0xff] {
                for other in [wanted ^ 1, wanted ^ 0x80, 0, 1, 0xff].into_iter().filter(|other| *other != wanted) {
                    let mut bytes = vec![other; len];
                    assert_eq!((find(&bytes, wanted), find_far(&bytes, wanted)), (None, None));
                    for at in (0..len).rev() {
                        bytes[at] = wanted;
                        assert_eq!((find(&bytes, wanted), find_far(&bytes, wanted)), (Some(at), Some(at)));
                    }
                }
            }
        }
    }
}
