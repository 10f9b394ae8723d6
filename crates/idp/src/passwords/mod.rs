//! Passwords: Argon2id (RFC 9106) in a bounded pool, so that a storm of sign-ins takes bounded memory.
//!
//! An unknown user costs the same work as a known one. A password is never stored, logged or shown.

mod phc;
mod pool;

use std::sync::atomic::Ordering;

use phc::{Cost, Phc};
use pool::Pool;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::random::Randomness;
use crate::settings::PasswordSettings;

/// Hashes and verifies passwords.
pub struct Passwords {
    pool: Pool,
    cost: Cost,
}

/// What came of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Not the password, or nobody has it.
    Wrong,
    /// The password, hashed with today's parameters.
    Right,
    /// The password, hashed with other parameters: hash it again and store that.
    RightButOutdated,
}

/// No verdict could be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 8 characters.
    #[error("a password has at least {MIN_CHARS} characters")]
    TooShort,
    /// More than 256 characters.
    #[error("a password has at most {MAX_CHARS} characters")]
    TooLong,
    /// As many wait already as may.
    #[error("too many passwords are being checked at the moment")]
    Busy,
    /// The row holds no hash of ours.
    #[error("the stored password hash cannot be read")]
    Corrupt,
    /// The pool could not be started, or is gone.
    #[error("the password threads are not running")]
    Stopped,
}

impl Passwords {
    /// Starts the pool's threads.
    pub fn start(settings: &PasswordSettings) -> Result<Self, PasswordError> {
        let cost = Cost::of(settings)?;
        Ok(Self { pool: Pool::start(settings.threads, settings.queue, cost)?, cost })
    }

    /// The PHC string to store for a new `password`.
    pub async fn hash(&self, randomness: &dyn Randomness, password: &str) -> Result<String, PasswordError> {
        let password = &normalised(password);
        check_length(password)?;
        let mut salt = vec![0; 16];
        randomness.fill(&mut salt);
        let output = self.pool.run(self.cost, bytes_of(password), salt.clone(), 32).await?;
        Ok(Phc { cost: self.cost, salt, output: output.to_vec() }.to_string())
    }

    /// Compares `password` with what is `stored`; `None` (nobody, or somebody without a password) takes the
    /// same work and is always wrong.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<Verdict, PasswordError> {
        let known = match stored {
            Some(text) => Some(text.parse::<Phc>().map_err(|_| PasswordError::Corrupt)?),
            None => None,
        };
        let fits = password.len() <= MAX_BYTES;
        let password = &if fits { normalised(password) } else { Zeroizing::default() };
        let comparable = known.is_some() && fits;
        let phc = known.unwrap_or_else(|| Phc { cost: self.cost, salt: vec![0; 16], output: vec![0; 32] });
        let typed = if comparable { bytes_of(password) } else { bytes_of("nobody has this password") };
        let output = self.pool.run(phc.cost, typed, phc.salt, phc.output.len()).await?;
        let same = jose::constant_time_eq(&output, &phc.output);
        Ok(match (same && comparable, phc.cost == self.cost) {
            (false, _) => Verdict::Wrong,
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButOutdated,
        })
    }

    /// How many passwords are waited for now, in the queue or at work.
    pub fn under_way(&self) -> u64 {
        self.pool.under_way.load(Ordering::Relaxed)
    }

    /// How often Argon2 ran since the start.
    pub fn runs(&self) -> u64 {
        self.pool.runs.load(Ordering::Relaxed)
    }
}

/// The password as it is hashed, however a keyboard composes it: OpaqueString (RFC 8265 §4.2.2), which asks for NFC and for
/// one kind of blank.
pub(crate) fn normalised(password: &str) -> Zeroizing<String> {
    let blank = |c: char| if is_other_blank(c) { ' ' } else { c };
    Zeroizing::new(password.chars().map(blank).nfc().collect())
}

/// The category Zs but for the blank of ASCII.
fn is_other_blank(c: char) -> bool {
    matches!(c, '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}')
}

/// Counted in characters, as people count them, not in bytes.
fn check_length(password: &str) -> Result<(), PasswordError> {
    match password.chars().take(MAX_CHARS + 1).count() {
        0..MIN_CHARS => Err(PasswordError::TooShort),
        MIN_CHARS..=MAX_CHARS => Ok(()),
        _ => Err(PasswordError::TooLong),
    }
}

fn bytes_of(password: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(password.as_bytes().to_vec())
}

/// The fewest characters of a new password, whatever the settings say.
pub const MIN_CHARS: usize = 8;
/// The most characters of a new password.
pub const MAX_CHARS: usize = 256;
/// A character of UTF-8 has four bytes at most.
const MAX_BYTES: usize = 4 * MAX_CHARS;

#[cfg(test)]
mod tests;
