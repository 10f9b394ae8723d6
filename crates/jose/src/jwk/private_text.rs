//! Private members written into a JWK without leaving copies behind.

use zeroize::Zeroizing;

use crate::json::{Object, Value};

/// The JWK's text with the private members at its end. None of them needs escaping: they are base64url.
pub(super) fn private_text(jwk: Object, secret: &[(&'static str, Zeroizing<String>)]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(Value::Object(jwk).to_string());
    text.pop();
    // Grown before the secret is in it, so that no copy stays behind in freed memory.
    text.reserve_exact(secret.iter().map(|(name, value)| name.len() + value.len() + 6).sum::<usize>() + 1);
    for (name, value) in secret {
        for part in [",\"", name, "\":\"", value, "\""] {
            text.push_str(part);
        }
    }
    text.push('}');
    text
}
