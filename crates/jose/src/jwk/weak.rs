//! Numbers that cannot be a sound public key.

use super::KeyError;
use super::material::PublicMaterial;

/// What can be seen from the numbers alone; whether a point lies on its curve, the provider says.
pub(super) fn check(key: &PublicMaterial) -> Result<(), KeyError> {
    match key {
        PublicMaterial::Rsa { n, e } => check_rsa(n, e),
        PublicMaterial::Ed25519 { x } => check_ed25519(x),
        PublicMaterial::Ec { curve, point } => curve.check_point(point),
        PublicMaterial::X25519 { .. } | PublicMaterial::Ed448 { .. } | PublicMaterial::X448 { .. } => Ok(()),
        PublicMaterial::MlDsa { set, public } if public.len() == set.public_len() => Ok(()),
        PublicMaterial::MlDsa { .. } => Err(KeyError::Encoding("the ML-DSA key does not have its set's length")),
    }
}

/// At least 2048 bits (RFC 7518 §3.3) and at most 8192, with an odd exponent above 1.
pub(super) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), KeyError> {
    if n.first() == Some(&0) || e.first() == Some(&0) {
        return Err(KeyError::Weak("a number of the RSA key has leading zeros (RFC 7518 §2, Base64urlUInt)"));
    }
    match bits(n) {
        ..2048 => return Err(KeyError::Weak("the RSA modulus is shorter than 2048 bits (RFC 7518 §3.3)")),
        8193.. => return Err(KeyError::Weak("the RSA modulus is longer than 8192 bits")),
        _ => {}
    }
    if n.last().is_none_or(|last| last % 2 == 0) {
        return Err(KeyError::Weak("the RSA modulus is even"));
    }
    match e {
        [] | [1] => Err(KeyError::Weak("the RSA exponent is 1 or 0, so anybody can sign")),
        [.., last] if last % 2 == 0 => Err(KeyError::Weak("the RSA exponent is even")),
        _ if bits(e) > 33 => Err(KeyError::Weak("the RSA exponent is longer than 33 bits")),
        _ => Ok(()),
    }
}

/// The bits of a big-endian number without leading zeros.
pub(super) fn bits(number: &[u8]) -> usize {
    match number.first() {
        Some(first) => number.len() * 8 - first.leading_zeros() as usize,
        None => 0,
    }
}

/// Under a point of small order anybody can make signatures that hold (RFC 8032 leaves the check to
/// the protocol): `y` is 0, 1 or -1 or stands below. The sign bit does not matter; 0 and 1 can
/// also be spelled as `p` and `p + 1`.
fn check_ed25519(x: &[u8; 32]) -> Result<(), KeyError> {
    let mut y = *x;
    y[31] &= 0x7f;
    let near_p = |lowest: u8| y[0] == lowest && y[1..31].iter().all(|byte| *byte == 0xff) && y[31] == 0x7f;
    let small = y[0] <= 1 && y[1..].iter().all(|byte| *byte == 0);
    if small || near_p(0xec) || near_p(0xed) || near_p(0xee) || y == ORDER_8 || y == ORDER_8_MIRRORED {
        return Err(KeyError::Weak("the Ed25519 point has small order, so anybody can sign"));
    }
    Ok(())
}

/// The `y` of the points of order 8, little-endian.
const ORDER_8: [u8; 32] = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac,
    0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];
const ORDER_8_MIRRORED: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53,
    0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];
