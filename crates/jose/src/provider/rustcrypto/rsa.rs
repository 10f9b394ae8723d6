//! RSA keys and signatures on the `rsa` crate.
//!
//! Its private-key operations are blinded with fresh randomness and meant to take constant time, but the advisory on
//! their timing (RUSTSEC-2023-0071) stands: no server's private key comes near this.

use ::rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use ::rsa::{BoxedUint, PrivateKey as RsaKey, PublicKey as RsaPublicKey};
use sha2::{Sha256, Sha384, Sha512};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

use super::super::{
    PrivateKey, PrivateMaterial, ProviderError, PublicMaterial, RsaPrivate, RsaSize, Sign, Verify, checks,
};
use super::random::Random;
use crate::alg::JwsAlgorithm;

pub(super) fn private_key(alg: JwsAlgorithm, key: &RsaPrivate, random: &Random) -> Result<PrivateKey, ProviderError> {
    if alg.kty() != "RSA" {
        return Err(ProviderError::KeyRejected);
    }
    let public = PublicMaterial::Rsa { n: key.n.clone(), e: key.e.clone() };
    let key = parse_private(key)?;
    Ok(PrivateKey { signer: Box::new(Signer { key, alg, random: random.clone() }), public })
}

pub(super) fn public_key(alg: JwsAlgorithm, n: &[u8], e: &[u8]) -> Result<Box<dyn Verify>, ProviderError> {
    if alg.kty() != "RSA" {
        return Err(ProviderError::KeyRejected);
    }
    Ok(Box::new(Verifier { key: parse_public(n, e)?, alg }))
}

/// Made of two random primes; slow, since nothing here is tuned for it.
pub(super) fn generate(size: RsaSize, random: &Random) -> Result<PrivateMaterial, ProviderError> {
    let bits = match size {
        RsaSize::Bits2048 => 2048,
        RsaSize::Bits3072 => 3072,
        RsaSize::Bits4096 => 4096,
    };
    let key = RsaKey::new(&mut random.clone(), bits).map_err(failed)?;
    let [p, q] = key.primes() else {
        return Err(ProviderError::Failed);
    };
    let qi = key.crt_coefficient().map(Zeroizing::new).ok_or(ProviderError::Failed)?;
    let (dp, dq) = key.dp().zip(key.dq()).ok_or(ProviderError::Failed)?;
    Ok(PrivateMaterial::Rsa(RsaPrivate {
        n: key.n_bytes().into_vec(),
        e: key.e_bytes().into_vec(),
        d: bytes(key.d()),
        p: bytes(p.as_ref()),
        q: bytes(q.as_ref()),
        dp: bytes(dp),
        dq: bytes(dq),
        qi: bytes(&qi),
    }))
}

/// The crate checks that the primes make the modulus and that the exponents undo each other; what it derives itself
/// must be what was given.
pub(super) fn parse_private(key: &RsaPrivate) -> Result<RsaKey, ProviderError> {
    checks::rsa_private(key)?;
    let number = |bytes: &[u8]| {
        let bits = u32::try_from(bytes.len() * 8).map_err(|_| ProviderError::KeyRejected)?;
        BoxedUint::from_be_slice(bytes, bits).map_err(rejected)
    };
    let primes = vec![number(&key.p)?, number(&key.q)?];
    let parsed = RsaKey::from_components(number(&key.n)?, number(&key.e)?, number(&key.d)?, primes);
    let parsed = parsed.map_err(rejected)?;
    let qi = parsed.crt_coefficient().map(Zeroizing::new).ok_or(ProviderError::KeyRejected)?;
    let (dp, dq) = parsed.dp().zip(parsed.dq()).ok_or(ProviderError::KeyRejected)?;
    let same = [(dp, &key.dp), (dq, &key.dq), (&*qi, &key.qi)].map(|(own, given)| bytes(own).ct_eq(given));
    if same.into_iter().all(bool::from) { Ok(parsed) } else { Err(ProviderError::KeyRejected) }
}

/// 2048 bits to 8192 (RFC 7518 §3.3).
pub(super) fn parse_public(n: &[u8], e: &[u8]) -> Result<RsaPublicKey, ProviderError> {
    checks::rsa(n, e)?;
    let (n, e) = (BoxedUint::from_be_slice_vartime(n), BoxedUint::from_be_slice_vartime(e));
    RsaPublicKey::new_with_size_limits(n, e, 2048..=8192).map_err(rejected)
}

/// Big-endian without leading zeros. Their number may be told by the time this takes; it stands in the key's own file.
fn bytes(number: &BoxedUint) -> Zeroizing<Vec<u8>> {
    let mut padded = number.to_be_bytes();
    let zeros = padded.iter().take_while(|byte| **byte == 0).count();
    let out = Zeroizing::new(padded[zeros..].to_vec());
    padded.zeroize();
    out
}

struct Signer {
    key: RsaKey,
    alg: JwsAlgorithm,
    random: Random,
}

impl Sign for Signer {
    fn signature_len(&self) -> usize {
        self.key.size()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let random = &mut self.random.clone();
        let made = match self.alg {
            JwsAlgorithm::RS256 => self.key.pkcs1v15_sign_with_rng::<Sha256, _>(random, message),
            JwsAlgorithm::RS384 => self.key.pkcs1v15_sign_with_rng::<Sha384, _>(random, message),
            JwsAlgorithm::RS512 => self.key.pkcs1v15_sign_with_rng::<Sha512, _>(random, message),
            JwsAlgorithm::PS256 => self.key.pss_sign_with_rng::<Sha256, _>(random, message),
            JwsAlgorithm::PS384 => self.key.pss_sign_with_rng::<Sha384, _>(random, message),
            JwsAlgorithm::PS512 => self.key.pss_sign_with_rng::<Sha512, _>(random, message),
            _ => return Err(ProviderError::Failed),
        };
        checks::hand_over(&made.map_err(failed)?, signature)
    }
}

struct Verifier {
    key: RsaPublicKey,
    alg: JwsAlgorithm,
}

impl Verify for Verifier {
    /// RFC 7518 §3.5: the salt of PSS is as long as the hash, which is what the crate takes for granted here.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let key = &self.key;
        match self.alg {
            JwsAlgorithm::RS256 => key.pkcs1v15_verify::<Sha256>(message, signature).is_ok(),
            JwsAlgorithm::RS384 => key.pkcs1v15_verify::<Sha384>(message, signature).is_ok(),
            JwsAlgorithm::RS512 => key.pkcs1v15_verify::<Sha512>(message, signature).is_ok(),
            JwsAlgorithm::PS256 => key.pss_verify::<Sha256>(message, signature).is_ok(),
            JwsAlgorithm::PS384 => key.pss_verify::<Sha384>(message, signature).is_ok(),
            JwsAlgorithm::PS512 => key.pss_verify::<Sha512>(message, signature).is_ok(),
            _ => false,
        }
    }
}

fn rejected<E>(_: E) -> ProviderError {
    ProviderError::KeyRejected
}

fn failed<E>(_: E) -> ProviderError {
    ProviderError::Failed
}
