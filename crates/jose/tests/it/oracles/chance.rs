//! What is random, from one seed.

use std::sync::OnceLock;

use serde_json::Value;
use vestibule_jose::provider::{RustCrypto, SeededRandom, aws_lc, rustcrypto};

/// Numbers and bytes to choose by, and the provider whose keys they make.
pub(super) struct Chance {
    state: u64,
    pub(super) provider: RustCrypto,
    rsa: OnceLock<Value>,
}

impl Chance {
    /// From the environment's seed, or a new one, which is said.
    #[expect(clippy::disallowed_methods, reason = "a seed from outside repeats a run")]
    #[expect(clippy::print_stderr, reason = "what is needed to repeat a failure must be said")]
    pub(super) fn new() -> Self {
        let seed = match std::env::var("VESTIBULE_ORACLE_SEED") {
            Ok(text) => u64::from_str_radix(&text, 16).expect("hexadecimal"),
            Err(_) => {
                let mut seed = [0; 8];
                aws_lc().fill_random(&mut seed).expect("randomness");
                u64::from_le_bytes(seed)
            }
        };
        eprintln!("VESTIBULE_ORACLE_SEED={seed:016x}");
        let long = seed.to_le_bytes().repeat(SeededRandom::SEED_LEN / 8);
        let provider = rustcrypto(SeededRandom::new(&long).expect("long enough").into_source());
        Self { state: seed | 1, provider, rsa: OnceLock::new() }
    }

    /// One RSA key for a whole run: making one is slow.
    pub(super) fn rsa(&self) -> &Value {
        self.rsa.get_or_init(|| super::new_rsa(self))
    }

    /// Below `limit`.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        usize::try_from(self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33).expect("31 bits") % limit
    }

    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Bytes of any length below the limit.
    pub(super) fn bytes(&mut self, limit: usize) -> Vec<u8> {
        (0..self.below(limit)).map(|_| u8::try_from(self.below(256)).expect("a byte")).collect()
    }
}
