//! `sd-jwt present`.

use jose::json::{Object, Value};
use jose::jwk::{Jwk, ThumbprintHash};
use jose::sd_jwt::{Proof, SdJwt};
use jose::{Limits, SigningKey, jwt};

use super::{not_made, pointers, pointers_of, read, unreadable, written};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output};
use crate::run::Env;
use crate::tools::keys::{only, refused};

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (sd_jwt, notes) = read(input)?;
    let places = sd_jwt.places(env.provider, &Limits::DEFAULT).map_err(|error| unreadable(&error))?;
    let all = pointers_of(places);
    let wanted = if input.flag("all") { all.clone() } else { pointers(input, "show") };
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let shown = sd_jwt.present(env.provider, &wanted, &Limits::DEFAULT).map_err(|error| {
        let known = if all.is_empty() { "it has none".into() } else { format!("take {}", all.join(", ")) };
        ToolError::of("show", error.to_string(), known)
    })?;
    let places = shown.places(env.provider, &Limits::DEFAULT).map_err(|error| unreadable(&error))?;
    let visible = pointers_of(places);
    let withheld: Vec<String> = all.into_iter().filter(|pointer| !visible.contains(pointer)).collect();

    let claims = jwt::inspect(shown.issuer_jwt(), &Limits::DEFAULT).map(|token| token.claims).unwrap_or_default();
    let named = holder(env, &claims);
    let bound = bound(env, input, &shown, named.as_deref())?;
    let mut output = Output { notes, ..Output::default() };
    if bound.is_none() && named.is_some() {
        let text = "the issuer named the holder's key, and nothing proves that you have it";
        let note = Note::new(Level::Warning, "sd-jwt-not-bound", text).clause("RFC 9901 §4.3");
        output
            .notes
            .push(note.cause("a verifier that asks for a proof will refuse; give --key, --nonce and --verifier"));
    }
    let is_bound = bound.is_some();
    let text = written(input, &bound.unwrap_or(shown))?;
    let value = Output::value("sd_jwt", text);
    output = Output { notes: output.notes, ..value }.member("bound", is_bound);
    for (name, member, pointers) in [("shown", "shown", visible), ("withheld", "withheld", withheld)] {
        output.blocks.push(Block::Line { name: name.into(), text: listed(&pointers) });
        output = output.member(member, pointers);
    }
    Ok(output)
}

/// With the holder's proof, where the fields for it are given: all three or none.
fn bound(env: &Env<'_>, input: &Input, shown: &SdJwt, named: Option<&str>) -> Result<Option<SdJwt>, Halt> {
    let (nonce, verifier) = (input.text("nonce")?, input.text("verifier")?);
    if input.given("key").is_none() && nonce.is_none() && verifier.is_none() {
        return Ok(None);
    }
    let missing =
        |field| ToolError::of(field, format!("{field} is missing"), "a proof needs --key, --nonce and --verifier");
    let nonce = nonce.ok_or_else(|| missing("nonce"))?;
    let audience = verifier.ok_or_else(|| missing("verifier"))?;
    if input.given("key").is_none() {
        return Err(missing("key").into());
    }
    let key = only(env, input, "key")?;
    if key.is_public() {
        return Err(ToolError::of("key", "a private key is needed, not a public one", "give the holder's").into());
    }
    match named {
        Some(named) if key.thumbprint(env.provider, ThumbprintHash::default()).as_deref() == Some(named) => {}
        Some(named) => {
            let what = format!("the issuer named another key, whose thumbprint is {named}");
            return Err(ToolError::of("key", what, "give the holder's private key").into());
        }
        None => {
            let advice = "leave --key, --nonce and --verifier out, or have it issued with --holder";
            return Err(ToolError::of("key", "the SD-JWT names no key of its holder (cnf)", advice).into());
        }
    }
    let key: SigningKey = key.signing_key(env.provider, None).map_err(|error| refused("key", &error))?;
    let proof = Proof { nonce: &nonce, audience: &audience, iat: input.moment("at").unwrap_or(env.now) };
    Ok(Some(shown.bind(env.provider, &key, &proof).map_err(|error| not_made(&error))?))
}

/// The thumbprint of the key in `cnf` (RFC 9901 §4.1.2).
fn holder(env: &Env<'_>, claims: &Object) -> Option<String> {
    let jwk = claims.get("cnf")?.get("jwk").and_then(Value::as_object)?;
    Jwk::from_object(env.provider, jwk).ok()?.thumbprint(env.provider, ThumbprintHash::default())
}

fn listed(pointers: &[String]) -> String {
    if pointers.is_empty() { "nothing".into() } else { pointers.join(", ") }
}
