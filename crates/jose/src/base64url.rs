//! base64url without padding, and only the canonical spelling (RFC 7515 §2, RFC 4648 §3.5).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The text is not canonical base64url without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not base64url without padding in its one canonical spelling")]
pub struct NotBase64url;

/// Encodes without padding.
pub fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Encodes at the end of `out`, without an allocation where its capacity is enough.
pub fn encode_to(bytes: &[u8], out: &mut String) {
    URL_SAFE_NO_PAD.encode_string(bytes, out);
}

/// The length of what [`encode`] makes of `bytes` bytes.
pub const fn encoded_len(bytes: usize) -> usize {
    bytes / 3 * 4 + (bytes % 3 * 4).div_ceil(3)
}

/// Decodes; padding, blanks, the other alphabet and stray trailing bits are refused.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, NotBase64url> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| NotBase64url)
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn only_the_canonical_spelling_is_read() {
        for text in ["QQ==", "QQ=", "QR", "Q Q", "QQ\n", "+/8", "Q"] {
            assert_eq!(decode(text), Err(NotBase64url), "{text:?}");
        }
        assert_eq!(decode("QQ"), Ok(b"A".to_vec()));
    }
}
