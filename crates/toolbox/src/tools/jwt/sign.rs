//! `jwt sign`.

use jose::json::{Object, Value};
use jose::jwt::{self, HeaderExtras};

use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::Output;
use crate::run::Env;
use crate::tools::signer::{self, Signer};

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let mut claims = input.object("claims")?.ok_or_else(|| input.missing("claims"))?;
    let mut header = input.object("header")?.unwrap_or_default();
    let Signer { key, notes } = signer::of(env, input, &mut header)?;
    lifetime(env, input, &mut claims);
    let (typ, cty) = (header_text(&mut header, "typ")?, header_text(&mut header, "cty")?);
    let extras = HeaderExtras { typ: typ.as_deref(), cty: cty.as_deref(), members: header };
    let token = jwt::sign(&key, &extras, &claims)
        .map_err(|error| ToolError::new(error.to_string(), "correct claims, header or key"))?;
    let mut output = Output::value("token", token).member("alg", key.alg().as_str());
    if let Some(kid) = key.kid() {
        output = output.member("kid", kid);
    }
    output.notes = notes;
    Ok(output.member("claims", Value::Object(claims)))
}

/// Sets `iat` and `exp`, where it is said how long the token is good.
pub(in crate::tools) fn lifetime(env: &Env<'_>, input: &Input, claims: &mut Object) {
    let Some(span) = input.span("expires-in") else { return };
    let now = input.moment("at").unwrap_or(env.now);
    claims.insert("iat".into(), now.into());
    claims.insert("exp".into(), now.saturating_add(span).into());
}

/// Takes a member that must be text out of a header.
pub(in crate::tools) fn header_text(header: &mut Object, name: &'static str) -> Result<Option<String>, ToolError> {
    match header.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(ToolError::of("header", format!("{name} is no string"), "write it as one")),
    }
}
