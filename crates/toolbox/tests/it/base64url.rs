//! `base64url`.

use vestibule_toolbox as toolbox;

use crate::support::{codes, done, member, refused};

#[test]
fn bytes_go_both_ways() {
    assert_eq!(done("base64url encode", &[("message-hex", "03ecffe0c1")]).text(), Some("A-z_4ME"));
    assert_eq!(member(&done("base64url decode", &[("text", "A-z_4ME")]), "hex"), "03ecffe0c1");
    let output: toolbox::Output = done("base64url decode", &[("text", "aGVsbG8")]);
    assert_eq!((output.value.as_slice(), member(&output, "text").as_str()), (&b"hello"[..], "hello"));
}

#[test]
fn another_spelling_is_read_and_remarked() {
    assert!(codes(&done("base64url decode", &[("text", "aGVsbG8")])).is_empty());
    for text in ["aGVsbG8=", "aGVs bG8", "aGVsbG9"] {
        assert_eq!(codes(&done("base64url decode", &[("text", text)])), ["base64url-spelling"], "{text}");
    }
    assert!(refused("base64url decode", &[("text", "§")]).contains("not base64"));
    assert!(refused("base64url decode", &[("text", "xyz"), ("encoding", "hex")]).contains("not hex"));
}
