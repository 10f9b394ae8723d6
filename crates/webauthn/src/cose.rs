//! Keys as authenticators write them (COSE_Key, RFC 9052 §7, RFC 9053 §7; §5.8.5 for the algorithms).

use std::fmt;

use jose::provider::{Curve, Provider, PublicMaterial};
use jose::{JwsAlgorithm, VerifyingKey};

use crate::cbor::{self, Map, Value};
use crate::error::Refusal;

/// A credential's public key: the bytes that are stored, and what they mean.
#[derive(Clone)]
pub struct CoseKey {
    bytes: Vec<u8>,
    number: i64,
    key: VerifyingKey,
    alg: JwsAlgorithm,
}

impl CoseKey {
    /// Reads what was stored.
    pub fn parse(provider: &dyn Provider, bytes: &[u8]) -> Result<Self, Refusal> {
        let (key, rest) = Self::first(provider, bytes)?;
        if rest.is_empty() { Ok(key) } else { Err(Refusal::Key("is followed by something else".into())) }
    }

    /// Reads the key that stands first, and gives what follows it.
    pub(crate) fn first<'a>(provider: &dyn Provider, bytes: &'a [u8]) -> Result<(Self, &'a [u8]), Refusal> {
        let (map, rest) = cbor::map(bytes)?;
        let number = map.int(ALG).ok_or_else(|| wrong("names no algorithm"))?;
        let known = ALGORITHMS.iter().find(|known| known.number == number).ok_or(Refusal::Algorithm(number))?;
        let material = material(&map, known.sort)?;
        let key = VerifyingKey::public(provider, material, Some(known.alg), None);
        let key = key.map_err(|error| Refusal::Key(format!("is no good: {error}")))?;
        let bytes = bytes[..bytes.len() - rest.len()].to_vec();
        Ok((Self { bytes, number, key, alg: known.alg }, rest))
    }

    /// As it is stored.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its algorithm's number in IANA's register, such as -7 for ES256.
    pub fn algorithm(&self) -> i64 {
        self.number
    }

    /// Its algorithm's name.
    pub fn alg(&self) -> JwsAlgorithm {
        self.alg
    }

    pub(crate) fn verifying_key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The point of a key on P-256, as `04 ‖ x ‖ y`.
    pub(crate) fn p256_point(&self) -> Option<&[u8]> {
        match self.key.material() {
            Some(PublicMaterial::Ec { curve: Curve::P256, point }) => Some(point),
            _ => None,
        }
    }
}

/// The algorithm of a number, of those that are known here.
pub(crate) fn algorithm(number: i64) -> Option<JwsAlgorithm> {
    ALGORITHMS.iter().find(|known| known.number == number).map(|known| known.alg)
}

fn material(map: &Map<'_>, sort: Sort) -> Result<PublicMaterial, Refusal> {
    match (map.int(KTY), sort) {
        (Some(EC2), Sort::Ec { curve, number, len }) => {
            if map.int(CRV) != Some(number) {
                return Err(wrong("is on another curve than its algorithm's (§5.8.5)"));
            }
            // A point is written in full: `y` is no sign bit (§5.8.5).
            let (Some(x), Some(y)) = (map.bytes(X), map.bytes(Y)) else { return Err(wrong("has no point")) };
            if x.len() != len || y.len() != len {
                return Err(wrong("has coordinates of another length than its curve's"));
            }
            Ok(PublicMaterial::Ec { curve, point: [&[4], x, y].concat() })
        }
        (Some(OKP), Sort::Ed25519) if map.int(CRV) == Some(ED25519) => {
            let x = map.bytes(X).and_then(|x| x.try_into().ok()).ok_or_else(|| wrong("has no point"))?;
            Ok(PublicMaterial::Ed25519 { x })
        }
        (Some(RSA), Sort::Rsa) => match (map.number(N), map.number(E)) {
            (Some(Value::Bytes(n)), Some(Value::Bytes(e))) if n.first() != Some(&0) && e.first() != Some(&0) => {
                Ok(PublicMaterial::Rsa { n: n.to_vec(), e: e.to_vec() })
            }
            _ => Err(wrong("has no modulus or exponent in shortest form")),
        },
        _ => Err(wrong("is of another type than its algorithm's")),
    }
}

fn wrong(reason: &str) -> Refusal {
    Refusal::Key(reason.into())
}

/// An algorithm: its number, its name, and the keys it takes.
struct Known {
    number: i64,
    alg: JwsAlgorithm,
    sort: Sort,
}

#[derive(Clone, Copy)]
enum Sort {
    Ec { curve: Curve, number: i64, len: usize },
    Ed25519,
    Rsa,
}

const P256: Sort = Sort::Ec { curve: Curve::P256, number: 1, len: 32 };
const P384: Sort = Sort::Ec { curve: Curve::P384, number: 2, len: 48 };
const P521: Sort = Sort::Ec { curve: Curve::P521, number: 3, len: 66 };

/// IANA's COSE Algorithms; the second of a pair is the fully specified one (RFC 9864 §2).
const ALGORITHMS: &[Known] = &[
    Known { number: -7, alg: JwsAlgorithm::ES256, sort: P256 },
    Known { number: -9, alg: JwsAlgorithm::ES256, sort: P256 },
    Known { number: -8, alg: JwsAlgorithm::Ed25519, sort: Sort::Ed25519 },
    Known { number: -19, alg: JwsAlgorithm::Ed25519, sort: Sort::Ed25519 },
    Known { number: -35, alg: JwsAlgorithm::ES384, sort: P384 },
    Known { number: -51, alg: JwsAlgorithm::ES384, sort: P384 },
    Known { number: -36, alg: JwsAlgorithm::ES512, sort: P521 },
    Known { number: -52, alg: JwsAlgorithm::ES512, sort: P521 },
    Known { number: -257, alg: JwsAlgorithm::RS256, sort: Sort::Rsa },
];

// RFC 9052 §7.1, RFC 9053 §7.1 and §7.2, RFC 8230 §4.
const KTY: i64 = 1;
const ALG: i64 = 3;
const CRV: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const N: i64 = -1;
const E: i64 = -2;
const OKP: i64 = 1;
const EC2: i64 = 2;
const RSA: i64 = 3;
const ED25519: i64 = 6;

impl fmt::Debug for CoseKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CoseKey").field("algorithm", &self.number).finish_non_exhaustive()
    }
}
