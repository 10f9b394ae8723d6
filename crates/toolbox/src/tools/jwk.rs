//! Keys: made, converted between PEM and JWK, stripped to their public half, named.

use jose::jwk::{Jwk, KeyAlgorithm, KeyMaterial, KeyUse, Layout, NewKey, Pbes2, PemForm, ThumbprintHash, set_to_json};
use jose::lint::Place;
use zeroize::Zeroizing;

use super::findings;
use super::keys::{PASSWORD, Ring, refused};
use crate::definition::{Action, Choice, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Json, Level, Note, Output};
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "jwk",
    title: "JWK generator & PEM converter",
    summary: "Makes keys, converts them between PEM and JWK, and names them",
    actions: &[GENERATE, FROM_PEM, TO_PEM, PUBLIC, THUMBPRINT, LINT],
};

const GENERATE: Action = Action {
    name: "generate",
    title: "Generate",
    summary: "Makes a key and prints it with its private half",
    example: "vestibule jwk generate --kty EC --crv P-256 --use sig --alg ES256",
    fields: &[
        Field::new("kty", Kind::Choice(TYPES), "Type", "The key type").required(),
        Field::new("size", Kind::Number(8, 65536), "Size", "Bits of an RSA modulus or of a secret").example("2048"),
        Field::new("crv", Kind::Choice(CURVES), "Curve", "The curve of an EC or OKP key"),
        USE,
        ALG,
        KID,
        FORMAT,
    ],
    prints: Prints::Value,
    work: Work::Once(generate),
};

const FROM_PEM: Action = Action {
    name: "from-pem",
    title: "PEM to JWK",
    summary: "Converts PEM (PKCS#1, PKCS#8, SEC 1, SPKI, certificate) to a JWK",
    example: "vestibule jwk from-pem key.pem --use sig",
    fields: &[
        Field::new("file", Kind::Key, "PEM", "The key in PEM")
            .argument()
            .or_stdin()
            .example("-----BEGIN PRIVATE KEY-----"),
        PASSWORD,
        USE,
        ALG,
        KID,
        FORMAT,
    ],
    prints: Prints::Value,
    work: Work::Once(from_pem),
};

const TO_PEM: Action = Action {
    name: "to-pem",
    title: "JWK to PEM",
    summary: "Converts a JWK to PEM",
    example: "vestibule jwk to-pem key.jwk",
    fields: &[
        Field::new("file", Kind::Key, "Key", "The key as JWK").argument().or_stdin().example("{\"kty\": \"EC\", …}"),
        Field::new(
            "form",
            Kind::Choice(FORMS),
            "Form",
            "Which form of PEM; the usual one is PKCS#8, for public keys SPKI",
        ),
        Field::new(
            "encrypt-with",
            Kind::Bytes { file: "encrypt-with-file" },
            "Encrypt with",
            "A password to encrypt the private key with",
        )
        .secret(),
    ],
    prints: Prints::Value,
    work: Work::Once(to_pem),
};

const PUBLIC: Action = Action {
    name: "public",
    title: "Public half",
    summary: "Prints the public half of a key or of a set",
    example: "vestibule jwk public key.jwk",
    fields: &[FILE, PASSWORD],
    prints: Prints::Value,
    work: Work::Once(public),
};

const THUMBPRINT: Action = Action {
    name: "thumbprint",
    title: "Thumbprint",
    summary: "Prints the thumbprint of a key (RFC 7638)",
    example: "vestibule jwk thumbprint key.jwk",
    fields: &[
        FILE,
        PASSWORD,
        Field::new("hash", Kind::Choice(HASHES), "Hash", "The hash").default("sha-256"),
        Field::new("uri", Kind::Flag, "URI", "As a URI (RFC 9278)"),
    ],
    prints: Prints::Value,
    work: Work::Once(thumbprint),
};

const LINT: Action = Action {
    name: "lint",
    title: "Inspect",
    summary: "Finds what is wrong or unwise about a key",
    example: "vestibule jwk lint key.jwk",
    fields: &[
        Field::new("file", Kind::Key, "Key", "The key as JWK or PEM")
            .argument()
            .or_stdin()
            .example("{\"kty\": \"EC\", …}"),
        PASSWORD,
        Field::new("published", Kind::Flag, "Published", "Judge it as one that everybody can read"),
    ],
    prints: Prints::Report,
    work: Work::Once(lint),
};

const FILE: Field = Field::new("file", Kind::Key, "Key", "The key as JWK, JWK set or PEM").argument().or_stdin();
const USE: Field = Field::new(
    "use",
    Kind::Choice(&[Choice::new("sig", "sig"), Choice::new("enc", "enc")]),
    "Use",
    "What the key is for",
);
const ALG: Field = Field::new("alg", Kind::Text, "Algorithm", "The one algorithm that the key is for").example("ES256");
const KID: Field = Field::new(
    "kid",
    Kind::Text,
    "Name",
    "The key's name (kid): thumbprint, which a shared secret has none of; none; or a text",
)
.default("thumbprint");
const FORMAT: Field = Field::new(
    "format",
    Kind::Choice(&[Choice::new("jwk", "JWK"), Choice::new("jwks", "JWK set"), Choice::new("pem", "PEM")]),
    "Format",
    "How it is written",
)
.default("jwk");

fn generate(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let alg = algorithm(input)?;
    let size = input.number("size").and_then(|bits| usize::try_from(bits).ok());
    let what = NewKey::named(input.choice("kty")?, size, input.optional_choice("crv"), alg);
    let what = what.map_err(|error| refused("kty", &error))?;
    let key = Jwk::generate(env.provider, what).map_err(|error| refused("kty", &error))?;
    shown(input, &bound(input, key, alg)?)
}

fn from_pem(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let mut ring = Ring::default();
    let password = input.bytes("password")?;
    let text = input.required_bytes("file")?;
    ring.add(env.provider, "file", &text, password.as_ref().map(|password| password.as_slice()))?;
    let alg = algorithm(input)?;
    let keys: Result<Vec<Jwk>, ToolError> = ring.keys.into_iter().map(|key| bound(input, key, alg)).collect();
    match keys?.as_slice() {
        [key] => shown(input, key),
        keys => {
            Err(ToolError::of("file", format!("one key is needed, and {} were found", keys.len()), "give one").into())
        }
    }
}

fn to_pem(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let key = super::keys::only(env, input, "file")?;
    no_secret(&key, "file", "keep it as a JWK")?;
    if let Some(password) = input.bytes("encrypt-with")? {
        let pem = key.to_encrypted_pem(env.provider, &password, &Pbes2::default());
        return Ok(pem_output(pem.map_err(|error| refused("file", &error))?));
    }
    let form = match input.optional_choice("form") {
        Some("pkcs1") if key.is_public() => PemForm::Pkcs1Public,
        Some("pkcs1") => PemForm::Pkcs1,
        Some("sec1") => PemForm::Sec1,
        Some("pkcs8") => PemForm::Pkcs8,
        Some("spki") => PemForm::Spki,
        _ if key.is_public() => PemForm::Spki,
        _ => PemForm::Pkcs8,
    };
    Ok(pem_output(key.to_pem(form).map_err(|error| refused("file", &error))?))
}

fn public(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (ring, is_set) = read(env, input)?;
    let mut keys = Vec::new();
    for key in &ring.keys {
        keys.push(key.public().ok_or_else(|| {
            ToolError::of("file", "a shared secret has no public half", "keep it; whoever verifies needs it too")
        })?);
    }
    let text = match keys.as_slice() {
        [key] if !is_set => key.to_json(Layout::Lines),
        keys => set_to_json(keys, Layout::Lines),
    };
    let mut output = json_output(&text);
    output.blocks.push(Block::Text { name: "public".into(), text: text.to_string() });
    output.notes = ring.notes;
    Ok(output)
}

fn thumbprint(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (ring, _) = read(env, input)?;
    let hash = ThumbprintHash::named(input.choice("hash")?).unwrap_or_default();
    let mut names = Vec::new();
    for key in &ring.keys {
        let name = match input.flag("uri") {
            true => key.thumbprint_uri(env.provider, hash),
            false => key.thumbprint(env.provider, hash),
        };
        names.push(name.ok_or_else(|| {
            ToolError::of(
                "file",
                "a shared secret has no thumbprint here: it would help to guess it",
                "give a key pair (RFC 7638 §7)",
            )
        })?);
    }
    let mut output = match names.as_slice() {
        [one] => Output::value("thumbprint", one.clone()),
        several => Output::value("thumbprints", several.join("\n")).member("thumbprints", several.to_vec()),
    };
    output.notes = ring.notes;
    Ok(output)
}

fn lint(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required_bytes("file")?;
    let key = match std::str::from_utf8(&text) {
        Ok(text) if text.trim_start().starts_with('{') => super::keys::object("file", text)?,
        _ => {
            let key = super::keys::only(env, input, "file")?.to_json(Layout::Compact);
            super::keys::object("file", &key)?
        }
    };
    let place = if input.flag("published") { Place::Public } else { Place::Owner };
    Ok(findings::judged(Output::default(), &jose::lint::key(env.provider, &key, place)))
}

/// The keys of the field, and whether they came as a set.
fn read(env: &Env<'_>, input: &Input) -> Result<(Ring, bool), Halt> {
    let text = input.required_bytes("file")?;
    let password = input.bytes("password")?;
    let mut ring = Ring::default();
    ring.add(env.provider, "file", &text, password.as_ref().map(|password| password.as_slice()))?;
    if ring.keys.is_empty() {
        let why = ring.notes.first().map_or_else(|| "the set is empty".into(), |note| note.text.clone());
        return Err(ToolError::of("file", why, "give a key").into());
    }
    let is_set = serde_json::from_slice::<serde_json::Value>(&text).is_ok_and(|value| value.get("keys").is_some());
    Ok((ring, is_set))
}

/// The key with `use`, `alg` and `kid` as they were asked for.
fn bound(input: &Input, key: Jwk, alg: Option<KeyAlgorithm>) -> Result<Jwk, ToolError> {
    let mut key = key;
    if let Some(alg) = alg {
        key = key.with_alg(alg).map_err(|error| refused("alg", &error))?;
    }
    if let Some(usage) = input.optional_choice("use").map(KeyUse::named) {
        if let Some(alg) = alg.filter(|alg| alg.usage() != usage) {
            let what = format!("{alg} is not for the use {}", usage.as_str());
            return Err(ToolError::of("use", what, format!("take {}, or another algorithm", alg.usage().as_str())));
        }
        key = key.with_use(usage).map_err(|error| refused("use", &error))?;
    }
    Ok(match input.optional_choice("kid") {
        None | Some("thumbprint") => key,
        Some("none") => key.with_kid(None),
        Some(kid) => key.with_kid(Some(kid.to_owned())),
    })
}

fn algorithm(input: &Input) -> Result<Option<KeyAlgorithm>, ToolError> {
    let Some(name) = input.optional_choice("alg") else { return Ok(None) };
    let unknown = |_| {
        ToolError::of(
            "alg",
            format!("there is no algorithm {:?}", crate::input::excerpt(name)),
            "take one such as ES256 or RSA-OAEP-256",
        )
    };
    name.parse().map(Some).map_err(unknown)
}

/// A key in the form that was asked for, its private half apart from its public one.
fn shown(input: &Input, key: &Jwk) -> Result<Output, Halt> {
    let written = |key: &Jwk| match input.choice("format")? {
        "jwks" => Ok(set_to_json(std::slice::from_ref(key), Layout::Lines)),
        "pem" => {
            no_secret(key, "format", "take --format jwk")?;
            let form = if key.is_public() { PemForm::Spki } else { PemForm::Pkcs8 };
            Ok(key.to_pem(form).map_err(|error| refused("format", &error))?)
        }
        _ => Ok::<_, Halt>(key.to_json(Layout::Lines)),
    };
    let text = written(key)?;
    let mut output = match input.choice("format")? {
        "pem" => pem_output(text.clone()),
        _ => json_output(&text),
    };
    output.blocks.clear();
    if key.is_public() {
        output.blocks.push(Block::Text { name: "public key".into(), text: text.to_string() });
        return Ok(output);
    }
    let name = if matches!(key.material(), KeyMaterial::Secret(_)) { "secret" } else { "private key" };
    output.blocks.push(Block::Secret { name: name.into(), text });
    if let Some(public) = key.public() {
        output.blocks.push(Block::Text { name: "public key".into(), text: written(&public)?.to_string() });
    }
    match key.kid() {
        Some(kid) => output.blocks.push(Block::Line { name: "kid".into(), text: kid.to_owned() }),
        None if matches!(key.material(), KeyMaterial::Secret(_))
            && input.optional_choice("kid") == Some("thumbprint") =>
        {
            let text = "the secret has no kid: its thumbprint would help to guess it; give it a name of its own";
            output.notes.push(Note::new(Level::Info, "secret-nameless", text).clause("RFC 7638 §7"));
        }
        None => {}
    }
    output.notes.push(Note::new(
        Level::Info,
        "key-private",
        "whoever has the private half can sign or decrypt: keep it",
    ));
    Ok(output)
}

fn no_secret(key: &Jwk, field: &'static str, advice: &str) -> Result<(), ToolError> {
    match key.material() {
        KeyMaterial::Secret(_) => Err(ToolError::of(field, "a shared secret has no form in PEM", advice)),
        _ => Ok(()),
    }
}

/// JSON is its own result.
fn json_output(text: &Zeroizing<String>) -> Output {
    let mut output = Output::default();
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(text) {
        output.result = members;
    }
    output.value = Zeroizing::new(text.as_bytes().to_vec());
    output.json = Json::Document;
    output
}

fn pem_output(text: Zeroizing<String>) -> Output {
    let mut output = Output::default().member("pem", text.as_str());
    let private = text.contains("PRIVATE");
    output.blocks.push(match private {
        true => Block::Secret { name: "private key".into(), text: text.clone() },
        false => Block::Text { name: "public key".into(), text: text.to_string() },
    });
    output.value = Zeroizing::new(text.trim_end().as_bytes().to_vec());
    output
}

const TYPES: &[Choice] = &[
    Choice::new("EC", "EC (ECDSA, ECDH)"),
    Choice::new("OKP", "OKP (Ed25519, X25519)"),
    Choice::new("RSA", "RSA"),
    Choice::new("oct", "oct (shared secret)"),
    Choice::new("AKP", "AKP (ML-DSA)"),
];
const CURVES: &[Choice] = &[
    Choice::new("P-256", "P-256"),
    Choice::new("P-384", "P-384"),
    Choice::new("P-521", "P-521"),
    Choice::new("secp256k1", "secp256k1"),
    Choice::new("Ed25519", "Ed25519"),
    Choice::new("X25519", "X25519"),
];
const FORMS: &[Choice] = &[
    Choice::new("pkcs8", "PKCS#8"),
    Choice::new("spki", "SPKI (public)"),
    Choice::legacy("pkcs1", "PKCS#1 (RSA)"),
    Choice::legacy("sec1", "SEC 1 (EC)"),
];
const HASHES: &[Choice] =
    &[Choice::new("sha-256", "SHA-256"), Choice::new("sha-384", "SHA-384"), Choice::new("sha-512", "SHA-512")];
