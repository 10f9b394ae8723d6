//! `secret`.

use toolbox::encoding::{Encoding, unbase32};
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, refused};

#[test]
fn a_secret_has_its_bytes_in_its_encoding() {
    let bytes = |output: &str, count: &str| {
        done("secret", &[("output", output), ("bytes", count)]).text().expect("text").to_owned()
    };
    for count in [16, 20, 32, 33, 64] {
        let text = count.to_string();
        for encoding in Encoding::ALL {
            let decoded = encoding.decode(&bytes(encoding.as_str(), &text)).expect("its encoding");
            assert_eq!(decoded.len(), count);
        }
        assert_eq!(unbase32(&bytes("base32", &text)).expect("base32").len(), count);
        let letters = bytes("alphanumeric", &text);
        assert!(letters.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{letters}");
        // At least as many bits as asked for.
        assert!(letters.len() as f64 * 62f64.log2() >= count as f64 * 8.0, "{letters}");
    }
    assert_ne!(bytes("hex", "32"), bytes("hex", "32"));
}

#[test]
fn a_prefix_stands_before_it_and_a_short_one_is_remarked() {
    assert!(done("secret", &[("prefix", "whsec_")]).text().expect("text").starts_with("whsec_"));
    assert_eq!(codes(&done("secret", &[("bytes", "15")])), ["secret-short"]);
    assert!(codes(&done("secret", &[("bytes", "16")])).is_empty());
    for bytes in ["0", "4097", "-1", "x"] {
        assert!(refused("secret", &[("bytes", bytes)]).contains("no number from 1 to 4096"), "{bytes}");
    }
}
