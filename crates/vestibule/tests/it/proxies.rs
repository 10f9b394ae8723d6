//! Who asks, where a proxy stands between; and the trace that answer and log share.

use crate::http;
use crate::program::{Server, command, fresh};

#[test]
fn forwarded_addresses_are_believed_from_trusted_proxies_alone() {
    for (trusted, seen) in [("", "127.0.0.1"), ("192.0.2.0/24", "127.0.0.1"), ("127.0.0.0/8", "203.0.113.9")] {
        let directory = fresh(&format!("proxies-{}", trusted.len()));
        let mut serve = command(&directory);
        serve.env("VESTIBULE_LOG_FORMAT", "json").env("VESTIBULE_TRUSTED_PROXIES", trusted);
        let server = Server::start_with(serve);
        for line in ["X-Forwarded-For: 198.51.100.1, 203.0.113.9\r\n", "Forwarded: for=203.0.113.9;proto=https\r\n"] {
            let answer = http::get(&server.address, "/nowhere", line).expect("an answer");
            let trace = answer.header("vestibule-trace").expect("a trace").to_owned();
            let log = server.log();
            let line = log.lines().find(|line| line.contains(&trace)).expect("a line of the log names the trace");
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            assert_eq!((&line["span"]["peer"], &line["status"]), (&seen.into(), &404.into()), "{trusted}: {line}");
        }
    }
}

/// What a stranger says of the way here changes nothing: the issuer is what is configured.
#[test]
fn neither_host_nor_forwarded_headers_change_the_issuer() {
    let mut serve = command(&fresh("proxies-host"));
    serve.env("VESTIBULE_TRUSTED_PROXIES", "127.0.0.1").env("VESTIBULE_PUBLIC_URL", "https://id.example.com");
    let server = Server::start_with(serve);
    let ask =
        |lines: &str| http::get(&server.address, "/.well-known/openid-configuration", lines).expect("an answer").body;
    let plain = ask("");
    assert!(plain.contains("https://id.example.com/oauth2/authorize"), "{plain}");
    for lines in [
        "X-Forwarded-Host: evil.example\r\n",
        "Forwarded: host=evil.example;proto=http\r\n",
        "X-Forwarded-Proto: http\r\n",
    ] {
        assert_eq!(ask(lines), plain, "{lines}");
    }
    let request = "GET /.well-known/openid-configuration HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert!(!server.ask(request).contains("evil.example"));
}
