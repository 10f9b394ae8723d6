//! The master key: what it encrypts and which keys it gives.
//!
//! It is used for nothing itself; every use has a key of its own, derived by HKDF (RFC 5869). A sealed value is
//! `version ‖ nonce ‖ AES-256-GCM(plaintext)` with the row's purpose and id as associated data, so that a value
//! that somebody copied to another row or column does not open.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use oidc::Id;
use zeroize::Zeroizing;

use crate::random::Randomness;

/// The key under which everything is encrypted that must be known in clear.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

/// The text is no master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a master key is 32 bytes in base64url without padding (43 characters)")]
pub struct NotAMasterKey;

/// A sealed value does not open: damaged, from another row or purpose, or sealed under another master key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed value does not open: it is damaged, from another row, or sealed under another master key")]
pub struct DoesNotOpen;

impl MasterKey {
    /// A new one.
    pub fn generate(randomness: &dyn Randomness) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        randomness.fill(&mut *bytes);
        Self(bytes)
    }

    /// Parses the text of a key file; white space around it is ignored.
    pub fn parse(text: &str) -> Result<Self, NotAMasterKey> {
        let decoded = Zeroizing::new(jose::base64url::decode(text.trim()).map_err(|_| NotAMasterKey)?);
        let mut bytes = Zeroizing::new([0; 32]);
        if decoded.len() != bytes.len() {
            return Err(NotAMasterKey);
        }
        bytes.copy_from_slice(&decoded);
        Ok(Self(bytes))
    }

    /// The text for a key file, with a final newline.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(jose::base64url::encode(*self.0));
        text.push('\n');
        text
    }

    /// The key for `purpose` (HKDF-SHA-256, RFC 5869). No two uses share a purpose.
    pub fn derive(&self, purpose: &str) -> Zeroizing<[u8; 32]> {
        let mut key = Zeroizing::new([0; 32]);
        let info = [b"vestibule/1/", purpose.as_bytes()];
        Salt::new(HKDF_SHA256, &[])
            .extract(&*self.0)
            .expand(&info, HKDF_SHA256)
            .and_then(|output| output.fill(&mut *key))
            .expect("32 bytes are within what HKDF-SHA-256 can give (RFC 5869 §2.3)");
        key
    }

    /// The sealer of this key.
    pub fn sealer(&self) -> Sealer {
        let key = UnboundKey::new(&AES_256_GCM, &*self.derive("seal")).expect("a key of AES-256 is 32 bytes");
        Sealer(LessSafeKey::new(key))
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// Seals and opens values of rows.
pub struct Sealer(LessSafeKey);

impl Sealer {
    /// Seals `plaintext` for the row `id` of what `purpose` names.
    pub fn seal(&self, randomness: &dyn Randomness, purpose: &str, id: Id, plaintext: &[u8]) -> Vec<u8> {
        // Random nonces are good for 2^32 values under one key (NIST SP 800-38D §8.3): keys and seeds are few.
        let mut nonce = [0; NONCE_LEN];
        randomness.fill(&mut nonce);
        let mut body = Zeroizing::new(plaintext.to_vec());
        let tag = self
            .0
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(associated(purpose, id)),
                &mut body,
            )
            .expect("a row's value is far below AES-GCM's limit of 64 GiB");
        let mut sealed = Vec::with_capacity(1 + NONCE_LEN + body.len() + TAG);
        sealed.push(VERSION);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        sealed.extend_from_slice(tag.as_ref());
        sealed
    }

    /// Opens what `seal` gave for the same row and purpose.
    pub fn open(&self, purpose: &str, id: Id, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DoesNotOpen> {
        let rest = sealed.strip_prefix(&[VERSION]).ok_or(DoesNotOpen)?;
        let (nonce, body) = rest.split_at_checked(NONCE_LEN).ok_or(DoesNotOpen)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| DoesNotOpen)?;
        let mut body = Zeroizing::new(body.to_vec());
        let length =
            self.0.open_in_place(nonce, Aad::from(associated(purpose, id)), &mut body).map_err(|_| DoesNotOpen)?.len();
        body.truncate(length);
        Ok(body)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer([redacted])")
    }
}

/// The id has a fixed length and comes first, so that no two pairs give the same bytes.
fn associated(purpose: &str, id: Id) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    bytes.extend_from_slice(id.as_bytes());
    bytes.extend_from_slice(purpose.as_bytes());
    bytes
}

const VERSION: u8 = 1;
const TAG: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SystemRandomness;

    fn key() -> MasterKey {
        MasterKey(Zeroizing::new([7; 32]))
    }

    fn id(byte: u8) -> Id {
        Id::from_bytes([byte; 16])
    }

    #[test]
    fn a_key_file_comes_back_as_the_same_key() {
        let key = MasterKey::generate(&SystemRandomness);
        let text = key.to_text();
        assert_eq!(text.len(), 44);
        assert_eq!(*MasterKey::parse(&text).unwrap().0, *key.0);
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "AAAA", "not base64url!", &"A".repeat(44), &format!("{}=", "A".repeat(43))] {
            assert_eq!(MasterKey::parse(text).unwrap_err(), NotAMasterKey, "{text}");
        }
    }

    #[test]
    fn a_sealed_value_opens_for_its_row_alone() {
        let sealer = key().sealer();
        let sealed = sealer.seal(&SystemRandomness, "totp", id(1), b"seed");
        assert_eq!(**sealer.open("totp", id(1), &sealed).unwrap(), *b"seed");
        assert_eq!(sealer.open("totp", id(2), &sealed), Err(DoesNotOpen));
        assert_eq!(sealer.open("key", id(1), &sealed), Err(DoesNotOpen));
        let other = MasterKey::generate(&SystemRandomness).sealer();
        assert_eq!(other.open("totp", id(1), &sealed), Err(DoesNotOpen));
    }

    #[test]
    fn every_damaged_byte_and_every_cut_is_noticed() {
        let sealer = key().sealer();
        let sealed = sealer.seal(&SystemRandomness, "totp", id(1), b"seed");
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(sealer.open("totp", id(1), &damaged), Err(DoesNotOpen), "byte {at}");
            assert_eq!(sealer.open("totp", id(1), &sealed[..at]), Err(DoesNotOpen), "cut at {at}");
        }
    }

    #[test]
    fn the_same_value_never_looks_the_same() {
        let sealer = key().sealer();
        let seal = || sealer.seal(&SystemRandomness, "totp", id(1), b"seed");
        assert_ne!(seal(), seal());
    }

    #[test]
    fn every_purpose_has_a_key_of_its_own() {
        assert_ne!(*key().derive("seal"), *key().derive("refresh"));
        assert_eq!(*key().derive("seal"), *key().derive("seal"));
        assert_ne!(*key().derive("seal"), [7; 32]);
    }

    #[test]
    fn debug_shows_nothing() {
        assert_eq!(format!("{:?} {:?}", key(), key().sealer()), "MasterKey([redacted]) Sealer([redacted])");
    }
}
