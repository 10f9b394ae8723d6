//! Looking for one byte.

/// Where the first `byte` stands; eight are looked at together.
#[inline]
pub(crate) fn find(bytes: &[u8], byte: u8) -> Option<usize> {
    const ONES: u64 = u64::MAX / 0xff;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (index, eight) in eights.iter().enumerate() {
        let others = u64::from_le_bytes(*eight) ^ (ONES * u64::from(byte));
        // The lowest bit of 0x80 that is set stands where the first byte is zero.
        let zeros = others.wrapping_sub(ONES) & !others & (ONES << 7);
        if zeros != 0 {
            return Some(index * 8 + zeros.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|other| *other == byte).map(|at| eights.len() * 8 + at)
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_first_is_found() {
        for len in 0..40 {
            for wanted in [0, b'"', b'.', 0x7f, 0x80, 0xff] {
                for other in [wanted ^ 1, wanted ^ 0x80, 0, 1, 0xff].into_iter().filter(|other| *other != wanted) {
                    let mut bytes = vec![other; len];
                    assert_eq!(find(&bytes, wanted), None);
                    for at in (0..len).rev() {
                        bytes[at] = wanted;
                        assert_eq!(find(&bytes, wanted), Some(at));
                    }
                }
            }
        }
    }
}
