//! Hashes.

/// A hash (FIPS 180-4).
///
/// ```
/// use vestibule_jose::alg::Hash;
///
/// assert_eq!((Hash::Sha256.as_str(), Hash::Sha256.len()), ("sha256", 32));
/// assert!(Hash::ALL.contains(&Hash::Sha1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, std::hash::Hash)]
pub enum Hash {
    /// SHA-1: for HMAC, OAEP and certificate thumbprints of others. No signature here is built on it.
    Sha1,
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

#[expect(clippy::len_without_is_empty, reason = "a digest is never empty")]
impl Hash {
    /// All of them, the weakest first.
    pub const ALL: &[Self] = &[Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Bytes of the digest.
    pub const fn len(self) -> usize {
        match self {
            Self::Sha1 => 20,
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// The name that people and commands use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "sha1",
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }
}
