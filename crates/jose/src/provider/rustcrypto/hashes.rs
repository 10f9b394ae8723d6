//! Hashes, HMAC and PBKDF2 on RustCrypto.

use hmac::{Hmac, KeyInit, Mac};

use super::super::{Absorb, MacKey, ProviderError, Sign, Verify, checks};
use crate::alg::Hash;

/// Runs `$body` with `$digest` standing for the type of the hash.
macro_rules! with_digest {
    ($hash:expr, $digest:ident => $body:expr) => {
        match $hash {
            $crate::alg::Hash::Sha1 => {
                type $digest = ::sha1::Sha1;
                $body
            }
            $crate::alg::Hash::Sha256 => {
                type $digest = ::sha2::Sha256;
                $body
            }
            $crate::alg::Hash::Sha384 => {
                type $digest = ::sha2::Sha384;
                $body
            }
            $crate::alg::Hash::Sha512 => {
                type $digest = ::sha2::Sha512;
                $body
            }
        }
    };
}
pub(super) use with_digest;

pub(super) fn digest(hash: Hash) -> Box<dyn Absorb> {
    with_digest!(hash, D => Box::new(Digest(D::default())))
}

pub(super) fn mac(hash: Hash, secret: &[u8]) -> Box<dyn Absorb> {
    with_digest!(hash, D => Box::new(Running(keyed::<Hmac<D>>(secret))))
}

pub(super) fn mac_key(hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
    with_digest!(hash, D => Box::new(Keyed { mac: keyed::<Hmac<D>>(secret), len: hash.len() }))
}

pub(super) fn pbkdf2(
    hash: Hash,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) -> Result<(), ProviderError> {
    if iterations == 0 {
        return Err(ProviderError::Failed);
    }
    with_digest!(hash, D => pbkdf2::pbkdf2_hmac::<D>(password, salt, iterations, out));
    Ok(())
}

pub(super) fn keyed<M: Mac + KeyInit>(secret: &[u8]) -> M {
    <M as KeyInit>::new_from_slice(secret).expect("HMAC takes keys of any length (RFC 2104 §2)")
}

struct Digest<D>(D);

impl<D: sha2::Digest + Send> Absorb for Digest<D> {
    fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

struct Running<M>(M);

impl<M: Mac + Send> Absorb for Running<M> {
    fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().into_bytes().to_vec()
    }
}

/// A MAC that has taken in its key and nothing else; each message begins with a copy.
struct Keyed<M> {
    mac: M,
    len: usize,
}

impl<M: Mac + Clone + Send + Sync> MacKey for Keyed<M> {}

impl<M: Mac + Clone + Send + Sync> Sign for Keyed<M> {
    fn signature_len(&self) -> usize {
        self.len
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::hand_over(&self.mac.clone().chain_update(message).finalize().into_bytes(), signature)
    }
}

impl<M: Mac + Clone + Send + Sync> Verify for Keyed<M> {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.mac.clone().chain_update(message).verify_slice(signature).is_ok()
    }
}
