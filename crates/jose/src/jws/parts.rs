//! The compact form taken apart (RFC 7515 §7.1), and what every form needs to be read strictly.

use super::named::Named;
use super::{Header, TokenError};
use crate::base64url;
use crate::find::find;
use crate::json::{self, JsonError, Object, Value};
use crate::limits::Limits;

/// Three parts, still encoded.
pub(crate) struct Compact<'a> {
    token: &'a str,
    protected: &'a str,
    pub(crate) payload: &'a str,
    signature: &'a str,
}

impl<'a> Compact<'a> {
    /// RFC 7515 §5.2, step 1.
    pub(crate) fn split(token: &'a str, limits: &Limits) -> Result<Self, TokenError> {
        bounded("token", token.len(), limits.token_bytes)?;
        let parts = until_dot(token).and_then(|(protected, rest)| Some((protected, until_dot(rest)?)));
        match parts {
            Some((protected, (payload, signature))) if until_dot(signature).is_none() => {
                Ok(Self { token, protected, payload, signature })
            }
            _ => Err(match token.split('.').count() {
                5 => TokenError::Encrypted,
                parts => TokenError::Parts(parts),
            }),
        }
    }

    /// RFC 7515 §5.2, steps 2 to 5.
    pub(crate) fn header(&self, limits: &Limits) -> Result<Header, TokenError> {
        let json = decode("header", self.protected)?;
        bounded("header", json.len(), limits.header_bytes)?;
        match Named::read(json, limits.json_depth) {
            Ok(named) => Ok(Header::named(named)),
            Err(json) => Header::new(object("header", &json, limits.header_bytes, limits)?, Object::new()),
        }
    }

    /// RFC 7515 §5.2, step 7.
    pub(crate) fn signature(&self) -> Result<Vec<u8>, TokenError> {
        decode("signature", self.signature)
    }

    /// What was signed, where the payload is inside.
    pub(crate) fn signing_input(&self) -> &'a [u8] {
        &self.token.as_bytes()[..self.protected.len() + 1 + self.payload.len()]
    }

    pub(super) fn protected(&self) -> &'a str {
        self.protected
    }
}

fn until_dot(text: &str) -> Option<(&str, &str)> {
    let at = find(text.as_bytes(), b'.')?;
    Some((&text[..at], &text[at + 1..]))
}

pub(crate) fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, TokenError> {
    base64url::decode(text).map_err(|_| TokenError::Base64url(part))
}

pub(crate) fn object(part: &'static str, text: &[u8], limit: usize, limits: &Limits) -> Result<Object, TokenError> {
    bounded(part, text.len(), limit)?;
    match json::parse(text, limit, limits.json_depth) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(TokenError::Json { part, error: JsonError::NotAnObject(json::kind(&other)) }),
        Err(error) => Err(TokenError::Json { part, error }),
    }
}

pub(crate) fn bounded(part: &'static str, found: usize, limit: usize) -> Result<(), TokenError> {
    if found > limit { Err(TokenError::TooLong { part, found, limit }) } else { Ok(()) }
}
