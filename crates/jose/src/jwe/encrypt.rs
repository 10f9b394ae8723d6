//! Encrypting into the compact form (RFC 7516 §5.1, §7.1).

use serde::Serialize;

use super::options::{Compression, HeaderText};
use super::wrap::{Choices, Wrapped, rounds, wrap};
use super::{EncryptError, Options, content, zip};
use crate::alg::{ContentEncryption, Hash, Mode};
use crate::base64url;
use crate::jwk::EncryptionKey;
use crate::provider::Provider;

/// Encrypts once, into the compact form. Who encrypts more than once keeps an [`Encrypter`].
///
/// A JWT that is signed and then encrypted (RFC 7519 §11.2) says so with `cty`:
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{self, Options};
/// use vestibule_jose::jwk::EncryptionKey;
/// use vestibule_jose::{JwsAlgorithm, SigningKey, jwt, provider};
///
/// let provider = provider::aws_lc();
/// let signing = SigningKey::generate(provider, JwsAlgorithm::ES256)?;
/// let signed = jwt::sign(&signing, &jwt::HeaderExtras::default(), &serde_json::json!({"sub": "ada"}))?;
/// let theirs = EncryptionKey::from_secret(&[7; 16], Some(KeyManagement::Dir), None)?;
/// let options = Options::default().cty("JWT");
/// let nested = jwe::encrypt(provider, &theirs, ContentEncryption::A128Gcm, &options, signed.as_bytes())?;
/// assert_eq!(nested.split('.').count(), 5);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encrypt(
    provider: &dyn Provider,
    key: &EncryptionKey,
    enc: ContentEncryption,
    options: &Options<'_>,
    plaintext: &[u8],
) -> Result<String, EncryptError> {
    Encrypter::new(key.clone(), enc, options)?.encrypt(provider, plaintext)
}

/// A key with its header written once, and encoded once where nothing in it changes; cheap to clone, made to be kept.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{Encrypter, Options};
/// use vestibule_jose::jwk::EncryptionKey;
/// use vestibule_jose::provider;
///
/// let key = EncryptionKey::from_secret(&[7; 32], Some(KeyManagement::A256Kw), Some("shared-1".into()))?;
/// let encrypter = Encrypter::new(key, ContentEncryption::A256Gcm, &Options::default().cty("text/plain"))?;
/// let token = encrypter.encrypt(provider::aws_lc(), b"one")?;
/// assert_ne!(token, encrypter.encrypt(provider::aws_lc(), b"one")?, "another content key each time");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Encrypter {
    key: EncryptionKey,
    enc: ContentEncryption,
    header: Header,
    apu: Box<[u8]>,
    apv: Box<[u8]>,
    p2c: u32,
    compression: Compression,
}

/// The protected header, as far as it is known before.
#[derive(Clone, Debug)]
enum Header {
    /// Encoded.
    Fixed(Box<str>),
    /// The members before and after those that each encryption makes.
    Around(HeaderText, Box<str>),
}

impl Encrypter {
    /// Writes the header: `alg` and `kid` of the key, what the options say, `enc`.
    pub fn new(key: EncryptionKey, enc: ContentEncryption, options: &Options<'_>) -> Result<Self, EncryptError> {
        let p2c = check(&key, enc, options)?;
        let mut before = HeaderText::default();
        key_members(&key, &mut before);
        let mut after = HeaderText::default();
        options.write_members(&mut after)?;
        Options::write_content(enc, &mut after);
        options.write_compression(&mut after);
        let header = match key.alg().mode() {
            Mode::Rsa | Mode::Wrap(_) | Mode::Direct => {
                before.raw(after.members());
                Header::Fixed(base64url::encode(before.finish()).into_boxed_str())
            }
            _ => Header::Around(before, after.members().into()),
        };
        let compression = options.compression;
        let (apu, apv) = (options.apu.unwrap_or_default().into(), options.apv.unwrap_or_default().into());
        Ok(Self { key, enc, header, apu, apv, p2c, compression })
    }

    /// The key.
    pub fn key(&self) -> &EncryptionKey {
        &self.key
    }

    /// Encrypts bytes, for a nested JWT those of the signed token.
    pub fn encrypt(&self, provider: &dyn Provider, plaintext: &[u8]) -> Result<String, EncryptError> {
        let choices = Choices { apu: &self.apu, apv: &self.apv, p2c: self.p2c };
        let wrapped = wrap(provider, &self.key, self.enc, &choices, None)?;
        match self.compression {
            Compression::None => self.assemble(provider, &wrapped, plaintext),
            Compression::Deflate => self.assemble(provider, &wrapped, &zip::deflate(plaintext)),
        }
    }

    /// Encrypts claims, as RFC 7519 §7.1 has it.
    ///
    /// ```
    /// use vestibule_jose::alg::ContentEncryption;
    /// use vestibule_jose::jwe::{Encrypter, Options};
    /// use vestibule_jose::{EncryptionKey, provider::aws_lc};
    /// use serde_json::json;
    ///
    /// let to = EncryptionKey::from_secret(&[7; 16], None, None)?;
    /// let encrypter = Encrypter::new(to, ContentEncryption::A128Gcm, &Options::default().typ("JWT"))?;
    /// assert_eq!(encrypter.encrypt_claims(aws_lc(), &json!({"sub": "ada"}))?.split('.').count(), 5);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn encrypt_claims(&self, provider: &dyn Provider, claims: &impl Serialize) -> Result<String, EncryptError> {
        let json = zeroize::Zeroizing::new(serde_json::to_vec(claims)?);
        if json.first() == Some(&b'{') { self.encrypt(provider, &json) } else { Err(EncryptError::NotAnObject) }
    }

    /// One allocation for the token, as long as it will be.
    fn assemble(&self, provider: &dyn Provider, wrapped: &Wrapped, plaintext: &[u8]) -> Result<String, EncryptError> {
        let iv_len = self.enc.iv_len();
        let rest = [wrapped.encrypted_key.len(), iv_len, ciphertext_len(self.enc, plaintext.len()), self.enc.tag_len()]
            .map(|len| 1 + base64url::encoded_len(len))
            .iter()
            .sum::<usize>();
        let mut token = self.begin(&wrapped.members, rest);
        let mut iv = [0; 16];
        let iv = &mut iv[..iv_len];
        provider.fill_random(iv)?;
        let (ciphertext, tag) =
            content::seal(provider, self.enc, &wrapped.content_key, iv, token.as_bytes(), plaintext)?;
        for part in [wrapped.encrypted_key.as_slice(), iv, &ciphertext, &tag] {
            token.push('.');
            base64url::encode_to(part, &mut token);
        }
        Ok(token)
    }

    /// The encoded header, with room for the rest.
    fn begin(&self, members: &str, rest: usize) -> String {
        match &self.header {
            Header::Fixed(encoded) => {
                let mut token = String::with_capacity(encoded.len() + rest);
                token.push_str(encoded);
                token
            }
            Header::Around(before, after) => {
                let mut header = before.clone();
                header.raw(members);
                header.raw(after);
                let header = header.finish();
                let mut token = String::with_capacity(base64url::encoded_len(header.len()) + rest);
                base64url::encode_to(header.as_bytes(), &mut token);
                token
            }
        }
    }
}

/// What must hold for any form; gives the rounds of PBES2.
pub(super) fn check(key: &EncryptionKey, enc: ContentEncryption, options: &Options<'_>) -> Result<u32, EncryptError> {
    if !key.allows_content(enc) {
        return Err(EncryptError::Content(enc));
    }
    let hash = match key.alg().mode() {
        Mode::Password(hash, _) => hash,
        _ => Hash::Sha256,
    };
    match rounds(options, hash) {
        0 => Err(EncryptError::Rounds),
        p2c => Ok(p2c),
    }
}

/// `alg`, and `kid` where the key has one.
pub(super) fn key_members(key: &EncryptionKey, text: &mut HeaderText) {
    text.string("alg", key.alg().as_str());
    if let Some(kid) = key.kid() {
        text.string("kid", kid);
    }
}

/// CBC fills the last block, or adds one (RFC 7518 §5.2.2.1).
fn ciphertext_len(enc: ContentEncryption, plaintext: usize) -> usize {
    if enc.iv_len() == 16 { (plaintext / 16 + 1) * 16 } else { plaintext }
}
