//! `hmac`, by every way in and out.

use crate::program::{command, done, done_with, fed, fresh, refused};

/// RFC 4231 §4.3.
const TAG: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
const MESSAGE: &str = "what do ya want for nothing?";

#[test]
fn key_and_message_come_in_every_form() {
    let directory = fresh("hmac-forms");
    std::fs::write(directory.join("key"), "Jefe").expect("written");
    std::fs::write(directory.join("message"), MESSAGE).expect("written");
    for key in
        [&["--key", "Jefe"][..], &["--key-hex", "4a656665"], &["--key-base64", "SmVmZQ=="], &["--key-file", "key"]]
    {
        let signed = |message: &[&str]| done(&directory, &[&["hmac", "sign"], key, message].concat());
        for message in [
            &["--message", MESSAGE][..],
            &["--message-hex", "7768617420646f2079612077616e7420666f72206e6f7468696e673f"],
            &["--message-base64", "d2hhdCBkbyB5YSB3YW50IGZvciBub3RoaW5nPw=="],
            &["--file", "message"],
        ] {
            assert_eq!(signed(message), format!("{TAG}\n"), "{key:?} {message:?}");
        }
        assert_eq!(done_with(&directory, &[&["hmac", "sign"], key].concat(), MESSAGE), format!("{TAG}\n"));
    }
    let keyed = done_with(&directory, &["hmac", "sign", "--key-file", "-", "--file", "message"], "Jefe");
    assert_eq!(keyed, format!("{TAG}\n"));
    let output =
        done(&directory, &["hmac", "sign", "--key", "k", "--message", "m", "--output", "base64url", "--alg", "sha512"]);
    assert_eq!(output.trim_end().len(), 86);
}

#[test]
fn a_verdict_is_a_status() {
    let directory = fresh("hmac-verdict");
    let verify = ["hmac", "verify", "--key", "Jefe", "--signature", &format!("sha256={TAG}")];
    assert_eq!(done_with(&directory, &verify, MESSAGE), "signature: matches\n");
    let output = fed(command(&directory).args(verify), &format!("{MESSAGE}\n"));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]));
    assert!(text.starts_with("signature: does not match\n"), "{text}");
    assert!(text.contains("it would match if the message was taken without its final newline"), "{text}");
}

#[test]
fn json_has_stable_names() {
    let directory = fresh("hmac-json");
    let json = |arguments: &[&str], status: i32| {
        let output = fed(command(&directory).args(arguments).arg("--json"), "");
        assert_eq!(output.status.code(), Some(status));
        serde_json::from_slice::<serde_json::Value>(&output.stdout).expect("JSON")
    };
    let signed = json(&["hmac", "sign", "--key", "Jefe", "--message", MESSAGE], 0);
    let expected = serde_json::json!({"signature": TAG, "alg": "sha256", "encoding": "hex", "notes": []});
    assert_eq!(signed, expected);
    let verify = ["hmac", "verify", "--key", "Jefe", "--signature", TAG, "--message"];
    let verified = json(&[&verify[..], &[MESSAGE]].concat(), 0);
    assert_eq!((&verified["verdict"], &verified["encoding"]), (&"yes".into(), &"hex".into()));
    let wrong = json(&[&verify[..], &["what do ya want for nothing? "]].concat(), 1);
    assert_eq!((&wrong["verdict"], &wrong["slip"]), (&"no".into(), &"message-trimmed".into()));
}

#[test]
fn a_whole_webhook_is_checked() {
    let directory = fresh("hmac-webhook");
    let github = ["hmac", "verify", "--preset", "github", "--key", "It's a Secret to Everybody", "--header"];
    let header = "X-Hub-Signature-256: sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let said = done_with(&directory, &[&github[..], &[header]].concat(), "Hello, World!");
    assert_eq!(said, "signature: matches\n");
}

#[test]
fn a_legacy_hash_is_remarked_beside_the_value() {
    let directory = fresh("hmac-legacy");
    let output = fed(command(&directory).args(["hmac", "sign", "--alg", "sha1", "--key", "k", "--message", "m"]), "");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 41));
    assert!(String::from_utf8_lossy(&output.stderr).starts_with("warning: SHA-1 is legacy"));
}

#[test]
fn what_cannot_be_used_is_refused_in_one_line() {
    let directory = fresh("hmac-refused");
    for (arguments, words) in [
        (&["hmac", "sign", "--message", "m"][..], "--key"),
        (&["hmac", "sign", "--key", "k", "--key-hex", "00", "--message", "m"], "cannot be used with"),
        (&["hmac", "sign", "--key-file", "none", "--message", "m"], "cannot read none"),
        (&["hmac", "sign", "--key", "k", "--file", "none"], "cannot read none"),
        (&["hmac", "sign", "--key", "k", "--message", "m", "--alg", "md5"], "md5"),
        (&["hmac", "sign", "--key-hex", "0", "--message", "m"], "key is not hex"),
        (&["hmac", "sign", "--key-file", "-"], "key and message cannot both come from standard input"),
        (&["hmac", "verify", "--key", "k", "--message", "m"], "signature is missing; give --signature"),
        (&["hmac"], "subcommand"),
    ] {
        let message = refused(command(&directory).args(arguments).stdin(std::process::Stdio::null()));
        assert!(message.contains(words), "{arguments:?}: {message}");
    }
}
