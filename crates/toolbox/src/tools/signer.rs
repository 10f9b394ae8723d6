//! The key that signs, from the fields `key`, `secret`, `alg` and the header.

use jose::json::{Object, Value};
use jose::jwk::{Jwk, KeyMaterial};
use jose::{JwsAlgorithm, SigningKey};

use super::demands::unknown_alg;
use super::keys::{Ring, refused};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::Note;
use crate::run::Env;

/// A key that is ready to sign.
pub(super) struct Signer {
    pub(super) key: SigningKey,
    pub(super) notes: Vec<Note>,
}

/// Takes `alg` and `kid` out of the header: they are the key's to say, and what stands there is a wish.
pub(super) fn of(env: &Env<'_>, input: &Input, header: &mut Object) -> Result<Signer, Halt> {
    let ring = Ring::given(env, input)?;
    let wished = header.remove("alg");
    let wished = wished.as_ref().and_then(Value::as_str);
    let alg = match input.text("alg")? {
        Some(name) => Some(parse(&name)?),
        None => wished.map(parse).transpose()?,
    };
    let key = chosen(env, ring.keys, alg)?;
    let key = match header.remove("kid") {
        Some(Value::String(kid)) => key.with_kid(Some(kid)),
        Some(_) => return Err(ToolError::of("header", "kid is no string", "write it as one").into()),
        None => key,
    };
    if key.is_public() {
        let advice = "give --key with the private half";
        return Err(ToolError::of("key", "a private key is needed, not a public one", advice).into());
    }
    let field = if matches!(key.material(), KeyMaterial::Secret(_)) { "secret" } else { "key" };
    let key = key.signing_key(env.provider, alg).map_err(|error| refused(field, &error))?;
    Ok(Signer { key, notes: ring.notes })
}

/// The first that signs this algorithm.
fn chosen(env: &Env<'_>, keys: Vec<Jwk>, alg: Option<JwsAlgorithm>) -> Result<Jwk, ToolError> {
    let mut keys = keys.into_iter();
    let missing = || ToolError::of("key", "there is no key to sign with", "give --key with a private key, or --secret");
    let first = keys.next().ok_or_else(missing)?;
    let serves = |key: &Jwk| key.signing_key(env.provider, alg).is_ok();
    if serves(&first) {
        return Ok(first);
    }
    // Why the first was refused says more than that the others were too.
    Ok(keys.find(serves).unwrap_or(first))
}

fn parse(name: &str) -> Result<JwsAlgorithm, ToolError> {
    if name.eq_ignore_ascii_case("none") {
        return Err(ToolError::of("alg", "none is no signature", "take an algorithm that signs"));
    }
    name.parse().map_err(|_| unknown_alg(name))
}
