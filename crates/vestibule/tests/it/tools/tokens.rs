//! Tokens and keys from file to file, as somebody works with them in a shell.

use std::path::Path;

use crate::program::{command, done, done_with, fed, fresh, refused};

#[test]
fn a_token_is_signed_decoded_and_verified() {
    let directory = fresh("jwt");
    write(&directory, "key.jwk", &done(&directory, &["jwk", "generate", "--kty", "EC", "--use", "sig"]));
    write(
        &directory,
        "public.pem",
        &done_with(&directory, &["jwk", "to-pem"], &done(&directory, &["jwk", "public", "key.jwk"])),
    );
    write(&directory, "claims.json", r#"{"iss":"https://id.example.com","sub":"ada"}"#);
    let signed =
        done(&directory, &["jwt", "sign", "--key", "key.jwk", "--claims", "claims.json", "--expires-in", "5m"]);
    let token = signed.trim_end();
    for verify in [
        &["jwt", "verify", token, "--key", "public.pem", "--iss", "https://id.example.com"][..],
        &["jwt", "verify", token, "--jwks", "key.jwk"],
        &["jwt", "verify", token, "--key", "public.pem", "--alg", "ES256", "--at", "2001-01-01"],
    ] {
        let said = done(&directory, verify);
        assert!(said.starts_with("token: valid\n") && said.contains("\"sub\": \"ada\""), "{said}");
    }
    assert!(
        done_with(&directory, &["jwt", "verify", "-", "--key", "public.pem"], &signed).starts_with("token: valid\n")
    );
    // What is left of five minutes, on a slow machine too.
    let decoded = done_with(&directory, &["jwt", "decode"], &signed);
    assert!(["in 5 min", "in 4 min"].iter().any(|left| decoded.contains(left)), "from standard input: {decoded}");
    let late = fed(
        command(&directory).args(["jwt", "verify", token, "--key", "public.pem", "--at", "2099-01-01", "--json"]),
        "",
    );
    let late: (Option<i32>, serde_json::Value) =
        (late.status.code(), serde_json::from_slice(&late.stdout).expect("JSON"));
    assert_eq!((late.0, &late.1["verdict"], &late.1["check"]), (Some(1), &"no".into(), &"exp".into()));
    assert_eq!(late.1["notes"][0]["clause"], "RFC 7519 §4.1.4");
    for (arguments, words) in [
        (&["jwt", "verify", token][..], "there is no key to verify with; give --key"),
        (&["jwt", "verify", "abc", "--key", "public.pem"], "1 parts"),
        (&["jwt", "verify", token, "--key", "none.pem"], "cannot read none.pem"),
        (&["jwt", "verify", token, "--key", "public.pem", "--at", "soon"], "at is no moment; write it as"),
        (&["jwt", "sign", "--key", "public.pem", "--claims", "{}"], "a private key is needed"),
        (&["jwt", "sign", "--secret", "short", "--claims", "{}"], "too short for HS256"),
    ] {
        let message = refused(command(&directory).args(arguments).stdin(std::process::Stdio::null()));
        assert!(message.contains(words), "{arguments:?}: {message}");
    }
}

#[test]
fn bytes_are_encrypted_and_come_back_exactly() {
    let directory = fresh("jwe");
    write(&directory, "key.pem", &done(&directory, &["jwk", "generate", "--kty", "RSA", "--format", "pem"]));
    write(&directory, "public.jwk", &done(&directory, &["jwk", "public", "key.pem"]));
    std::fs::write(directory.join("plain"), [0, 255, 10]).expect("written");
    let encrypt =
        ["jwe", "encrypt", "--to", "public.jwk", "--alg", "RSA-OAEP-256", "--enc", "A128CBC-HS256", "--file", "plain"];
    let token = done(&directory, &encrypt);
    let opened = fed(command(&directory).args(["jwe", "decrypt", "-", "--key", "key.pem"]), &token);
    assert_eq!((opened.status.code(), opened.stdout), (Some(0), vec![0, 255, 10]));
    assert!(done(&directory, &["jwe", "inspect", token.trim_end()]).contains("\"alg\": \"RSA-OAEP-256\""));
    write(&directory, "other.jwk", &done(&directory, &["jwk", "generate", "--kty", "RSA"]));
    let closed = fed(command(&directory).args(["jwe", "decrypt", token.trim_end(), "--key", "other.jwk"]), "");
    assert_eq!(closed.status.code(), Some(1));
    for format in ["flattened", "general"] {
        let token = done(&directory, &[&encrypt[..], &["--format", format]].concat());
        assert!(token.starts_with('{'), "{token}");
        let opened = fed(command(&directory).args(["jwe", "decrypt", "-", "--key", "key.pem"]), &token);
        assert_eq!(opened.stdout, [0, 255, 10], "{format}");
    }
}

#[test]
fn openssl_reads_what_is_converted() {
    let directory = fresh("jwk-openssl");
    write(&directory, "key.jwk", &done(&directory, &["jwk", "generate", "--kty", "EC", "--crv", "P-384"]));
    write(&directory, "key.pem", &done(&directory, &["jwk", "to-pem", "key.jwk"]));
    let mut openssl = std::process::Command::new("openssl");
    openssl.current_dir(&directory).args(["pkey", "-in", "key.pem", "-pubout"]);
    let output = openssl.output().expect("openssl runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    write(&directory, "public.pem", &String::from_utf8(output.stdout).expect("PEM"));
    let name = |file: &str| done(&directory, &["jwk", "thumbprint", file]);
    assert_eq!(name("public.pem"), name("key.jwk"));
    let back = done(&directory, &["jwk", "from-pem", "key.pem", "--use", "sig", "--alg", "ES384"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&back).expect("JSON")["alg"], "ES384");
}

#[test]
fn what_a_token_holds_moves_no_cursor() {
    let directory = fresh("jwt-escape");
    // {"alg":"none"} and {"sub":"\u001b[2J"}: the claim is an escape sequence once it is read.
    let said = done(&directory, &["jwt", "decode", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJcdTAwMWJbMkoifQ."]);
    assert!(said.contains('\u{fffd}') && !said.contains('\u{1b}'), "{said:?}");
}

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).expect("written");
}
