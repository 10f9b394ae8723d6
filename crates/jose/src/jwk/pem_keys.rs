//! Keys from PEM texts.

use super::material::{PrivateMaterial, PublicMaterial};
use super::{KeyError, SigningKey, VerifyingKey};
use crate::alg::JwsAlgorithm;
use crate::pem::Block;
use crate::provider::Provider;
use crate::{Limits, der, pem};

impl SigningKey {
    /// Reads the one private key of a PEM text: PKCS#8, PKCS#1 or SEC 1, unencrypted. Without
    /// `alg`, RSA signs RS256.
    pub fn from_pem(
        provider: &dyn Provider,
        text: &str,
        alg: Option<JwsAlgorithm>,
        limits: &Limits,
    ) -> Result<Self, KeyError> {
        match only_key(text, limits)? {
            Key::Private(material) => Self::from_material(provider, material, alg, None),
            Key::Public(_) => Err(KeyError::Encoding("a private key is needed, not a public one")),
        }
    }
}

impl VerifyingKey {
    /// Reads the one public key of a PEM text: SubjectPublicKeyInfo or PKCS#1. Without `alg`, an
    /// RSA key serves all its algorithms. It has no `kid`.
    pub fn from_pem(
        provider: &dyn Provider,
        text: &str,
        alg: Option<JwsAlgorithm>,
        limits: &Limits,
    ) -> Result<Self, KeyError> {
        match only_key(text, limits)? {
            Key::Public(material) => Self::public(provider, material, alg, None),
            Key::Private(_) => Err(KeyError::Encoding("a public key is needed, not a private one")),
        }
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    pub fn from_spki_der(
        provider: &dyn Provider,
        document: &[u8],
        alg: Option<JwsAlgorithm>,
    ) -> Result<Self, KeyError> {
        Self::public(provider, der::spki(document)?, alg, None)
    }
}

pub(super) enum Key {
    Private(PrivateMaterial),
    Public(PublicMaterial),
}

/// The one block that may be a key; OpenSSL puts `EC PARAMETERS` in front of a SEC 1 key.
pub(super) fn only_key(text: &str, limits: &Limits) -> Result<Key, KeyError> {
    if text.len() > limits.key_bytes {
        return Err(KeyError::TooLong { found: text.len(), limit: limits.key_bytes });
    }
    let mut blocks = pem::parse(text)?.into_iter().filter(|block| block.label != "EC PARAMETERS");
    match (blocks.next(), blocks.next()) {
        (Some(block), None) => read(&block),
        (None, _) => Err(KeyError::Encoding("the text holds no PEM block")),
        (Some(_), Some(_)) => Err(KeyError::Encoding("the text holds more than one PEM block")),
    }
}

/// The labels of RFC 7468 §10, §11 and §13, and those that OpenSSL made common.
fn read(block: &Block) -> Result<Key, KeyError> {
    let der = block.der.as_slice();
    match block.label.as_str() {
        "PRIVATE KEY" => der::pkcs8(der).map(Key::Private),
        "RSA PRIVATE KEY" => der::pkcs1(der).map(Key::Private),
        "EC PRIVATE KEY" => der::sec1(der).map(Key::Private),
        "PUBLIC KEY" => der::spki(der).map(Key::Public),
        "RSA PUBLIC KEY" => der::pkcs1_public(der).map(Key::Public),
        "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encoding("the private key is encrypted; decrypt it first")),
        _ => Err(KeyError::Encoding("the PEM block holds nothing that is read here as a key")),
    }
}
