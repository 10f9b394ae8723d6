//! One key.

use serde_json::Value;

use super::codes::*;
use super::{Finding, member};
use crate::base64url;
use crate::json::Object;
use crate::jwk::{Jwk, KeyAlgorithm, KeyError, KeyMaterial, excerpt};
use crate::provider::{Provider, PublicMaterial};

/// Where a key stands.
///
/// ```
/// use vestibule_jose::lint::{self, Place};
/// use vestibule_jose::{json::Object, provider::aws_lc};
///
/// let secret = Object::from_iter([("kty".to_owned(), "oct".into()), ("k".to_owned(), "AAECAwQFBgcICQoLDA0ODw".into())]);
/// let codes = |place| lint::key(aws_lc(), &secret, place).iter().map(|finding| finding.code).collect::<Vec<_>>();
/// assert!(codes(Place::Public).contains(&"key.secret.published"));
/// assert!(!codes(Place::Owner).contains(&"key.secret.published"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// With its owner: private members and secrets are no surprise.
    Owner,
    /// Where everybody reads it.
    Public,
}

/// Looks at a key whose JSON was read strictly before.
///
/// ```
/// use vestibule_jose::lint::{Place, key};
/// use vestibule_jose::{json::Object, provider::aws_lc};
///
/// let found = key(aws_lc(), &Object::new(), Place::Owner);
/// assert!(!found.is_empty(), "it has no kty");
/// ```
pub fn key(provider: &dyn Provider, jwk: &Object, place: Place) -> Vec<Finding> {
    at(provider, jwk, place, "").0
}

/// The same at this place of a larger document, and the key where it can be read.
pub(super) fn at(provider: &dyn Provider, jwk: &Object, place: Place, pointer: &str) -> (Vec<Finding>, Option<Jwk>) {
    let mut out = Vec::new();
    published(jwk, place, pointer, &mut out);
    let read = Jwk::from_object(provider, jwk);
    match &read {
        Ok(key) => sound(key, pointer, &mut out),
        Err(error) => out.push(unsound(jwk, error, pointer)),
    }
    purpose(jwk, pointer, &mut out);
    (out, read.ok())
}

fn published(jwk: &Object, place: Place, pointer: &str, out: &mut Vec<Finding>) {
    if place == Place::Owner {
        return;
    }
    if jwk.get("kty").is_some_and(|kty| kty == "oct") || jwk.contains_key("k") {
        out.push(KEY_SECRET_PUBLISHED.at(pointer));
    }
    if let Some(name) =
        ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"].into_iter().find(|name| jwk.contains_key(*name))
    {
        out.push(KEY_PRIVATE_PUBLISHED.at(member(pointer, name)));
    }
}

/// Which rule a refused key breaks.
fn unsound(jwk: &Object, error: &KeyError, pointer: &str) -> Finding {
    match error {
        KeyError::Weak(words) => KEY_WEAK.with(pointer, words),
        KeyError::ShortSecret { .. } => KEY_SECRET_SHORT.with(member(pointer, "k"), error),
        KeyError::UnknownKty(_) => KEY_KTY_UNKNOWN.with(member(pointer, "kty"), error),
        KeyError::UnknownCurve(name) => KEY_CRV_UNKNOWN.with(member(pointer, "crv"), format_args!("{name:?}")),
        KeyError::UnknownAlgorithm(name) => KEY_ALG_UNKNOWN.with(member(pointer, "alg"), format_args!("{name:?}")),
        KeyError::Mismatch { .. } => KEY_ALG_MISMATCH.with(member(pointer, "alg"), error),
        KeyError::Provider(_) if jwk.contains_key("d") || jwk.contains_key("priv") => KEY_HALVES.at(pointer),
        KeyError::Provider(_) => KEY_OFF_CURVE.at(pointer),
        KeyError::Missing(name) | KeyError::Member { member: name, .. } => {
            KEY_INVALID.with(member(pointer, name), error)
        }
        _ => KEY_INVALID.with(pointer, error),
    }
}

fn sound(key: &Jwk, pointer: &str, out: &mut Vec<Finding>) {
    if let Some(PublicMaterial::Rsa { e, .. }) = key.public_material()
        && e.len() < 3
    {
        out.push(KEY_EXPONENT.at(member(pointer, "e")));
    }
    if let KeyMaterial::Secret(secret) = key.material() {
        if is_guessable(secret) {
            out.push(KEY_SECRET_GUESSABLE.at(member(pointer, "k")));
        } else if secret.len() < 16 {
            out.push(KEY_SECRET_SHORT.with(member(pointer, "k"), format_args!("{} bytes", secret.len())));
        }
    }
    match key.alg() {
        None => out.push(KEY_ALG_MISSING.at(pointer)),
        Some(KeyAlgorithm::KeyManagement(crate::alg::KeyManagement::Rsa15)) => {
            out.push(KEY_ALG_RSA1_5.at(member(pointer, "alg")));
        }
        Some(_) => {}
    }
}

/// All printable, or few different bytes for its length: nobody drew this by lot.
fn is_guessable(secret: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in secret {
        seen[usize::from(*byte)] = true;
    }
    let different = seen.iter().filter(|seen| **seen).count();
    // Sixteen random bytes are all printable once in ten million times. Encoded random bytes are printable too, and are
    // told from words by their length.
    let words = secret.is_ascii() && !secret.iter().any(u8::is_ascii_control) && secret.len() < 32;
    let patterned = different * 4 < secret.len().min(64);
    words && base64url::decode(secret).is_err() || patterned || (words && secret.iter().all(u8::is_ascii_lowercase))
}

fn purpose(jwk: &Object, pointer: &str, out: &mut Vec<Finding>) {
    let operations: Vec<&str> =
        jwk.get("key_ops").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    match (jwk.contains_key("use"), jwk.contains_key("key_ops")) {
        (true, true) => out.push(KEY_USE_AND_OPS.at(member(pointer, "key_ops"))),
        (false, false) => out.push(KEY_USE_MISSING.at(pointer)),
        _ => {}
    }
    if let Some(name) = operations.iter().find(|name| pair_of(name).is_none()) {
        out.push(KEY_OPS_UNKNOWN.with(member(pointer, "key_ops"), format_args!("{:?}", excerpt(name))));
    }
    let mut pairs: Vec<u8> = operations.iter().filter_map(|name| pair_of(name)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    if pairs.len() > 1 {
        out.push(KEY_OPS_UNRELATED.at(member(pointer, "key_ops")));
    }
    if jwk.contains_key("x5u") {
        out.push(KEY_X5U.at(member(pointer, "x5u")));
    }
}

/// RFC 7517 §4.3: only the two halves of one operation belong together.
fn pair_of(operation: &str) -> Option<u8> {
    match operation {
        "sign" | "verify" => Some(0),
        "encrypt" | "decrypt" => Some(1),
        "wrapKey" | "unwrapKey" => Some(2),
        "deriveKey" | "deriveBits" => Some(3),
        _ => None,
    }
}
