//! Key sets that are given, fetched, or found by way of an issuer.

use jose::json::{Object, Value};
use zeroize::Zeroizing;

use super::keys::{Ring, object};
use crate::input::Input;
use crate::need::{Fact, Halt, Need, ToolError};
use crate::run::Env;

/// A document that was fetched.
pub(super) struct Fetched {
    pub(super) url: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) members: Object,
}

/// Adds the keys of `jwks` and `issuer`; of the latter gives what `iss` must be.
pub(super) fn add(env: &Env<'_>, input: &Input, ring: &mut Ring) -> Result<Option<Zeroizing<String>>, Halt> {
    let own = ring.keys.len();
    if let Some(text) = input.bytes("jwks")? {
        ring.add(env.provider, "jwks", &text, None)?;
    }
    let issuer = input.text("issuer")?;
    if let Some(issuer) = &issuer {
        let set = of_issuer(input, issuer)?;
        let keys = set.members.get("keys").and_then(Value::as_array).cloned().unwrap_or_default();
        ring.add_set(env.provider, &keys)?;
    }
    ring.pass_over_published_secrets(own);
    Ok(issuer)
}

/// The key set of an issuer, by its metadata (OpenID Connect Discovery 1.0 §4, RFC 8414 §3).
pub(super) fn of_issuer(input: &Input, issuer: &str) -> Result<Fetched, Halt> {
    let metadata = metadata(input, issuer)?;
    let text = |name: &str| metadata.members.get(name).and_then(Value::as_str);
    // Discovery §4.3: whoever could answer for another issuer could hand out keys of its own.
    if text("issuer") != Some(issuer) {
        let what = format!("{} says that its issuer is {:?}", metadata.url, text("issuer").unwrap_or("nobody"));
        return Err(ToolError::of("issuer", what, "give the issuer letter by letter").into());
    }
    let uri = text("jwks_uri").ok_or_else(|| {
        ToolError::of("issuer", format!("{} has no jwks_uri", metadata.url), "give the key set with --jwks")
    })?;
    fetch(input, uri)
}

/// The metadata at either of the well-known places.
pub(super) fn metadata(input: &Input, issuer: &str) -> Result<Fetched, Halt> {
    if !issuer.starts_with("https://") && !issuer.starts_with("http://") {
        return Err(ToolError::of("issuer", "the issuer is no URL", "give https://…").into());
    }
    let openid = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    if let Some(found) = try_fetch(input, &openid)? {
        return Ok(found);
    }
    // RFC 8414 §3.1: between host and path.
    let (scheme, rest) = issuer.split_once("://").unwrap_or_default();
    let (host, path) = rest.split_once('/').map_or((rest, String::new()), |(host, path)| (host, format!("/{path}")));
    let path = path.trim_end_matches('/');
    fetch(input, &format!("{scheme}://{host}/.well-known/oauth-authorization-server{path}"))
}

/// A JSON document that must be there.
pub(super) fn fetch(input: &Input, url: &str) -> Result<Fetched, Halt> {
    match try_fetch(input, url)? {
        Some(found) => Ok(found),
        None => Err(ToolError::new(format!("{url} is not there"), "give the URL of a key set, or a file").into()),
    }
}

/// A JSON document; `None` where the answer is 404 or another refusal.
pub(super) fn try_fetch(input: &Input, url: &str) -> Result<Option<Fetched>, Halt> {
    let Fact::Fetched { status, headers, body } = input.fact(Need::Fetch(url.to_owned()))? else {
        return Err(ToolError::new(format!("{url} was not fetched"), "give a file").into());
    };
    if *status != 200 {
        return Ok(None);
    }
    let text = std::str::from_utf8(body).map_err(|_| ToolError::new(format!("{url} is not UTF-8"), "give a file"))?;
    let members =
        object("answer", text).map_err(|error| ToolError::new(format!("{url}: {}", error.what), error.advice))?;
    Ok(Some(Fetched { url: url.to_owned(), headers: headers.clone(), members }))
}
