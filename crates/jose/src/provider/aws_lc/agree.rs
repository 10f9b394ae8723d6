//! Key agreement on aws-lc.

use aws_lc_rs::agreement::{self, Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey, UnparsedPublicKey, X25519};
use zeroize::Zeroizing;

use super::super::{Agree, Curve, PrivateMaterial, ProviderError, PublicMaterial, checks};
use super::sign::{failed, rejected};

pub(super) fn agreement_key(key: &PrivateMaterial) -> Result<Box<dyn Agree>, ProviderError> {
    let (kind, d, given): (_, &[u8], _) = match key {
        PrivateMaterial::Ec { curve, d, public } => (Kind::Ec(*curve), d, public.as_deref()),
        PrivateMaterial::X25519 { d, public } => {
            (Kind::X25519, d.as_slice(), public.as_ref().map(<[u8; 32]>::as_slice))
        }
        _ => return Err(ProviderError::KeyRejected),
    };
    if let Kind::Ec(curve) = kind {
        checks::scalar_len(curve, d)?;
    }
    let key = Key::new(kind, PrivateKey::from_private_key(kind.algorithm()?, d).map_err(rejected)?)?;
    if given.is_some_and(|given| given != bytes(&key.public)) {
        return Err(ProviderError::KeyRejected);
    }
    Ok(Box::new(key))
}

pub(super) fn ephemeral_key(peer: &PublicMaterial) -> Result<Box<dyn Agree>, ProviderError> {
    let kind = Kind::of(peer)?;
    Ok(Box::new(Key::new(kind, PrivateKey::generate(kind.algorithm()?).map_err(failed)?)?))
}

/// What agrees with its like alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ec(Curve),
    X25519,
}

impl Kind {
    fn of(key: &PublicMaterial) -> Result<Self, ProviderError> {
        match key {
            PublicMaterial::Ec { curve, .. } => Ok(Self::Ec(*curve)),
            PublicMaterial::X25519 { .. } => Ok(Self::X25519),
            _ => Err(ProviderError::KeyRejected),
        }
    }

    fn algorithm(self) -> Result<&'static Algorithm, ProviderError> {
        match self {
            Self::Ec(Curve::P256) => Ok(&ECDH_P256),
            Self::Ec(Curve::P384) => Ok(&ECDH_P384),
            Self::Ec(Curve::P521) => Ok(&ECDH_P521),
            Self::Ec(Curve::Secp256k1) => Err(ProviderError::KeyRejected),
            Self::X25519 => Ok(&X25519),
        }
    }
}

struct Key {
    private: PrivateKey,
    public: PublicMaterial,
}

impl Key {
    fn new(kind: Kind, private: PrivateKey) -> Result<Self, ProviderError> {
        let made = private.compute_public_key().map_err(failed)?;
        let public = match kind {
            Kind::Ec(curve) => PublicMaterial::Ec { curve, point: made.as_ref().to_vec() },
            Kind::X25519 => PublicMaterial::X25519 { x: made.as_ref().try_into().map_err(|_| ProviderError::Failed)? },
        };
        Ok(Self { private, public })
    }
}

impl Agree for Key {
    fn public(&self) -> &PublicMaterial {
        &self.public
    }

    fn agree(&self, peer: &PublicMaterial) -> Result<Zeroizing<Vec<u8>>, ProviderError> {
        let kind = Kind::of(peer)?;
        if kind != Kind::of(&self.public)? {
            return Err(ProviderError::KeyRejected);
        }
        if let PublicMaterial::Ec { curve, point } = peer {
            checks::point(*curve, point)?;
        }
        let peer = UnparsedPublicKey::new(kind.algorithm()?, bytes(peer));
        agreement::agree(&self.private, peer, ProviderError::KeyRejected, |secret| Ok(Zeroizing::new(secret.to_vec())))
    }
}

fn bytes(key: &PublicMaterial) -> &[u8] {
    match key {
        PublicMaterial::Ec { point, .. } => point,
        PublicMaterial::X25519 { x } => x,
        _ => &[],
    }
}
