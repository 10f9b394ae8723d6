//! PKCS#8 under a password: PBES2 with PBKDF2 and AES-CBC (RFC 8018 §6.2, appendix A; RFC 5958 §3).

use zeroize::Zeroizing;

use super::identifier;
use super::reader::{NULL, OCTET_STRING, Reader, SEQUENCE};
use super::writer::{Der, integer, value};
use crate::alg::Hash;
use crate::jwk::{AesSize, KeyError, Pbes2};
use crate::provider::Provider;

/// The document inside an EncryptedPrivateKeyInfo.
pub(crate) fn decrypt_pkcs8(
    provider: &dyn Provider,
    document: &[u8],
    password: &[u8],
) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    let mut outer = Reader::new(document);
    let mut info = outer.sequence()?;
    outer.end()?;
    let scheme = scheme(info.sequence()?)?;
    let ciphertext = info.read(OCTET_STRING)?;
    info.end()?;
    let key = derive(provider, &scheme.how, password, scheme.salt)?;
    let inside = provider.decrypt_cbc(&key, scheme.iv, ciphertext).map_err(|_| WRONG_PASSWORD)?;
    // With a wrong password the padding is right once in 256 times; then what comes out is no document.
    let mut document = Reader::new(&inside);
    document.sequence().and_then(|_| document.end()).map_err(|_| WRONG_PASSWORD)?;
    Ok(inside)
}

/// An EncryptedPrivateKeyInfo around the document.
pub(crate) fn encrypt_pkcs8(
    provider: &dyn Provider,
    document: &[u8],
    password: &[u8],
    how: &Pbes2,
) -> Result<Der, KeyError> {
    if password.is_empty() {
        return Err(KeyError::Password("the password is empty"));
    }
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    provider.fill_random(&mut salt)?;
    provider.fill_random(&mut iv)?;
    let key = derive(provider, how, password, &salt)?;
    let ciphertext = provider.encrypt_cbc(&key, &iv, document)?;

    let prf = identifier(prf(how.hash), &value(NULL, &[]));
    let iterations = integer(&how.iterations.to_be_bytes());
    let derivation = value(SEQUENCE, &[&value(OCTET_STRING, &[&salt]), &iterations, &prf]);
    let cipher = identifier(cipher(how.cipher), &value(OCTET_STRING, &[&iv]));
    let parameters = value(SEQUENCE, &[&identifier(PBKDF2, &derivation), &cipher]);
    Ok(value(SEQUENCE, &[&identifier(PBES2, &parameters), &value(OCTET_STRING, &[&ciphertext])]))
}

/// What the AlgorithmIdentifier says.
struct Scheme<'a> {
    how: Pbes2,
    salt: &'a [u8],
    iv: &'a [u8; 16],
}

fn scheme(mut algorithm: Reader<'_>) -> Result<Scheme<'_>, KeyError> {
    if algorithm.oid()? != PBES2 {
        return Err(KeyError::Encoding(
            "the key is encrypted in an old way (PBES1 or PKCS#12), which is not read here",
        ));
    }
    let mut parameters = algorithm.sequence()?;
    algorithm.end()?;
    let (mut derivation, mut encryption) = (parameters.sequence()?, parameters.sequence()?);
    parameters.end()?;

    match derivation.oid()? {
        PBKDF2 => {}
        SCRYPT => return Err(KeyError::Encoding("the key is encrypted by way of scrypt; PBKDF2 alone is read here")),
        _ => return Err(KeyError::Encoding("the key is encrypted with a derivation that is not known here")),
    }
    let mut pbkdf2 = derivation.sequence()?;
    derivation.end()?;
    let salt = pbkdf2.read(OCTET_STRING)?;
    let iterations = pbkdf2.number()?;
    let len = pbkdf2.optional_number()?;
    let hash = if pbkdf2.is_empty() { Hash::Sha1 } else { named_prf(pbkdf2.sequence()?)? };
    pbkdf2.end()?;

    let oid = encryption.oid()?;
    let cipher = AesSize::ALL.iter().copied().find(|size| cipher(*size) == oid);
    let cipher = cipher.ok_or(KeyError::Encoding("the key is encrypted with a cipher that is not AES-CBC"))?;
    let iv = encryption.read(OCTET_STRING)?.try_into();
    let iv = iv.map_err(|_| KeyError::Encoding("the key's encryption does not have 16 bytes of IV"))?;
    encryption.end()?;
    if len.is_some_and(|len| len as usize != cipher.bytes()) {
        return Err(KeyError::Encoding("the key's encryption asks for another key length than its cipher's"));
    }
    Ok(Scheme { how: Pbes2 { hash, cipher, iterations }, salt, iv })
}

fn named_prf(mut algorithm: Reader<'_>) -> Result<Hash, KeyError> {
    let oid = algorithm.oid()?;
    let known = Hash::ALL.iter().copied().find(|hash| prf(*hash) == oid);
    algorithm.null()?;
    algorithm.end()?;
    known.ok_or(KeyError::Encoding("the key is encrypted with a derivation that is not known here"))
}

/// The bound comes before the work.
fn derive(provider: &dyn Provider, how: &Pbes2, password: &[u8], salt: &[u8]) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if how.iterations == 0 || how.iterations > Pbes2::MAX_ITERATIONS {
        return Err(KeyError::Password("the key's encryption has no iteration, or more than 2,000,000"));
    }
    let mut key = Zeroizing::new(vec![0; how.cipher.bytes()]);
    provider.pbkdf2(how.hash, password, salt, how.iterations, &mut key)?;
    Ok(key)
}

/// hmacWithSHA1 and its kin, 1.2.840.113549.2.7 and 9 to 11 (RFC 8018 §B.1.2).
const fn prf(hash: Hash) -> &'static [u8] {
    match hash {
        Hash::Sha1 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x07],
        Hash::Sha256 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x09],
        Hash::Sha384 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0a],
        Hash::Sha512 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x02, 0x0b],
    }
}

/// aes128-CBC-PAD and its kin, 2.16.840.1.101.3.4.1.2, 22 and 42 (RFC 8018 §B.2.5).
const fn cipher(size: AesSize) -> &'static [u8] {
    match size {
        AesSize::Bits128 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x02],
        AesSize::Bits192 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x16],
        AesSize::Bits256 => &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2a],
    }
}

/// id-PBES2, 1.2.840.113549.1.5.13
const PBES2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0d];
/// id-PBKDF2, 1.2.840.113549.1.5.12
const PBKDF2: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x05, 0x0c];
/// id-scrypt, 1.3.6.1.4.1.11591.4.11 (RFC 7914 §7)
const SCRYPT: &[u8] = &[0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x04, 0x0b];
const WRONG_PASSWORD: KeyError = KeyError::Password("the password is wrong, or the key's encryption is damaged");
