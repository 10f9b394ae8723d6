//! Public keys in DER.

use super::reader::Reader;
use super::{Algorithm, algorithm};
use crate::jwk::KeyError;
use crate::jwk::material::PublicMaterial;

/// SubjectPublicKeyInfo (RFC 5280 §4.1.2.7). Whether the numbers are sound is checked where the key is made.
pub(crate) fn spki(document: &[u8]) -> Result<PublicMaterial, KeyError> {
    let mut outer = Reader::new(document);
    let mut info = outer.sequence()?;
    outer.end()?;
    let algorithm = algorithm(&mut info)?;
    let key = info.bits()?;
    info.end()?;
    match algorithm {
        Algorithm::Rsa => pkcs1_public(key),
        Algorithm::Ec(curve) => Ok(PublicMaterial::Ec { curve, point: key.to_vec() }),
        Algorithm::Ed25519 => match key.try_into() {
            Ok(x) => Ok(PublicMaterial::Ed25519 { x }),
            Err(_) => Err(KeyError::Encoding("an Ed25519 key does not have 32 bytes")),
        },
    }
}

/// PKCS#1 RSAPublicKey (RFC 8017 §A.1.1).
pub(crate) fn pkcs1_public(document: &[u8]) -> Result<PublicMaterial, KeyError> {
    let mut outer = Reader::new(document);
    let mut key = outer.sequence()?;
    outer.end()?;
    let (n, e) = (key.positive()?.to_vec(), key.positive()?.to_vec());
    key.end()?;
    PublicMaterial::rsa(n, e)
}
