//! Keys as checked numbers: what a JWK, a PEM file and a provider have in common.

use std::fmt;

use zeroize::Zeroizing;

use super::{KeyError, weak};
use crate::alg::JwsAlgorithm;

/// A curve for ECDSA (RFC 7518 §6.2.1.1).
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::provider::Curve;
///
/// assert_eq!((Curve::P521.as_str(), Curve::P521.field_len()), ("P-521", 66));
/// assert_eq!((Curve::named("P-256"), Curve::P256.alg()), (Some(Curve::P256), JwsAlgorithm::ES256));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// P-256, for ES256
    P256,
    /// P-384, for ES384
    P384,
    /// P-521, for ES512
    P521,
    /// secp256k1, for ES256K (RFC 8812 §3.1); it signs and does not agree on keys
    Secp256k1,
}

/// A parameter set of ML-DSA (FIPS 204, RFC 9964).
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::provider::MlDsa;
///
/// let set = MlDsa::L44;
/// assert_eq!((set.alg(), set.public_len(), set.signature_len()), (JwsAlgorithm::MlDsa44, 1312, 2420));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MlDsa {
    /// ML-DSA-44
    L44,
    /// ML-DSA-65
    L65,
    /// ML-DSA-87
    L87,
}

/// A public key.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, NewKey};
/// use vestibule_jose::provider::{PublicMaterial, aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?;
/// let Some(PublicMaterial::Ed25519 { x }) = key.public_material() else { unreachable!() };
/// assert_eq!(x.len(), 32);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// X25519 (RFC 7748), which agrees on keys.
    X25519 {
        /// The encoded coordinate.
        x: [u8; 32],
    },
    /// Ed448 (RFC 8032): carried and named here, without any operation.
    Ed448 {
        /// The encoded point.
        x: [u8; 57],
    },
    /// X448 (RFC 7748): carried and named here, without any operation.
    X448 {
        /// The encoded coordinate.
        x: [u8; 56],
    },
    /// ML-DSA (FIPS 204).
    MlDsa {
        /// The parameter set.
        set: MlDsa,
        /// The encoded public key (FIPS 204 §7.2), [`MlDsa::public_len`] bytes.
        public: Vec<u8>,
    },
}

/// A private key; wiped when dropped.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::{Curve, PrivateMaterial, aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?;
/// let KeyMaterial::Private(PrivateMaterial::Ec { curve, d, .. }) = key.material() else { unreachable!() };
/// assert_eq!((*curve, d.len()), (Curve::P256, 32));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// X25519.
    X25519 {
        /// The scalar, as it is encoded.
        d: Zeroizing<[u8; 32]>,
        /// The public half, where the source gave it.
        public: Option<[u8; 32]>,
    },
    /// Ed448: carried and named here, without any operation.
    Ed448 {
        /// The seed.
        seed: Zeroizing<[u8; 57]>,
        /// The public half, where the source gave it.
        public: Option<[u8; 57]>,
    },
    /// X448: carried and named here, without any operation.
    X448 {
        /// The scalar, as it is encoded.
        d: Zeroizing<[u8; 56]>,
        /// The public half, where the source gave it.
        public: Option<[u8; 56]>,
    },
    /// ML-DSA, kept as the seed that RFC 9964 §2 has as `priv`.
    MlDsa {
        /// The parameter set.
        set: MlDsa,
        /// The seed ξ.
        seed: Zeroizing<[u8; 32]>,
        /// The encoded public key, where the source gave it.
        public: Option<Vec<u8>>,
    },
}

/// An RSA private key with its CRT numbers (RFC 8017 §3.2), big-endian without leading zeros.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
/// use vestibule_jose::provider::{PrivateMaterial, RsaSize, aws_lc};
///
/// let key = Jwk::generate(aws_lc(), NewKey::Rsa(RsaSize::Bits2048))?;
/// let KeyMaterial::Private(PrivateMaterial::Rsa(numbers)) = key.material() else { unreachable!() };
/// assert_eq!((numbers.n.len(), numbers.e.as_slice(), numbers.p.len()), (256, &[1, 0, 1][..], 128));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    pub const ALL: &[Self] = &[Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// The name in `crv`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
        }
    }

    /// The one algorithm on this curve (RFC 7518 §3.4, RFC 8812 §3.2).
    pub const fn alg(self) -> JwsAlgorithm {
        match self {
            Self::P256 => JwsAlgorithm::ES256,
            Self::P384 => JwsAlgorithm::ES384,
            Self::P521 => JwsAlgorithm::ES512,
            Self::Secp256k1 => JwsAlgorithm::ES256K,
        }
    }

    /// Bytes of a coordinate and of a scalar.
    pub const fn field_len(self) -> usize {
        match self {
            Self::P256 | Self::Secp256k1 => 32,
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

    const fn algorithms(self) -> &'static [JwsAlgorithm] {
        match self {
            Self::P256 => &[JwsAlgorithm::ES256],
            Self::P384 => &[JwsAlgorithm::ES384],
            Self::P521 => &[JwsAlgorithm::ES512],
            Self::Secp256k1 => &[JwsAlgorithm::ES256K],
        }
    }

    /// The curve with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|curve| curve.as_str() == name)
    }
}

impl MlDsa {
    /// All of them.
    pub const ALL: &[Self] = &[Self::L44, Self::L65, Self::L87];

    /// The algorithm's name, which is the key's `alg` too (RFC 9964 §2).
    pub const fn alg(self) -> JwsAlgorithm {
        match self {
            Self::L44 => JwsAlgorithm::MlDsa44,
            Self::L65 => JwsAlgorithm::MlDsa65,
            Self::L87 => JwsAlgorithm::MlDsa87,
        }
    }

    const fn algorithms(self) -> &'static [JwsAlgorithm] {
        match self {
            Self::L44 => &[JwsAlgorithm::MlDsa44],
            Self::L65 => &[JwsAlgorithm::MlDsa65],
            Self::L87 => &[JwsAlgorithm::MlDsa87],
        }
    }

    /// Bytes of a public key (FIPS 204 §4, table 2).
    pub const fn public_len(self) -> usize {
        match self {
            Self::L44 => 1312,
            Self::L65 => 1952,
            Self::L87 => 2592,
        }
    }

    /// Bytes of a signature (FIPS 204 §4, table 2).
    pub const fn signature_len(self) -> usize {
        match self {
            Self::L44 => 2420,
            Self::L65 => 3309,
            Self::L87 => 4627,
        }
    }
}

impl PublicMaterial {
    /// RSA, refused where the numbers cannot be a sound key.
    pub(crate) fn rsa(n: Vec<u8>, e: Vec<u8>) -> Result<Self, KeyError> {
        weak::check_rsa(&n, &e)?;
        Ok(Self::Rsa { n, e })
    }

    /// The signature algorithms that this sort of key can serve.
    pub(crate) fn algorithms(&self) -> &'static [JwsAlgorithm] {
        match self {
            Self::Rsa { .. } => RSA_ALGORITHMS,
            Self::Ec { curve, .. } => curve.algorithms(),
            Self::Ed25519 { .. } => ED25519_ALGORITHMS,
            Self::MlDsa { set, .. } => set.algorithms(),
            Self::X25519 { .. } | Self::Ed448 { .. } | Self::X448 { .. } => &[],
        }
    }

    /// The `x` and `y` halves of a point.
    pub(crate) fn coordinates(curve: Curve, point: &[u8]) -> (&[u8], &[u8]) {
        point[1..].split_at(curve.field_len())
    }
}

impl PrivateMaterial {
    /// The signature algorithm that is meant when nobody says one: RS256 for RSA, EdDSA for Ed25519, else the only
    /// one; none where the key does not sign.
    pub(crate) fn default_alg(&self) -> Option<JwsAlgorithm> {
        match self {
            Self::Rsa(_) => Some(JwsAlgorithm::RS256),
            Self::Ec { curve, .. } => Some(curve.alg()),
            Self::Ed25519 { .. } => Some(JwsAlgorithm::EdDSA),
            Self::MlDsa { set, .. } => Some(set.alg()),
            Self::X25519 { .. } | Self::Ed448 { .. } | Self::X448 { .. } => None,
        }
    }
}

impl PrivateMaterial {
    /// The signature algorithms that this sort of key can serve.
    pub(crate) fn algorithms(&self) -> &'static [JwsAlgorithm] {
        match self {
            Self::Rsa(_) => RSA_ALGORITHMS,
            Self::Ec { curve, .. } => curve.algorithms(),
            Self::Ed25519 { .. } => ED25519_ALGORITHMS,
            Self::MlDsa { set, .. } => set.algorithms(),
            Self::X25519 { .. } | Self::Ed448 { .. } | Self::X448 { .. } => &[],
        }
    }

    /// The same with the public half that the provider derived or confirmed.
    pub(crate) fn with_public(self, known: PublicMaterial) -> Self {
        match (self, known) {
            (Self::Ec { curve, d, .. }, PublicMaterial::Ec { point, .. }) => Self::Ec { curve, d, public: Some(point) },
            (Self::Ed25519 { seed, .. }, PublicMaterial::Ed25519 { x }) => Self::Ed25519 { seed, public: Some(x) },
            (Self::X25519 { d, .. }, PublicMaterial::X25519 { x }) => Self::X25519 { d, public: Some(x) },
            (Self::Ed448 { seed, .. }, PublicMaterial::Ed448 { x }) => Self::Ed448 { seed, public: Some(x) },
            (Self::X448 { d, .. }, PublicMaterial::X448 { x }) => Self::X448 { d, public: Some(x) },
            (Self::MlDsa { set, seed, .. }, PublicMaterial::MlDsa { public, .. }) => {
                Self::MlDsa { set, seed, public: Some(public) }
            }
            (material, _) => material,
        }
    }
}

impl fmt::Debug for PublicMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa { n, .. } => write!(f, "RSA of {} bits", weak::bits(n)),
            Self::Ec { curve, .. } => write!(f, "EC on {}", curve.as_str()),
            Self::Ed25519 { .. } => f.write_str("Ed25519"),
            Self::X25519 { .. } => f.write_str("X25519"),
            Self::Ed448 { .. } => f.write_str("Ed448"),
            Self::X448 { .. } => f.write_str("X448"),
            Self::MlDsa { set, .. } => f.write_str(set.alg().as_str()),
        }
    }
}

impl fmt::Debug for PrivateMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(rsa) => rsa.fmt(f),
            Self::Ec { curve, .. } => write!(f, "private EC on {}", curve.as_str()),
            Self::Ed25519 { .. } => f.write_str("private Ed25519"),
            Self::X25519 { .. } => f.write_str("private X25519"),
            Self::Ed448 { .. } => f.write_str("private Ed448"),
            Self::X448 { .. } => f.write_str("private X448"),
            Self::MlDsa { set, .. } => write!(f, "private {}", set.alg()),
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
const ED25519_ALGORITHMS: &[JwsAlgorithm] = &[JwsAlgorithm::EdDSA, JwsAlgorithm::Ed25519];
