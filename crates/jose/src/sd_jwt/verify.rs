//! Verifying (RFC 9901 §7.1 and §7.3).

use serde::de::DeserializeOwned;

use super::process::process;
use super::{KeyBinding, SdJwt, SdJwtError, binding};
use crate::json::Object;
use crate::jwk::VerifyingKey;
use crate::jwks::Keys;
use crate::jwt::{self, Header, Rules, VerifyError};
use crate::provider::Provider;

/// An SD-JWT whose signature, disclosures, claims and, where asked for, key binding have been checked. There is no
/// other way to make one.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Rules, Signer};
/// use vestibule_jose::sd_jwt::{self, Issuance};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let issued = Issuance::new(claims).hide("/email").issue(aws_lc(), &signer)?.to_string();
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]);
/// let verified: sd_jwt::Verified = sd_jwt::verify(aws_lc(), &issued, &key.verifying_key(), &rules, None)?;
/// assert_eq!(verified.claims()["email"], "ada@example.com");
/// assert_eq!((verified.header().alg_name(), verified.holder().is_none()), ("ES256", true));
/// assert_eq!(verified.into_claims().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verified<T = Object> {
    header: Header,
    claims: T,
    holder: Option<VerifyingKey>,
}

impl<T> Verified<T> {
    /// The claims with what was disclosed in its place.
    pub fn claims(&self) -> &T {
        &self.claims
    }

    /// The claims, taken out.
    pub fn into_claims(self) -> T {
        self.claims
    }

    /// The header of the issuer-signed JWT.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The key of the holder, who proved to have it; none where no proof was asked for.
    pub fn holder(&self) -> Option<&VerifyingKey> {
        self.holder.as_ref()
    }
}

/// Verifies an SD-JWT in the compact form with one of the issuer's keys: its signature, its disclosures, then the rules on what comes of
/// both. Whether the holder must prove to be the holder is the caller's to say, and never the presentation's (§7.3
/// step 1): without `binding` a proof is not looked at. The other forms are read with [`SdJwt::read`].
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Rules, Signer};
/// use vestibule_jose::sd_jwt::{Issuance, verify};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let issued = Issuance::new(claims).issue(aws_lc(), &signer)?.to_string();
/// let rules = Rules::new(1_700_000_000, &[JwsAlgorithm::ES256]);
/// assert!(verify::<Object>(aws_lc(), &issued, &key.verifying_key(), &rules, None).is_ok());
/// let other = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// assert!(verify::<Object>(aws_lc(), &issued, &other.verifying_key(), &rules, None).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify<T: DeserializeOwned>(
    provider: &dyn Provider,
    text: &str,
    keys: &(impl Keys + ?Sized),
    rules: &Rules<'_>,
    binding: Option<&KeyBinding<'_>>,
) -> Result<Verified<T>, SdJwtError> {
    let sd_jwt = SdJwt::parse(text, rules.limits_in_force())?;
    sd_jwt.verify(provider, keys, rules, binding)
}

impl SdJwt {
    /// Verifies what was read; see [`verify`]. Of several signatures one must hold, and its header is the one that counts;
    /// all together cost no more verifications than [`crate::Limits::attempts`]. Then each disclosure is hashed once; a
    /// proof costs one hash and one verification more.
    pub fn verify<T: DeserializeOwned>(
        &self,
        provider: &dyn Provider,
        keys: &(impl Keys + ?Sized),
        rules: &Rules<'_>,
        binding: Option<&KeyBinding<'_>>,
    ) -> Result<Verified<T>, SdJwtError> {
        if binding.is_some() && self.key_binding_jwt().is_none() {
            return Err(SdJwtError::Unbound);
        }
        let (header, payload) = jwt::verify_signature(self.issuer_jwts(), keys, rules)?;
        let processed = process(provider, payload, self.disclosures(), rules.limits_in_force())?;
        jwt::check_claims(&processed.claims, rules)?;
        let holder = match binding {
            None => None,
            Some(binding) => {
                let holder = binding::holder(provider, &processed.claims)?;
                binding.check(provider, self, &holder, processed.hash, rules)?;
                Some(holder)
            }
        };
        let claims = T::deserialize(serde_json::Value::Object(processed.claims));
        let claims = claims.map_err(|error| VerifyError::Shape(error.to_string()))?;
        Ok(Verified { header, claims, holder })
    }
}
