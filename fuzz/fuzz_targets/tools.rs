//! The tools behind their JSON: any action with any text in each of its fields, and any request.
#![no_main]

use fuzz::{NOW, provider};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use toolbox::definition::{Action, Kind};
use toolbox::json::{Desk, Request};

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
});

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
        ask(&mut desk, &json!({"call": "finish", "stream": stream, "now": NOW}));
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
