//! The border, crossed as a host crosses it: by address, in this process.
#![expect(unsafe_code, reason = "a host reads and writes the module's memory")]
#![allow(clippy::unwrap_used, reason = "a failure here is a failure of the test")]

use serde_json::{Value, json};
use vestibule_tools_wasm::{buffer, call, update};

fn put(bytes: &[u8]) {
    let address = buffer(bytes.len());
    // SAFETY: the buffer has this length until the next call.
    unsafe { address.copy_from_nonoverlapping(bytes.as_ptr(), bytes.len()) };
}

fn ask(question: &[u8]) -> Value {
    put(question);
    let length = call();
    // SAFETY: asking for the length that it has leaves the buffer as it is.
    let answer = unsafe { std::slice::from_raw_parts(buffer(length), length) };
    serde_json::from_slice(answer).unwrap()
}

fn ask_json(question: &Value) -> Value {
    ask(question.to_string().as_bytes())
}

/// RFC 4231 §4.3.
#[test]
fn the_rfcs_hmac_comes_back() {
    let input = json!({ "key": "Jefe", "message": "what do ya want for nothing?" });
    let answer = ask_json(&json!({ "call": "run", "tool": "hmac", "action": "sign", "input": input, "now": 0 }));
    assert_eq!(answer["done"]["value"], "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn a_stream_is_fed_without_json() {
    let input = json!({ "key": "Jefe" });
    let begun = ask_json(&json!({ "call": "begin", "tool": "hmac", "action": "sign", "input": input, "now": 0 }));
    let stream = begun["stream"].as_u64().unwrap();
    for piece in ["what do ya want ", "for nothing?"] {
        put(piece.as_bytes());
        assert_eq!(update(u32::try_from(stream).unwrap()), 1);
    }
    put(b"nobody's");
    assert_eq!(update(4711), 0);
    let answer = ask_json(&json!({ "call": "finish", "stream": stream }));
    assert_eq!(answer["done"]["value"], "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

#[test]
fn what_cannot_be_read_is_answered() {
    for question in [&b"{"[..], b"\xff", b"", b"[]", b"{\"call\":\"none\"}"] {
        assert!(ask(question)["error"]["what"].is_string());
    }
}

/// What was in the buffer is not there for whoever asks for a larger one.
#[test]
fn a_buffer_of_another_length_is_wiped() {
    put(b"a secret of somebody");
    let address = buffer(64);
    // SAFETY: the buffer has this length until the next call.
    assert_eq!(unsafe { std::slice::from_raw_parts(address, 64) }, [0; 64]);
}

#[test]
fn the_seed_is_all_the_randomness_there_is() {
    let secret = |random: &str| {
        ask_json(&json!({ "call": "run", "tool": "secret", "action": "", "input": {}, "now": 0, "random": random }))
    };
    let (a, b) = ("A".repeat(64), "B".repeat(64));
    assert_eq!(secret(&a)["done"]["value"], secret(&a)["done"]["value"]);
    assert_ne!(secret(&a)["done"]["value"], secret(&b)["done"]["value"]);
    assert!(secret("AAAA")["error"]["what"].is_string(), "too short a seed makes nothing");
}
