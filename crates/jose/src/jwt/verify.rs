//! Verifying: header, key, signature, claims, in this order.

use serde::de::DeserializeOwned;

use super::claims::check as check_claims;
use super::token::{Parts, split};
use super::{Header, Rules, VerifyError};
use crate::json::{Object, Value};
use crate::jwk::VerifyingKey;
use crate::jwks::Keys;
use crate::jws;

/// A token whose signature and claims have been checked. There is no other way to make one.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified<T = Object> {
    header: Header,
    claims: T,
}

impl<T> Verified<T> {
    /// The claims.
    pub fn claims(&self) -> &T {
        &self.claims
    }

    /// The claims, taken out.
    pub fn into_claims(self) -> T {
        self.claims
    }

    /// The header.
    pub fn header(&self) -> &Header {
        &self.header
    }
}

/// Verifies a token with one of these keys under these rules (RFC 7519 §7.2, RFC 8725 §3).
pub fn verify<T: DeserializeOwned>(
    token: &str,
    keys: &(impl Keys + ?Sized),
    rules: &Rules<'_>,
) -> Result<Verified<T>, VerifyError> {
    let (header, object) = verify_signature(token, keys, rules)?;
    check_claims(&object, rules)?;
    let claims = T::deserialize(Value::Object(object)).map_err(|error| VerifyError::Shape(error.to_string()))?;
    Ok(Verified { header, claims })
}

/// Header, key and signature; of the claims only that they are an object.
pub(crate) fn verify_signature(
    token: &str,
    keys: &(impl Keys + ?Sized),
    rules: &Rules<'_>,
) -> Result<(Header, Object), VerifyError> {
    let parts = split(token, &rules.limits)?;
    signature(&parts, keys.keys(), rules)?;
    let claims = parts.claims(&rules.limits)?;
    Ok((parts.header, claims))
}

fn signature(parts: &Parts<'_>, keys: &[VerifyingKey], rules: &Rules<'_>) -> Result<(), jws::VerifyError> {
    let alg = jws::algorithm(&parts.header, rules.algorithms)?;
    jws::typ(&parts.header, rules.typ)?;
    let mut attempts = rules.limits.attempts;
    jws::signature(&parts.header, alg, parts.signing_input, &parts.signature, keys, &mut attempts).map(drop)
}
