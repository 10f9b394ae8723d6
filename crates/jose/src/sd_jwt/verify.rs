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
