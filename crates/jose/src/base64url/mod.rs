//! base64url without padding, and only the canonical spelling (RFC 7515 §2, RFC 4648 §3.5).

mod vectors;

use base64::Engine as _;

use crate::scratch::Scratch;

/// The text is not canonical base64url without padding.
///
/// ```
/// use vestibule_jose::base64url::{NotBase64url, decode};
///
/// // Padding, another alphabet, and bits that no encoder leaves behind.
/// for text in ["aGk=", "+/8", "aGl"] {
///     assert_eq!(decode(text), Err(NotBase64url));
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding in its one canonical spelling")]
pub struct NotBase64url;

/// Encodes without padding.
///
/// ```
/// assert_eq!(vestibule_jose::base64url::encode("hi"), "aGk");
/// ```
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    vectors::ENGINE.encode(bytes)
}

/// Encodes at the end of `out`, without an allocation where its capacity is enough.
///
/// ```
/// let mut text = "payload=".to_owned();
/// vestibule_jose::base64url::encode_to(b"hi", &mut text);
/// assert_eq!(text, "payload=aGk");
/// ```
pub fn encode_to(bytes: &[u8], out: &mut String) {
    vectors::ENGINE.encode_string(bytes, out);
}

/// Encodes at the end of bytes that will be a text.
pub(crate) fn encode_into(bytes: &[u8], out: &mut Vec<u8>) {
    let begun = out.len();
    out.resize(begun + encoded_len(bytes.len()), 0);
    if vectors::encode(bytes, &mut out[begun..]) {
        return;
    }
    let (sixes, rest) = bytes.as_chunks::<6>();
    let (eights, end) = out[begun..].split_at_mut(sixes.len() * 8);
    for ([a, b, c, d, e, f], eight) in sixes.iter().zip(eights.as_chunks_mut::<8>().0) {
        let bits = u64::from_be_bytes([0, 0, *a, *b, *c, *d, *e, *f]);
        let pairs = [bits >> 36, bits >> 24, bits >> 12, bits].map(|pair| PAIRS[(pair & 0xfff) as usize]);
        eight.copy_from_slice(pairs.as_flattened());
    }
    let (triples, rest) = rest.as_chunks::<3>();
    let (fours, end) = end.split_at_mut(triples.len() * 4);
    for ([a, b, c], four) in triples.iter().zip(fours.as_chunks_mut::<4>().0) {
        let bits = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        let ([first, second], [third, fourth]) = (PAIRS[bits >> 12], PAIRS[bits & 0xfff]);
        *four = [first, second, third, fourth];
    }
    match (rest, end) {
        ([a], end @ [_, _]) => end.copy_from_slice(&PAIRS[usize::from(*a) << 4]),
        ([a, b], [first, second, third]) => {
            let bits = usize::from(*a) << 16 | usize::from(*b) << 8;
            ([*first, *second], [*third, _]) = (PAIRS[bits >> 12], PAIRS[bits & 0xfff]);
        }
        _ => {}
    }
}

/// The length of what [`encode`] makes of `bytes` bytes.
///
/// ```
/// assert_eq!(vestibule_jose::base64url::encoded_len(32), 43);
/// ```
pub const fn encoded_len(bytes: usize) -> usize {
    bytes / 3 * 4 + (bytes % 3 * 4).div_ceil(3)
}

/// Decodes; padding, blanks, the other alphabet and stray trailing bits are refused. The answer takes three bytes for
/// four signs, however many there are: whoever reads foreign text bounds it before.
///
/// ```
/// assert_eq!(vestibule_jose::base64url::decode("aGk").as_deref(), Ok(&b"hi"[..]));
/// ```
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, NotBase64url> {
    let text = text.as_ref();
    let mut out = vec![0; decoded_len(text.len())];
    decode_slice(text, &mut out)?;
    Ok(out)
}

/// Decodes for a moment.
pub(crate) fn decode_in<'a>(text: &str, scratch: &'a mut Scratch) -> Result<&'a [u8], NotBase64url> {
    let out = scratch.take(decoded_len(text.len()));
    decode_slice(text.as_bytes(), out)?;
    Ok(out)
}

/// The length of what `chars` signs can decode to.
pub(crate) const fn decoded_len(chars: usize) -> usize {
    chars / 4 * 3 + chars % 4 * 3 / 4
}

/// Decodes into `out`, which is exactly [`decoded_len`] long.
pub(crate) fn decode_slice(text: &[u8], out: &mut [u8]) -> Result<(), NotBase64url> {
    let (text, out) = vectors::decode(text, out)?;
    let (sixteens, rest) = text.as_chunks::<16>();
    let (dozens, end) = out.split_at_mut_checked(sixteens.len() * 12).ok_or(NotBase64url)?;
    let mut seen = 0;
    for (signs, dozen) in sixteens.iter().zip(dozens.as_chunks_mut::<12>().0) {
        // One load for each sign is faster than one for four of them that are then taken apart.
        let bits = |at: usize| bits([signs[at], signs[at + 1], signs[at + 2], signs[at + 3]]);
        let [a, b, c, d] = [bits(0), bits(4), bits(8), bits(12)];
        seen |= a | b | c | d;
        let eight = u64::from(a) << 40 | u64::from(b) << 16 | u64::from(c) >> 8;
        dozen[..8].copy_from_slice(&eight.to_be_bytes());
        dozen[8..].copy_from_slice(&(c << 24 | d).to_be_bytes());
    }
    let (fours, rest) = rest.as_chunks::<4>();
    let (triples, end) = end.split_at_mut_checked(fours.len() * 3).ok_or(NotBase64url)?;
    for (four, triple) in fours.iter().zip(triples.as_chunks_mut::<3>().0) {
        let bits = bits(*four);
        seen |= bits;
        let [_, a, b, c] = bits.to_be_bytes();
        *triple = [a, b, c];
    }
    // The bits beyond the last whole byte must not be there (RFC 4648 §3.5); a single sign holds no byte at all.
    let (last, stray) = match (rest, end) {
        ([], []) => (0, 0),
        ([a, b], [first]) => {
            let last = bits([*a, *b, b'A', b'A']);
            *first = (last >> 16) as u8;
            (last, last & 0xffff)
        }
        ([a, b, c], [first, second]) => {
            let last = bits([*a, *b, *c, b'A']);
            (*first, *second) = ((last >> 16) as u8, (last >> 8) as u8);
            (last, last & 0xff)
        }
        _ => return Err(NotBase64url),
    };
    if (seen | last) & INVALID != 0 || stray != 0 { Err(NotBase64url) } else { Ok(()) }
}

/// 24 bits of four signs, and [`INVALID`] where one of them is none.
#[inline(always)]
fn bits([a, b, c, d]: [u8; 4]) -> u32 {
    let at = |place: usize, sign: u8| SEXTETS[place][usize::from(sign)];
    at(0, a) | at(1, b) | at(2, c) | at(3, d)
}

/// RFC 4648 §5.
const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Two signs for each twelve bits.
static PAIRS: [[u8; 2]; 4096] = {
    let mut table = [[0; 2]; 4096];
    let mut bits = 0;
    while bits < table.len() {
        table[bits] = [ALPHABET[bits >> 6], ALPHABET[bits & 0x3f]];
        bits += 1;
    }
    table
};

/// The value of each sign in each of four places.
static SEXTETS: [[u32; 256]; 4] = {
    let mut table = [[INVALID; 256]; 4];
    let mut value = 0;
    while value < ALPHABET.len() {
        let mut place = 0;
        while place < 4 {
            table[place][ALPHABET[value] as usize] = (value as u32) << (18 - 6 * place);
            place += 1;
        }
        value += 1;
    }
    table
};

/// No 24 bits have this one.
const INVALID: u32 = 1 << 31;

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    /// RFC 7515 appendix C.
    #[test]
    fn encodes_as_rfc_7515_appendix_c() {
        assert_eq!(encode([3, 236, 255, 224, 193]), "A-z_4ME");
        assert_eq!(decode("A-z_4ME"), Ok(vec![3, 236, 255, 224, 193]));
    }

    #[test]
    fn the_length_is_known_before() {
        for bytes in 0..50 {
            assert_eq!(encode(vec![7; bytes]).len(), encoded_len(bytes));
        }
    }

    #[test]
    fn writes_what_another_implementation_writes() {
        for len in (0..160_usize).chain([191, 192, 193, 1000]) {
            let bytes: Vec<u8> = (0..len).map(|at| (at * 151 + len * 7) as u8).collect();
            let mut out = b"x.".to_vec();
            encode_into(&bytes, &mut out);
            assert_eq!(out, [b"x.", encode(&bytes).as_bytes()].concat());
        }
    }

    #[test]
    fn only_the_canonical_spelling_is_read() {
        for text in ["QQ==", "QQ=", "QR", "Q Q", "QQ\n", "+/8", "Q"] {
            assert_eq!(decode(text), Err(NotBase64url), "{text:?}");
        }
        assert_eq!(decode("QQ"), Ok(b"A".to_vec()));
    }

    /// Every text that one that is right can become by one wrong sign, and every length: what is read here is what
    /// another implementation reads.
    #[test]
    fn reads_what_another_implementation_reads() {
        for len in (0..60_usize).chain([95, 96, 97, 98, 191, 192, 193, 300]) {
            let bytes: Vec<u8> = (0..len).map(|at| (at * 151 + len * 7) as u8).collect();
            let text = encode(&bytes).into_bytes();
            assert_eq!(decode(&text), Ok(bytes));
            for at in 0..text.len() {
                for sign in 0..=255 {
                    let mut other = text.clone();
                    other[at] = sign;
                    assert_eq!(decode(&other).ok(), URL_SAFE_NO_PAD.decode(&other).ok(), "{other:?}");
                }
            }
            let cut = &text[..text.len().saturating_sub(1)];
            assert_eq!(decode(cut).ok(), URL_SAFE_NO_PAD.decode(cut).ok());
        }
    }
}
