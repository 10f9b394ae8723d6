//! `jwt verify`.

use jose::VerifyingKey;
use jose::json::{Object, Value};
use jose::jwk::{Jwk, KeyMaterial};
use jose::jws;
use jose::jwt::{self, VerifyError};
use zeroize::Zeroizing;

use super::claims;
use super::explain::explain;
use crate::input::Input;
use crate::need::Halt;
use crate::output::{Block, Level, Note, Output, Verdict};
use crate::run::Env;
use crate::tools::demands::Demands;
use crate::tools::explain::Failure;
use crate::tools::keys::Ring;
use crate::tools::open;
use crate::tools::sources;
use crate::tools::token::{Sort, cleaned, take_apart};

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (text, mut notes) = cleaned(&input.required("token")?);
    let sort = take_apart(&text)?.sort;
    let mut ring = Ring::to_read(env, input)?;
    let issuer = sources::add(env, input, &mut ring)?;
    let password = input.bytes("password")?;
    if ring.keys.is_empty() && password.is_none() {
        return Err(ring.none_verifies(env).into());
    }
    notes.append(&mut ring.notes);
    let mut output = Output { notes, ..Output::default() };
    let token = match sort {
        Sort::Jws => text,
        Sort::Jwe => match unwrapped(env, &text, &ring, password, &mut output)? {
            Some(token) => token,
            None => return Ok(output),
        },
    };
    let keys = Keys::of(env, &ring);
    let demands = Demands::of(env, input, keys.strong.iter().chain(&keys.short), issuer)?;
    let (now, rules) = (demands.now, demands.rules());
    match jwt::verify::<Object>(&token, &keys.strong, &rules) {
        Ok(verified) => believed(output, &token, verified.header().members(), verified.claims(), now),
        Err(error) if is_about_keys(&error) && !keys.short.is_empty() => {
            match jwt::verify::<Object>(&token, &keys.short, &rules) {
                Ok(verified) => {
                    let mut output = believed(output, &token, verified.header().members(), verified.claims(), now)?;
                    let allowed = input.flag("allow-short-secret");
                    let text = "the signature matches, and the secret is shorter than the hash: it can be guessed";
                    let level = if allowed { Level::Warning } else { Level::Fault };
                    let note = Note::new(level, "jwt-short-secret", text).clause("RFC 7518 §3.2");
                    output.notes.push(note.cause(
                        "take a random secret of 32 bytes or more; --allow-short-secret believes it all the same",
                    ));
                    if allowed {
                        return Ok(output);
                    }
                    output.verdict = Verdict::No;
                    output.blocks.retain(|block| !matches!(block, Block::Line { .. }));
                    Ok(output.line("token", "token", "not valid").line("failed check", "check", "key"))
                }
                Err(other) => {
                    let error =
                        if matches!(error, VerifyError::Jws(jws::VerifyError::NoKey { .. })) { other } else { error };
                    refused(output, &error, &Failure { env, token: &token, ring: &ring })
                }
            }
        }
        Err(error) => refused(output, &error, &Failure { env, token: &token, ring: &ring }),
    }
}

/// The keys that verify; short secrets apart, with the zeros behind them that HMAC puts there anyway (RFC 2104 §2).
struct Keys {
    strong: Vec<VerifyingKey>,
    short: Vec<VerifyingKey>,
}

impl Keys {
    fn of(env: &Env<'_>, ring: &Ring) -> Self {
        let mut keys = Self { strong: Vec::new(), short: Vec::new() };
        for key in &ring.keys {
            keys.strong.extend(key.verifying_key(env.provider, None));
            // One that is long enough for one hash may be too short for the token's.
            if let KeyMaterial::Secret(secret) = key.material()
                && secret.len() < SHA512_LEN
            {
                let mut padded = Zeroizing::new(vec![0; SHA512_LEN]);
                padded[..secret.len()].copy_from_slice(secret);
                let padded = Jwk::new(env.provider, KeyMaterial::Secret(padded));
                keys.short.extend(padded.and_then(|key| key.verifying_key(env.provider, None)));
            }
        }
        keys
    }
}

/// The signed token in an encrypted one; `None` where the verdict is reached without.
fn unwrapped(
    env: &Env<'_>,
    text: &str,
    ring: &Ring,
    password: Option<Zeroizing<Vec<u8>>>,
    output: &mut Output,
) -> Result<Option<String>, Halt> {
    let plaintext = match open::open(env, text, ring, password.as_ref().map(|password| password.as_slice())) {
        Ok(plaintext) => plaintext,
        Err(note) => {
            output.verdict = Verdict::No;
            output.notes.push(*note);
            return Ok(None);
        }
    };
    let inside = std::str::from_utf8(&plaintext).unwrap_or_default().trim().to_owned();
    if take_apart(&inside).is_ok_and(|pieces| pieces.sort == Sort::Jws) {
        output.notes.push(Note::new(Level::Info, "jwt-nested", "the token was encrypted; the one inside is verified"));
        return Ok(Some(inside));
    }
    output.verdict = Verdict::No;
    let text = "the token is encrypted and not signed, so that nothing says who made it";
    output.notes.push(Note::new(Level::Fault, "jwt-not-signed", text).clause("RFC 7519 §11.2"));
    Ok(None)
}

fn believed(mut output: Output, token: &str, header: &Object, claims: &Object, now: i64) -> Result<Output, Halt> {
    output.verdict = Verdict::Yes;
    output = output.line("token", "token", "valid");
    let written = take_apart(token).ok().and_then(|pieces| String::from_utf8(pieces.payload).ok());
    let written = written.unwrap_or_default();
    output.blocks.push(Block::json("header", &Value::Object(header.clone())));
    output.blocks.push(Block::json_as_written("claims", &written));
    output.blocks.extend(claims::explained(&written, claims, now));
    let output = output.member("header", Value::Object(header.clone())).member("claims", Value::Object(claims.clone()));
    Ok(output.member("times", Value::Object(claims::times_json(claims, now))))
}

fn is_about_keys(error: &VerifyError) -> bool {
    matches!(error, VerifyError::Jws(jws::VerifyError::NoKey { .. } | jws::VerifyError::Signature { .. }))
}

fn refused(output: Output, error: &VerifyError, failure: &Failure<'_>) -> Result<Output, Halt> {
    let mut output = output.line("token", "token", "not valid").line("failed check", "check", error.check());
    output.verdict = Verdict::No;
    output.notes.extend(explain(error, failure));
    Ok(output)
}

const SHA512_LEN: usize = 64;
