//! `key`: what it prints, what it refuses, and that a running server takes it up.

use std::time::Duration;

use serde_json::{Value, json};

use crate::program::{Server, command, done, done_with, fresh, refused};

fn list(directory: &std::path::Path) -> Vec<Value> {
    let text = done(directory, &["key", "list", "--json"]);
    serde_json::from_str::<Vec<Value>>(&text).expect("a JSON list")
}

fn of<'a>(keys: &'a [Value], alg: &str) -> Vec<(&'a str, &'a str)> {
    let of_alg = keys.iter().filter(|key| key["alg"] == alg);
    of_alg.map(|key| (key["kid"].as_str().expect("a kid"), key["state"].as_str().expect("a state"))).collect()
}

#[test]
fn keys_are_listed_rotated_and_revoked() {
    let directory = fresh("key-life");
    let first = list(&directory);
    assert_eq!((of(&first, "ES256").len(), of(&first, "RS256").len(), first.len()), (1, 1, 2));
    let old = of(&first, "ES256")[0].0.to_owned();

    let next: Vec<Value> =
        serde_json::from_str(&done(&directory, &["key", "rotate", "--alg", "ES256", "--json"])).expect("JSON");
    assert_eq!((next.len(), &next[0]["state"], &next[0]["revoked_at"]), (1, &json!("next"), &Value::Null));
    // The cache's five minutes and two seconds.
    let lead = next[0]["activates_at"].as_i64().expect("a time") - next[0]["created_at"].as_i64().expect("a time");
    assert_eq!(lead, 302);
    let kid = next[0]["kid"].as_str().expect("a kid");
    assert_eq!(of(&list(&directory), "ES256"), [(old.as_str(), "active"), (kid, "next")]);

    assert_eq!(done(&directory, &["key", "revoke", &old]), format!("revoked: {old}\n"));
    assert_eq!(of(&list(&directory), "ES256"), [(old.as_str(), "removed"), (kid, "active")]);
    let table = done(&directory, &["key", "list"]);
    assert!(table.starts_with("KID ") && table.contains(" revoked "), "{table}");
    // Without an algorithm, of all that have keys.
    assert_eq!(done(&directory, &["key", "rotate"]).lines().count(), 3);
}

#[test]
fn a_key_is_imported_from_a_file_or_standard_input() {
    let directory = fresh("key-import");
    std::fs::write(directory.join("key.pem"), KEY).expect("a file");
    let entered: Value =
        serde_json::from_str(&done(&directory, &["key", "import", "key.pem", "--json"])).expect("JSON");
    assert_eq!((&entered[0]["kid"], &entered[0]["state"]), (&json!(THUMBPRINT), &json!("next")));
    assert!(refused(command(&directory).args(["key", "import", "key.pem"])).contains("is here already; "));

    let other = fresh("key-import-stdin");
    assert!(done_with(&other, &["key", "import", "-"], KEY).contains(THUMBPRINT));
}

#[test]
fn what_is_no_key_is_refused_in_one_line() {
    let directory = fresh("key-refused");
    std::fs::write(directory.join("text"), "a text").expect("a file");
    std::fs::write(directory.join("binary"), [0xff, 0xfe]).expect("a file");
    std::fs::write(directory.join("long"), "x".repeat(100_000)).expect("a file");
    for (arguments, said) in [
        (&["revoke", "nobody"][..], "no key has the id nobody"),
        (&["revoke", "-9z9bcCjeJZY3_t3wAxbwoVxmtYl9IgYMuGy40Gcvvc"], "no key has the id -9z9bcCjeJZY3_"),
        (&["rotate", "--alg", "HS256"], "HS256 is symmetric"),
        (&["rotate", "--alg", "none"], "not an algorithm that is known here"),
        (&["import", "missing"], "cannot read missing"),
        (&["import", "text"], "no PEM block"),
        (&["import", "binary"], "is no text"),
        (&["import", "long"], "too long"),
    ] {
        let message = refused(command(&directory).arg("key").args(arguments));
        assert!(message.contains(said) && message.contains("; "), "{arguments:?}: {message}");
    }
    assert_eq!(list(&directory).len(), 2);
}

/// DESIGN §2: what a command writes takes effect everywhere within one second.
#[test]
fn a_running_server_publishes_what_a_command_made() {
    let directory = fresh("key-serve");
    let server = Server::start(&directory);
    let ask = |lines: &str| {
        let head = "GET /.well-known/jwks.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        let answer = server.ask(&format!("{head}{lines}\r\n"));
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        (head.to_ascii_lowercase(), body.to_owned())
    };
    let (before, _) = ask("");
    assert!(before.starts_with("http/1.1 200 ") && before.contains("content-type: application/json\r\n"), "{before}");
    assert!(before.contains("cache-control: public, max-age=300"), "{before}");
    assert!(before.contains("access-control-allow-origin: *"), "{before}");
    // As it stands: an entity tag's case counts.
    let answer = server.get("/.well-known/jwks.json");
    let etag = answer.lines().find_map(|line| line.strip_prefix("etag: ")).expect("an ETag").to_owned();
    // RFC 9110 §15.4.5
    let (unchanged, body) = ask(&format!("If-None-Match: W/{etag}\r\n"));
    assert!(unchanged.starts_with("http/1.1 304 ") && body.is_empty(), "{unchanged}");
    assert!(
        unchanged.contains("\r\netag: ") && unchanged.contains("cache-control: public, max-age=300"),
        "{unchanged}"
    );

    done(&directory, &["key", "rotate", "--alg", "ES256"]);
    let keys = || {
        let set: Value = serde_json::from_str(&ask("").1).expect("JSON");
        set["keys"].as_array().expect("keys").clone()
    };
    let published = (0..20).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        keys().len() == 3
    });
    assert!(published, "a second later it is not published");
    assert!(ask(&format!("If-None-Match: {etag}\r\n")).0.starts_with("http/1.1 200 "));
    for key in keys() {
        assert_eq!(key["use"], "sig");
        assert!(key["kid"].is_string() && key["alg"].is_string() && key["d"].is_null(), "{key}");
    }
}

/// A key of these tests alone: P-256 in PKCS#8, as `openssl pkcs8 -topk8 -nocrypt` writes it.
const KEY: &str = "-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgdrb8d15ok7Ttaajh
xnFXqywAuMnPU5aaI07B8ctB/z+hRANCAARfJaVAjHnFzjaVBk63JPy+KxJ0NJRF
c3X7+v6VMSP223Nz0VDAJ+XARqf93jeuTFp4D2WPiMibzYYF+15EfS0+
-----END PRIVATE KEY-----
";
/// Its RFC 7638 thumbprint, computed elsewhere.
const THUMBPRINT: &str = "PmfllKqjsvvMxk6jypFKJ0u2mlLOj1XdHHopTD2ebL0";
