//! `hmac sign` and `hmac verify`: the RFCs' vectors, and the slips that are named.

use toolbox::{Given, Input, Started, Verdict, find, start};
use vestibule_toolbox as toolbox;

use crate::support::{NOW, call, codes, done, member, refused};

/// RFC 2202 §3 (SHA-1) and RFC 4231 §4 (SHA-256, 384, 512): key, message, tags; all in hex.
#[test]
fn the_rfcs_vectors() {
    for (key, message, alg, tag) in VECTORS {
        let (key, message) = (expand(key), expand(message));
        let fields = [("key-hex", key.as_str()), ("message-hex", message.as_str()), ("alg", alg)];
        let output = done("hmac sign", &fields);
        assert_eq!(output.text().expect("text"), *tag, "{alg} {key} {message}");
        let verified = done("hmac verify", &[&fields[..], &[("signature", tag)]].concat());
        assert_eq!(verified.verdict, Verdict::Yes);
    }
}

#[test]
fn a_signature_is_written_and_read_in_every_encoding() {
    let fields = [("key", "Jefe"), ("message", "what do ya want for nothing?")];
    for (output, text) in [
        ("hex", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
        ("base64", "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM="),
        ("base64url", "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM"),
    ] {
        assert_eq!(done("hmac sign", &[&fields[..], &[("output", output)]].concat()).text().expect("text"), text);
        for spelled in [text.to_owned(), format!("sha256={text}"), format!("  {text}\n"), format!("HMAC-SHA256={text}")]
        {
            let verified = done("hmac verify", &[&fields[..], &[("signature", &spelled)]].concat());
            assert_eq!((verified.verdict, member(&verified, "encoding").as_str()), (Verdict::Yes, output), "{spelled}");
        }
    }
    let upper = "5BDCC146BF60754E6A042426089575C75A003F089D2739839DEC58B964EC3843";
    assert_eq!(done("hmac verify", &[&fields[..], &[("signature", upper)]].concat()).verdict, Verdict::Yes);
}

/// Every slip of the contract, made on purpose.
#[test]
fn the_usual_slips_are_named() {
    for (signed, given, slip) in SLIPS {
        let signature = done("hmac sign", signed).text().expect("text").to_owned();
        explained(&signature, given, slip);
    }
}

#[test]
fn a_signature_written_otherwise_is_named() {
    let fields: &[(&str, &str)] = &[("key", "k"), ("message", "m")];
    let hex = done("hmac sign", fields).text().expect("text").to_owned();
    let base64 = toolbox::encoding::Encoding::Base64;
    explained(&base64.encode(hex.as_bytes()), fields, "signature-of-hex");
    explained(&hex[..32], fields, "signature-cut");
}

#[test]
fn a_plain_hash_and_exchanged_parts_are_named() {
    let hash = |text: &str| {
        let digest = jose::provider::aws_lc().sha256(text.as_bytes());
        toolbox::encoding::hex(&digest)
    };
    let fields: &[(&str, &str)] = &[("key", "secret"), ("message", "body")];
    explained(&hash("secretbody"), fields, "plain-key-message");
    explained(&hash("bodysecret"), fields, "plain-message-key");
    explained(&hash("body"), fields, "plain-message");
    let exchanged = done("hmac sign", &[("key", "body"), ("message", "secret")]).text().expect("text").to_owned();
    explained(&exchanged, fields, "exchanged");
}

#[test]
fn what_no_slip_explains_is_said_so() {
    let output = done("hmac verify", &[("key", "k"), ("message", "m"), ("signature", &"00".repeat(32))]);
    assert_eq!(output.verdict, Verdict::No);
    assert_eq!(codes(&output), ["hmac-mismatch", "hmac-no-slip"]);
    let note = &output.notes[0];
    assert_eq!(note.expected.as_deref(), done("hmac sign", &[("key", "k"), ("message", "m")]).text());
    assert_eq!(note.found, Some("00".repeat(32)));
}

#[test]
fn legacy_and_odd_keys_are_remarked() {
    assert_eq!(codes(&done("hmac sign", &[("key", "k"), ("message", "m"), ("alg", "sha1")])), ["hmac-sha1"]);
    assert_eq!(codes(&done("hmac sign", &[("key", "k\n"), ("message", "m")])), ["hmac-key-newline"]);
    assert_eq!(codes(&done("hmac sign", &[("key", ""), ("message", "m")])), ["hmac-key-empty"]);
    assert!(codes(&done("hmac sign", &[("key", "k"), ("message", "")])).is_empty());
}

#[test]
fn a_prefix_says_the_hash_where_nobody_chose_one() {
    let fields: &[(&str, &str)] = &[("key", "k"), ("message", "m")];
    let sha1 = done("hmac sign", &[fields, &[("alg", "sha1")]].concat()).text().expect("text").to_owned();
    let named = format!("sha1={sha1}");
    let output = done("hmac verify", &[fields, &[("signature", &named)]].concat());
    assert_eq!((output.verdict, member(&output, "alg").as_str()), (Verdict::Yes, "sha1"));
    let chosen = [fields, &[("signature", &named), ("alg", "sha256")]].concat();
    let output = done("hmac verify", &chosen);
    assert_eq!((output.verdict, member(&output, "slip").as_str()), (Verdict::No, "hash-sha1"));
}

#[test]
fn what_cannot_be_used_is_refused_with_advice() {
    for (name, fields, words) in [
        ("hmac sign", &[("message", "m")][..], "key is missing; give --key or --key-hex or --key-base64 or --key-file"),
        ("hmac sign", &[("key", "k")], "message is missing"),
        ("hmac sign", &[("key", "k"), ("message", "m"), ("alg", "md5")], "alg cannot be \"md5\"; take sha1, sha256"),
        ("hmac sign", &[("key-hex", "abc"), ("message", "m")], "key is not hex"),
        ("hmac verify", &[("key", "k"), ("message", "m")], "signature is missing"),
        ("hmac verify", &[("key", "k"), ("message", "m"), ("signature", "§")], "neither hex nor base64"),
        ("hmac verify", &[("key", "k"), ("message", "m"), ("signature", "")], "neither hex nor base64"),
        ("hmac verify", &[("key", "k"), ("message", "m"), ("header", "A: b")], "without a preset"),
        ("hmac sign", &[("key", "k"), ("key", "k"), ("message", "m")], "given twice"),
        ("hmac sign", &[("colour", "red")], "there is no field \"colour\""),
    ] {
        let message = refused(name, fields);
        assert!(message.contains(words), "{fields:?}: {message}");
    }
}

#[test]
fn a_message_in_pieces_is_the_message() {
    let mut input = Input::new(find("hmac", "verify").expect("the tool"));
    let signature = done("hmac sign", &[("key", "k"), ("message", "one two three")]).text().expect("text").to_owned();
    for (field, text) in [("key", "k"), ("signature", signature.as_str())] {
        input.give_text(field, text).expect("a field");
    }
    input.give("message", Given::Streamed).expect("a field");
    let env = toolbox::Env { provider: jose::provider::aws_lc(), now: NOW };
    let Ok(Started::Stream(mut stream)) = start(&env, &input) else { panic!("a stream") };
    for piece in ["one", " two", "", " three"] {
        stream.update(piece.as_bytes()).expect("taken in");
    }
    assert_eq!(stream.finish(&env).expect("done").verdict, Verdict::Yes);
}

/// Long messages are not kept, and then nothing is searched.
#[test]
fn a_long_message_is_not_searched() {
    let long = "x".repeat((4 << 20) + 1);
    let output = done("hmac verify", &[("key", "k"), ("message", &long), ("signature", &"00".repeat(32))]);
    assert_eq!(codes(&output), ["hmac-mismatch", "hmac-too-long"]);
    // One that is searched, though not for two slips at once.
    let signature = done("hmac sign", &[("key", "k"), ("message", &format!("{}\n", &long[..1 << 20]))])
        .text()
        .expect("text")
        .to_owned();
    explained(&signature, &[("key", "k"), ("message", &long[..1 << 20])], "message-newline-added");
}

fn explained(signature: &str, given: &[(&str, &str)], slip: &str) {
    let output = call("hmac verify", &[given, &[("signature", signature)]].concat()).expect("a verdict");
    assert_eq!(output.verdict, Verdict::No, "{given:?}");
    assert!(output.result.contains_key("slip"), "{slip} was not found for {given:?}: {:?}", output.notes);
    assert_eq!(member(&output, "slip"), slip, "{given:?}");
    assert!(codes(&output).contains(&"hmac-slip"), "{:?}", output.notes);
}

/// `aa*20` is the byte `aa` twenty times.
fn expand(text: &str) -> String {
    match text.split_once('*') {
        Some((byte, count)) => byte.repeat(count.parse().expect("a count")),
        None => text.to_owned(),
    }
}

type Fields = &'static [(&'static str, &'static str)];

/// What was signed, what is verified, and the slip between them.
const SLIPS: &[(Fields, Fields, &str)] = &[
    (&[("key", "k"), ("message", "m")], &[("key", "k"), ("message", "m\n")], "message-newline-dropped"),
    (&[("key", "k"), ("message", "m\n")], &[("key", "k"), ("message", "m")], "message-newline-added"),
    (&[("key", "k"), ("message", "a\nb")], &[("key", "k"), ("message", "a\r\nb")], "message-crlf-to-lf"),
    (&[("key", "k"), ("message", "a\r\nb")], &[("key", "k"), ("message", "a\nb")], "message-lf-to-crlf"),
    (&[("key", "k"), ("message", "m")], &[("key", "k"), ("message", "  m ")], "message-trimmed"),
    (&[("key", "k"), ("message", "m"), ("alg", "sha1")], &[("key", "k"), ("message", "m")], "hash-sha1"),
    (&[("key", "k"), ("message", "m"), ("alg", "sha512")], &[("key", "k"), ("message", "m")], "hash-sha512"),
    (&[("key-hex", "00ff"), ("message", "m")], &[("key", "00ff"), ("message", "m")], "key-from-hex"),
    (&[("key-base64", "AP8="), ("message", "m")], &[("key", "AP8="), ("message", "m")], "key-from-base64"),
    (&[("key", "00ff"), ("message", "m")], &[("key-hex", "00ff"), ("message", "m")], "key-is-text"),
    (&[("key", "k"), ("message-hex", "00ff")], &[("key", "k"), ("message", "00ff")], "message-from-hex"),
    (&[("key", "k"), ("message-base64", "AP8=")], &[("key", "k"), ("message", "AP8=")], "message-from-base64"),
    (&[("key", "k"), ("message", "AP8=")], &[("key", "k"), ("message-base64", "AP8=")], "message-is-text"),
    (&[("key", "k"), ("message", "m")], &[("key", "k"), ("message", "\u{feff}m")], "message-bom-dropped"),
    (&[("key", "k"), ("message", "\u{feff}m")], &[("key", "k"), ("message", "m")], "message-bom-added"),
    (&[("key", "k"), ("message", "é")], &[("key", "k"), ("message", "e\u{301}")], "message-nfc"),
    (&[("key", "k"), ("message", "e\u{301}")], &[("key", "k"), ("message", "é")], "message-nfd"),
    (&[("key", "k"), ("message-hex", "e9")], &[("key", "k"), ("message", "é")], "message-latin-1"),
    (&[("key", "k"), ("message", "é")], &[("key", "k"), ("message-hex", "e9")], "message-from-latin-1"),
    (&[("key", "k"), ("message-hex", "6d006e00")], &[("key", "k"), ("message", "mn")], "message-utf-16le"),
    (&[("key", "k"), ("message-hex", "006d006e")], &[("key", "k"), ("message", "mn")], "message-utf-16be"),
    (&[("key", "k"), ("message", "mé")], &[("key", "k"), ("message-hex", "fffe6d00e900")], "message-from-utf-16"),
    (&[("key", "k"), ("message", "m")], &[("key", "k\n"), ("message", "m")], "key-newline-dropped"),
    (&[("key", "k"), ("message", "m")], &[("key", " k"), ("message", "m")], "key-trimmed"),
    (
        &[("key", "k"), ("message", r#"{"b":"x y","a":1}"#)],
        &[("key", "k"), ("message", r#"{ "b": "x y", "a": 1 }"#)],
        "message-json-compact",
    ),
    (
        &[("key", "k"), ("message", "m")],
        &[("key", "k\n"), ("message", "m\n")],
        "key-newline-dropped+message-newline-dropped",
    ),
    (
        &[("key", "k"), ("message", "m"), ("alg", "sha1")],
        &[("key", "k"), ("message", "m\n")],
        "hash-sha1+message-newline-dropped",
    ),
    (
        &[("key-hex", "00ff"), ("message", "m"), ("alg", "sha512")],
        &[("key", "00ff"), ("message", "m\n")],
        "hash-sha512+key-from-hex+message-newline-dropped",
    ),
];

/// Of RFC 4231 the fifth case is cut to 128 bits and left out.
const VECTORS: &[(&str, &str, &str, &str)] = &[
    ("0b*20", "4869205468657265", "sha1", "b617318655057264e28bc0b6fb378c8ef146be00"),
    ("4a656665", NOTHING, "sha1", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    ("aa*20", "dd*50", "sha1", "125d7342b9ac11cd91a39af48aa17b4f63f175d3"),
    (COUNTED, "cd*50", "sha1", "4c9007f4026250c6bc8414f9bf50c86c2d7235da"),
    ("aa*80", LARGER_SHA1, "sha1", "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
    ("0b*20", "4869205468657265", "sha256", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
    ("4a656665", NOTHING, "sha256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
    ("aa*20", "dd*50", "sha256", "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"),
    (COUNTED, "cd*50", "sha256", "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"),
    ("aa*131", LARGER, "sha256", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"),
    (
        "4a656665",
        NOTHING,
        "sha384",
        "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
    ),
    (
        "4a656665",
        NOTHING,
        "sha512",
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ),
    (
        "aa*131",
        LARGER,
        "sha512",
        "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ),
];
const NOTHING: &str = "7768617420646f2079612077616e7420666f72206e6f7468696e673f";
const COUNTED: &str = "0102030405060708090a0b0c0d0e0f10111213141516171819";
const LARGER: &str =
    "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374";
const LARGER_SHA1: &str =
    "54657374205573696e67204c6172676572205468616e20426c6f636b2d53697a65204b6579202d2048617368204b6579204669727374";
