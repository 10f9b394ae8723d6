//! The provider on aws-lc-rs.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    self, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RsaKeyPair,
    RsaPublicKeyComponents, RsaSignatureEncoding,
};
use aws_lc_rs::{constant_time, digest, hmac};
use zeroize::Zeroizing;

use super::{KeySpec, MacKey, PrivateKey, Provider, ProviderError, RsaSize, Sign, Verify};
use crate::alg::{Hash, JwsAlgorithm};
use crate::jwk::material::{Curve, PrivateMaterial, PublicMaterial, RsaPrivate};

/// The provider on aws-lc.
pub fn aws_lc() -> &'static dyn Provider {
    &AwsLc
}

#[derive(Debug)]
struct AwsLc;

impl Provider for AwsLc {
    fn sha256(&self, message: &[u8]) -> [u8; 32] {
        digest_of(&digest::SHA256, message)
    }

    fn sha384(&self, message: &[u8]) -> [u8; 48] {
        digest_of(&digest::SHA384, message)
    }

    fn sha512(&self, message: &[u8]) -> [u8; 64] {
        digest_of(&digest::SHA512, message)
    }

    fn hmac(&self, hash: Hash, key: &[u8], message: &[u8]) -> Vec<u8> {
        hmac::sign(&hmac::Key::new(hmac_algorithm(hash), key), message).as_ref().to_vec()
    }

    fn constant_time_eq(&self, a: &[u8], b: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(a, b).is_ok()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the randomness that the context hands out")]
    fn fill_random(&self, out: &mut [u8]) -> Result<(), ProviderError> {
        aws_lc_rs::rand::fill(out).map_err(failed)
    }

    fn generate(&self, spec: KeySpec) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let document = match spec {
            KeySpec::Rsa(size) => {
                let pair = RsaKeyPair::generate(key_size(size)).map_err(failed)?;
                let der: Pkcs8V1Der<'_> = pair.as_der().map_err(failed)?;
                der.as_ref().to_vec()
            }
            KeySpec::Ec(curve) => {
                let pair = EcdsaKeyPair::generate(ecdsa(curve)).map_err(failed)?;
                pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
            }
            KeySpec::Ed25519 => {
                let pair = Ed25519KeyPair::generate().map_err(failed)?;
                pair.to_pkcs8v1().map_err(failed)?.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(document))
    }

    fn private_key(&self, alg: JwsAlgorithm, key: &PrivateMaterial) -> Result<PrivateKey, ProviderError> {
        match key {
            PrivateMaterial::Rsa(rsa) => rsa_private(alg, rsa),
            PrivateMaterial::Ec { curve, d, public } => ec_private(alg, *curve, d, public.as_deref()),
            PrivateMaterial::Ed25519 { seed, public } => ed25519_private(alg, seed, public.as_ref()),
        }
    }

    fn public_key(&self, alg: JwsAlgorithm, key: &PublicMaterial) -> Result<Box<dyn Verify>, ProviderError> {
        let parsed = match (alg.kty(), key) {
            ("RSA", PublicMaterial::Rsa { n, e }) => {
                RsaPublicKeyComponents { n, e }.to_parsed_public_key(rsa_verification(alg)?)
            }
            ("EC", PublicMaterial::Ec { curve, point }) if curve.alg() == alg => {
                ParsedPublicKey::new(ecdsa_verification(*curve), point)
            }
            ("OKP", PublicMaterial::Ed25519 { x }) => ParsedPublicKey::new(&signature::ED25519, x),
            _ => return Err(ProviderError::KeyRejected),
        };
        Ok(Box::new(Public(parsed.map_err(rejected)?)))
    }

    fn mac_key(&self, hash: Hash, secret: &[u8]) -> Box<dyn MacKey> {
        Box::new(Mac(hmac::Key::new(hmac_algorithm(hash), secret)))
    }
}

fn rsa_private(alg: JwsAlgorithm, key: &RsaPrivate) -> Result<PrivateKey, ProviderError> {
    let padding = rsa_signature(alg)?;
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
    Ok(PrivateKey { signer: Box::new(Rsa { pair, padding }), public })
}

fn ec_private(alg: JwsAlgorithm, curve: Curve, d: &[u8], public: Option<&[u8]>) -> Result<PrivateKey, ProviderError> {
    if curve.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    let pair = match public {
        Some(point) => EcdsaKeyPair::from_private_key_and_public_key(ecdsa(curve), d, point),
        // SEC 1 without a point: the library multiplies.
        None => EcdsaKeyPair::from_private_key_der(ecdsa(curve), &crate::der::ec_private_key(curve, d, None)),
    };
    let pair = pair.map_err(rejected)?;
    let public = PublicMaterial::Ec { curve, point: pair.public_key().as_ref().to_vec() };
    Ok(PrivateKey { signer: Box::new(Ecdsa { pair, len: 2 * curve.field_len() }), public })
}

fn ed25519_private(alg: JwsAlgorithm, seed: &[u8; 32], public: Option<&[u8; 32]>) -> Result<PrivateKey, ProviderError> {
    if alg != JwsAlgorithm::EdDSA {
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

struct Rsa {
    pair: RsaKeyPair,
    padding: &'static RsaSignatureEncoding,
}

impl Sign for Rsa {
    fn signature_len(&self) -> usize {
        self.pair.public_modulus_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        self.pair.sign(self.padding, &SystemRandom::new(), message, signature).map_err(failed)
    }
}

struct Ecdsa {
    pair: EcdsaKeyPair,
    len: usize,
}

impl Sign for Ecdsa {
    fn signature_len(&self) -> usize {
        self.len
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        let made = self.pair.sign(&SystemRandom::new(), message).map_err(failed)?;
        signature.copy_from_slice(made.as_ref());
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
        signature.copy_from_slice(made.as_ref());
        Ok(())
    }
}

struct Public(ParsedPublicKey);

impl Verify for Public {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        self.0.verify_sig(message, signature).is_ok()
    }
}

struct Mac(hmac::Key);

impl MacKey for Mac {}

impl Sign for Mac {
    fn signature_len(&self) -> usize {
        self.0.algorithm().tag_len()
    }

    fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        signature.copy_from_slice(hmac::sign(&self.0, message).as_ref());
        Ok(())
    }
}

impl Verify for Mac {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.0, message, signature).is_ok()
    }
}

fn digest_of<const N: usize>(algorithm: &'static digest::Algorithm, message: &[u8]) -> [u8; N] {
    let mut out = [0; N];
    out.copy_from_slice(digest::digest(algorithm, message).as_ref());
    out
}

fn hmac_algorithm(hash: Hash) -> hmac::Algorithm {
    match hash {
        Hash::Sha256 => hmac::HMAC_SHA256,
        Hash::Sha384 => hmac::HMAC_SHA384,
        Hash::Sha512 => hmac::HMAC_SHA512,
    }
}

fn key_size(size: RsaSize) -> KeySize {
    match size {
        RsaSize::Bits2048 => KeySize::Rsa2048,
        RsaSize::Bits3072 => KeySize::Rsa3072,
        RsaSize::Bits4096 => KeySize::Rsa4096,
    }
}

fn ecdsa(curve: Curve) -> &'static EcdsaSigningAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED_SIGNING,
    }
}

fn ecdsa_verification(curve: Curve) -> &'static signature::EcdsaVerificationAlgorithm {
    match curve {
        Curve::P256 => &signature::ECDSA_P256_SHA256_FIXED,
        Curve::P384 => &signature::ECDSA_P384_SHA384_FIXED,
        Curve::P521 => &signature::ECDSA_P521_SHA512_FIXED,
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

fn rejected(_: aws_lc_rs::error::KeyRejected) -> ProviderError {
    ProviderError::KeyRejected
}

fn failed(_: aws_lc_rs::error::Unspecified) -> ProviderError {
    ProviderError::Failed
}
