//! Numbers that cannot be a sound key.

use super::material::{Curve, PrivateMaterial, PublicMaterial};
use super::{KeyError, points, roca};

/// What can be seen from the numbers alone; whether a point lies on its curve, the provider says.
pub(super) fn check(key: &PublicMaterial) -> Result<(), KeyError> {
    match key {
        PublicMaterial::Rsa { n, e } => check_rsa(n, e),
        PublicMaterial::Ed25519 { x } => points::check_ed25519(x),
        PublicMaterial::Ec { curve, point } => curve.check_point(point),
        PublicMaterial::X25519 { x } => points::check_x25519(x),
        PublicMaterial::Ed448 { x } => points::check_ed448(x),
        PublicMaterial::X448 { x } => points::check_x448(x),
        PublicMaterial::MlDsa { set, public } if public.len() == set.public_len() => Ok(()),
        PublicMaterial::MlDsa { .. } => Err(KeyError::Encoding("the ML-DSA key does not have its set's length")),
    }
}

/// At least 2048 bits (RFC 7518 §3.3) and at most 8192, with an odd exponent above 1.
pub(crate) fn check_rsa(n: &[u8], e: &[u8]) -> Result<(), KeyError> {
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
        _ if roca::is_marked(n) => Err(KeyError::Weak(
            "the RSA modulus carries the mark of a faulty generator, and can be factored (ROCA, CVE-2017-15361)",
        )),
        _ => Ok(()),
    }
}

/// What can be seen from a private number alone. Whether it belongs to the public half, the provider says.
pub(super) fn check_private(key: &PrivateMaterial) -> Result<(), KeyError> {
    let zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
    match key {
        PrivateMaterial::Rsa(rsa) => check_rsa(&rsa.n, &rsa.e),
        PrivateMaterial::Ec { curve, d, .. } if zero(d) || d.as_slice() >= order(*curve) => Err(KeyError::Weak(
            "the EC private number is 0, or not below the order of its curve's group (SEC 1 §3.2.1)",
        )),
        PrivateMaterial::Ed25519 { seed, .. } if zero(seed.as_slice()) => Err(ZERO),
        PrivateMaterial::X25519 { d, .. } if zero(d.as_slice()) => Err(ZERO),
        PrivateMaterial::Ed448 { seed, .. } if zero(seed.as_slice()) => Err(ZERO),
        PrivateMaterial::X448 { d, .. } if zero(d.as_slice()) => Err(ZERO),
        // The seed of ML-DSA may be zeros: the RFC's own example is (RFC 9964 appendix A.1).
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

/// The order of the group that the curve's base point generates (NIST SP 800-186 §3.2.1, SEC 2 §2.4.1), as long as the
/// field.
const fn order(curve: Curve) -> &'static [u8] {
    match curve {
        Curve::P256 => &[
            0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6,
            0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
        ],
        Curve::P384 => &[
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2,
            0x48, 0xb0, 0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
        ],
        Curve::P521 => &[
            0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfa, 0x51, 0x86,
            0x87, 0x83, 0xbf, 0x2f, 0x96, 0x6b, 0x7f, 0xcc, 0x01, 0x48, 0xf7, 0x09, 0xa5, 0xd0, 0x3b, 0xb5, 0xc9, 0xb8,
            0x89, 0x9c, 0x47, 0xae, 0xbb, 0x6f, 0xb7, 0x1e, 0x91, 0x38, 0x64, 0x09,
        ],
        Curve::Secp256k1 => &[
            0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe, 0xba, 0xae,
            0xdc, 0xe6, 0xaf, 0x48, 0xa0, 0x3b, 0xbf, 0xd2, 0x5e, 0x8c, 0xd0, 0x36, 0x41, 0x41,
        ],
    }
}

const ZERO: KeyError = KeyError::Weak("the private key is all zeros, which no generator makes");
