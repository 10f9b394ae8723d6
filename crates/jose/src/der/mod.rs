//! The few DER forms of keys: PKCS#8 (RFC 5208, RFC 5958; encrypted, RFC 8018), PKCS#1 (RFC 8017 §A.1), SEC 1
//! (RFC 5915) and SubjectPublicKeyInfo (RFC 5280 §4.1). Nothing here recurses.

mod pbes2;
mod private;
mod public;
pub(crate) mod reader;
mod writer;

pub(crate) use pbes2::{decrypt_pkcs8, encrypt_pkcs8};
pub(crate) use private::{ec_private_key, pkcs1, pkcs8, rsa_private_key, sec1, to_pkcs8};
pub(crate) use public::{pkcs1_public, spki, to_pkcs1_public, to_spki};

use crate::jwk::KeyError;
use crate::jwk::material::{Curve, MlDsa};
use reader::{OID, Reader, SEQUENCE};
use writer::{Der, value};

/// rsaEncryption, 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// id-RSASSA-PSS, 1.2.840.113549.1.1.10
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
/// id-ecPublicKey, 1.2.840.10045.2.1
const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// id-Ed25519, 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// id-X25519, 1.3.101.110; id-X448, 1.3.101.111; id-Ed448, 1.3.101.113 (RFC 8410 §3)
const X25519: &[u8] = &[0x2b, 0x65, 0x6e];
const X448: &[u8] = &[0x2b, 0x65, 0x6f];
const ED448: &[u8] = &[0x2b, 0x65, 0x71];

/// An AlgorithmIdentifier that is known here.
enum Algorithm {
    Rsa,
    Ec(Curve),
    Ed25519,
    X25519,
    Ed448,
    X448,
    MlDsa(MlDsa),
}

/// Reads an AlgorithmIdentifier with exactly the parameters that belong to it.
fn algorithm(reader: &mut Reader<'_>) -> Result<Algorithm, KeyError> {
    let mut inner = reader.sequence()?;
    let algorithm = match inner.oid()? {
        RSA => {
            inner.null()?;
            Algorithm::Rsa
        }
        EC => Algorithm::Ec(curve(inner.oid()?)?),
        ED25519 => Algorithm::Ed25519,
        X25519 => Algorithm::X25519,
        ED448 => Algorithm::Ed448,
        X448 => Algorithm::X448,
        RSA_PSS => return Err(KeyError::Encoding("keys bound to RSASSA-PSS by their type are not read; use RSA")),
        oid => match MlDsa::ALL.iter().copied().find(|set| ml_dsa_oid(*set) == oid) {
            Some(set) => Algorithm::MlDsa(set),
            None => return Err(KeyError::Encoding("the key's type is not known here")),
        },
    };
    inner.end()?;
    Ok(algorithm)
}

fn curve(oid: &[u8]) -> Result<Curve, KeyError> {
    let known = Curve::ALL.iter().copied().find(|curve| curve_oid(*curve) == oid);
    known.ok_or(KeyError::Encoding("the key's curve is not known here"))
}

/// RFC 5480 §2.1.1.1.
const fn curve_oid(curve: Curve) -> &'static [u8] {
    match curve {
        Curve::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        Curve::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
        Curve::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
        // RFC 8812 §3.1, SEC 2 §A.2.1.
        Curve::Secp256k1 => &[0x2b, 0x81, 0x04, 0x00, 0x0a],
    }
}

/// id-ml-dsa-44 and its kin, 2.16.840.1.101.3.4.3.17 to 19 (RFC 9881 §2).
const fn ml_dsa_oid(set: MlDsa) -> &'static [u8] {
    match set {
        MlDsa::L44 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11],
        MlDsa::L65 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12],
        MlDsa::L87 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13],
    }
}

/// `SEQUENCE { r INTEGER, s INTEGER }` of `r ‖ s` (RFC 3279 §2.2.3).
#[cfg(feature = "aws-lc")]
pub(crate) fn ecdsa_signature(raw: &[u8]) -> Der {
    let (r, s) = raw.split_at(raw.len() / 2);
    value(SEQUENCE, &[&writer::integer(r), &writer::integer(s)])
}

fn identifier(oid: &[u8], parameters: &[u8]) -> Der {
    value(SEQUENCE, &[&value(OID, &[oid]), parameters])
}
