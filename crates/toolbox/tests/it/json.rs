//! The one function of the WebAssembly module.

use jose::json::Value;
use serde_json::json;
use toolbox::json::{Desk, Request};
use vestibule_toolbox as toolbox;

#[test]
fn a_call_gives_what_a_tool_gives() {
    let answer = ask(
        &mut Desk::default(),
        &json!({
            "call": "run", "tool": "hmac", "action": "sign", "now": 1_700_000_000,
            "input": {"key": "Jefe", "message": {"hex": "7768617420646f2079612077616e7420666f72206e6f7468696e673f"}, "alg": "sha256"},
        }),
    );
    let tag = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(answer["done"]["value"], tag);
    assert_eq!(answer["done"]["result"]["signature"], tag);
    assert_eq!(answer["done"]["verdict"], Value::Null);
    assert_eq!(answer["done"]["blocks"][0], json!({"kind": "line", "name": "signature", "text": tag}));
}

#[test]
fn forms_send_what_is_empty() {
    let empty = json!({"key": "k", "message": "", "signature": "", "preset": "", "header": [], "tolerance": null});
    let request = json!({"call": "run", "tool": "hmac", "action": "verify", "input": empty});
    let answer = ask(&mut Desk::default(), &request);
    assert_eq!(
        (&answer["error"]["field"], &answer["error"]["what"]),
        (&json!("signature"), &json!("signature is missing"))
    );
    let sign = json!({"call": "run", "tool": "hmac", "action": "sign", "input": {"key": "k", "message": ""}});
    assert!(ask(&mut Desk::default(), &sign)["done"]["value"].is_string(), "an empty message is one");
}

#[test]
fn a_file_comes_in_pieces() {
    let mut desk = Desk::default();
    let begin = json!({"call": "begin", "tool": "hmac", "action": "sign", "input": {"key": "k"}});
    let stream = ask(&mut desk, &begin)["stream"].clone();
    for chunk in ["b25l", "IHR3bw=="] {
        assert_eq!(ask(&mut desk, &json!({"call": "update", "stream": stream, "chunk": chunk})), json!({}));
    }
    assert!(desk.update(stream.as_u64().expect("a number"), b" three"));
    let answer = ask(&mut desk, &json!({"call": "finish", "stream": stream}));
    let whole =
        json!({"call": "run", "tool": "hmac", "action": "sign", "input": {"key": "k", "message": "one two three"}});
    assert_eq!(answer, ask(&mut desk, &whole));
    assert!(ask(&mut desk, &json!({"call": "finish", "stream": stream}))["error"].is_object(), "it is gone");
    for _ in 0..16 {
        assert!(ask(&mut desk, &begin)["stream"].is_u64());
    }
    assert!(ask(&mut desk, &begin)["error"].is_object(), "too many");
}

/// RFC 7515 appendix F: what is signed as it passes is what is signed whole; what must be held is bounded, and so told at
/// the end.
#[test]
fn a_message_that_is_signed_comes_in_pieces() {
    let mut desk = Desk::default();
    let secret = json!({"kty": "oct", "k": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}).to_string();
    let begin = |desk: &mut Desk, input: Value| {
        ask(desk, &json!({"call": "begin", "tool": "jws", "action": "sign", "input": input}))["stream"].clone()
    };
    let input = json!({"key": secret, "detached": true});
    let stream = begin(&mut desk, input.clone());
    for piece in [&b"one two"[..], b" three"] {
        assert!(desk.update(stream.as_u64().expect("a number"), piece));
    }
    let answer = ask(&mut desk, &json!({"call": "finish", "stream": stream}));
    let mut whole = input;
    whole["message"] = "one two three".into();
    let whole = json!({"call": "run", "tool": "jws", "action": "sign", "input": whole});
    assert_eq!(answer, ask(&mut desk, &whole));

    let stream = begin(&mut desk, json!({"key": secret}));
    let piece = vec![b'x'; 33 << 20];
    for _ in 0..3 {
        assert!(desk.update(stream.as_u64().expect("a number"), &piece));
    }
    let answer = ask(&mut desk, &json!({"call": "finish", "stream": stream}));
    assert_eq!(answer["error"]["what"], "the message is longer than 64 MiB");
}

#[test]
fn what_is_no_call_is_an_answer_too() {
    for (request, words) in [
        (json!({"call": "fly"}), "there is no call \"fly\""),
        (json!({"call": "run", "tool": "hmac", "action": "dance"}), "there is no tool hmac dance"),
        (json!({"call": "run", "tool": "pkce", "action": "", "input": {"verifier": {"rot13": "x"}}}), "no encoding"),
        (json!({"call": "run", "tool": "pkce", "input": {"verifier": {"hex": 1}}}), "is no value"),
        (json!({"call": "run", "tool": "pkce", "input": {"verifier": true}}), "takes a value"),
        (json!({"call": "begin", "tool": "pkce"}), "takes no stream"),
        (json!({"call": "update", "stream": 9, "chunk": "AA=="}), "no such stream"),
    ] {
        let answer = ask(&mut Desk::default(), &request);
        let what = answer["error"]["what"].as_str().unwrap_or_else(|| panic!("{request}: {answer}"));
        assert!(what.contains(words), "{request}: {what}");
    }
    for text in ["", "[]", "{", r#"{"call":"tools","call":"tools"}"#, r#"{"call":"tools","random":"§"}"#] {
        assert!(Request::parse(text).is_err(), "{text}");
    }
}

#[test]
fn the_definitions_are_data() {
    let answer = ask(&mut Desk::default(), &json!({"call": "tools"}));
    let hmac = &answer["tools"][0];
    assert_eq!((&hmac["name"], &hmac["actions"][0]["name"]), (&json!("hmac"), &json!("sign")));
    let key = &hmac["actions"][0]["fields"][1];
    assert_eq!((&key["kind"], &key["secret"], &key["required"]), (&json!("bytes"), &json!(true), &json!(true)));
    assert_eq!(key["options"][1], json!({"option": "key-hex", "form": "hex"}));
    assert_eq!(hmac["actions"][0]["fields"][0]["choices"][0]["legacy"], json!(true));
}

fn ask(desk: &mut Desk, request: &Value) -> Value {
    let request = Request::parse(&request.to_string()).expect("a request");
    serde_json::from_str(&desk.answer(&request, jose::provider::aws_lc())).expect("JSON")
}
