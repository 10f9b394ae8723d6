//! The primitives as one value, so that another provider (FIPS, an HSM, the browser) can stand
//! beside aws-lc. Keys are handed over as checked numbers and come back as handles that are
//! parsed once.

#[cfg(feature = "aws-lc")]
mod aws_lc;
mod checks;
mod handles;
#[cfg(feature = "rustcrypto")]
mod rustcrypto;

use std::fmt;

use zeroize::Zeroizing;

use crate::alg::{Hash, JwsAlgorithm, KeyManagement};
pub use crate::jwk::material::{Curve, MlDsa, PrivateMaterial, PublicMaterial, RsaPrivate};
pub use handles::{Absorb, Agree, Decrypt, Encrypt, KeySpec, MacKey, PrivateKey, ProviderError, RsaSize, Sign, Verify};

#[cfg(feature = "aws-lc")]
pub use aws_lc::aws_lc;
#[cfg(feature = "rustcrypto")]
pub use rustcrypto::{RandomSource, RustCrypto, SeededRandom, rustcrypto};

/// Where every primitive comes from.
///
/// ```
/// use vestibule_jose::alg::Hash;
/// use vestibule_jose::provider::{Provider, aws_lc};
///
/// fn primitives(provider: &dyn Provider) -> Result<(), Box<dyn std::error::Error>> {
///     let mut random = [0; 32];
///     provider.fill_random(&mut random)?;
///     assert!(provider.constant_time_eq(&provider.sha384(b"abc"), &provider.sha384(b"abc")));
///     let mut key = [0; 16];
///     provider.pbkdf2(Hash::Sha256, b"password", b"salt", 1000, &mut key)?;
///
///     let mut text = *b"text";
///     let tag = provider.seal_gcm(&key, &[0; 12], b"seen", &mut text)?;
///     assert_eq!(provider.open_gcm(&key, &[0; 12], b"seen", &text, &tag)?.as_slice(), b"text");
///     let ciphertext = provider.encrypt_cbc(&key, &[0; 16], b"text")?;
///     assert_eq!(provider.decrypt_cbc(&key, &[0; 16], &ciphertext)?.as_slice(), b"text");
///     let wrapped = provider.wrap_key(&key, &random)?;
///     assert_eq!(provider.unwrap_key(&key, &wrapped)?.as_slice(), random);
///     assert!(!provider.verify_p384_sha256(&[4; 97], b"text", &[1; 96]), "no point of the curve");
///     Ok(())
/// }
/// primitives(aws_lc())?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Provider: fmt::Debug + Send + Sync {
    /// SHA-256.
    fn sha256(&self, message: &[u8]) -> [u8; 32];

    /// SHA-384.
    fn sha384(&self, message: &[u8]) -> [u8; 48];

    /// SHA-512.
    fn sha512(&self, message: &[u8]) -> [u8; 64];

    /// A hash of what comes in pieces.
    fn digest(&self, hash: Hash) -> Box<dyn Absorb>;

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

    /// Whether `signature` (`r ‖ s`) over the message is by this point's key on P-384, made with SHA-256. No algorithm of
    /// JOSE pairs the two; certificates do (RFC 5758 §3.2).
    fn verify_p384_sha256(&self, point: &[u8], message: &[u8], signature: &[u8]) -> bool;

    /// Prepares a secret for HMAC.
    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey>;

    /// HMAC of what comes in pieces.
    fn mac(&self, hash: Hash, secret: &[u8]) -> Box<dyn Absorb>;

    /// PBKDF2 with HMAC (RFC 8018 §5.2), as many bytes as `out` is long. `iterations` is above 0; the caller bounds it.
    fn pbkdf2(
        &self,
        hash: Hash,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        out: &mut [u8],
    ) -> Result<(), ProviderError>;

    /// Encrypts with AES-GCM (NIST SP 800-38D) in place and gives the tag. The key has 16, 24 or 32 bytes.
    fn seal_gcm(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], ProviderError>;

    /// Decrypts with AES-GCM.
    fn open_gcm(
        &self,
        key: &[u8],
        iv: &[u8; 12],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8; 16],
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError>;

    /// Encrypts with AES-CBC and PKCS#7 padding (RFC 7518 §5.2.2.1). The key has 16, 24 or 32 bytes.
    fn encrypt_cbc(&self, key: &[u8], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, ProviderError>;

    /// Decrypts AES-CBC and takes the padding off. Only for what a MAC has proven: a failure tells of the padding.
    fn decrypt_cbc(&self, key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError>;

    /// Wraps a key with AES (RFC 3394 §2.2.1). The wrapping key has 16, 24 or 32 bytes, the other two blocks of 8 or more.
    fn wrap_key(&self, key: &[u8], content_key: &[u8]) -> Result<Vec<u8>, ProviderError>;

    /// Unwraps a key (RFC 3394 §2.2.2).
    fn unwrap_key(&self, key: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError>;

    /// Prepares an RSA public key to encrypt: [`KeyManagement::RsaOaep`] and its kin. RSA1_5 is never written.
    fn encrypt_key(&self, alg: KeyManagement, key: &PublicMaterial) -> Result<Box<dyn Encrypt>, ProviderError>;

    /// Prepares an RSA private key to decrypt, RSA1_5 too.
    fn decrypt_key(&self, alg: KeyManagement, key: &PrivateMaterial) -> Result<Box<dyn Decrypt>, ProviderError>;

    /// Prepares a private key on P-256, P-384, P-521 or X25519 to agree on a key. Halves that do not belong together are
    /// refused.
    fn agreement_key(&self, key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError>;

    /// Makes a key pair for one agreement, on the curve of `peer`.
    fn ephemeral_key(&self, peer: &PublicMaterial) -> Result<Box<dyn Agree>, ProviderError>;
}
