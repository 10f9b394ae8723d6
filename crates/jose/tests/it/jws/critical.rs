//! `crit` (RFC 7515 §4.1.11): extensions that a reader must understand.

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Headers, Rules, SignError};

use super::{ES256, check, flattened, headers, refused};
use crate::support::{es256, with};

/// RFC 7515 appendix E: both its header, and one that a caller understands.
#[test]
fn an_extension_is_understood_where_the_caller_says_so() {
    let text = flattened(r#"{"alg":"ES256","crit":["exp","x"],"exp":1363284000,"x":true}"#, "hello").to_string();
    let with_rules = |rules: Rules<'_>| jws::verify(&text, &es256().verifying_key(), &rules);
    let error = with_rules(Rules::new(ES256)).expect_err("none understood");
    assert_eq!(error.check(), "token");
    assert!(error.to_string().contains("\"exp\""), "{error}");
    let error = with_rules(Rules::new(ES256).understands("exp")).expect_err("one of two");
    assert!(error.to_string().contains("\"x\""), "{error}");
    let verified = with_rules(Rules::new(ES256).understands("exp").understands("x")).expect("both");
    assert_eq!(verified.header().get("exp"), Some(&json!(1_363_284_000)));
    // What a header may hold, nobody must understand unless `crit` says so.
    check(&flattened(r#"{"alg":"ES256","exp":1363284000}"#, "hello").to_string()).expect("not critical");
    // To be shown it can be read all the same.
    jws::inspect(&text, &crate::support::LIMITS).expect("read");
}

/// RFC 7515 appendix E itself: `none`, and an extension that is not understood.
#[test]
fn the_example_of_appendix_e_is_refused() {
    let text = "eyJhbGciOiJub25lIiwNCiAiY3JpdCI6WyJodHRwOi8vZXhhbXBsZS5jb20vVU5ERUZJTkVEIl0sDQogImh0dHA6Ly9leGFtcGxlLmNvbS9VTkRFRklORUQiOnRydWUNCn0.RkFJTA.";
    assert!(check(text).expect_err("refused").to_string().contains("UNDEFINED"));
}

#[test]
fn crit_has_one_shape() {
    let everything = Rules::new(ES256).understands("x").understands("y").understands("alg").understands("kid");
    for (crit, words) in [
        ("[]", "one name or more"),
        ("null", "one name or more"),
        ("{}", "one name or more"),
        (r#""x""#, "one name or more"),
        ("true", "one name or more"),
        (r#"["x","x"]"#, "names a member twice"),
        (r#"["x","\u0078"]"#, "names a member twice"),
        (r#"["x",1]"#, "something else than names"),
        (r#"["x",["y"]]"#, "something else than names"),
        (r#"["alg"]"#, "every reader knows"),
        (r#"["x","kid"]"#, "every reader knows"),
        (r#"["crit"]"#, "every reader knows"),
        (r#"["x5t#S256"]"#, "every reader knows"),
        (r#"["y"]"#, "not in the protected header"),
        (r#"[""]"#, "not in the protected header"),
    ] {
        let text = flattened(&format!(r#"{{"alg":"ES256","kid":"k","x":1,"x5t#S256":"A","crit":{crit}}}"#), "hello");
        refused(&text.to_string(), words);
        let error = jws::verify(&text.to_string(), &es256().verifying_key(), &everything).expect_err(crit);
        assert!(error.to_string().contains(words), "{crit}: {error}");
    }
}

/// It must be protected, and so must what it names.
#[test]
fn crit_is_protected() {
    let plain = flattened(r#"{"alg":"ES256"}"#, "hello");
    let beside = with(&plain, "header", json!({"crit": ["x"], "x": 1}));
    refused(&beside.to_string(), "outside of the protected header");
    let inside = flattened(r#"{"alg":"ES256","crit":["x"]}"#, "hello");
    let named_beside = with(&inside, "header", json!({"x": 1}));
    refused(&named_beside.to_string(), "not in the protected header");
}

/// Of several signatures, those that are understood can hold (RFC 7515 §5.2).
#[test]
fn one_signature_may_be_beyond_the_reader() {
    let strange = Headers { critical: &["x"], ..headers(&json!({"x": 1})) };
    let both =
        Draft::new(b"hello").sign(&es256(), &strange).and_then(|draft| draft.sign(&es256(), &Headers::default()));
    let text = both.and_then(|draft| draft.general()).expect("written");
    assert_eq!(check(&text).expect("the second").signatures()[0].index(), 1);
    let all = jws::verify(&text, &es256().verifying_key(), &Rules::new(ES256).all_signatures());
    assert!(all.expect_err("the first").to_string().contains("not understood"));
}

#[test]
fn crit_is_written_as_it_is_read() {
    let good = Headers { critical: &["x"], ..headers(&json!({"x": 1})) };
    let text = Draft::new(b"hello").sign(&es256(), &good).and_then(|draft| draft.compact()).expect("written");
    let header = jws::inspect(&text, &crate::support::LIMITS).expect("read").signatures.remove(0).header;
    assert_eq!(Value::Object(header.members().clone()), json!({"alg": "ES256", "crit": ["x"], "x": 1}));

    for critical in [&["y"][..], &["x", "x"], &["alg"], &["x", "kid"], &["crit"], &["b64"]] {
        let wrong = Headers { critical, ..headers(&json!({"x": 1})) };
        let answer = Draft::new(b"hello").sign(&es256(), &wrong);
        assert!(matches!(answer, Err(SignError::Critical(_))), "{critical:?}");
    }
    for name in ["alg", "kid", "crit", "b64", "x"] {
        let mut wrong = headers(&json!({"x": 1}));
        wrong.unprotected.insert(name.into(), "x".into());
        let answer = Draft::new(b"hello").sign(&es256(), &wrong);
        assert!(matches!(answer, Err(SignError::Header(found)) if found == name), "{name}");
    }
}
