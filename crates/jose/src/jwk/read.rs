//! A key from its JSON.

use super::certificates::Certificates;
use super::key::{Jwk, KeyMaterial};
use super::usage::KeyUse;
use super::{KeyError, excerpt, members};
use crate::Limits;
use crate::json::{self, Object};
use crate::provider::Provider;

impl Jwk {
    /// Reads a key: public, private or a secret. RSA private keys may come without their primes, which are then found
    /// (NIST SP 800-56B rev. 2, appendix C.2), or without the numbers that follow from them (RFC 7518 §6.3.2).
    ///
    /// ```
    /// use vestibule_jose::jwk::Jwk;
    /// use vestibule_jose::{Limits, json, provider::aws_lc};
    ///
    /// let text = br#"{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODw","kid":"k","note":"kept"}"#;
    /// let key = Jwk::parse(aws_lc(), text, &Limits::DEFAULT)?;
    /// assert_eq!((key.kid(), &key.others()["note"]), (Some("k"), &"kept".into()));
    /// let object = json::parse_object(text, &Limits::DEFAULT)?;
    /// assert_eq!(Jwk::from_object(aws_lc(), &object)?.kid(), Some("k"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn parse(provider: &dyn Provider, text: &[u8], limits: &Limits) -> Result<Self, KeyError> {
        Self::from_object(provider, &json::parse_object(text, limits)?)
    }

    /// Reads a key whose JSON was read strictly before.
    pub fn from_object(provider: &dyn Provider, jwk: &Object) -> Result<Self, KeyError> {
        let kty = members::kty(jwk)?;
        if let Some(member) = stray(jwk, kty) {
            return Err(KeyError::Member { member, expected: "absent: a key of this type has no such member" });
        }
        let material = if kty == "oct" {
            KeyMaterial::Secret(members::secret(jwk)?)
        } else if members::private_member(jwk).is_some() {
            KeyMaterial::Private(members::private(jwk)?)
        } else {
            KeyMaterial::Public(members::public(jwk)?)
        };
        let mut key = Self::nameless(provider, material)?;
        key.kid = members::optional_text(jwk, "kid")?.map(str::to_owned);
        key.usage = members::optional_text(jwk, "use")?.map(KeyUse::named);
        key.key_ops = members::key_ops(jwk)?.map(|names| names.into_iter().map(str::to_owned).collect());
        if let Some(name) = members::optional_text(jwk, "alg")? {
            key.alg = Some(name.parse().map_err(|_| KeyError::UnknownAlgorithm(excerpt(name)))?);
        }
        key.certificates = Certificates::read(provider, jwk, key.public.as_ref())?;
        let others =
            jwk.iter().filter(|(name, _)| !COMMON.contains(&name.as_str()) && !own(kty).contains(&name.as_str()));
        key.others = others.map(|(name, value)| (name.clone(), value.clone())).collect();
        key.consistent()
    }
}

/// A member that is private in a key of another type: it is somebody's mistake, and would survive in the public view.
fn stray(jwk: &Object, kty: &str) -> Option<&'static str> {
    const PRIVATE: &[&str] = &["d", "p", "q", "dp", "dq", "qi", "oth", "priv", "k"];
    PRIVATE.iter().copied().find(|name| jwk.contains_key(*name) && !own(kty).contains(name))
}

/// The members that make up a key of this type (RFC 7518 §6, RFC 8037 §2, RFC 9964 §2).
fn own(kty: &str) -> &'static [&'static str] {
    match kty {
        "RSA" => &["n", "e", "d", "p", "q", "dp", "dq", "qi", "oth"],
        "EC" => &["crv", "x", "y", "d"],
        "OKP" => &["crv", "x", "d"],
        "AKP" => &["pub", "priv"],
        _ => &["k"],
    }
}

/// The members of every key that mean something here.
const COMMON: &[&str] = &["kty", "use", "key_ops", "alg", "kid", "x5c", "x5t", "x5t#S256"];
