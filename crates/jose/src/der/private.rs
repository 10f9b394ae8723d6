//! Private keys in DER.

use zeroize::Zeroizing;

use super::reader::{CONTEXT, CONTEXT_PRIMITIVE, INTEGER, NULL, OCTET_STRING, OID, Reader, SEQUENCE, whole_bytes};
use super::writer::{Der, integer, value};
use super::{Algorithm, EC, ED448, ED25519, RSA, X448, X25519, algorithm, curve, curve_oid, identifier, ml_dsa_oid};
use crate::jwk::KeyError;
use crate::jwk::material::{Curve, MlDsa, PrivateMaterial, RsaPrivate};

/// Unencrypted PKCS#8: PrivateKeyInfo or OneAsymmetricKey (RFC 5958 §2).
pub(crate) fn pkcs8(document: &[u8]) -> Result<PrivateMaterial, KeyError> {
    let mut outer = Reader::new(document);
    let mut info = outer.sequence()?;
    outer.end()?;
    let version = info.small()?;
    if version > 1 {
        return Err(KeyError::Encoding("this version of PKCS#8 is not known"));
    }
    let algorithm = algorithm(&mut info)?;
    let key = info.read(OCTET_STRING)?;
    info.optional(CONTEXT)?;
    let public = info.optional(CONTEXT_PRIMITIVE | 1)?.map(whole_bytes).transpose()?;
    if public.is_some() && version == 0 {
        return Err(KeyError::Encoding("PKCS#8 of version 0 has no public key"));
    }
    info.end()?;
    match algorithm {
        Algorithm::Rsa => pkcs1(key),
        Algorithm::Ec(curve) => ec(key, Some(curve)),
        Algorithm::Ed25519 => ed25519(key, public),
        Algorithm::X25519 => x25519(key, public),
        Algorithm::Ed448 => {
            let (seed, public) = okp(key, public, "an Ed448 key does not have 57 bytes")?;
            Ok(PrivateMaterial::Ed448 { seed, public })
        }
        Algorithm::X448 => {
            let (d, public) = okp(key, public, "an X448 key does not have 56 bytes")?;
            Ok(PrivateMaterial::X448 { d, public })
        }
        Algorithm::MlDsa(set) => ml_dsa(set, key, public),
    }
}

/// PKCS#1 RSAPrivateKey with two primes (RFC 8017 §A.1.2).
pub(crate) fn pkcs1(document: &[u8]) -> Result<PrivateMaterial, KeyError> {
    let mut outer = Reader::new(document);
    let mut key = outer.sequence()?;
    outer.end()?;
    if key.small()? != 0 {
        return Err(KeyError::Encoding("only RSA keys with two primes are read"));
    }
    let (n, e) = (key.positive()?.to_vec(), key.positive()?.to_vec());
    let mut secret = || key.positive().map(|number| Zeroizing::new(number.to_vec()));
    let rsa =
        RsaPrivate { n, e, d: secret()?, p: secret()?, q: secret()?, dp: secret()?, dq: secret()?, qi: secret()? };
    key.end()?;
    Ok(PrivateMaterial::Rsa(rsa))
}

/// SEC 1 ECPrivateKey that names its curve (RFC 5915 §3).
pub(crate) fn sec1(document: &[u8]) -> Result<PrivateMaterial, KeyError> {
    ec(document, None)
}

fn ec(document: &[u8], outside: Option<Curve>) -> Result<PrivateMaterial, KeyError> {
    let mut outer = Reader::new(document);
    let mut key = outer.sequence()?;
    outer.end()?;
    if key.small()? != 1 {
        return Err(KeyError::Encoding("this version of an EC private key is not known"));
    }
    let scalar = key.read(OCTET_STRING)?;
    let inside = key.optional(CONTEXT)?.map(explicit_curve).transpose()?;
    let public = key.optional(CONTEXT | 1)?;
    key.end()?;
    let curve = match (outside, inside) {
        (Some(a), Some(b)) if a != b => return Err(KeyError::Encoding("the EC key names two curves")),
        (Some(curve), _) | (None, Some(curve)) => curve,
        (None, None) => return Err(KeyError::Encoding("the EC key does not name its curve")),
    };
    let public = public.map(|contents| explicit_point(curve, contents)).transpose()?;
    Ok(PrivateMaterial::Ec { curve, d: padded(scalar, curve)?, public })
}

fn explicit_curve(contents: &[u8]) -> Result<Curve, KeyError> {
    let mut inner = Reader::new(contents);
    let curve = curve(inner.oid()?)?;
    inner.end().map(|()| curve)
}

fn explicit_point(on: Curve, contents: &[u8]) -> Result<Vec<u8>, KeyError> {
    let mut inner = Reader::new(contents);
    let point = inner.bits()?;
    on.check_point(point)?;
    inner.end().map(|()| point.to_vec())
}

/// RFC 5915 §3 wants the field's length; some writers leave out zeros in front.
fn padded(scalar: &[u8], curve: Curve) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let missing = curve.field_len().checked_sub(scalar.len());
    let missing = missing.ok_or(KeyError::Encoding("the EC private key is longer than its curve's field"))?;
    let mut out = Zeroizing::new(vec![0; curve.field_len()]);
    out[missing..].copy_from_slice(scalar);
    Ok(out)
}

/// RFC 8410 §7: an octet string within the octet string.
fn ed25519(key: &[u8], public: Option<&[u8]>) -> Result<PrivateMaterial, KeyError> {
    let (seed, public) = okp(key, public, "an Ed25519 key does not have 32 bytes")?;
    Ok(PrivateMaterial::Ed25519 { seed, public })
}

fn x25519(key: &[u8], public: Option<&[u8]>) -> Result<PrivateMaterial, KeyError> {
    let (d, public) = okp(key, public, "an X25519 key does not have 32 bytes")?;
    Ok(PrivateMaterial::X25519 { d, public })
}

/// RFC 9881 §6: the seed, alone or with the expanded key, which alone says too little.
fn ml_dsa(set: MlDsa, key: &[u8], public: Option<&[u8]>) -> Result<PrivateMaterial, KeyError> {
    let mut outer = Reader::new(key);
    let seed = match outer.optional(CONTEXT_PRIMITIVE)? {
        Some(seed) => seed,
        None => {
            let Some(both) = outer.optional(SEQUENCE)? else {
                return Err(KeyError::Encoding("the ML-DSA key has no seed"));
            };
            let mut both = Reader::new(both);
            let seed = both.read(OCTET_STRING)?;
            both.read(OCTET_STRING)?;
            both.end()?;
            seed
        }
    };
    outer.end()?;
    let seed = seed.try_into().map_err(|_| KeyError::Encoding("an ML-DSA seed does not have 32 bytes"))?;
    Ok(PrivateMaterial::MlDsa { set, seed: Zeroizing::new(seed), public: public.map(<[u8]>::to_vec) })
}

type Halves<const N: usize> = (Zeroizing<[u8; N]>, Option<[u8; N]>);

fn okp<const N: usize>(key: &[u8], public: Option<&[u8]>, wrong: &'static str) -> Result<Halves<N>, KeyError> {
    let mut inner = Reader::new(key);
    let secret: [u8; N] = inner.read(OCTET_STRING)?.try_into().map_err(|_| KeyError::Encoding(wrong))?;
    inner.end()?;
    let public = public.map(<[u8; N]>::try_from).transpose().map_err(|_| KeyError::Encoding(wrong))?;
    Ok((Zeroizing::new(secret), public))
}

/// Unencrypted PKCS#8 of version 0, as OpenSSL writes it.
pub(crate) fn to_pkcs8(key: &PrivateMaterial) -> Der {
    let (algorithm, inner) = match key {
        PrivateMaterial::Rsa(rsa) => (identifier(RSA, &value(NULL, &[])), rsa_private_key(rsa)),
        PrivateMaterial::Ec { curve, d, public } => {
            (identifier(EC, &value(OID, &[curve_oid(*curve)])), ec_private_key(*curve, d, public.as_deref()))
        }
        PrivateMaterial::Ed25519 { seed, .. } => (identifier(ED25519, &[]), value(OCTET_STRING, &[seed.as_slice()])),
        PrivateMaterial::X25519 { d, .. } => (identifier(X25519, &[]), value(OCTET_STRING, &[d.as_slice()])),
        PrivateMaterial::Ed448 { seed, .. } => (identifier(ED448, &[]), value(OCTET_STRING, &[seed.as_slice()])),
        PrivateMaterial::X448 { d, .. } => (identifier(X448, &[]), value(OCTET_STRING, &[d.as_slice()])),
        // RFC 9881 §6: the seed alone, [0] IMPLICIT.
        PrivateMaterial::MlDsa { set, seed, .. } => {
            (identifier(ml_dsa_oid(*set), &[]), value(CONTEXT_PRIMITIVE, &[seed.as_slice()]))
        }
    };
    value(SEQUENCE, &[&value(INTEGER, &[&[0]]), &algorithm, &value(OCTET_STRING, &[&inner])])
}

/// SEC 1 ECPrivateKey; without a point, the reader derives it.
pub(crate) fn ec_private_key(curve: Curve, d: &[u8], public: Option<&[u8]>) -> Der {
    let named = value(CONTEXT, &[&value(OID, &[curve_oid(curve)])]);
    let public = match public {
        Some(point) => value(CONTEXT | 1, &[&value(super::reader::BIT_STRING, &[&[0], point])]),
        None => Der::default(),
    };
    value(SEQUENCE, &[&value(INTEGER, &[&[1]]), &value(OCTET_STRING, &[d]), &named, &public])
}

/// PKCS#1 RSAPrivateKey (RFC 8017 §A.1.2).
pub(crate) fn rsa_private_key(key: &RsaPrivate) -> Der {
    let numbers = [&key.n, &key.e, &*key.d, &*key.p, &*key.q, &*key.dp, &*key.dq, &*key.qi].map(|n| integer(n));
    let mut parts: Vec<&[u8]> = vec![&[INTEGER, 1, 0]];
    parts.extend(numbers.iter().map(|number| number.as_slice()));
    value(SEQUENCE, &parts)
}

#[cfg(test)]
mod tests {
    use super::super::RSA_PSS;
    use super::*;

    /// A PKCS#8 document of this version around `inner`, with whatever follows.
    fn document(version: u8, algorithm: &[u8], inner: &[u8], after: &[u8]) -> Der {
        value(SEQUENCE, &[&value(INTEGER, &[&[version]]), algorithm, &value(OCTET_STRING, &[inner]), after])
    }

    fn refused(read: Result<PrivateMaterial, KeyError>, words: &str) {
        let error = read.expect_err(words).to_string();
        assert!(error.contains(words), "{error}");
    }

    /// RFC 5958 §2: the public key came with version 1.
    #[test]
    fn versions_of_pkcs8_are_kept_apart() {
        let (algorithm, seed) = (identifier(ED25519, &[]), value(OCTET_STRING, &[&[7; 32]]));
        let public = value(CONTEXT_PRIMITIVE | 1, &[&[0], &[9; 32]]);
        let given = |read| match read {
            Ok(PrivateMaterial::Ed25519 { public, .. }) => public,
            other => panic!("{other:?}"),
        };
        assert_eq!(given(pkcs8(&document(0, &algorithm, &seed, &[]))), None);
        assert_eq!(given(pkcs8(&document(1, &algorithm, &seed, &public))), Some([9; 32]));
        // Attributes (§2) are passed over.
        assert_eq!(given(pkcs8(&document(0, &algorithm, &seed, &value(CONTEXT, &[&[]])))), None);
        refused(pkcs8(&document(0, &algorithm, &seed, &public)), "version 0 has no public key");
        refused(pkcs8(&document(2, &algorithm, &seed, &[])), "version of PKCS#8");
        refused(pkcs8(&document(0, &algorithm, &value(OCTET_STRING, &[&[7; 31]]), &[])), "32 bytes");
        refused(pkcs8(&document(0, &identifier(RSA_PSS, &[]), &seed, &[])), "use RSA");
        refused(pkcs8(&document(0, &identifier(&[1, 2, 3], &[]), &seed, &[])), "type is not known");
    }

    /// RFC 5915 §3 and RFC 5480 §2.1.1.
    #[test]
    fn an_ec_key_names_one_curve_and_fills_its_field() {
        let named = |curve| identifier(EC, &value(OID, &[curve_oid(curve)]));
        let scalar = |read| match read {
            Ok(PrivateMaterial::Ec { d, .. }) => d.to_vec(),
            other => panic!("{other:?}"),
        };
        let short = ec_private_key(Curve::P256, &[7; 31], None);
        assert_eq!(scalar(sec1(&short)), [&[0], &[7; 31][..]].concat(), "zeros belong in front");
        assert_eq!(scalar(pkcs8(&document(0, &named(Curve::P256), &short, &[]))).len(), 32);
        refused(pkcs8(&document(0, &named(Curve::P384), &short, &[])), "two curves");
        refused(sec1(&ec_private_key(Curve::P256, &[7; 33], None)), "longer than its curve's field");
        refused(sec1(&ec_private_key(Curve::P256, &[7; 32], Some(&[4; 97]))), "uncompressed");
        let nameless = value(SEQUENCE, &[&value(INTEGER, &[&[1]]), &value(OCTET_STRING, &[&[7; 32]])]);
        refused(sec1(&nameless), "does not name its curve");
        assert_eq!(scalar(pkcs8(&document(0, &named(Curve::P256), &nameless, &[]))), [7; 32]);
    }

    /// RFC 8017 §A.1.2: version 1 has more than two primes.
    #[test]
    fn rsa_keys_have_two_primes() {
        let three = value(SEQUENCE, &[&value(INTEGER, &[&[1]])]);
        refused(pkcs1(&three), "two primes");
    }
}
