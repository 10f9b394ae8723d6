//! What a key is for: `use`, `key_ops` and `alg` (RFC 7517 §4.2 to §4.4).

use std::fmt;
use std::str::FromStr;

use super::KeyError;
use super::key::KeyMaterial;
use super::material::{Curve, PublicMaterial};
use super::members;
use crate::alg::{ContentEncryption, JwsAlgorithm, KeyManagement, UnknownAlgorithm};

/// The member `use` (RFC 7517 §4.2).
///
/// ```
/// use vestibule_jose::jwk::KeyUse;
///
/// assert_eq!(KeyUse::named("enc"), KeyUse::Encryption);
/// assert_eq!(KeyUse::named("other").as_str(), "other");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyUse {
    /// `sig`
    Signature,
    /// `enc`
    Encryption,
    /// Another that somebody agreed on.
    Other(String),
}

/// The member `alg` (RFC 7517 §4.4): any registered algorithm that a key may be meant for.
///
/// ```
/// use vestibule_jose::jwk::{KeyAlgorithm, KeyUse};
///
/// let alg: KeyAlgorithm = "RSA-OAEP-256".parse()?;
/// assert_eq!((alg.as_str(), alg.usage()), ("RSA-OAEP-256", KeyUse::Encryption));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// It signs, or makes a MAC.
    Signature(JwsAlgorithm),
    /// It brings content keys to a recipient.
    KeyManagement(KeyManagement),
    /// It encrypts content itself.
    Content(ContentEncryption),
    /// `Ed448` (RFC 9864 §2.2): a key can be converted, and signs nothing here.
    Ed448,
}

impl KeyUse {
    /// The value in JSON.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Signature => "sig",
            Self::Encryption => "enc",
            Self::Other(name) => name,
        }
    }

    /// From the value in JSON.
    pub fn named(name: &str) -> Self {
        match name {
            "sig" => Self::Signature,
            "enc" => Self::Encryption,
            other => Self::Other(other.to_owned()),
        }
    }

    /// RFC 7517 §4.3: `use` and `key_ops` must not contradict each other. Operations that nobody registered pass.
    pub(super) fn allows(&self, operation: &str) -> bool {
        match operation {
            "sign" | "verify" => *self != Self::Encryption,
            "encrypt" | "decrypt" | "wrapKey" | "unwrapKey" | "deriveKey" | "deriveBits" => *self != Self::Signature,
            _ => true,
        }
    }
}

impl KeyAlgorithm {
    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Signature(alg) => alg.as_str(),
            Self::KeyManagement(alg) => alg.as_str(),
            Self::Content(enc) => enc.as_str(),
            Self::Ed448 => "Ed448",
        }
    }

    /// The `use` that goes with it.
    pub const fn usage(self) -> KeyUse {
        match self {
            Self::Signature(_) | Self::Ed448 => KeyUse::Signature,
            Self::KeyManagement(_) | Self::Content(_) => KeyUse::Encryption,
        }
    }

    /// Refused where a key of this sort or length cannot serve the algorithm.
    pub(super) fn check(self, material: &KeyMaterial, public: Option<&PublicMaterial>) -> Result<(), KeyError> {
        let fits = match (self, public, material) {
            (Self::Signature(alg), None, KeyMaterial::Secret(secret)) => {
                return super::verifying::check_secret(secret, alg);
            }
            (Self::Signature(alg), Some(public), _) => public.algorithms().contains(&alg),
            (Self::KeyManagement(alg), Some(public), _) => manages(alg, public),
            (Self::KeyManagement(alg), None, KeyMaterial::Secret(secret)) => match wrapping_len(alg) {
                Some(Length::Any) => true,
                Some(Length::Exactly(len)) => secret.len() == len,
                None => false,
            },
            (Self::Content(enc), None, KeyMaterial::Secret(secret)) => secret.len() == enc.key_len(),
            (Self::Ed448, Some(PublicMaterial::Ed448 { .. }), _) => true,
            _ => false,
        };
        if fits { Ok(()) } else { Err(KeyError::Mismatch { alg: self, key: format!("{material:?}") }) }
    }
}

/// RFC 7518 §4.1, RFC 8037 §3.2.
fn manages(alg: KeyManagement, key: &PublicMaterial) -> bool {
    use KeyManagement as K;
    match alg {
        K::RsaOaep | K::RsaOaep256 | K::RsaOaep384 | K::RsaOaep512 | K::Rsa15 => {
            matches!(key, PublicMaterial::Rsa { .. })
        }
        K::EcdhEs | K::EcdhEsA128Kw | K::EcdhEsA192Kw | K::EcdhEsA256Kw => match key {
            PublicMaterial::Ec { curve, .. } => *curve != Curve::Secp256k1,
            PublicMaterial::X25519 { .. } | PublicMaterial::X448 { .. } => true,
            _ => false,
        },
        _ => false,
    }
}

enum Length {
    Any,
    Exactly(usize),
}

/// Bytes of the secret that an algorithm takes; `None` for one that takes none.
const fn wrapping_len(alg: KeyManagement) -> Option<Length> {
    use KeyManagement as K;
    match alg {
        K::A128Kw | K::A128GcmKw => Some(Length::Exactly(16)),
        K::A192Kw | K::A192GcmKw => Some(Length::Exactly(24)),
        K::A256Kw | K::A256GcmKw => Some(Length::Exactly(32)),
        K::Dir | K::Pbes2Hs256A128Kw | K::Pbes2Hs384A192Kw | K::Pbes2Hs512A256Kw => Some(Length::Any),
        _ => None,
    }
}

/// The private operation's public counterpart; none for those that a public key alone cannot do (RFC 7517 §4.3).
pub(super) fn public_operation(operation: &str) -> Option<&str> {
    match operation {
        "sign" | "verify" => Some("verify"),
        "decrypt" | "encrypt" => Some("encrypt"),
        "unwrapKey" | "wrapKey" => Some("wrapKey"),
        "deriveKey" | "deriveBits" => None,
        other => Some(other),
    }
}

/// The key type in JSON.
pub(super) const fn kty(material: &KeyMaterial, public: Option<&PublicMaterial>) -> &'static str {
    match (material, public) {
        (KeyMaterial::Secret(_), _) | (_, None) => "oct",
        (_, Some(public)) => members::kty_of(public),
    }
}

impl FromStr for KeyAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        if text == "Ed448" {
            return Ok(Self::Ed448);
        }
        let signature = text.parse().map(Self::Signature);
        signature.or_else(|_| text.parse().map(Self::KeyManagement)).or_else(|_| text.parse().map(Self::Content))
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl From<JwsAlgorithm> for KeyAlgorithm {
    fn from(alg: JwsAlgorithm) -> Self {
        Self::Signature(alg)
    }
}

impl From<KeyManagement> for KeyAlgorithm {
    fn from(alg: KeyManagement) -> Self {
        Self::KeyManagement(alg)
    }
}
