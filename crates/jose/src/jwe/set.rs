//! Key sets to encrypt for (RFC 7517 §5).

use crate::Limits;
use crate::alg::KeyManagement;
use crate::json::Object;
use crate::jwk::{EncryptionKey, KeyError};
use crate::jwks::{self, SetError, Skipped};
use crate::provider::Provider;

/// The public keys of a set that encrypt, in the set's order, and what was passed over.
///
/// ```
/// use vestibule_jose::alg::KeyManagement;
/// use vestibule_jose::jwe::EncryptionKeySet;
/// use vestibule_jose::{Limits, provider};
///
/// let text = br#"{"keys":[
///     {"kty":"OKP","crv":"Ed25519","use":"sig","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
///     {"kty":"OKP","crv":"X25519","use":"enc","kid":"1","x":"3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08"}]}"#;
/// let set = EncryptionKeySet::parse(provider::aws_lc(), text, &Limits::DEFAULT)?;
/// assert_eq!((set.keys().len(), set.skipped().len()), (1, 1));
/// let key = set.choose(None, &[KeyManagement::EcdhEsA256Kw]).expect("one that serves it");
/// assert_eq!(key.kid(), Some("1"));
/// # Ok::<(), vestibule_jose::jwks::SetError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct EncryptionKeySet {
    keys: Vec<EncryptionKey>,
    skipped: Vec<Skipped>,
}

impl EncryptionKeySet {
    /// Reads a set. A key that is not understood, weak, private or not for encryption is passed over and reported.
    pub fn parse(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, SetError> {
        Self::from_object(provider, &jwks::object(text, limits)?, limits)
    }

    /// Reads a set whose JSON was read strictly before.
    pub fn from_object(provider: &dyn Provider, set: &Object, limits: &Limits) -> Result<Self, SetError> {
        let (keys, skipped) = jwks::read(set, limits, |jwk| {
            if jwk.get("kty").is_some_and(|kty| kty == "oct") {
                return Err(KeyError::SymmetricInSet);
            }
            EncryptionKey::from_jwk_object(provider, jwk)
        })?;
        Ok(Self { keys, skipped })
    }

    /// The keys.
    pub fn keys(&self) -> &[EncryptionKey] {
        &self.keys
    }

    /// What was passed over, and why.
    pub fn skipped(&self) -> &[Skipped] {
        &self.skipped
    }

    /// The first key, of this name where one is given, that serves one of these algorithms, the caller's first choice
    /// first; with that algorithm set.
    pub fn choose(&self, kid: Option<&str>, algorithms: &[KeyManagement]) -> Option<EncryptionKey> {
        let named = |key: &&EncryptionKey| kid.is_none() || key.kid() == kid;
        algorithms.iter().find_map(|alg| self.keys.iter().filter(named).find_map(|key| key.with_alg(*alg).ok()))
    }
}
