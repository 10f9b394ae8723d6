//! One-time codes by counter (RFC 4226), and base32, in which their secrets are written: HMAC's use beside JOSE, here so
//! that it goes through the same provider.

use zeroize::Zeroizing;

use crate::alg::Hash;
use crate::provider::Provider;

/// The code of a counter: dynamic truncation (RFC 4226 §5.3). `digits` are ten at most.
///
/// ```
/// let code = vestibule_jose::otp::hotp(vestibule_jose::provider::aws_lc(), vestibule_jose::alg::Hash::Sha1, b"12345678901234567890", 0, 6);
/// assert_eq!(*code, "755224");
/// ```
pub fn hotp(provider: &dyn Provider, hash: Hash, secret: &[u8], counter: u64, digits: u32) -> Zeroizing<String> {
    let tag = provider.hmac(hash, secret, &counter.to_be_bytes());
    let at = usize::from(tag.last().copied().unwrap_or_default() & 15);
    let word = tag[at..at + 4].iter().fold(0u32, |word, byte| word << 8 | u32::from(*byte)) & 0x7fff_ffff;
    let code = u64::from(word) % 10u64.pow(digits.min(10));
    Zeroizing::new(format!("{code:0width$}", width = digits as usize))
}

/// RFC 4648 §6 without padding, as authenticator apps write secrets.
///
/// ```
/// assert_eq!(vestibule_jose::otp::base32(b"foobar"), "MZXW6YTBOI");
/// ```
pub fn base32(bytes: &[u8]) -> String {
    let letter = |bits: u64| char::from(BASE32[(bits & 31) as usize]);
    let chunk = |chunk: &[u8]| {
        let bits = chunk.iter().fold(0u64, |bits, byte| bits << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        (0..(chunk.len() * 8).div_ceil(5)).map(move |at| letter(bits >> (35 - 5 * at))).collect::<String>()
    };
    bytes.chunks(5).map(chunk).collect()
}

/// Base32's letters, by value (RFC 4648 §6).
///
/// ```
/// assert_eq!(vestibule_jose::otp::BASE32[31], b'7');
/// ```
pub const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

#[cfg(all(test, feature = "aws-lc"))]
mod tests {
    use super::*;
    use crate::provider::aws_lc;

    /// RFC 6238 appendix B, and RFC 4226 appendix D.
    #[test]
    fn the_codes_of_the_specifications() {
        for (seconds, hash, code) in [
            (59_u64, Hash::Sha1, "94287082"),
            (1_111_111_109, Hash::Sha1, "07081804"),
            (1_111_111_111, Hash::Sha1, "14050471"),
            (1_234_567_890, Hash::Sha1, "89005924"),
            (2_000_000_000, Hash::Sha1, "69279037"),
            (20_000_000_000, Hash::Sha1, "65353130"),
            (59, Hash::Sha256, "46119246"),
            (59, Hash::Sha512, "90693936"),
        ] {
            let length = match hash {
                Hash::Sha256 => 32,
                Hash::Sha512 => 64,
                _ => 20,
            };
            let secret: Vec<u8> = b"1234567890".iter().copied().cycle().take(length).collect();
            assert_eq!(*hotp(aws_lc(), hash, &secret, seconds / 30, 8), code);
        }
        for (counter, code) in [(0, "755224"), (1, "287082"), (9, "520489")] {
            assert_eq!(*hotp(aws_lc(), Hash::Sha1, b"12345678901234567890", counter, 6), code);
        }
    }
}
