//! `aud`: a string or an array of strings (RFC 7519 §4.1.3).

use crate::json::Value;

/// The audiences, unless the claim has another shape.
pub(super) fn audiences(aud: &Value) -> Option<Vec<&str>> {
    match aud {
        Value::String(one) => Some(vec![one]),
        Value::Array(many) => many.iter().map(Value::as_str).collect(),
        _ => None,
    }
}
