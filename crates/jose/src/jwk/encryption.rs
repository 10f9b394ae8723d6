//! A key that encrypts.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::material::{Curve, PublicMaterial};
use super::terms::{self, Half, Terms};
use super::{KeyError, KeyMaterial, excerpt, members, weak};
use crate::alg::{ContentEncryption, KeyManagement};
use crate::json::{self, Object};
use crate::provider::{Encrypt, Provider, ProviderError};
use crate::{Limits, der};

/// A key to encrypt for: public, a shared secret or a password; parsed and checked once, cheap to clone.
///
/// It uses one algorithm: the one that its JWK names, else a sound one of those that fit, else the caller's choice by
/// [`EncryptionKey::with_alg`].
///
/// ```
/// use vestibule_jose::alg::KeyManagement;
/// use vestibule_jose::jwk::EncryptionKey;
/// use vestibule_jose::{Limits, provider};
///
/// let jwk = br#"{"kty":"OKP","crv":"X25519","kid":"bob","use":"enc",
///     "x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}"#;
/// let key = EncryptionKey::from_jwk(provider::aws_lc(), jwk, &Limits::DEFAULT)?;
/// assert_eq!((key.kid(), key.alg()), (Some("bob"), KeyManagement::EcdhEsA256Kw));
/// assert!(key.with_alg(KeyManagement::RsaOaep).is_err());
/// # Ok::<(), vestibule_jose::jwk::KeyError>(())
/// ```
#[derive(Clone)]
pub struct EncryptionKey {
    inner: Arc<Inner>,
    alg: KeyManagement,
}

struct Inner {
    kid: Option<String>,
    algs: Vec<KeyManagement>,
    content: Option<ContentEncryption>,
    sort: Sort,
}

enum Sort {
    Rsa(PublicMaterial, Vec<(KeyManagement, Box<dyn Encrypt>)>),
    Agreement(PublicMaterial),
    Secret(Zeroizing<Vec<u8>>),
    Password(Zeroizing<Vec<u8>>),
}

/// What one algorithm works with.
pub(crate) enum ForEncryption<'a> {
    Rsa(&'a dyn Encrypt),
    Agreement(&'a PublicMaterial),
    Secret(&'a [u8]),
    Password(&'a [u8]),
}

impl EncryptionKey {
    /// Reads a public or secret JWK. A private one is refused: its owner takes it from the [`super::DecryptionKey`].
    /// `use`, `key_ops` and `alg` must allow encryption (RFC 7517 §4.2 to §4.4).
    ///
    /// ```
    /// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
    /// use vestibule_jose::jwk::{Jwk, Layout, NewKey, PemForm};
    /// use vestibule_jose::provider::{Curve, aws_lc};
    /// use vestibule_jose::{EncryptionKey, Limits};
    ///
    /// let key = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?.public().expect("a key pair");
    /// let to = EncryptionKey::from_jwk(aws_lc(), key.to_json(Layout::Compact).as_bytes(), &Limits::DEFAULT)?;
    /// assert_eq!((to.kid(), to.alg(), to.is_symmetric()), (key.kid(), KeyManagement::EcdhEsA256Kw, false));
    /// assert!(to.algs().contains(&KeyManagement::EcdhEs) && to.allows_content(ContentEncryption::A128Gcm));
    /// assert_eq!(to.with_alg(KeyManagement::EcdhEs)?.alg(), KeyManagement::EcdhEs);
    /// let again = EncryptionKey::from_jwk_object(aws_lc(), &to.public_jwk().expect("public"))?;
    /// let numbers = again.material().expect("public").clone();
    /// assert_eq!(EncryptionKey::public(aws_lc(), numbers, None, None)?.kid(), None);
    /// assert_eq!(EncryptionKey::from_spki_der(aws_lc(), &key.to_der(PemForm::Spki)?, None)?.material(), to.material());
    /// assert_eq!(EncryptionKey::from_pem(aws_lc(), &key.to_pem(PemForm::Spki)?, None, &Limits::DEFAULT)?.material(), to.material());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_jwk(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, KeyError> {
        Self::from_jwk_object(provider, &json::parse_object(text, limits)?)
    }

    /// Reads a JWK whose JSON was read strictly before.
    pub fn from_jwk_object(provider: &dyn Provider, jwk: &Object) -> Result<Self, KeyError> {
        let kty = members::kty(jwk)?;
        let terms = Terms::read(jwk, Half::Encrypt)?;
        if kty == "oct" {
            return Self::of_secret(members::secret(jwk)?, terms);
        }
        let material = members::public(jwk)?;
        if let Some(member) = members::private_member(jwk) {
            return Err(KeyError::Private(member));
        }
        Self::of_public(provider, material, terms)
    }

    /// A public key from checked numbers. Without `alg`, RSA means RSA-OAEP-256 and a curve ECDH-ES+A256KW.
    pub fn public(
        provider: &dyn Provider,
        material: PublicMaterial,
        alg: Option<KeyManagement>,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        Self::of_public(provider, material, Terms::of(alg, kid))
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7).
    pub fn from_spki_der(
        provider: &dyn Provider,
        document: &[u8],
        alg: Option<KeyManagement>,
    ) -> Result<Self, KeyError> {
        Self::public(provider, der::spki(document)?, alg, None)
    }

    /// Reads the one public key of a PEM text. It has no `kid`.
    pub fn from_pem(
        provider: &dyn Provider,
        text: &str,
        alg: Option<KeyManagement>,
        limits: &Limits,
    ) -> Result<Self, KeyError> {
        match super::pem_keys::only_key(provider, text, None, limits)? {
            KeyMaterial::Public(material) => Self::public(provider, material, alg, None),
            _ => Err(KeyError::Encoding("a public key is needed, not a private one")),
        }
    }

    /// A shared secret: for key wrap of exactly the algorithm's length, for `dir` as long as the content key. Without
    /// `alg`, key wrap is meant where the length fits one.
    pub fn from_secret(secret: &[u8], alg: Option<KeyManagement>, kid: Option<String>) -> Result<Self, KeyError> {
        Self::of_secret(Zeroizing::new(secret.to_vec()), Terms::of(alg, kid))
    }

    /// A password for PBES2 (RFC 7518 §4.8); without `alg`, PBES2-HS512+A256KW. RFC 7518 §8.8 says what makes a good one.
    ///
    /// ```
    /// use vestibule_jose::EncryptionKey;
    /// use vestibule_jose::alg::KeyManagement;
    ///
    /// let to = EncryptionKey::from_password(b"correct horse battery staple", None)?;
    /// assert_eq!(to.alg(), KeyManagement::Pbes2Hs512A256Kw);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_password(password: &[u8], alg: Option<KeyManagement>) -> Result<Self, KeyError> {
        Self::of_password(Zeroizing::new(password.to_vec()), Terms::of(alg, None))
    }

    pub(super) fn of_public(provider: &dyn Provider, material: PublicMaterial, terms: Terms) -> Result<Self, KeyError> {
        let algs = terms.narrow(terms::of_public(&material), Half::Encrypt, &material)?;
        weak::check(&material)?;
        let sort = match &material {
            PublicMaterial::Rsa { .. } => {
                let handles = algs.iter().map(|alg| Ok((*alg, provider.encrypt_key(*alg, &material)?)));
                Sort::Rsa(material.clone(), handles.collect::<Result<_, KeyError>>()?)
            }
            PublicMaterial::Ec { curve, .. } => {
                on_curve(provider, *curve, &material)?;
                Sort::Agreement(material)
            }
            _ => Sort::Agreement(material),
        };
        Ok(Self::new(terms, algs, sort))
    }

    pub(super) fn of_secret(secret: Zeroizing<Vec<u8>>, terms: Terms) -> Result<Self, KeyError> {
        if terms.alg.is_some_and(KeyManagement::is_password_based) {
            return Self::of_password(secret, terms);
        }
        let algs = secret_algs(&secret, &terms, Half::Encrypt)?;
        Ok(Self::new(terms, algs, Sort::Secret(secret)))
    }

    pub(super) fn of_password(password: Zeroizing<Vec<u8>>, terms: Terms) -> Result<Self, KeyError> {
        let algs = password_algs(&password, &terms, Half::Encrypt)?;
        Ok(Self::new(terms, algs, Sort::Password(password)))
    }

    fn new(terms: Terms, algs: Vec<KeyManagement>, sort: Sort) -> Self {
        let alg = algs[0];
        Self { inner: Arc::new(Inner { kid: terms.kid, algs, content: terms.content, sort }), alg }
    }

    /// The same key with another of its algorithms.
    pub fn with_alg(&self, alg: KeyManagement) -> Result<Self, KeyError> {
        if self.inner.algs.contains(&alg) {
            return Ok(Self { inner: self.inner.clone(), alg });
        }
        Err(KeyError::KeyManagement { alg, key: format!("{:?}", self.inner.sort) })
    }

    /// The algorithm that it uses.
    pub fn alg(&self) -> KeyManagement {
        self.alg
    }

    /// The algorithms that it could use.
    pub fn algs(&self) -> &[KeyManagement] {
        &self.inner.algs
    }

    /// The `kid` that came with the key.
    pub fn kid(&self) -> Option<&str> {
        self.inner.kid.as_deref()
    }

    /// Whether it is a shared secret or a password.
    pub fn is_symmetric(&self) -> bool {
        matches!(self.inner.sort, Sort::Secret(_) | Sort::Password(_))
    }

    /// Whether the content may be encrypted so: `dir` needs a secret of exactly that length.
    pub fn allows_content(&self, enc: ContentEncryption) -> bool {
        match &self.inner.sort {
            Sort::Secret(secret) if self.alg == KeyManagement::Dir => {
                secret.len() == enc.key_len() && self.inner.content.is_none_or(|own| own == enc)
            }
            _ => true,
        }
    }

    /// The public numbers; `None` for a secret.
    pub fn material(&self) -> Option<&PublicMaterial> {
        match &self.inner.sort {
            Sort::Rsa(material, _) | Sort::Agreement(material) => Some(material),
            _ => None,
        }
    }

    /// The public JWK with `use`, `kid` and, where the key has only one, `alg`; `None` for a secret.
    pub fn public_jwk(&self) -> Option<Object> {
        let mut jwk = Object::new();
        for (name, value) in members::of_public(self.material()?) {
            jwk.insert(name.into(), value.into());
        }
        if let [alg] = self.algs() {
            jwk.insert("alg".into(), alg.as_str().into());
        }
        jwk.insert("use".into(), "enc".into());
        if let Some(kid) = self.kid() {
            jwk.insert("kid".into(), kid.into());
        }
        Some(jwk)
    }

    pub(crate) fn handle(&self) -> ForEncryption<'_> {
        match &self.inner.sort {
            Sort::Rsa(_, handles) => {
                let handle = handles.iter().find(|(alg, _)| *alg == self.alg);
                ForEncryption::Rsa(handle.expect("one handle for each of the key's algorithms").1.as_ref())
            }
            Sort::Agreement(material) => ForEncryption::Agreement(material),
            Sort::Secret(secret) => ForEncryption::Secret(secret),
            Sort::Password(password) => ForEncryption::Password(password),
        }
    }
}

/// A point off its curve would give the secret away piece by piece (RFC 7518 §8.4 points to the attack).
fn on_curve(provider: &dyn Provider, curve: Curve, material: &PublicMaterial) -> Result<(), ProviderError> {
    provider.public_key(curve.alg(), material).map(drop)
}

pub(super) fn secret_algs(secret: &[u8], terms: &Terms, half: Half) -> Result<Vec<KeyManagement>, KeyError> {
    let key = format!("a secret of {} bytes", secret.len());
    if terms.content.is_some_and(|enc| enc.key_len() != secret.len()) {
        return Err(KeyError::KeyManagement { alg: KeyManagement::Dir, key });
    }
    match (terms::of_secret(secret.len()), terms.alg) {
        ([], Some(alg)) => Err(KeyError::KeyManagement { alg, key }),
        (fitting, _) => terms.narrow(fitting, half, &format_args!("{key}")),
    }
}

pub(super) fn password_algs(password: &[u8], terms: &Terms, half: Half) -> Result<Vec<KeyManagement>, KeyError> {
    if password.is_empty() {
        return Err(KeyError::Weak("the password is empty"));
    }
    terms.narrow(terms::PASSWORD, half, &format_args!("a password"))
}

impl fmt::Debug for Sort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rsa(material, _) | Self::Agreement(material) => material.fmt(f),
            Self::Secret(secret) => write!(f, "a secret of {} bytes", secret.len()),
            Self::Password(_) => f.write_str("a password"),
        }
    }
}

impl fmt::Debug for EncryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncryptionKey")
            .field("alg", &self.alg)
            .field("kid", &self.kid().map(excerpt))
            .finish_non_exhaustive()
    }
}
