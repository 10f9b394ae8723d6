//! Randomness from outside: the caller's source as the crates want to see it, and a source made of one seed.

use std::fmt;
use std::sync::{Arc, Mutex};

use hmac::{Hmac, Mac as _};
use rand_core::{TryCryptoRng, TryRng};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::super::ProviderError;
use super::hashes::keyed;

/// Fills what it is given with bytes that nobody can foretell, or says that it cannot.
///
/// ```
/// use vestibule_jose::provider::{ProviderError, RandomSource};
///
/// let none: RandomSource = Box::new(|_| Err(ProviderError::Failed));
/// assert!(none(&mut [0; 4]).is_err());
/// ```
pub type RandomSource = Box<dyn Fn(&mut [u8]) -> Result<(), ProviderError> + Send + Sync>;

/// The source as the provider and its handles share it.
#[derive(Clone)]
pub(super) struct Random(Arc<RandomSource>);

impl Random {
    pub(super) fn new(source: RandomSource) -> Self {
        Self(Arc::new(source))
    }

    pub(super) fn fill(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        (self.0)(out)
    }
}

impl TryRng for Random {
    type Error = ProviderError;

    fn try_next_u32(&mut self) -> Result<u32, ProviderError> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, ProviderError> {
        let mut bytes = [0; 8];
        self.fill(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), ProviderError> {
        self.fill(out)
    }
}

impl TryCryptoRng for Random {}

/// A source that expands one seed, for places without randomness of their own (WebAssembly): HMAC_DRBG with SHA-256
/// (NIST SP 800-90A Rev. 1 §10.1.2), without reseeding.
///
/// The same seed gives the same bytes. So a seed is fresh randomness, used for one value of this type and never again:
/// two encryptions with AES-GCM under one key and one nonce give the key away.
///
/// ```
/// use vestibule_jose::provider::SeededRandom;
///
/// let (mut one, mut other) = ([0; 8], [0; 8]);
/// let random = SeededRandom::new(&[7; SeededRandom::SEED_LEN])?;
/// random.fill(&mut one)?;
/// random.fill(&mut other)?;
/// assert!(one != other && SeededRandom::new(&[7; 16]).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct SeededRandom(Mutex<State>);

struct State {
    key: Zeroizing<[u8; 32]>,
    value: Zeroizing<[u8; 32]>,
}

impl SeededRandom {
    /// Bytes of seed that are needed: 32 of entropy input for 256 bits of strength and 16 for the nonce, which may come
    /// from the same source (§8.6.7).
    pub const SEED_LEN: usize = 48;

    /// Instantiates (§10.1.2.3). A seed shorter than [`SeededRandom::SEED_LEN`] is refused; all of a longer one counts.
    pub fn new(seed: &[u8]) -> Result<Self, ProviderError> {
        if seed.len() < Self::SEED_LEN {
            return Err(ProviderError::Failed);
        }
        let mut state = State { key: Zeroizing::new([0; 32]), value: Zeroizing::new([1; 32]) };
        state.update(&[seed]);
        Ok(Self(Mutex::new(state)))
    }

    /// Generates (§10.1.2.5), in requests of at most 2¹⁹ bits (§10.1, table 2).
    pub fn fill(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        // A thread that panicked in here left a state that nobody vouches for.
        let mut state = self.0.lock().map_err(|_| ProviderError::Failed)?;
        for request in out.chunks_mut(REQUEST_LEN) {
            state.generate(request);
        }
        Ok(())
    }

    /// The source that [`super::rustcrypto`] takes.
    pub fn into_source(self) -> RandomSource {
        Box::new(move |out| self.fill(out))
    }
}

impl State {
    /// One request. 2⁴⁸ of them are allowed before a reseed is due (§10.1, table 2), which no process lives to see.
    fn generate(&mut self, request: &mut [u8]) {
        for block in request.chunks_mut(32) {
            *self.value = *mac(&self.key, &[self.value.as_slice()]);
            block.copy_from_slice(&self.value[..block.len()]);
        }
        self.update(&[]);
    }

    /// HMAC_DRBG_Update (§10.1.2.2).
    fn update(&mut self, provided: &[&[u8]]) {
        for round in [0, 1] {
            if round == 1 && provided.is_empty() {
                return;
            }
            let value = self.value.clone();
            let begun: [&[u8]; 2] = [value.as_slice(), &[round]];
            *self.key = *mac(&self.key, &[&begun, provided].concat());
            *self.value = *mac(&self.key, &[self.value.as_slice()]);
        }
    }
}

fn mac(key: &[u8; 32], parts: &[&[u8]]) -> Zeroizing<[u8; 32]> {
    let mut mac: Hmac<Sha256> = keyed(key);
    parts.iter().for_each(|part| mac.update(part));
    Zeroizing::new(mac.finalize().into_bytes().into())
}

impl fmt::Debug for SeededRandom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SeededRandom").finish_non_exhaustive()
    }
}

/// 2¹⁹ bits.
const REQUEST_LEN: usize = 1 << 16;
