//! Keys (RFC 7517, RFC 7518 §6, RFC 8037), parsed once into values that carry their algorithm.

mod decryption;
mod encryption;
mod error;
pub(crate) mod material;
mod members;
mod pem_keys;
mod private_text;
mod signing;
mod terms;
mod thumbprint;
mod verifying;
mod weak;

pub(crate) use error::excerpt;

pub(crate) use decryption::ForDecryption;
pub(crate) use encryption::ForEncryption;

pub use decryption::DecryptionKey;
pub use encryption::EncryptionKey;
pub use error::KeyError;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;

/// The public numbers of a JWK that holds nothing private, whatever it is for.
pub(crate) fn read_public(jwk: &crate::json::Object) -> Result<material::PublicMaterial, KeyError> {
    match members::private_member(jwk) {
        Some(member) => Err(KeyError::Private(member)),
        None => members::public(jwk),
    }
}

/// A public key; the same type as what verifies.
pub type PublicKey = VerifyingKey;
