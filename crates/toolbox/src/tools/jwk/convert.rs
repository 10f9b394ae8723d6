//! Keys at hand: as PEM, stripped to their public half, named, judged.

use jose::jwk::{Layout, Pbes2, PemForm, ThumbprintHash, set_to_json};
use jose::lint::Place;

use super::written::{json_output, no_secret, pem_output};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Output};
use crate::run::Env;
use crate::tools::findings;
use crate::tools::keys::{Ring, object, only, refused};

pub(super) fn to_pem(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let key = only(env, input, "file")?;
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

pub(super) fn public(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
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

pub(super) fn thumbprint(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
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

pub(super) fn lint(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let text = input.required_bytes("file")?;
    let key = match std::str::from_utf8(&text) {
        Ok(text) if text.trim_start().starts_with('{') => object("file", text)?,
        _ => {
            let key = only(env, input, "file")?.to_json(Layout::Compact);
            object("file", &key)?
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
