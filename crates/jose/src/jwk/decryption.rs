//! A key that decrypts.

use std::fmt;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::encryption::{password_algs, secret_algs};
use super::material::{Curve, PrivateMaterial, PublicMaterial};
use super::private_text::private_text;
use super::terms::{self, Half, Terms};
use super::thumbprint::thumbprint;
use super::{EncryptionKey, KeyError, KeyMaterial, excerpt, members, pem_keys};
use crate::alg::{ContentEncryption, KeyManagement, Mode};
use crate::json::{self, Object};
use crate::provider::{Agree, Decrypt, KeySpec, Provider, RsaSize};
use crate::{Limits, base64url, der};

/// A key that opens what was encrypted for it: private, a shared secret or a password; parsed and checked once, cheap
/// to clone. It serves the algorithm that its JWK names, else all that fit.
///
/// ```
/// use vestibule_jose::alg::KeyManagement;
/// use vestibule_jose::jwk::DecryptionKey;
/// use vestibule_jose::provider;
///
/// let key = DecryptionKey::generate(provider::aws_lc(), KeyManagement::EcdhEs)?;
/// assert!(key.allows(KeyManagement::EcdhEs));
/// let to_publish = key.public_jwk().expect("it is no secret");
/// assert_eq!(to_publish["use"], "enc");
/// # Ok::<(), vestibule_jose::jwk::KeyError>(())
/// ```
#[derive(Clone)]
pub struct DecryptionKey(Arc<Inner>);

struct Inner {
    kid: Option<String>,
    algs: Vec<KeyManagement>,
    content: Option<ContentEncryption>,
    sort: Sort,
    /// The other half; absent where `key_ops` or RSA1_5 leave nothing to encrypt with.
    encryption: Option<EncryptionKey>,
}

enum Sort {
    Rsa(PrivateMaterial, Vec<(KeyManagement, Box<dyn Decrypt>)>),
    Agreement(PrivateMaterial, Box<dyn Agree>),
    Secret(Zeroizing<Vec<u8>>),
    Password(Zeroizing<Vec<u8>>),
}

/// What one algorithm works with.
pub(crate) enum ForDecryption<'a> {
    Rsa(&'a dyn Decrypt),
    Agreement(&'a dyn Agree),
    Secret(&'a [u8]),
    Password(&'a [u8]),
}

impl DecryptionKey {
    /// Makes a key for this algorithm: RSA with 2048 bits, ECDH-ES on P-256, a secret of the algorithm's length (for
    /// `dir` 32 bytes). Its `kid` is the thumbprint, where it has one.
    ///
    /// ```
    /// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
    /// use vestibule_jose::provider::{Curve, KeySpec, aws_lc};
    /// use vestibule_jose::DecryptionKey;
    ///
    /// assert!(DecryptionKey::generate(aws_lc(), KeyManagement::A256Kw)?.is_symmetric());
    /// let ec = DecryptionKey::generate_from(aws_lc(), KeyManagement::EcdhEs, KeySpec::Ec(Curve::P521))?;
    /// assert_eq!(ec.public_jwk().expect("a key pair")["crv"], "P-521");
    /// let shared = DecryptionKey::generate_for(aws_lc(), ContentEncryption::A256Gcm)?;
    /// assert_eq!(shared.algs(), [KeyManagement::Dir]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn generate(provider: &dyn Provider, alg: KeyManagement) -> Result<Self, KeyError> {
        let spec = match alg.mode() {
            Mode::Rsa => KeySpec::Rsa(RsaSize::default()),
            Mode::Agree | Mode::AgreeAndWrap(_) => KeySpec::Ec(Curve::P256),
            Mode::Wrap(len) | Mode::WrapGcm(len) => return Self::generate_secret(provider, alg, len),
            Mode::Direct => return Self::generate_secret(provider, alg, 32),
            Mode::Password(..) => {
                return Err(KeyError::KeyManagement { alg, key: "a random key; it takes a password".into() });
            }
        };
        Self::generate_from(provider, alg, spec)
    }

    /// Makes a key pair of this size or on this curve.
    pub fn generate_from(provider: &dyn Provider, alg: KeyManagement, spec: KeySpec) -> Result<Self, KeyError> {
        let material = der::pkcs8(&provider.generate(spec)?)?;
        Self::from_material(provider, material, Some(alg), None)
    }

    /// Makes a secret to be used directly as the key of this content encryption.
    pub fn generate_for(provider: &dyn Provider, enc: ContentEncryption) -> Result<Self, KeyError> {
        Self::generate_secret(provider, KeyManagement::Dir, enc.key_len())
    }

    fn generate_secret(provider: &dyn Provider, alg: KeyManagement, len: usize) -> Result<Self, KeyError> {
        let mut secret = Zeroizing::new(vec![0; len]);
        provider.fill_random(&mut secret)?;
        Self::of_secret(secret, Terms::of(Some(alg), None))
    }

    /// Reads a private or secret JWK. `use`, `key_ops` and `alg` must allow decryption (RFC 7517 §4.2 to §4.4).
    ///
    /// ```
    /// use vestibule_jose::alg::KeyManagement;
    /// use vestibule_jose::jwk::KeyMaterial;
    /// use vestibule_jose::jwk::{Jwk, NewKey};
    /// use vestibule_jose::provider::{Curve, aws_lc};
    /// use vestibule_jose::{DecryptionKey, Limits, json};
    ///
    /// let key = DecryptionKey::generate(aws_lc(), KeyManagement::EcdhEs)?;
    /// let text = key.private_jwk().expect("a key with a JWK");
    /// let object = json::parse_object(text.as_bytes(), &Limits::DEFAULT)?;
    /// for again in [DecryptionKey::from_jwk(aws_lc(), text.as_bytes(), &Limits::DEFAULT)?, DecryptionKey::from_jwk_object(aws_lc(), &object)?] {
    ///     assert_eq!((again.kid(), again.public_jwk()), (key.kid(), key.public_jwk()));
    /// }
    /// let der = key.to_pkcs8_der()?;
    /// assert!(DecryptionKey::from_pkcs8_der(aws_lc(), &der, None)?.encryption_key().is_some());
    /// let pem = vestibule_jose::pem::encode("PRIVATE KEY", &der);
    /// assert!(DecryptionKey::from_pem(aws_lc(), &pem, None, &Limits::DEFAULT)?.allows(KeyManagement::EcdhEs));
    /// let KeyMaterial::Private(material) = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?.material().clone() else { unreachable!() };
    /// assert_eq!(DecryptionKey::from_material(aws_lc(), material, None, Some("k".into()))?.kid(), Some("k"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_jwk(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, KeyError> {
        Self::from_jwk_object(provider, &json::parse_object(text, limits)?)
    }

    /// Reads a private JWK whose JSON was read strictly before.
    pub fn from_jwk_object(provider: &dyn Provider, jwk: &Object) -> Result<Self, KeyError> {
        let kty = members::kty(jwk)?;
        let terms = Terms::read(jwk, Half::Decrypt)?;
        if kty == "oct" {
            return Self::of_secret(members::secret(jwk)?, terms);
        }
        Self::of_private(provider, members::private(jwk)?, terms, Naming::AsGiven)
    }

    /// A private key from checked numbers. Without `alg` it serves all that its type can; without `kid` the thumbprint
    /// names it (RFC 7638).
    pub fn from_material(
        provider: &dyn Provider,
        material: PrivateMaterial,
        alg: Option<KeyManagement>,
        kid: Option<String>,
    ) -> Result<Self, KeyError> {
        let naming = if kid.is_some() { Naming::AsGiven } else { Naming::ByThumbprint };
        Self::of_private(provider, material, Terms::of(alg, kid), naming)
    }

    /// Reads unencrypted PKCS#8 (RFC 5208, RFC 5958). It has no `kid`.
    pub fn from_pkcs8_der(
        provider: &dyn Provider,
        document: &[u8],
        alg: Option<KeyManagement>,
    ) -> Result<Self, KeyError> {
        Self::of_private(provider, der::pkcs8(document)?, Terms::of(alg, None), Naming::AsGiven)
    }

    /// Reads the one private key of a PEM text. It has no `kid`.
    pub fn from_pem(
        provider: &dyn Provider,
        text: &str,
        alg: Option<KeyManagement>,
        limits: &Limits,
    ) -> Result<Self, KeyError> {
        match pem_keys::only_key(provider, text, None, limits)? {
            KeyMaterial::Private(material) => {
                Self::of_private(provider, material, Terms::of(alg, None), Naming::AsGiven)
            }
            _ => Err(KeyError::Encoding("a private key is needed, not a public one")),
        }
    }

    /// A shared secret, as [`EncryptionKey::from_secret`] has it.
    pub fn from_secret(secret: &[u8], alg: Option<KeyManagement>, kid: Option<String>) -> Result<Self, KeyError> {
        Self::of_secret(Zeroizing::new(secret.to_vec()), Terms::of(alg, kid))
    }

    /// A password for PBES2 (RFC 7518 §4.8).
    ///
    /// ```
    /// use vestibule_jose::DecryptionKey;
    /// use vestibule_jose::alg::KeyManagement;
    ///
    /// let key = DecryptionKey::from_password(b"correct horse battery staple", None)?;
    /// assert!(key.allows(KeyManagement::Pbes2Hs512A256Kw));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_password(password: &[u8], alg: Option<KeyManagement>) -> Result<Self, KeyError> {
        Self::of_password(Zeroizing::new(password.to_vec()), Terms::of(alg, None))
    }

    /// A key that was read and checked before, on the terms that it brings.
    pub(super) fn of_key(provider: &dyn Provider, material: &KeyMaterial, terms: Terms) -> Result<Self, KeyError> {
        match material {
            KeyMaterial::Private(private) => Self::of_private(provider, private.clone(), terms, Naming::AsGiven),
            KeyMaterial::Secret(secret) => Self::of_secret(secret.clone(), terms),
            KeyMaterial::Public(_) => Err(KeyError::NoForm("a private key is needed, not a public one")),
        }
    }

    fn of_private(
        provider: &dyn Provider,
        material: PrivateMaterial,
        mut terms: Terms,
        naming: Naming,
    ) -> Result<Self, KeyError> {
        let algs = terms.narrow(fitting(&material), Half::Decrypt, &material)?;
        let (public, sort) = match &material {
            PrivateMaterial::Rsa(rsa) => {
                let public = PublicMaterial::rsa(rsa.n.clone(), rsa.e.clone())?;
                let handles = algs.iter().map(|alg| Ok((*alg, provider.decrypt_key(*alg, &material)?)));
                let handles = handles.collect::<Result<_, KeyError>>()?;
                (public, Sort::Rsa(material, handles))
            }
            _ => {
                let handle = provider.agreement_key(&material)?;
                (handle.public().clone(), Sort::Agreement(material, handle))
            }
        };
        if naming == Naming::ByThumbprint {
            terms.kid = Some(thumbprint(provider, &public));
        }
        let encryption = match terms.alg {
            Some(KeyManagement::Rsa15) => None,
            alg => Some(EncryptionKey::of_public(provider, public, Terms::of(alg, terms.kid.clone()))?),
        };
        Ok(Self::new(terms, algs, sort, encryption))
    }

    fn of_secret(secret: Zeroizing<Vec<u8>>, terms: Terms) -> Result<Self, KeyError> {
        if terms.alg.is_some_and(KeyManagement::is_password_based) {
            return Self::of_password(secret, terms);
        }
        let algs = secret_algs(&secret, &terms, Half::Decrypt)?;
        let encryption = EncryptionKey::of_secret(secret.clone(), terms.clone()).ok();
        Ok(Self::new(terms, algs, Sort::Secret(secret), encryption))
    }

    fn of_password(password: Zeroizing<Vec<u8>>, terms: Terms) -> Result<Self, KeyError> {
        let algs = password_algs(&password, &terms, Half::Decrypt)?;
        let encryption = EncryptionKey::of_password(password.clone(), terms.clone()).ok();
        Ok(Self::new(terms, algs, Sort::Password(password), encryption))
    }

    fn new(terms: Terms, algs: Vec<KeyManagement>, sort: Sort, encryption: Option<EncryptionKey>) -> Self {
        Self(Arc::new(Inner { kid: terms.kid, algs, content: terms.content, sort, encryption }))
    }

    /// The algorithms that it serves.
    pub fn algs(&self) -> &[KeyManagement] {
        &self.0.algs
    }

    /// Whether it serves this algorithm.
    pub fn allows(&self, alg: KeyManagement) -> bool {
        self.0.algs.contains(&alg)
    }

    /// The key's name: what came with it.
    pub fn kid(&self) -> Option<&str> {
        self.0.kid.as_deref()
    }

    /// Whether it is a shared secret or a password.
    pub fn is_symmetric(&self) -> bool {
        matches!(self.0.sort, Sort::Secret(_) | Sort::Password(_))
    }

    /// What encrypts for it; `None` where the key's own `alg` or `key_ops` leave nothing to encrypt with.
    pub fn encryption_key(&self) -> Option<EncryptionKey> {
        self.0.encryption.clone()
    }

    /// The public JWK; `None` for a secret.
    pub fn public_jwk(&self) -> Option<Object> {
        self.0.encryption.as_ref()?.public_jwk()
    }

    /// The private JWK as text; `None` for a password, which is no key to pass on.
    pub fn private_jwk(&self) -> Option<Zeroizing<String>> {
        match &self.0.sort {
            Sort::Rsa(material, _) | Sort::Agreement(material, _) => {
                Some(private_text(self.public_jwk()?, &members::of_private(material)))
            }
            Sort::Secret(secret) => {
                let mut jwk = Object::new();
                jwk.insert("kty".into(), "oct".into());
                jwk.insert("use".into(), "enc".into());
                let alg = match (self.algs(), self.0.content) {
                    (_, Some(enc)) => Some(enc.as_str()),
                    ([alg], None) => Some(alg.as_str()),
                    _ => None,
                };
                for (name, value) in [("alg", alg), ("kid", self.kid())] {
                    if let Some(value) = value {
                        jwk.insert(name.into(), value.into());
                    }
                }
                Some(private_text(jwk, &[("k", Zeroizing::new(base64url::encode(secret)))]))
            }
            Sort::Password(_) => None,
        }
    }

    /// The key as unencrypted PKCS#8; a secret has no such form.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        match &self.0.sort {
            Sort::Rsa(material, _) | Sort::Agreement(material, _) => Ok(der::to_pkcs8(material)),
            _ => Err(KeyError::Encoding("a shared secret has no PKCS#8 form")),
        }
    }

    /// Whether the content may be encrypted so: with `dir` the secret must have exactly that length.
    pub(crate) fn allows_content(&self, alg: KeyManagement, enc: ContentEncryption) -> bool {
        match &self.0.sort {
            Sort::Secret(secret) if alg == KeyManagement::Dir => {
                secret.len() == enc.key_len() && self.0.content.is_none_or(|own| own == enc)
            }
            _ => true,
        }
    }

    /// What this algorithm works with, if the key serves it.
    pub(crate) fn handle(&self, alg: KeyManagement) -> Option<ForDecryption<'_>> {
        if !self.allows(alg) {
            return None;
        }
        Some(match &self.0.sort {
            Sort::Rsa(_, handles) => ForDecryption::Rsa(handles.iter().find(|(own, _)| *own == alg)?.1.as_ref()),
            Sort::Agreement(_, handle) => ForDecryption::Agreement(handle.as_ref()),
            Sort::Secret(secret) => ForDecryption::Secret(secret),
            Sort::Password(password) => ForDecryption::Password(password),
        })
    }
}

/// Where a key's name comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Naming {
    AsGiven,
    ByThumbprint,
}

fn fitting(material: &PrivateMaterial) -> &'static [KeyManagement] {
    match material {
        PrivateMaterial::Rsa(_) => terms::RSA_PRIVATE,
        PrivateMaterial::Ec { curve: Curve::P256 | Curve::P384 | Curve::P521, .. } | PrivateMaterial::X25519 { .. } => {
            terms::AGREEMENT
        }
        _ => &[],
    }
}

impl fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecryptionKey")
            .field("algs", &self.algs())
            .field("kid", &self.kid().map(excerpt))
            .finish_non_exhaustive()
    }
}
