//! A key that signs.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::material::{MlDsa, PrivateMaterial};
use super::members::{self, Operation};
use super::private_text::private_text;
use super::thumbprint::thumbprint;
use super::verifying::check_secret;
use super::{KeyError, VerifyingKey, excerpt, weak};
use crate::alg::JwsAlgorithm;
use crate::json::{self, Object};
use crate::provider::{Absorb, KeySpec, Provider, ProviderError, RsaSize, Sign};
use crate::{Limits, base64url, der};

/// A private key or secret for one algorithm, parsed and checked once; cheap to clone.
///
/// ```
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let mut signature = [0; 64];
/// assert_eq!((key.alg(), key.signature_len()), (JwsAlgorithm::ES256, signature.len()));
/// key.sign_to(b"text", &mut signature)?;
/// assert!(key.verifying_key().verify(JwsAlgorithm::ES256, b"text", &signature));
/// assert!(key.verifying_key().verify(JwsAlgorithm::ES256, b"text", &key.sign(b"text")?));
/// assert_eq!(key.public_jwk().expect("a key pair")["kid"], key.kid().expect("its thumbprint"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct SigningKey(Arc<Inner>);

struct Inner {
    alg: JwsAlgorithm,
    kid: Option<String>,
    signer: Box<dyn Sign>,
    secret: Secret,
    verifying: VerifyingKey,
}

/// What was given, for export; wiped when dropped.
enum Secret {
    Private(PrivateMaterial),
    Shared(Zeroizing<Vec<u8>>),
}

impl SigningKey {
    /// Makes a key. RSA keys have 2048 bits, secrets the length of the hash.
    pub fn generate(provider: &dyn Provider, alg: JwsAlgorithm) -> Result<Self, KeyError> {
        Self::generate_sized(provider, alg, RsaSize::default())
    }

    /// Makes a key; the size is that of an RSA modulus and means nothing elsewhere.
    ///
    /// ```
    /// use vestibule_jose::provider::{RsaSize, aws_lc};
    /// use vestibule_jose::{JwsAlgorithm, SigningKey};
    ///
    /// let key = SigningKey::generate_sized(aws_lc(), JwsAlgorithm::PS256, RsaSize::Bits2048)?;
    /// assert_eq!(key.signature_len(), 256);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn generate_sized(provider: &dyn Provider, alg: JwsAlgorithm, size: RsaSize) -> Result<Self, KeyError> {
        let spec = match (alg, alg.kty()) {
            (_, "RSA") => KeySpec::Rsa(size),
            (_, "OKP") => KeySpec::Ed25519,
            (_, "AKP") => return Self::generate_ml_dsa(provider, alg),
            (JwsAlgorithm::ES256K, _) => KeySpec::Ec(crate::provider::Curve::Secp256k1),
            (JwsAlgorithm::ES256, _) => KeySpec::Ec(crate::provider::Curve::P256),
            (JwsAlgorithm::ES384, _) => KeySpec::Ec(crate::provider::Curve::P384),
            (JwsAlgorithm::ES512, _) => KeySpec::Ec(crate::provider::Curve::P521),
            _ => {
                let mut secret = Zeroizing::new(vec![0; alg.hash().len()]);
                provider.fill_random(&mut secret)?;
                return Self::from_secret(provider, &secret, alg);
            }
        };
        Self::from_pkcs8_der(provider, &provider.generate(spec)?, alg)
    }

    fn generate_ml_dsa(provider: &dyn Provider, alg: JwsAlgorithm) -> Result<Self, KeyError> {
        let set = MlDsa::ALL.iter().copied().find(|set| set.alg() == alg).ok_or(ProviderError::KeyRejected)?;
        let mut seed = Zeroizing::new([0; 32]);
        provider.fill_random(seed.as_mut_slice())?;
        Self::from_material(provider, PrivateMaterial::MlDsa { set, seed, public: None }, Some(alg), None)
    }

    /// Reads unencrypted PKCS#8 (RFC 5208, RFC 5958).
    pub fn from_pkcs8_der(provider: &dyn Provider, document: &[u8], alg: JwsAlgorithm) -> Result<Self, KeyError> {
        Self::from_material(provider, der::pkcs8(document)?, Some(alg), None)
    }

    /// Reads a private JWK or a secret one. Without `alg`, RSA signs RS256 and a secret HS256.
    ///
    /// ```
    /// use vestibule_jose::jwk::{Jwk, KeyMaterial, NewKey};
    /// use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, json, pem, provider::aws_lc};
    ///
    /// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::Ed25519)?;
    /// let text = key.private_jwk();
    /// assert_eq!(SigningKey::from_jwk(aws_lc(), text.as_bytes(), &Limits::DEFAULT)?.kid(), key.kid());
    /// let object = json::parse_object(text.as_bytes(), &Limits::DEFAULT)?;
    /// assert_eq!(SigningKey::from_jwk_object(aws_lc(), &object)?.kid(), key.kid());
    /// let der = key.to_pkcs8_der()?;
    /// assert_eq!(SigningKey::from_pkcs8_der(aws_lc(), &der, JwsAlgorithm::Ed25519)?.kid(), key.kid());
    /// let text = pem::encode("PRIVATE KEY", &der);
    /// assert!(SigningKey::from_pem(aws_lc(), &text, Some(JwsAlgorithm::Ed25519), &Limits::DEFAULT).is_ok());
    /// let KeyMaterial::Private(material) = Jwk::generate(aws_lc(), NewKey::Ed25519)?.material().clone() else { unreachable!() };
    /// assert_eq!(SigningKey::from_material(aws_lc(), material, None, Some("k".into()))?.kid(), Some("k"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_jwk(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, KeyError> {
        Self::from_jwk_object(provider, &json::parse_object(text, limits)?)
    }

    /// Reads a private JWK whose JSON was read strictly before.
    pub fn from_jwk_object(provider: &dyn Provider, jwk: &Object) -> Result<Self, KeyError> {
        let kty = members::kty(jwk)?;
        let common = members::common(jwk, Operation::Sign)?;
        if kty == "oct" {
            let secret = members::secret(jwk)?;
            let alg = common.alg.unwrap_or(JwsAlgorithm::HS256);
            return Self::shared(provider, secret, alg, common.kid);
        }
        Self::from_material(provider, members::private(jwk)?, common.alg, common.kid)
    }

    /// A secret for one algorithm, at least as long as its hash (RFC 7518 §3.2). It has no `kid`.
    ///
    /// ```
    /// use vestibule_jose::jwk::KeyError;
    /// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
    ///
    /// assert!(SigningKey::from_secret(aws_lc(), &[7; 32], JwsAlgorithm::HS256).is_ok());
    /// let short = SigningKey::from_secret(aws_lc(), b"secret", JwsAlgorithm::HS256);
    /// assert!(matches!(short, Err(KeyError::ShortSecret { needed: 32, .. })));
    /// ```
    pub fn from_secret(provider: &dyn Provider, secret: &[u8], alg: JwsAlgorithm) -> Result<Self, KeyError> {
        Self::shared(provider, Zeroizing::new(secret.to_vec()), alg, None)
    }

    /// A private key from checked numbers. Without `alg`, RSA signs RS256; without `kid` the
    /// thumbprint names it (RFC 7638).
    pub fn from_material(
        provider: &dyn Provider,
        material: PrivateMaterial,
        alg: Option<JwsAlgorithm>,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        let alg = match alg.or_else(|| material.default_alg()) {
            Some(alg) => alg,
            None => return Err(KeyError::CannotSign(format!("{material:?}"))),
        };
        check(&material, alg)?;
        let loaded = provider.private_key(alg, &material)?;
        let kid = Some(kid.unwrap_or_else(|| thumbprint(provider, &loaded.public)));
        let verifying = VerifyingKey::public(provider, loaded.public.clone(), Some(alg), kid.clone())?;
        let secret = Secret::Private(material.with_public(loaded.public));
        Ok(Self(Arc::new(Inner { alg, kid, signer: loaded.signer, secret, verifying })))
    }

    pub(super) fn shared(
        provider: &dyn Provider,
        secret: Zeroizing<Vec<u8>>,
        alg: JwsAlgorithm,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        check_secret(&secret, alg)?;
        let verifying = VerifyingKey::secret(provider, &secret, Some(alg), kid.clone())?;
        let signer: Box<dyn Sign> = provider.mac_key(alg.hash(), &secret);
        Ok(Self(Arc::new(Inner { alg, kid, signer, secret: Secret::Shared(secret), verifying })))
    }

    /// The one algorithm that it signs.
    pub fn alg(&self) -> JwsAlgorithm {
        self.0.alg
    }

    /// The key's name: what came with it, else the thumbprint. A secret may have none.
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// Signs; ECDSA gives raw `r ‖ s` (RFC 7518 §3.4).
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let mut signature = vec![0; self.signature_len()];
        self.sign_to(message, &mut signature)?;
        Ok(signature)
    }

    /// Signs into `signature`, which is exactly [`SigningKey::signature_len`] long.
    pub fn sign_to(&self, message: &[u8], signature: &mut [u8]) -> Result<(), ProviderError> {
        if signature.len() != self.signature_len() {
            return Err(ProviderError::Failed);
        }
        self.0.signer.sign(message, signature)
    }

    /// Takes in a message piece by piece, where the algorithm and the provider can.
    pub(crate) fn begin(&self) -> Option<Box<dyn Absorb>> {
        self.0.signer.begin()
    }

    /// Signs what was taken in.
    pub(crate) fn sign_absorbed(&self, absorbed: &[u8]) -> Result<Vec<u8>, ProviderError> {
        let mut signature = vec![0; self.signature_len()];
        self.0.signer.sign_absorbed(absorbed, &mut signature)?;
        Ok(signature)
    }

    /// Bytes of every signature.
    pub fn signature_len(&self) -> usize {
        self.0.signer.signature_len()
    }

    /// What verifies.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.0.verifying.clone()
    }

    /// The public JWK with `kid`, `alg` and `use`; `None` for a secret.
    pub fn public_jwk(&self) -> Option<Object> {
        self.0.verifying.public_jwk()
    }

    /// The private JWK as text.
    pub fn private_jwk(&self) -> Zeroizing<String> {
        let mut jwk = self.public_jwk().unwrap_or_default();
        let secret = match &self.0.secret {
            Secret::Private(material) => members::of_private(material),
            Secret::Shared(secret) => {
                jwk.insert("kty".into(), "oct".into());
                jwk.insert("alg".into(), self.alg().as_str().into());
                if let Some(kid) = self.kid() {
                    jwk.insert("kid".into(), kid.into());
                }
                vec![("k", Zeroizing::new(base64url::encode(secret)))]
            }
        };
        private_text(jwk, &secret)
    }

    /// The key as unencrypted PKCS#8; a secret has no such form.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match &self.0.secret {
            Secret::Private(material) => Ok(der::to_pkcs8(material)),
            Secret::Shared(_) => Err(KeyError::Encoding("a shared secret has no PKCS#8 form")),
        }
    }
}

/// Refuses weak numbers and a foreign algorithm before the provider is asked.
fn check(material: &PrivateMaterial, alg: JwsAlgorithm) -> Result<(), KeyError> {
    weak::check_private(material)?;
    match material.algorithms() {
        [] => Err(KeyError::CannotSign(format!("{material:?}"))),
        fitting if fitting.contains(&alg) => Ok(()),
        _ => Err(KeyError::Algorithm { alg, key: format!("{material:?}").replace("private ", "") }),
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("alg", &self.alg())
            .field("kid", &self.kid().map(excerpt))
            .finish_non_exhaustive()
    }
}
