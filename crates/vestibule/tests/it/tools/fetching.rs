//! Key sets that are fetched: from a provider of ours, by http and https, and from servers that do not behave.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

use crate::program::{Server, command, done, fed, fresh, refused};
use crate::tls::{certificate, with_tls};

#[test]
fn the_set_of_a_provider_is_fetched_and_judged() {
    let directory = fresh("jwks-http");
    let server = Server::start(&directory);
    let issuer = format!("http://{}", server.address);
    let set = done(&directory, &["jwks", "fetch", &issuer, "--json"]);
    let set: serde_json::Value = serde_json::from_str(&set).expect("JSON");
    assert!(set["keys"].as_array().is_some_and(|keys| keys.len() >= 2), "{set}");
    // On loopback nobody is on the way, so that plain HTTP is no fault there.
    let said = done(&directory, &["jwks", "lint", &format!("{issuer}/.well-known/jwks.json")]);
    assert!(said.contains("found: 0 faults, 0 warnings"), "{said}");
    assert_eq!(server.terminate().code(), Some(0));
}

/// Discovery §4: the issuer alone is enough, and it must be the token's own.
#[test]
fn a_token_of_a_running_provider_is_verified_by_its_issuer() {
    let directory = fresh("jwt-issuer");
    let server = Server::start(&directory);
    let issuer = format!("http://{}", server.address);
    let added = done(&directory, &["client", "add", "Robot", "--type", "service", "--client-id", "robot", "--json"]);
    let added: serde_json::Value = serde_json::from_str(&added).expect("JSON");
    let form = "grant_type=client_credentials";
    let secret = added["client_secret"].as_str().expect("a secret");
    let basic =
        done(&directory, &["base64url", "encode", "--message", &format!("robot:{secret}"), "--encoding", "base64"]);
    let answer = server.ask(&format!(
        "POST /oauth2/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Basic {}\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        basic.trim_end(),
        form.len()
    ));
    let body = answer.split_once("\r\n\r\n").map(|(_, body)| body).unwrap_or_default();
    let answer: serde_json::Value = serde_json::from_str(body).unwrap_or_else(|_| panic!("{answer}"));
    let token = answer["access_token"].as_str().expect("a token");
    let verify = ["jwt", "verify", token, "--issuer", &issuer, "--typ", "at+jwt", "--aud", &issuer, "--alg", "ES256"];
    assert!(done(&directory, &verify).starts_with("token: valid\n"));
    let other = ["jwt", "verify", token, "--issuer", &issuer, "--iss", "https://other.example.com", "--json"];
    let other = fed(command(&directory).args(other), "");
    let said: serde_json::Value = serde_json::from_slice(&other.stdout).expect("JSON");
    assert_eq!((other.status.code(), &said["check"]), (Some(1), &"iss".into()), "{said}");
    // The same place by another name is another issuer: it could hand out keys of its own.
    let port = server.address.rsplit_once(':').expect("a port").1;
    let elsewhere = format!("http://localhost:{port}");
    let message = refused(command(&directory).args(["jwt", "verify", token, "--issuer", &elsewhere]));
    assert!(message.contains("says that its issuer is"), "{message}");
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn a_set_is_found_whatever_its_address_is_called() {
    let directory = fresh("jwks-anywhere");
    let set = r#"{"keys":[]}"#;
    let answer = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\r\n{set}");
    for name in ["jwks.json", "certs", "set", ""] {
        let url = format!("http://{}/{name}", answering(answer.clone()));
        let output = fed(command(&directory).args(["jwks", "fetch", &url]), "");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&said).expect("JSON")["keys"],
            serde_json::json!([]),
            "{url}"
        );
    }
}

#[test]
fn a_certificate_must_be_of_a_root_that_is_known() {
    let directory = fresh("jwks-https");
    certificate(&directory, "cert.pem", "key.pem");
    let server = Server::start_with(with_tls(&directory, "cert.pem", "key.pem"));
    let port = server.address.rsplit_once(':').expect("a port").1;
    let url = format!("https://localhost:{port}/.well-known/jwks.json");
    let mut known = command(&directory);
    known.env("SSL_CERT_FILE", "cert.pem").args(["jwks", "fetch", &url]);
    let output = fed(&mut known, "");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(String::from_utf8_lossy(&output.stdout).contains("\"keys\""));
    certificate(&directory, "other.pem", "other-key.pem");
    let message = refused(command(&directory).env("SSL_CERT_FILE", "other.pem").args(["jwks", "fetch", &url]));
    assert!(message.starts_with(&format!("cannot fetch {url}; give")), "{message}");
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn what_does_not_behave_is_refused() {
    let directory = fresh("jwks-odd");
    let long = format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{{\"keys\":[\"{}\"]}}", "x".repeat(2 << 20));
    let round = "HTTP/1.1 302 Found\r\nLocation: /jwks\r\nConnection: close\r\n\r\n".to_owned();
    let gone = "HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n".to_owned();
    let text = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello".to_owned();
    let ftp = "HTTP/1.1 302 Found\r\nLocation: ftp://x/\r\nConnection: close\r\n\r\n".to_owned();
    for (answer, words) in [
        (long, "at most 1024 KiB are read"),
        (round, "leads on more than 3 times"),
        (gone, "is not there"),
        (text, "is no strict JSON"),
        (ftp, "only http and https are fetched"),
        ("nonsense\r\n\r\n".to_owned(), "cannot fetch"),
    ] {
        let address = answering(answer);
        let message = refused(command(&directory).args(["jwks", "fetch", &format!("http://{address}/jwks")]));
        assert!(message.contains(words), "{words}: {message}");
    }
    let message = refused(command(&directory).args(["jwks", "fetch", "http://127.0.0.1:1/jwks"]));
    assert!(message.contains("cannot fetch http://127.0.0.1:1/jwks; give"), "{message}");
    assert!(refused(command(&directory).args(["jwks", "fetch", "nowhere"])).contains("is no URL"));
}

/// A server that answers every request so.
fn answering(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut lines = BufReader::new(&stream).lines();
            while lines.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
            // Whoever has read enough closes.
            let _ = (&stream).write_all(answer.as_bytes());
        }
    });
    address
}
