//! `jwks lint`: what is wrong with a set, by itself, by how it is served, and by the tokens in use.

use std::collections::BTreeSet;

use jose::json::{Object, Value};
use jose::jwk::{Jwk, KeyError};
use serde_json::json;

use crate::input::{Given, Input, excerpt};
use crate::need::{Halt, ToolError};
use crate::output::{Block, Level, Note, Output, Verdict};
use crate::run::Env;
use crate::tools::keys::object;
use crate::tools::sources::{self, Fetched};
use crate::tools::token::{cleaned, take_apart};

pub(super) fn run(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let (members, mut notes) = match input.given("set") {
        Some(Given::Url(url)) => {
            let fetched = sources::fetch(input, url)?;
            let notes = transport(&fetched);
            (fetched.members, notes)
        }
        _ => (object("set", &input.required("set")?)?, Vec::new()),
    };
    let Some(Value::Array(keys)) = members.get("keys") else {
        let what =
            if members.contains_key("kty") { "this is one key, and no set" } else { "there is no array \"keys\"" };
        return Err(ToolError::of("set", what, "give a JWK set: {\"keys\": […]}").into());
    };
    if keys.is_empty() {
        notes.push(Note::new(Level::Fault, "set-empty", "the set has no key"));
    }
    let used = match input.text("tokens")? {
        Some(text) => Some(used_kids(&text)?),
        None => None,
    };
    let mut rows = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, key) in keys.iter().enumerate() {
        let Some(key) = key.as_object() else {
            notes.push(
                Note::new(Level::Fault, "key-not-an-object", format!("element {index} is no object"))
                    .clause("RFC 7517 §5"),
            );
            continue;
        };
        let name = name(index, key);
        notes.extend(of_key(env, &name, key));
        if let Some(kid) = text(key, "kid") {
            if !seen.insert(kid.to_owned()) {
                let text = format!("{name}: another key has the same kid");
                notes.push(Note::new(Level::Fault, "kid-double", text).clause("RFC 7517 §4.5"));
            }
            if used.as_ref().is_some_and(|used| !used.contains(kid)) {
                let text = format!("{name}: none of the tokens is signed with it");
                notes.push(
                    Note::new(Level::Warning, "key-unused", text).cause("take it out once its last token has expired"),
                );
            }
        }
        let cell = |member: &str| text(key, member).unwrap_or("-").to_owned();
        rows.push(vec![
            cell("kid"),
            cell("kty"),
            text(key, "crv").map(str::to_owned).unwrap_or_else(|| size(key)),
            cell("alg"),
            cell("use"),
        ]);
    }
    if let Some(used) = &used {
        for kid in used.iter().filter(|kid| !seen.contains(*kid)) {
            let text = format!("a token names the key {:?}, which is not in the set", excerpt(kid));
            notes.push(
                Note::new(Level::Fault, "key-gone", text).cause("it was taken out before its last token expired"),
            );
        }
    }
    let faults = notes.iter().filter(|note| note.level == Level::Fault).count();
    let warnings = notes.iter().filter(|note| note.level == Level::Warning).count();
    let heads = ["kid", "kty", "curve or size", "alg", "use"].map(str::to_owned).to_vec();
    let mut output = Output::verdict(if faults + warnings > 0 { Verdict::No } else { Verdict::Yes });
    output.blocks.push(Block::Table { name: "keys".into(), heads, rows });
    output = output.line("found", "summary", format!("{faults} faults, {warnings} warnings"));
    output.notes = notes;
    Ok(output.member("keys", json!(keys.len())).member("faults", faults).member("warnings", warnings))
}

/// What is wrong with how a set is served.
pub(super) fn transport(fetched: &Fetched) -> Vec<Note> {
    let mut notes = Vec::new();
    if fetched.url.starts_with("http://") {
        let text = "the set is served over plain HTTP: whoever is on the way can put keys of their own in it";
        notes.push(Note::new(Level::Fault, "set-plain-http", text).clause("RFC 7517 §9.1"));
    }
    let header = |name: &str| fetched.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    match header("cache-control") {
        None => notes.push(
            Note::new(
                Level::Warning,
                "set-no-cache-control",
                "there is no Cache-Control: nobody knows how long the set may be kept",
            )
            .cause("send Cache-Control: public, max-age=…, from which a rotation is planned"),
        ),
        Some(value) if !value.contains("max-age") => {
            let text = format!("Cache-Control has no max-age: {:?}", excerpt(value));
            notes.push(Note::new(Level::Warning, "set-no-max-age", text));
        }
        Some(_) => {}
    }
    if header("content-type").is_none_or(|kind| !kind.contains("json")) {
        let text = "the set is not served as JSON (application/jwk-set+json or application/json)";
        notes.push(Note::new(Level::Info, "set-content-type", text).clause("RFC 7517 §8.5.2"));
    }
    notes
}

fn of_key(env: &Env<'_>, name: &str, key: &Object) -> Vec<Note> {
    let mut notes = Vec::new();
    let private =
        ["d", "p", "q", "dp", "dq", "qi", "oth", "priv", "k"].into_iter().find(|member| key.contains_key(*member));
    match (text(key, "kty"), private) {
        (Some("oct"), _) => notes.push(
            Note::new(Level::Fault, "key-symmetric", format!("{name}: a shared secret stands in a public set"))
                .cause("whoever reads the set can sign; take it out and replace it")
                .clause("RFC 7517 §9.2"),
        ),
        (_, Some(member)) => notes.push(
            Note::new(Level::Fault, "key-private", format!("{name}: the private member {member:?} stands in the set"))
                .cause("whoever reads the set can sign; take the key out and replace it")
                .clause("RFC 7517 §9.2"),
        ),
        _ => {}
    }
    if let Err(error) = Jwk::from_object(env.provider, key) {
        let (code, level) = match error {
            KeyError::Weak(_) => ("key-weak", Level::Fault),
            KeyError::UnknownKty(_) | KeyError::UnknownCurve(_) | KeyError::UnknownAlgorithm(_) => {
                ("key-unknown", Level::Warning)
            }
            KeyError::Provider(_) => ("key-invalid", Level::Fault),
            _ => ("key-malformed", Level::Fault),
        };
        notes.push(Note::new(level, code, format!("{name}: {error}")));
    }
    for (member, code, level, clause) in [
        ("kid", "kid-missing", Level::Warning, "RFC 7517 §4.5"),
        ("use", "use-missing", Level::Warning, "RFC 7517 §4.2"),
        ("alg", "alg-missing", Level::Warning, "RFC 8725 §3.1"),
    ] {
        // `key_ops` says the same as `use`.
        let said = text(key, member).is_some() || (member == "use" && key.contains_key("key_ops"));
        if !said {
            notes.push(Note::new(level, code, format!("{name}: there is no {member}")).clause(clause));
        }
    }
    notes
}

/// The keys that tokens name, one a line.
fn used_kids(text: &str) -> Result<BTreeSet<String>, ToolError> {
    let mut kids = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let pieces = take_apart(&cleaned(line).0)?;
        kids.extend(pieces.header.get("kid").and_then(Value::as_str).map(str::to_owned));
    }
    Ok(kids)
}

fn name(index: usize, key: &Object) -> String {
    match text(key, "kid") {
        Some(kid) => format!("key {index} ({})", excerpt(kid)),
        None => format!("key {index}"),
    }
}

fn size(key: &Object) -> String {
    let modulus = text(key, "n").and_then(|n| jose::base64url::decode(n).ok());
    modulus.map_or_else(|| "-".into(), |n| format!("{} bits", n.len() * 8))
}

fn text<'a>(key: &'a Object, member: &str) -> Option<&'a str> {
    key.get(member).and_then(Value::as_str)
}
