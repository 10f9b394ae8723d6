//! Algorithms of encryption by their registered names (RFC 7518 §4.1 and §5.1).

use std::fmt;
use std::str::FromStr;

use super::{Hash, UnknownAlgorithm};
use crate::find::same;

/// How the content key comes to the recipient: a value of `alg` in a JWE.
///
/// ```
/// use vestibule_jose::alg::KeyManagement;
///
/// let alg: KeyManagement = "ECDH-ES+A256KW".parse()?;
/// assert_eq!(alg.as_str(), "ECDH-ES+A256KW");
/// assert!(!alg.is_direct() && KeyManagement::Dir.is_direct());
/// assert!(KeyManagement::Pbes2Hs256A128Kw.is_password_based());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)]
pub enum KeyManagement {
    /// RSAES-OAEP with SHA-1 and MGF1 with SHA-1 (RFC 7518 §4.3)
    RsaOaep,
    /// RSAES-OAEP with SHA-256 (RFC 7518 §4.3)
    RsaOaep256,
    /// RSAES-OAEP with SHA-384
    RsaOaep384,
    /// RSAES-OAEP with SHA-512
    RsaOaep512,
    /// RSAES-PKCS1-v1_5 (RFC 7518 §4.2): read only where the caller says so, never written
    Rsa15,
    /// AES key wrap with 128 bits (RFC 7518 §4.4)
    A128Kw,
    /// AES key wrap with 192 bits
    A192Kw,
    /// AES key wrap with 256 bits
    A256Kw,
    /// The shared secret is the content key (RFC 7518 §4.5)
    Dir,
    /// The agreed key is the content key (RFC 7518 §4.6)
    EcdhEs,
    /// The agreed key wraps the content key, 128 bits
    EcdhEsA128Kw,
    /// The agreed key wraps the content key, 192 bits
    EcdhEsA192Kw,
    /// The agreed key wraps the content key, 256 bits
    EcdhEsA256Kw,
    /// Key wrap by AES-GCM with 128 bits (RFC 7518 §4.7)
    A128GcmKw,
    /// Key wrap by AES-GCM with 192 bits
    A192GcmKw,
    /// Key wrap by AES-GCM with 256 bits
    A256GcmKw,
    /// A password wraps the content key (RFC 7518 §4.8), 128 bits
    Pbes2Hs256A128Kw,
    /// A password wraps the content key, 192 bits
    Pbes2Hs384A192Kw,
    /// A password wraps the content key, 256 bits
    Pbes2Hs512A256Kw,
}

/// What an algorithm does with the content key, and with how many bytes of wrapping key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// RSA encrypts it.
    Rsa,
    /// A secret wraps it.
    Wrap(usize),
    /// A secret wraps it with AES-GCM.
    WrapGcm(usize),
    /// The secret is it.
    Direct,
    /// The agreed key is it.
    Agree,
    /// The agreed key wraps it.
    AgreeAndWrap(usize),
    /// What is derived from a password wraps it.
    Password(Hash, usize),
}

/// How the content is encrypted: a value of `enc`.
///
/// ```
/// use vestibule_jose::alg::ContentEncryption;
///
/// let enc = ContentEncryption::A128CbcHs256;
/// assert_eq!(enc.as_str(), "A128CBC-HS256");
/// // Half of the key is the MAC's (RFC 7518 §5.2.3).
/// assert_eq!((enc.key_len(), enc.iv_len(), enc.tag_len()), (32, 16, 16));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)]
pub enum ContentEncryption {
    /// AES-128-CBC with HMAC-SHA-256 (RFC 7518 §5.2.3)
    A128CbcHs256,
    /// AES-192-CBC with HMAC-SHA-384 (RFC 7518 §5.2.4)
    A192CbcHs384,
    /// AES-256-CBC with HMAC-SHA-512 (RFC 7518 §5.2.5)
    A256CbcHs512,
    /// AES-128-GCM (RFC 7518 §5.3)
    A128Gcm,
    /// AES-192-GCM
    A192Gcm,
    /// AES-256-GCM
    A256Gcm,
}

impl KeyManagement {
    /// All of them, in the registry's order.
    pub const ALL: &[Self] = &[
        Self::RsaOaep,
        Self::RsaOaep256,
        Self::RsaOaep384,
        Self::RsaOaep512,
        Self::Rsa15,
        Self::A128Kw,
        Self::A192Kw,
        Self::A256Kw,
        Self::Dir,
        Self::EcdhEs,
        Self::EcdhEsA128Kw,
        Self::EcdhEsA192Kw,
        Self::EcdhEsA256Kw,
        Self::A128GcmKw,
        Self::A192GcmKw,
        Self::A256GcmKw,
        Self::Pbes2Hs256A128Kw,
        Self::Pbes2Hs384A192Kw,
        Self::Pbes2Hs512A256Kw,
    ];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep => "RSA-OAEP",
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::RsaOaep384 => "RSA-OAEP-384",
            Self::RsaOaep512 => "RSA-OAEP-512",
            Self::Rsa15 => "RSA1_5",
            Self::A128Kw => "A128KW",
            Self::A192Kw => "A192KW",
            Self::A256Kw => "A256KW",
            Self::Dir => "dir",
            Self::EcdhEs => "ECDH-ES",
            Self::EcdhEsA128Kw => "ECDH-ES+A128KW",
            Self::EcdhEsA192Kw => "ECDH-ES+A192KW",
            Self::EcdhEsA256Kw => "ECDH-ES+A256KW",
            Self::A128GcmKw => "A128GCMKW",
            Self::A192GcmKw => "A192GCMKW",
            Self::A256GcmKw => "A256GCMKW",
            Self::Pbes2Hs256A128Kw => "PBES2-HS256+A128KW",
            Self::Pbes2Hs384A192Kw => "PBES2-HS384+A192KW",
            Self::Pbes2Hs512A256Kw => "PBES2-HS512+A256KW",
        }
    }

    /// Whether the content key comes from a password (RFC 7518 §4.8), which costs the reader as much as the writer says.
    pub const fn is_password_based(self) -> bool {
        matches!(self.mode(), Mode::Password(..))
    }

    /// Whether the key itself, or what is agreed, is the content key, so that there can be only one recipient.
    pub const fn is_direct(self) -> bool {
        matches!(self.mode(), Mode::Direct | Mode::Agree)
    }

    pub(crate) const fn mode(self) -> Mode {
        match self {
            Self::RsaOaep | Self::RsaOaep256 | Self::RsaOaep384 | Self::RsaOaep512 | Self::Rsa15 => Mode::Rsa,
            Self::A128Kw => Mode::Wrap(16),
            Self::A192Kw => Mode::Wrap(24),
            Self::A256Kw => Mode::Wrap(32),
            Self::Dir => Mode::Direct,
            Self::EcdhEs => Mode::Agree,
            Self::EcdhEsA128Kw => Mode::AgreeAndWrap(16),
            Self::EcdhEsA192Kw => Mode::AgreeAndWrap(24),
            Self::EcdhEsA256Kw => Mode::AgreeAndWrap(32),
            Self::A128GcmKw => Mode::WrapGcm(16),
            Self::A192GcmKw => Mode::WrapGcm(24),
            Self::A256GcmKw => Mode::WrapGcm(32),
            Self::Pbes2Hs256A128Kw => Mode::Password(Hash::Sha256, 16),
            Self::Pbes2Hs384A192Kw => Mode::Password(Hash::Sha384, 24),
            Self::Pbes2Hs512A256Kw => Mode::Password(Hash::Sha512, 32),
        }
    }
}

impl ContentEncryption {
    /// All of them, in the registry's order.
    pub const ALL: &[Self] =
        &[Self::A128CbcHs256, Self::A192CbcHs384, Self::A256CbcHs512, Self::A128Gcm, Self::A192Gcm, Self::A256Gcm];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A128CbcHs256 => "A128CBC-HS256",
            Self::A192CbcHs384 => "A192CBC-HS384",
            Self::A256CbcHs512 => "A256CBC-HS512",
            Self::A128Gcm => "A128GCM",
            Self::A192Gcm => "A192GCM",
            Self::A256Gcm => "A256GCM",
        }
    }

    /// Bytes of the content key: for CBC the MAC's half and the cipher's half together (RFC 7518 §5.2.2.1).
    pub const fn key_len(self) -> usize {
        match self {
            Self::A128Gcm => 16,
            Self::A192Gcm => 24,
            Self::A256Gcm | Self::A128CbcHs256 => 32,
            Self::A192CbcHs384 => 48,
            Self::A256CbcHs512 => 64,
        }
    }

    /// Bytes of the initialization vector (RFC 7518 §5.2.2.1, §5.3).
    pub const fn iv_len(self) -> usize {
        match self {
            Self::A128Gcm | Self::A192Gcm | Self::A256Gcm => 12,
            _ => 16,
        }
    }

    /// Bytes of the authentication tag.
    pub const fn tag_len(self) -> usize {
        match self {
            Self::A192CbcHs384 => 24,
            Self::A256CbcHs512 => 32,
            _ => 16,
        }
    }
}

impl FromStr for KeyManagement {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.iter().copied().find(|known| same(known.as_str(), text)).ok_or(UnknownAlgorithm)
    }
}

impl fmt::Display for KeyManagement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for ContentEncryption {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        Self::ALL.iter().copied().find(|known| same(known.as_str(), text)).ok_or(UnknownAlgorithm)
    }
}

impl fmt::Display for ContentEncryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
