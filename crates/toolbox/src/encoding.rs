//! Bytes as text. Lenient on purpose: people paste what they have, with blanks, in either alphabet, padded or not. What is
//! checked strictly (tokens, keys) is checked by `jose`.

use base64::Engine as _;
use base64::alphabet::{STANDARD, URL_SAFE};
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use jose::otp::BASE32;
pub use jose::otp::base32;

/// How bytes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Two digits a byte, the lower-case ones where we write.
    Hex,
    /// RFC 4648 §4, padded where we write.
    Base64,
    /// RFC 4648 §5, without padding where we write.
    Base64url,
}

/// The text is not what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not {0}")]
pub struct NotEncoded(&'static str);

impl Encoding {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Hex, Self::Base64, Self::Base64url];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Base64url => "base64url",
        }
    }

    /// The encoding of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|encoding| encoding.as_str() == name)
    }

    /// Writes bytes.
    pub fn encode(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex(bytes),
            Self::Base64 => base64::engine::general_purpose::STANDARD.encode(bytes),
            Self::Base64url => jose::base64url::encode(bytes),
        }
    }

    /// Reads bytes. Blanks are passed over; base64 may be in either alphabet, with or without padding.
    pub fn decode(self, text: &str) -> Result<Vec<u8>, NotEncoded> {
        match self {
            Self::Hex => unhex(text).ok_or(NotEncoded("hex: two digits 0-9, a-f for each byte")),
            Self::Base64 | Self::Base64url => unbase64(text).ok_or(NotEncoded("base64")),
        }
    }
}

/// Bytes in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// Reads base32: either case; blanks, hyphens and padding are passed over.
pub fn unbase32(text: &str) -> Result<Vec<u8>, NotEncoded> {
    const WRONG: NotEncoded = NotEncoded("base32: letters A-Z and digits 2-7");
    let mut bytes = Vec::with_capacity(text.len() * 5 / 8);
    let (mut bits, mut held) = (0u32, 0u32);
    for letter in text.bytes().filter(|byte| !byte.is_ascii_whitespace() && !b"-=".contains(byte)) {
        let value = BASE32.iter().position(|known| *known == letter.to_ascii_uppercase()).ok_or(WRONG)?;
        bits = bits << 5 | value as u32;
        held += 5;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    // Whole letters that are left over hold no byte: a letter was lost.
    if held >= 5 { Err(WRONG) } else { Ok(bytes) }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().filter(|letter| !letter.is_whitespace() && *letter != ':');
    let digits = digits.map(|letter| letter.to_digit(16)).collect::<Option<Vec<_>>>()?;
    let pairs = digits.chunks_exact(2);
    pairs.remainder().is_empty().then(|| pairs.map(|pair| (pair[0] << 4 | pair[1]) as u8).collect())
}

fn unbase64(text: &str) -> Option<Vec<u8>> {
    let text: String = text.chars().filter(|letter| !letter.is_whitespace()).collect();
    let alphabet = if text.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    GeneralPurpose::new(alphabet, LENIENT).decode(text).ok()
}

const LENIENT: GeneralPurposeConfig = GeneralPurposeConfig::new()
    .with_decode_padding_mode(DecodePaddingMode::Indifferent)
    .with_decode_allow_trailing_bits(true);
const DIGITS: &[u8; 16] = b"0123456789abcdef";

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 4648 §10.
    #[test]
    fn the_rfcs_examples() {
        for (plain, base64, base32_text, hex_text) in [
            ("", "", "", ""),
            ("f", "Zg==", "MY", "66"),
            ("fo", "Zm8=", "MZXQ", "666f"),
            ("foo", "Zm9v", "MZXW6", "666f6f"),
            ("foob", "Zm9vYg==", "MZXW6YQ", "666f6f62"),
            ("fooba", "Zm9vYmE=", "MZXW6YTB", "666f6f6261"),
            ("foobar", "Zm9vYmFy", "MZXW6YTBOI", "666f6f626172"),
        ] {
            assert_eq!(Encoding::Base64.encode(plain.as_bytes()), base64);
            assert_eq!(Encoding::Base64.decode(base64).as_deref(), Ok(plain.as_bytes()));
            assert_eq!(base32(plain.as_bytes()), base32_text);
            assert_eq!(unbase32(base32_text).as_deref(), Ok(plain.as_bytes()));
            assert_eq!(Encoding::Hex.encode(plain.as_bytes()), hex_text);
            assert_eq!(Encoding::Hex.decode(hex_text).as_deref(), Ok(plain.as_bytes()));
        }
    }

    #[test]
    fn what_people_paste_is_read_and_what_is_none_is_not() {
        assert_eq!(Encoding::Hex.decode("DE:AD be\nef"), Ok(vec![0xde, 0xad, 0xbe, 0xef]));
        assert_eq!(Encoding::Base64.decode("-_8"), Encoding::Base64.decode("+/8="));
        assert_eq!(unbase32("mzxw 6ytb-oi======").as_deref(), Ok(&b"foobar"[..]));
        assert!(Encoding::Hex.decode("abc").is_err() && Encoding::Hex.decode("xy").is_err());
        assert!(Encoding::Base64.decode("a").is_err() && Encoding::Base64.decode("+_aa").is_err());
        assert!(unbase32("M").is_err() && unbase32("MZ1").is_err() && unbase32("é").is_err());
    }
}
