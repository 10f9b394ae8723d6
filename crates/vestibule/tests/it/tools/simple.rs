//! `pkce` and `secret`.

use crate::program::{command, done, fed, fresh};

#[test]
fn pkce_makes_and_checks() {
    let directory = fresh("pkce");
    let made = done(&directory, &["pkce", "--json"]);
    let made: serde_json::Value = serde_json::from_str(&made).expect("JSON");
    let (verifier, challenge) = (made["code_verifier"].as_str(), made["code_challenge"].as_str());
    let (verifier, challenge) = (verifier.expect("a verifier"), challenge.expect("a challenge"));
    let text = done(&directory, &["pkce", "--verifier", verifier, "--challenge", challenge]);
    assert_eq!(text, format!("verifier: {verifier}\nchallenge: {challenge}\nmethod: S256\n"));
    let wrong = fed(command(&directory).args(["pkce", "--verifier", verifier, "--challenge", verifier]), "");
    assert_eq!(wrong.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&wrong.stdout).contains("cause: it is the verifier itself: the method was plain"));
}

#[test]
fn a_secret_stands_alone() {
    let directory = fresh("secret");
    let secret = done(&directory, &["secret"]);
    assert_eq!((secret.len(), secret.trim_end().len()), (44, 43));
    assert!(
        done(&directory, &["secret", "--bytes", "24", "--output", "base64", "--prefix", "whsec_"])
            .starts_with("whsec_")
    );
}
