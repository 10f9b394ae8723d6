//! The primitives with nothing around them: what jose's work is held against. Keys are parsed before, as jose does.

mod encryption;
mod signature;

pub(crate) use encryption::Encryption;
pub(crate) use signature::{signer, verifier};
