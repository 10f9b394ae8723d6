//! Signatures as WebAuthn writes them (§6.5.5): ECDSA's in DER, all others as JOSE has them.

use jose::{JwsAlgorithm, VerifyingKey};

use crate::der::{INTEGER, Reader};

/// Whether the signature over the message is this key's.
pub(crate) fn verify(key: &VerifyingKey, alg: JwsAlgorithm, message: &[u8], signature: &[u8]) -> bool {
    let len = match alg {
        JwsAlgorithm::ES256 => 32,
        JwsAlgorithm::ES384 => 48,
        JwsAlgorithm::ES512 => 66,
        _ => return key.verify(alg, message, signature),
    };
    raw(signature, len).is_some_and(|raw| key.verify(alg, message, &raw))
}

/// `r ‖ s` of `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279 §2.2.3), each `len` bytes long.
fn raw(der: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut outer = Reader::new(der);
    let mut body = outer.sequence()?;
    let (r, s) = (body.read(INTEGER)?, body.read(INTEGER)?);
    if !outer.is_empty() || !body.is_empty() {
        return None;
    }
    let mut out = vec![0; 2 * len];
    for (number, out) in [r, s].into_iter().zip(out.chunks_exact_mut(len)) {
        let digits = positive(number)?;
        out[len.checked_sub(digits.len())?..].copy_from_slice(digits);
    }
    Some(out)
}

/// The digits of a number above zero in its shortest form (X.690 §8.3.2).
fn positive(number: &[u8]) -> Option<&[u8]> {
    match number {
        [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => Some(digits),
        [0x01..=0x7f, ..] => Some(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::raw;

    #[test]
    fn der_becomes_two_numbers() {
        assert_eq!(raw(&[0x30, 6, 2, 1, 1, 2, 1, 2], 2), Some(vec![0, 1, 0, 2]));
        assert_eq!(raw(&[0x30, 8, 2, 2, 0, 0x80, 2, 2, 0x7f, 1], 2), Some(vec![0, 0x80, 0x7f, 1]));
    }

    #[test]
    fn what_is_not_der_is_refused() {
        for der in [
            &[0x30, 6, 2, 1, 1, 2, 1, 2, 0][..], // more follows
            &[0x30, 7, 2, 1, 1, 2, 1, 2, 0],     // more inside
            &[0x30, 0x81, 6, 2, 1, 1, 2, 1, 2],  // the length is not in its shortest form
            &[0x30, 7, 2, 2, 0, 1, 2, 1, 2],     // superfluous zero
            &[0x30, 6, 2, 1, 0x81, 2, 1, 2],     // negative
            &[0x30, 6, 2, 1, 0, 2, 1, 2],        // zero
            &[0x30, 5, 2, 0, 2, 1, 2],           // no digits
            &[0x30, 8, 2, 3, 1, 1, 1, 2, 1, 2],  // too long for the curve
            &[0x31, 6, 2, 1, 1, 2, 1, 2],        // another tag
            &[0x30, 3, 2, 1, 1],                 // only one
            &[],
        ] {
            assert_eq!(raw(der, 2), None, "{der:02x?}");
        }
    }
}
