//! Key sets: fetched, judged, and a rotation planned.

mod lint;
mod rotate;

use jose::json::Value;
use zeroize::Zeroizing;

use super::findings;
use super::sources::{self, Fetched};
use crate::definition::{Action, Field, Kind, Prints, Tool, Work};
use crate::input::Input;
use crate::need::{Halt, ToolError};
use crate::output::{Block, Json, Level, Output};
use crate::run::Env;

pub(crate) const TOOL: Tool = Tool {
    name: "jwks",
    title: "JWKS inspector",
    summary: "Finds what is wrong with key sets, and plans a rotation",
    actions: &[FETCH, LINT, ROTATE],
};

const FETCH: Action = Action {
    name: "fetch",
    title: "Fetch",
    summary: "Fetches the key set of an issuer, or the one at a URL, and prints it",
    example: "vestibule jwks fetch https://id.example.com",
    fields: &[Field::new("url", Kind::Address, "Issuer or URL", "The issuer, or the URL of the set")
        .argument()
        .required()
        .example("https://id.example.com")],
    prints: Prints::Value,
    work: Work::Once(fetch),
};

const LINT: Action = Action {
    name: "lint",
    title: "Inspect",
    summary: "Finds what is wrong with a key set",
    example: "vestibule jwks lint https://id.example.com/.well-known/jwks.json",
    fields: &[
        Field::new("set", Kind::Source, "Key set", "The JWK set").argument().or_stdin().example("{\"keys\": […]}"),
        Field::new("tokens", Kind::Key, "Tokens", "Tokens, one a line, by which the keys in use are known"),
    ],
    prints: Prints::Report,
    work: Work::Once(lint::run),
};

const ROTATE: Action = Action {
    name: "rotate",
    title: "Plan a rotation",
    summary: "Makes the next key and says when to publish it, when to sign with it, and when the old one may go",
    example: "vestibule jwks rotate jwks.json --alg ES256 --token-lifetime 1h --cache-lifetime 10m",
    fields: &[
        Field::new("set", Kind::Source, "Key set", "The set as it is published now")
            .argument()
            .example("{\"keys\": […]}"),
        Field::new("alg", Kind::Text, "Algorithm", "What the next key signs").default("ES256"),
        Field::new("token-lifetime", Kind::Duration, "Token lifetime", "How long the longest-lived token is good")
            .default("1h"),
        Field::new(
            "cache-lifetime",
            Kind::Duration,
            "Cache lifetime",
            "How long others keep the set, as Cache-Control says",
        )
        .default("10m"),
        Field::new("at", Kind::Time, "At", "When the next key is published, instead of now"),
    ],
    prints: Prints::Report,
    work: Work::Once(rotate::run),
};

fn fetch(env: &Env<'_>, input: &Input) -> Result<Output, Halt> {
    let url = input.required("url")?;
    let found = found(input, url.trim())?;
    let keys = found.members.get("keys").and_then(Value::as_array).ok_or_else(|| {
        ToolError::of("url", format!("{} holds no key set", found.url), "give the issuer, or the URL of a set")
    })?;
    if keys.len() > jose::Limits::DEFAULT.set_keys {
        return Err(
            ToolError::of("url", format!("{} keys are too many for a set", keys.len()), "give a smaller one").into()
        );
    }
    let text = serde_json::to_string_pretty(&found.members).unwrap_or_default();
    let mut output = Output { result: found.members.clone(), ..Output::default() };
    output.blocks.push(Block::Line { name: "url".into(), text: found.url.clone() });
    output.blocks.push(Block::Text { name: "key set".into(), text: text.clone() });
    let seen = lint::look(env, &found.members, Some(&found), &[]);
    output.notes.extend(findings::notes(&seen).into_iter().filter(|note| note.level > Level::Info));
    output.value = Zeroizing::new(text.into_bytes());
    output.json = Json::Document;
    Ok(output)
}

/// The set of an issuer, or at a URL. Names are a hint alone: what is not a set is asked for its metadata, and where
/// there are none the URL itself may hold the set.
fn found(input: &Input, url: &str) -> Result<Fetched, Halt> {
    let names_a_set =
        url.ends_with(".json") || url.contains("jwks") || url.ends_with("/certs") || url.ends_with("/keys");
    if names_a_set {
        return sources::fetch(input, url);
    }
    match sources::of_issuer(input, url) {
        Err(Halt::Error(error)) => match sources::try_fetch(input, url) {
            Ok(Some(found)) if found.members.contains_key("keys") => Ok(found),
            Err(Halt::Need(need)) => Err(Halt::Need(need)),
            _ => Err(Halt::Error(error)),
        },
        other => other,
    }
}
