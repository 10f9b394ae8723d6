//! Keys (RFC 7517, RFC 7518 §6, RFC 8037), parsed once into values that carry their algorithm.

mod certificates;
mod complete;
mod convert;
mod curve448;
mod decryption;
mod encryption;
mod error;
mod generate;
mod key;
pub(crate) mod material;
mod members;
mod number;
mod password;
mod pem_keys;
mod points;
mod private_text;
mod read;
mod roca;
mod shake;
mod signing;
mod terms;
mod thumbprint;
mod usage;
mod verifying;
pub(crate) mod weak;
mod write;

pub(crate) use error::{by_name, excerpt};

pub(crate) use decryption::ForDecryption;
pub(crate) use encryption::ForEncryption;

pub use convert::PemForm;
pub use decryption::DecryptionKey;
pub use encryption::EncryptionKey;
pub use error::KeyError;
pub use generate::NewKey;
pub use key::{Jwk, KeyMaterial};
pub use password::{AesSize, Pbes2};
pub use signing::SigningKey;
pub use thumbprint::ThumbprintHash;
pub use usage::{KeyAlgorithm, KeyUse};
pub use verifying::VerifyingKey;
pub use write::{Layout, set_to_json};

/// The public numbers of a JWK that holds nothing private, whatever it is for.
pub(crate) fn read_public(jwk: &crate::json::Object) -> Result<material::PublicMaterial, KeyError> {
    match members::private_member(jwk) {
        Some(member) => Err(KeyError::Private(member)),
        None => members::public(jwk),
    }
}

/// The same from plain members, by what stands between their braces; nothing where that is another key than EC or
/// X25519, or anything but right.
pub(crate) fn read_plain_public(members: &str) -> Option<material::PublicMaterial> {
    members::plain_public(members)
}

/// A public key; the same type as what verifies.
///
/// ```
/// use vestibule_jose::jwk::PublicKey;
/// use vestibule_jose::{SigningKey, JwsAlgorithm, provider::aws_lc};
///
/// let key: PublicKey = SigningKey::generate(aws_lc(), JwsAlgorithm::Ed25519)?.verifying_key();
/// assert!(key.allows(JwsAlgorithm::Ed25519));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub type PublicKey = VerifyingKey;
