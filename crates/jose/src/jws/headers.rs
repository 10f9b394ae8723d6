//! What the writer of a JWS puts into its two headers.

use super::critical::{Encoding, REGISTERED};
use super::{HeaderExtras, SignError};
use crate::alg::JwsAlgorithm;
use crate::json::{Object, Value};

/// The headers of one signature besides `alg` and `kid`, which come from the key, and `b64`, which the payload decides.
///
/// ```
/// use vestibule_jose::jws::{self, Draft, Headers, Place, Rules};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let unprotected = Object::from_iter([("note".to_owned(), "seen by all".into())]);
/// let headers = Headers { unprotected, kid: Some(Place::Unprotected), ..Headers::default() };
/// let message = Draft::new(b"text").sign(&key, &headers)?.flattened()?;
/// let verified = jws::verify(&message, &key.verifying_key(), &Rules::new(&[JwsAlgorithm::ES256]))?;
/// assert_eq!(verified.header().unprotected().len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Headers<'a> {
    /// What the signature protects.
    pub protected: HeaderExtras<'a>,
    /// What it does not protect (RFC 7515 §7.2); the compact form has no room for it.
    pub unprotected: Object,
    /// The members of the protected header that a reader must understand: `crit` (RFC 7515 §4.1.11).
    pub critical: &'a [&'a str],
    /// Where `alg` stands.
    pub alg: Place,
    /// Where `kid` stands, if anywhere.
    pub kid: Option<Place>,
}

/// One of the two headers.
///
/// ```
/// use vestibule_jose::jws::{Headers, Place};
///
/// assert_eq!(Headers::default().alg, Place::Protected);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// Under the signature.
    #[default]
    Protected,
    /// Beside it.
    Unprotected,
}

impl Default for Headers<'_> {
    fn default() -> Self {
        HeaderExtras::default().into()
    }
}

/// All of it protected.
impl<'a> From<HeaderExtras<'a>> for Headers<'a> {
    fn from(protected: HeaderExtras<'a>) -> Self {
        let (alg, kid) = (Place::Protected, Some(Place::Protected));
        Self { protected, unprotected: Object::new(), critical: &[], alg, kid }
    }
}

impl Headers<'_> {
    /// The protected members and the others.
    pub(super) fn written(
        &self,
        alg: JwsAlgorithm,
        kid: Option<&str>,
        encoding: Encoding,
    ) -> Result<(Object, Object), SignError> {
        let here = |place| (self.alg == place).then_some(alg);
        let named = |place| kid.filter(|_| self.kid == Some(place));
        let mut protected = self.protected.to_members(here(Place::Protected), named(Place::Protected))?;
        let mut critical = self.critical(&protected)?;
        if encoding == Encoding::Plain {
            protected.insert("b64".into(), false.into());
            critical.push("b64".into());
        }
        if !critical.is_empty() {
            protected.insert("crit".into(), critical.into());
        }
        let mut unprotected = self.unprotected.clone();
        for name in ["alg", "kid", "crit", "b64"] {
            if unprotected.contains_key(name) {
                return Err(SignError::Header(name.into()));
            }
        }
        if let Some(alg) = here(Place::Unprotected) {
            unprotected.insert("alg".into(), alg.as_str().into());
        }
        if let Some(kid) = named(Place::Unprotected) {
            unprotected.insert("kid".into(), kid.into());
        }
        match unprotected.keys().find(|name| protected.contains_key(*name)) {
            Some(name) => Err(SignError::Header(name.clone())),
            None => Ok((protected, unprotected)),
        }
    }

    fn critical(&self, protected: &Object) -> Result<Vec<Value>, SignError> {
        let mut names: Vec<Value> = Vec::new();
        for name in self.critical {
            let value = Value::from(*name);
            if REGISTERED.contains(name) || !protected.contains_key(*name) || names.contains(&value) {
                return Err(SignError::Critical((*name).into()));
            }
            names.push(value);
        }
        Ok(names)
    }
}
