//! Keys as checked numbers: what a JWK, a PEM file and a provider have in common.

use std::fmt;

use zeroize::Zeroizing;

use super::{KeyError, weak};
use crate::alg::JwsAlgorithm;

/// A curve for ECDSA (RFC 7518 §6.2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// P-256, for ES256
    P256,
    /// P-384, for ES384
    P384,
    /// P-521, for ES512
    P521,
}

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub enum PublicMaterial {
    /// RSA, both numbers big-endian without leading zeros.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The exponent.
        e: Vec<u8>,
    },
    /// A point on a curve.
    Ec {
        /// The curve.
        curve: Curve,
        /// `04 ‖ x ‖ y` (SEC 1 §2.3.3).
        point: Vec<u8>,
    },
    /// Ed25519 (RFC 8032).
    Ed25519 {
        /// The encoded point.
        x: [u8; 32],
    },
}

/// A private key; wiped when dropped.
#[derive(Clone)]
pub enum PrivateMaterial {
    /// RSA with two primes.
    Rsa(RsaPrivate),
    /// ECDSA.
    Ec {
        /// The curve.
        curve: Curve,
        /// The scalar, as long as the field.
        d: Zeroizing<Vec<u8>>,
        /// The point, where the source gave it.
        public: Option<Vec<u8>>,
    },
    /// Ed25519.
    Ed25519 {
        /// The seed.
        seed: Zeroizing<[u8; 32]>,
        /// The public half, where the source gave it.
        public: Option<[u8; 32]>,
    },
}

/// An RSA private key with its CRT numbers (RFC 8017 §3.2), big-endian without leading zeros.
#[derive(Clone)]
pub struct RsaPrivate {
    /// The modulus.
    pub n: Vec<u8>,
    /// The public exponent.
    pub e: Vec<u8>,
    /// The private exponent.
    pub d: Zeroizing<Vec<u8>>,
    /// The first prime.
    pub p: Zeroizing<Vec<u8>>,
    /// The second prime.
    pub q: Zeroizing<Vec<u8>>,
    /// `d mod (p - 1)`.
    pub dp: Zeroizing<Vec<u8>>,
    /// `d mod (q - 1)`.
    pub dq: Zeroizing<Vec<u8>>,
    /// `q⁻¹ mod p`.
    pub qi: Zeroizing<Vec<u8>>,
}

impl Curve {
    /// All of them.
    pub const ALL: &[Self] = &[Self::P256, Self::P384, Self::P521];

    /// The name in `crv`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
        }
    }

    /// The one algorithm on this curve (RFC 7518 §3.4).
    pub const fn alg(self) -> JwsAlgorithm {
        match self {
            Self::P256 => JwsAlgorithm::ES256,
            Self::P384 => JwsAlgorithm::ES384,
            Self::P521 => JwsAlgorithm::ES512,
        }
    }

    /// Bytes of a coordinate and of a scalar.
    pub const fn field_len(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// An uncompressed point of the right length; whether it is on the curve, the provider says.
    pub(crate) fn check_point(self, point: &[u8]) -> Result<(), KeyError> {
        if point.len() == 1 + 2 * self.field_len() && point[0] == 4 {
            return Ok(());
        }
        Err(KeyError::Encoding("the point is not an uncompressed one of the curve's length"))
    }

    /// The curve with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.as_str() == name)
    }
}

impl PublicMaterial {
    /// RSA, refused where the numbers cannot be a sound key.
    pub(crate) fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, KeyError> {
        weak::check_rsa(&n, &e)?;
        Ok(Self::Rsa { n, e })
    }

    /// The algorithms that this sort of key can serve.
    pub(crate) fn algorithms(&self) -> &'static [JwsAlgorithm] {
        match self {
            Self::Rsa { .. } => RSA_ALGORITHMS,
            Self::Ec { curve: Curve::P256, .. } => &[JwsAlgorithm::ES256],
            Self::Ec { curve: Curve::P384, .. } => &[JwsAlgorithm::ES384],
            Self::Ec { curve: Curve::P521, .. } => &[JwsAlgorithm::ES512],
            Self::Ed25519 { .. } => &[JwsAlgorithm::EdDSA],
        }
    }

    /// The `x` and `y` halves of a point.
    pub(crate) fn coordinates(curve: Curve, point: &[u8]) -> (&[u8], &[u8]) {
        point[1..].split_at(curve.field_len())
    }
}

impl PrivateMaterial {
    /// The algorithm that is meant when nobody says one: RS256 for RSA, else the only one.
    pub(crate) fn default_alg(&self) -> JwsAlgorithm {
        match self {
            Self::Rsa(_) => JwsAlgorithm::RS256,
            Self::Ec { curve, .. } => curve.alg(),
            Self::Ed25519 { .. } => JwsAlgorithm::EdDSA,
        }
    }
}

impl fmt::Debug for PublicMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { n, .. } => write!(f, "RSA of {} bits", weak::bits(n)),
            Self::Ec { curve, .. } => write!(f, "EC on {}", curve.as_str()),
            Self::Ed25519 { .. } => f.write_str("Ed25519"),
        }
    }
}

impl fmt::Debug for PrivateMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(rsa) => rsa.fmt(f),
            Self::Ec { curve, .. } => write!(f, "private EC on {}", curve.as_str()),
            Self::Ed25519 { .. } => f.write_str("private Ed25519"),
        }
    }
}

impl fmt::Debug for RsaPrivate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "private RSA of {} bits", weak::bits(&self.n))
    }
}

/// What an RSA key can serve when its JWK names no algorithm.
const RSA_ALGORITHMS: &[JwsAlgorithm] = &[
    JwsAlgorithm::RS256,
    JwsAlgorithm::RS384,
    JwsAlgorithm::RS512,
    JwsAlgorithm::PS256,
    JwsAlgorithm::PS384,
    JwsAlgorithm::PS512,
];
