//! Key sets (RFC 7517 §5).

use crate::alg::JwsAlgorithm;
use crate::json::{self, JsonError, Object, Value};
use crate::jwk::{KeyError, VerifyingKey, excerpt};
use crate::limits::Limits;
use crate::provider::Provider;

/// Public keys that verify, in the set's order, and what was passed over.
///
/// ```
/// use vestibule_jose::{JwkSet, JwsAlgorithm, Limits, SigningKey, json, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?.verifying_key();
/// let text = JwkSet::from_keys([key.clone()]).render().to_string();
/// let set = JwkSet::parse(aws_lc(), text.as_bytes(), &Limits::DEFAULT)?;
/// let kid = key.kid().expect("its thumbprint");
/// assert!(set.find(kid, JwsAlgorithm::ES256).is_some() && set.find(kid, JwsAlgorithm::RS256).is_none());
/// assert_eq!(set.candidates(None, JwsAlgorithm::ES256).count(), set.keys().len());
/// let object = json::parse_object(text.as_bytes(), &Limits::DEFAULT)?;
/// assert!(JwkSet::from_object(aws_lc(), &object, &Limits::DEFAULT)?.skipped().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct JwkSet {
    keys: Vec<VerifyingKey>,
    skipped: Vec<Skipped>,
}

/// A key that was passed over, as RFC 7517 §5 wants it for what is not understood.
///
/// ```
/// use vestibule_jose::{JwkSet, Limits, provider::aws_lc};
///
/// let set = JwkSet::parse(aws_lc(), br#"{"keys":[{"kty":"new","kid":"k"}]}"#, &Limits::DEFAULT)?;
/// let skipped = &set.skipped()[0];
/// assert_eq!((skipped.index, skipped.kid.as_deref()), (0, Some("k")));
/// assert_eq!(skipped.reason.to_string(), r#"the key type "new" is not known here"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// Its place in the set, from 0.
    pub index: usize,
    /// Its `kid`, shortened.
    pub kid: Option<String>,
    /// Why.
    pub reason: KeyError,
}

/// Why a whole set was refused.
///
/// ```
/// use vestibule_jose::jwks::SetError;
/// use vestibule_jose::{JwkSet, Limits, provider::aws_lc};
///
/// let error = JwkSet::parse(aws_lc(), b"{}", &Limits::DEFAULT).expect_err("no set");
/// assert_eq!(error, SetError::NoKeys);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    /// Not strict JSON, or too long.
    #[error("the key set is not strict JSON: {0}")]
    Json(#[from] JsonError),
    /// No array `keys`.
    #[error("the key set has no array \"keys\"")]
    NoKeys,
    /// An element that is no object.
    #[error("element {0} of the key set is not an object")]
    NotAnObject(usize),
    /// More keys than allowed.
    #[error("{found} keys in the set, of which {limit} are allowed")]
    TooMany {
        /// Keys found.
        found: usize,
        /// Keys allowed.
        limit: usize,
    },
}

impl JwkSet {
    /// Reads a set. A key that is not understood, weak, private or not for signatures is passed
    /// over and reported in [`JwkSet::skipped`]. Each of at most [`Limits::set_keys`] costs one thumbprint, and the
    /// check of its numbers for each algorithm that it serves, six at most.
    pub fn parse(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, SetError> {
        Self::from_object(provider, &object(text, limits)?, limits)
    }

    /// Reads a set whose JSON was read strictly before.
    pub fn from_object(provider: &dyn Provider, set: &Object, limits: &Limits) -> Result<Self, SetError> {
        let (keys, skipped) = read(set, limits, |jwk| public_key(provider, jwk))?;
        Ok(Self { keys, skipped })
    }

    /// A set of keys at hand; secrets are left out.
    pub fn from_keys(keys: impl IntoIterator<Item = VerifyingKey>) -> Self {
        let keys = keys.into_iter().filter(|key| !key.is_symmetric()).collect();
        Self { keys, skipped: Vec::new() }
    }

    /// The keys.
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// What was passed over, and why.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The first key of this name that serves this algorithm.
    pub fn find(&self, kid: &str, alg: JwsAlgorithm) -> Option<&VerifyingKey> {
        self.keys.iter().find(|key| key.kid() == Some(kid) && key.allows(alg))
    }

    /// The keys that may have made a signature with this header, those of its `kid` first.
    pub fn candidates<'a>(
        &'a self,
        kid: Option<&'a str>,
        alg: JwsAlgorithm,
    ) -> impl Iterator<Item = &'a VerifyingKey> + 'a {
        candidates(&self.keys, kid, alg)
    }

    /// The set as JSON.
    pub fn render(&self) -> Value {
        let keys: Vec<Value> = self.keys.iter().filter_map(VerifyingKey::public_jwk).map(Value::Object).collect();
        serde_json::json!({ "keys": keys })
    }
}

/// Whatever holds keys that verify.
///
/// ```
/// use vestibule_jose::jwks::Keys;
/// use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// fn count(keys: &(impl Keys + ?Sized)) -> usize {
///     keys.keys().len()
/// }
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::Ed25519)?.verifying_key();
/// assert_eq!((count(&key), count(&vec![key.clone()]), count(&JwkSet::from_keys([key]))), (1, 1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait Keys {
    /// The keys.
    fn keys(&self) -> &[VerifyingKey];
}

impl Keys for JwkSet {
    fn keys(&self) -> &[VerifyingKey] {
        self.keys()
    }
}

impl Keys for VerifyingKey {
    fn keys(&self) -> &[VerifyingKey] {
        std::slice::from_ref(self)
    }
}

impl Keys for [VerifyingKey] {
    fn keys(&self) -> &[VerifyingKey] {
        self
    }
}

impl Keys for Vec<VerifyingKey> {
    fn keys(&self) -> &[VerifyingKey] {
        self
    }
}

/// Without a `kid` in the header every key that serves the algorithm; with one, those of that
/// name, then those that have none.
pub(crate) fn candidates<'a>(
    keys: &'a [VerifyingKey],
    kid: Option<&'a str>,
    alg: JwsAlgorithm,
) -> impl Iterator<Item = &'a VerifyingKey> + 'a {
    let serving = move || keys.iter().filter(move |key| key.allows(alg));
    let named = serving().filter(move |key| kid.is_none() || key.kid() == kid);
    let nameless = serving().filter(move |key| kid.is_some() && key.kid().is_none());
    named.chain(nameless)
}

/// Whether this name is that of different keys that serve the algorithm. RFC 7517 §4.5 lets keys of different types share
/// a name, between which the algorithm chooses; the same key twice is one.
pub(crate) fn ambiguous(keys: &[VerifyingKey], kid: Option<&str>, alg: JwsAlgorithm) -> bool {
    if kid.is_none() || keys.len() < 2 {
        return false;
    }
    let mut named = keys.iter().filter(|key| key.kid() == kid && key.allows(alg));
    let same = |first: &VerifyingKey, other: &VerifyingKey| {
        first.thumbprint().is_some_and(|thumbprint| other.thumbprint() == Some(thumbprint))
    };
    named.next().is_some_and(|first| named.any(|other| !same(first, other)))
}

/// The text as a strict JSON object.
pub(crate) fn object(text: &[u8], limits: &Limits) -> Result<Object, SetError> {
    match json::parse(text, limits.set_bytes, limits.json_depth)? {
        Value::Object(members) => Ok(members),
        other => Err(JsonError::NotAnObject(json::kind(&other)).into()),
    }
}

/// What `key` makes of each element; where it refuses, the element is passed over.
pub(crate) fn read<K>(
    set: &Object,
    limits: &Limits,
    key: impl Fn(&Object) -> Result<K, KeyError>,
) -> Result<(Vec<K>, Vec<Skipped>), SetError> {
    let elements = set.get("keys").and_then(Value::as_array).ok_or(SetError::NoKeys)?;
    if elements.len() > limits.set_keys {
        return Err(SetError::TooMany { found: elements.len(), limit: limits.set_keys });
    }
    let (mut keys, mut skipped) = (Vec::new(), Vec::new());
    for (index, element) in elements.iter().enumerate() {
        let jwk = element.as_object().ok_or(SetError::NotAnObject(index))?;
        match key(jwk) {
            Ok(key) => keys.push(key),
            Err(reason) => {
                let kid = jwk.get("kid").and_then(Value::as_str).map(excerpt);
                skipped.push(Skipped { index, kid, reason });
            }
        }
    }
    Ok((keys, skipped))
}

fn public_key(provider: &dyn Provider, jwk: &Object) -> Result<VerifyingKey, KeyError> {
    if jwk.get("kty").is_some_and(|kty| kty == "oct") {
        return Err(KeyError::SymmetricInSet);
    }
    VerifyingKey::from_jwk_object(provider, jwk)
}
