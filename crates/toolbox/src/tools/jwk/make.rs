//! Keys made, or taken out of PEM, with the names and purposes that were asked for.

use jose::jwk::{Jwk, KeyAlgorithm, KeyUse, NewKey};

use super::written::shown;
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::Output;
use crate::run::Env;
use crate::tools::keys::{Ring, refused};

pub(super) fn generate(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let alg = algorithm(input)?;
    let size = input.number("size").and_then(|bits| usize::try_from(bits).ok());
    let what = NewKey::named(input.choice("kty")?, size, input.optional_choice("crv"), alg);
    let what = what.map_err(|error| refused("kty", &error))?;
    let key = Jwk::generate(env.provider, what).map_err(|error| refused("kty", &error))?;
    shown(input, &bound(input, key, alg)?)
}

pub(super) fn from_pem(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
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
