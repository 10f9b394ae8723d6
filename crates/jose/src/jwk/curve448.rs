//! The public halves of Ed448 and X448 private keys, so that a PEM file, which has the private half alone, becomes a JWK,
//! and so that halves which do not belong together are seen. Nothing is signed or agreed with this.
//!
//! The library has neither curve, and RustCrypto's crate for them is still before its release; the arithmetic is that of
//! `number`, whose time depends on the values: fit for a key that its owner converts, and for nothing else.

use zeroize::Zeroizing;

use super::number::Number;
use super::shake::shake256;

/// RFC 7748 §5: the ladder over the private key's bits, from the point with `u` = 5 (§4.2).
pub(super) fn x448_public(d: &[u8; 56]) -> [u8; 56] {
    let field = Field::new();
    let mut scalar = Zeroizing::new(*d);
    scalar[0] &= 0xfc;
    scalar[55] |= 0x80;
    let scalar = little_endian(scalar.as_slice());

    let base = Number::small(5);
    let (mut x2, mut z2, mut x3, mut z3) = (Number::small(1), Number::small(0), base.clone(), Number::small(1));
    for index in (0..448).rev() {
        let bit = scalar.bit(index);
        if bit == 1 {
            (x2, x3, z2, z3) = (x3, x2, z3, z2);
        }
        let (sum, difference) = (field.add(&x2, &z2), field.sub(&x2, &z2));
        let (other_sum, other_difference) = (field.add(&x3, &z3), field.sub(&x3, &z3));
        let (square, other_square) = (field.mul(&sum, &sum), field.mul(&difference, &difference));
        let e = field.sub(&square, &other_square);
        let (da, cb) = (field.mul(&other_difference, &sum), field.mul(&other_sum, &difference));
        let (s, t) = (field.add(&da, &cb), field.sub(&da, &cb));
        x3 = field.mul(&s, &s);
        z3 = field.mul(&base, &field.mul(&t, &t));
        x2 = field.mul(&square, &other_square);
        z2 = field.mul(&e, &field.add(&square, &field.mul(&Number::small(39081), &e)));
        if bit == 1 {
            (x2, x3, z2, z3) = (x3, x2, z3, z2);
        }
    }
    // The scalar is not a multiple of the point's order, so `z2` is not zero.
    let u = z2.inverse(&field.p).map_or_else(|| Number::small(0), |inverse| field.mul(&x2, &inverse));
    let mut out = [0; 56];
    to_little_endian(&u, &mut out);
    out
}

/// RFC 8032 §5.2.5.
pub(super) fn ed448_public(seed: &[u8; 57]) -> [u8; 57] {
    let field = Field::new();
    let mut hashed = Zeroizing::new([0; 57]);
    shake256(seed, hashed.as_mut_slice());
    hashed[0] &= 0xfc;
    hashed[55] |= 0x80;
    hashed[56] = 0;
    let scalar = little_endian(hashed.as_slice());

    let base = Point { x: Number::from_be(BASE_X), y: Number::from_be(BASE_Y), z: Number::small(1) };
    let mut sum = Point { x: Number::small(0), y: Number::small(1), z: Number::small(1) };
    for index in (0..448).rev() {
        sum = field.sum(&sum, &sum);
        if scalar.bit(index) == 1 {
            sum = field.sum(&sum, &base);
        }
    }
    let mut out = [0; 57];
    // `z` is never zero on this curve (§5.2.4).
    if let Some(inverse) = sum.z.inverse(&field.p) {
        let (x, y) = (field.mul(&sum.x, &inverse), field.mul(&sum.y, &inverse));
        to_little_endian(&y, &mut out[..56]);
        out[56] = if x.bit(0) == 1 { 0x80 } else { 0 };
    }
    out
}

/// A point in projective coordinates.
struct Point {
    x: Number,
    y: Number,
    z: Number,
}

/// Numbers modulo `p` = 2^448 - 2^224 - 1.
struct Field {
    p: Number,
}

impl Field {
    fn new() -> Self {
        let mut p = [0xff; 56];
        p[27] = 0xfe;
        Self { p: Number::from_be(&p) }
    }

    fn add(&self, a: &Number, b: &Number) -> Number {
        self.reduced(a.add(b))
    }

    fn sub(&self, a: &Number, b: &Number) -> Number {
        match a.sub(b) {
            Some(difference) => difference,
            // Both are below `p`.
            None => self.p.sub(b).map_or_else(|| Number::small(0), |rest| rest.add(a)),
        }
    }

    fn mul(&self, a: &Number, b: &Number) -> Number {
        self.reduced(a.mul(b))
    }

    /// 2^448 is 2^224 + 1 modulo `p`.
    fn reduced(&self, mut number: Number) -> Number {
        while number.bits() > 448 {
            let high = number.shifted_right(448);
            let Some(low) = number.sub(&high.shifted_left(448)) else { break };
            number = low.add(&high).add(&high.shifted_left(224));
        }
        while let Some(rest) = number.sub(&self.p) {
            number = rest;
        }
        number
    }

    /// RFC 8032 §5.2.4, where the curve's `d` is -39081; the same formula doubles.
    fn sum(&self, one: &Point, other: &Point) -> Point {
        let a = self.mul(&one.z, &other.z);
        let b = self.mul(&a, &a);
        let (c, d) = (self.mul(&one.x, &other.x), self.mul(&one.y, &other.y));
        let minus_e = self.mul(&Number::small(39081), &self.mul(&c, &d));
        let (f, g) = (self.add(&b, &minus_e), self.sub(&b, &minus_e));
        let h = self.mul(&self.add(&one.x, &one.y), &self.add(&other.x, &other.y));
        let cross = self.sub(&self.sub(&h, &c), &d);
        Point {
            x: self.mul(&self.mul(&a, &f), &cross),
            y: self.mul(&self.mul(&a, &g), &self.sub(&d, &c)),
            z: self.mul(&f, &g),
        }
    }
}

fn little_endian(bytes: &[u8]) -> Number {
    let mut reversed = Zeroizing::new(bytes.to_vec());
    reversed.reverse();
    Number::from_be(&reversed)
}

fn to_little_endian(number: &Number, out: &mut [u8]) {
    for (place, byte) in out.iter_mut().zip(number.to_be().iter().rev()) {
        *place = *byte;
    }
}

/// The base point of edwards448 (RFC 8032 §5.2), big-endian.
const BASE_X: &[u8] = &[
    0x4f, 0x19, 0x70, 0xc6, 0x6b, 0xed, 0x0d, 0xed, 0x22, 0x1d, 0x15, 0xa6, 0x22, 0xbf, 0x36, 0xda, 0x9e, 0x14, 0x65,
    0x70, 0x47, 0x0f, 0x17, 0x67, 0xea, 0x6d, 0xe3, 0x24, 0xa3, 0xd3, 0xa4, 0x64, 0x12, 0xae, 0x1a, 0xf7, 0x2a, 0xb6,
    0x65, 0x11, 0x43, 0x3b, 0x80, 0xe1, 0x8b, 0x00, 0x93, 0x8e, 0x26, 0x26, 0xa8, 0x2b, 0xc7, 0x0c, 0xc0, 0x5e,
];
const BASE_Y: &[u8] = &[
    0x69, 0x3f, 0x46, 0x71, 0x6e, 0xb6, 0xbc, 0x24, 0x88, 0x76, 0x20, 0x37, 0x56, 0xc9, 0xc7, 0x62, 0x4b, 0xea, 0x73,
    0x73, 0x6c, 0xa3, 0x98, 0x40, 0x87, 0x78, 0x9c, 0x1e, 0x05, 0xa0, 0xc2, 0xd7, 0x3a, 0xd3, 0xff, 0x1c, 0xe6, 0x7c,
    0x39, 0xc4, 0xfd, 0xbd, 0x13, 0x2c, 0x4e, 0xd7, 0xc8, 0xad, 0x98, 0x08, 0x79, 0x5b, 0xf2, 0x30, 0xfa, 0x14,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(hex: &str) -> [u8; N] {
        std::array::from_fn(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).expect("hex"))
    }

    /// RFC 7748 §6.2, Alice's and Bob's.
    #[test]
    fn x448_is_the_rfcs() {
        for (private, public) in [
            (
                "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28dd9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b",
                "9b08f7cc31b7e3e67d22d5aea121074a273bd2b83de09c63faa73d2c22c5d9bbc836647241d953d40c5b12da88120d53177f80e532c41fa0",
            ),
            (
                "1c306a7ac2a0e2e0990b294470cba339e6453772b075811d8fad0d1d6927c120bb5ee8972b0d3e21374c9c921b09d1b0366f10b65173992d",
                "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b43027d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609",
            ),
        ] {
            assert_eq!(x448_public(&bytes(private)), bytes(public));
        }
    }

    /// RFC 8032 §7.4, the blank message's key.
    #[test]
    fn ed448_is_the_rfcs() {
        let seed = "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b";
        let public = "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180";
        assert_eq!(ed448_public(&bytes(seed)), bytes(public));
    }
}
