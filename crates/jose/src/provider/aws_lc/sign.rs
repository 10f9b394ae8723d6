//! Signatures on aws-lc.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, PqdsaKeyPair, RsaKeyPair,
    RsaPublicKeyComponents, RsaSignatureEncoding,
};

use super::super::{Absorb, PrivateKey, ProviderError, Sign, Verify, checks};
use super::hashes::{Digest, known};
use super::low_s::lower_s;
use crate::alg::{Hash, JwsAlgorithm};
use crate::jwk::material::{Curve, MlDsa, PrivateMaterial, PublicMaterial, RsaPrivate};

pub(super) fn private_key(alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError> {
    match key {
        PrivateMaterial::Rsa(rsa) => rsa_private(alg, rsa),
        PrivateMaterial::Ec { curve, d, public } => ec_private(alg, *curve, d, public.as_deref()),
        PrivateMaterial::Ed25519 { seed, public } => ed25519_private(alg, seed, public.as_ref()),
        PrivateMaterial::MlDsa { set, seed, public } => ml_dsa_private(alg, *set, seed, public.as_deref()),
        PrivateMaterial::X25519 { .. } | PrivateMaterial::Ed448 { .. } | PrivateMaterial::X448 { .. } => {
            Err(ProviderError::KeyRejected)
        }
    }
}

pub(super) fn public_key(alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError> {
    let parsed = match (alg.kty(), key) {
        ("RSA", PublicMaterial::Rsa { n, e }) => {
            checks::rsa(n, e)?;
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(rsa_verification(alg)?)
        }
        ("EC", PublicMaterial::Ec { curve, point }) if curve.alg() == alg => {
            checks::point(*curve, point)?;
            ParsedPublicKey::new(ecdsa_verification(*curve), point)
        }
        ("OKP", PublicMaterial::Ed25519 { x }) => ParsedPublicKey::new(&signature::ED25519, x),
        ("AKP", PublicMaterial::MlDsa { set, public }) if set.alg() == alg => {
            ParsedPublicKey::new(ml_dsa_verification(*set), public)
        }
        _ => return Err(ProviderError::KeyRejected),
    };
    Ok(Box::new(Public { key: parsed.map_err(rejected)?, hash: hashed(alg) }))
}

/// The hash of an algorithm that signs one; the others sign the message itself.
fn hashed(alg: JwsAlgorithm) -> Option<Hash> {
    matches!(alg.kty(), "RSA" | "EC").then(|| alg.hash())
}

/// The library pairs the two in DER alone.
pub(super) fn verify_p384_sha256(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = signature::UnparsedPublicKey::new(&signature::ECDSA_P384_SHA256_ASN1, point);
    checks::point(Curve::P384, point).is_ok()
        && signature.len() == 2 * Curve::P384.field_len()
        && key.verify(message, &crate::der::ecdsa_signature(signature)).is_ok()
}

fn rsa_private(alg: JwsAlgorithm, key: &RsaPrivate) -> Result<PrivateKey, ProviderError> {
    let padding = rsa_signature(alg)?;
    checks::rsa_private(key)?;
    let components = aws_lc_rs::rsa::KeyPairComponents {
        public_key: RsaPublicKeyComponents { n: &key.n, e: &key.e },
        d: key.d.as_slice(),
        p: key.p.as_slice(),
        q: key.q.as_slice(),
        dP: key.dp.as_slice(),
        dQ: key.dq.as_slice(),
        qInv: key.qi.as_slice(),
    };
    let pair = RsaKeyPair::from_components(&components).map_err(rejected)?;
    let public = PublicMaterial::Rsa { n: key.n.clone(), e: key.e.clone() };
    Ok(PrivateKey { signer: Box::new(Rsa { pair, padding, hash: alg.hash() }), public })
}

fn ec_private(alg: JwsAlgorithm, curve: Curve, d: &[u8], public: Option<&[u8]>) -> Result<PrivateKey, ProviderError> {
    if curve.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    checks::scalar_len(curve, d)?;
    let pair = match public {
        Some(point) => {
            checks::point(curve, point)?;
            EcdsaKeyPair::from_private_key_and_public_key(ecdsa(curve), d, point)
        }
        // SEC 1 without a point: the library multiplies.
        None => EcdsaKeyPair::from_private_key_der(ecdsa(curve), &crate::der::ec_private_key(curve, d, None)),
    };
    let pair = pair.map_err(rejected)?;
    let public = PublicMaterial::Ec { curve, point: pair.public_key().as_ref().to_vec() };
    Ok(PrivateKey { signer: Box::new(Ecdsa { pair, curve }), public })
}

fn ed25519_private(alg: JwsAlgorithm, seed: &[u8; 32], public: Option<&[u8; 32]>) -> Result<PrivateKey, ProviderError> {
    if alg.kty() != "OKP" {
        return Err(ProviderError::KeyRejected);
    }
    let pair = match public {
        Some(public) => Ed25519KeyPair::from_seed_and_public_key(seed, public),
        None => Ed25519KeyPair::from_seed_unchecked(seed),
    };
    let pair = pair.map_err(rejected)?;
    let mut x = [0; 32];
    x.copy_from_slice(pair.public_key().as_ref());
    Ok(PrivateKey { signer: Box::new(Ed25519(pair)), public: PublicMaterial::Ed25519 { x } })
}

fn ml_dsa_private(
    alg: JwsAlgorithm,
    set: MlDsa,
    seed: &[u8; 32],
    public: Option<&[u8]>,
) -> Result<PrivateKey, ProviderError> {
    if set.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    let pair = PqdsaKeyPair::from_seed(ml_dsa(set), seed).map_err(rejected)?;
    let own = pair.public_key().as_ref().to_vec();
    if public.is_some_and(|public| public != own) {
        return Err(ProviderError::KeyRejected);
    }
    Ok(PrivateKey { signer: Box::new(Pq(pair)), public: PublicMaterial::MlDsa { set, public: own } })
}

struct Rsa {
    pair: RsaKeyPair,
    padding: &'static RsaSignatureEncoding,
    hash: Hash,
}

impl Sign for Rsa {
    fn signature_len(&self) -> usize {
        self.pair.public_modulus_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::place(signature, self.signature_len())?;
        self.pair.sign(self.padding, &SystemRandom::new(), message, signature).map_err(failed)
    }

    fn begin(&self) -> Option<Box<dyn Absorb>> {
        Some(Box::new(Digest::new(self.hash)))
    }

    fn sign_absorbed(&self, absorbed: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::place(signature, self.signature_len())?;
        self.pair.sign_digest(self.padding, &known(self.hash, absorbed)?, signature).map_err(failed)
    }
}

struct Ecdsa {
    pair: EcdsaKeyPair,
    curve: Curve,
}

impl Sign for Ecdsa {
    fn signature_len(&self) -> usize {
        2 * self.curve.field_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let made = self.pair.sign(&SystemRandom::new(), message).map_err(failed)?;
        self.hand_over(made.as_ref(), signature)
    }

    fn begin(&self) -> Option<Box<dyn Absorb>> {
        Some(Box::new(Digest::new(self.curve.alg().hash())))
    }

    fn sign_absorbed(&self, absorbed: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let made = self.pair.sign_digest(&known(self.curve.alg().hash(), absorbed)?).map_err(failed)?;
        self.hand_over(made.as_ref(), signature)
    }
}

impl Ecdsa {
    fn hand_over(&self, made: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::hand_over(made, signature)?;
        if self.curve == Curve::Secp256k1 {
            lower_s(signature);
        }
        Ok(())
    }
}

struct Ed25519(Ed25519KeyPair);

impl Sign for Ed25519 {
    fn signature_len(&self) -> usize {
        64
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let made = self.0.try_sign(message).map_err(failed)?;
        checks::hand_over(made.as_ref(), signature)
    }
}

struct Pq(PqdsaKeyPair);

impl Sign for Pq {
    fn signature_len(&self) -> usize {
        self.0.algorithm().signature_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        checks::place(signature, self.signature_len())?;
        self.0.sign(message, signature).map(drop).map_err(failed)
    }
}

struct Public {
    key: ParsedPublicKey,
    hash: Option<Hash>,
}

impl Verify for Public {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.key.verify_sig(message, signature).is_ok()
    }

    fn begin(&self) -> Option<Box<dyn Absorb>> {
        Some(Box::new(Digest::new(self.hash?)))
    }

    fn verify_absorbed(&self, absorbed: &[u8], signature: &[u8]) -> bool {
        let digest = self.hash.and_then(|hash| known(hash, absorbed).ok());
        digest.is_some_and(|digest| self.key.verify_digest_sig(&digest, signature).is_ok())
    }
}

pub(super) fn ecdsa(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_FIXED_SIGNING,
    }
}

fn ecdsa_verification(curve: Curve) -> &'static signature::EcdsaVerificationAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED,
        Curve::Secp256k1 => &signature::ECDSA_P256K1_SHA256_FIXED,
    }
}

fn ml_dsa(set: MlDsa) -> &'static signature::PqdsaSigningAlgorithm {
    match set {
        MlDsa::L44 => &signature::ML_DSA_44_SIGNING,
        MlDsa::L65 => &signature::ML_DSA_65_SIGNING,
        MlDsa::L87 => &signature::ML_DSA_87_SIGNING,
    }
}

fn ml_dsa_verification(set: MlDsa) -> &'static signature::PqdsaVerificationAlgorithm {
    match set {
        MlDsa::L44 => &signature::ML_DSA_44,
        MlDsa::L65 => &signature::ML_DSA_65,
        MlDsa::L87 => &signature::ML_DSA_87,
    }
}

fn rsa_signature(alg: JwsAlgorithm) -> Result<&'static RsaSignatureEncoding, ProviderError> {
    Ok(match alg {
        JwsAlgorithm::RS256 => &signature::RSA_PKCS1_SHA256,
        JwsAlgorithm::RS384 => &signature::RSA_PKCS1_SHA384,
        JwsAlgorithm::RS512 => &signature::RSA_PKCS1_SHA512,
        JwsAlgorithm::PS256 => &signature::RSA_PSS_SHA256,
        JwsAlgorithm::PS384 => &signature::RSA_PSS_SHA384,
        JwsAlgorithm::PS512 => &signature::RSA_PSS_SHA512,
        _ => return Err(ProviderError::KeyRejected),
    })
}

fn rsa_verification(alg: JwsAlgorithm) -> Result<&'static signature::RsaParameters, ProviderError> {
    Ok(match alg {
        JwsAlgorithm::RS256 => &signature::RSA_PKCS1_2048_8192_SHA256,
        JwsAlgorithm::RS384 => &signature::RSA_PKCS1_2048_8192_SHA384,
        JwsAlgorithm::RS512 => &signature::RSA_PKCS1_2048_8192_SHA512,
        JwsAlgorithm::PS256 => &signature::RSA_PSS_2048_8192_SHA256,
        JwsAlgorithm::PS384 => &signature::RSA_PSS_2048_8192_SHA384,
        JwsAlgorithm::PS512 => &signature::RSA_PSS_2048_8192_SHA512,
        _ => return Err(ProviderError::KeyRejected),
    })
}

pub(super) fn rejected(_: aws_lc_rs::error::KeyRejected) -> ProviderError {
    ProviderError::KeyRejected
}

pub(super) fn failed(_: aws_lc_rs::error::Unspecified) -> ProviderError {
    ProviderError::Failed
}
