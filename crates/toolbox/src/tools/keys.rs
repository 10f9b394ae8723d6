//! Keys as they are given to the tools: PEM, a JWK, a JWK set, or a secret.

use jose::json::{self, Object, Value};
use jose::jwk::{Jwk, KeyError, KeyMaterial};
use jose::provider::Provider;
use jose::{Limits, pem};
use zeroize::Zeroizing;

use super::findings::advice;
use crate::definition::{Field, Kind};
use crate::input::{Input, excerpt};
use crate::need::{Halt, ToolError};
use crate::output::{Level, Note};
use crate::run::Env;

pub(super) const KEY: Field = Field::new("key", Kind::Key, "Key", "A key as PEM, JWK, JWK set or certificate")
    .example("-----BEGIN PUBLIC KEY-----");

pub(super) const SECRET: Field =
    Field::new("secret", Kind::Bytes { file: "secret-file" }, "Secret", "A shared secret").secret();

pub(super) const PASSWORD: Field = Field::new(
    "password",
    Kind::Bytes { file: "password-file" },
    "Password",
    "The password of an encrypted key, or of a token by PBES2",
)
.secret();

/// Keys that were read, and what was passed over.
#[derive(Default)]
pub(super) struct Ring {
    pub(super) keys: Vec<Jwk>,
    pub(super) notes: Vec<Note>,
    names: Names,
}

/// What a key is called whose text has no name for it.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Names {
    /// By its thumbprint, so that others find it.
    #[default]
    Thumbprint,
    /// It has none: it serves whatever name a token gives its key.
    Nothing,
}

impl Ring {
    /// The keys in the fields `key` and `secret`, to sign with.
    pub(super) fn given(env: &Env<'_>, input: &Input) -> Result<Self, Halt> {
        Self::default().filled(env, input)
    }

    /// The same keys, to read tokens with. Whoever named the key in a token need not have named it by its thumbprint.
    pub(super) fn to_read(env: &Env<'_>, input: &Input) -> Result<Self, Halt> {
        Self { names: Names::Nothing, ..Self::default() }.filled(env, input)
    }

    fn filled(self, env: &Env<'_>, input: &Input) -> Result<Self, Halt> {
        let mut ring = self;
        if let Some(text) = input.bytes("key")? {
            let password = if input.action().field("password").is_some() { input.bytes("password")? } else { None };
            ring.add(env.provider, "key", &text, password.as_ref().map(|password| password.as_slice()))?;
        }
        if let Some(secret) = input.bytes("secret")? {
            ring.add_secret(env.provider, secret)?;
        }
        Ok(ring)
    }

    /// Reads a text of any form.
    pub(super) fn add(
        &mut self,
        provider: &dyn Provider,
        field: &'static str,
        text: &[u8],
        password: Option<&[u8]>,
    ) -> Result<(), ToolError> {
        let wrong = |what: String| ToolError::of(field, what, "give a key as PEM, JWK or JWK set");
        if text.len() > Limits::DEFAULT.set_bytes {
            return Err(wrong(format!("{} bytes are too long for a key", text.len())));
        }
        let key = match std::str::from_utf8(text) {
            Ok(text) if text.trim_start().starts_with('{') => return self.add_json(provider, field, text),
            Ok(text) if text.contains("-----BEGIN") => Jwk::from_pem(provider, text, password, &Limits::DEFAULT),
            _ if text.starts_with(DER_SEQUENCE) => from_der(provider, text, password),
            Ok(_) => return Err(wrong("the key is neither PEM nor JSON".into())),
            Err(_) => return Err(wrong("the key is not text".into())),
        };
        let key = key.map_err(|error| refused(field, &error))?;
        self.keys.push(if self.names == Names::Nothing { key.with_kid(None) } else { key });
        Ok(())
    }

    /// Adds a secret.
    pub(super) fn add_secret(&mut self, provider: &dyn Provider, secret: Zeroizing<Vec<u8>>) -> Result<(), ToolError> {
        if secret.ends_with(b"\n") {
            let note =
                Note::new(Level::Warning, "secret-newline", "the secret ends with a newline, which is part of it");
            self.notes.push(note.cause("printf '%s' writes a file without one"));
        }
        let key = Jwk::new(provider, KeyMaterial::Secret(secret)).map_err(|error| refused("secret", &error))?;
        self.keys.push(key);
        Ok(())
    }

    /// Adds the keys of a set; those that are not understood are passed over with a note (RFC 7517 §5).
    pub(super) fn add_set(&mut self, provider: &dyn Provider, keys: &[Value]) -> Result<(), ToolError> {
        if keys.len() > Limits::DEFAULT.set_keys {
            let what = format!("{} keys in the set, of which {} are allowed", keys.len(), Limits::DEFAULT.set_keys);
            return Err(ToolError::of("key", what, "give a smaller set"));
        }
        for (index, key) in keys.iter().enumerate() {
            let read = match key.as_object() {
                Some(object) => Jwk::from_object(provider, object).map_err(|error| error.to_string()),
                None => Err(format!("it is {}", json::kind(key))),
            };
            match read {
                Ok(key) => self.keys.push(key),
                Err(reason) => {
                    let kid =
                        key.get("kid").and_then(Value::as_str).map(|kid| format!(" ({kid:?})")).unwrap_or_default();
                    let text = format!("key {index}{kid} of the set was passed over: {reason}");
                    self.notes.push(Note::new(Level::Warning, "key-skipped", text).clause("RFC 7517 §5"));
                }
            }
        }
        Ok(())
    }

    /// Takes the secrets out again that came in a set after the first `own` keys: others read such a set, and could sign
    /// with them.
    pub(super) fn pass_over_published_secrets(&mut self, own: usize) {
        for key in self.keys.split_off(own) {
            if !matches!(key.material(), KeyMaterial::Secret(_)) {
                self.keys.push(key);
                continue;
            }
            let kid = key.kid().map(|kid| format!(" ({:?})", excerpt(kid))).unwrap_or_default();
            let text = format!("a secret{kid} in the set was passed over: whoever reads the set could sign with it");
            let note = Note::new(Level::Warning, "key-skipped", text).clause("RFC 7517 §9.2");
            self.notes.push(note.cause("a secret of your own is given with --secret, and a set of them with --key"));
        }
    }

    /// That none of the keys verifies, and why.
    pub(super) fn none_verifies(&self, env: &Env<'_>) -> ToolError {
        let why = self.keys.first().and_then(|key| key.verifying_key(env.provider, None).err());
        let what = match (why, self.notes.last()) {
            (Some(error), _) => error.to_string(),
            (None, Some(note)) => format!("no key can be used: {}", note.text),
            (None, None) => "there is no key to verify with".into(),
        };
        ToolError::of("key", what, "give --key, --secret, --jwks or --issuer")
    }

    fn add_json(&mut self, provider: &dyn Provider, field: &'static str, text: &str) -> Result<(), ToolError> {
        let object = object(field, text)?;
        match object.get("keys") {
            Some(Value::Array(keys)) => self.add_set(provider, keys),
            Some(_) => Err(ToolError::of(field, "\"keys\" is no array", "give a JWK set (RFC 7517 §5)")),
            None => {
                let key = Jwk::from_object(provider, &object).map_err(|error| refused(field, &error))?;
                self.keys.push(key);
                Ok(())
            }
        }
    }
}

/// What PEM has inside, with nothing around it that says what it is: the first reading that is one.
fn from_der(provider: &dyn Provider, der: &[u8], password: Option<&[u8]>) -> Result<Jwk, KeyError> {
    let read = |label: &str, password| Jwk::from_pem(provider, &pem::encode(label, der), password, &Limits::DEFAULT);
    if let Some(key) = DER_LABELS.iter().find_map(|label| read(label, password).ok()) {
        return Ok(key);
    }
    // That a password is wrong is said only of what is encrypted indeed.
    match read("ENCRYPTED PRIVATE KEY", Some(password.unwrap_or_default())) {
        Ok(key) => Ok(key),
        Err(KeyError::Password(_)) => read("ENCRYPTED PRIVATE KEY", password),
        Err(_) => Err(KeyError::Encoding("the DER is no key and no certificate")),
    }
}

/// All keys of a field, of which each value may hold several.
pub(super) fn given(env: &Env<'_>, input: &Input, field: &'static str) -> Result<Ring, Halt> {
    let password = if input.action().field("password").is_some() { input.bytes("password")? } else { None };
    let mut ring = Ring::default();
    for text in input.each_bytes(field)? {
        ring.add(env.provider, field, &text, password.as_ref().map(|password| password.as_slice()))?;
    }
    Ok(ring)
}

/// The one key of a field.
pub(super) fn only(env: &Env<'_>, input: &Input, field: &'static str) -> Result<Jwk, Halt> {
    if input.given(field).is_none() {
        return Err(input.missing(field).into());
    }
    let ring = given(env, input, field)?;
    match <[Jwk; 1]>::try_from(ring.keys) {
        Ok([key]) => Ok(key),
        Err(keys) => {
            let why = ring.notes.first().map(|note| format!(" ({})", note.text)).unwrap_or_default();
            let what = format!("one key is needed, and {} were found{why}", keys.len());
            Err(ToolError::of(field, what, "give one key").into())
        }
    }
}

/// JSON as an object.
pub(super) fn object(field: &'static str, text: &str) -> Result<Object, ToolError> {
    match json::parse(text.as_bytes(), Limits::DEFAULT.set_bytes, Limits::DEFAULT.json_depth) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(other) => Err(ToolError::of(field, format!("{field} is {}", json::kind(&other)), "give a JSON object")),
        Err(error) => Err(ToolError::of(field, format!("{field} is no strict JSON: {error}"), "correct it")),
    }
}

/// Why a key was refused, and what to do.
pub(super) fn refused(field: &'static str, error: &KeyError) -> ToolError {
    let advice = match error {
        KeyError::ShortSecret { .. } => "make a longer one with `secret`".into(),
        KeyError::Private(_) => "give the public half (`jwk public`)".into(),
        KeyError::Password(_) => {
            "give it with --password-file or --password, or let OpenSSL write the key again: openssl pkey -in FILE -out NEW".into()
        },
        _ => advice(error),
    };
    ToolError::of(field, error.to_string(), advice)
}

/// The first byte of everything in DER that holds a key (X.690 §8.9).
const DER_SEQUENCE: &[u8] = &[0x30];
const DER_LABELS: &[&str] =
    &["CERTIFICATE", "PUBLIC KEY", "PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "RSA PUBLIC KEY"];
