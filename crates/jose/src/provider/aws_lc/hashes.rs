//! Hashes, HMAC and PBKDF2 on aws-lc.

use std::num::NonZeroU32;

use aws_lc_rs::{constant_time, digest, hmac, pbkdf2 as kdf};

use super::super::{Absorb, MacKey, ProviderError, Sign, Verify, checks};
use super::sign::failed;
use crate::alg::Hash;

pub(super) fn digest_of<const N: usize>(algorithm: &'static digest::Algorithm, message: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(digest::digest(algorithm, message).as_ref());
    out
}

pub(super) fn hmac_algorithm(hash: Hash) -> hmac::Algorithm {
    match hash {
        Hash::Sha1 => hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => hmac::HMAC_SHA256,
        Hash::Sha384 => hmac::HMAC_SHA384,
        Hash::Sha512 => hmac::HMAC_SHA512,
    }
}

pub(super) fn mac_key(hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
    Box::new(Mac(hmac::Key::new(hmac_algorithm(hash), secret)))
}

pub(super) fn pbkdf2(
    hash: Hash,
    password: &[u8],
    salt: &[u8],
    iterations: u32,
    out: &mut [u8],
) -> Result<(), ProviderError> {
    let algorithm = match hash {
        Hash::Sha1 => kdf::PBKDF2_HMAC_SHA1,
        Hash::Sha256 => kdf::PBKDF2_HMAC_SHA256,
        Hash::Sha384 => kdf::PBKDF2_HMAC_SHA384,
        Hash::Sha512 => kdf::PBKDF2_HMAC_SHA512,
    };
    let iterations = NonZeroU32::new(iterations).ok_or(ProviderError::Failed)?;
    kdf::derive(algorithm, iterations, salt, password, out);
    Ok(())
}

fn digest_algorithm(hash: Hash) -> &'static digest::Algorithm {
    match hash {
        Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &digest::SHA256,
        Hash::Sha384 => &digest::SHA384,
        Hash::Sha512 => &digest::SHA512,
    }
}

/// What [`Digest`] has given, as the library knows it.
pub(super) fn known(hash: Hash, digest: &[u8]) -> Result<digest::Digest, ProviderError> {
    digest::Digest::import_less_safe(digest, digest_algorithm(hash)).map_err(failed)
}

pub(super) struct Digest(digest::Context);

impl Digest {
    pub(super) fn new(hash: Hash) -> Self {
        Self(digest::Context::new(digest_algorithm(hash)))
    }
}

impl Absorb for Digest {
    fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }
}

pub(super) struct Running(hmac::Context);

impl Running {
    pub(super) fn new(hash: Hash, secret: &[u8]) -> Self {
        Self(hmac::Context::with_key(&hmac::Key::new(hmac_algorithm(hash), secret)))
    }
}

impl Absorb for Running {
    fn update(&mut self, piece: &[u8]) {
        self.0.update(piece);
    }

    fn finish(self: Box<Self>) -> Vec<u8> {
        self.0.sign().as_ref().to_vec()
    }
}

struct Mac(hmac::Key);

impl MacKey for Mac {}

impl Sign for Mac {
    fn signature_len(&self) -> usize {
        self.0.algorithm().tag_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::hand_over(hmac::sign(&self.0, message).as_ref(), signature)
    }

    fn begin(&self) -> Option<Box<dyn Absorb>> {
        Some(Box::new(Running(hmac::Context::with_key(&self.0))))
    }

    fn sign_absorbed(&self, absorbed: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::hand_over(absorbed, signature)
    }
}

impl Verify for Mac {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0, message, signature).is_ok()
    }

    fn begin(&self) -> Option<Box<dyn Absorb>> {
        Sign::begin(self)
    }

    fn verify_absorbed(&self, absorbed: &[u8], signature: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(absorbed, signature).is_ok()
    }
}
