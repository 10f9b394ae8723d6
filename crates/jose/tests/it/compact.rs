//! Tokens of a wrong form. Each is rightly signed, so that only the rule in its row can refuse it.

use serde_json::{Value, json};
use vestibule_jose::json::MOST_VALUES;
use vestibule_jose::jws::VerifyError as JwsError;
use vestibule_jose::jwt::{self, TokenError, VerifyError};
use vestibule_jose::{Limits, base64url};

use crate::support::{LIMITS, check, rules, seal, signed, token};

const HEADER: &str = r#"{"alg":"ES256"}"#;

/// Both ways of reading refuse, in the same words.
fn refused(token: &str, words: &str) {
    let error = check(token, &rules()).expect_err(token);
    assert_eq!(error.check(), "token", "{token}: {error}");
    assert!(error.to_string().contains(words), "{token}: {error}");
    let unverified = jwt::inspect(token, &LIMITS).expect_err(token);
    assert_eq!(VerifyError::from(unverified), error);
}

#[test]
fn what_the_tables_start_from_is_believed() {
    check(&signed(HEADER, "{}"), &rules()).expect("verified");
    check(&seal(&base64url::encode(HEADER), "e30"), &rules()).expect("verified");
}

/// RFC 7515 §7.1: exactly three parts; five are a JWE (RFC 7516 §9).
#[test]
fn a_token_has_three_parts() {
    let good = signed(HEADER, "{}");
    let header = base64url::encode(HEADER);
    for (token, words) in [
        ("", "1 parts"),
        (header.as_str(), "1 parts"),
        (&seal(&header, "e30")[..header.len() + 4], "2 parts"),
        (&format!("{good}."), "4 parts"),
        (&format!(".{good}"), "4 parts"),
        (&format!("{good}.."), "encrypted"),
        (&format!("{good}..."), "6 parts"),
        ("..", "header is not a strict JSON object"),
        (&seal("", "e30"), "header is not a strict JSON object"),
        (&seal(&header, ""), "payload is not a strict JSON object"),
    ] {
        refused(token, words);
    }
}

/// RFC 7515 §2: base64url without padding, line breaks, blanks or anything else; RFC 4648 §3.5: no stray bits.
#[test]
fn base64url_has_one_spelling() {
    let header = base64url::encode(HEADER);
    // `{}` leaves two bits over: `e30` and `e31` are the same where nobody looks.
    let with_blank = base64url::encode(r#"{"alg":"ES256" }"#);
    let stray = format!("{}R", with_blank.strip_suffix('Q').expect("ends in Q"));
    check(&seal(&with_blank, "e30"), &rules()).expect("verified");
    for (header, payload, part) in [
        (format!("{with_blank}=="), "e30".into(), "header"),
        (stray, "e30".into(), "header"),
        (format!(" {header}"), "e30".into(), "header"),
        (format!("{header}\n"), "e30".into(), "header"),
        (header.clone(), "e30=".into(), "payload"),
        (header.clone(), "e31".into(), "payload"),
        (header.clone(), "e3 0".into(), "payload"),
        (header.clone(), "e30\r\n".into(), "payload"),
        (header.clone(), "e".into(), "payload"),
        (header.clone(), "e30\u{e9}".into(), "payload"),
        // The other alphabet, for `{"?":"ÿÿ"}`.
        (header, base64url::encode("{\"?\":\"\u{ff}\u{ff}~~\"}").replace('-', "+").replace('_', "/"), "payload"),
    ] {
        refused(&seal(&header, &payload), &format!("{part} is not canonical base64url"));
    }
    let good = signed(HEADER, "{}");
    for token in [format!("{good}="), format!("{good}=="), format!("{good}\n"), format!("{good} "), next(&good)] {
        refused(&token, "signature is not canonical base64url");
    }
}

/// RFC 7515 §4 and §5.2, RFC 8725 §2.4: no member twice, one object, UTF-8.
#[test]
fn the_header_is_strict_json() {
    let not_json = "header is not a strict JSON object";
    let deep = format!(r#"{{"alg":"ES256","x":{}{}}}"#, "[".repeat(16), "]".repeat(16));
    for (header, words) in [
        (r#"{"alg":"ES256","alg":"ES256"}"#, not_json),
        (r#"{"alg":"none","alg":"ES256"}"#, not_json),
        (r#"{"alg":"ES256","\u0061lg":"ES256"}"#, not_json),
        (r#"{"alg":"ES256","x":{"y":1,"y":1}}"#, not_json),
        (r#"{"alg":"ES256"} x"#, not_json),
        (r#"{"alg":"ES256"}{}"#, not_json),
        (r#"{"alg":"ES256",}"#, not_json),
        (r#"{'alg':'ES256'}"#, not_json),
        ("\u{feff}{\"alg\":\"ES256\"}", not_json),
        (r#"["alg","ES256"]"#, not_json),
        (r#""ES256""#, not_json),
        ("null", not_json),
        (&deep, not_json),
        ("{}", r#"no "alg""#),
        (r#"{"alg":256}"#, r#""alg" is not a string"#),
        (r#"{"alg":null}"#, r#""alg" is not a string"#),
        (r#"{"alg":["ES256"]}"#, r#""alg" is not a string"#),
        (r#"{"alg":"ES256","kid":1}"#, r#""kid" is not a string"#),
        (r#"{"alg":"ES256","typ":null}"#, r#""typ" is not a string"#),
        (r#"{"alg":"ES256","cty":true}"#, r#""cty" is not a string"#),
    ] {
        refused(&signed(header, "{}"), words);
    }
    let latin = seal(&base64url::encode(b"{\"alg\":\"ES256\",\"x\":\"\xe9\"}"), "e30");
    refused(&latin, not_json);
}

/// RFC 7515 §4.1.11: an extension that is not understood is refused, and no sort of `crit` is empty talk.
/// RFC 7797 §7: `b64` has no place in a JWT.
#[test]
fn extensions_are_refused() {
    for crit in [r#"["b64"]"#, r#"["exp"]"#, r#"["x"]"#, "[]", "null", r#""exp""#, "{}", r#"["alg"]"#] {
        refused(&signed(&format!(r#"{{"alg":"ES256","exp":1,"x":1,"crit":{crit}}}"#), "{}"), "crit");
    }
    for b64 in ["true", "false"] {
        refused(&signed(&format!(r#"{{"alg":"ES256","b64":{b64}}}"#), "{}"), "b64");
    }
}

/// RFC 7519 §7.2 step 10 and §4: one object, no claim twice.
#[test]
fn the_payload_is_strict_json() {
    let deep = format!(r#"{{"x":{}{}}}"#, "[".repeat(16), "]".repeat(16));
    for payload in [
        r#"{"sub":"ada","sub":"eve"}"#,
        r#"{"sub":"ada","s\u0075b":"eve"}"#,
        r#"{"act":{"sub":"ada","sub":"ada"}}"#,
        r#"[{"x":{"a":1,"a":2}}]"#,
        r#"{"sub":"ada"}{}"#,
        r#"{"exp":NaN}"#,
        r#"{"exp":1e999}"#,
        r#"{"exp":0x10}"#,
        r#"{"sub":"\ud800"}"#,
        "[]",
        "1",
        "\"{}\"",
        "null",
        &deep,
    ] {
        refused(&signed(HEADER, payload), "payload is not a strict JSON object");
    }
}

/// At each bound the token is read; one byte or level beyond it is refused.
#[test]
fn size_and_depth_are_bounded() {
    let plain = token(&json!({"sub": "ada"}));
    let header = jwt::inspect(&plain, &LIMITS).expect("a token").header.members().clone();
    let (header, payload) = (Value::Object(header).to_string().len(), r#"{"sub":"ada"}"#.len());
    let tight = |limits: Limits| check(&plain, &rules().limits(limits));
    for (name, exact) in [
        ("token", Limits { token_bytes: plain.len(), ..LIMITS }),
        ("header", Limits { header_bytes: header, ..LIMITS }),
        ("payload", Limits { json_bytes: payload, ..LIMITS }),
        ("depth", Limits { json_depth: 1, ..LIMITS }),
    ] {
        tight(exact).expect(name);
        let less = match name {
            "token" => Limits { token_bytes: exact.token_bytes - 1, ..exact },
            "header" => Limits { header_bytes: exact.header_bytes - 1, ..exact },
            "payload" => Limits { json_bytes: exact.json_bytes - 1, ..exact },
            _ => Limits { json_depth: 0, ..exact },
        };
        let error = tight(less).expect_err(name);
        match (name, &error) {
            ("depth", VerifyError::Jws(JwsError::Token(TokenError::Json { .. }))) => {}
            (_, VerifyError::Jws(JwsError::Token(TokenError::TooLong { part, found, limit }))) => {
                assert_eq!((*part, *found), (name, limit + 1));
            }
            _ => panic!("{name}: {error}"),
        }
    }
    // Elements are counted, in what is read fast and in what is not.
    let limits = Limits { token_bytes: 100_000, ..LIMITS };
    for (count, believed) in [(MOST_VALUES - 1, true), (MOST_VALUES, false)] {
        let many = signed(HEADER, &format!(r#"{{"a":[{}""]}}"#, r#""","#.repeat(count - 1)));
        assert_eq!(check(&many, &rules().limits(limits)).is_ok(), believed, "{count}");
        assert_eq!(jwt::inspect(&many, &limits).is_ok(), believed, "{count}");
    }
    refused(&"a".repeat(LIMITS.token_bytes + 1), "the token has 65537 bytes");
    refused(&signed(&format!(r#"{{"alg":"ES256","x":"{}"}}"#, "x".repeat(8192)), "{}"), "header has");
}

/// The token with the last sign of its signature one further: the same bytes, other stray bits.
fn next(token: &str) -> String {
    let (start, last) = token.split_at(token.len() - 1);
    let last = last.as_bytes()[0];
    assert!(b"AQgw".contains(&last), "the canonical ends of 64 bytes");
    format!("{start}{}", char::from(last + 1))
}
