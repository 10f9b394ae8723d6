//! `/metrics`: what is counted, and who may read it.

use crate::http;
use crate::program::{Server, command, done_with, fresh};

#[test]
fn requests_passwords_and_keys_are_counted() {
    let directory = fresh("metrics");
    let server = Server::start(&directory);
    done_with(&directory, &["user", "add", "ada@example.com", "--password-stdin"], "correct horse battery\n");
    for path in ["/healthz", "/healthz", "/invented/once", "/invented/twice", "/assets/none"] {
        server.get(path);
    }
    let answer = http::get(&server.address, "/metrics", "").expect("an answer");
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text")));
    for line in [
        "vestibule_requests_total{route=\"/healthz\",status=\"200\"} 2",
        "vestibule_requests_total{route=\"none\",status=\"404\"} 2",
        "vestibule_requests_total{route=\"/assets/{name}\",status=\"404\"} 1",
        "vestibule_request_duration_seconds_count{route=\"/healthz\"} 2",
        "vestibule_argon2_runs_total 0",
        "vestibule_argon2_under_way 0",
        "vestibule_sign_in_failures_total 0",
        "vestibule_throttled_total 0",
        "vestibule_signing_keys{alg=\"ES256\",state=\"active\"} 1",
        "vestibule_signing_keys{alg=\"RS256\",state=\"active\"} 1",
        concat!("vestibule_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        "# EOF",
    ] {
        assert!(answer.body.lines().any(|found| found == line), "{line}\n{}", answer.body);
    }
    assert!(!answer.body.contains("invented"), "a path that anybody invents makes no row");
}

/// A proxy on this machine passes on what comes from anywhere.
#[test]
fn what_was_passed_on_is_not_shown_the_metrics() {
    let server = Server::start(&fresh("metrics-proxy"));
    for line in ["X-Forwarded-For: 127.0.0.1\r\n", "Forwarded: for=127.0.0.1\r\n", "Via: 1.1 proxy\r\n"] {
        assert_eq!(http::get(&server.address, "/metrics", line).expect("an answer").status, 404, "{line}");
    }
}

#[test]
fn with_an_address_of_their_own_they_stand_there_alone() {
    let mut serve = command(&fresh("metrics-own"));
    serve.env("VESTIBULE_METRICS_LISTEN", "127.0.0.1:0").env("VESTIBULE_LOG_FORMAT", "json");
    let server = Server::start_with(serve);
    assert_eq!(http::get(&server.address, "/metrics", "").expect("an answer").status, 404);
    let log = server.log();
    let line = log.lines().find(|line| line.contains("showing metrics")).expect("it says where");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let own = line["address"].as_str().expect("an address");
    assert_eq!(http::get(own, "/metrics", "").expect("an answer").status, 200);
    assert_eq!(http::get(own, "/healthz", "").expect("an answer").status, 404);
    assert_eq!(server.terminate().code(), Some(0));
}
