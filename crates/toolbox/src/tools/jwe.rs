//! JSON Web Encryption.

use jose::alg::{ContentEncryption, KeyManagement};
use jose::json::{Object, Value};
use jose::jwe::{self, Encrypter, JsonEncrypter, Options, Rules};
use jose::jwk::EncryptionKey;
use serde_json::json;

use super::findings::advice;
use super::jws::FORMAT;
use super::keys::{PASSWORD, Ring, SECRET, given, refused};
use super::open::{decryption_keys, explain, open_by};
use super::token::{LONG, cleaned};
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::input::{Input, excerpt};
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output, Verdict};
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "jwe",
    title: "JWE",
    summary: "Encrypts, decrypts and takes apart JSON Web Encryption",
    actions: &[ENCRYPT, DECRYPT, INSPECT],
};

const ENCRYPT: Action = Action {
    name: "encrypt",
    title: "Encrypt",
    summary: "Encrypts bytes for a key and prints the token",
    example: "vestibule jwe encrypt --to public.pem --alg RSA-OAEP-256 --enc A256GCM --file secret.txt",
    fields: &[
        Field::new(
            "to",
            Kind::Key,
            "Recipient's key",
            "The recipient's public key as PEM or JWK; several as a JWK set too",
        )
        .often()
        .example("-----BEGIN PUBLIC KEY-----"),
        SECRET,
        PASSWORD,
        Field::new("message", Kind::Bytes { file: "file" }, "Message", "What is encrypted").or_stdin().private(),
        Field::new("alg", Kind::Choice(ALGORITHMS), "Algorithm", "How the content key comes to the recipient"),
        Field::new("enc", Kind::Choice(ENCRYPTIONS), "Encryption", "How the content is encrypted").default("A256GCM"),
        FORMAT,
        Field::new("header", Kind::Json, "Header", "More members of the protected header")
            .example("{\"cty\": \"JWT\"}"),
        Field::new(
            "zip",
            Kind::Flag,
            "Compress",
            "The message is compressed first; its length then tells of what is in it",
        ),
    ],
    prints: Prints::Value,
    work: Work::Once(encrypt),
};

const DECRYPT: Action = Action {
    name: "decrypt",
    title: "Decrypt",
    summary: "Decrypts a token and prints what was in it",
    example: "vestibule jwe decrypt eyJ… --key private.pem",
    fields: &[
        TOKEN,
        Field::new("key", Kind::Key, "Key", "The private key as PEM, JWK or JWK set"),
        SECRET,
        PASSWORD,
        Field::new(
            "allow-rsa1-5",
            Kind::Flag,
            "RSA1_5",
            "Open RSA1_5 too, whose padding has been broken again and again",
        ),
    ],
    prints: Prints::Bytes,
    work: Work::Once(decrypt),
};

const INSPECT: Action = Action {
    name: "inspect",
    title: "Inspect",
    summary: "Shows what can be seen of a token without a key",
    example: "vestibule jwe inspect eyJ…",
    fields: &[TOKEN],
    prints: Prints::Report,
    work: Work::Once(inspect),
};

const TOKEN: Field = Field::new("token", Kind::Lines, "Token", "The token").argument().or_stdin().example("eyJ…");

fn encrypt(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let message = input.required_bytes("message")?;
    let enc: ContentEncryption = input.choice("enc")?.parse().map_err(|_| input.missing("enc"))?;
    let alg: Option<KeyManagement> = input.optional_choice("alg").and_then(|name| name.parse().ok());
    let keys = recipients(env, input, alg)?;
    let format = input.choice("format")?;
    if keys.len() > 1 && format != "general" {
        let what = format!("the {format} form is for one recipient, and there are {}", keys.len());
        return Err(ToolError::of("format", what, "take --format general").into());
    }
    let header = input.object("header")?.unwrap_or_default();
    let [typ, cty] = ["typ", "cty"].map(|name| header.get(name).and_then(Value::as_str));
    let mut options = Options::default();
    options = typ.into_iter().fold(options, Options::typ);
    options = cty.into_iter().fold(options, Options::cty);
    for (name, value) in header.iter().filter(|(name, _)| !["typ", "cty"].contains(&name.as_str())) {
        options = options.member(name, value.clone());
    }
    if input.flag("zip") {
        options = options.deflate();
    }
    let names: Value = keys.iter().map(|key| json!({"alg": key.alg().as_str(), "kid": key.kid()})).collect();
    let alg = keys.first().map_or("", |key| key.alg().as_str());
    let wrong = |error: jwe::EncryptError| ToolError::new(error.to_string(), advice(&error));
    let token = encrypted(env, format, keys, enc, &options, &message).map_err(wrong)?;
    let mut output = Output::value("token", token).member("alg", alg).member("enc", enc.as_str());
    output = output.member("recipients", names);
    if input.flag("zip") {
        let text = "a compressed message's length tells of what is in it";
        output.notes.push(Note::new(Level::Warning, "jwe-zip", text).clause("RFC 8725 §3.6"));
    }
    Ok(output)
}

fn encrypted(
    env: &Env<'_>,
    format: &str,
    mut keys: Vec<EncryptionKey>,
    enc: ContentEncryption,
    options: &Options<'_>,
    message: &[u8],
) -> Result<String, jwe::EncryptError> {
    if format == "compact" && keys.len() == 1 {
        return Encrypter::new(keys.remove(0), enc, options)?.encrypt(env.provider, message);
    }
    let encrypter = keys.into_iter().fold(JsonEncrypter::new(enc, options), JsonEncrypter::recipient);
    match format {
        "flattened" => encrypter.flattened(env.provider, message),
        _ => encrypter.general(env.provider, message),
    }
}

/// Whom it is for: keys and a secret, or where there are none, whoever knows the password.
fn recipients(env: &Env<'_>, input: &Input, alg: Option<KeyManagement>) -> Result<Vec<EncryptionKey>, Halt> {
    let mut recipients = Vec::new();
    let ring = given(env, input, "to")?;
    // Of a set that is read, keys may be passed over; of one that is written to, nobody may be left out in silence.
    if let Some(note) = ring.notes.first() {
        return Err(ToolError::of("to", note.text.clone(), "give a set of keys that can all be used").into());
    }
    for key in ring.keys {
        recipients.push(key.encryption_key(env.provider, alg).map_err(|error| refused("to", &error))?);
    }
    if let Some(secret) = input.bytes("secret")? {
        let key = EncryptionKey::from_secret(&secret, alg, None);
        recipients.push(key.map_err(|error| refused("secret", &error))?);
    }
    match input.bytes("password")? {
        // Beside a key it is the password of that key.
        Some(password) if recipients.is_empty() => {
            let key = EncryptionKey::from_password(&password, alg);
            recipients.push(key.map_err(|error| refused("password", &error))?);
        }
        _ => {}
    }
    if recipients.is_empty() {
        let advice = "give --to, --secret or --password";
        return Err(ToolError::of("to", "there is no key to encrypt for", advice).into());
    }
    Ok(recipients)
}

fn decrypt(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (token, notes) = cleaned(&input.required("token")?);
    // What is no JWE at all is unusable, and not undecryptable.
    jwe::inspect(&token, &LONG).map_err(|error| malformed(&error))?;
    let ring = Ring::to_read(env, input)?;
    let password = input.bytes("password")?;
    let keys = decryption_keys(env, &ring, password.as_ref().map(|password| password.as_slice()));
    if keys.is_empty() {
        let why = ring.keys.first().and_then(|key| key.decryption_key(env.provider, None).err());
        let what = why.map_or_else(|| "there is no key to decrypt with".into(), |error| error.to_string());
        return Err(ToolError::of("key", what, "give --key with a private key, --secret or --password").into());
    }
    let mut rules =
        Rules::new(KeyManagement::ALL, ContentEncryption::ALL).accept_passwords().accept_compression().limits(LONG);
    if input.flag("allow-rsa1-5") {
        rules = rules.accept_rsa1_5();
    }
    let mut output = Output { notes, ..Output::default() };
    match open_by(env, &token, &keys, &rules) {
        Ok(plaintext) => {
            output = super::jws::with_payload(output, &plaintext);
            output.value = plaintext;
        }
        Err(error) => {
            output.verdict = Verdict::No;
            output = output.line("token", "token", "not decrypted").line("failed check", "check", error.check());
            output.notes.push(explain(&error));
        }
    }
    Ok(output)
}

fn inspect(_: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (token, notes) = cleaned(&input.required("token")?);
    let message = jwe::inspect(&token, &LONG).map_err(|error| malformed(&error))?;
    let form = match message.form() {
        jwe::Form::Compact => "compact",
        jwe::Form::Flattened => "flattened",
        jwe::Form::General => "general",
    };
    let mut output = Output { notes, ..Output::default() }.line("format", "format", form);
    let mut recipients = Vec::new();
    for (index, recipient) in message.recipients().iter().enumerate() {
        let header = Value::Object(recipient.header.members().clone());
        let name: String =
            if message.recipients().len() == 1 { "header".into() } else { format!("header of recipient {index}") };
        output.blocks.push(Block::json(name, &header));
        let encrypted_key = format!("{} bytes", recipient.encrypted_key.len());
        output.blocks.push(Block::Line { name: "encrypted key".into(), text: encrypted_key });
        let mut one = Object::new();
        one.insert("header".into(), header);
        one.insert("encrypted_key_bytes".into(), recipient.encrypted_key.len().into());
        recipients.push(Value::Object(one));
        output.notes.extend(remarks(&recipient.header));
    }
    let sizes = [
        ("initialization vector", "iv_bytes", message.iv().len()),
        ("ciphertext", "ciphertext_bytes", message.ciphertext().len()),
        ("authentication tag", "tag_bytes", message.tag().len()),
    ];
    for (name, member, bytes) in sizes {
        output.blocks.push(Block::Line { name: name.into(), text: format!("{bytes} bytes") });
        output = output.member(member, bytes);
    }
    if let Some(aad) = message.aad() {
        output = output.line("additional data", "aad", excerpt(&String::from_utf8_lossy(aad)));
    }
    Ok(output.member("recipients", recipients))
}

fn remarks(header: &jwe::Header) -> Vec<Note> {
    let mut notes = Vec::new();
    match header.alg() {
        None => notes.push(Note::new(
            Level::Warning,
            "jwe-alg-unknown",
            format!("the algorithm {:?} is not known here", excerpt(header.alg_name())),
        )),
        Some(KeyManagement::Rsa15) => {
            let text = "RSA1_5 has been broken again and again by its padding";
            notes
                .push(Note::new(Level::Warning, "jwe-rsa1-5", text).clause("RFC 8725 §3.2").cause("take RSA-OAEP-256"));
        }
        Some(_) => {}
    }
    if header.enc().is_none() {
        notes.push(Note::new(
            Level::Warning,
            "jwe-enc-unknown",
            format!("the encryption {:?} is not known here", excerpt(header.enc_name())),
        ));
    }
    if header.zip().is_some() {
        notes.push(
            Note::new(Level::Info, "jwe-zip", "the content is compressed: its length tells of what is in it")
                .clause("RFC 8725 §3.6"),
        );
    }
    notes
}

fn malformed(error: &jwe::JweError) -> ToolError {
    let advice = match error {
        jwe::JweError::Signed => "see jwt decode",
        _ => "give the whole token, or - for standard input",
    };
    ToolError::of("token", error.to_string(), advice)
}

const ALGORITHMS: &[Choice] = &[
    Choice::new("RSA-OAEP-256", "RSA-OAEP-256"),
    Choice::new("RSA-OAEP-384", "RSA-OAEP-384"),
    Choice::new("RSA-OAEP-512", "RSA-OAEP-512"),
    Choice::legacy("RSA-OAEP", "RSA-OAEP (SHA-1)"),
    Choice::new("ECDH-ES", "ECDH-ES"),
    Choice::new("ECDH-ES+A128KW", "ECDH-ES+A128KW"),
    Choice::new("ECDH-ES+A192KW", "ECDH-ES+A192KW"),
    Choice::new("ECDH-ES+A256KW", "ECDH-ES+A256KW"),
    Choice::new("A128KW", "A128KW"),
    Choice::new("A192KW", "A192KW"),
    Choice::new("A256KW", "A256KW"),
    Choice::new("A128GCMKW", "A128GCMKW"),
    Choice::new("A192GCMKW", "A192GCMKW"),
    Choice::new("A256GCMKW", "A256GCMKW"),
    Choice::new("dir", "dir"),
    Choice::new("PBES2-HS256+A128KW", "PBES2-HS256+A128KW"),
    Choice::new("PBES2-HS384+A192KW", "PBES2-HS384+A192KW"),
    Choice::new("PBES2-HS512+A256KW", "PBES2-HS512+A256KW"),
];

pub(super) const ENCRYPTIONS: &[Choice] = &[
    Choice::new("A256GCM", "A256GCM"),
    Choice::new("A192GCM", "A192GCM"),
    Choice::new("A128GCM", "A128GCM"),
    Choice::new("A256CBC-HS512", "A256CBC-HS512"),
    Choice::new("A192CBC-HS384", "A192CBC-HS384"),
    Choice::new("A128CBC-HS256", "A128CBC-HS256"),
];
