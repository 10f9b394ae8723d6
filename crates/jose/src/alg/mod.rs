//! Algorithms by their registered names: signatures, key management, content encryption, hashes.

mod hash;
mod jwe;
mod jws;

pub use hash::Hash;
pub(crate) use jwe::Mode;
pub use jwe::{ContentEncryption, KeyManagement};
pub use jws::{JwsAlgorithm, UnknownAlgorithm};
