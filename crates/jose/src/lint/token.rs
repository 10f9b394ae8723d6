//! A token: signed or encrypted, compact or JSON.

use serde_json::Value;

use super::Finding;
use super::codes::*;
use super::{claims, header};
use crate::alg::JwsAlgorithm;
use crate::json::{self, Object};
use crate::{Limits, base64url};

/// Looks at a token. Nothing is verified or opened; of an encrypted one the header alone is seen. Times are compared
/// with `now`, in seconds since 1970, where it is given.
///
/// ```
/// use vestibule_jose::{Limits, lint};
///
/// let findings = lint::token("eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.", None, &Limits::DEFAULT);
/// assert!(findings.iter().any(|finding| finding.code == "token.alg.none"));
/// ```
pub fn token(text: &str, now: Option<i64>, limits: &Limits) -> Vec<Finding> {
    let text = text.trim();
    let mut out = Vec::new();
    match read(text, limits) {
        Err(why) => out.push(TOKEN_INVALID.with("", why)),
        Ok(token) => {
            let sort = if token.payload.is_some() { header::Sort::Signed } else { header::Sort::Encrypted };
            header::look(&token.header, sort, &mut out);
            if let (Some(payload), Some(signature)) = (&token.payload, &token.signature) {
                sign(&token.header, signature, &mut out);
                claims::look(payload, now, limits, &mut out);
            }
        }
    }
    out
}

/// What there is to see.
struct Token {
    header: Object,
    /// Of a signed one.
    payload: Option<Vec<u8>>,
    signature: Option<Vec<u8>>,
}

fn read(text: &str, limits: &Limits) -> Result<Token, String> {
    if text.len() > limits.token_bytes {
        return Err(format!("{} bytes, of which {} are read", text.len(), limits.token_bytes));
    }
    if text.starts_with('{') {
        return read_json(text, limits);
    }
    let parts: Vec<&str> = text.split('.').collect();
    match parts.as_slice() {
        [header, payload, signature] => Ok(Token {
            header: object(header, limits)?,
            payload: Some(decode("payload", payload)?),
            signature: Some(decode("signature", signature)?),
        }),
        [header, rest @ ..] if rest.len() == 4 => {
            for (name, part) in ["encrypted key", "initialization vector", "ciphertext", "tag"].iter().zip(rest) {
                decode(name, part)?;
            }
            Ok(Token { header: object(header, limits)?, payload: None, signature: None })
        }
        parts => Err(format!("{} parts instead of three or five", parts.len())),
    }
}

/// RFC 7515 §7.2 and RFC 7516 §7.2; of several signatures or recipients the first is looked at.
fn read_json(text: &str, limits: &Limits) -> Result<Token, String> {
    let whole =
        json::parse(text.as_bytes(), limits.token_bytes, limits.json_depth).map_err(|error| error.to_string())?;
    let first = |name: &str| whole.get(name).and_then(|list| list.get(0));
    let part = first("signatures").or_else(|| first("recipients")).unwrap_or(&whole);
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let mut header = match text(part.get("protected").or_else(|| whole.get("protected"))) {
        Some(protected) => object(&protected, limits)?,
        None => Object::new(),
    };
    for unprotected in [whole.get("unprotected"), part.get("header")].into_iter().flatten() {
        for (name, value) in unprotected.as_object().ok_or("a header that is no object")? {
            header.entry(name.clone()).or_insert_with(|| value.clone());
        }
    }
    if whole.get("ciphertext").is_some() {
        return Ok(Token { header, payload: None, signature: None });
    }
    match (text(whole.get("payload")), text(part.get("signature"))) {
        (Some(payload), Some(signature)) => Ok(Token {
            header,
            payload: Some(decode("payload", &payload)?),
            signature: Some(decode("signature", &signature)?),
        }),
        _ => Err("neither a payload with its signature nor a ciphertext".into()),
    }
}

fn object(part: &str, limits: &Limits) -> Result<Object, String> {
    if part.len() > base64url::encoded_len(limits.header_bytes) {
        return Err(format!("a header of more than {} bytes", limits.header_bytes));
    }
    json::parse_object(&decode("header", part)?, limits)
        .map_err(|error| format!("the header is not strict JSON: {error}"))
}

fn decode(name: &str, part: &str) -> Result<Vec<u8>, String> {
    base64url::decode(part).map_err(|_| format!("the {name} is not canonical base64url"))
}

/// RFC 7518 §3: the length is the algorithm's, of RSA the modulus's.
fn sign(header: &Object, signature: &[u8], out: &mut Vec<Finding>) {
    let alg = header.get("alg").and_then(Value::as_str).unwrap_or_default();
    if signature.is_empty() {
        out.push(SIGNATURE_EMPTY.at("/signature"));
        return;
    }
    let Ok(alg) = alg.parse::<JwsAlgorithm>() else { return };
    let len = match alg {
        JwsAlgorithm::ES256 | JwsAlgorithm::ES256K | JwsAlgorithm::EdDSA | JwsAlgorithm::Ed25519 => 64,
        JwsAlgorithm::ES384 => 96,
        JwsAlgorithm::ES512 => 132,
        JwsAlgorithm::MlDsa44 => 2420,
        JwsAlgorithm::MlDsa65 => 3309,
        JwsAlgorithm::MlDsa87 => 4627,
        _ if alg.is_symmetric() => alg.hash().len(),
        _ => signature.len().max(256),
    };
    if signature.len() == len {
        return;
    }
    let der = alg.kty() == "EC"
        && matches!(signature, [0x30, length, 0x02, ..] if usize::from(*length) + 2 == signature.len());
    let der = der || (alg == JwsAlgorithm::ES512 && signature.starts_with(&[0x30, 0x81]));
    let code = if der { SIGNATURE_DER } else { SIGNATURE_LENGTH };
    out.push(code.with("/signature", format_args!("{} bytes, {alg} has {len}", signature.len())));
}
