//! The provider on aws-lc-rs.

mod aes;
mod agree;
mod hashes;
mod low_s;
mod rsa;
mod sign;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair};
use aws_lc_rs::{constant_time, digest, hmac};
use zeroize::Zeroizing;

use super::{
    Absorb, Agree, Decrypt, Encrypt, KeySpec, MacKey, PrivateKey, PrivateMaterial, Provider, ProviderError,
    PublicMaterial, RsaSize, Verify,
};
use crate::alg::{Hash, JwsAlgorithm, KeyManagement};
use sign::failed;

/// The provider on aws-lc.
///
/// ```
/// use vestibule_jose::provider::aws_lc;
///
/// assert_eq!(aws_lc().sha256(b"abc")[..3], [0xba, 0x78, 0x16]);
/// ```
pub fn aws_lc() -> &'static dyn Provider {
    &AwsLc
}

#[derive(Debug)]
struct AwsLc;

impl Provider for AwsLc {
    fn sha256(&self, message: &[u8]) -> [u8; 32] {
        hashes::digest_of(&digest::SHA256, message)
    }

    fn sha384(&self, message: &[u8]) -> [u8; 48] {
        hashes::digest_of(&digest::SHA384, message)
    }

    fn sha512(&self, message: &[u8]) -> [u8; 64] {
        hashes::digest_of(&digest::SHA512, message)
    }

    fn hmac(&self, hash: Hash, key: &[u8], message: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(hashes::hmac_algorithm(hash), key), message).as_ref().to_vec()
    }

    fn constant_time_eq(&self, a: &[u8], b: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(a, b).is_ok()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the randomness that the context hands out")]
    fn fill_random(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        aws_lc_rs::rand::fill(out).map_err(failed)
    }

    fn generate(&self, spec: KeySpec) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let document = match spec {
            KeySpec::Rsa(size) => {
                let pair = RsaKeyPair::generate(key_size(size)).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                der.as_ref().to_vec()
            }
            KeySpec::Ec(curve) => {
                let pair = EcdsaKeyPair::generate(sign::ecdsa(curve)).map_err(failed)?;
                pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
            }
            KeySpec::Ed25519 => {
                let pair = Ed25519KeyPair::generate().map_err(failed)?;
                pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
            }
            KeySpec::X25519 => {
                let mut d = Zeroizing::new([0; 32]);
                self.fill_random(d.as_mut_slice())?;
                return Ok(crate::der::to_pkcs8(&PrivateMaterial::X25519 { d, public: None }));
            }
        };
        Ok(Zeroizing::new(document))
    }

    fn private_key(&self, alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError> {
        sign::private_key(alg, key)
    }

    fn public_key(&self, alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError> {
        sign::public_key(alg, key)
    }

    fn verify_p384_sha256(&self, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
        sign::verify_p384_sha256(point, message, signature)
    }

    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
        hashes::mac_key(hash, secret)
    }

    fn digest(&self, hash: Hash) -> Box<dyn Absorb> {
        Box::new(hashes::Digest::new(hash))
    }

    fn mac(&self, hash: Hash, secret: &[u8]) -> Box<dyn Absorb> {
        Box::new(hashes::Running::new(hash, secret))
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
        rsa::encrypt_key(alg, key)
    }

    fn decrypt_key(&self, alg: KeyManagement, key: &PrivateMaterial) -> Result<Box<dyn Decrypt>, ProviderError> {
        rsa::decrypt_key(alg, key)
    }

    fn agreement_key(&self, key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        agree::agreement_key(key)
    }

    fn ephemeral_key(&self, peer: &PublicMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        agree::ephemeral_key(peer)
    }
}

fn key_size(size: RsaSize) -> KeySize {
    match size {
        RsaSize::Bits2048 => KeySize::Rsa2048,
        RsaSize::Bits3072 => KeySize::Rsa3072,
        RsaSize::Bits4096 => KeySize::Rsa4096,
    }
}
