//! Points of small order, under which signatures hold that nobody made, and agreed secrets are known to everybody.

use super::KeyError;

/// Under a point of small order anybody can make signatures that hold (RFC 8032 leaves the check to
/// the protocol): `y` is 0, 1 or -1 or stands below. The sign bit does not matter; 0 and 1 can
/// also be spelled as `p` and `p + 1`.
pub(super) fn check_ed25519(x: &[u8; 32]) -> Result<(), KeyError> {
    let mut y = *x;
    y[31] &= 0x7f;
    if is_near_zero_25519(&y) || y == ORDER_8 || y == ORDER_8_MIRRORED {
        return Err(KeyError::Weak("the Ed25519 point has small order, so anybody can sign"));
    }
    // RFC 8032 §5.1.3: `y` is below the prime. Libraries differ in whether they look.
    if y[0] >= 0xed && y[1..31].iter().all(|byte| *byte == 0xff) && y[31] == 0x7f {
        return Err(KeyError::Weak("the Ed25519 point is not reduced (RFC 8032 §5.1.3)"));
    }
    Ok(())
}

/// RFC 7748 §6.1: with such a point every agreement ends in zeros. The highest bit is not looked at (§5).
pub(super) fn check_x25519(x: &[u8; 32]) -> Result<(), KeyError> {
    let mut u = *x;
    u[31] &= 0x7f;
    if is_near_zero_25519(&u) || u == U_OF_ORDER_8 || u == OTHER_U_OF_ORDER_8 {
        return Err(KeyError::Weak(
            "the X25519 point has small order, so the agreed secret would be known to everybody (RFC 7748 §6.1)",
        ));
    }
    Ok(())
}

/// RFC 7748 §6.2, the same.
pub(super) fn check_x448(x: &[u8; 56]) -> Result<(), KeyError> {
    if is_near_zero_448(x) {
        return Err(KeyError::Weak(
            "the X448 point has small order, so the agreed secret would be known to everybody (RFC 7748 §6.2)",
        ));
    }
    Ok(())
}

/// The points whose `y` is 0, 1 or -1 are those of order 4, 1 and 2 (RFC 8032 §5.2); the last byte holds the sign alone.
pub(super) fn check_ed448(x: &[u8; 57]) -> Result<(), KeyError> {
    let mut y = [0; 56];
    y.copy_from_slice(&x[..56]);
    if x[56] & 0x7f != 0 {
        return Err(KeyError::Encoding("the Ed448 point is not encoded as RFC 8032 §5.2.2 has it"));
    }
    if is_near_zero_448(&y) {
        return Err(KeyError::Weak("the Ed448 point has small order, so anybody can sign"));
    }
    Ok(())
}

/// 0, 1 and -1 modulo 2^255 - 19, and 0 and 1 spelled as `p` and `p + 1`; little-endian.
fn is_near_zero_25519(number: &[u8; 32]) -> bool {
    match number {
        [0 | 1, rest @ ..] if rest.iter().all(|byte| *byte == 0) => true,
        [0xec..=0xee, middle @ .., 0x7f] => middle.iter().all(|byte| *byte == 0xff),
        _ => false,
    }
}

/// The same modulo `p` = 2^448 - 2^224 - 1.
fn is_near_zero_448(number: &[u8; 56]) -> bool {
    let (low, high) = number.split_at(28);
    let all = |bytes: &[u8], value: u8| bytes.iter().all(|byte| *byte == value);
    let small = low[0] <= 1 && all(&low[1..], 0) && all(high, 0);
    let near_p = low[0] >= 0xfe && all(&low[1..], 0xff) && high[0] == 0xfe && all(&high[1..], 0xff);
    small || near_p || (all(low, 0) && all(high, 0xff))
}

/// The `y` of Ed25519's points of order 8, little-endian.
const ORDER_8: [u8; 32] = [
    0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac,
    0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
];
const ORDER_8_MIRRORED: [u8; 32] = [
    0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53,
    0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
];

/// The `u` of Curve25519's points of order 8, little-endian.
const U_OF_ORDER_8: [u8; 32] = [
    0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d,
    0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
];
const OTHER_U_OF_ORDER_8: [u8; 32] = [
    0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44, 0x5c,
    0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
];
