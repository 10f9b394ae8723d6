//! ECDSA on RustCrypto. The nonce is RFC 6979's with randomness mixed in (§3.6): neither a bad source nor a fault at
//! signing gives the key away.

use zeroize::Zeroizing;

use super::super::{Curve, PrivateKey, ProviderError, PublicMaterial, Verify, checks};
use super::random::Random;
use crate::alg::JwsAlgorithm;

pub(super) fn private_key(
    alg: JwsAlgorithm,
    curve: Curve,
    d: &[u8],
    public: Option<&[u8]>,
    random: &Random,
) -> Result<PrivateKey, ProviderError> {
    if curve.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    checks::scalar_len(curve, d)?;
    let (signer, point) = match curve {
        Curve::P256 => p256::signer(d, random)?,
        Curve::P384 => p384::signer(d, random)?,
        Curve::P521 => p521::signer(d, random)?,
        Curve::Secp256k1 => k256::signer(d, random)?,
    };
    if public.is_some_and(|given| given != point) {
        return Err(ProviderError::KeyRejected);
    }
    Ok(PrivateKey { signer, public: PublicMaterial::Ec { curve, point } })
}

pub(super) fn public_key(alg: JwsAlgorithm, curve: Curve, point: &[u8]) -> Result<Box<dyn Verify>, ProviderError> {
    if curve.alg() != alg {
        return Err(ProviderError::KeyRejected);
    }
    checks::point(curve, point)?;
    match curve {
        Curve::P256 => p256::verifier(point),
        Curve::P384 => p384::verifier(point),
        Curve::P521 => p521::verifier(point),
        Curve::Secp256k1 => k256::verifier(point),
    }
}

/// A signature over this hash, whatever made it.
pub(super) fn verify_p384_sha256(point: &[u8], hash: &[u8], signature: &[u8]) -> bool {
    use ::p384::ecdsa::signature::hazmat::PrehashVerifier as _;
    use ::p384::ecdsa::{Signature, VerifyingKey};

    let (Ok(key), Ok(signature)) = (VerifyingKey::from_sec1_bytes(point), Signature::from_slice(signature)) else {
        return false;
    };
    checks::point(Curve::P384, point).is_ok() && key.verify_prehash(hash, &signature).is_ok()
}

/// A scalar between 1 and the order, and its point.
pub(super) fn generate(curve: Curve, random: &Random) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), ProviderError> {
    match curve {
        Curve::P256 => p256::generate(random),
        Curve::P384 => p384::generate(random),
        Curve::P521 => p521::generate(random),
        Curve::Secp256k1 => k256::generate(random),
    }
}

/// The same for each curve's crate, whose types share no bounds that are shorter than this.
macro_rules! curve {
    ($name:ident) => {
        mod $name {
            use ::$name::ecdsa::signature::{RandomizedSigner as _, Verifier as _};
            use ::$name::ecdsa::{Signature, SigningKey, VerifyingKey};
            use ::$name::elliptic_curve::Generate as _;
            use zeroize::{Zeroize as _, Zeroizing};

            use super::super::super::{ProviderError, Sign, Verify, checks};
            use super::super::random::Random;

            type Halves<T> = Result<(T, Vec<u8>), ProviderError>;

            pub(super) fn signer(d: &[u8], random: &Random) -> Halves<Box<dyn Sign>> {
                let key = SigningKey::from_slice(d).map_err(|_| ProviderError::KeyRejected)?;
                let point = point(&key);
                Ok((Box::new(Signer { key, len: point.len() - 1, random: random.clone() }), point))
            }

            pub(super) fn verifier(point: &[u8]) -> Result<Box<dyn Verify>, ProviderError> {
                let key = VerifyingKey::from_sec1_bytes(point).map_err(|_| ProviderError::KeyRejected)?;
                Ok(Box::new(Verifier(key)))
            }

            pub(super) fn generate(random: &Random) -> Halves<Zeroizing<Vec<u8>>> {
                let key = SigningKey::try_generate_from_rng(&mut random.clone())?;
                let mut scalar = key.to_bytes();
                let d = Zeroizing::new(scalar.to_vec());
                scalar.as_mut_slice().zeroize();
                Ok((d, point(&key)))
            }

            fn point(key: &SigningKey) -> Vec<u8> {
                key.verifying_key().to_sec1_point(false).as_bytes().to_vec()
            }

            struct Signer {
                key: SigningKey,
                len: usize,
                random: Random,
            }

            impl Sign for Signer {
                fn signature_len(&self) -> usize {
                    self.len
                }

                fn sign(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
                    let made: Result<Signature, _> = self.key.try_sign_with_rng(&mut self.random.clone(), message);
                    checks::hand_over(&made.map_err(|_| ProviderError::Failed)?.to_bytes(), signature)
                }
            }

            struct Verifier(VerifyingKey);

            impl Verify for Verifier {
                /// `(r, s)` and `(r, n - s)` are right alike (FIPS 186-5 §6.4.2); k256 takes only the lower.
                fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
                    Signature::from_slice(signature)
                        .is_ok_and(|signature| self.0.verify(message, &signature.normalize_s()).is_ok())
                }
            }
        }
    };
}

curve!(k256);
curve!(p256);
curve!(p384);
curve!(p521);
