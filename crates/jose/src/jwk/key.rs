//! A key as it is carried about: made, read, converted and written, before anything is done with it.

use std::fmt;

use zeroize::Zeroizing;

use super::certificates::Certificates;
use super::material::{PrivateMaterial, PublicMaterial};
use super::thumbprint::{self, ThumbprintHash};
use super::usage::{KeyAlgorithm, KeyUse, kty, public_operation};
use super::{KeyError, curve448, excerpt, weak};
use crate::alg::JwsAlgorithm;
use crate::json::Object;
use crate::provider::{Provider, ProviderError};

/// A JSON Web Key of any type (RFC 7517 §4), checked: numbers that belong together, not known to be weak, and members
/// that do not contradict each other. What is done with it, [`super::SigningKey`], [`super::VerifyingKey`] and their
/// kin do.
///
/// ```
/// use vestibule_jose::{Limits, jwk::{Jwk, Layout, NewKey, PemForm}, provider::{Curve, aws_lc}};
///
/// # fn main() -> Result<(), vestibule_jose::jwk::KeyError> {
/// let key = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?;
/// assert_eq!(key.kid(), key.thumbprint(aws_lc(), Default::default()).as_deref());
/// let public = key.public().expect("not a secret");
/// assert!(public.to_json(Layout::Compact).starts_with(r#"{"kty":"EC","#));
///
/// let pem = key.to_pem(PemForm::Pkcs8)?;
/// let again = Jwk::from_pem(aws_lc(), &pem, None, &Limits::DEFAULT)?;
/// assert_eq!(again.to_json(Layout::Compact), key.to_json(Layout::Compact));
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Jwk {
    pub(super) material: KeyMaterial,
    /// The public half; of a secret there is none.
    pub(super) public: Option<PublicMaterial>,
    pub(super) kid: Option<String>,
    pub(super) usage: Option<KeyUse>,
    pub(super) key_ops: Option<Vec<String>>,
    pub(super) alg: Option<KeyAlgorithm>,
    pub(super) certificates: Certificates,
    pub(super) others: Object,
}

/// What a key consists of.
///
/// ```
/// use vestibule_jose::jwk::{Jwk, KeyMaterial};
/// use vestibule_jose::provider::aws_lc;
///
/// let key = Jwk::new(aws_lc(), KeyMaterial::Secret(vec![7; 32].into()))?;
/// assert_eq!((key.kty(), key.kid(), key.is_public()), ("oct", None, false));
/// assert!(key.public().is_none() && key.public_material().is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub enum KeyMaterial {
    /// A public key.
    Public(PublicMaterial),
    /// A private key, with its public half.
    Private(PrivateMaterial),
    /// A shared secret (`oct`); wiped when dropped.
    Secret(Zeroizing<Vec<u8>>),
}

impl Jwk {
    /// A key from its numbers, checked by the provider. Its `kid` is the thumbprint; a secret has none.
    pub fn new(provider: &dyn Provider, material: KeyMaterial) -> Result<Self, KeyError> {
        let mut key = Self::nameless(provider, material)?;
        key.kid = key.thumbprint(provider, ThumbprintHash::default());
        Ok(key)
    }

    pub(super) fn nameless(provider: &dyn Provider, material: KeyMaterial) -> Result<Self, KeyError> {
        let (material, public) = match material {
            KeyMaterial::Public(public) => {
                check_public(provider, &public)?;
                (KeyMaterial::Public(public.clone()), Some(public))
            }
            KeyMaterial::Private(private) => {
                let (private, public) = confirm(provider, private)?;
                (KeyMaterial::Private(private), Some(public))
            }
            KeyMaterial::Secret(secret) if secret.is_empty() => {
                return Err(KeyError::Member { member: "k", expected: "a secret of one byte or more" });
            }
            secret @ KeyMaterial::Secret(_) => (secret, None),
        };
        let alg = match &public {
            Some(PublicMaterial::MlDsa { set, .. }) => Some(set.alg().into()),
            _ => None,
        };
        Ok(Self {
            material,
            public,
            kid: None,
            usage: None,
            key_ops: None,
            alg,
            certificates: Certificates::default(),
            others: Object::new(),
        })
    }

    /// With another name, or none.
    ///
    /// ```
    /// use vestibule_jose::jwk::{Jwk, KeyUse, NewKey};
    /// use vestibule_jose::{JwsAlgorithm, provider::aws_lc};
    ///
    /// let key = Jwk::generate(aws_lc(), NewKey::Ed25519)?.with_kid(Some("2026".into()));
    /// let key = key.with_use(KeyUse::Signature)?.with_alg(JwsAlgorithm::Ed25519.into())?;
    /// let key = key.with_key_ops(vec!["sign".into()])?;
    /// assert_eq!((key.kid(), key.usage(), key.alg()), (Some("2026"), Some(&KeyUse::Signature), Some(JwsAlgorithm::Ed25519.into())));
    /// assert_eq!((key.key_ops().map(<[String]>::len), key.others().len()), (Some(1), 0));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_kid(self, kid: Option<String>) -> Self {
        Self { kid, ..self }
    }

    /// For this use alone. Refused where `key_ops` says otherwise (RFC 7517 §4.3).
    pub fn with_use(self, usage: KeyUse) -> Result<Self, KeyError> {
        Self { usage: Some(usage), ..self }.consistent()
    }

    /// For these operations alone: distinct names (RFC 7517 §4.3), which do not contradict `use`.
    pub fn with_key_ops(self, operations: Vec<String>) -> Result<Self, KeyError> {
        Self { key_ops: Some(operations), ..self }.consistent()
    }

    /// For this algorithm alone. Refused where it does not go with the key.
    pub fn with_alg(self, alg: KeyAlgorithm) -> Result<Self, KeyError> {
        Self { alg: Some(alg), ..self }.consistent()
    }

    /// The public view: the same key without what is private. `None` for a secret, which has none.
    pub fn public(&self) -> Option<Self> {
        let public = self.public.clone()?;
        let key_ops = self.key_ops.as_ref().map(|operations| {
            let mut out: Vec<String> = Vec::new();
            for operation in operations.iter().filter_map(|operation| public_operation(operation)) {
                if !out.iter().any(|known| known == operation) {
                    out.push(operation.to_owned());
                }
            }
            out
        });
        // Without any operation left, such as of a key that agrees, the member says nothing.
        let key_ops = key_ops.filter(|operations| !operations.is_empty() || self.is_public());
        Some(Self { material: KeyMaterial::Public(public), key_ops, ..self.clone() })
    }

    /// The key type: `RSA`, `EC`, `OKP`, `AKP` or `oct`.
    pub fn kty(&self) -> &'static str {
        kty(&self.material, self.public.as_ref())
    }

    /// The key's name.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// What it is to be used for.
    pub fn usage(&self) -> Option<&KeyUse> {
        self.usage.as_ref()
    }

    /// The operations it may do.
    pub fn key_ops(&self) -> Option<&[String]> {
        self.key_ops.as_deref()
    }

    /// The algorithm it is bound to.
    pub fn alg(&self) -> Option<KeyAlgorithm> {
        self.alg
    }

    /// Members that have no meaning here.
    pub fn others(&self) -> &Object {
        &self.others
    }

    /// The numbers.
    pub fn material(&self) -> &KeyMaterial {
        &self.material
    }

    /// The public numbers; `None` for a secret.
    pub fn public_material(&self) -> Option<&PublicMaterial> {
        self.public.as_ref()
    }

    /// Whether everybody may see it.
    pub fn is_public(&self) -> bool {
        matches!(self.material, KeyMaterial::Public(_))
    }

    /// The thumbprint (RFC 7638 §3, RFC 9964 §6), in base64url. A secret has none (§7: it would help to guess it).
    ///
    /// ```
    /// use vestibule_jose::jwk::{Jwk, ThumbprintHash};
    /// use vestibule_jose::{Limits, provider::aws_lc};
    ///
    /// // RFC 8037 appendix A.3.
    /// let text = br#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    /// let key = Jwk::parse(aws_lc(), text, &Limits::DEFAULT)?;
    /// let name = key.thumbprint(aws_lc(), ThumbprintHash::Sha256).expect("a key pair");
    /// assert_eq!(name, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    /// let uri = key.thumbprint_uri(aws_lc(), ThumbprintHash::Sha256).expect("a key pair");
    /// assert_eq!(uri, format!("urn:ietf:params:oauth:jwk-thumbprint:sha-256:{name}"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn thumbprint(&self, provider: &dyn Provider, hash: ThumbprintHash) -> Option<String> {
        self.public.as_ref().map(|public| thumbprint::with(provider, public, hash))
    }

    /// The thumbprint as a URI (RFC 9278 §3).
    pub fn thumbprint_uri(&self, provider: &dyn Provider, hash: ThumbprintHash) -> Option<String> {
        self.thumbprint(provider, hash).map(|thumbprint| thumbprint::uri(hash, &thumbprint))
    }

    /// Whether `use` and `key_ops` allow the operation, by its name in `key_ops`.
    ///
    /// ```
    /// use vestibule_jose::jwk::{Jwk, KeyUse, NewKey};
    /// use vestibule_jose::provider::{Curve, aws_lc};
    ///
    /// let key = Jwk::generate(aws_lc(), NewKey::Ec(Curve::P256))?.with_use(KeyUse::Signature)?;
    /// assert!(key.permits("sign").is_ok() && key.permits("deriveBits").is_err());
    /// assert!(key.material().is_private());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn permits(&self, operation: &'static str) -> Result<(), KeyError> {
        if self.usage.as_ref().is_some_and(|usage| matches!(usage, KeyUse::Other(_)) || !usage.allows(operation)) {
            return Err(KeyError::Usage { member: "use", operation });
        }
        if self.key_ops.as_ref().is_some_and(|operations| !operations.iter().any(|name| name == operation)) {
            return Err(KeyError::Usage { member: "key_ops", operation });
        }
        Ok(())
    }

    /// The signature algorithm: the key's own, which a wish must not contradict, or the wish.
    pub(super) fn signature_alg(&self, wish: Option<JwsAlgorithm>) -> Result<Option<JwsAlgorithm>, KeyError> {
        match (self.alg, wish) {
            (None, wish) => Ok(wish),
            (Some(KeyAlgorithm::Signature(own)), None) => Ok(Some(own)),
            (Some(KeyAlgorithm::Signature(own)), Some(wish)) if own == wish => Ok(Some(own)),
            (Some(KeyAlgorithm::Ed448), _) => Err(KeyError::CannotSign("Ed448".into())),
            (Some(own), None) => Err(KeyError::UnknownAlgorithm(own.to_string())),
            (Some(own), Some(alg)) => Err(KeyError::Algorithm { alg, key: format!("bound to {own}") }),
        }
    }

    /// Members that contradict each other or the numbers are refused.
    pub(super) fn consistent(self) -> Result<Self, KeyError> {
        if let Some(alg) = self.alg {
            alg.check(&self.material, self.public.as_ref())?;
        }
        let operations = self.key_ops.as_deref().unwrap_or_default();
        if operations.iter().enumerate().any(|(index, name)| operations[..index].contains(name)) {
            return Err(KeyError::Member { member: "key_ops", expected: "an array of distinct strings" });
        }
        if let Some(usage) = &self.usage
            && operations.iter().any(|operation| !usage.allows(operation))
        {
            return Err(KeyError::Member { member: "key_ops", expected: "what `use` allows (RFC 7517 §4.3)" });
        }
        Ok(self)
    }
}

fn check_public(provider: &dyn Provider, public: &PublicMaterial) -> Result<(), KeyError> {
    weak::check(public)?;
    // That a point lies on its curve, the provider says; of the others there is nothing to ask.
    if let (Some(alg), PublicMaterial::Ec { .. } | PublicMaterial::Ed25519 { .. } | PublicMaterial::MlDsa { .. }) =
        (public.algorithms().first(), public)
    {
        provider.public_key(*alg, public)?;
    }
    Ok(())
}

/// The provider confirms that both halves belong together, or derives the public one.
fn confirm(provider: &dyn Provider, private: PrivateMaterial) -> Result<(PrivateMaterial, PublicMaterial), KeyError> {
    weak::check_private(&private)?;
    let public = match (&private, private.default_alg()) {
        (_, Some(alg)) => provider.private_key(alg, &private)?.public,
        (PrivateMaterial::X25519 { .. }, None) => provider.agreement_key(&private)?.public().clone(),
        (PrivateMaterial::Ed448 { seed, public }, None) => {
            let x = curve448::ed448_public(seed);
            belongs(public.is_none_or(|public| public == x))?;
            PublicMaterial::Ed448 { x }
        }
        (PrivateMaterial::X448 { d, public }, None) => {
            let x = curve448::x448_public(d);
            belongs(public.is_none_or(|public| public == x))?;
            PublicMaterial::X448 { x }
        }
        // Every other type has an algorithm.
        (_, None) => return Err(KeyError::CannotSign(format!("{private:?}"))),
    };
    weak::check(&public)?;
    Ok((private.with_public(public.clone()), public))
}

/// The same words as of the provider, for what it does not have.
fn belongs(halves: bool) -> Result<(), KeyError> {
    if halves { Ok(()) } else { Err(ProviderError::KeyRejected.into()) }
}

impl KeyMaterial {
    /// Whether it must be kept from others.
    pub fn is_private(&self) -> bool {
        !matches!(self, Self::Public(_))
    }
}

impl fmt::Debug for KeyMaterial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Public(public) => public.fmt(f),
            Self::Private(private) => private.fmt(f),
            Self::Secret(secret) => write!(f, "a secret of {} bytes", secret.len()),
        }
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwk")
            .field("key", &self.material)
            .field("kid", &self.kid().map(excerpt))
            .field("alg", &self.alg)
            .finish_non_exhaustive()
    }
}
