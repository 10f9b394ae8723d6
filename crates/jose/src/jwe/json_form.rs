//! Encrypting into the JSON forms (RFC 7516 §7.2).

use serde_json::json;
use zeroize::Zeroizing;

use super::encrypt::{check, key_members};
use super::options::{Compression, HeaderText};
use super::wrap::{Choices, random_key, wrap};
use super::{EncryptError, Options, content, zip};
use crate::alg::ContentEncryption;
use crate::base64url;
use crate::json::{Object, Value};
use crate::jwk::EncryptionKey;
use crate::provider::Provider;

/// Where `alg`, `kid`, `enc` and the algorithm's own members stand.
///
/// ```
/// use vestibule_jose::alg::ContentEncryption;
/// use vestibule_jose::jwe::{JsonEncrypter, Options, Placement, inspect};
/// use vestibule_jose::{EncryptionKey, Limits, provider::aws_lc};
///
/// let to = EncryptionKey::from_secret(&[7; 16], None, None)?;
/// let options = Options::default();
/// let encrypter = JsonEncrypter::new(ContentEncryption::A128Gcm, &options).recipient(to);
/// let token = encrypter.placement(Placement::Protected).unprotected("note", "seen by all".into());
/// let token = token.flattened(aws_lc(), b"text")?;
/// assert!(inspect(&token, &Limits::DEFAULT)?.recipients()[0].header.is_protected("alg"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// All in the protected header; for one recipient alone.
    Protected,
    /// `enc` protected, the rest in each recipient's own header; for any number of recipients.
    #[default]
    PerRecipient,
    /// `enc` protected, the rest in the shared unprotected header; for one recipient alone (RFC 7520 §5.11).
    Shared,
    /// All in the shared unprotected header, and no protected one (RFC 7520 §5.12); for one recipient alone.
    Unprotected,
}

/// Writes the flattened form, or the general one for any number of recipients.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{JsonEncrypter, Options};
/// use vestibule_jose::jwk::EncryptionKey;
/// use vestibule_jose::provider;
///
/// let (a, b) = (EncryptionKey::from_secret(&[1; 16], None, None)?, EncryptionKey::from_secret(&[2; 32], None, None)?);
/// let options = Options::default();
/// let message = JsonEncrypter::new(ContentEncryption::A256Gcm, &options).recipient(a).recipient(b).aad(b"for both");
/// let token = message.general(provider::aws_lc(), b"one content, two keys")?;
/// assert!(token.starts_with('{'));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct JsonEncrypter<'a> {
    enc: ContentEncryption,
    options: &'a Options<'a>,
    recipients: Vec<EncryptionKey>,
    shared: Object,
    aad: &'a [u8],
    placement: Placement,
}

impl<'a> JsonEncrypter<'a> {
    /// For no recipient yet. What the options say is protected, unless [`Placement::Unprotected`] is asked for.
    pub fn new(enc: ContentEncryption, options: &'a Options<'a>) -> Self {
        let (recipients, shared) = (Vec::new(), Object::new());
        Self { enc, options, recipients, shared, aad: &[], placement: Placement::default() }
    }

    /// One more recipient.
    pub fn recipient(mut self, key: EncryptionKey) -> Self {
        self.recipients.push(key);
        self
    }

    /// A member of the shared unprotected header, which everybody on the way can change.
    pub fn unprotected(mut self, name: &str, value: Value) -> Self {
        self.shared.insert(name.to_owned(), value);
        self
    }

    /// Additional authenticated data, which is sent in clear and protected (RFC 7516 §7.2.1).
    pub fn aad(mut self, aad: &'a [u8]) -> Self {
        self.aad = aad;
        self
    }

    /// Where the members about the key stand.
    pub fn placement(mut self, placement: Placement) -> Self {
        self.placement = placement;
        self
    }

    /// The flattened form (RFC 7516 §7.2.2), for one recipient.
    pub fn flattened(&self, provider: &dyn Provider, plaintext: &[u8]) -> Result<String, EncryptError> {
        if self.recipients.len() != 1 {
            return Err(EncryptError::Recipients("the flattened form is for one recipient"));
        }
        let mut parts = self.seal(provider, plaintext)?;
        if let Some(Value::Object(recipient)) = parts.recipients.pop() {
            parts.outer.extend(recipient);
        }
        Ok(Value::Object(parts.outer).to_string())
    }

    /// The general form (RFC 7516 §7.2.1).
    pub fn general(&self, provider: &dyn Provider, plaintext: &[u8]) -> Result<String, EncryptError> {
        let mut parts = self.seal(provider, plaintext)?;
        parts.outer.insert("recipients".into(), Value::Array(parts.recipients));
        Ok(Value::Object(parts.outer).to_string())
    }

    fn seal(&self, provider: &dyn Provider, plaintext: &[u8]) -> Result<Parts, EncryptError> {
        self.check()?;
        let mut headers = Headers::default();
        let mut recipients = Vec::with_capacity(self.recipients.len());
        let mut content_key = None;
        if self.recipients.len() > 1 {
            content_key = Some(random_key(provider, self.enc)?);
        }
        for key in &self.recipients {
            let (recipient, used) = self.one(provider, key, content_key.as_ref(), &mut headers)?;
            recipients.push(recipient);
            content_key.get_or_insert(used);
        }
        let content_key = content_key.ok_or(EncryptError::Recipients("a JWE needs a recipient"))?;
        let (protected, shared) = self.finish(headers)?;

        let mut authenticated = base64url::encode(&protected);
        let protected = authenticated.clone();
        if !self.aad.is_empty() {
            authenticated.push('.');
            base64url::encode_to(self.aad, &mut authenticated);
        }
        let mut iv = [0; 16];
        let iv = &mut iv[..self.enc.iv_len()];
        provider.fill_random(iv)?;
        let compressed;
        let plaintext = match self.options.compression {
            Compression::None => plaintext,
            Compression::Deflate => {
                compressed = zip::deflate(plaintext);
                &compressed
            }
        };
        let (ciphertext, tag) =
            content::seal(provider, self.enc, &content_key, iv, authenticated.as_bytes(), plaintext)?;

        let mut outer = Object::new();
        let aad = base64url::encode(self.aad);
        // What would be empty is left out (RFC 7516 §7.2.1).
        for (name, value) in [("protected", protected), ("aad", aad)] {
            if !value.is_empty() {
                outer.insert(name.into(), value.into());
            }
        }
        if !shared.is_empty() {
            outer.insert("unprotected".into(), Value::Object(shared));
        }
        for (name, bytes) in [("iv", &*iv), ("ciphertext", &ciphertext), ("tag", &tag)] {
            outer.insert(name.into(), base64url::encode(bytes).into());
        }
        Ok(Parts { outer, recipients })
    }

    fn check(&self) -> Result<(), EncryptError> {
        let several = self.recipients.len() > 1;
        if self.recipients.is_empty() {
            return Err(EncryptError::Recipients("a JWE needs a recipient"));
        }
        if several && self.placement != Placement::PerRecipient {
            return Err(EncryptError::Recipients("several recipients need a header each"));
        }
        if let Some(key) = self.recipients.iter().find(|key| several && key.alg().is_direct()) {
            return Err(EncryptError::OneRecipient(key.alg()));
        }
        // RFC 7516 §4.1.3: `zip` counts only where it is protected.
        if self.placement == Placement::Unprotected && self.options.compression == Compression::Deflate {
            return Err(EncryptError::Header("zip".into()));
        }
        for name in self.shared.keys() {
            let own = matches!(name.as_str(), "typ" | "cty");
            if !own {
                self.options.check_name(name)?;
            }
            if self.options.has(name) {
                return Err(EncryptError::Header(name.clone()));
            }
        }
        Ok(())
    }

    /// One element of `recipients`, and the content key that it has.
    fn one(
        &self,
        provider: &dyn Provider,
        key: &EncryptionKey,
        given: Option<&Zeroizing<Vec<u8>>>,
        headers: &mut Headers,
    ) -> Result<(Value, Zeroizing<Vec<u8>>), EncryptError> {
        let p2c = check(key, self.enc, self.options)?;
        let (apu, apv) = (self.options.apu.unwrap_or_default(), self.options.apv.unwrap_or_default());
        let wrapped = wrap(provider, key, self.enc, &Choices { apu, apv, p2c }, given)?;
        let mut recipient = Object::new();
        let mut own = HeaderText::default();
        let text = match self.placement {
            Placement::Protected => &mut headers.protected,
            Placement::PerRecipient => &mut own,
            Placement::Shared | Placement::Unprotected => &mut headers.shared,
        };
        key_members(key, text);
        text.raw(&wrapped.members);
        if !own.is_empty() {
            recipient.insert("header".into(), serde_json::from_str(&own.finish())?);
        }
        if !wrapped.encrypted_key.is_empty() {
            recipient.insert("encrypted_key".into(), json!(base64url::encode(&wrapped.encrypted_key)));
        }
        Ok((Value::Object(recipient), wrapped.content_key))
    }

    /// The protected header's text and the shared header, with what does not depend on the recipients.
    fn finish(&self, mut headers: Headers) -> Result<(String, Object), EncryptError> {
        let text = match self.placement {
            Placement::Unprotected => &mut headers.shared,
            _ => &mut headers.protected,
        };
        self.options.write_members(text)?;
        Options::write_content(self.enc, text);
        self.options.write_compression(text);
        let mut shared = self.shared.clone();
        if !headers.shared.is_empty() {
            shared.extend(serde_json::from_str::<Object>(&headers.shared.finish())?);
        }
        Ok((headers.protected.finish(), shared))
    }
}

/// The two headers that all recipients share, as they grow.
#[derive(Default)]
struct Headers {
    protected: HeaderText,
    shared: HeaderText,
}

struct Parts {
    outer: Object,
    recipients: Vec<Value>,
}
