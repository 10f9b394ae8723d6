//! Key agreement on RustCrypto.

use x25519_dalek::{PublicKey, StaticSecret};
use zeroize::Zeroizing;

use super::super::{Agree, Curve, PrivateMaterial, ProviderError, PublicMaterial, checks};
use super::random::Random;

pub(super) fn agreement_key(key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError> {
    match key {
        PrivateMaterial::Ec { curve, d, public } => {
            let key = ec_key(*curve, d)?;
            let own = key.public();
            let given = public.as_ref().map(|point| PublicMaterial::Ec { curve: *curve, point: point.clone() });
            if given.is_some_and(|given| given != *own) { Err(ProviderError::KeyRejected) } else { Ok(key) }
        }
        PrivateMaterial::X25519 { d, public } => {
            let key = X25519::new(StaticSecret::from(**d));
            let given = public.map(|x| PublicMaterial::X25519 { x });
            if given.is_some_and(|given| given != key.public) {
                return Err(ProviderError::KeyRejected);
            }
            Ok(Box::new(key))
        }
        _ => Err(ProviderError::KeyRejected),
    }
}

pub(super) fn ephemeral_key(peer: &PublicMaterial, random: &Random) -> Result<Box<dyn Agree>, ProviderError> {
    match peer {
        PublicMaterial::Ec { curve: Curve::Secp256k1, .. } => Err(ProviderError::KeyRejected),
        PublicMaterial::Ec { curve, .. } => ec_key(*curve, &super::ecdsa::generate(*curve, random)?.0),
        PublicMaterial::X25519 { .. } => {
            let mut d = Zeroizing::new([0; 32]);
            random.fill(d.as_mut_slice())?;
            Ok(Box::new(X25519::new(StaticSecret::from(*d))))
        }
        _ => Err(ProviderError::KeyRejected),
    }
}

fn ec_key(curve: Curve, d: &[u8]) -> Result<Box<dyn Agree>, ProviderError> {
    checks::scalar_len(curve, d)?;
    match curve {
        Curve::P256 => p256::key(d),
        Curve::P384 => p384::key(d),
        Curve::P521 => p521::key(d),
        Curve::Secp256k1 => Err(ProviderError::KeyRejected),
    }
}

struct X25519 {
    private: StaticSecret,
    public: PublicMaterial,
}

impl X25519 {
    fn new(private: StaticSecret) -> Self {
        let public = PublicMaterial::X25519 { x: PublicKey::from(&private).to_bytes() };
        Self { private, public }
    }
}

impl Agree for X25519 {
    fn public(&self) -> &PublicMaterial {
        &self.public
    }

    fn agree(&self, peer: &PublicMaterial) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let PublicMaterial::X25519 { x } = peer else {
            return Err(ProviderError::KeyRejected);
        };
        let secret = self.private.diffie_hellman(&PublicKey::from(*x));
        // RFC 7748 §6.1: zeros come from a point of small order, and then anybody knows the secret.
        if !secret.was_contributory() {
            return Err(ProviderError::KeyRejected);
        }
        Ok(Zeroizing::new(secret.as_bytes().to_vec()))
    }
}

/// The same for each curve's crate.
macro_rules! curve {
    ($name:ident, $curve:expr) => {
        mod $name {
            use ::$name::{PublicKey, SecretKey};
            use zeroize::Zeroizing;

            use super::super::super::{Agree, Curve, ProviderError, PublicMaterial, checks};

            const CURVE: Curve = $curve;

            pub(super) fn key(d: &[u8]) -> Result<Box<dyn Agree>, ProviderError> {
                let private = SecretKey::from_slice(d).map_err(|_| ProviderError::KeyRejected)?;
                let point = private.public_key().to_sec1_bytes().into_vec();
                Ok(Box::new(Key { private, public: PublicMaterial::Ec { curve: CURVE, point } }))
            }

            struct Key {
                private: SecretKey,
                public: PublicMaterial,
            }

            impl Agree for Key {
                fn public(&self) -> &PublicMaterial {
                    &self.public
                }

                fn agree(&self, peer: &PublicMaterial) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
                    let PublicMaterial::Ec { curve: CURVE, point } = peer else {
                        return Err(ProviderError::KeyRejected);
                    };
                    checks::point(CURVE, point)?;
                    let peer = PublicKey::from_sec1_bytes(point).map_err(|_| ProviderError::KeyRejected)?;
                    let secret = self.private.diffie_hellman(&peer);
                    Ok(Zeroizing::new(secret.raw_secret_bytes().to_vec()))
                }
            }
        }
    };
}

curve!(p256, Curve::P256);
curve!(p384, Curve::P384);
curve!(p521, Curve::P521);
