//! What every provider refuses, said once, since the libraries below differ here. The rest (points on their curve, halves
//! that belong together) needs their mathematics.

use super::{Curve, ProviderError, RsaPrivate};
use crate::jwk::weak;

/// An uncompressed point of the curve's length.
pub(super) fn point(curve: Curve, point: &[u8]) -> Result<(), ProviderError> {
    curve.check_point(point).map_err(|_| ProviderError::KeyRejected)
}

/// A scalar as long as the field (RFC 7518 §6.2.2.1). aws-lc would fill up a shorter one.
pub(super) fn scalar_len(curve: Curve, d: &[u8]) -> Result<(), ProviderError> {
    if d.len() == curve.field_len() { Ok(()) } else { Err(ProviderError::KeyRejected) }
}

/// RSA numbers within their bounds.
pub(super) fn rsa(n: &[u8], e: &[u8]) -> Result<(), ProviderError> {
    weak::check_rsa(n, e).map_err(|_| ProviderError::KeyRejected)
}

/// RFC 8017 §3.2: `d` is below `n`, so that a key has one spelling. aws-lc would take greater ones.
pub(super) fn rsa_private(key: &RsaPrivate) -> Result<(), ProviderError> {
    rsa(&key.n, &key.e)?;
    if below(&key.d, &key.n) { Ok(()) } else { Err(ProviderError::KeyRejected) }
}

/// The place for a signature has its length. Another is the caller's mistake; aws-lc-rs would panic.
pub(super) fn place(signature: &[u8], len: usize) -> Result<(), ProviderError> {
    if signature.len() == len { Ok(()) } else { Err(ProviderError::Failed) }
}

/// Puts a signature into its place.
pub(super) fn hand_over(made: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
    place(signature, made.len())?;
    signature.copy_from_slice(made);
    Ok(())
}

/// RFC 3394 §2: a key to wrap has two blocks of 64 bits or more. The key wrap of RustCrypto would take one or none.
pub(super) fn wrapped_len(len: usize) -> Result<(), ProviderError> {
    if len >= 16 && len.is_multiple_of(8) { Ok(()) } else { Err(ProviderError::Failed) }
}

/// Whether `a < b`, both big-endian without leading zeros. Of the bytes of `a` no more is told than how many its first
/// equal ones are, and that only where both are of one length.
fn below(a: &[u8], b: &[u8]) -> bool {
    (a.len(), a) < (b.len(), b)
}
