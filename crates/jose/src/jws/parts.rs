//! The compact form taken apart (RFC 7515 §7.1), and what every form needs to be read strictly.

use super::{Header, TokenError};
use crate::base64url;
use crate::find::Places;
use crate::json::plain::Unusual;
use crate::json::{self, JsonError, Object, Value};
use crate::limits::Limits;
use crate::scratch::Scratch;

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
        match three(token) {
            Some((protected, payload, signature)) => Ok(Self { token, protected, payload, signature }),
            None => Err(match token.split('.').count() {
                5 => TokenError::Encrypted,
                parts => TokenError::Parts(parts),
            }),
        }
    }

    /// RFC 7515 §5.2, steps 2 to 5.
    pub(crate) fn header(&self, limits: &Limits, scratch: &mut Scratch) -> Result<Header, TokenError> {
        let json = decode_in("header", self.protected, scratch)?;
        bounded("header", json.len(), limits.header_bytes)?;
        match Header::named(json, limits.json_depth) {
            Ok(header) => Ok(header),
            Err(Unusual) => Header::new(object("header", json, limits.header_bytes, limits)?, Object::new()),
        }
    }

    /// RFC 7515 §5.2, step 7.
    pub(crate) fn signature<'s>(&self, scratch: &'s mut Scratch) -> Result<&'s [u8], TokenError> {
        decode_in("signature", self.signature, scratch)
    }

    /// What was signed, where the payload is inside.
    pub(crate) fn signing_input(&self) -> &'a [u8] {
        &self.token.as_bytes()[..self.protected.len() + 1 + self.payload.len()]
    }

    pub(crate) fn protected(&self) -> &'a str {
        self.protected
    }
}

fn three(token: &str) -> Option<(&str, &str, &str)> {
    let mut dots = Places::new(token.as_bytes(), b'.');
    let (first, second) = (dots.next()?, dots.next()?);
    if dots.next().is_some() {
        return None;
    }
    Some((&token[..first], &token[first + 1..second], &token[second + 1..]))
}

pub(crate) fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, TokenError> {
    base64url::decode(text).map_err(|_| TokenError::Base64url(part))
}

/// The same for a moment.
pub(crate) fn decode_in<'s>(part: &'static str, text: &str, scratch: &'s mut Scratch) -> Result<&'s [u8], TokenError> {
    base64url::decode_in(text, scratch).map_err(|_| TokenError::Base64url(part))
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
