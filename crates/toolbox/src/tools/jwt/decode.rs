//! `jwt decode`.

use jose::json::{Object, Value};

use super::{claims, disclosures, header};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;
use crate::tools::keys::Ring;
use crate::tools::open;
use crate::tools::token::{Pieces, Sort, cleaned, take_apart};

/// Shows the token and, as far as the keys allow, what is inside of it.
pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (mut text, mut notes) = cleaned(&input.required("token")?);
    let ring = Ring::to_read(env, input)?;
    let password = input.bytes("password")?;
    notes.extend(ring.notes.iter().cloned());
    let now = input.moment("at").unwrap_or(env.now);
    let mut output = Output { notes, ..Output::default() };
    let disclosed = disclosures::take(&mut text, &mut output);
    let mut layers = Vec::new();
    for depth in 0..MOST_LAYERS {
        let pieces = match take_apart(&text) {
            Ok(pieces) => pieces,
            Err(error) if depth == 0 => return Err(error.into()),
            // What was encrypted is no token.
            Err(_) => break,
        };
        let name = |what: &str| if depth == 0 { what.to_owned() } else { format!("{what} of layer {}", depth + 1) };
        output.blocks.push(pieces.header_block(name("header")));
        output.blocks.extend(header::explained(&pieces, name("header explained")));
        output.notes.extend(pieces.notes.iter().cloned());
        match pieces.sort {
            Sort::Jws => {
                layers.push(signed(&pieces, now, &name, &mut output));
                match inner(&pieces) {
                    Some(token) => text = token,
                    None => break,
                }
            }
            Sort::Jwe => match open::open(env, &text, &ring, password.as_ref().map(|text| text.as_slice())) {
                Ok(plaintext) => {
                    layers.push(opened(&pieces, &plaintext, now, &name, &mut output));
                    match std::str::from_utf8(&plaintext) {
                        Ok(inside) => text = inside.trim().to_owned(),
                        Err(_) => break,
                    }
                }
                Err(note) => {
                    let said = if ring.keys.is_empty() && password.is_none() {
                        Note::new(Level::Info, "jwe-closed", "the token is encrypted; give a key to see what is inside")
                    } else {
                        *note
                    };
                    output.notes.push(said);
                    layers.push(layer(&pieces));
                    break;
                }
            },
        }
    }
    let output = combined(output, layers)?;
    Ok(match disclosed {
        Some(disclosed) => output.member("disclosures", disclosed),
        None => output,
    })
}

fn layer(pieces: &Pieces) -> Object {
    let mut layer = Object::new();
    layer.insert("type".into(), if pieces.sort == Sort::Jws { "JWS" } else { "JWE" }.into());
    layer.insert("form".into(), pieces.form.into());
    layer.insert("header".into(), Value::Object(pieces.header.clone()));
    layer
}

fn signed(pieces: &Pieces, now: i64, name: &dyn Fn(&str) -> String, output: &mut Output) -> Object {
    let mut layer = layer(pieces);
    content(&pieces.payload, now, name, &mut layer, output);
    layer.insert("signature".into(), pieces.signature.as_str().into());
    output.blocks.push(Block::Line { name: name("signature"), text: pieces.signature.clone() });
    layer
}

fn opened(pieces: &Pieces, plaintext: &[u8], now: i64, name: &dyn Fn(&str) -> String, output: &mut Output) -> Object {
    let mut layer = layer(pieces);
    let is_token = std::str::from_utf8(plaintext).is_ok_and(|text| take_apart(text.trim()).is_ok());
    if !is_token {
        content(plaintext, now, name, &mut layer, output);
        let text = "the token is encrypted and not signed: by a public key anybody can have made it";
        output.notes.push(Note::new(Level::Info, "jwe-not-signed", text));
    }
    layer
}

/// Claims, or bytes of another sort.
fn content(bytes: &[u8], now: i64, name: &dyn Fn(&str) -> String, layer: &mut Object, output: &mut Output) {
    match serde_json::from_slice::<Value>(bytes) {
        Ok(Value::Object(claims)) => {
            if let Err(error) = jose::json::parse_object(bytes, &jose::Limits::DEFAULT) {
                let text = format!("the claims are no strict JSON: {error}");
                output.notes.push(Note::new(Level::Fault, "token-json", text).clause("RFC 7519 §4"));
            }
            let text = String::from_utf8_lossy(bytes);
            output.blocks.push(Block::json_as_written(name("claims"), &text));
            output.blocks.extend(claims::explained(&text, &claims, now));
            output.notes.extend(claims::remarks(&claims, now));
            layer.insert("times".into(), Value::Object(claims::times_json(&claims, now)));
            layer.insert("claims".into(), Value::Object(claims));
        }
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => {
                output.blocks.push(Block::Text { name: name("payload"), text: text.to_owned() });
                layer.insert("payload".into(), text.into());
            }
            Err(_) => {
                let text = crate::encoding::Encoding::Base64.encode(bytes);
                output.blocks.push(Block::Line { name: name("payload in base64"), text: text.clone() });
                layer.insert("payload_base64".into(), text.into());
            }
        },
    }
}

/// A payload that is a token itself (RFC 7519 §5.2).
fn inner(pieces: &Pieces) -> Option<String> {
    let nested = pieces.header.get("cty").and_then(Value::as_str).is_some_and(|cty| cty.eq_ignore_ascii_case("JWT"));
    nested.then(|| String::from_utf8(pieces.payload.clone()).ok())?
}

/// The outermost layer's members stand at the top; what is inside of it in `nested`.
fn combined(mut output: Output, layers: Vec<Object>) -> Result<Output, ToolError> {
    let mut all = layers.into_iter().rev();
    let mut inside = all.next().unwrap_or_default();
    for mut outer in all {
        outer.insert("nested".into(), Value::Object(inside));
        inside = outer;
    }
    output.result = inside;
    Ok(output)
}

const MOST_LAYERS: usize = 4;
