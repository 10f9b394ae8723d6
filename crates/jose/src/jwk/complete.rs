//! RSA private keys that came without all of their numbers.
//!
//! The arithmetic is our own (`number`), since a library of big numbers would come into every build for this alone.
//! All of it is bounded: the modulus has at most 8192 bits (`weak::check_rsa`) and the private exponent no more than
//! the modulus, so that the slowest key takes some milliseconds.

use zeroize::Zeroizing;

use super::KeyError;
use super::material::RsaPrivate;
use super::number::Number;
use super::weak;

/// The key from its modulus and exponents alone: NIST SP 800-56B rev. 2, appendix C.2, the deterministic way. It finds
/// the primes of every key whose public exponent is as short as it is here (33 bits).
pub(super) fn from_exponents(n: Vec<u8>, e: Vec<u8>, d: Zeroizing<Vec<u8>>) -> Result<RsaPrivate, KeyError> {
    weak::check_rsa(&n, &e)?;
    check_exponent(&n, &d)?;
    let (p, q) = factors(&Number::from_be(&n), &Number::from_be(&e), &Number::from_be(&d)).ok_or(NO_FACTORS)?;
    from_primes(n, e, d, p.to_be(), q.to_be())
}

/// The key from its primes: `dp`, `dq` and `qi` after RFC 8017 §3.2.
pub(super) fn from_primes(
    n: Vec<u8>,
    e: Vec<u8>,
    d: Zeroizing<Vec<u8>>,
    p: Zeroizing<Vec<u8>>,
    q: Zeroizing<Vec<u8>>,
) -> Result<RsaPrivate, KeyError> {
    weak::check_rsa(&n, &e)?;
    check_exponent(&n, &d)?;
    if p.len() > n.len() || q.len() > n.len() {
        return Err(FOREIGN_PRIMES);
    }
    let (exponent, first, second) = (Number::from_be(&d), Number::from_be(&p), Number::from_be(&q));
    if first.mul(&second) != Number::from_be(&n) {
        return Err(FOREIGN_PRIMES);
    }
    let reduced = |prime: &Number| {
        let (_, rest) = exponent.div_rem(&prime.sub(&Number::small(1))?)?;
        Some(rest.to_be())
    };
    match (reduced(&first), reduced(&second), second.inverse(&first)) {
        (Some(dp), Some(dq), Some(inverse)) => Ok(RsaPrivate { n, e, d, p, q, dp, dq, qi: inverse.to_be() }),
        _ => Err(FOREIGN_PRIMES),
    }
}

fn check_exponent(n: &[u8], d: &[u8]) -> Result<(), KeyError> {
    if d.len() > n.len() {
        return Err(KeyError::Member { member: "d", expected: "no longer than the modulus (RFC 8017 §3.2)" });
    }
    Ok(())
}

/// The steps of appendix C.2, by their numbers there.
fn factors(n: &Number, e: &Number, d: &Number) -> Option<(Number, Number)> {
    let one = Number::small(1);
    let multiple = d.mul(e).sub(&one).filter(|multiple| !multiple.is_zero())?;
    // 1
    let a = multiple.mul(&n.sub(&one)?.gcd(&multiple));
    // 2
    let (m, r) = a.div_rem(n)?;
    // 3
    let (quotient, rest) = n.sub(&r)?.div_rem(&m.add(&one))?;
    let b = quotient.add(&one);
    if !rest.is_zero() {
        return None;
    }
    // 4: not above 4n is no number at all, or zero; two equal primes are none of RSA's.
    let root = b.mul(&b).sub(&n.shifted_left(2)).filter(|rest| !rest.is_zero())?.exact_root()?;
    // 5
    let (p, q) = (b.add(&root).shifted_right(1), b.sub(&root)?.shifted_right(1));
    (p.mul(&q) == *n).then_some((p, q))
}

const NO_FACTORS: KeyError =
    KeyError::Encoding("the RSA key's primes cannot be found: d does not belong to n and e (SP 800-56B rev. 2, C.2)");
const FOREIGN_PRIMES: KeyError =
    KeyError::Encoding("the RSA key's primes do not belong to its modulus (RFC 8017 §3.2)");
