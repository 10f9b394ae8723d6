//! How much of somebody else's input is looked at before it is refused.

/// Bounds on input, checked before anything is allocated for it. With those of [`Limits::DEFAULT`] no function of this
/// crate holds more than 16 MiB above what it was given; for JSON see also [`crate::json::MOST_VALUES`].
///
/// ```
/// use vestibule_jose::{Limits, jwt};
///
/// let short = Limits { token_bytes: 10, ..Limits::DEFAULT };
/// assert!(jwt::inspect("eyJhbGciOiJFUzI1NiJ9.e30.AA", &short).is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a whole token.
    pub token_bytes: usize,
    /// Bytes of a decoded header.
    pub header_bytes: usize,
    /// Bytes of any other JSON text: a payload, a key.
    pub json_bytes: usize,
    /// How deep JSON may nest; `{}` has depth 1.
    pub json_depth: usize,
    /// Bytes of a key in PEM or DER.
    pub key_bytes: usize,
    /// Bytes of a key set, or of a PEM text with several blocks.
    pub set_bytes: usize,
    /// Keys in a set.
    pub set_keys: usize,
    /// Signatures that one message may carry.
    pub signatures: usize,
    /// Signature verifications, or decryptions, that one token or message may cost.
    pub attempts: usize,
    /// Disclosures of one SD-JWT.
    pub disclosures: usize,
    /// Recipients of one JWE.
    pub recipients: usize,
    /// Layers of encryption around one signed token.
    pub layers: usize,
    /// Rounds of PBKDF2 that one JWE may cost, over all keys and recipients (RFC 7518 §4.8.1.2).
    pub p2c: u32,
    /// Bytes of a plaintext after decompression.
    pub inflated_bytes: usize,
}

impl Limits {
    /// The bounds that hold unless others are given.
    pub const DEFAULT: Self = Self {
        token_bytes: 64 * 1024,
        header_bytes: 8 * 1024,
        json_bytes: 64 * 1024,
        json_depth: 16,
        key_bytes: 32 * 1024,
        set_bytes: 512 * 1024,
        set_keys: 128,
        signatures: 16,
        attempts: 16,
        disclosures: 256,
        recipients: 16,
        layers: 2,
        p2c: 1_000_000,
        inflated_bytes: 256 * 1024,
    };
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
