//! Texts that are no JWE, or two things at once (RFC 7516 §5.2, §7 and §9).

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, DecryptError, JsonEncrypter, JweError, Options, Placement};
use vestibule_jose::jwk::DecryptionKey;
use vestibule_jose::{Limits, base64url};

use super::support::{anything, open, sealed};
use crate::support::scripted::Scripted;
use crate::support::{LIMITS, provider, token as signed_token, with};

#[test]
fn the_compact_form_has_five_canonical_parts() {
    let token = compact();
    let signed = signed_token(&json!({"sub": "x"}));
    assert_eq!(refusal(&signed), JweError::Signed.into(), "a JWS is none");
    let parts: Vec<_> = token.split('.').collect();
    for (text, found) in [("", 1), ("a", 1), (&parts[..4].join("."), 4), (&format!("{token}."), 6)] {
        assert_eq!(refusal(text), JweError::Parts(found).into(), "{text}");
    }
    assert!(matches!(refusal("...."), DecryptError::Token(JweError::Json { part: "header", .. })));
    // RFC 7515 §2: no padding, no blanks, no other alphabet, no stray bits.
    for (at, name) in [(0, "header"), (1, "encrypted_key"), (2, "iv"), (3, "ciphertext"), (4, "tag")] {
        for change in ["=", " ", "\n", "+", "/", "!", "é", "\0"] {
            let mut parts: Vec<_> = parts.iter().map(|part| (*part).to_owned()).collect();
            parts[at].push_str(change);
            assert_eq!(refusal(&parts.join(".")), JweError::Base64url(name).into(), "{change:?}");
        }
    }
    // The tag's 16 bytes leave four bits over.
    let stray = format!("{}{}", &token[..token.len() - 1], stray_bits(&token));
    assert_eq!(refusal(&stray), JweError::Base64url("tag").into());
    assert!(open(&token, &key()).is_ok());
}

/// The next letter of the alphabet, whose lowest bits the canonical spelling has at zero.
fn stray_bits(token: &str) -> char {
    match token.chars().last().expect("a letter") {
        'A' => 'B',
        'Q' => 'R',
        'g' => 'h',
        _ => 'x',
    }
}

#[test]
fn headers_are_strict() {
    let refused = |header: &str| refusal(&sealed(header, &[], &KEY, b"text"));
    for header in ["", "{", "[]", "null", "{}x", r#"{"alg":"dir","enc":"A128GCM",}"#, "\u{feff}{}"] {
        assert!(matches!(refused(header), DecryptError::Token(JweError::Json { part: "header", .. })), "{header}");
    }
    // RFC 7516 §4: no name twice, however it is spelled, at any depth.
    for header in [
        r#"{"alg":"dir","enc":"A128GCM","alg":"dir"}"#,
        r#"{"alg":"dir","enc":"A128GCM","\u0065nc":"A128GCM"}"#,
        r#"{"alg":"dir","enc":"A128GCM","x":{"a":1,"a":1}}"#,
    ] {
        assert!(refused(header).to_string().contains("twice"), "{header}");
    }
    assert_eq!(refused(r#"{"enc":"A128GCM"}"#), JweError::Missing("alg").into());
    assert_eq!(refused(r#"{"alg":"dir"}"#), JweError::Missing("enc").into());
    for member in ["alg", "enc", "kid", "typ", "cty", "zip"] {
        for value in [json!(1), json!(null), json!([]), json!({}), json!(true)] {
            let header = with(&json!({"alg": "dir", "enc": "A128GCM"}), member, value).to_string();
            assert_eq!(refused(&header), JweError::Member { member, expected: "a string" }.into(), "{header}");
        }
    }
    let deep = format!(r#"{{"alg":"dir","enc":"A128GCM","x":{}{}}}"#, "[".repeat(500), "]".repeat(500));
    assert!(refused(&deep).to_string().contains("too deep"));
}

/// RFC 7516 §7.2: each form has its own members.
#[test]
fn the_json_forms_are_told_apart() {
    let flattened = json_of(Placement::Protected, Form::Flattened);
    let general = json_of(Placement::PerRecipient, Form::General);
    for value in [&flattened, &general] {
        assert_eq!(open(&value.to_string(), &key()).expect("opened").plaintext(), b"text");
        // §9: members of a JWS make it something else.
        for member in ["payload", "signature", "signatures"] {
            assert_eq!(refusal(&with(value, member, json!("AAAA")).to_string()), JweError::Signed.into());
        }
        // §7.2.1: additional members are passed over.
        assert!(open(&with(value, "extra", json!({"a": 1})).to_string(), &key()).is_ok());
        for member in ["iv", "ciphertext", "tag"] {
            assert_eq!(refusal(&without(value, member)), JweError::Missing(member).into());
            let wrong = JweError::Member { member, expected: "a string" };
            assert_eq!(refusal(&with(value, member, json!(1)).to_string()), wrong.into());
        }
        for member in ["protected", "iv", "tag", "aad"] {
            assert_eq!(refusal(&with(value, member, json!("")).to_string()), JweError::Empty(member).into());
        }
        for member in ["protected", "iv", "tag", "aad", "ciphertext"] {
            let refused = refusal(&with(value, member, json!("AA==")).to_string());
            let part = if member == "protected" { "header" } else { member };
            assert_eq!(refused, JweError::Base64url(part).into());
        }
        assert_eq!(refusal(&with(value, "unprotected", json!({})).to_string()), JweError::Empty("unprotected").into());
    }
    for member in ["header", "encrypted_key"] {
        let mixed = with(&general, member, json!({"alg": "dir"})).to_string();
        assert_eq!(refusal(&mixed), JweError::MixedForms(member).into());
    }
    for recipients in [json!({}), json!("x"), json!([1]), json!(null)] {
        let wrong = JweError::Member { member: "recipients", expected: "an array of objects" };
        assert_eq!(refusal(&with(&general, "recipients", recipients).to_string()), wrong.into());
    }
    let twice = general.to_string().replacen("\"iv\"", "\"tag\":\"AAAA\",\"iv\"", 1);
    assert!(refusal(&twice).to_string().contains("twice"));
    // Whoever asked for the compact form does not get another, nor the other way about.
    let refused = jwe::decrypt(provider(), &flattened.to_string(), &key(), &anything()).expect_err("JSON");
    assert!(matches!(refused, DecryptError::Token(JweError::Parts(_))));
    let refused = jwe::decrypt_json(provider(), &compact(), &key(), &anything()).expect_err("compact");
    assert!(matches!(refused, DecryptError::Token(JweError::Json { part: "token", .. })));
    let polyglot = format!("{}.{}", flattened, "a.b.c.d");
    assert!(jwe::decrypt_json(provider(), &polyglot, &key(), &anything()).is_err());
    assert!(jwe::decrypt(provider(), &polyglot, &key(), &anything()).is_err());
}

/// RFC 7516 §7.2.1: no name in two of the three headers, `enc` the same for all, `zip` and `crit` protected.
#[test]
fn the_headers_of_the_json_forms_are_disjoint() {
    let general = json_of(Placement::PerRecipient, Form::General);
    let own = general["recipients"][0]["header"].clone();
    let repeated = |name: &str| DecryptError::from(JweError::Repeated(name.into()));
    let shared = |header: Value| with(&general, "unprotected", header).to_string();
    assert_eq!(refusal(&shared(json!({"alg": "dir"}))), repeated("alg"));
    assert_eq!(refusal(&shared(json!({"enc": "A128GCM"}))), repeated("enc"));
    let recipient = |header: Value| {
        let mut general = general.clone();
        general["recipients"][0]["header"] = header;
        general.to_string()
    };
    assert_eq!(refusal(&recipient(with(&own, "enc", json!("A128GCM")))), repeated("enc"));
    for member in ["zip", "crit"] {
        let value = if member == "zip" { json!("DEF") } else { json!(["x"]) };
        assert_eq!(refusal(&shared(json!({member: value, "x": 1}))), JweError::Unprotected(member).into());
        assert_eq!(refusal(&recipient(with(&own, member, value))), JweError::Unprotected(member).into());
    }
    let mut bare = json!({"iv": general["iv"], "ciphertext": general["ciphertext"], "tag": general["tag"]});
    bare["recipients"] = json!([
        {"header": {"alg": "dir", "enc": "A128GCM"}},
        {"header": {"alg": "dir", "enc": "A256GCM"}}
    ]);
    assert_eq!(refusal(&bare.to_string()), JweError::Different.into());
}

/// The protected header and the AAD are what the tag covers; what is not protected can be changed, and is told apart.
#[test]
fn the_tag_covers_header_and_aad() {
    let options = Options::default();
    let message = JsonEncrypter::new(C::A128Gcm, &options).recipient(wrapping().encryption_key().expect("ours"));
    let message = message.aad(b"in clear").unprotected("note", json!("a"));
    let text = message.flattened(provider(), b"text").expect("a token");
    let value: Value = serde_json::from_str(&text).expect("JSON");
    assert!(open(&text, &wrapping()).is_ok());
    let changed = with(&value, "aad", base64url::encode("in cleaR").into()).to_string();
    assert_eq!(open(&changed, &wrapping()).expect_err("changed"), DecryptError::Decryption);
    assert_eq!(open(&without(&value, "aad"), &wrapping()).expect_err("changed"), DecryptError::Decryption);
    let header = base64url::encode(r#"{ "enc":"A128GCM"}"#);
    let changed = with(&value, "protected", header.into()).to_string();
    assert_eq!(open(&changed, &wrapping()).expect_err("changed"), DecryptError::Decryption);
    let changed = with(&value, "unprotected", json!({"note": "b"})).to_string();
    let opened = open(&changed, &wrapping()).expect("the note is not protected");
    assert_eq!((opened.header().members()["note"].as_str(), opened.header().is_protected("note")), (Some("b"), false));
    assert!(opened.header().is_protected("enc"));
}

/// A token costs a bounded number of tries, whoever asks for more.
#[test]
fn hundreds_of_recipients_are_refused() {
    let general = json_of(Placement::PerRecipient, Form::General);
    let many = |count: usize, header: Value, encrypted_key: &str| {
        let recipient = json!({"header": header, "encrypted_key": encrypted_key});
        with(&general, "recipients", Value::Array(vec![recipient; count])).to_string()
    };
    let header = json!({"alg": "A128KW"});
    let encrypted_key = base64url::encode([0; 24]);
    let limits = Limits { token_bytes: 1 << 20, ..LIMITS };
    let counted = |token: &str, limits: Limits| {
        let counter = Scripted::default();
        let keys = vec![wrapping(); 4];
        let refused = jwe::decrypt_json(&counter, token, &keys, &anything().limits(limits)).expect_err("refused");
        (refused, counter.work())
    };
    let refused: DecryptError = JweError::Recipients { found: 500, limit: LIMITS.recipients }.into();
    assert_eq!(counted(&many(500, header.clone(), &encrypted_key), limits), (refused, 0));
    let none: DecryptError = JweError::Recipients { found: 0, limit: LIMITS.recipients }.into();
    assert_eq!(counted(&with(&general, "recipients", json!([])).to_string(), limits), (none, 0));
    let allowed = Limits { recipients: 500, ..limits };
    let tries = counted(&many(500, header, &encrypted_key), allowed);
    assert_eq!(tries, (DecryptError::Decryption, LIMITS.attempts), "16 unwrappings, and nothing opened");
}

#[test]
fn sizes_are_bounded() {
    let token = compact();
    let header = base64url::decode(token.split('.').next().expect("a header")).expect("base64url").len();
    for (part, limits) in [
        ("token", Limits { token_bytes: token.len() - 1, ..LIMITS }),
        ("header", Limits { header_bytes: header - 1, ..LIMITS }),
    ] {
        let refused = jwe::decrypt(provider(), &token, &key(), &anything().limits(limits)).expect_err("too long");
        assert!(matches!(refused, DecryptError::Token(JweError::TooLong { part: found, .. }) if found == part));
        let refused = jwe::inspect(&token, &limits).expect_err("too long");
        assert!(matches!(refused, JweError::TooLong { part: found, .. } if found == part));
    }
    let exact = Limits { token_bytes: token.len(), header_bytes: header, json_depth: 1, ..LIMITS };
    assert!(jwe::decrypt(provider(), &token, &key(), &anything().limits(exact)).is_ok());
}

#[test]
fn a_token_is_shown_without_a_key() {
    let token = compact();
    let message = jwe::inspect(&token, &LIMITS).expect("a JWE");
    assert_eq!((message.form(), message.recipients().len(), message.aad()), (jwe::Form::Compact, 1, None));
    assert_eq!((message.iv().len(), message.tag().len(), message.ciphertext().len()), (12, 16, 4));
    let header = &message.recipients()[0].header;
    assert_eq!((header.alg_name(), header.enc_name()), ("dir", "A128GCM"));
    let general = json_of(Placement::PerRecipient, Form::General).to_string();
    assert_eq!(jwe::inspect(&general, &LIMITS).expect("a JWE").form(), jwe::Form::General);
    let flattened = format!("\n  {}", json_of(Placement::PerRecipient, Form::Flattened));
    assert_eq!(jwe::inspect(&flattened, &LIMITS).expect("a JWE").form(), jwe::Form::Flattened);
}

/// Damage of every sort stops nothing and opens nothing.
#[test]
fn noise_opens_nothing() {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).expect("small") % below
    };
    let tokens = [
        compact(),
        json_of(Placement::Protected, Form::Flattened).to_string(),
        json_of(Placement::PerRecipient, Form::General).to_string(),
    ];
    for token in &tokens {
        for _ in 0..3000 {
            let mut bytes = token.clone().into_bytes();
            for _ in 0..=next(3) {
                let at = next(bytes.len().max(1));
                match next(4) {
                    _ if bytes.is_empty() => {}
                    0 => bytes[at] = b"{}[]\":,.=_-AZ09 \n\\u"[next(19)],
                    1 => drop(bytes.remove(at)),
                    2 => bytes.insert(at, b"{}[]\":,.AB"[next(10)]),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            let Ok(text) = String::from_utf8(bytes) else { continue };
            let _ = jwe::inspect(&text, &LIMITS);
            if let Ok(opened) = open(&text, &key()) {
                assert_eq!(opened.plaintext(), b"text", "{text}");
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Form {
    Flattened,
    General,
}

const KEY: [u8; 16] = [7; 16];

fn key() -> DecryptionKey {
    DecryptionKey::from_secret(&KEY, Some(K::Dir), None).expect("a key")
}

fn wrapping() -> DecryptionKey {
    DecryptionKey::from_secret(&KEY, Some(K::A128Kw), None).expect("a key")
}

fn compact() -> String {
    sealed(r#"{"alg":"dir","enc":"A128GCM"}"#, &[], &KEY, b"text")
}

fn json_of(placement: Placement, form: Form) -> Value {
    let options = Options::default();
    let message = JsonEncrypter::new(C::A128Gcm, &options).recipient(key().encryption_key().expect("the other half"));
    let message = message.placement(placement);
    let text = match form {
        Form::Flattened => message.flattened(provider(), b"text"),
        Form::General => message.general(provider(), b"text"),
    };
    serde_json::from_str(&text.expect("a token")).expect("JSON")
}

fn without(value: &Value, member: &str) -> String {
    let mut value = value.clone();
    value.as_object_mut().expect("an object").remove(member);
    value.to_string()
}

fn refusal(token: &str) -> DecryptError {
    open(token, &key()).expect_err(token)
}
