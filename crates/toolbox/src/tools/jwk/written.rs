//! How a key is shown, its private half apart from its public one.

use jose::jwk::{Jwk, KeyMaterial, Layout, PemForm, set_to_json};
use zeroize::Zeroizing;

use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Json, Level, Note, Output};
use crate::tools::keys::refused;

/// A key in the form that was asked for, its private half apart from its public one.
pub(super) fn shown(input: &Input, key: &Jwk) -> Result<Output, Halt> {
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

pub(super) fn no_secret(key: &Jwk, field: &'static str, advice: &str) -> Result<(), ToolError> {
    match key.material() {
        KeyMaterial::Secret(_) => Err(ToolError::of(field, "a shared secret has no form in PEM", advice)),
        _ => Ok(()),
    }
}

/// JSON is its own result.
pub(super) fn json_output(text: &Zeroizing<String>) -> Output {
    let mut output = Output::default();
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(text) {
        output.result = members;
    }
    output.value = Zeroizing::new(text.as_bytes().to_vec());
    output.json = Json::Document;
    output
}

pub(super) fn pem_output(text: Zeroizing<String>) -> Output {
    let mut output = Output::default().member("pem", text.as_str());
    let private = text.contains("PRIVATE");
    output.blocks.push(match private {
        true => Block::Secret { name: "private key".into(), text: text.clone() },
        false => Block::Text { name: "public key".into(), text: text.to_string() },
    });
    output.value = Zeroizing::new(text.trim_end().as_bytes().to_vec());
    output
}
