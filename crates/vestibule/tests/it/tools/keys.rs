//! A key file is PEM, JWK or a certificate, everywhere, and as OpenSSL writes it.

use std::path::Path;
use std::process::Command;

use crate::program::{command, done, done_with, fed, fresh, refused};

#[test]
fn a_key_file_has_every_form() {
    let directory = fresh("key-forms");
    openssl(&directory, "genrsa -traditional -out pkcs1.pem 2048");
    openssl(&directory, "pkcs8 -topk8 -nocrypt -in pkcs1.pem -out pkcs8.pem");
    openssl(&directory, "pkcs8 -topk8 -nocrypt -in pkcs1.pem -outform DER -out pkcs8.der");
    openssl(&directory, "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:geheim -in pkcs1.pem -out encrypted.pem");
    openssl(
        &directory,
        "pkcs8 -topk8 -v2 aes-256-cbc -passout pass:geheim -in pkcs1.pem -outform DER -out encrypted.der",
    );
    openssl(&directory, "rsa -in pkcs1.pem -pubout -out spki.pem");
    openssl(&directory, "rsa -in pkcs1.pem -RSAPublicKey_out -out pkcs1-public.pem");
    openssl(&directory, "rsa -in pkcs1.pem -pubout -outform DER -out spki.der");
    openssl(&directory, "req -x509 -key pkcs8.pem -subj /CN=x -days 3 -out cert.pem");
    openssl(&directory, "x509 -in cert.pem -outform DER -out cert.der");
    write(&directory, "password", "geheim");
    for (name, file) in [("private.jwk", "pkcs8.pem"), ("public.jwk", "spki.pem")] {
        write(&directory, name, &done(&directory, &["jwk", "from-pem", file]));
    }
    write(&directory, "public.jwks", &done(&directory, &["jwk", "from-pem", "cert.pem", "--format", "jwks"]));
    let password: &[&str] = &["--password-file", "password"];
    let private: &[(&str, &[&str])] = &[
        ("pkcs1.pem", &[]),
        ("pkcs8.pem", &[]),
        ("pkcs8.der", &[]),
        ("encrypted.pem", password),
        ("encrypted.der", password),
        ("private.jwk", &[]),
    ];
    // Whoever signed it called the key by a name of their own.
    let named = ["--header", r#"{"kid": "key-1"}"#, "--alg", "PS256"];
    let public = ["spki.pem", "pkcs1-public.pem", "spki.der", "cert.pem", "cert.der"];
    let thumbprint = done(&directory, &["jwk", "thumbprint", "public.jwk"]);
    for (file, more) in private {
        let sign = [&["jwt", "sign", "--claims", r#"{"sub":"ada"}"#, "--key", file], *more, &named].concat();
        let token = done(&directory, &sign);
        for file in public {
            let said = done_with(&directory, &["jwt", "verify", "-", "--key", file], &token);
            assert!(said.starts_with("token: valid\n"), "{file}: {said}");
        }
        let encrypted = done_with(&directory, &["jwe", "encrypt", "--to", "cert.der"], "hallo");
        let opened = done_with(&directory, &[&["jwe", "decrypt", "-", "--key", file], *more].concat(), &encrypted);
        assert_eq!(opened, "hallo", "{file}");
        assert_eq!(done(&directory, &[&["jwk", "thumbprint", file], *more].concat()), thumbprint, "{file}");
    }
    for file in [&public[..], &["public.jwk", "public.jwks"]].concat() {
        assert_eq!(done(&directory, &["jwk", "thumbprint", file]), thumbprint, "{file}");
    }
    for (arguments, words) in [
        (&["jwk", "from-pem", "encrypted.pem"][..], "its password is needed; give it with --password-file"),
        (&["jwk", "from-pem", "encrypted.der"], "its password is needed; give it with --password-file"),
        (&["jwk", "from-pem", "encrypted.pem", "--password", "x"], "the password is wrong"),
        (&["jwk", "from-pem", "key.text"], "neither PEM nor JSON; give a key as PEM, JWK or JWK set"),
        (&["jwk", "from-pem", "key.bytes"], "the DER is no key and no certificate"),
        (
            &["jws", "sign", "--message", "m", "--key", "spki.pem"],
            "a private key is needed, not a public one; give --key",
        ),
        (&["jwk", "generate", "--kty", "oct", "--format", "pem"], "has no form in PEM; take --format jwk"),
        (&["jwk", "generate", "--kty", "RSA", "--size", "1024"], "2048 bits or more (RFC 7518 §3.3)"),
    ] {
        write(&directory, "key.text", "key");
        std::fs::write(directory.join("key.bytes"), [0x30, 0xff, 0]).expect("written");
        let message = refused(command(&directory).args(arguments));
        assert!(message.contains(words), "{arguments:?}: {message}");
    }
}

/// A name in a JWK is somebody's word for the key, and a token of another name is not for it (RFC 7515 §4.1.4).
#[test]
fn a_named_key_serves_its_own_name() {
    let directory = fresh("key-names");
    write(&directory, "key.jwk", &done(&directory, &["jwk", "generate", "--kty", "OKP", "--kid", "a"]));
    let sign = |kid: &str| {
        let header = format!(r#"{{"kid": "{kid}"}}"#);
        done(&directory, &["jwt", "sign", "--key", "key.jwk", "--claims", "{}", "--header", &header])
    };
    let verify = |token: &str| fed(command(&directory).args(["jwt", "verify", "-", "--key", "key.jwk"]), token);
    assert_eq!(verify(&sign("a")).status.code(), Some(0));
    let other = verify(&sign("b"));
    let said = String::from_utf8_lossy(&other.stdout).into_owned();
    assert_eq!(other.status.code(), Some(1), "{said}");
    assert!(said.contains(r#"key: none serves EdDSA with kid "b""#), "{said}");
}

#[test]
fn a_key_is_judged_in_either_form() {
    let directory = fresh("key-lint");
    write(&directory, "key.pem", &done(&directory, &["jwk", "generate", "--kty", "EC", "--format", "pem"]));
    for (arguments, words) in [
        (&["jwk", "lint", "key.pem"][..], "found: 0 faults, 1 warnings"),
        (&["jwk", "lint", "key.pem", "--published"], "fault: /d: A private key is published"),
    ] {
        let output = fed(command(&directory).args(arguments), "");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1));
        assert!(said.contains(words), "{said}");
    }
    let made = ["jwk", "generate", "--kty", "EC", "--use", "sig", "--alg", "ES256"];
    assert!(
        done_with(&directory, &["jwk", "lint"], &done(&directory, &made)).starts_with("found: 0 faults, 0 warnings")
    );
}

/// Every type that can be made, on to each form that it has, and back.
#[test]
fn what_is_made_is_converted_and_comes_back() {
    let directory = fresh("key-types");
    for (made, forms) in [
        ("--kty EC --crv P-256 --use sig --alg ES256", &["pkcs8", "sec1", "spki"][..]),
        ("--kty EC --crv P-384", &["pkcs8", "sec1", "spki"]),
        ("--kty EC --crv P-521 --use enc", &["pkcs8", "sec1", "spki"]),
        ("--kty EC --crv secp256k1", &["pkcs8", "sec1", "spki"]),
        ("--kty OKP --crv Ed25519", &["pkcs8", "spki"]),
        ("--kty OKP --crv X25519", &["pkcs8", "spki"]),
        ("--kty AKP --alg ML-DSA-44", &["pkcs8", "spki"]),
        ("--kty AKP --alg ML-DSA-65", &["pkcs8", "spki"]),
        ("--kty AKP --alg ML-DSA-87", &["pkcs8", "spki"]),
        ("--kty RSA --size 3072 --use sig --alg PS256", &["pkcs8", "pkcs1", "spki"]),
    ] {
        let arguments: Vec<_> = ["jwk", "generate"].into_iter().chain(made.split(' ')).collect();
        let key = done(&directory, &arguments);
        let name = |text: &str| done_with(&directory, &["jwk", "thumbprint"], text);
        let kid = serde_json::from_str::<serde_json::Value>(&key).expect("JSON")["kid"].clone();
        assert_eq!(name(&key).trim_end(), kid, "{made}");
        for form in forms {
            let pem = done_with(&directory, &["jwk", "to-pem", "-", "--form", form], &key);
            assert_eq!(name(&pem), name(&key), "{made} {form}");
        }
        let closed = done_with(&directory, &["jwk", "to-pem", "--encrypt-with", "geheim"], &key);
        assert!(closed.starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"), "{closed}");
        let opened = done_with(&directory, &["jwk", "public", "--password", "geheim"], &closed);
        assert_eq!(name(&opened), name(&key), "{made}");
        assert!(!opened.contains("\"d\"") && !opened.contains("\"priv\""), "{opened}");
    }
}

#[allow(clippy::disallowed_methods, reason = "OpenSSL is found where everybody finds it")]
fn openssl(directory: &Path, arguments: &str) {
    let output = Command::new("openssl").current_dir(directory).args(arguments.split(' ')).output().expect("it runs");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

fn write(directory: &Path, name: &str, text: &str) {
    std::fs::write(directory.join(name), text).expect("written");
}
