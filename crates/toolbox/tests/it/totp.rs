//! `totp`: the RFCs' vectors, and what a code that is off says.

use toolbox::{Block, Verdict};
use vestibule_toolbox as toolbox;

use crate::support::{call_at, codes, done, member, refused};

/// RFC 6238 appendix B. The errata: each hash has a secret as long as its output.
#[test]
fn the_vectors_of_rfc_6238() {
    let secrets = [
        ("sha1", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"),
        ("sha256", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA"),
        (
            "sha512",
            "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNA",
        ),
    ];
    for (at, expected) in [
        (59, ["94287082", "46119246", "90693936"]),
        (1_111_111_109, ["07081804", "68084774", "25091201"]),
        (1_111_111_111, ["14050471", "67062674", "99943326"]),
        (1_234_567_890, ["89005924", "91819424", "93441116"]),
        (2_000_000_000, ["69279037", "90698825", "38618901"]),
        (20_000_000_000, ["65353130", "77737706", "47863826"]),
    ] {
        for ((alg, secret), code) in secrets.iter().zip(expected) {
            let output = call_at(at, "totp", &[("secret", secret), ("alg", alg), ("digits", "8")]).expect("a code");
            assert_eq!(member(&output, "code"), code, "{alg} at {at}");
        }
    }
}

/// RFC 4226 appendix D.
#[test]
fn the_vectors_of_rfc_4226() {
    let expected = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
    for (counter, code) in expected.iter().enumerate() {
        let fields = [("secret-hex", "3132333435363738393031323334353637383930"), ("counter", &counter.to_string())];
        assert_eq!(member(&done("totp", &fields), "code"), *code, "{counter}");
    }
}

#[test]
fn a_code_is_good_within_the_window_and_says_its_drift() {
    let secret = ("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    let at = 1_111_111_111;
    let code = member(&call_at(at, "totp", &[secret]).expect("a code"), "code");
    for (later, drift, verdict) in [
        (0, "0", Verdict::Yes),
        (30, "-1", Verdict::Yes),
        (-30, "1", Verdict::Yes),
        (60, "-2", Verdict::No),
        (-90, "3", Verdict::No),
    ] {
        let output = call_at(at + later, "totp", &[secret, ("code", &code)]).expect("a verdict");
        assert_eq!((output.verdict, member(&output, "drift_steps").as_str()), (verdict, drift), "{later}");
        let said = if verdict == Verdict::No { vec!["totp-drift"] } else { vec![] };
        assert_eq!(codes(&output), said, "{later}");
    }
    let wide = [secret, ("code", code.as_str()), ("window", "2")];
    assert_eq!(call_at(at + 60, "totp", &wide).expect("a verdict").verdict, Verdict::Yes);
    let none = call_at(at + 86_400, "totp", &[secret, ("code", &code)]).expect("a verdict");
    assert_eq!((none.verdict, codes(&none)), (Verdict::No, vec!["totp-mismatch"]));
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    assert_eq!(call_at(at, "totp", &[secret, ("code", &spaced)]).expect("a verdict").verdict, Verdict::Yes);
}

#[test]
fn a_uri_is_read_and_written() {
    let uri = "otpauth://totp/Example:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Example&algorithm=SHA256&digits=8&period=60";
    let output = done("totp", &[("uri", uri), ("qr", "")]);
    assert_eq!(member(&output, "uri"), uri);
    let fields = [("secret", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"), ("issuer", "A & B"), ("account", "ada@example.com")];
    let written = member(&done("totp", &fields), "uri");
    assert_eq!(
        written,
        "otpauth://totp/A%20%26%20B:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=A%20%26%20B"
    );
    let picture = done("totp", &fields).blocks.into_iter().find_map(|block| match block {
        Block::Picture { svg, text, .. } => Some((svg, text)),
        _ => None,
    });
    let (svg, text) = picture.expect("a picture");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>") && text.contains('█'), "{svg}");
    for uri in [
        "",
        "otpauth://totp/x",
        "otpauth://totp/x?secret=1",
        "otpauth://motp/x?secret=MZXW6YTB",
        "otpauth://totp/x?secret=MZXW6YTB&digits=99",
    ] {
        assert!(!refused("totp", &[("uri", uri)]).is_empty(), "{uri}");
    }
}

#[test]
fn a_new_secret_is_long_enough_and_a_short_one_is_remarked() {
    let new = done("totp", &[]);
    assert_eq!(toolbox::encoding::unbase32(&member(&new, "secret")).expect("base32").len(), 20);
    assert_eq!(codes(&done("totp", &[("secret", "MZXW6YTB")])), ["totp-short"]);
    assert!(refused("totp", &[("secret", "not base32!")]).contains("base32"));
    assert!(refused("totp", &[("code", "123456")]).contains("secret is missing"));
}
