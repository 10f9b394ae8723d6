//! Selective disclosure from shell to shell: issued, shown with the holder's proof, believed.

use crate::program::{command, done, done_with, fed, fresh, refused};

#[test]
fn a_credential_goes_from_issuer_to_holder_to_verifier() {
    let directory = fresh("sd-jwt");
    for (name, kty) in [("issuer", "EC"), ("holder", "OKP"), ("other", "OKP")] {
        let key = done(&directory, &["jwk", "generate", "--kty", kty]);
        std::fs::write(directory.join(format!("{name}.jwk")), &key).expect("written");
        std::fs::write(directory.join(format!("{name}.pub")), done_with(&directory, &["jwk", "public"], &key))
            .expect("written");
    }
    let claims = r#"{"sub": "ada", "email": "ada@example.com", "birthdate": "1815-12-10"}"#;
    let issue = ["sd-jwt", "issue", "--key", "issuer.jwk", "--claims", claims, "--holder", "holder.pub"];
    let hide = ["--hide", "/email", "--hide", "birthdate", "--expires-in", "30d"];
    let issued = done(&directory, &[&issue[..], &hide].concat());
    let present = ["sd-jwt", "present", "-", "--show", "/email", "--key", "holder.jwk"];
    let to_shop = ["--nonce", "n-1", "--verifier", "https://shop.example.com"];
    let shown = done_with(&directory, &[&present[..], &to_shop].concat(), &issued);
    let verify = ["sd-jwt", "verify", "-", "--key", "issuer.pub"];
    let said = done_with(&directory, &[&verify[..], &to_shop].concat(), &shown);
    assert!(said.starts_with("SD-JWT: valid\n") && said.contains("disclosed: /email\nholder: proved\n"), "{said}");
    assert!(said.contains("ada@example.com") && !said.contains("1815"), "{said}");
    let elsewhere = ["--nonce", "n-2", "--verifier", "https://shop.example.com", "--json"];
    let refusal = fed(command(&directory).args(verify).args(elsewhere), &shown);
    let said: serde_json::Value = serde_json::from_slice(&refusal.stdout).expect("JSON");
    assert_eq!((refusal.status.code(), &said["check"]), (Some(1), &"key binding".into()), "{said}");
    assert!(said["notes"][0]["cause"].as_str().is_some_and(|cause| cause.contains("for another verifier or request")));
    let mut thief = command(&directory);
    thief.args(["sd-jwt", "present", issued.trim_end(), "--key", "other.jwk"]).args(to_shop);
    assert!(refused(&mut thief).starts_with("the issuer named another key"));
    // Decoding shows what is disclosed, and believes nothing.
    assert!(done_with(&directory, &["jwt", "decode"], &shown).contains("ada@example.com"));
}

#[test]
fn a_token_is_encrypted_for_several() {
    let directory = fresh("jwe-several");
    for (name, arguments) in [("a", ["--kty", "RSA"]), ("b", ["--kty", "EC"])] {
        let key = done(&directory, &[&["jwk", "generate", "--format", "pem"][..], &arguments].concat());
        std::fs::write(directory.join(format!("{name}.pem")), key).expect("written");
    }
    let encrypt = ["jwe", "encrypt", "--to", "a.pem", "--to", "b.pem", "--message", "for both"];
    let token = done(&directory, &[&encrypt[..], &["--format", "general"]].concat());
    for key in ["a.pem", "b.pem"] {
        assert_eq!(done_with(&directory, &["jwe", "decrypt", "-", "--key", key], &token), "for both");
    }
    let message = refused(command(&directory).args(encrypt));
    assert_eq!(message, "the compact form is for one recipient, and there are 2; take --format general");
}
