//! Taking a JWE apart, strictly, without opening it (RFC 7516 §7).

use std::borrow::Cow;

use super::{Header, JweError};
use crate::find::Places;
use crate::json::plain::Unusual;
use crate::json::{self, JsonError, Object, Value};
use crate::scratch::Scratch;
use crate::{Limits, base64url};

/// The three serializations of RFC 7516 §7.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::jwe::{Form, inspect};
///
/// let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
/// assert_eq!(inspect(token, &Limits::DEFAULT)?.form(), Form::Compact);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Five parts with dots between (§7.1).
    Compact,
    /// JSON with one recipient (§7.2.2).
    Flattened,
    /// JSON with any number of recipients (§7.2.1).
    General,
}

/// A JWE taken apart, of which nothing has been proven.
///
/// ```
/// use vestibule_jose::alg::ContentEncryption;
/// use vestibule_jose::jwe::{Form, JsonEncrypter, Message, Options, inspect};
/// use vestibule_jose::{EncryptionKey, Limits, provider::aws_lc};
///
/// let to = EncryptionKey::from_secret(&[7; 16], None, None)?;
/// let options = Options::default();
/// let token = JsonEncrypter::new(ContentEncryption::A128Gcm, &options).recipient(to).aad(b"seen").general(aws_lc(), b"text")?;
/// let message: Message<'_> = inspect(&token, &Limits::DEFAULT)?;
/// assert_eq!((message.form(), message.aad()), (Form::General, Some(&b"seen"[..])));
/// assert_eq!((message.iv().len(), message.ciphertext().len(), message.tag().len()), (12, 4, 16));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Message<'a> {
    pub(super) form: Form,
    /// The protected header as it stands in the token; empty where there is none.
    pub(super) protected: Cow<'a, str>,
    pub(super) recipients: Vec<Recipient>,
    pub(super) iv: Vec<u8>,
    pub(super) ciphertext: Vec<u8>,
    pub(super) tag: Vec<u8>,
    /// As it stands in the token, and decoded.
    pub(super) aad: Option<(String, Vec<u8>)>,
}

/// For whom a JWE is.
///
/// ```
/// use vestibule_jose::Limits;
/// use vestibule_jose::jwe::{Recipient, inspect};
///
/// let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
/// let message = inspect(token, &Limits::DEFAULT)?;
/// let Recipient { header, encrypted_key } = &message.recipients()[0];
/// assert_eq!((header.alg_name(), encrypted_key.len()), ("dir", 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    /// The joint header.
    pub header: Header,
    /// The content key, encrypted; empty where it is agreed or shared (RFC 7518 §4.5, §4.6).
    pub encrypted_key: Vec<u8>,
}

/// Reads a JWE of any form without opening it, to choose a key or to show it to a person.
///
/// ```
/// use vestibule_jose::{Limits, jwe};
///
/// let token = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA";
/// let message = jwe::inspect(token, &Limits::DEFAULT)?;
/// assert_eq!(message.form(), jwe::Form::Compact);
/// assert_eq!(message.recipients()[0].header.alg_name(), "dir");
/// # Ok::<(), jwe::JweError>(())
/// ```
pub fn inspect<'a>(token: &'a str, limits: &Limits) -> Result<Message<'a>, JweError> {
    if token.trim_start().starts_with('{') { json_form(token, limits) } else { compact(token, limits) }
}

/// RFC 7516 §5.2, steps 1 to 5.
pub(super) fn compact<'a>(token: &'a str, limits: &Limits) -> Result<Message<'a>, JweError> {
    bounded("token", token.len(), limits.token_bytes)?;
    let Some([header, key, iv, ciphertext, tag]) = five(token) else {
        return Err(match token.split('.').count() {
            3 => JweError::Signed,
            parts => JweError::Parts(parts),
        });
    };
    let recipient = Recipient { header: protected(header, limits)?, encrypted_key: decode(KEY, key)? };
    Ok(Message {
        form: Form::Compact,
        protected: Cow::Borrowed(header),
        recipients: vec![recipient],
        iv: decode("iv", iv)?,
        ciphertext: decode("ciphertext", ciphertext)?,
        tag: decode("tag", tag)?,
        aad: None,
    })
}

fn five(token: &str) -> Option<[&str; 5]> {
    let mut dots = Places::new(token.as_bytes(), b'.');
    let [a, b, c, d] = [dots.next()?, dots.next()?, dots.next()?, dots.next()?];
    if dots.next().is_some() {
        return None;
    }
    Some([&token[..a], &token[a + 1..b], &token[b + 1..c], &token[c + 1..d], &token[d + 1..]])
}

/// RFC 7516 §7.2.
pub(super) fn json_form(token: &str, limits: &Limits) -> Result<Message<'static>, JweError> {
    bounded("token", token.len(), limits.token_bytes)?;
    let mut outer = object("token", token.as_bytes(), limits.token_bytes, limits)?;
    // RFC 7516 §9: these make it a JWS. One that is both is neither.
    if ["payload", "signature", "signatures"].into_iter().any(|name| outer.contains_key(name)) {
        return Err(JweError::Signed);
    }
    let protected_text = text(&mut outer, "protected")?;
    let protected = match &protected_text {
        Some(text) => header_object(text, limits)?,
        None => Object::new(),
    };
    let shared = inner_object(&mut outer, "unprotected")?;
    let (form, recipients) = match outer.remove("recipients") {
        Some(list) => {
            if let Some(name) = ["header", KEY].into_iter().find(|name| outer.contains_key(*name)) {
                return Err(JweError::MixedForms(name));
            }
            (Form::General, several(list, &protected, &shared, limits)?)
        }
        None => (Form::Flattened, vec![recipient(&mut outer, &protected, &shared)?]),
    };
    let aad = match text(&mut outer, "aad")? {
        Some(text) => Some((decode("aad", &text)?, text)).map(|(bytes, text)| (text, bytes)),
        None => None,
    };
    let mut needed = |name| decode(name, &text(&mut outer, name)?.ok_or(JweError::Missing(name))?);
    let (iv, tag) = (needed("iv")?, needed("tag")?);
    // Of all members this alone may be empty: it must be there (§7.2.1).
    let ciphertext = match outer.remove("ciphertext") {
        Some(Value::String(text)) => decode("ciphertext", &text)?,
        Some(_) => return Err(JweError::Member { member: "ciphertext", expected: "a string" }),
        None => return Err(JweError::Missing("ciphertext")),
    };
    let protected = Cow::Owned(protected_text.unwrap_or_default());
    Ok(Message { form, protected, recipients, iv, ciphertext, tag, aad })
}

fn several(list: Value, protected: &Object, shared: &Object, limits: &Limits) -> Result<Vec<Recipient>, JweError> {
    const WRONG: JweError = JweError::Member { member: "recipients", expected: "an array of objects" };
    let Value::Array(list) = list else { return Err(WRONG) };
    if list.is_empty() || list.len() > limits.recipients {
        return Err(JweError::Recipients { found: list.len(), limit: limits.recipients });
    }
    let recipients = list.into_iter().map(|element| match element {
        Value::Object(mut members) => recipient(&mut members, protected, shared),
        _ => Err(WRONG),
    });
    let recipients = recipients.collect::<Result<Vec<_>, _>>()?;
    if recipients.iter().any(|one| one.header.enc_name() != recipients[0].header.enc_name()) {
        return Err(JweError::Different);
    }
    Ok(recipients)
}

fn recipient(members: &mut Object, protected: &Object, shared: &Object) -> Result<Recipient, JweError> {
    let own = inner_object(members, "header")?;
    let encrypted_key = match text(members, KEY)? {
        Some(text) => decode(KEY, &text)?,
        None => Vec::new(),
    };
    Ok(Recipient { header: Header::joint(protected, [shared, &own])?, encrypted_key })
}

impl Message<'_> {
    /// Its form.
    pub fn form(&self) -> Form {
        self.form
    }

    /// The recipients with their headers; at least one.
    pub fn recipients(&self) -> &[Recipient] {
        &self.recipients
    }

    /// The additional authenticated data of the JSON forms.
    pub fn aad(&self) -> Option<&[u8]> {
        self.aad.as_ref().map(|(_, bytes)| bytes.as_slice())
    }

    /// The initialization vector.
    pub fn iv(&self) -> &[u8] {
        &self.iv
    }

    /// The encrypted content.
    pub fn ciphertext(&self) -> &[u8] {
        &self.ciphertext
    }

    /// The authentication tag.
    pub fn tag(&self) -> &[u8] {
        &self.tag
    }

    /// What the tag covers beside the ciphertext (RFC 7516 §5.2, step 15).
    pub(super) fn authenticated(&self) -> Cow<'_, str> {
        match &self.aad {
            None => Cow::Borrowed(self.protected.as_ref()),
            Some((text, _)) => Cow::Owned(format!("{}.{text}", self.protected)),
        }
    }
}

/// The header of a compact token. What is plain is read where it lies.
fn protected(text: &str, limits: &Limits) -> Result<Header, JweError> {
    let mut scratch = Scratch::new();
    let json = base64url::decode_in(text, &mut scratch).map_err(|_| JweError::Base64url("header"))?;
    bounded("header", json.len(), limits.header_bytes)?;
    match Header::named(json, limits.json_depth) {
        Ok(header) => Ok(header),
        Err(Unusual) => Header::protected(object("header", json, limits.header_bytes, limits)?),
    }
}

fn header_object(text: &str, limits: &Limits) -> Result<Object, JweError> {
    object("header", &decode("header", text)?, limits.header_bytes, limits)
}

fn object(part: &'static str, text: &[u8], limit: usize, limits: &Limits) -> Result<Object, JweError> {
    bounded(part, text.len(), limit)?;
    match json::parse(text, limit, limits.json_depth) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(other) => Err(JweError::Json { part, error: JsonError::NotAnObject(json::kind(&other)) }),
        Err(error) => Err(JweError::Json { part, error }),
    }
}

fn inner_object(members: &mut Object, member: &'static str) -> Result<Object, JweError> {
    match members.remove(member) {
        None => Ok(Object::new()),
        Some(Value::Object(inner)) if inner.is_empty() => Err(JweError::Empty(member)),
        Some(Value::Object(inner)) => Ok(inner),
        Some(_) => Err(JweError::Member { member, expected: "an object" }),
    }
}

/// A string, which is left out where it would be empty (RFC 7516 §7.2.1).
fn text(members: &mut Object, member: &'static str) -> Result<Option<String>, JweError> {
    match members.remove(member) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Err(JweError::Empty(member)),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(JweError::Member { member, expected: "a string" }),
    }
}

fn decode(part: &'static str, text: &str) -> Result<Vec<u8>, JweError> {
    base64url::decode(text).map_err(|_| JweError::Base64url(part))
}

fn bounded(part: &'static str, found: usize, limit: usize) -> Result<(), JweError> {
    if found > limit { Err(JweError::TooLong { part, found, limit }) } else { Ok(()) }
}

const KEY: &str = "encrypted_key";
