//! Verifying: header, key, signature, claims, in this order.

use serde::de::DeserializeOwned;

use super::header::same_typ;
use super::prepare::possible_length;
use super::rules::Typ;
use super::token::{Parts, split};
use super::{Header, Rules, VerifyError, claims};
use crate::alg::JwsAlgorithm;
use crate::json::{Object, Value};
use crate::jwk::{VerifyingKey, excerpt};
use crate::jwks::{Keys, candidates};

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
    let parts = split(token, &rules.limits)?;
    let alg = algorithm(&parts.header, rules)?;
    typ(&parts.header, rules)?;
    signature(&parts, alg, keys.keys(), rules.limits.attempts)?;
    let object = parts.claims(&rules.limits)?;
    claims::check(&object, rules)?;
    let claims = T::deserialize(Value::Object(object)).map_err(|error| VerifyError::Shape(error.to_string()))?;
    Ok(Verified { header: parts.header, claims })
}

/// The header's word counts only where the caller allows it (RFC 8725 §3.1).
fn algorithm(header: &Header, rules: &Rules<'_>) -> Result<JwsAlgorithm, VerifyError> {
    header
        .alg()
        .filter(|alg| rules.algorithms.contains(alg))
        .ok_or_else(|| VerifyError::Algorithm { allowed: rules.algorithms.to_vec(), found: excerpt(header.alg_name()) })
}

fn typ(header: &Header, rules: &Rules<'_>) -> Result<(), VerifyError> {
    let (expected, right) = match (rules.typ, header.typ()) {
        (Typ::Any, _) | (Typ::ExactlyOrAbsent(_), None) => return Ok(()),
        (Typ::Exactly(expected), None) => (expected, false),
        (Typ::Exactly(expected) | Typ::ExactlyOrAbsent(expected), Some(found)) => (expected, same_typ(expected, found)),
    };
    if right {
        return Ok(());
    }
    Err(VerifyError::Typ { expected: expected.to_owned(), found: header.typ().map(excerpt) })
}

/// Tries the keys that may have made the signature, at most `attempts` of them.
fn signature(parts: &Parts<'_>, alg: JwsAlgorithm, keys: &[VerifyingKey], attempts: usize) -> Result<(), VerifyError> {
    let kid = parts.header.kid();
    let possible = possible_length(alg, parts.signature.len());
    let mut tried = 0;
    for key in candidates(keys, kid, alg).take(attempts) {
        tried += 1;
        if possible && key.verify(alg, parts.signing_input, &parts.signature) {
            return Ok(());
        }
    }
    let kid = kid.map(excerpt);
    if tried == 0 { Err(VerifyError::NoKey { alg, kid }) } else { Err(VerifyError::Signature { alg, kid, tried }) }
}
