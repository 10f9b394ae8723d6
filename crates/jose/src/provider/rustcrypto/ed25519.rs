//! Ed25519 on ed25519-dalek.

use ed25519_dalek::{Signature, Signer as _, SigningKey, Verifier as _, VerifyingKey};

use super::super::{PrivateKey, ProviderError, PublicMaterial, Sign, Verify, checks};
use crate::alg::JwsAlgorithm;

pub(super) fn private_key(
    alg: JwsAlgorithm,
    seed: &[u8; 32],
    public: Option<&[u8; 32]>,
) -> Result<PrivateKey, ProviderError> {
    if alg.kty() != "OKP" {
        return Err(ProviderError::KeyRejected);
    }
    let key = SigningKey::from_bytes(seed);
    let x = key.verifying_key().to_bytes();
    if public.is_some_and(|given| *given != x) {
        return Err(ProviderError::KeyRejected);
    }
    Ok(PrivateKey { signer: Box::new(Signer(key)), public: PublicMaterial::Ed25519 { x } })
}

pub(super) fn public_key(alg: JwsAlgorithm, x: &[u8; 32]) -> Result<Box<dyn Verify>, ProviderError> {
    if alg.kty() != "OKP" {
        return Err(ProviderError::KeyRejected);
    }
    let key = VerifyingKey::from_bytes(x).map_err(|_| ProviderError::KeyRejected)?;
    Ok(Box::new(Verifier(key)))
}

struct Signer(SigningKey);

impl Sign for Signer {
    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let made = self.0.try_sign(message).map_err(|_| ProviderError::Failed)?;
        checks::hand_over(&made.to_bytes(), signature)
    }
}

struct Verifier(VerifyingKey);

impl Verify for Verifier {
    /// RFC 8032 §5.1.7 without the cofactor, as aws-lc does it. `verify_strict` would also refuse an `R` of small order,
    /// which is no forgery; a key of small order is refused before it comes here.
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::from_slice(signature).is_ok_and(|signature| self.0.verify(message, &signature).is_ok())
    }
}
