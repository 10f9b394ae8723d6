//! Signature algorithms by their registered names (RFC 7518 §3.1, RFC 8037 §3.1, RFC 8812 §3.2,
//! RFC 9864 §2.2, RFC 9964 §3).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Hash;

/// A JWS algorithm. `none` is not one.
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::alg::Hash;
///
/// let alg: JwsAlgorithm = "PS256".parse()?;
/// assert_eq!((alg.as_str(), alg.kty(), alg.hash()), ("PS256", "RSA", Hash::Sha256));
/// assert!(!alg.is_symmetric() && JwsAlgorithm::HS256.is_symmetric());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, std::hash::Hash)]
pub enum JwsAlgorithm {
    /// HMAC with SHA-256
    HS256,
    /// HMAC with SHA-384
    HS384,
    /// HMAC with SHA-512
    HS512,
    /// RSASSA-PKCS1-v1_5 with SHA-256
    RS256,
    /// RSASSA-PKCS1-v1_5 with SHA-384
    RS384,
    /// RSASSA-PKCS1-v1_5 with SHA-512
    RS512,
    /// RSASSA-PSS with SHA-256
    PS256,
    /// RSASSA-PSS with SHA-384
    PS384,
    /// RSASSA-PSS with SHA-512
    PS512,
    /// ECDSA on P-256 with SHA-256
    ES256,
    /// ECDSA on P-384 with SHA-384
    ES384,
    /// ECDSA on P-521 with SHA-512
    ES512,
    /// EdDSA, which here means Ed25519; RFC 9864 §2.2 prefers the name that says so
    EdDSA,
    /// Ed25519 by its own name (RFC 9864 §2.2)
    Ed25519,
    /// ECDSA on secp256k1 with SHA-256 (RFC 8812 §3.2)
    ES256K,
    /// ML-DSA-44 (RFC 9964 §3)
    MlDsa44,
    /// ML-DSA-65 (RFC 9964 §3)
    MlDsa65,
    /// ML-DSA-87 (RFC 9964 §3)
    MlDsa87,
}

/// The text names no algorithm that is known here.
///
/// ```
/// use vestibule_jose::JwsAlgorithm;
/// use vestibule_jose::alg::UnknownAlgorithm;
///
/// assert_eq!("none".parse::<JwsAlgorithm>(), Err(UnknownAlgorithm));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an algorithm that is known here")]
pub struct UnknownAlgorithm;

impl JwsAlgorithm {
    /// All of them, in the registry's order.
    pub const ALL: &[Self] = &[
        Self::HS256,
        Self::HS384,
        Self::HS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::EdDSA,
        Self::Ed25519,
        Self::ES256K,
        Self::MlDsa44,
        Self::MlDsa65,
        Self::MlDsa87,
    ];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HS256 => "HS256",
            Self::HS384 => "HS384",
            Self::HS512 => "HS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::EdDSA => "EdDSA",
            Self::Ed25519 => "Ed25519",
            Self::ES256K => "ES256K",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
        }
    }

    /// The hash that it is built on; for Ed25519 the one inside (RFC 8032 §5.1). ML-DSA names none (it hashes with
    /// SHAKE256), and takes SHA-512 where a hash of its strength is asked for.
    pub const fn hash(self) -> Hash {
        match self {
            Self::HS256 | Self::RS256 | Self::PS256 | Self::ES256 | Self::ES256K => Hash::Sha256,
            Self::HS384 | Self::RS384 | Self::PS384 | Self::ES384 => Hash::Sha384,
            Self::HS512 | Self::RS512 | Self::PS512 | Self::ES512 | Self::EdDSA | Self::Ed25519 => Hash::Sha512,
            Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => Hash::Sha512,
        }
    }

    /// The key type that it needs, as `kty` says it (RFC 7518 §6.1, RFC 8037 §2, RFC 9964 §2).
    pub const fn kty(self) -> &'static str {
        match self {
            Self::HS256 | Self::HS384 | Self::HS512 => "oct",
            Self::RS256 | Self::RS384 | Self::RS512 | Self::PS256 | Self::PS384 | Self::PS512 => "RSA",
            Self::ES256 | Self::ES384 | Self::ES512 | Self::ES256K => "EC",
            Self::EdDSA | Self::Ed25519 => "OKP",
            Self::MlDsa44 | Self::MlDsa65 | Self::MlDsa87 => "AKP",
        }
    }

    /// Whether one key signs and verifies.
    pub const fn is_symmetric(self) -> bool {
        matches!(self, Self::HS256 | Self::HS384 | Self::HS512)
    }
}

impl FromStr for JwsAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        Ok(match text {
            "HS256" => Self::HS256,
            "HS384" => Self::HS384,
            "HS512" => Self::HS512,
            "RS256" => Self::RS256,
            "RS384" => Self::RS384,
            "RS512" => Self::RS512,
            "PS256" => Self::PS256,
            "PS384" => Self::PS384,
            "PS512" => Self::PS512,
            "ES256" => Self::ES256,
            "ES384" => Self::ES384,
            "ES512" => Self::ES512,
            "EdDSA" => Self::EdDSA,
            "Ed25519" => Self::Ed25519,
            "ES256K" => Self::ES256K,
            "ML-DSA-44" => Self::MlDsa44,
            "ML-DSA-65" => Self::MlDsa65,
            "ML-DSA-87" => Self::MlDsa87,
            _ => return Err(UnknownAlgorithm),
        })
    }
}

impl fmt::Display for JwsAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for JwsAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for JwsAlgorithm {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_exact() {
        for alg in JwsAlgorithm::ALL {
            assert_eq!(alg.as_str().parse(), Ok(*alg));
        }
        for text in ["none", "None", "nOnE", "", "es256", "ES256 ", "HS1"] {
            assert_eq!(text.parse::<JwsAlgorithm>(), Err(UnknownAlgorithm), "{text:?}");
        }
    }
}
