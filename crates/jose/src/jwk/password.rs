//! A private key under a password.

use zeroize::Zeroizing;

use super::{Jwk, KeyError, PemForm};
use crate::alg::Hash;
use crate::provider::Provider;
use crate::{der, pem};

/// How a password protects a private key in PKCS#8: PBES2 with PBKDF2 and AES-CBC (RFC 8018 §6.2).
///
/// ```
/// use vestibule_jose::alg::Hash;
/// use vestibule_jose::jwk::{AesSize, Jwk, NewKey, Pbes2};
/// use vestibule_jose::{Limits, provider::aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?;
/// let how = Pbes2 { hash: Hash::Sha512, cipher: AesSize::Bits256, iterations: 10_000 };
/// assert!(how.iterations < Pbes2::MAX_ITERATIONS);
/// let pem = key.to_encrypted_pem(aws_lc(), b"password", &how)?;
/// assert!(Jwk::from_pem(aws_lc(), &pem, Some(b"another"), &Limits::DEFAULT).is_err());
/// assert_eq!(Jwk::from_pem(aws_lc(), &pem, Some(b"password"), &Limits::DEFAULT)?.kid(), key.kid());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pbes2 {
    /// The hash of PBKDF2's HMAC.
    pub hash: Hash,
    /// The cipher.
    pub cipher: AesSize,
    /// How often PBKDF2 goes round, from 1 to [`Pbes2::MAX_ITERATIONS`].
    pub iterations: u32,
}

/// Bits of an AES key.
///
/// ```
/// use vestibule_jose::jwk::AesSize;
///
/// assert!(AesSize::ALL.iter().map(|size| size.bytes()).eq([16, 24, 32]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AesSize {
    /// 128 bits
    Bits128,
    /// 192 bits
    Bits192,
    /// 256 bits
    Bits256,
}

impl Pbes2 {
    /// More iterations are neither read nor written: a file must not cost minutes.
    pub const MAX_ITERATIONS: u32 = 2_000_000;
}

/// SHA-256, 600,000 iterations (as OWASP advises), AES with 256 bits.
impl Default for Pbes2 {
    fn default() -> Self {
        Self { hash: Hash::Sha256, cipher: AesSize::Bits256, iterations: 600_000 }
    }
}

impl AesSize {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Bits128, Self::Bits192, Self::Bits256];

    /// Bytes of the key.
    pub const fn bytes(self) -> usize {
        match self {
            Self::Bits128 => 16,
            Self::Bits192 => 24,
            Self::Bits256 => 32,
        }
    }
}

impl Jwk {
    /// The private key as `ENCRYPTED PRIVATE KEY` (RFC 5958 §3, RFC 7468 §11). An empty password is refused.
    pub fn to_encrypted_pem(
        &self,
        provider: &dyn Provider,
        password: &[u8],
        how: &Pbes2,
    ) -> Result<Zeroizing<String>, KeyError> {
        let encrypted = der::encrypt_pkcs8(provider, &self.to_der(PemForm::Pkcs8)?, password, how)?;
        Ok(pem::encode("ENCRYPTED PRIVATE KEY", &encrypted))
    }
}
