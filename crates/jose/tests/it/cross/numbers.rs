//! The curves' constants and as much arithmetic as malformed keys and signatures need. Big-endian unless said otherwise.

use vestibule_jose::provider::Curve;

/// The order of the base point (FIPS 186-5 via SP 800-186 §3.2.1, SEC 2 §2.4.1).
pub(super) fn order(curve: Curve) -> Vec<u8> {
    hex(match curve {
        Curve::P256 => "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
        Curve::P384 => {
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973"
        }
        Curve::P521 => {
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa\
             51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        }
        Curve::Secp256k1 => "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    })
}

/// The prime of the field.
pub(super) fn prime(curve: Curve) -> Vec<u8> {
    match curve {
        Curve::P256 => hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff"),
        Curve::P384 => {
            hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff")
        }
        Curve::P521 => [vec![1], vec![0xff; 65]].concat(),
        Curve::Secp256k1 => hex("fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f"),
    }
}

/// 2²⁵⁵ - 19, little-endian.
pub(super) const FIELD_25519: [u8; 32] = {
    let mut p = [0xff; 32];
    p[0] = 0xed;
    p[31] = 0x7f;
    p
};

/// The order of Ed25519's base point (RFC 8032 §5.1), little-endian.
pub(super) const ORDER_25519: [u8; 32] = {
    let low = [0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14];
    let mut l = [0; 32];
    let mut at = 0;
    while at < 16 {
        l[at] = low[at];
        at += 1;
    }
    l[31] = 0x10;
    l
};

/// The sum of two little-endian numbers below 2²⁵⁵, if it is one too.
pub(super) fn add(a: &[u8; 32], b: &[u8; 32]) -> Option<[u8; 32]> {
    let mut carry = 0;
    let sum = std::array::from_fn(|at| {
        carry += u16::from(a[at]) + u16::from(b[at]);
        let byte = carry as u8;
        carry >>= 8;
        byte
    });
    (carry == 0 && sum[31] < 0x80).then_some(sum)
}

/// `a - b` for `a` not below `b`, as long as `a`.
pub(super) fn difference(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = a.to_vec();
    let mut borrow = 0;
    for at in 0..a.len() {
        let digit =
            i16::from(a[a.len() - 1 - at]) - borrow - b.len().checked_sub(at + 1).map_or(0, |i| i16::from(b[i]));
        borrow = i16::from(digit < 0);
        out[a.len() - 1 - at] = digit.rem_euclid(256) as u8;
    }
    assert_eq!(borrow, 0, "a is not below b");
    out
}

/// `a + b`, one byte longer than the longer.
pub(super) fn sum(a: &[u8], b: &[u8]) -> Vec<u8> {
    let len = a.len().max(b.len()) + 1;
    let digit = |n: &[u8], at: usize| n.len().checked_sub(at + 1).map_or(0, |i| u16::from(n[i]));
    let (mut out, mut carry) = (vec![0; len], 0);
    for at in 0..len {
        carry += digit(a, at) + digit(b, at);
        out[len - 1 - at] = carry as u8;
        carry >>= 8;
    }
    out
}

/// `a · b`, as long as both together.
pub(super) fn product(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = vec![0_u8; a.len() + b.len()];
    for (i, x) in a.iter().enumerate().rev() {
        let mut carry = 0_u32;
        for (j, y) in b.iter().enumerate().rev() {
            carry += u32::from(*x) * u32::from(*y) + u32::from(out[i + j + 1]);
            out[i + j + 1] = carry as u8;
            carry >>= 8;
        }
        out[i] = carry as u8;
    }
    out
}

/// Without leading zeros.
pub(super) fn trimmed(number: &[u8]) -> Vec<u8> {
    number.iter().copied().skip_while(|byte| *byte == 0).collect()
}

pub(super) fn hex(text: &str) -> Vec<u8> {
    let digits = |at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex");
    (0..text.len()).step_by(2).map(digits).collect()
}

#[test]
fn arithmetic_is_right() {
    let (a, b) = (hex("ff00ff"), hex("1234"));
    assert_eq!(product(&a, &b), hex("1221de21cc"));
    assert_eq!(sum(&a, &a), hex("01fe01fe"));
    assert_eq!(difference(&a, &b), hex("feeecb"));
    assert_eq!(trimmed(&hex("000012")), hex("12"));
}
