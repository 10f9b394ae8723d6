//! The tools behind one function that takes and gives JSON, as the WebAssembly module calls them.
//!
//! A request is one object. `now` (seconds since 1970) and `random` (bytes in base64) are arguments like all others:
//!
//! | request | answer |
//! |---|---|
//! | `{"call": "tools"}` | `{"tools": […]}`, the definitions |
//! | `{"call": "run", "tool", "action", "input", "now", "random"}` | `{"done": …}`, `{"need": …}` or `{"error": …}` |
//! | `{"call": "begin", …}` as `run`, without the field that is streamed | `{"stream": ID}` |
//! | `{"call": "update", "stream": ID, "chunk": base64}` | `{}` |
//! | `{"call": "finish", "stream": ID, "now"}` | `{"done": …}` or `{"error": …}` |
//! | `{"call": "drop", "stream": ID}` | `{}` |
//!
//! In `input`, a field is a string, a number, `true` for a flag, an array where it is repeated, or for bytes an object
//! such as `{"hex": "00ff"}`. `done` holds `verdict` (`yes`, `no` or null), `value` (null where it is no text, and then
//! `value_base64`), `result` (what `--json` prints), `blocks` and `notes`. `error` holds `field` (or null), `what` and `advice`. `need` holds `fetch` or `read`.

use std::collections::BTreeMap;

use jose::json::{self, Object, Value};
use jose::provider::Provider;
use serde_json::json;
use zeroize::Zeroizing;

use crate::definition::{Action, Field, Kind, Presence};
use crate::describe;
use crate::encoding::Encoding;
use crate::input::{Given, Input};
use crate::need::{Halt, Need, ToolError};
use crate::output::{Block, Note, Output};
use crate::registry::find;
use crate::run::{Env, Started, Stream, start};

/// The streams that are open between two calls.
#[derive(Default)]
pub struct Desk {
    streams: BTreeMap<u64, Result<Box<dyn Stream>, ToolError>>,
    last: u64,
}

/// A request that was read.
pub struct Request {
    members: Object,
    random: Zeroizing<Vec<u8>>,
}

impl Request {
    /// Reads a request.
    pub fn parse(text: &str) -> Result<Self, ToolError> {
        let refuse = |what: String| ToolError::new(what, "send one JSON object");
        let members = match json::parse(text.as_bytes(), MOST_BYTES, DEPTH) {
            Ok(Value::Object(members)) => members,
            Ok(other) => return Err(refuse(format!("the request is {}", json::kind(&other)))),
            Err(error) => return Err(refuse(format!("the request is no strict JSON: {error}"))),
        };
        let random = match members.get("random").and_then(Value::as_str) {
            Some(text) => Encoding::Base64.decode(text).map_err(|error| refuse(format!("random is {error}")))?,
            None => Vec::new(),
        };
        Ok(Self { members, random: Zeroizing::new(random) })
    }

    /// The random bytes that came with it, from which the caller makes its provider.
    pub fn random(&self) -> &[u8] {
        &self.random
    }

    fn text(&self, name: &str) -> &str {
        self.members.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

impl Desk {
    /// Answers a request; never fails, since errors are answers too.
    pub fn answer(&mut self, request: &Request, provider: &dyn Provider) -> String {
        let now = request.members.get("now").and_then(Value::as_f64).unwrap_or_default();
        let env = Env { provider, now: now as i64 };
        self.try_answer(request, &env).unwrap_or_else(|error| refused(&error)).to_string()
    }

    /// Feeds a stream with bytes that need no JSON; false if there is no such stream. What it refuses is told at its end.
    pub fn update(&mut self, stream: u64, chunk: &[u8]) -> bool {
        let Some(stream) = self.streams.get_mut(&stream) else { return false };
        if let Ok(open) = stream
            && let Err(error) = open.update(chunk)
        {
            *stream = Err(error);
        }
        true
    }

    fn try_answer(&mut self, request: &Request, env: &Env<'_>) -> Result<Value, ToolError> {
        let stream = request.members.get("stream").and_then(Value::as_u64).unwrap_or_default();
        match request.text("call") {
            "tools" => Ok(json!({"tools": describe::tools()})),
            "run" => self.run(&input(request)?, env),
            "begin" => {
                let mut input = input(request)?;
                let field = input.action().streamed();
                let field = field.ok_or_else(|| ToolError::new("the action takes no stream", "call run"))?;
                input.give(field.name, Given::Streamed)?;
                self.run(&input, env)
            }
            "update" => {
                let chunk = Encoding::Base64.decode(request.text("chunk"));
                let chunk = chunk.map_err(|error| ToolError::new(format!("the chunk is {error}"), "encode it"))?;
                if self.update(stream, &chunk) { Ok(json!({})) } else { Err(no_stream()) }
            }
            "finish" => match self.streams.remove(&stream) {
                Some(stream) => Ok(done(&stream?.finish(env)?)),
                None => Err(no_stream()),
            },
            "drop" => {
                self.streams.remove(&stream);
                Ok(json!({}))
            }
            other => {
                let what = format!("there is no call {other:?}");
                Err(ToolError::new(what, "call tools, run, begin, update, finish or drop"))
            }
        }
    }

    fn run(&mut self, input: &Input, env: &Env<'_>) -> Result<Value, ToolError> {
        match start(env, input) {
            Ok(Started::Done(output)) => Ok(done(&output)),
            Ok(Started::Stream(stream)) => {
                if self.streams.len() >= MOST_STREAMS {
                    return Err(ToolError::new("too many streams are open", "finish or drop one"));
                }
                self.last += 1;
                self.streams.insert(self.last, Ok(stream));
                Ok(json!({"stream": self.last}))
            }
            Err(Halt::Need(Need::Fetch(url))) => Ok(json!({"need": {"fetch": url}})),
            Err(Halt::Need(Need::Read(path))) => Ok(json!({"need": {"read": path}})),
            Err(Halt::Error(error)) => Err(error),
        }
    }
}

/// An error as an answer.
pub fn refused(error: &ToolError) -> Value {
    json!({"error": {"field": error.field, "what": error.what, "advice": error.advice}})
}

fn done(output: &Output) -> Value {
    json!({"done": {
        "verdict": output.verdict.as_str(),
        "value": output.text(),
        "value_base64": output.text().is_none().then(|| Encoding::Base64.encode(&output.value)),
        "result": output.to_json(),
        "blocks": output.blocks.iter().map(Block::to_json).collect::<Value>(),
        "notes": output.notes.iter().map(Note::to_json).collect::<Value>(),
    }})
}

fn input(request: &Request) -> Result<Input, ToolError> {
    let (tool, name) = (request.text("tool"), request.text("action"));
    let action: &'static Action = find(tool, name)
        .ok_or_else(|| ToolError::new(format!("there is no tool {tool} {name}"), "see the list of tools"))?;
    let mut input = Input::new(action);
    let Some(values) = request.members.get("input").and_then(Value::as_object) else { return Ok(input) };
    for (field, value) in values {
        give(&mut input, field, value)?;
    }
    Ok(input)
}

fn give(input: &mut Input, field: &str, value: &Value) -> Result<(), ToolError> {
    match value {
        // Forms send what is left empty; only bytes that must be there may be none.
        Value::Null | Value::Bool(false) => Ok(()),
        Value::String(text) if text.is_empty() && !may_be_empty(input.action(), field) => Ok(()),
        Value::Bool(true) => input.give(field, Given::Flag),
        Value::String(text) => input.give_text(field, text),
        Value::Number(number) => input.give_text(field, &number.to_string()),
        Value::Array(items) => items.iter().try_for_each(|item| give(input, field, item)),
        Value::Object(encoded) => {
            let mut members = encoded.iter();
            let (Some((name, Value::String(text))), None) = (members.next(), members.next()) else {
                return Err(ToolError::new(format!("{field} is no value"), "write {\"hex\": \"…\"}"));
            };
            let text = Zeroizing::new(text.clone());
            match (name.as_str(), Encoding::named(name)) {
                ("text", _) => input.give(field, Given::Text(text)),
                (_, Some(encoding)) => input.give(field, Given::Encoded(encoding, text)),
                _ => Err(ToolError::new(format!("{field} has no encoding {name:?}"), "take text, hex or base64")),
            }
        }
    }
}

fn may_be_empty(action: &Action, field: &str) -> bool {
    let required = |field: &Field| matches!(field.presence, Presence::Required | Presence::StandardInput);
    action.field(field).is_some_and(|field| required(field) && matches!(field.kind, Kind::Bytes { .. }))
}

fn no_stream() -> ToolError {
    ToolError::new("there is no such stream", "begin one")
}

/// A message of 64 MiB in base64 and what stands around it; longer ones are streamed.
const MOST_BYTES: usize = 96 << 20;
const DEPTH: usize = 24;
const MOST_STREAMS: usize = 16;

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("streams", &self.streams.keys()).finish()
    }
}

/// Shows nothing of the input.
impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request").field("call", &self.text("call")).finish_non_exhaustive()
    }
}
