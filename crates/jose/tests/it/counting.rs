//! A provider that counts what it is asked to do.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use vestibule_jose::VerifyingKey;
use vestibule_jose::alg::{Hash, JwsAlgorithm, KeyManagement};
use vestibule_jose::provider::{
    Absorb, Agree, Decrypt, Encrypt, KeySpec, MacKey, PrivateKey, PrivateMaterial, Provider, ProviderError,
    PublicMaterial, Verify,
};
use zeroize::Zeroizing;

use crate::support::provider;

/// A key whose verifications are counted.
pub(crate) struct Counted {
    pub(crate) key: VerifyingKey,
    calls: Arc<AtomicUsize>,
}

impl Counted {
    /// Counts what this key is asked.
    pub(crate) fn new(key: &VerifyingKey, kid: Option<&str>) -> Self {
        let calls = Arc::default();
        let counting = Counting { calls: Arc::clone(&calls) };
        let material = key.material().expect("public").clone();
        let alg = key.algs().next();
        let key = VerifyingKey::public(&counting, material, alg, kid.map(str::to_owned)).expect("a key");
        Self { key, calls }
    }

    /// How often so far.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::Relaxed)
    }
}

#[derive(Debug)]
struct Counting {
    calls: Arc<AtomicUsize>,
}

struct Handle {
    inner: Box<dyn Verify>,
    calls: Arc<AtomicUsize>,
}

impl Verify for Handle {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.inner.verify(message, signature)
    }
}

impl Provider for Counting {
    fn sha256(&self, message: &[u8]) -> [u8; 32] {
        provider().sha256(message)
    }

    fn sha384(&self, message: &[u8]) -> [u8; 48] {
        provider().sha384(message)
    }

    fn sha512(&self, message: &[u8]) -> [u8; 64] {
        provider().sha512(message)
    }

    fn digest(&self, hash: Hash) -> Box<dyn Absorb> {
        provider().digest(hash)
    }

    fn hmac(&self, hash: Hash, key: &[u8], message: &[u8]) -> Vec<u8> {
        provider().hmac(hash, key, message)
    }

    fn constant_time_eq(&self, a: &[u8], b: &[u8]) -> bool {
        provider().constant_time_eq(a, b)
    }

    fn fill_random(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        provider().fill_random(out)
    }

    fn generate(&self, spec: KeySpec) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        provider().generate(spec)
    }

    fn private_key(&self, alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError> {
        provider().private_key(alg, key)
    }

    fn public_key(&self, alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError> {
        Ok(Box::new(Handle { inner: provider().public_key(alg, key)?, calls: Arc::clone(&self.calls) }))
    }

    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
        provider().mac_key(hash, secret)
    }

    fn mac(&self, hash: Hash, secret: &[u8]) -> Box<dyn Absorb> {
        provider().mac(hash, secret)
    }

    fn pbkdf2(
        &self,
        hash: Hash,
        password: &[u8],
        salt: &[u8],
        iterations: u32,
        out: &mut [u8],
    ) -> Result<(), ProviderError> {
        provider().pbkdf2(hash, password, salt, iterations, out)
    }

    fn seal_gcm(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], ProviderError> {
        provider().seal_gcm(key, iv, aad, in_out)
    }

    fn open_gcm(
        &self,
        key: &[u8],
        iv: &[u8; 12],
        aad: &[u8],
        ciphertext: &[u8],
        tag: &[u8; 16],
    ) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        provider().open_gcm(key, iv, aad, ciphertext, tag)
    }

    fn encrypt_cbc(&self, key: &[u8], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
        provider().encrypt_cbc(key, iv, plaintext)
    }

    fn decrypt_cbc(&self, key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        provider().decrypt_cbc(key, iv, ciphertext)
    }

    fn wrap_key(&self, key: &[u8], content_key: &[u8]) -> Result<Vec<u8>, ProviderError> {
        provider().wrap_key(key, content_key)
    }

    fn unwrap_key(&self, key: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        provider().unwrap_key(key, wrapped)
    }

    fn encrypt_key(&self, alg: KeyManagement, key: &PublicMaterial) -> Result<Box<dyn Encrypt>, ProviderError> {
        provider().encrypt_key(alg, key)
    }

    fn decrypt_key(&self, alg: KeyManagement, key: &PrivateMaterial) -> Result<Box<dyn Decrypt>, ProviderError> {
        provider().decrypt_key(alg, key)
    }

    fn agreement_key(&self, key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        provider().agreement_key(key)
    }

    fn ephemeral_key(&self, peer: &PublicMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        provider().ephemeral_key(peer)
    }
}
