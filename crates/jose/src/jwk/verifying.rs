//! A key that verifies.

use std::fmt;
use std::sync::Arc;

use super::material::PublicMaterial;
use super::members::{self, Operation};
use super::thumbprint::thumbprint;
use super::{KeyError, excerpt, weak};
use crate::Limits;
use crate::alg::JwsAlgorithm;
use crate::json::{self, Object};
use crate::jws::Usual;
use crate::provider::{Absorb, Provider, Verify};

/// A key that verifies: public, or a shared secret. It knows its algorithms (more than one only
/// for an RSA key or a secret whose JWK names none) and is cheap to clone.
///
/// ```
/// use vestibule_jose::{JwsAlgorithm, Limits, VerifyingKey, provider::aws_lc};
///
/// // RFC 8037 appendix A.2 and A.4.
/// let text = br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// let key = VerifyingKey::from_jwk(aws_lc(), text, &Limits::DEFAULT)?;
/// assert!(key.algs().eq([JwsAlgorithm::EdDSA, JwsAlgorithm::Ed25519]) && !key.is_symmetric());
/// assert_eq!((key.kid(), key.thumbprint()), (None, Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")));
/// assert!(!key.verify(JwsAlgorithm::EdDSA, b"text", &[0; 64]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct VerifyingKey(Arc<Inner>);

struct Inner {
    kid: Option<String>,
    handles: Vec<(JwsAlgorithm, Box<dyn Verify>)>,
    public: Option<Public>,
    usual: Usual,
}

struct Public {
    material: PublicMaterial,
    thumbprint: String,
}

impl VerifyingKey {
    /// Reads a JWK. A private one is refused: its owner takes it from the signing key.
    pub fn from_jwk(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, KeyError> {
        Self::from_jwk_object(provider, &json::parse_object(text, limits)?)
    }

    /// Reads a JWK whose JSON was read strictly before.
    ///
    /// ```
    /// use vestibule_jose::jwk::{Jwk, NewKey, PemForm};
    /// use vestibule_jose::provider::{Curve, aws_lc};
    /// use vestibule_jose::{JwsAlgorithm, Limits, VerifyingKey};
    ///
    /// let key = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?.public().expect("a key pair");
    /// let one = VerifyingKey::from_jwk_object(aws_lc(), &key.public_object().expect("public"))?;
    /// assert_eq!(one.public_jwk().expect("public")["x"], key.public_object().expect("public")["x"]);
    /// let numbers = one.material().expect("public").clone();
    /// assert_eq!(VerifyingKey::public(aws_lc(), numbers, None, None)?.kid(), None);
    /// assert_eq!(VerifyingKey::from_spki_der(aws_lc(), &key.to_der(PemForm::Spki)?, None)?.material(), one.material());
    /// let pem = key.to_pem(PemForm::Spki)?;
    /// assert!(VerifyingKey::from_pem(aws_lc(), &pem, None, &Limits::DEFAULT)?.allows(JwsAlgorithm::ES256));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_jwk_object(provider: &dyn Provider, jwk: &Object) -> Result<Self, KeyError> {
        let kty = members::kty(jwk)?;
        let common = members::common(jwk, Operation::Verify)?;
        if kty == "oct" {
            let secret = members::secret(jwk)?;
            return Self::secret(provider, &secret, common.alg, common.kid);
        }
        let material = members::public(jwk)?;
        if let Some(member) = members::private_member(jwk) {
            return Err(KeyError::Private(member));
        }
        Self::public(provider, material, common.alg, common.kid)
    }

    /// A secret for one algorithm, at least as long as its hash (RFC 7518 §3.2).
    ///
    /// ```
    /// use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, provider::aws_lc};
    ///
    /// let tag = SigningKey::from_secret(aws_lc(), &[7; 32], JwsAlgorithm::HS256)?.sign(b"text")?;
    /// let key = VerifyingKey::from_secret(aws_lc(), &[7; 32], JwsAlgorithm::HS256)?;
    /// assert!(key.is_symmetric() && key.verify(JwsAlgorithm::HS256, b"text", &tag));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_secret(provider: &dyn Provider, secret: &[u8], alg: JwsAlgorithm) -> Result<Self, KeyError> {
        Self::secret(provider, secret, Some(alg), None)
    }

    /// A public key from checked numbers. Without `alg` it serves all that its type can.
    pub fn public(
        provider: &dyn Provider,
        material: PublicMaterial,
        alg: Option<JwsAlgorithm>,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        weak::check(&material)?;
        let handles = algorithms(&material, alg)?
            .into_iter()
            .map(|alg| Ok((alg, provider.public_key(alg, &material)?)))
            .collect::<Result<_, KeyError>>()?;
        let public = Public { thumbprint: thumbprint(provider, &material), material };
        Ok(Self(Arc::new(Inner { kid, handles, public: Some(public), usual: Usual::default() })))
    }

    pub(super) fn secret(
        provider: &dyn Provider,
        secret: &[u8],
        alg: Option<JwsAlgorithm>,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        let all = JwsAlgorithm::ALL.iter().copied().filter(|alg| alg.is_symmetric());
        let algs: Vec<_> = match alg {
            Some(alg) => vec![alg],
            None => all.filter(|alg| secret.len() >= alg.hash().len()).collect(),
        };
        // A secret that is too short for any is measured by the one that takes the shortest.
        check_secret(secret, algs.first().copied().unwrap_or(JwsAlgorithm::HS256))?;
        let handles = algs.into_iter().map(|alg| (alg, provider.mac_key(alg.hash(), secret) as Box<dyn Verify>));
        Ok(Self(Arc::new(Inner { kid, handles: handles.collect(), public: None, usual: Usual::default() })))
    }

    /// The `kid` that came with the key.
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// The RFC 7638 thumbprint; a secret has none (§7: it would help to guess it).
    pub fn thumbprint(&self) -> Option<&str> {
        self.0.public.as_ref().map(|public| public.thumbprint.as_str())
    }

    /// The algorithms that it serves.
    pub fn algs(&self) -> impl Iterator<Item = JwsAlgorithm> + '_ {
        self.0.handles.iter().map(|(alg, _)| *alg)
    }

    /// Whether it serves this algorithm.
    pub fn allows(&self, alg: JwsAlgorithm) -> bool {
        self.handle(alg).is_some()
    }

    /// Whether it is a shared secret.
    pub fn is_symmetric(&self) -> bool {
        self.0.public.is_none()
    }

    /// Whether `signature` is right under one of the key's own algorithms; false for any other.
    pub fn verify(&self, alg: JwsAlgorithm, message: &[u8], signature: &[u8]) -> bool {
        self.handle(alg).is_some_and(|handle| handle.verify(message, signature))
    }

    /// Takes in a message piece by piece, where the algorithm and the provider can.
    pub(crate) fn begin(&self, alg: JwsAlgorithm) -> Option<Box<dyn Absorb>> {
        self.handle(alg)?.begin()
    }

    /// Whether `signature` is right over what was taken in.
    pub(crate) fn verify_absorbed(&self, alg: JwsAlgorithm, absorbed: &[u8], signature: &[u8]) -> bool {
        self.handle(alg).is_some_and(|handle| handle.verify_absorbed(absorbed, signature))
    }

    /// The public JWK; `None` for a secret.
    pub fn public_jwk(&self) -> Option<Object> {
        let public = self.0.public.as_ref()?;
        let mut jwk = Object::new();
        for (name, value) in members::of_public(&public.material) {
            jwk.insert(name.into(), value.into());
        }
        if let [(alg, _)] = self.0.handles.as_slice() {
            jwk.insert("alg".into(), alg.as_str().into());
        }
        jwk.insert("use".into(), "sig".into());
        if let Some(kid) = &self.0.kid {
            jwk.insert("kid".into(), kid.as_str().into());
        }
        Some(jwk)
    }

    /// The public numbers; `None` for a secret.
    pub fn material(&self) -> Option<&PublicMaterial> {
        self.0.public.as_ref().map(|public| &public.material)
    }

    /// The header that its tokens mostly have.
    pub(crate) fn usual_header(&self) -> &Usual {
        &self.0.usual
    }

    fn handle(&self, alg: JwsAlgorithm) -> Option<&dyn Verify> {
        self.0.handles.iter().find(|(own, _)| *own == alg).map(|(_, handle)| handle.as_ref())
    }
}

/// RFC 7518 §3.2: a key as long as the hash or longer must be used.
pub(super) fn check_secret(secret: &[u8], alg: JwsAlgorithm) -> Result<(), KeyError> {
    if !alg.is_symmetric() {
        return Err(KeyError::Algorithm { alg, key: "a shared secret".into() });
    }
    let needed = alg.hash().len();
    if secret.len() < needed {
        return Err(KeyError::ShortSecret { alg, found: secret.len(), needed });
    }
    Ok(())
}

/// The one algorithm asked for, if it goes with the key; else all that do.
pub(super) fn algorithms(material: &PublicMaterial, alg: Option<JwsAlgorithm>) -> Result<Vec<JwsAlgorithm>, KeyError> {
    let fitting = material.algorithms();
    match alg {
        None if fitting.is_empty() => Err(KeyError::CannotSign(format!("{material:?}"))),
        None => Ok(fitting.to_vec()),
        Some(alg) if fitting.contains(&alg) => Ok(vec![alg]),
        Some(alg) => Err(KeyError::Algorithm { alg, key: format!("{material:?}") }),
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey")
            .field("kid", &self.kid().map(excerpt))
            .field("algs", &self.algs().collect::<Vec<_>>())
            .finish()
    }
}
