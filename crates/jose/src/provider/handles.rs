//! What a provider hands out: one key and one operation, parsed once.

use zeroize::Zeroizing;

use super::{Curve, PublicMaterial};

/// A handle that signs with one key and one algorithm.
pub trait Sign: Send + Sync {
    /// Bytes of every signature.
    fn signature_len(&self) -> usize;

    /// Writes the signature (ECDSA as raw `r ‖ s`, RFC 7518 §3.4) into `signature`, which is
    /// exactly [`Sign::signature_len`] long; another length is an error.
    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError>;
}

/// A handle that verifies with one key and one algorithm.
pub trait Verify: Send + Sync {
    /// Whether the signature is right.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool;
}

/// A handle on a secret, which signs and verifies.
pub trait MacKey: Sign + Verify {}

/// Takes in bytes, piece by piece, and gives a digest or a MAC.
pub trait Absorb: Send {
    /// Takes in the next piece.
    fn update(&mut self, piece: &[u8]);

    /// [`crate::alg::Hash::len`] bytes.
    fn finish(self: Box<Self>) -> Vec<u8>;
}

/// A handle that encrypts a short secret for one RSA key.
pub trait Encrypt: Send + Sync {
    /// The ciphertext, as long as the modulus.
    fn encrypt(&self, secret: &[u8]) -> Result<Vec<u8>, ProviderError>;
}

/// A handle that decrypts with one RSA key.
pub trait Decrypt: Send + Sync {
    /// The secret. Of RSA1_5 the caller puts a random key in the place of an error, and of a secret of the wrong length
    /// (RFC 7516 §11.5): a provider may answer a wrong padding with a made-up secret.
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError>;
}

/// A handle on a private key that agrees with a public one on a secret.
pub trait Agree: Send + Sync {
    /// The public half.
    fn public(&self) -> &PublicMaterial;

    /// The shared secret: the x coordinate (SEC 1 §3.3.1) or X25519's output (RFC 7748 §6.1). A key on another curve, a
    /// point off its curve and an X25519 secret of zeros are refused.
    fn agree(&self, peer: &PublicMaterial) -> Result<Zeroizing<Vec<u8>>, ProviderError>;
}

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
    /// On a curve, to sign or to agree.
    Ec(Curve),
    /// Ed25519.
    Ed25519,
    /// X25519.
    X25519,
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
