//! The tools behind their JSON: any action with any text in each of its fields, and any request.
#![no_main]

use fuzz::{NOW, provider};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use toolbox::definition::{Action, Kind};
use toolbox::json::{Desk, Request};
use toolbox::{Env, Fact, Given, Halt, Input, Need, Started, start};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    if text.starts_with('{') {
        answer(&mut Desk::default(), &text);
        return;
    }
    // The tool and its action, then fields with what goes into them.
    let mut parts = text.split(SEPARATOR);
    let mut names = parts.next().unwrap_or_default().split(' ');
    let (tool, name) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    let Some(action) = toolbox::find(tool, name) else { return };
    if (tool, name) == ("jwk", "generate") {
        return; // It reads nothing, and RSA takes long.
    }
    let input: serde_json::Map<String, Value> = parts
        .filter_map(|part| {
            let (name, line) = part.split_once('=')?;
            let field = action.field(name)?;
            let value = match field.kind {
                Kind::Flag => json!(!line.is_empty()),
                Kind::Choice(choices) => match line.bytes().next() {
                    Some(letter) if line.len() == 1 => json!(choices[usize::from(letter) % choices.len()].value),
                    _ => json!(line),
                },
                Kind::Repeated => json!(line.lines().collect::<Vec<_>>()),
                Kind::Bytes { .. } => match line.split_at_checked(1) {
                    Some(("h", hex)) => json!({"hex": hex}),
                    Some(("b", base64)) => json!({"base64": base64}),
                    _ => json!(line),
                },
                _ => json!(line),
            };
            Some((field.name.to_owned(), value))
        })
        .collect();
    run(tool, action, input);
    told(action, text.split(SEPARATOR).skip(1));
});

/// The same as the command line does it: `name@file` and `name~address` are files and URLs, which are asked for and given.
fn told<'a>(action: &'static Action, parts: impl Iterator<Item = &'a str>) {
    let (mut input, mut facts) = (Input::new(action), Vec::new());
    for part in parts {
        let Some(at) = part.find(['=', '@', '~']) else { continue };
        let (name, value) = (&part[..at], &part[at + 1..]);
        let given = match part.as_bytes()[at] {
            b'@' => Given::File(value.to_owned()),
            b'~' => Given::Url(value.to_owned()),
            _ if action.field(name).is_some_and(|field| matches!(field.kind, Kind::Flag)) => Given::Flag,
            _ => Given::Bytes(value.as_bytes().to_vec().into()),
        };
        facts.push(value.as_bytes().to_vec());
        if let Err(error) = input.give(name, given) {
            drop(error.to_string());
        }
    }
    let env = Env { provider: provider(), now: NOW };
    drop(format!("{input:?}"));
    for body in facts {
        match start(&env, &input) {
            Err(Halt::Need(need @ Need::Read(_))) => input.tell(need, Fact::Read(body.into())),
            Err(Halt::Need(need @ Need::Fetch(_))) => {
                let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
                input.tell(need, Fact::Fetched { status: 200, headers, body });
            }
            Err(Halt::Error(error)) => return drop(error.to_string()),
            Ok(Started::Done(output)) => return drop(output.to_json()),
            Ok(Started::Stream(_)) => return,
        }
    }
}

fn run(tool: &str, action: &Action, mut input: serde_json::Map<String, Value>) {
    let mut desk = Desk::default();
    let once = json!({"call": "run", "tool": tool, "action": action.name, "input": input, "now": NOW});
    ask(&mut desk, &once);
    // The same, with one field piece by piece.
    let Some(Value::String(text)) = action.streamed().and_then(|field| input.remove(field.name)) else { return };
    let begin = json!({"call": "begin", "tool": tool, "action": action.name, "input": input, "now": NOW});
    if let Some(stream) = ask(&mut desk, &begin).get("stream").and_then(Value::as_u64) {
        for piece in text.as_bytes().chunks(7) {
            assert!(desk.update(stream, piece));
        }
        ask(&mut desk, &json!({"call": "update", "stream": stream, "chunk": "AAAA"}));
        ask(&mut desk, &json!({"call": "finish", "stream": stream, "now": NOW}));
        ask(&mut desk, &json!({"call": "finish", "stream": stream, "now": NOW}));
        ask(&mut desk, &json!({"call": "drop", "stream": stream}));
    }
}

/// Every answer is one of those that are written down.
fn answer(desk: &mut Desk, request: &str) -> Value {
    let Ok(request) = Request::parse(request) else { return Value::Null };
    let answer = desk.answer(&request, provider());
    let answer: Value = serde_json::from_str(&answer).expect("JSON");
    let known = ["done", "error", "need", "stream", "tools"].iter().any(|name| answer.get(name).is_some());
    assert!(known || answer == json!({}), "{answer}");
    answer
}

fn ask(desk: &mut Desk, request: &Value) -> Value {
    answer(desk, &request.to_string())
}

/// Between fields.
const SEPARATOR: char = '\u{1}';
