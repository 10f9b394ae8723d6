//! A provider that draws its randomness from a script, and counts what it is asked for.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};

use vestibule_jose::JwsAlgorithm;
use vestibule_jose::alg::{Hash, KeyManagement};
use vestibule_jose::provider::{
    Absorb, Agree, Decrypt, Encrypt, KeySpec, MacKey, PrivateKey, PrivateMaterial, Provider, ProviderError,
    PublicMaterial, Sign, Verify,
};
use zeroize::Zeroizing;

use super::provider;

/// Without a script it is the provider under test, and counts.
#[derive(Debug, Default)]
pub(crate) struct Scripted {
    random: Mutex<VecDeque<Vec<u8>>>,
    ephemeral: Mutex<VecDeque<PrivateMaterial>>,
    counts: Counts,
}

#[derive(Clone, Debug, Default)]
struct Counts(Arc<Mutex<BTreeMap<&'static str, usize>>>);

impl Counts {
    fn add(&self, name: &'static str, times: usize) {
        *self.0.lock().expect("no panic before").entry(name).or_default() += times;
    }
}

impl Scripted {
    /// Gives these bytes, draw by draw.
    pub(crate) fn random(draws: impl IntoIterator<Item = Vec<u8>>) -> Self {
        Self { random: Mutex::new(draws.into_iter().collect()), ..Self::default() }
    }

    /// Gives this key when one is made for an agreement.
    pub(crate) fn ephemeral(self, key: PrivateMaterial) -> Self {
        self.ephemeral.lock().expect("no panic before").push_back(key);
        self
    }

    /// How often this was asked for; of `pbkdf2` the rounds.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.counts.0.lock().expect("no panic before").get(name).copied().unwrap_or_default()
    }

    /// How many calls there were that use a key or cost time; loading a key and hashing are counted apart.
    pub(crate) fn work(&self) -> usize {
        let counts = self.counts.0.lock().expect("no panic before");
        counts.iter().filter(|(name, _)| !["load", "digest"].contains(name)).map(|(_, count)| count).sum()
    }

    /// Whether the whole script was used.
    pub(crate) fn is_finished(&self) -> bool {
        self.random.lock().expect("no panic before").is_empty()
            && self.ephemeral.lock().expect("no panic before").is_empty()
    }
}

impl Provider for Scripted {
    fn sha256(&self, message: &[u8]) -> [u8; 32] {
        self.counts.add("digest", 1);
        provider().sha256(message)
    }

    fn sha384(&self, message: &[u8]) -> [u8; 48] {
        self.counts.add("digest", 1);
        provider().sha384(message)
    }

    fn sha512(&self, message: &[u8]) -> [u8; 64] {
        self.counts.add("digest", 1);
        provider().sha512(message)
    }

    fn digest(&self, hash: Hash) -> Box<dyn Absorb> {
        self.counts.add("digest", 1);
        provider().digest(hash)
    }

    fn hmac(&self, hash: Hash, key: &[u8], message: &[u8]) -> Vec<u8> {
        provider().hmac(hash, key, message)
    }

    fn constant_time_eq(&self, a: &[u8], b: &[u8]) -> bool {
        provider().constant_time_eq(a, b)
    }

    fn fill_random(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        self.counts.add("random", 1);
        match self.random.lock().expect("no panic before").pop_front() {
            Some(bytes) => out.copy_from_slice(&bytes),
            None => provider().fill_random(out)?,
        }
        Ok(())
    }

    fn generate(&self, spec: KeySpec) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        provider().generate(spec)
    }

    fn private_key(&self, alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError> {
        self.counts.add("load", 1);
        provider().private_key(alg, key)
    }

    fn verify_p384_sha256(&self, point: &[u8], message: &[u8], signature: &[u8]) -> bool {
        provider().verify_p384_sha256(point, message, signature)
    }

    fn public_key(&self, alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError> {
        self.counts.add("load", 1);
        Ok(Box::new(Counted(provider().public_key(alg, key)?, self.counts.clone())))
    }

    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
        Box::new(Counted(provider().mac_key(hash, secret), self.counts.clone()))
    }

    fn mac(&self, hash: Hash, secret: &[u8]) -> Box<dyn Absorb> {
        self.counts.add("mac", 1);
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
        self.counts.add("pbkdf2", iterations as usize);
        provider().pbkdf2(hash, password, salt, iterations, out)
    }

    fn seal_gcm(&self, key: &[u8], iv: &[u8; 12], aad: &[u8], in_out: &mut [u8]) -> Result<[u8; 16], ProviderError> {
        self.counts.add("seal_gcm", 1);
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
        self.counts.add("open_gcm", 1);
        provider().open_gcm(key, iv, aad, ciphertext, tag)
    }

    fn encrypt_cbc(&self, key: &[u8], iv: &[u8; 16], plaintext: &[u8]) -> Result<Vec<u8>, ProviderError> {
        self.counts.add("encrypt_cbc", 1);
        provider().encrypt_cbc(key, iv, plaintext)
    }

    fn decrypt_cbc(&self, key: &[u8], iv: &[u8; 16], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        self.counts.add("decrypt_cbc", 1);
        provider().decrypt_cbc(key, iv, ciphertext)
    }

    fn wrap_key(&self, key: &[u8], content_key: &[u8]) -> Result<Vec<u8>, ProviderError> {
        self.counts.add("wrap_key", 1);
        provider().wrap_key(key, content_key)
    }

    fn unwrap_key(&self, key: &[u8], wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        self.counts.add("unwrap_key", 1);
        provider().unwrap_key(key, wrapped)
    }

    fn encrypt_key(&self, alg: KeyManagement, key: &PublicMaterial) -> Result<Box<dyn Encrypt>, ProviderError> {
        provider().encrypt_key(alg, key)
    }

    fn decrypt_key(&self, alg: KeyManagement, key: &PrivateMaterial) -> Result<Box<dyn Decrypt>, ProviderError> {
        self.counts.add("load", 1);
        Ok(Box::new(Counted(provider().decrypt_key(alg, key)?, self.counts.clone())))
    }

    fn agreement_key(&self, key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        self.counts.add("load", 1);
        Ok(Box::new(Counted(provider().agreement_key(key)?, self.counts.clone())))
    }

    fn ephemeral_key(&self, peer: &PublicMaterial) -> Result<Box<dyn Agree>, ProviderError> {
        self.counts.add("ephemeral_key", 1);
        match self.ephemeral.lock().expect("no panic before").pop_front() {
            Some(key) => provider().agreement_key(&key),
            None => provider().ephemeral_key(peer),
        }
    }
}

struct Counted<T: ?Sized>(Box<T>, Counts);

impl Decrypt for Counted<dyn Decrypt> {
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        self.1.add("decrypt", 1);
        self.0.decrypt(ciphertext)
    }
}

impl Agree for Counted<dyn Agree> {
    fn public(&self) -> &PublicMaterial {
        self.0.public()
    }

    fn agree(&self, peer: &PublicMaterial) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        self.1.add("agree", 1);
        self.0.agree(peer)
    }
}

impl MacKey for Counted<dyn MacKey> {}

impl Sign for Counted<dyn MacKey> {
    fn signature_len(&self) -> usize {
        self.0.signature_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        self.1.add("sign", 1);
        self.0.sign(message, signature)
    }
}

impl Verify for Counted<dyn MacKey> {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.1.add("verify", 1);
        self.0.verify(message, signature)
    }
}

impl Verify for Counted<dyn Verify> {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.1.add("verify", 1);
        self.0.verify(message, signature)
    }
}
