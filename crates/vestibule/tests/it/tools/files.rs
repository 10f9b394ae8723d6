//! Whole files, in and out.

use crate::program::{command, done, done_with, fed, fresh, refused};

/// A file that is larger than what a server would read of a token.
#[test]
fn a_large_file_is_signed_and_verified_encrypted_and_decrypted() {
    let directory = fresh("files-large");
    let text = "0123456789abcdef".repeat(64 << 10);
    std::fs::write(directory.join("large"), &text).expect("written");
    std::fs::write(directory.join("key"), done(&directory, &["jwk", "generate", "--kty", "OKP"])).expect("written");
    let make = ["jwk", "generate", "--kty", "EC", "--use", "enc"];
    std::fs::write(directory.join("reader"), done(&directory, &make)).expect("written");
    for format in ["compact", "flattened", "general"] {
        let signed = done(&directory, &["jws", "sign", "--key", "key", "--file", "large", "--format", format]);
        let said = done_with(&directory, &["jws", "verify", "-", "--key", "key"], &signed);
        assert!(said.starts_with("signature: matches\n") && said.contains(&text), "{format}");
        let encrypt = ["jwe", "encrypt", "--to", "reader", "--file", "large", "--format", format];
        for more in [&[][..], &["--zip"]] {
            let token = fed(command(&directory).args(encrypt).args(more), "");
            assert_eq!(token.status.code(), Some(0));
            let token = String::from_utf8(token.stdout).expect("text");
            assert!(done_with(&directory, &["jwe", "decrypt", "-", "--key", "reader"], &token) == text, "{format}");
            assert!(done_with(&directory, &["jwe", "inspect"], &token).starts_with(&format!("format: {format}\n")));
        }
    }
    let signed = done(&directory, &["jws", "sign", "--key", "key", "--file", "large", "--detached"]);
    let verify = ["jws", "verify", "-", "--key", "key", "--payload-file", "large"];
    assert!(done_with(&directory, &verify, &signed).starts_with("signature: matches\n"));
}

/// What is held in memory is bounded, and said so before it is read.
#[test]
fn a_file_that_is_too_large_to_be_held_is_refused() {
    let directory = fresh("files-huge");
    std::fs::File::create(directory.join("huge")).and_then(|file| file.set_len(1 << 30)).expect("a sparse file");
    std::fs::write(directory.join("key"), done(&directory, &["jwk", "generate", "--kty", "OKP"])).expect("written");
    for (arguments, what) in [
        (&["jws", "sign", "--key", "key", "--file", "huge"][..], "the message"),
        (&["jws", "sign", "--key", "key", "--file", "huge", "--detached"], "the message"),
        (&["jwe", "encrypt", "--password", "x", "--file", "huge"], "huge"),
        (&["base64url", "encode", "--file", "huge"], "huge"),
        (&["jwk", "public", "huge"], "huge"),
    ] {
        let message = refused(command(&directory).args(arguments));
        assert_eq!(message, format!("{what} is longer than 64 MiB; give a shorter one"), "{arguments:?}");
    }
}

/// RFC 7515 appendix F, RFC 7797: a file that is longer than what is held, signed and verified as it passes.
#[test]
fn a_file_of_any_length_is_signed_detached() {
    let directory = fresh("files-detached");
    std::fs::File::create(directory.join("huge")).and_then(|file| file.set_len(80 << 20)).expect("a sparse file");
    std::fs::File::create(directory.join("other"))
        .and_then(|file| file.set_len((80 << 20) + 1))
        .expect("a sparse file");
    std::fs::write(directory.join("key"), done(&directory, &["jwk", "generate", "--kty", "EC"])).expect("written");
    for more in [&["--detached"][..], &["--detached", "--unencoded", "--format", "flattened"]] {
        let sign = [&["jws", "sign", "--key", "key", "--file", "huge"][..], more].concat();
        let signed = done(&directory, &sign);
        let verify = |file| {
            fed(command(&directory).args(["jws", "verify", "-", "--key", "key", "--payload-file", file]), &signed)
        };
        let right = verify("huge");
        assert_eq!(right.status.code(), Some(0), "{}", String::from_utf8_lossy(&right.stderr));
        assert!(right.stdout.starts_with(b"signature: matches\n") && right.stdout.len() < 1000);
        assert_eq!(verify("other").status.code(), Some(1));
    }
}

/// RFC 7797 §5.2: the payload stands in the token as it is, blanks too.
#[test]
fn an_unencoded_payload_keeps_its_blanks() {
    let directory = fresh("files-unencoded");
    std::fs::write(directory.join("key"), done(&directory, &["jwk", "generate", "--kty", "OKP"])).expect("written");
    let sign = ["jws", "sign", "--key", "key", "--unencoded", "--message", "two  words"];
    let token = done(&directory, &sign);
    assert!(token.contains(".two  words."), "{token}");
    let said = done_with(&directory, &["jws", "verify", "-", "--key", "key"], &token);
    assert!(said.starts_with("signature: matches\n") && said.ends_with("payload:\ntwo  words\n"), "{said}");
}

#[test]
fn what_is_no_message_is_unusable_and_no_verdict() {
    let directory = fresh("files-none");
    let key = done(&directory, &["jwk", "generate", "--kty", "OKP"]);
    std::fs::write(directory.join("key"), key).expect("written");
    for (token, words) in [("abc", "1 parts"), ("a.b.c.d.e", "the token is encrypted, not signed; see jwe decrypt")] {
        let message = refused(command(&directory).args(["jws", "verify", token, "--key", "key"]));
        assert!(message.contains(words), "{message}");
    }
}
