//! `sd-jwt verify`.

use jose::explain::Explain as _;
use jose::json::{Object, Value};
use jose::sd_jwt::{KeyBinding, SdJwt, SdJwtError, Verified};
use jose::{JwsAlgorithm, Limits, VerifyingKey};
use zeroize::Zeroizing;

use super::{pointers_of, read};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output, Verdict};
use crate::run::Env;
use crate::tools::demands::Demands;
use crate::tools::explain::Failure;
use crate::tools::findings::explained;
use crate::tools::jwt;
use crate::tools::keys::Ring;
use crate::tools::sources;

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (sd_jwt, mut notes) = read(input)?;
    let mut ring = Ring::to_read(env, input)?;
    let issuer = sources::add(env, input, &mut ring)?;
    let keys: Vec<VerifyingKey> =
        ring.keys.iter().filter_map(|key| key.verifying_key(env.provider, None).ok()).collect();
    if keys.is_empty() {
        return Err(ring.none_verifies(env).into());
    }
    notes.append(&mut ring.notes);
    let demands = Demands::of(env, input, keys.iter(), issuer)?;
    let holders: Vec<JwsAlgorithm> = JwsAlgorithm::ALL.iter().copied().filter(|alg| !alg.is_symmetric()).collect();
    let proof = asked(input)?;
    let binding = proof.as_ref().map(|proof| {
        let age = u32::try_from(input.span("max-age").unwrap_or_default()).unwrap_or(u32::MAX);
        KeyBinding::new(&proof.nonce, &proof.verifier, &holders).max_age(age)
    });
    let output = Output { notes, ..Output::default() };
    match sd_jwt.verify::<Object>(env.provider, &keys, &demands.rules(), binding.as_ref()) {
        Ok(verified) => believed(env, output, &sd_jwt, &verified, demands.now),
        Err(error) => Ok(refused(output, &error, &Failure { env, token: sd_jwt.issuer_jwt(), ring: &ring })),
    }
}

/// What the holder's proof must say.
struct Asked {
    nonce: Zeroizing<String>,
    verifier: Zeroizing<String>,
}

/// Both, where a proof is asked for at all.
fn asked(input: &Input) -> Result<Option<Asked>, Halt> {
    match (input.text("nonce")?, input.text("verifier")?) {
        (Some(nonce), Some(verifier)) => Ok(Some(Asked { nonce, verifier })),
        (None, None) => Ok(None),
        (nonce, _) => {
            let field = if nonce.is_none() { "nonce" } else { "verifier" };
            let advice = "the holder's proof is checked with --nonce and --verifier together";
            Err(ToolError::of(field, format!("{field} is missing"), advice).into())
        }
    }
}

fn believed(
    env: &Env<'_>,
    output: Output,
    sd_jwt: &SdJwt,
    verified: &Verified<Object>,
    now: i64,
) -> Result<Output, Halt> {
    let mut output = output.line("SD-JWT", "token", "valid");
    output.verdict = Verdict::Yes;
    let places = sd_jwt.places(env.provider, &Limits::DEFAULT).map_err(|error| super::unreadable(&error))?;
    let shown = pointers_of(places);
    let text = if shown.is_empty() { "nothing".into() } else { shown.join(", ") };
    output.blocks.push(Block::Line { name: "disclosed".into(), text });
    let holder = match (verified.holder(), sd_jwt.key_binding_jwt()) {
        (Some(_), _) => "proved",
        (None, Some(_)) => {
            let text = "there is a proof of the holder, and it was not checked";
            let note = Note::new(Level::Warning, "sd-jwt-binding-unchecked", text).clause("RFC 9901 §7.3");
            output.notes.push(note.cause("give the nonce with --nonce, and your own name with --verifier"));
            "not checked"
        }
        (None, None) => "not asked for",
    };
    output = output.line("holder", "holder", holder).member("disclosed", shown);
    let (header, claims) = (verified.header().members(), verified.claims());
    output.blocks.push(Block::json("header", &Value::Object(header.clone())));
    output.blocks.push(Block::json("claims", &Value::Object(claims.clone())));
    output.blocks.extend(jwt::explained(&Value::Object(claims.clone()).to_string(), claims, now));
    let output = output.member("header", Value::Object(header.clone())).member("claims", Value::Object(claims.clone()));
    Ok(output.member("times", Value::Object(jwt::times_json(claims, now))))
}

fn refused(output: Output, error: &SdJwtError, failure: &Failure<'_>) -> Output {
    let check = error.explain().check;
    let mut output = output.line("SD-JWT", "token", "not valid").line("failed check", "check", check);
    output.verdict = Verdict::No;
    let notes = match error {
        SdJwtError::Jwt(error) => jwt::explain(error, failure),
        other => vec![explained("sd-jwt", other)],
    };
    output.notes.extend(notes);
    output
}
