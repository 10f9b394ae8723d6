//! Taking a message of any form apart, strictly, without believing it (RFC 7515 §5.2, §7).

use std::fmt;

use super::critical::{self, Encoding, fits_compact};
use super::parts::decode;
use super::{Compact, Header, TokenError, bounded, object};
use crate::base64url;
use crate::json::{Object, Value};
use crate::limits::Limits;
use crate::scratch::Scratch;

/// How a JWS is written.
///
/// ```
/// use vestibule_jose::jws::{Form, inspect};
/// use vestibule_jose::Limits;
///
/// let message = inspect("eyJhbGciOiJFUzI1NiJ9.aGk.AA", &Limits::DEFAULT)?;
/// assert_eq!((message.form, message.form.to_string().as_str()), (Form::Compact, "compact"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// `header.payload.signature` (RFC 7515 §7.1)
    Compact,
    /// A JSON object with `signature` (RFC 7515 §7.2.2)
    Flattened,
    /// A JSON object with `signatures` (RFC 7515 §7.2.1)
    General,
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Compact => "compact",
            Self::Flattened => "flattened",
            Self::General => "general",
        })
    }
}

/// What a message says, which nobody has verified. It is a type of its own so that it cannot pass for
/// [`super::Verified`].
///
/// ```
/// use vestibule_jose::jws::{Unverified, inspect};
/// use vestibule_jose::Limits;
///
/// let Unverified { payload, signatures, .. } = inspect("eyJhbGciOiJFUzI1NiJ9.aGk.AA", &Limits::DEFAULT)?;
/// assert_eq!((payload.as_deref(), signatures.len()), (Some(&b"hi"[..]), 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Unverified {
    /// How it is written.
    pub form: Form,
    /// The payload, decoded; `None` where the text has none, so that it is detached. The compact form cannot tell a
    /// detached payload from one without bytes.
    pub payload: Option<Vec<u8>>,
    /// The signatures, one or more.
    pub signatures: Vec<UnverifiedSignature>,
}

/// One signature of an [`Unverified`] message.
///
/// ```
/// use vestibule_jose::jws::{UnverifiedSignature, inspect};
/// use vestibule_jose::Limits;
///
/// let message = inspect("eyJhbGciOiJFUzI1NiJ9.aGk.AA", &Limits::DEFAULT)?;
/// let UnverifiedSignature { header, signature } = &message.signatures[0];
/// assert_eq!((header.alg_name(), signature.as_slice()), ("ES256", &[0][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct UnverifiedSignature {
    /// Its headers.
    pub header: Header,
    /// Its bytes.
    pub signature: Vec<u8>,
}

/// Reads a message of any form without verifying anything, to choose a key or to show it to a person. Extensions in
/// `crit` are not asked for.
///
/// ```
/// use vestibule_jose::{Limits, jws};
///
/// let message = jws::inspect("eyJhbGciOiJFUzI1NiJ9.aGk.AA", &Limits::DEFAULT)?;
/// assert_eq!(message.payload.as_deref(), Some(&b"hi"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn inspect(text: &str, limits: &Limits) -> Result<Unverified, TokenError> {
    let message = read(text, limits)?;
    let signatures = message.signatures.into_iter();
    let signatures = signatures.map(|one| UnverifiedSignature { header: one.header, signature: one.bytes }).collect();
    Ok(Unverified { form: message.form, payload: message.payload, signatures })
}

/// A message taken apart.
pub(super) struct Message {
    pub(super) form: Form,
    pub(super) encoding: Encoding,
    /// Decoded.
    pub(super) payload: Option<Vec<u8>>,
    pub(super) signatures: Vec<Signed>,
}

/// One signature and what it stands for.
pub(super) struct Signed {
    pub(super) header: Header,
    /// The protected header as it was written; empty where there is none.
    pub(super) protected: String,
    pub(super) bytes: Vec<u8>,
}

/// A text that begins with a brace is JSON, any other is compact; base64url has no brace (RFC 7516 §9).
pub(super) fn read(text: &str, limits: &Limits) -> Result<Message, TokenError> {
    bounded("message", text.len(), limits.token_bytes)?;
    if text.trim_ascii_start().starts_with('{') { read_json(text, limits) } else { read_compact(text, limits) }
}

/// The bytes that a signature is over (RFC 7515 §5.1, RFC 7797 §3).
pub(super) fn signing_input(protected: &str, encoding: Encoding, payload: &[u8]) -> Vec<u8> {
    let mut input = String::with_capacity(protected.len() + 1 + base64url::encoded_len(payload.len()));
    input.push_str(protected);
    input.push('.');
    match encoding {
        Encoding::Base64url => {
            base64url::encode_to(payload, &mut input);
            input.into_bytes()
        }
        Encoding::Plain => [input.as_bytes(), payload].concat(),
    }
}

fn read_compact(text: &str, limits: &Limits) -> Result<Message, TokenError> {
    let parts = Compact::split(text, limits)?;
    let mut scratch = Scratch::new();
    let header = parts.header(limits, &mut scratch)?;
    let encoding = critical::encoding(&header)?;
    let payload = match encoding {
        Encoding::Base64url => decode("payload", parts.payload)?,
        Encoding::Plain if fits_compact(parts.payload.as_bytes()) => parts.payload.as_bytes().to_vec(),
        Encoding::Plain => {
            return Err(TokenError::Unencoded("the payload has signs that the compact form cannot carry unencoded"));
        }
    };
    let bytes = parts.signature(&mut scratch)?.to_vec();
    let signed = Signed { header, protected: parts.protected().to_owned(), bytes };
    Ok(Message { form: Form::Compact, encoding, payload: Some(payload), signatures: vec![signed] })
}

/// RFC 7515 §7.2. Members that are not known are passed over, as it demands.
fn read_json(text: &str, limits: &Limits) -> Result<Message, TokenError> {
    let mut members = object("message", text.as_bytes(), limits.token_bytes, limits)?;
    if members.contains_key("ciphertext") {
        return Err(TokenError::Encrypted);
    }
    let payload = members.remove("payload");
    let (form, signatures) = match (members.remove("signatures"), members.contains_key("signature")) {
        (Some(_), true) => return Err(TokenError::Serialization("it has \"signature\" and \"signatures\"")),
        (Some(_), false) if members.contains_key("protected") || members.contains_key("header") => {
            return Err(TokenError::Serialization("it has \"signatures\" and a header outside of them"));
        }
        (Some(signatures), false) => (Form::General, general(signatures, limits)?),
        (None, true) => (Form::Flattened, vec![signed(members, limits)?]),
        (None, false) => return Err(TokenError::Serialization("it has neither \"signature\" nor \"signatures\"")),
    };
    let encoding = one_encoding(&signatures)?;
    let payload = match (payload, encoding) {
        (None, _) => None,
        (Some(Value::String(text)), Encoding::Base64url) => Some(decode("payload", &text)?),
        (Some(Value::String(text)), Encoding::Plain) => Some(text.into_bytes()),
        (Some(_), _) => return Err(TokenError::Serialization("\"payload\" is not a string")),
    };
    Ok(Message { form, encoding, payload, signatures })
}

fn general(signatures: Value, limits: &Limits) -> Result<Vec<Signed>, TokenError> {
    let Value::Array(signatures) = signatures else {
        return Err(TokenError::Serialization("\"signatures\" is not an array"));
    };
    if signatures.is_empty() {
        return Err(TokenError::Serialization("\"signatures\" is empty"));
    }
    if signatures.len() > limits.signatures {
        return Err(TokenError::Signatures { found: signatures.len(), limit: limits.signatures });
    }
    let each = signatures.into_iter().map(|one| match one {
        Value::Object(members) => signed(members, limits),
        _ => Err(TokenError::Serialization("an element of \"signatures\" is not an object")),
    });
    each.collect()
}

/// `protected`, `header` and `signature`. A header that is empty must be absent.
fn signed(mut members: Object, limits: &Limits) -> Result<Signed, TokenError> {
    let protected = match members.remove("protected") {
        None => String::new(),
        Some(Value::String(text)) if !text.is_empty() => text,
        Some(_) => return Err(TokenError::Serialization("\"protected\" is not a string with a header in it")),
    };
    let unprotected = match members.remove("header") {
        None => Object::new(),
        Some(Value::Object(unprotected)) if !unprotected.is_empty() => unprotected,
        Some(_) => return Err(TokenError::Serialization("\"header\" is not an object with members")),
    };
    let Some(Value::String(signature)) = members.remove("signature") else {
        return Err(TokenError::Serialization("\"signature\" is not a string"));
    };
    let inside = match protected.is_empty() {
        true => Object::new(),
        false => object("header", &decode("header", &protected)?, limits.header_bytes, limits)?,
    };
    let header = Header::new(inside, unprotected)?;
    Ok(Signed { header, protected, bytes: decode("signature", &signature)? })
}

/// RFC 7797 §3: one payload, so that all signatures must say the same of it.
fn one_encoding(signatures: &[Signed]) -> Result<Encoding, TokenError> {
    let mut all = signatures.iter().map(|one| critical::encoding(&one.header));
    let first = all.next().unwrap_or(Ok(Encoding::Base64url))?;
    for other in all {
        if other? != first {
            return Err(TokenError::Unencoded("the signatures do not agree on \"b64\""));
        }
    }
    Ok(first)
}
