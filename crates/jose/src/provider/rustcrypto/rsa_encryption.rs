//! RSA encryption on the `rsa` crate.

use ::rsa::{PrivateKey as RsaKey, PublicKey as RsaPublicKey};
use zeroize::Zeroizing;

use super::super::{Decrypt, Encrypt, PrivateMaterial, ProviderError, PublicMaterial};
use super::hashes::with_digest;
use super::random::Random;
use super::rsa::{parse_private, parse_public};
use crate::alg::{Hash, KeyManagement};

pub(super) fn encrypt_key(
    alg: KeyManagement,
    key: &PublicMaterial,
    random: &Random,
) -> Result<Box<dyn Encrypt>, ProviderError> {
    match (key, padding(alg)?) {
        (PublicMaterial::Rsa { n, e }, Padding::Oaep(hash)) => {
            Ok(Box::new(Encrypting { key: parse_public(n, e)?, hash, random: random.clone() }))
        }
        _ => Err(ProviderError::KeyRejected),
    }
}

pub(super) fn decrypt_key(
    alg: KeyManagement,
    key: &PrivateMaterial,
    random: &Random,
) -> Result<Box<dyn Decrypt>, ProviderError> {
    match (key, padding(alg)?) {
        (PrivateMaterial::Rsa(key), padding) => {
            Ok(Box::new(Decrypting { key: parse_private(key)?, padding, random: random.clone() }))
        }
        _ => Err(ProviderError::KeyRejected),
    }
}

enum Padding {
    /// With MGF1 over the same hash and an empty label (RFC 7518 §4.3).
    Oaep(Hash),
    Pkcs1,
}

fn padding(alg: KeyManagement) -> Result<Padding, ProviderError> {
    match alg {
        KeyManagement::RsaOaep => Ok(Padding::Oaep(Hash::Sha1)),
        KeyManagement::RsaOaep256 => Ok(Padding::Oaep(Hash::Sha256)),
        KeyManagement::RsaOaep384 => Ok(Padding::Oaep(Hash::Sha384)),
        KeyManagement::RsaOaep512 => Ok(Padding::Oaep(Hash::Sha512)),
        KeyManagement::Rsa15 => Ok(Padding::Pkcs1),
        _ => Err(ProviderError::KeyRejected),
    }
}

struct Encrypting {
    key: RsaPublicKey,
    hash: Hash,
    random: Random,
}

impl Encrypt for Encrypting {
    fn encrypt(&self, secret: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let random = &mut self.random.clone();
        let made = with_digest!(self.hash, D => self.key.oaep_encrypt_with_rng::<D, _>(random, secret));
        made.map_err(|_| ProviderError::Failed)
    }
}

struct Decrypting {
    key: RsaKey,
    padding: Padding,
    random: Random,
}

impl Decrypt for Decrypting {
    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let random = &mut self.random.clone();
        let secret = match self.padding {
            Padding::Oaep(hash) => {
                with_digest!(hash, D => self.key.oaep_decrypt_with_rng::<D, _>(random, ciphertext))
            }
            Padding::Pkcs1 => self.key.pkcs1v15_decrypt_with_rng(random, ciphertext),
        };
        secret.map(Zeroizing::new).map_err(|_| ProviderError::Failed)
    }
}
