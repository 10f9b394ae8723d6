//! Keys (RFC 7517, RFC 7518 §6, RFC 8037), parsed once into values that carry their algorithm.

mod error;
pub(crate) mod material;
mod members;
mod pem_keys;
mod signing;
mod thumbprint;
mod verifying;
mod weak;

pub(crate) use error::excerpt;

pub use error::KeyError;
pub use signing::SigningKey;
pub use verifying::VerifyingKey;

/// A public key; the same type as what verifies.
pub type PublicKey = VerifyingKey;
