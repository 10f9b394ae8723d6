//! One disclosure: a salt and what it hides (RFC 9901 §4.2).

use super::SdJwtError;
use crate::alg::Hash;
use crate::base64url;
use crate::json::{self, Value};
use crate::limits::Limits;
use crate::provider::Provider;

/// A claim, or an element of an array, that a digest hides.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Signer};
/// use vestibule_jose::sd_jwt::{Issuance};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let issued = Issuance::new(claims).hide("/email").issue(aws_lc(), &signer)?;
/// let disclosure = &issued.disclosures()[0];
/// assert_eq!((disclosure.name(), disclosure.value()), (Some("email"), &"ada@example.com".into()));
/// assert!(issued.to_string().contains(disclosure.as_str()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Disclosure {
    /// The text as it is hashed; a rewritten one would have another digest.
    encoded: String,
    name: Option<String>,
    value: Value,
}

impl Disclosure {
    /// A member of an object (§4.2.1), or with no name an element of an array (§4.2.2).
    pub(super) fn new(salt: String, name: Option<&str>, value: Value) -> Self {
        let mut array = vec![Value::from(salt)];
        array.extend(name.map(Value::from));
        array.push(value.clone());
        let encoded = base64url::encode(Value::from(array).to_string());
        Self { encoded, name: name.map(str::to_owned), value }
    }

    /// An array of two or three, the first of which are strings.
    pub(super) fn parse(text: &str, index: usize, limits: &Limits) -> Result<Self, SdJwtError> {
        let wrong = |reason| SdJwtError::Disclosure { index, reason };
        let bytes = base64url::decode(text).map_err(|_| wrong("is not canonical base64url"))?;
        let array =
            json::parse(&bytes, limits.json_bytes, limits.json_depth).map_err(|_| wrong("is not strict JSON"))?;
        let Value::Array(mut array) = array else { return Err(wrong("is not an array")) };
        let value = array.pop();
        let name = if array.len() == 2 { array.pop() } else { None };
        match (array.as_slice(), name, value) {
            ([Value::String(_)], None, Some(value)) => Ok(Self { encoded: text.to_owned(), name: None, value }),
            ([Value::String(_)], Some(Value::String(name)), Some(value)) => {
                Ok(Self { encoded: text.to_owned(), name: Some(name), value })
            }
            _ => Err(wrong("is not an array of salt, name and value, or of salt and value")),
        }
    }

    /// The text as it stands in the SD-JWT.
    pub fn as_str(&self) -> &str {
        &self.encoded
    }

    /// The claim's name; an element of an array has none.
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// The value; it may hold digests itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// §4.2.3: over the text, not over what it says.
    pub(super) fn digest(&self, provider: &dyn Provider, hash: Hash) -> String {
        digest(provider, hash, self.encoded.as_bytes())
    }
}

pub(super) fn digest(provider: &dyn Provider, hash: Hash, text: &[u8]) -> String {
    let mut running = provider.digest(hash);
    running.update(text);
    base64url::encode(running.finish())
}

/// The name in `_sd_alg` (§4.1.1), of the IANA registry of named information hashes.
pub(super) fn hash_name(hash: Hash) -> Option<&'static str> {
    match hash {
        Hash::Sha1 => None,
        Hash::Sha256 => Some("sha-256"),
        Hash::Sha384 => Some("sha-384"),
        Hash::Sha512 => Some("sha-512"),
    }
}

/// The hash that `_sd_alg` names; without it SHA-256.
pub(super) fn hash_named(sd_alg: Option<&Value>) -> Result<Hash, SdJwtError> {
    match sd_alg {
        None => Ok(Hash::Sha256),
        Some(Value::String(name)) => {
            let known = Hash::ALL.iter().copied().find(|hash| hash_name(*hash) == Some(name));
            known.ok_or_else(|| SdJwtError::Hash(crate::jwk::excerpt(name)))
        }
        Some(other) => Err(SdJwtError::Hash(json::kind(other).to_owned())),
    }
}
