//! Keys and signatures on P-256 as systems write them, and as JOSE does.

/// The coordinates of a public key: the point as Apple's systems give it (`SecKeyCopyExternalRepresentation`), or the
/// SubjectPublicKeyInfo that Java gives (`PublicKey.getEncoded`), which ends in it.
pub(crate) fn coordinates(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let point = key.strip_prefix(SPKI).unwrap_or(key);
    let (form, point) = point.split_first()?;
    // SEC 1 §2.3.3: uncompressed.
    (*form == 4 && point.len() == 64).then(|| point.split_at(32))
}

/// The raw `r ‖ s` (RFC 7518 §3.4) of an ECDSA-Sig-Value (RFC 3279 §2.2.3), which Android's Keystore and the Secure Enclave write.
pub(crate) fn raw_signature(der: &[u8]) -> Option<[u8; 64]> {
    let (sequence, rest) = element(der, 0x30)?;
    let (r, after) = element(sequence, 0x02)?;
    let (s, end) = element(after, 0x02)?;
    if !(rest.is_empty() && end.is_empty()) {
        return None;
    }
    let mut raw = [0; 64];
    for (number, half) in [r, s].into_iter().zip(raw.chunks_mut(32)) {
        let digits = number.strip_prefix(&[0]).unwrap_or(number);
        let before = half.len().checked_sub(digits.len())?;
        half[before..].copy_from_slice(digits);
    }
    Some(raw)
}

/// An element of this tag with a length below 128, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (head, rest) = der.split_at_checked(2)?;
    let length = usize::from(head[1]);
    if head[0] != tag || length >= 128 || length == 0 {
        return None;
    }
    rest.split_at_checked(length)
}

/// Of a key on P-256 all that comes before the point (RFC 5480 §2).
const SPKI: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_two_numbers_of_32_bytes() {
        let der = |r: &[u8], s: &[u8]| {
            let mut body = vec![2, u8::try_from(r.len()).unwrap()];
            body.extend(r);
            body.extend([2, u8::try_from(s.len()).unwrap()]);
            body.extend(s);
            [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
        };
        let high = [vec![0], vec![0xff; 32]].concat();
        let raw = raw_signature(&der(&high, &[7])).unwrap();
        assert_eq!((&raw[..32], &raw[32..63], raw[63]), (&[0xff; 32][..], &[0; 31][..], 7));
        assert_eq!(raw_signature(&der(&[1; 33], &[7])), None, "too long");
        assert_eq!(raw_signature(&[der(&[1], &[7]), vec![0]].concat()), None, "something follows");
        assert_eq!(raw_signature(&der(&[1], &[7])[..7]), None, "something is missing");
        assert_eq!(raw_signature(&[0x30, 4, 2, 0, 2, 0]), None, "no number");
        assert_eq!(raw_signature(&[7; 64]), None, "the raw form");
        assert_eq!(raw_signature(&[]), None);
    }

    #[test]
    fn a_key_comes_as_a_point_or_with_its_kind() {
        let point = [vec![4], vec![1; 32], vec![2; 32]].concat();
        let spki = [SPKI, &point].concat();
        for key in [&point, &spki] {
            assert_eq!(coordinates(key), Some((&[1; 32][..], &[2; 32][..])));
        }
        assert_eq!(coordinates(&[vec![2], vec![1; 32]].concat()), None, "compressed");
        assert_eq!(coordinates(&spki[..90]), None);
        assert_eq!(coordinates(&[]), None);
    }
}
