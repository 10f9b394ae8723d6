//! What an SD-JWT discloses (RFC 9901 §4.2), shown without being believed.

use jose::base64url;
use jose::json::Value;
use serde_json::json;

use crate::output::{Block, Level, Note, Output};

/// Takes the disclosures off a token, and shows them.
pub(super) fn take(text: &mut String, output: &mut Output) -> Option<Value> {
    if text.starts_with('{') {
        return None;
    }
    let (token, rest) = text.split_once('~').map(|(token, rest)| (token.to_owned(), rest.to_owned()))?;
    *text = token;
    let mut pieces: Vec<&str> = rest.split('~').collect();
    // What stands behind the last tilde is the key binding, or nothing (§4.1).
    let binding = pieces.pop().unwrap_or_default();
    let mut rows = Vec::new();
    let mut members = Vec::new();
    for piece in pieces {
        let read = base64url::decode(piece).ok().and_then(|bytes| serde_json::from_slice::<Vec<Value>>(&bytes).ok());
        match read.as_deref() {
            Some([Value::String(_), Value::String(name), value]) => {
                rows.push(vec![name.clone(), value.to_string()]);
                members.push(json!({"name": name, "value": value}));
            }
            Some([Value::String(_), value]) => {
                rows.push(vec!["(an element)".into(), value.to_string()]);
                members.push(json!({"value": value}));
            }
            _ => {
                let text = "a disclosure is not base64url of a JSON array with salt, name and value";
                output.notes.push(Note::new(Level::Fault, "sd-jwt-disclosure", text).clause("RFC 9901 §4.2"));
            }
        }
    }
    let heads = ["disclosed", "value"].map(str::to_owned).to_vec();
    output.blocks.push(Block::Table { name: "disclosures".into(), heads, rows });
    let text = match binding.is_empty() {
        true => "an SD-JWT without a key binding: whoever has it can show it",
        false => "an SD-JWT with a key binding at its end: the holder has signed it for one verifier",
    };
    output.notes.push(Note::new(Level::Info, "sd-jwt", text).clause("RFC 9901 §4.3"));
    Some(Value::Array(members))
}
