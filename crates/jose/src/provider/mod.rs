//! The primitives as one value, so that another provider (FIPS, an HSM, the browser) can stand
//! beside aws-lc. Keys are handed over as checked numbers and come back as handles that are
//! parsed once.

#[cfg(feature = "aws-lc")]
mod aws_lc;

use std::fmt;

use zeroize::Zeroizing;

use crate::alg::{Hash, JwsAlgorithm};
pub use crate::jwk::material::{Curve, PrivateMaterial, PublicMaterial, RsaPrivate};

#[cfg(feature = "aws-lc")]
pub use aws_lc::aws_lc;

/// Where every primitive comes from.
pub trait Provider: fmt::Debug + Send + Sync {
    /// SHA-256.
    fn sha256(&self, message: &[u8]) -> [u8; 32];

    /// SHA-384.
    fn sha384(&self, message: &[u8]) -> [u8; 48];

    /// SHA-512.
    fn sha512(&self, message: &[u8]) -> [u8; 64];

    /// HMAC (RFC 2104), [`Hash::len`] bytes. Of a key used more than once, take [`Provider::mac_key`].
    fn hmac(&self, hash: Hash, key: &[u8], message: &[u8]) -> Vec<u8>;

    /// Whether both are equal, in a time that depends on their lengths alone.
    fn constant_time_eq(&self, a: &[u8], b: &[u8]) -> bool;

    /// Fills `out` from a cryptographically secure source.
    fn fill_random(&self, out: &mut [u8]) -> Result<(), ProviderError>;

    /// Makes a key pair, as an unencrypted PKCS#8 document (RFC 5208).
    fn generate(&self, spec: KeySpec) -> Result<Zeroizing<Vec<u8>>, ProviderError>;

    /// Checks a private key and prepares it for one algorithm; a missing public half is derived.
    fn private_key(&self, alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError>;

    /// Checks a public key (points on their curve) and prepares it for one algorithm.
    fn public_key(&self, alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError>;

    /// Prepares a secret for HMAC.
    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey>;
}

/// A handle that signs with one key and one algorithm.
pub trait Sign: Send + Sync {
    /// Bytes of every signature.
    fn signature_len(&self) -> usize;

    /// Writes the signature (ECDSA as raw `r ‖ s`, RFC 7518 §3.4) into `signature`, which is
    /// exactly [`Sign::signature_len`] long.
    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError>;
}

/// A handle that verifies with one key and one algorithm.
pub trait Verify: Send + Sync {
    /// Whether the signature is right.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A handle on a secret, which signs and verifies.
pub trait MacKey: Sign + Verify {}

/// A private key that is ready to sign, and its public half.
pub struct PrivateKey {
    /// The handle.
    pub signer: Box<dyn Sign>,
    /// The public half.
    pub public: PublicMaterial,
}

/// What key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeySpec {
    /// RSA with public exponent 65537.
    Rsa(RsaSize),
    /// ECDSA on a curve.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
}

/// Bits of an RSA modulus.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RsaSize {
    /// 2048 bits.
    #[default]
    Bits2048,
    /// 3072 bits.
    Bits3072,
    /// 4096 bits.
    Bits4096,
}

/// The provider refused; it says no more on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProviderError {
    /// The key is not valid, or not for this algorithm.
    #[error("the key is not valid for this algorithm")]
    KeyRejected,
    /// The operation failed inside.
    #[error("the operation failed inside the cryptographic provider")]
    Failed,
}
