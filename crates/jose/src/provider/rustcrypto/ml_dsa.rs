//! ML-DSA on RustCrypto, with the empty context that JOSE has (RFC 9964 §3), hedged with randomness (FIPS 204 §3.4).

use ::ml_dsa::{EncodedVerifyingKey, Seed};
use ::ml_dsa::{ExpandedSigningKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Signature, SigningKey, VerifyingKey};

use super::super::{MlDsa, PrivateKey, ProviderError, PublicMaterial, Sign, Verify, checks};
use super::random::Random;
use crate::alg::JwsAlgorithm;

pub(super) fn private_key(
    alg: JwsAlgorithm,
    set: MlDsa,
    seed: &[u8; 32],
    public: Option<&[u8]>,
    random: &Random,
) -> Result<PrivateKey, ProviderError> {
    if set.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    let (signer, own) = match set {
        MlDsa::L44 => signer::<MlDsa44>(set, seed, random),
        MlDsa::L65 => signer::<MlDsa65>(set, seed, random),
        MlDsa::L87 => signer::<MlDsa87>(set, seed, random),
    };
    if public.is_some_and(|given| given != own) {
        return Err(ProviderError::KeyRejected);
    }
    Ok(PrivateKey { signer, public: PublicMaterial::MlDsa { set, public: own } })
}

pub(super) fn public_key(alg: JwsAlgorithm, set: MlDsa, public: &[u8]) -> Result<Box<dyn Verify>, ProviderError> {
    if set.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    match set {
        MlDsa::L44 => verifier::<MlDsa44>(public),
        MlDsa::L65 => verifier::<MlDsa65>(public),
        MlDsa::L87 => verifier::<MlDsa87>(public),
    }
}

fn signer<P>(set: MlDsa, seed: &[u8; 32], random: &Random) -> (Box<dyn Sign>, Vec<u8>)
where
    P: MlDsaParams + Send + Sync + 'static,
{
    let key = SigningKey::<P>::from_seed(&Seed::from(*seed));
    let public = key.expanded_key().verifying_key().encode().to_vec();
    (Box::new(Signer { key, len: set.signature_len(), random: random.clone() }), public)
}

fn verifier<P>(public: &[u8]) -> Result<Box<dyn Verify>, ProviderError>
where
    P: MlDsaParams + Send + Sync + 'static,
{
    let encoded = EncodedVerifyingKey::<P>::try_from(public).map_err(|_| ProviderError::KeyRejected)?;
    Ok(Box::new(Verifier(VerifyingKey::<P>::decode(&encoded))))
}

struct Signer<P: MlDsaParams> {
    key: SigningKey<P>,
    len: usize,
    random: Random,
}

impl<P: MlDsaParams + Send + Sync> Sign for Signer<P> {
    fn signature_len(&self) -> usize {
        self.len
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let key: &ExpandedSigningKey<P> = self.key.expanded_key();
        let made = key.sign_randomized(message, &[], &mut self.random.clone()).map_err(|_| ProviderError::Failed)?;
        checks::hand_over(&made.encode(), signature)
    }
}

struct Verifier<P: MlDsaParams>(VerifyingKey<P>);

impl<P: MlDsaParams + Send + Sync> Verify for Verifier<P> {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        Signature::<P>::try_from(signature).is_ok_and(|signature| self.0.verify_with_context(message, &[], &signature))
    }
}
