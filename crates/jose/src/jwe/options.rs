//! What the writer of a JWE chooses beside key and content encryption.

use super::EncryptError;
use crate::alg::ContentEncryption;
use crate::json::{Object, Value};

/// What a JWE says besides `alg`, `enc` and `kid`, and how it is made.
///
/// ```
/// use vestibule_jose::jwe::Options;
///
/// let nested = Options::default().cty("JWT");
/// let with_issuer = Options::default().typ("JWT").member("iss", "https://id.example".into());
/// # let _ = (nested, with_issuer);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    typ: Option<&'a str>,
    cty: Option<&'a str>,
    members: Object,
    pub(super) apu: Option<&'a [u8]>,
    pub(super) apv: Option<&'a [u8]>,
    pub(super) p2c: Option<u32>,
    pub(super) compression: Compression,
}

/// Whether the plaintext is compressed before it is encrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Compression {
    #[default]
    None,
    Deflate,
}

impl<'a> Options<'a> {
    /// The token's type (RFC 7516 §4.1.11).
    pub fn typ(mut self, typ: &'a str) -> Self {
        self.typ = Some(typ);
        self
    }

    /// The type of what is inside (RFC 7516 §4.1.12): `JWT` for a signed token (RFC 7519 §5.2).
    pub fn cty(mut self, cty: &'a str) -> Self {
        self.cty = Some(cty);
        self
    }

    /// One more header member, such as a claim that the recipient must see before it opens the token (RFC 7519 §5.3).
    /// The members that key and options set may not stand here.
    pub fn member(mut self, name: &str, value: Value) -> Self {
        self.members.insert(name.to_owned(), value);
        self
    }

    /// Who encrypts, which goes into the agreed key (RFC 7518 §4.6.1.2). Other algorithms than ECDH-ES pass it over.
    ///
    /// ```
    /// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
    /// use vestibule_jose::jwe::{Options, encrypt};
    /// use vestibule_jose::{DecryptionKey, EncryptionKey, provider::aws_lc};
    ///
    /// let key = DecryptionKey::generate(aws_lc(), KeyManagement::EcdhEs)?;
    /// let to = key.encryption_key().expect("the public half");
    /// assert!(encrypt(aws_lc(), &to, ContentEncryption::A128Gcm, &Options::default().apu(b"Alice").apv(b"Bob"), b"text").is_ok());
    /// // Rounds are of passwords alone.
    /// let password = EncryptionKey::from_password(b"correct horse battery staple", None)?;
    /// assert!(encrypt(aws_lc(), &password, ContentEncryption::A128Gcm, &Options::default().p2c(1000), b"text").is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apu(mut self, apu: &'a [u8]) -> Self {
        self.apu = Some(apu);
        self
    }

    /// For whom (RFC 7518 §4.6.1.3).
    pub fn apv(mut self, apv: &'a [u8]) -> Self {
        self.apv = Some(apv);
        self
    }

    /// Rounds of PBKDF2 (RFC 7518 §4.8.1.2); 600,000 with SHA-256 and 220,000 with the longer hashes unless said.
    pub fn p2c(mut self, rounds: u32) -> Self {
        self.p2c = Some(rounds);
        self
    }

    /// Compresses the plaintext (`zip: DEF`). The length of the token then tells of what is in it; where an attacker
    /// has a say in the plaintext, it can be read out that way (RFC 8725 §3.6).
    pub fn deflate(mut self) -> Self {
        self.compression = Compression::Deflate;
        self
    }

    /// Writes `typ`, `cty` and the other members.
    pub(super) fn write_members(&self, text: &mut HeaderText) -> Result<(), EncryptError> {
        for (name, value) in [("typ", self.typ), ("cty", self.cty)] {
            if let Some(value) = value {
                text.string(name, value);
            }
        }
        for (name, value) in &self.members {
            self.check_name(name)?;
            text.json(name, value);
        }
        Ok(())
    }

    /// Writes `enc`.
    pub(super) fn write_content(enc: ContentEncryption, text: &mut HeaderText) {
        text.string("enc", enc.as_str());
    }

    /// Writes `zip`.
    pub(super) fn write_compression(&self, text: &mut HeaderText) {
        if self.compression == Compression::Deflate {
            text.string("zip", "DEF");
        }
    }

    /// Names that are not the caller's to set.
    pub(super) fn check_name(&self, name: &str) -> Result<(), EncryptError> {
        if RESERVED.contains(&name) { Err(EncryptError::Header(name.to_owned())) } else { Ok(()) }
    }

    /// Whether the options put this member into the protected header.
    pub(super) fn has(&self, name: &str) -> bool {
        match name {
            "typ" => self.typ.is_some(),
            "cty" => self.cty.is_some(),
            name => self.members.contains_key(name),
        }
    }
}

/// A JSON object that is written member by member in an order of our own.
#[derive(Clone, Debug, Default)]
pub(super) struct HeaderText(String);

impl HeaderText {
    pub(super) fn string(&mut self, name: &str, value: &str) {
        self.json(name, &Value::from(value));
    }

    pub(super) fn json(&mut self, name: &str, value: &Value) {
        self.raw(&format!("{}:{value}", Value::from(name)));
    }

    /// Members that are written already.
    pub(super) fn raw(&mut self, members: &str) {
        if members.is_empty() {
            return;
        }
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(members);
    }

    /// The members without braces.
    pub(super) fn members(&self) -> &str {
        self.0.get(1..).unwrap_or_default()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The object; empty where nothing was written.
    pub(super) fn finish(mut self) -> String {
        if !self.0.is_empty() {
            self.0.push('}');
        }
        self.0
    }
}

/// Set by key and options; `crit` would need an extension, and none is written here.
const RESERVED: &[&str] =
    &["alg", "enc", "zip", "kid", "typ", "cty", "crit", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"];
