//! Taking a compact token apart, strictly, without believing it.

use super::{Header, TokenError};
use crate::base64url;
use crate::json::{self, JsonError, Object, Value};
use crate::limits::Limits;

/// What a token says, which nobody has verified. It is a type of its own so that it cannot pass
/// for [`super::Verified`].
#[derive(Clone, Debug, PartialEq)]
pub struct Unverified {
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Object,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Reads a token without verifying anything, to choose a key or to show it to a person.
pub fn inspect(token: &str, limits: &Limits) -> Result<Unverified, TokenError> {
    let parts = split(token, limits)?;
    Ok(Unverified { claims: parts.claims(limits)?, header: parts.header, signature: parts.signature })
}

/// A token taken apart; the payload is still encoded.
pub(super) struct Parts<'a> {
    pub(super) header: Header,
    pub(super) signing_input: &'a [u8],
    pub(super) signature: Vec<u8>,
    payload: &'a str,
}

/// RFC 7515 §5.2, steps 1 to 7.
pub(super) fn split<'a>(token: &'a str, limits: &Limits) -> Result<Parts<'a>, TokenError> {
    bounded("token", token.len(), limits.token_bytes)?;
    let mut parts = token.split('.');
    let (Some(header), Some(payload), Some(signature), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(match token.split('.').count() {
            5 => TokenError::Encrypted,
            parts => TokenError::Parts(parts),
        });
    };
    let signing_input = &token.as_bytes()[..header.len() + 1 + payload.len()];
    let members = object("header", &decode("header", header)?, limits.header_bytes, limits)?;
    let signature = decode("signature", signature)?;
    Ok(Parts { header: Header::new(members)?, signing_input, signature, payload })
}

impl Parts<'_> {
    /// The payload as claims (RFC 7519 §7.2, step 10).
    pub(super) fn claims(&self, limits: &Limits) -> Result<Object, TokenError> {
        object("payload", &decode("payload", self.payload)?, limits.json_bytes, limits)
    }
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, TokenError> {
    base64url::decode(text).map_err(|_| TokenError::Base64url(part))
}

fn object(part: &'static str, text: &[u8], limit: usize, limits: &Limits) -> Result<Object, TokenError> {
    bounded(part, text.len(), limit)?;
    match json::parse(text, limit, limits.json_depth) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(TokenError::Json { part, error: JsonError::NotAnObject(json::kind(&other)) }),
        Err(error) => Err(TokenError::Json { part, error }),
    }
}

fn bounded(part: &'static str, found: usize, limit: usize) -> Result<(), TokenError> {
    if found > limit { Err(TokenError::TooLong { part, found, limit }) } else { Ok(()) }
}
