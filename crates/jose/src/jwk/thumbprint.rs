//! A name for a key that everybody computes alike (RFC 7638, RFC 9278).

use super::material::PublicMaterial;
use super::members;
use crate::base64url;
use crate::provider::Provider;

/// The hash of a thumbprint. Its name is that of the Named Information registry, which RFC 9278 §3 refers to.
///
/// ```
/// use vestibule_jose::jwk::ThumbprintHash;
///
/// assert_eq!(ThumbprintHash::default().as_str(), "sha-256");
/// assert_eq!(ThumbprintHash::named("sha-512"), Some(ThumbprintHash::Sha512));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ThumbprintHash {
    /// `sha-256`, which RFC 9278 §4 asks everybody to know.
    #[default]
    Sha256,
    /// `sha-384`
    Sha384,
    /// `sha-512`
    Sha512,
}

impl ThumbprintHash {
    /// All of them.
    pub const ALL: &[Self] = &[Self::Sha256, Self::Sha384, Self::Sha512];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha-256",
            Self::Sha384 => "sha-384",
            Self::Sha512 => "sha-512",
        }
    }

    /// The hash with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|hash| hash.as_str() == name)
    }
}

/// The SHA-256 thumbprint in base64url.
pub(crate) fn thumbprint(provider: &dyn Provider, key: &PublicMaterial) -> String {
    with(provider, key, ThumbprintHash::Sha256)
}

/// The thumbprint in base64url: the required members alone, in lexicographic order, without blanks (RFC 7638 §3.2). No
/// value in them needs escaping.
pub(super) fn with(provider: &dyn Provider, key: &PublicMaterial, hash: ThumbprintHash) -> String {
    let members: Vec<String> =
        members::of_public(key).into_iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    let text = format!("{{{}}}", members.join(","));
    match hash {
        ThumbprintHash::Sha256 => base64url::encode(provider.sha256(text.as_bytes())),
        ThumbprintHash::Sha384 => base64url::encode(provider.sha384(text.as_bytes())),
        ThumbprintHash::Sha512 => base64url::encode(provider.sha512(text.as_bytes())),
    }
}

/// RFC 9278 §3.
pub(super) fn uri(hash: ThumbprintHash, thumbprint: &str) -> String {
    format!("urn:ietf:params:oauth:jwk-thumbprint:{}:{thumbprint}", hash.as_str())
}
