//! Whole numbers of any size, for completing RSA private keys (see `complete`), for public halves on curves that the library
//! does not have (`curve448`), and for nothing else.
//!
//! Time depends on the values: that is fit for a key that its owner brings in, once, and not for signing or decrypting,
//! which the provider does. What is made here is wiped.

use std::cmp::Ordering;

use zeroize::Zeroizing;

/// A number from 0 up: words, the lowest first, without zeros at the high end.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Number(Zeroizing<Vec<u32>>);

impl Number {
    pub(super) fn small(value: u32) -> Self {
        Self::of(Zeroizing::new(vec![value]))
    }

    pub(super) fn from_be(bytes: &[u8]) -> Self {
        let words = bytes.rchunks(4).map(|chunk| chunk.iter().fold(0, |word, byte| word << 8 | u32::from(*byte)));
        Self::of(Zeroizing::new(words.collect()))
    }

    /// Big-endian, without leading zeros.
    pub(super) fn to_be(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(vec![0; self.bits().div_ceil(8)]);
        for (index, byte) in out.iter_mut().rev().enumerate() {
            *byte = self.0[index / 4].to_le_bytes()[index % 4];
        }
        out
    }

    pub(super) fn bits(&self) -> usize {
        self.0.last().map_or(0, |top| self.0.len() * 32 - top.leading_zeros() as usize)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn bit(&self, index: usize) -> u32 {
        self.0.get(index / 32).map_or(0, |word| word >> (index % 32) & 1)
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let len = self.0.len().max(other.0.len()) + 1;
        let mut out = Zeroizing::new(vec![0; len]);
        let mut carry = 0;
        for (index, word) in out.iter_mut().enumerate() {
            let sum = self.word(index) + other.word(index) + carry;
            *word = sum as u32;
            carry = sum >> 32;
        }
        Self::of(out)
    }

    /// The difference; `None` where it would be below zero.
    pub(super) fn sub(&self, other: &Self) -> Option<Self> {
        if self < other {
            return None;
        }
        let mut out = self.clone();
        out.take_off(other);
        Some(out)
    }

    pub(super) fn mul(&self, other: &Self) -> Self {
        let mut out = Zeroizing::new(vec![0u32; self.0.len() + other.0.len()]);
        for (index, word) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (at, digit) in out[index..].iter_mut().enumerate() {
                let sum = u64::from(*word) * other.word(at) + u64::from(*digit) + carry;
                *digit = sum as u32;
                carry = sum >> 32;
            }
        }
        Self::of(out)
    }

    /// Quotient and remainder, bit by bit; `None` where the divisor is zero.
    pub(super) fn div_rem(&self, divisor: &Self) -> Option<(Self, Self)> {
        if divisor.is_zero() {
            return None;
        }
        // As many high bits as cannot hold the divisor are taken at once.
        let steps = (self.bits() + 1).saturating_sub(divisor.bits());
        let mut rest = self.shifted_right(steps);
        rest.0.reserve_exact(divisor.0.len() + 1);
        let mut quotient = Zeroizing::new(vec![0u32; steps.div_ceil(32)]);
        for index in (0..steps).rev() {
            rest.push_bit(self.bit(index));
            if rest >= *divisor {
                rest.take_off(divisor);
                quotient[index / 32] |= 1 << (index % 32);
            }
        }
        Some((Self::of(quotient), rest))
    }

    /// The greatest common divisor, after Euclid.
    pub(super) fn gcd(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.clone(), other.clone());
        while let Some((_, rest)) = a.div_rem(&b) {
            (a, b) = (b, rest);
        }
        a
    }

    /// The square root, if it is whole; after Newton, from above.
    pub(super) fn exact_root(&self) -> Option<Self> {
        let mut root = Self::small(1).shifted_left(self.bits().div_ceil(2));
        loop {
            let (quotient, _) = self.div_rem(&root)?;
            let next = root.add(&quotient).shifted_right(1);
            if next >= root {
                return (root.mul(&root) == *self).then_some(root);
            }
            root = next;
        }
    }

    /// The inverse modulo `modulus`, if there is one: Euclid's quotients, the signs of the factors alternate.
    pub(super) fn inverse(&self, modulus: &Self) -> Option<Self> {
        let (mut a, mut b) = (modulus.clone(), self.div_rem(modulus)?.1);
        let (mut s, mut t) = (Self::small(0), Self::small(1));
        let mut negative = true;
        while let Some((quotient, rest)) = a.div_rem(&b) {
            (s, t) = (t.clone(), s.add(&quotient.mul(&t)));
            (a, b) = (b, rest);
            negative = !negative;
        }
        match (a == Self::small(1), negative) {
            (false, _) => None,
            (true, false) => Some(s),
            (true, true) => modulus.sub(&s),
        }
    }

    pub(super) fn shifted_left(&self, by: usize) -> Self {
        let mut out = Zeroizing::new(vec![0; by / 32]);
        out.reserve_exact(self.0.len() + 1);
        for index in 0..=self.0.len() {
            let low = index.checked_sub(1).map_or(0, |below| self.word(below));
            out.push(((self.word(index) << 32 | low) << (by % 32) >> 32) as u32);
        }
        Self::of(out)
    }

    pub(super) fn shifted_right(&self, by: usize) -> Self {
        let words = by / 32..self.0.len();
        let word = |index: usize| ((self.word(index + 1) << 32 | self.word(index)) >> (by % 32)) as u32;
        Self::of(Zeroizing::new(words.map(word).collect()))
    }

    fn word(&self, index: usize) -> u64 {
        self.0.get(index).map_or(0, |word| u64::from(*word))
    }

    /// Twice the number and this bit.
    fn push_bit(&mut self, bit: u32) {
        let mut carry = bit;
        for word in self.0.iter_mut() {
            (*word, carry) = (*word << 1 | carry, *word >> 31);
        }
        if carry != 0 {
            self.0.push(carry);
        }
    }

    /// Subtracts what is not greater.
    fn take_off(&mut self, other: &Self) {
        let mut borrow = 0;
        for (index, word) in self.0.iter_mut().enumerate() {
            let difference = i64::from(*word) - other.word(index) as i64 - borrow;
            *word = difference as u32;
            borrow = i64::from(difference < 0);
        }
        self.trim();
    }

    fn of(words: Zeroizing<Vec<u32>>) -> Self {
        let mut number = Self(words);
        number.trim();
        number
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        let words = || self.0.iter().rev().cmp(other.0.iter().rev());
        self.0.len().cmp(&other.0.len()).then_with(words)
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number of up to 128 bits, and the same in words.
    fn number(value: u128) -> Number {
        Number::from_be(&value.to_be_bytes())
    }

    fn value(number: &Number) -> u128 {
        number.to_be().iter().fold(0, |value, byte| value << 8 | u128::from(*byte))
    }

    /// Values around the borders of words, and others spread over the range.
    fn samples() -> Vec<u128> {
        let borders = [0, 31, 32, 33, 63, 64, 95, 96].map(|bit| 1u128 << bit);
        let spread = (1..20u128).map(|step| step.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835) >> (step * 6));
        borders.into_iter().flat_map(|border| [border - 1, border, border + 1]).chain(spread).collect()
    }

    #[test]
    fn arithmetic_is_that_of_the_machine() {
        for a in samples() {
            assert_eq!(value(&number(a)), a);
            for b in samples() {
                let (x, y) = (number(a), number(b));
                assert_eq!(x.cmp(&y), a.cmp(&b));
                assert_eq!(value(&x.add(&y)), a + b);
                assert_eq!(x.sub(&y).map(|number| value(&number)), a.checked_sub(b));
                let parts = x.div_rem(&y).map(|(q, r)| (value(&q), value(&r)));
                assert_eq!(parts, a.checked_div(b).map(|q| (q, a % b)), "{a} / {b}");
                if let Some(product) = a.checked_mul(b) {
                    assert_eq!(value(&x.mul(&y)), product);
                }
                // The product of any two comes apart again.
                if b != 0 {
                    assert!(x.mul(&y).div_rem(&y).is_some_and(|(q, r)| q == x && r.is_zero()));
                }
                let gcd = value(&x.gcd(&y));
                assert!(gcd == 0 || (a % gcd == 0 && b % gcd == 0));
                if let Some(inverse) = x.inverse(&y).filter(|_| b > 1) {
                    assert_eq!(value(&inverse.mul(&x).div_rem(&y).expect("b").1), 1, "{a} mod {b}");
                } else if b > 1 {
                    assert_ne!(gcd, 1, "{a} mod {b}");
                }
            }
            for by in [0, 1, 31, 32, 33, 70] {
                assert_eq!(value(&number(a).shifted_right(by)), a >> by);
                assert_eq!(value(&number(a >> 71).shifted_left(by)), (a >> 71) << by);
            }
            let square = number(a).mul(&number(a));
            assert!(square.exact_root().is_some_and(|root| root == number(a)) || a == 0, "{a}");
            if a > 1 {
                assert!(square.add(&Number::small(1)).exact_root().is_none());
                assert!(square.sub(&Number::small(1)).and_then(|less| less.exact_root()).is_none());
            }
        }
    }
}
