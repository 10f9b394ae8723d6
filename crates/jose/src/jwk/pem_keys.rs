//! Keys from PEM texts.

use super::key::KeyMaterial;
use super::{KeyError, SigningKey, VerifyingKey};
use crate::alg::JwsAlgorithm;
use crate::pem::Block;
use crate::provider::Provider;
use crate::x509::Certificate;
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
        match only_key(provider, text, None, limits)? {
            KeyMaterial::Private(material) => Self::from_material(provider, material, alg, None),
            _ => Err(KeyError::Encoding("a private key is needed, not a public one")),
        }
    }
}

impl VerifyingKey {
    /// Reads the one public key of a PEM text: SubjectPublicKeyInfo, PKCS#1 or a certificate. Without `alg`, an
    /// RSA key serves all its algorithms. It has no `kid`.
    pub fn from_pem(
        provider: &dyn Provider,
        text: &str,
        alg: Option<JwsAlgorithm>,
        limits: &Limits,
    ) -> Result<Self, KeyError> {
        match only_key(provider, text, None, limits)? {
            KeyMaterial::Public(material) => Self::public(provider, material, alg, None),
            _ => Err(KeyError::Encoding("a public key is needed, not a private one")),
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

/// The one block that may be a key; OpenSSL puts `EC PARAMETERS` in front of a SEC 1 key.
pub(super) fn only_key(
    provider: &dyn Provider,
    text: &str,
    password: Option<&[u8]>,
    limits: &Limits,
) -> Result<KeyMaterial, KeyError> {
    if text.len() > limits.key_bytes {
        return Err(KeyError::TooLong { found: text.len(), limit: limits.key_bytes });
    }
    let mut blocks = pem::parse(text, limits)?;
    blocks.retain(|block| block.label != "EC PARAMETERS");
    // Of a chain of certificates, the first is that of the key (RFC 7517 §4.7 has it so too).
    if blocks.iter().all(|block| block.label == "CERTIFICATE") {
        blocks.truncate(1);
    }
    match blocks.as_slice() {
        [block] => read(provider, block, password, limits),
        [] => Err(KeyError::Encoding("the text holds no PEM block")),
        _ => Err(KeyError::Encoding("the text holds more than one PEM block")),
    }
}

/// The labels of RFC 7468 §10, §11 and §13, and those that OpenSSL made common.
fn read(
    provider: &dyn Provider,
    block: &Block,
    password: Option<&[u8]>,
    limits: &Limits,
) -> Result<KeyMaterial, KeyError> {
    let der = block.der.as_slice();
    match block.label.as_str() {
        "PRIVATE KEY" => der::pkcs8(der).map(KeyMaterial::Private),
        "RSA PRIVATE KEY" => der::pkcs1(der).map(KeyMaterial::Private),
        "EC PRIVATE KEY" => der::sec1(der).map(KeyMaterial::Private),
        "PUBLIC KEY" => der::spki(der).map(KeyMaterial::Public),
        "RSA PUBLIC KEY" => der::pkcs1_public(der).map(KeyMaterial::Public),
        "CERTIFICATE" => Certificate::from_der(der, limits)?.public_key().map(KeyMaterial::Public),
        "ENCRYPTED PRIVATE KEY" => {
            let password =
                password.ok_or(KeyError::Password("the private key is encrypted; its password is needed"))?;
            let inside = der::decrypt_pkcs8(provider, der, password)?;
            der::pkcs8(&inside).map(KeyMaterial::Private)
        }
        _ => Err(KeyError::Encoding("the PEM block holds nothing that is read here as a key")),
    }
}
