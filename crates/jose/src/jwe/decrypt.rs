//! Opening a JWE: header, key, content key, content, in this order (RFC 7516 §5.2).

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::message::{compact, json_form};
use super::params::{Params, check_encrypted_key};
use super::rules::Acceptance;
use super::unwrap::{fits, unwrap};
use super::{DecryptError, Header, JweError, Message, Recipient, Rules, content, zip};
use crate::Limits;
use crate::alg::{ContentEncryption, KeyManagement};
use crate::json::{self, JsonError, Object, Value};
use crate::jwk::{DecryptionKey, excerpt};
use crate::provider::Provider;

/// What was in a JWE that opened. Encrypted for a public key, it can come from anybody: it is secret, not signed.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{self, Options, Rules};
/// use vestibule_jose::{DecryptionKey, EncryptionKey, Limits, provider::aws_lc};
///
/// let (to, key) = (EncryptionKey::from_secret(&[7; 16], None, None)?, DecryptionKey::from_secret(&[7; 16], None, None)?);
/// let token = jwe::encrypt(aws_lc(), &to, ContentEncryption::A128Gcm, &Options::default(), br#"{"sub": "ada"}"#)?;
/// let opened = jwe::decrypt(aws_lc(), &token, &key, &Rules::new(&[KeyManagement::A128Kw], ContentEncryption::ALL))?;
/// assert_eq!(opened.header().enc(), Some(ContentEncryption::A128Gcm));
/// assert_eq!((opened.recipient(), opened.aad()), (0, None));
/// assert_eq!(opened.claims(&Limits::DEFAULT)?["sub"], "ada");
/// let typed: std::collections::BTreeMap<String, String> = opened.json(&Limits::DEFAULT)?;
/// assert_eq!(typed["sub"], "ada");
/// assert_eq!(opened.plaintext(), opened.clone().into_plaintext().as_slice());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq)]
pub struct Decrypted {
    header: Header,
    plaintext: Zeroizing<Vec<u8>>,
    aad: Option<Vec<u8>>,
    recipient: usize,
}

impl Decrypted {
    /// The header of the recipient for whom it opened.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The plaintext; wiped when dropped.
    pub fn plaintext(&self) -> &[u8] {
        &self.plaintext
    }

    /// The plaintext, taken out.
    pub fn into_plaintext(self) -> Zeroizing<Vec<u8>> {
        self.plaintext
    }

    /// The additional authenticated data of the JSON forms.
    pub fn aad(&self) -> Option<&[u8]> {
        self.aad.as_deref()
    }

    /// Which of the recipients it opened for, from 0.
    pub fn recipient(&self) -> usize {
        self.recipient
    }

    /// The plaintext as claims, strictly read. No rule is checked here, neither of time nor of issuer or audience.
    pub fn claims(&self, limits: &Limits) -> Result<Object, DecryptError> {
        json::parse_object(&self.plaintext, limits).map_err(DecryptError::Json)
    }

    /// The plaintext as JSON of the caller's type, strictly read.
    pub fn json<T: DeserializeOwned>(&self, limits: &Limits) -> Result<T, DecryptError> {
        T::deserialize(Value::Object(self.claims(limits)?))
            .map_err(|error| DecryptError::Json(JsonError::Syntax(error.to_string())))
    }
}

/// Whatever holds keys that decrypt.
///
/// ```
/// use vestibule_jose::DecryptionKey;
/// use vestibule_jose::jwe::DecryptionKeys;
///
/// fn count(keys: &(impl DecryptionKeys + ?Sized)) -> usize {
///     keys.keys().len()
/// }
/// let key = DecryptionKey::from_secret(&[7; 16], None, None)?;
/// assert_eq!((count(&key), count(&[key.clone(), key][..])), (1, 2));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait DecryptionKeys {
    /// The keys.
    fn keys(&self) -> &[DecryptionKey];
}

impl DecryptionKeys for DecryptionKey {
    fn keys(&self) -> &[DecryptionKey] {
        std::slice::from_ref(self)
    }
}

impl DecryptionKeys for [DecryptionKey] {
    fn keys(&self) -> &[DecryptionKey] {
        self
    }
}

impl DecryptionKeys for Vec<DecryptionKey> {
    fn keys(&self) -> &[DecryptionKey] {
        self
    }
}

/// Opens a JWE in the compact form with one of these keys under these rules. At most [`crate::Limits::attempts`] keys are
/// tried, each at the cost of one use of a private key, one unwrapping and one opening of the content; passwords all
/// together at the cost of [`crate::Limits::p2c`] rounds.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{self, DecryptError, Options, Rules};
/// use vestibule_jose::jwk::DecryptionKey;
/// use vestibule_jose::provider;
///
/// let provider = provider::aws_lc();
/// let key = DecryptionKey::from_password(b"correct horse battery staple", None)?;
/// let enc = ContentEncryption::A256Gcm;
/// let theirs = key.encryption_key().expect("the same password");
/// let token = jwe::encrypt(provider, &theirs, enc, &Options::default(), b"a secret")?;
///
/// let (algorithms, encryptions) = ([KeyManagement::Pbes2Hs512A256Kw], [enc]);
/// let rules = Rules::new(&algorithms, &encryptions);
/// assert!(matches!(jwe::decrypt(provider, &token, &key, &rules), Err(DecryptError::Algorithm { .. })));
/// let opened = jwe::decrypt(provider, &token, &key, &rules.accept_passwords())?;
/// assert_eq!(opened.plaintext(), b"a secret");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decrypt(
    provider: &dyn Provider,
    token: &str,
    keys: &(impl DecryptionKeys + ?Sized),
    rules: &Rules<'_>,
) -> Result<Decrypted, DecryptError> {
    open(provider, compact(token, &rules.limits)?, keys.keys(), rules)
}

/// Opens a JWE in the flattened or the general form, for the first recipient that has one of these keys. The cost is
/// bounded as that of [`decrypt`], over all recipients.
///
/// What is not protected, [`Header::is_protected`] tells.
///
/// ```
/// use vestibule_jose::alg::{ContentEncryption, KeyManagement};
/// use vestibule_jose::jwe::{self, JsonEncrypter, Options, Rules};
/// use vestibule_jose::jwk::DecryptionKey;
/// use vestibule_jose::provider;
///
/// let provider = provider::aws_lc();
/// let keys = [DecryptionKey::from_secret(&[1; 16], None, None)?, DecryptionKey::from_secret(&[2; 16], None, None)?];
/// let options = Options::default();
/// let mut message = JsonEncrypter::new(ContentEncryption::A128Gcm, &options);
/// for key in &keys {
///     message = message.recipient(key.encryption_key().expect("the same secret"));
/// }
/// let token = message.general(provider, b"for both")?;
/// let rules = Rules::new(&[KeyManagement::A128Kw], &[ContentEncryption::A128Gcm]);
/// let opened = jwe::decrypt_json(provider, &token, &keys[1], &rules)?;
/// assert_eq!((opened.plaintext(), opened.recipient()), (&b"for both"[..], 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn decrypt_json(
    provider: &dyn Provider,
    token: &str,
    keys: &(impl DecryptionKeys + ?Sized),
    rules: &Rules<'_>,
) -> Result<Decrypted, DecryptError> {
    open(provider, json_form(token, &rules.limits)?, keys.keys(), rules)
}

fn open(
    provider: &dyn Provider,
    message: Message<'_>,
    keys: &[DecryptionKey],
    rules: &Rules<'_>,
) -> Result<Decrypted, DecryptError> {
    let enc = check_content(&message, rules)?;
    let mut work = Work { attempts: rules.limits.attempts, rounds: rules.limits.p2c, tried: false };
    let mut refusal = None;
    for (index, recipient) in message.recipients.iter().enumerate() {
        match one(provider, &message, (recipient, enc), keys, rules, &mut work) {
            Ok(Some(plaintext)) => return finish(message, index, plaintext, rules),
            Ok(None) => {}
            Err(error) => _ = refusal.get_or_insert(error),
        }
    }
    match refusal {
        Some(refusal) if !work.tried => Err(refusal),
        _ => Err(DecryptError::Decryption),
    }
}

/// Tries the keys that one recipient can have meant. An error says that none was tried for a reason that can be seen
/// from outside.
fn one(
    provider: &dyn Provider,
    message: &Message<'_>,
    (recipient, enc): (&Recipient, ContentEncryption),
    keys: &[DecryptionKey],
    rules: &Rules<'_>,
    work: &mut Work,
) -> Result<Option<Zeroizing<Vec<u8>>>, DecryptError> {
    let wanted = Wanted::read(recipient, enc, rules)?;
    let authenticated = message.authenticated();
    let mut found = false;
    for key in candidates(keys, &recipient.header, &wanted) {
        found = true;
        if !work.take(&wanted)? {
            break;
        }
        let content_key = unwrap(provider, key, (wanted.alg, enc), &wanted.params, &recipient.encrypted_key);
        let opened = content_key.and_then(|content_key| {
            let parts = (message.ciphertext.as_slice(), message.tag.as_slice());
            content::open(provider, enc, &content_key, &message.iv, authenticated.as_bytes(), parts)
        });
        if let Ok(plaintext) = opened {
            return Ok(Some(plaintext));
        }
    }
    if found {
        return Ok(None);
    }
    Err(DecryptError::NoKey { alg: wanted.alg, kid: recipient.header.kid().map(excerpt) })
}

/// What is the same for all recipients, checked before any key is used.
fn check_content(message: &Message<'_>, rules: &Rules<'_>) -> Result<ContentEncryption, DecryptError> {
    let first = &message.recipients.first().ok_or(JweError::Missing("recipients"))?.header;
    first.check_critical(rules.understood)?;
    // With several recipients each judges its own `alg`.
    if message.recipients.len() == 1 {
        rules.algorithm(first)?;
    }
    let enc = rules.encryption(first)?;
    if let Some(zip) = first.zip()
        && (zip != "DEF" || rules.compression == Acceptance::Refused)
    {
        return Err(DecryptError::Compression(excerpt(zip)));
    }
    let lengths = [("iv", message.iv.len(), enc.iv_len()), ("tag", message.tag.len(), enc.tag_len())];
    for (part, found, needed) in lengths {
        if found != needed {
            return Err(JweError::Length { part, found, needed }.into());
        }
    }
    Ok(enc)
}

/// What one recipient's header asks for.
struct Wanted {
    alg: KeyManagement,
    enc: ContentEncryption,
    params: Params,
}

impl Wanted {
    fn read(recipient: &Recipient, enc: ContentEncryption, rules: &Rules<'_>) -> Result<Self, DecryptError> {
        let alg = rules.algorithm(&recipient.header)?;
        let params = Params::read(alg, &recipient.header)?;
        check_encrypted_key(alg, enc, recipient.encrypted_key.len())?;
        Ok(Self { alg, enc, params })
    }
}

/// What one token may still cost.
struct Work {
    attempts: usize,
    rounds: u32,
    tried: bool,
}

impl Work {
    /// Whether one more attempt is allowed. Rounds are counted before the first is done, over the whole token.
    fn take(&mut self, wanted: &Wanted) -> Result<bool, DecryptError> {
        let Some(attempts) = self.attempts.checked_sub(1) else { return Ok(false) };
        if let Params::Password { p2c, .. } = wanted.params {
            let left = u32::try_from(p2c).ok().and_then(|rounds| self.rounds.checked_sub(rounds));
            self.rounds = left.ok_or(DecryptError::Rounds { found: p2c, limit: self.rounds })?;
        }
        (self.attempts, self.tried) = (attempts, true);
        Ok(true)
    }
}

/// Without a `kid` in the header every key that fits; with one, those of that name, then those that have none.
fn candidates<'a>(
    keys: &'a [DecryptionKey],
    header: &'a Header,
    wanted: &'a Wanted,
) -> impl Iterator<Item = &'a DecryptionKey> + 'a {
    let kid = header.kid();
    let fitting = move || keys.iter().filter(|key| fits(key, wanted.alg, wanted.enc, &wanted.params));
    let named = fitting().filter(move |key| kid.is_none() || key.kid() == kid);
    let nameless = fitting().filter(move |key| kid.is_some() && key.kid().is_none());
    named.chain(nameless)
}

fn finish(
    mut message: Message<'_>,
    recipient: usize,
    plaintext: Zeroizing<Vec<u8>>,
    rules: &Rules<'_>,
) -> Result<Decrypted, DecryptError> {
    let header = message.recipients.swap_remove(recipient).header;
    let plaintext = match header.zip() {
        None => plaintext,
        Some(_) => {
            let limit = rules.limits.inflated_bytes;
            zip::inflate(&plaintext, limit).ok_or(DecryptError::Inflate { limit })?
        }
    };
    Ok(Decrypted { header, plaintext, aad: message.aad.map(|(_, bytes)| bytes), recipient })
}

impl std::fmt::Debug for Decrypted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Decrypted").field("header", &self.header).finish_non_exhaustive()
    }
}
