//! TLS on our own socket, met by OpenSSL.

use std::path::Path;
use std::process::Command;

use crate::program::{Server, command, fed, fresh, refused};

#[test]
fn openssl_believes_the_certificate_and_is_answered() {
    let directory = fresh("tls");
    certificate(&directory, "cert.pem", "key.pem");
    let server = Server::start_with(with_tls(&directory, "cert.pem", "key.pem"));
    let get = |path: &str, more: &[&str]| {
        let mut client = Command::new("openssl");
        client.current_dir(&directory).args(["s_client", "-connect", &server.address, "-CAfile", "cert.pem"]);
        client
            .args(["-verify_return_error", "-servername", "localhost", "-alpn", "h2,http/1.1", "-ign_eof"])
            .args(more);
        let answer = fed(&mut client, &format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        String::from_utf8_lossy(&answer.stdout).into_owned()
    };
    for version in ["-tls1_3", "-tls1_2"] {
        let answer = get("/healthz", &[version]);
        assert!(answer.contains("HTTP/1.1 200 ") && answer.contains("ALPN protocol: http/1.1"), "{version}: {answer}");
    }
    // The issuer follows the listener, which speaks TLS.
    let issuer = format!("\"issuer\":\"https://{}\"", server.address);
    let metadata = get("/.well-known/openid-configuration", &[]);
    assert!(metadata.replace("\": \"", "\":\"").contains(&issuer), "{metadata}");
    // Who does not speak TLS hears no HTTP.
    assert!(!server.get("/healthz").contains("HTTP/1.1"));
    // Nor does one who never says anything hold up the end.
    let _silent = server.connect();
    assert_eq!(server.terminate().code(), Some(0));
}

#[test]
fn what_cannot_be_served_is_refused_at_start() {
    let directory = fresh("tls-wrong");
    certificate(&directory, "cert.pem", "key.pem");
    certificate(&directory, "other-cert.pem", "other-key.pem");
    std::fs::write(directory.join("empty.pem"), "nothing").expect("written");
    for (cert, key, said) in [
        ("none.pem", "key.pem", "tls.cert: none.pem holds no certificate; give"),
        ("empty.pem", "key.pem", "tls.cert: empty.pem holds no certificate; give"),
        ("cert.pem", "empty.pem", "tls.key: empty.pem holds no private key"),
        ("cert.pem", "other-key.pem", "cert.pem and other-key.pem do not belong together; give"),
    ] {
        let message = refused(with_tls(&directory, cert, key).args(["serve", "--listen", "127.0.0.1:0"]));
        assert!(message.starts_with(said), "{message}");
    }
    let mut mutual = with_tls(&directory, "cert.pem", "key.pem");
    mutual.env("VESTIBULE_TLS_CLIENT_CA", "cert.pem").args(["serve", "--listen", "127.0.0.1:0"]);
    assert!(refused(&mut mutual).contains("client certificates are not built yet"));
}

pub(crate) fn with_tls(directory: &Path, cert: &str, key: &str) -> Command {
    let mut command = command(directory);
    command.env("VESTIBULE_TLS_CERT", cert).env("VESTIBULE_TLS_KEY", key);
    command
}

pub(crate) fn certificate(directory: &Path, cert: &str, key: &str) {
    let made = Command::new("openssl")
        .current_dir(directory)
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"])
        .args([
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-addext",
            "basicConstraints=CA:FALSE",
        ])
        .args(["-out", cert, "-keyout", key])
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}
