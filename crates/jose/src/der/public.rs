//! Public keys in DER.

use super::reader::{BIT_STRING, NULL, OID, Reader, SEQUENCE};
use super::writer::{Der, integer, value};
use super::{Algorithm, EC, ED448, ED25519, RSA, X448, X25519, algorithm, curve_oid, identifier, ml_dsa_oid};
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
        Algorithm::Ed25519 => Ok(PublicMaterial::Ed25519 { x: exactly(key)? }),
        Algorithm::X25519 => Ok(PublicMaterial::X25519 { x: exactly(key)? }),
        Algorithm::Ed448 => Ok(PublicMaterial::Ed448 { x: exactly(key)? }),
        Algorithm::X448 => Ok(PublicMaterial::X448 { x: exactly(key)? }),
        Algorithm::MlDsa(set) if key.len() == set.public_len() => {
            Ok(PublicMaterial::MlDsa { set, public: key.to_vec() })
        }
        Algorithm::MlDsa(_) => Err(WRONG_LENGTH),
    }
}

/// RFC 8410 §4: the bit string is the key.
fn exactly<const N: usize>(key: &[u8]) -> Result<[u8; N], KeyError> {
    key.try_into().map_err(|_| WRONG_LENGTH)
}

/// The key as SubjectPublicKeyInfo.
pub(crate) fn to_spki(key: &PublicMaterial) -> Der {
    let bits = |key: &[u8]| value(BIT_STRING, &[&[0], key]);
    let (algorithm, key) = match key {
        PublicMaterial::Rsa { n, e } => {
            (identifier(RSA, &value(NULL, &[])), bits(&value(SEQUENCE, &[&integer(n), &integer(e)])))
        }
        PublicMaterial::Ec { curve, point } => (identifier(EC, &value(OID, &[curve_oid(*curve)])), bits(point)),
        PublicMaterial::Ed25519 { x } => (identifier(ED25519, &[]), bits(x)),
        PublicMaterial::X25519 { x } => (identifier(X25519, &[]), bits(x)),
        PublicMaterial::Ed448 { x } => (identifier(ED448, &[]), bits(x)),
        PublicMaterial::X448 { x } => (identifier(X448, &[]), bits(x)),
        PublicMaterial::MlDsa { set, public } => (identifier(ml_dsa_oid(*set), &[]), bits(public)),
    };
    value(SEQUENCE, &[&algorithm, &key])
}

/// The key as PKCS#1 RSAPublicKey; `None` for any that is not RSA.
pub(crate) fn to_pkcs1_public(key: &PublicMaterial) -> Option<Der> {
    match key {
        PublicMaterial::Rsa { n, e } => Some(value(SEQUENCE, &[&integer(n), &integer(e)])),
        _ => None,
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

const WRONG_LENGTH: KeyError = KeyError::Encoding("the public key does not have its type's length");
