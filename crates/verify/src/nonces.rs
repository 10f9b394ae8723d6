//! DPoP nonces (RFC 9449 §9): nothing is stored.

use jose::{base64url, constant_time_eq, hmac_sha256};

/// Makes nonces and knows them again, by a secret that all machines of an API share. One counts for two to four minutes.
///
/// ```
/// use vestibule_verify::Nonces;
///
/// let nonces = Nonces::new([7; 32]);
/// let nonce = nonces.make(1_700_000_000);
/// assert!(nonces.is_ours(&nonce, 1_700_000_100) && !nonces.is_ours(&nonce, 1_700_000_300));
/// ```
#[derive(Clone)]
pub struct Nonces([u8; 32]);

impl Nonces {
    /// By this secret.
    pub fn new(secret: [u8; 32]) -> Self {
        Self(secret)
    }

    /// The nonce of this time, in seconds since 1970.
    pub fn make(&self, now: i64) -> String {
        self.of(now.div_euclid(STEP))
    }

    /// Whether this is one that still counts.
    pub fn is_ours(&self, nonce: &str, now: i64) -> bool {
        let step = now.div_euclid(STEP);
        [step, step - 1].into_iter().any(|step| constant_time_eq(self.of(step).as_bytes(), nonce.as_bytes()))
    }

    fn of(&self, step: i64) -> String {
        let message = [&b"dpop-nonce"[..], &step.to_be_bytes()].concat();
        base64url::encode(&hmac_sha256(&self.0, &message)[..16])
    }
}

impl std::fmt::Debug for Nonces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonces(…)")
    }
}

const STEP: i64 = 120;
/// For how many seconds a nonce counts at most.
pub(crate) const LONGEST: i64 = 2 * STEP;
