//! DESIGN §6: the limits of a request.

use crate::program::{Server, fresh};

/// RFC 6585 §5: a request head of more than 32 KiB is answered with 431.
#[test]
fn a_head_that_is_too_large_is_431() {
    let server = Server::start(&fresh("head"));
    let ask = |length: usize| {
        let long = "a".repeat(length);
        server.ask(&format!("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: {long}\r\n\r\n"))
    };
    // All of it is sent, and the answer must arrive nevertheless.
    for length in [33 * 1024, 100 * 1024, 1024 * 1024] {
        let answer = ask(length);
        assert!(answer.starts_with("HTTP/1.1 431 "), "{length}: {answer}");
    }
    assert!(ask(32 * 1024).contains("\r\nvestibule-trace: "));
    let rest = "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Long: \r\n\r\n".len();
    assert!(ask(32 * 1024 - rest).starts_with("HTTP/1.1 200 "), "the limit itself is allowed");
    assert!(ask(32 * 1024 - rest + 1).starts_with("HTTP/1.1 431 "), "one byte more is not");
}

/// The same limit holds for the request line: a `state` of a megabyte changes nothing and ends nothing.
#[test]
fn a_state_of_a_megabyte_is_431() {
    let server = Server::start(&fresh("state"));
    let state = "s".repeat(1024 * 1024);
    let target = format!("/oauth2/authorize?client_id=c&state={state}");
    let answer = server.ask(&format!("GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    assert!(answer.starts_with("HTTP/1.1 431 "), "{}", &answer[..answer.len().min(200)]);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200 "));
}

/// RFC 9110 §15.5.9: a body that never comes holds no connection for ever.
#[test]
fn a_body_that_never_comes_is_408() {
    let server = Server::start(&fresh("silence"));
    let request = "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                   Content-Length: 1\r\n\r\n";
    let answer = server.ask(request);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

/// RFC 9110 §15.5.14: a body of more than 128 KiB is answered with 413, without reading it.
#[test]
fn a_body_that_is_too_large_is_413() {
    let server = Server::start(&fresh("body"));
    let ask = |length: usize, body: &str| {
        server.ask(&format!(
            "POST /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
        ))
    };
    let limit = 128 * 1024;
    let answer = ask(limit + 1, "");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("\r\nvestibule-trace: "), "{answer}");
    let answer = ask(1024 * 1024, &"a".repeat(1024 * 1024));
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let answer = ask(limit, &"a".repeat(limit));
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}
