//! The provider in pure Rust, on the crates of RustCrypto and dalek: for WebAssembly, where aws-lc cannot go and
//! randomness comes from outside, and to check aws-lc against. Never for a server's private keys (see `rsa`).

mod aes;
mod agree;
mod ecdsa;
mod ed25519;
mod hashes;
mod ml_dsa;
mod random;
mod rsa;
mod rsa_encryption;

use std::fmt;

use sha2::Digest as _;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::{
    Absorb, Agree, Decrypt, Encrypt, KeySpec, MacKey, PrivateKey, PrivateMaterial, Provider, ProviderError,
    PublicMaterial, Verify,
};
use crate::alg::{Hash, JwsAlgorithm, KeyManagement};
use random::Random;
pub use random::{RandomSource, SeededRandom};

/// The provider in pure Rust, which draws its randomness from `random`. A source that always fails is enough to hash and
/// to verify.
///
/// ```
/// use vestibule_jose::provider::{Provider as _, ProviderError, rustcrypto};
///
/// let no_randomness = Box::new(|_: &mut [u8]| Err(ProviderError::Failed));
/// assert_eq!(rustcrypto(no_randomness).sha256(b"abc")[..3], [0xba, 0x78, 0x16]);
/// ```
pub fn rustcrypto(random: RandomSource) -> RustCrypto {
    RustCrypto { random: Random::new(random) }
}

/// What [`rustcrypto`] makes; cheap to clone.
///
/// ```
/// use vestibule_jose::provider::{RustCrypto, SeededRandom, rustcrypto};
/// use vestibule_jose::{JwsAlgorithm, SigningKey};
///
/// # let seed = [7; SeededRandom::SEED_LEN];
/// let provider: RustCrypto = rustcrypto(SeededRandom::new(&seed)?.into_source());
/// let key = SigningKey::generate(&provider, JwsAlgorithm::ES256)?;
/// assert!(key.verifying_key().verify(JwsAlgorithm::ES256, b"text", &key.sign(b"text")?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct RustCrypto {
    random: Random,
}

impl Provider for RustCrypto {
    fn sha256(&self, message: &[u8]) -> [u8; 32] {
        sha2::Sha256::digest(message).into()
    }

    fn sha384(&self, message: &[u8]) -> [u8; 48] {
        sha2::Sha384::digest(message).into()
    }

    fn sha512(&self, message: &[u8]) -> [u8; 64] {
        sha2::Sha512::digest(message).into()
    }

    fn digest(&self, hash: Hash) -> Box<dyn Absorb> {
        hashes::digest(hash)
    }

    fn hmac(&self, hash: Hash, key: &[u8], message: &[u8]) -> Vec<u8> {
        let mut mac = hashes::mac(hash, key);
        mac.update(message);
        mac.finish()
    }

    fn constant_time_eq(&self, a: &[u8], b: &[u8]) -> bool {
        a.ct_eq(b).into()
    }

    fn fill_random(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        self.random.fill(out)
    }

    fn generate(&self, spec: KeySpec) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let seed = || {
            let mut seed = Zeroizing::new([0; 32]);
            self.random.fill(seed.as_mut_slice()).map(|()| seed)
        };
        let key = match spec {
            KeySpec::Rsa(size) => rsa::generate(size, &self.random)?,
            KeySpec::Ec(curve) => {
                let (d, point) = ecdsa::generate(curve, &self.random)?;
                PrivateMaterial::Ec { curve, d, public: Some(point) }
            }
            KeySpec::Ed25519 => PrivateMaterial::Ed25519 { seed: seed()?, public: None },
            KeySpec::X25519 => PrivateMaterial::X25519 { d: seed()?, public: None },
        };
        Ok(crate::der::to_pkcs8(&key))
    }

    fn private_key(&self, alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError> {
        match key {
            PrivateMaterial::Rsa(key) => rsa::private_key(alg, key, &self.random),
            PrivateMaterial::Ec { curve, d, public } => {
                ecdsa::private_key(alg, *curve, d, public.as_deref(), &self.random)
            }
            PrivateMaterial::Ed25519 { seed, public } => ed25519::private_key(alg, seed, public.as_ref()),
            PrivateMaterial::MlDsa { set, seed, public } => {
                ml_dsa::private_key(alg, *set, seed, public.as_deref(), &self.random)
            }
            PrivateMaterial::X25519 { .. } | PrivateMaterial::Ed448 { .. } | PrivateMaterial::X448 { .. } => {
                Err(ProviderError::KeyRejected)
            }
        }
    }

    fn public_key(&self, alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError> {
        match key {
            PublicMaterial::Rsa { n, e } => rsa::public_key(alg, n, e),
            PublicMaterial::Ec { curve, point } => ecdsa::public_key(alg, *curve, point),
            PublicMaterial::Ed25519 { x } => ed25519::public_key(alg, x),
            PublicMaterial::MlDsa { set, public } => ml_dsa::public_key(alg, *set, public),
            PublicMaterial::X25519 { .. } | PublicMaterial::Ed448 { .. } | PublicMaterial::X448 { .. } => {
                Err(ProviderError::KeyRejected)
            }
        }
    }

    fn verify_p384_sha256(&self, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
        ecdsa::verify_p384_sha256(point, &self.sha256(message), signature)
    }

    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
        hashes::mac_key(hash, secret)
    }

    fn mac(&self, hash: Hash, secret: &[u8]) -> Box<dyn Absorb> {
        hashes::mac(hash, secret)
    }

    fn pbkdf2(
        &self,
        hash: Hash,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        out: &mut [u8],
    ) -> Result<(), ProviderError> {
        hashes::pbkdf2(hash, password, salt, iterations, out)
    }

    fn seal_gcm(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], ProviderError> {
        aes::seal_gcm(key, iv, aad, in_out)
    }

    fn open_gcm(
        &self,
        key: &[u8],
        iv: &[u8; 12],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8; 16],
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        aes::open_gcm(key, iv, aad, ciphertext, tag)
    }

    fn encrypt_cbc(&self, key: &[u8], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
        aes::encrypt_cbc(key, iv, plaintext)
    }

    fn decrypt_cbc(&self, key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        aes::decrypt_cbc(key, iv, ciphertext)
    }

    fn wrap_key(&self, key: &[u8], content_key: &[u8]) -> Result<Vec<u8>, ProviderError> {
        aes::wrap_key(key, content_key)
    }

    fn unwrap_key(&self, key: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        aes::unwrap_key(key, wrapped)
    }

    fn encrypt_key(&self, alg: KeyManagement, key: &PublicMaterial) -> Result<Box<dyn Encrypt>, ProviderError> {
        rsa_encryption::encrypt_key(alg, key, &self.random)
    }

    fn decrypt_key(&self, alg: KeyManagement, key: &PrivateMaterial) -> Result<Box<dyn Decrypt>, ProviderError> {
        rsa_encryption::decrypt_key(alg, key, &self.random)
    }

    fn agreement_key(&self, key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        agree::agreement_key(key)
    }

    fn ephemeral_key(&self, peer: &PublicMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        agree::ephemeral_key(peer, &self.random)
    }
}

impl fmt::Debug for RustCrypto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RustCrypto").finish_non_exhaustive()
    }
}
