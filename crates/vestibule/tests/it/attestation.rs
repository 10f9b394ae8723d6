//! `passkeys.attestation`, `device_keys.attestation`: the makers' certificates are read at the start.

use std::net::TcpListener;
use std::path::Path;

use crate::program::{command, fresh, refused, run};

/// `serve` says so before it listens, where somebody else does.
fn said_before_listening(directory: &Path, why: &str) {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("bound").to_string();
    let said = refused(command(directory).args(["serve", "--listen", &address]));
    assert!(said.starts_with(why), "{said}");
}

#[test]
fn trust_anchors_that_cannot_be_read_are_refused_at_the_start() {
    let directory = fresh("attestation");
    let root = include_str!("../../../webauthn/tests/it/pki/root.pem");
    std::fs::write(directory.join("makers.pem"), [root, root].concat()).expect("written");
    std::fs::write(directory.join("key.pem"), include_str!("../../../webauthn/tests/it/pki/authenticator.pem"))
        .expect("written");
    std::fs::write(directory.join("empty.pem"), "").expect("written");
    let listed = |file: &str| {
        let models = "models = [\"2fc0579f-8113-47ea-b116-bb5a8db9202a\", \"0102030405060708090a0b0c0d0e0f10\"]";
        let text = format!("[passkeys]\nattestation = \"listed\"\n{models}\ntrust_anchors = \"{file}\"\n");
        std::fs::write(directory.join("vestibule.toml"), text).expect("written");
    };
    for (file, why) in [
        ("none.pem", "passkeys.trust_anchors: cannot read none.pem; give a file of certificates (PEM)"),
        ("key.pem", "passkeys.trust_anchors: key.pem holds something else; give certificates (PEM)"),
        ("empty.pem", "passkeys.trust_anchors: empty.pem holds something else; give certificates (PEM)"),
    ] {
        listed(file);
        said_before_listening(&directory, why);
    }
    listed("makers.pem");
    assert!(run(&directory, &["user", "list"]).status.success());
}

#[test]
fn roots_of_device_keys_that_cannot_be_read_are_refused_at_the_start() {
    let directory = fresh("device-roots");
    let root = include_str!("../../../webauthn/tests/it/vectors/android-root.pem");
    std::fs::write(directory.join("roots.pem"), [root, root].concat()).expect("written");
    std::fs::write(directory.join("empty.pem"), "").expect("written");
    let asked = |android: &str, apple: &str| {
        let roots = format!("android_roots = \"{android}\"\napple_roots = \"{apple}\"\n");
        let text = format!("[device_keys]\nattestation = \"required\"\n{roots}");
        std::fs::write(directory.join("vestibule.toml"), text).expect("written");
    };
    for (android, apple, why) in [
        ("none.pem", "roots.pem", "device_keys.android_roots: cannot read none.pem; give a file of certificates (PEM)"),
        ("roots.pem", "none.pem", "device_keys.apple_roots: cannot read none.pem; give a file of certificates (PEM)"),
        ("roots.pem", "empty.pem", "device_keys.apple_roots: empty.pem holds something else; give certificates (PEM)"),
    ] {
        asked(android, apple);
        said_before_listening(&directory, why);
    }
    let listed = |list: &str| {
        std::fs::write(directory.join("revoked.json"), list).expect("written");
        let path = directory.join("vestibule.toml");
        let text = std::fs::read_to_string(&path).expect("read");
        let text = text.lines().filter(|line| !line.starts_with("android_revoked")).collect::<Vec<_>>().join("\n");
        std::fs::write(path, format!("{text}\nandroid_revoked = \"revoked.json\"\n")).expect("written");
    };
    asked("roots.pem", "roots.pem");
    for list in ["", "[]", "{}", "{\"entries\": [1]}", "{\"entries\": {\"x\": {}}}"] {
        listed(list);
        said_before_listening(&directory, "device_keys.android_revoked: revoked.json is no list of Google's");
    }
    listed(
        "{\"entries\": {\"c35747a084470c3135aeefe2b8d40cd6\": {\"status\": \"REVOKED\"}, \"6681152659205225093\": {}}}",
    );
    assert!(run(&directory, &["user", "list"]).status.success());
    asked("roots.pem", "roots.pem");
    assert!(run(&directory, &["user", "list"]).status.success());
}
