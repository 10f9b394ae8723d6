//! Whether one certificate was signed by the key of another (RFC 5280 §4.1.1.3).

use super::Certificate;
use crate::der::reader::{INTEGER, Reader};
use crate::jwk::KeyError;
use crate::provider::{Curve, Provider, PublicMaterial};
use crate::{JwsAlgorithm, VerifyingKey};

impl Certificate {
    /// Whether `issuer` has signed this certificate: it has the issuer's name, and the signature is by that key. ECDSA with
    /// the curve's own hash, and P-384 with SHA-256 too, as Apple has it; RSA (PKCS #1 v1.5) with SHA-2, and Ed25519; whatever else is signed by nobody. Whether the
    /// issuer may sign, and until when, is for the caller to ask.
    ///
    /// ```
    /// use vestibule_jose::{Limits, provider::aws_lc, x509::Certificate};
    ///
    /// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/pem/certificate.pem"));
    /// let certificate = Certificate::from_pem(pem, &Limits::DEFAULT)?.remove(0);
    /// assert!(certificate.is_signed_by(aws_lc(), &certificate), "by its own key");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_signed_by(&self, provider: &dyn Provider, issuer: &Certificate) -> bool {
        if self.issuer != *issuer.subject() {
            return false;
        }
        let Ok(material) = issuer.public_key() else { return false };
        if let ("ecdsa-with-SHA256", PublicMaterial::Ec { curve: Curve::P384, point }) =
            (self.signature_algorithm(), &material)
        {
            let signature = raw(&self.signature, Curve::P384.field_len());
            return signature.is_ok_and(|signature| provider.verify_p384_sha256(point, &self.signed, &signature));
        }
        let Some((alg, coordinate)) = algorithm(self.signature_algorithm(), &material) else { return false };
        let Ok(key) = VerifyingKey::public(provider, material, Some(alg), None) else { return false };
        match coordinate {
            None => key.verify(alg, &self.signed, &self.signature),
            Some(len) => raw(&self.signature, len).is_ok_and(|signature| key.verify(alg, &self.signed, &signature)),
        }
    }
}

/// The algorithm, and of ECDSA how many bytes a number has.
fn algorithm(name: &str, key: &PublicMaterial) -> Option<(JwsAlgorithm, Option<usize>)> {
    Some(match (name, key) {
        ("ecdsa-with-SHA256", PublicMaterial::Ec { curve: Curve::P256, .. }) => (JwsAlgorithm::ES256, Some(32)),
        ("ecdsa-with-SHA384", PublicMaterial::Ec { curve: Curve::P384, .. }) => (JwsAlgorithm::ES384, Some(48)),
        ("ecdsa-with-SHA512", PublicMaterial::Ec { curve: Curve::P521, .. }) => (JwsAlgorithm::ES512, Some(66)),
        ("sha256WithRSAEncryption", PublicMaterial::Rsa { .. }) => (JwsAlgorithm::RS256, None),
        ("sha384WithRSAEncryption", PublicMaterial::Rsa { .. }) => (JwsAlgorithm::RS384, None),
        ("sha512WithRSAEncryption", PublicMaterial::Rsa { .. }) => (JwsAlgorithm::RS512, None),
        ("Ed25519", PublicMaterial::Ed25519 { .. }) => (JwsAlgorithm::Ed25519, None),
        _ => return None,
    })
}

/// `r ‖ s` of `SEQUENCE { r INTEGER, s INTEGER }` (RFC 3279 §2.2.3), each `len` bytes long.
fn raw(der: &[u8], len: usize) -> Result<Vec<u8>, KeyError> {
    let mut outer = Reader::new(der);
    let mut numbers = outer.sequence()?;
    outer.end()?;
    let mut raw = vec![0; 2 * len];
    for half in raw.chunks_exact_mut(len) {
        let number = numbers.read(INTEGER)?;
        let digits = match number {
            [0, digits @ ..] if digits.first().is_some_and(|first| *first >= 0x80) => digits,
            [0x01..=0x7f, ..] => number,
            _ => return Err(NO_NUMBER),
        };
        let at = len.checked_sub(digits.len()).ok_or(NO_NUMBER)?;
        half[at..].copy_from_slice(digits);
    }
    numbers.end()?;
    Ok(raw)
}

const NO_NUMBER: KeyError =
    KeyError::Encoding("a signature's number is not above zero, in its shortest form, or too long");
