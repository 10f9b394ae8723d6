//! On what terms a key encrypts: its algorithms, and what its JWK says about its use.

use super::material::{Curve, PublicMaterial};
use super::members::{key_ops, optional_text};
use super::{Jwk, KeyAlgorithm, KeyError, KeyUse, excerpt};
use crate::alg::{ContentEncryption, KeyManagement, Mode};
use crate::json::Object;

/// Which half of the work a key is to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Half {
    Encrypt,
    Decrypt,
}

/// What a key says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    pub(super) kid: Option<String>,
    /// The one algorithm that `alg` names.
    pub(super) alg: Option<KeyManagement>,
    /// The one content encryption that `alg` names, which a key for `dir` may do (RFC 7520 §5.6.1).
    pub(super) content: Option<ContentEncryption>,
    ops: Option<Vec<String>>,
}

impl Terms {
    /// `use` must allow encryption, `alg` must be one that encrypts (RFC 7517 §4.2 to §4.4).
    pub(super) fn read(jwk: &Object, half: Half) -> Result<Self, KeyError> {
        if let Some(purpose) = optional_text(jwk, "use")?
            && purpose != "enc"
        {
            return Err(KeyError::Usage { member: "use", operation: half.verb() });
        }
        let mut terms = Self { kid: optional_text(jwk, "kid")?.map(str::to_owned), ..Self::default() };
        if let Some(name) = optional_text(jwk, "alg")? {
            terms.alg = name.parse().ok();
            if terms.alg.is_none() {
                let content = name.parse().map_err(|_| KeyError::NotForEncryption(excerpt(name)))?;
                (terms.alg, terms.content) = (Some(KeyManagement::Dir), Some(content));
            }
        }
        terms.ops = key_ops(jwk)?.map(|names| names.into_iter().map(str::to_owned).collect());
        Ok(terms)
    }

    /// The terms of a key that was read before; a wish must not contradict them.
    pub(super) fn of_key(key: &Jwk, wish: Option<KeyManagement>, half: Half) -> Result<Self, KeyError> {
        if key.usage().is_some_and(|usage| *usage != KeyUse::Encryption) {
            return Err(KeyError::Usage { member: "use", operation: half.verb() });
        }
        let (own, content) = match key.alg() {
            None => (None, None),
            Some(KeyAlgorithm::KeyManagement(alg)) => (Some(alg), None),
            Some(KeyAlgorithm::Content(enc)) => (Some(KeyManagement::Dir), Some(enc)),
            Some(other) => return Err(KeyError::NotForEncryption(other.to_string())),
        };
        let alg = match (own, wish) {
            (Some(own), Some(alg)) if own != alg => {
                return Err(KeyError::KeyManagement { alg, key: format!("bound to {own}") });
            }
            (own, wish) => own.or(wish),
        };
        let ops = key.key_ops().map(<[String]>::to_vec);
        Ok(Self { kid: key.kid().map(str::to_owned), alg, content, ops })
    }

    pub(super) fn of(alg: Option<KeyManagement>, kid: Option<String>) -> Self {
        Self { kid, alg, ..Self::default() }
    }

    /// Of the algorithms that fit the key, those that it allows; at least one.
    pub(super) fn narrow(
        &self,
        fitting: &[KeyManagement],
        half: Half,
        key: &dyn std::fmt::Debug,
    ) -> Result<Vec<KeyManagement>, KeyError> {
        if fitting.is_empty() {
            return Err(KeyError::CannotEncrypt(format!("{key:?}")));
        }
        let mut algs = fitting.to_vec();
        if let Some(alg) = self.alg {
            algs.retain(|one| *one == alg);
            if algs.is_empty() {
                return Err(KeyError::KeyManagement { alg, key: format!("{key:?}") });
            }
        }
        if let Some(ops) = &self.ops {
            algs.retain(|alg| operations(*alg, half).iter().any(|name| ops.iter().any(|own| own == name)));
            if algs.is_empty() {
                return Err(KeyError::Usage { member: "key_ops", operation: half.verb() });
            }
        }
        Ok(algs)
    }
}

impl Half {
    const fn verb(self) -> &'static str {
        match self {
            Self::Encrypt => "encryption",
            Self::Decrypt => "decryption",
        }
    }
}

/// The operations of RFC 7517 §4.3 of which one must be named.
const fn operations(alg: KeyManagement, half: Half) -> &'static [&'static str] {
    match (alg.mode(), half) {
        (Mode::Rsa, Half::Encrypt) => &["wrapKey", "encrypt"],
        (Mode::Rsa, Half::Decrypt) => &["unwrapKey", "decrypt"],
        (Mode::Wrap(_) | Mode::WrapGcm(_), Half::Encrypt) => &["wrapKey"],
        (Mode::Wrap(_) | Mode::WrapGcm(_), Half::Decrypt) => &["unwrapKey"],
        (Mode::Direct, Half::Encrypt) => &["encrypt"],
        (Mode::Direct, Half::Decrypt) => &["decrypt"],
        (Mode::Agree | Mode::AgreeAndWrap(_) | Mode::Password(..), _) => &["deriveKey", "deriveBits"],
    }
}

/// What a public key can serve, the one that is meant when nobody says one first.
pub(super) const fn of_public(key: &PublicMaterial) -> &'static [KeyManagement] {
    match key {
        PublicMaterial::Rsa { .. } => RSA,
        PublicMaterial::Ec { curve: Curve::P256 | Curve::P384 | Curve::P521, .. } | PublicMaterial::X25519 { .. } => {
            AGREEMENT
        }
        _ => &[],
    }
}

/// What a secret of this length can serve (RFC 7518 §4.4, §4.5, §4.7).
pub(super) const fn of_secret(len: usize) -> &'static [KeyManagement] {
    match len {
        16 => &[KeyManagement::A128Kw, KeyManagement::A128GcmKw, KeyManagement::Dir],
        24 => &[KeyManagement::A192Kw, KeyManagement::A192GcmKw, KeyManagement::Dir],
        32 => &[KeyManagement::A256Kw, KeyManagement::A256GcmKw, KeyManagement::Dir],
        48 | 64 => &[KeyManagement::Dir],
        _ => &[],
    }
}

/// What an RSA private key opens: RSA1_5 too, where the caller accepts it.
pub(super) const RSA_PRIVATE: &[KeyManagement] = &[
    KeyManagement::RsaOaep256,
    KeyManagement::RsaOaep,
    KeyManagement::RsaOaep384,
    KeyManagement::RsaOaep512,
    KeyManagement::Rsa15,
];

const RSA: &[KeyManagement] = RSA_PRIVATE.split_at(4).0;

/// The wrapping ones first: they also serve several recipients.
pub(super) const AGREEMENT: &[KeyManagement] =
    &[KeyManagement::EcdhEsA256Kw, KeyManagement::EcdhEsA192Kw, KeyManagement::EcdhEsA128Kw, KeyManagement::EcdhEs];

pub(super) const PASSWORD: &[KeyManagement] =
    &[KeyManagement::Pbes2Hs512A256Kw, KeyManagement::Pbes2Hs384A192Kw, KeyManagement::Pbes2Hs256A128Kw];
