//! What a caller may demand of the claims (RFC 7519 §4.1) and of `typ` (RFC 8725 §3.11).

use serde::Deserialize;
use serde_json::{Value, json};
use vestibule_jose::jwt::{self, HeaderExtras, Rules, VerifyError};

use crate::support::{NOW, check, es256, rules, signed, token};

/// `None` where the token is believed, else the name of the check that failed.
fn verdict(claims: &Value, rules: &Rules<'_>) -> Option<String> {
    check(&token(claims), rules).err().map(|error| error.check().to_owned())
}

fn table(rules: &Rules<'_>, rows: &[(Value, Option<&str>)]) {
    for (claims, expected) in rows {
        assert_eq!(verdict(claims, rules).as_deref(), *expected, "{claims} under {rules:?}");
    }
}

/// RFC 7519 §4.1.4: the time must be before `exp`; §4.1.5: not before `nbf`.
#[test]
fn times_hold_to_the_second() {
    let plain = rules();
    table(
        &plain,
        &[
            (json!({}), None),
            (json!({"exp": NOW + 1}), None),
            (json!({"exp": NOW}), Some("exp")),
            (json!({"exp": NOW - 1}), Some("exp")),
            (json!({"exp": NOW as f64 + 0.5}), None),
            (json!({"exp": NOW as f64 - 0.5}), Some("exp")),
            (json!({"exp": 0}), Some("exp")),
            (json!({"nbf": NOW}), None),
            (json!({"nbf": NOW - 1}), None),
            (json!({"nbf": NOW + 1}), Some("nbf")),
            (json!({"nbf": NOW as f64 + 0.5}), Some("nbf")),
            (json!({"iat": NOW + 1000}), None),
        ],
    );
    table(
        &plain.clone().leeway(60),
        &[
            (json!({"exp": NOW - 59}), None),
            (json!({"exp": NOW - 60}), Some("exp")),
            (json!({"nbf": NOW + 60}), None),
            (json!({"nbf": NOW + 61}), Some("nbf")),
        ],
    );
    table(
        &plain.clone().accept_expired(),
        &[
            (json!({"exp": 1}), None),
            (json!({"exp": "1"}), Some("exp")),
            (json!({"exp": 1, "nbf": NOW + 1}), Some("nbf")),
        ],
    );
    table(
        &plain.clone().max_age(300).leeway(5),
        &[
            (json!({}), Some("iat")),
            (json!({"iat": NOW}), None),
            (json!({"iat": NOW - 305}), None),
            (json!({"iat": NOW - 306}), Some("iat")),
            (json!({"iat": NOW + 5}), None),
            (json!({"iat": NOW + 6}), Some("iat")),
        ],
    );
    table(
        &plain.max_lifetime(300).leeway(5),
        &[
            (json!({}), Some("exp")),
            (json!({"exp": NOW + 305}), None),
            (json!({"exp": NOW + 306}), Some("exp")),
            (json!({"exp": NOW - 5}), Some("exp")),
        ],
    );
}

/// RFC 7519 §2: a NumericDate is a number; §4.1: names are strings. Whether a rule asks or not.
#[test]
fn claims_have_their_types() {
    let dates = [json!("1"), json!(null), json!(true), json!([NOW]), json!({}), json!(1e300), json!(-1e300)];
    for claim in ["exp", "nbf", "iat"] {
        for value in &dates {
            let error = check(&token(&json!({claim: value})), &rules()).expect_err("no date");
            assert!(
                matches!(&error, VerifyError::ClaimType { claim: found, .. } if found == claim),
                "{value}: {error}"
            );
        }
    }
    for claim in ["iss", "sub", "jti"] {
        for value in [json!(1), json!(null), json!(["x"]), json!({})] {
            let error = check(&token(&json!({claim: value})), &rules()).expect_err("no string");
            assert!(
                matches!(&error, VerifyError::ClaimType { claim: found, .. } if found == claim),
                "{value}: {error}"
            );
        }
    }
    for value in [json!(1), json!(null), json!({}), json!([1]), json!(["a", null]), json!([["a"]])] {
        let error = check(&token(&json!({"aud": value})), &rules()).expect_err("no audience");
        assert!(matches!(&error, VerifyError::ClaimType { claim, .. } if claim == "aud"), "{value}: {error}");
    }
    table(&rules(), &[(json!({"exp": 253_402_300_799_i64}), None), (json!({"exp": 253_402_300_800_i64}), Some("exp"))]);
}

/// Naming an issuer makes `iss` required; it is compared exactly (RFC 7519 §4.1.1, RFC 8725 §3.8).
#[test]
fn the_issuer_is_exact() {
    let issuer = "https://id.example.com";
    table(
        &rules().issuer(issuer),
        &[
            (json!({"iss": issuer}), None),
            (json!({}), Some("iss")),
            (json!({"iss": ""}), Some("iss")),
            (json!({"iss": "https://id.example.com/"}), Some("iss")),
            (json!({"iss": "https://ID.example.com"}), Some("iss")),
            (json!({"iss": "https://id.example.com.evil.example"}), Some("iss")),
            (json!({"iss": [issuer]}), Some("iss")),
        ],
    );
    let error = check(&token(&json!({})), &rules().issuer(issuer)).expect_err("no issuer");
    assert_eq!(error, VerifyError::Missing("iss".into()));
}

/// Naming an audience makes `aud` required (RFC 7519 §4.1.3, RFC 8725 §3.9): a string or an array that holds it.
#[test]
fn the_audience_is_among_those_named() {
    let one = rules().audience("api");
    table(
        &one,
        &[
            (json!({"aud": "api"}), None),
            (json!({"aud": ["api"]}), None),
            (json!({"aud": ["web", "api"]}), None),
            (json!({}), Some("aud")),
            (json!({"aud": []}), Some("aud")),
            (json!({"aud": ""}), Some("aud")),
            (json!({"aud": "web"}), Some("aud")),
            (json!({"aud": ["web"]}), Some("aud")),
            (json!({"aud": "API"}), Some("aud")),
            (json!({"aud": "api api"}), Some("aud")),
            (json!({"aud": "api/"}), Some("aud")),
            (json!({"aud": ["api", 1]}), Some("aud")),
        ],
    );
    assert_eq!(check(&token(&json!({})), &one).expect_err("none"), VerifyError::Missing("aud".into()));
    table(
        &one.audience("web"),
        &[(json!({"aud": "web"}), None), (json!({"aud": ["x", "api"]}), None), (json!({"aud": "x"}), Some("aud"))],
    );
    table(&rules(), &[(json!({"aud": "whoever"}), None), (json!({}), None)]);
}

#[test]
fn named_and_required_claims_must_be_there() {
    let strict = rules().require_exp().require_iat().require_jti().require_sub().require("scope");
    let whole = json!({"exp": NOW + 1, "iat": NOW, "jti": "j", "sub": "ada", "scope": "x"});
    table(&strict, &[(whole.clone(), None)]);
    for claim in ["exp", "iat", "jti", "sub", "scope"] {
        let mut claims = whole.clone();
        claims.as_object_mut().expect("an object").remove(claim);
        let error = check(&token(&claims), &strict).expect_err(claim);
        assert_eq!(error, VerifyError::Missing(claim.into()));
    }
    assert_eq!(verdict(&json!({}), &rules().accept_expired().require_exp()).as_deref(), Some("exp"));
    table(
        &rules().subject("ada").claim("nonce", "n-1"),
        &[
            (json!({"sub": "ada", "nonce": "n-1"}), None),
            (json!({"sub": "eve", "nonce": "n-1"}), Some("sub")),
            (json!({"sub": "ada", "nonce": "n-2"}), Some("nonce")),
            (json!({"sub": "ada", "nonce": 1}), Some("nonce")),
            (json!({"sub": "ada"}), Some("nonce")),
            (json!({"nonce": "n-1"}), Some("sub")),
        ],
    );
}

/// RFC 8725 §3.11 and §3.12: a token of one sort does not pass for another. RFC 7515 §4.1.9: how types compare.
#[test]
fn types_keep_tokens_apart() {
    for (typ, exactly, or_absent) in [
        (Some("at+jwt"), true, true),
        (Some("AT+JWT"), true, true),
        (Some("application/at+jwt"), true, true),
        (Some("JWT"), false, false),
        (Some("logout+jwt"), false, false),
        (Some("at+jwt "), false, false),
        (Some(""), false, false),
        (None, false, true),
    ] {
        let extras = HeaderExtras { typ, ..HeaderExtras::default() };
        let token = jwt::sign(&es256(), &extras, &json!({})).expect("a token");
        for (rules, believed) in [
            (rules().typ("at+jwt"), exactly),
            (rules().typ("application/at+jwt"), exactly),
            (rules().typ_or_absent("at+jwt"), or_absent),
            (rules(), true),
        ] {
            let answer = check(&token, &rules);
            assert_eq!(answer.is_ok(), believed, "{typ:?} under {rules:?}");
            assert!(answer.err().is_none_or(|error| error.check() == "typ"));
        }
    }
}

/// Nothing is said of the claims of a token whose signature is wrong.
#[test]
fn the_signature_comes_before_the_claims() {
    let good = signed(r#"{"alg":"ES256"}"#, r#"{"exp":1,"exp":1}"#);
    let forged = format!("{}{}", &good[..good.len() - 86], "A".repeat(86));
    assert_eq!(check(&forged, &rules()).expect_err("forged").check(), "signature");
    assert_eq!(check(&good, &rules()).expect_err("no strict JSON").check(), "token");
}

#[test]
fn claims_come_in_the_callers_type() {
    #[derive(Debug, Deserialize, PartialEq)]
    struct Mine {
        sub: String,
        level: u8,
    }
    let read = |claims: Value| jwt::verify::<Mine>(&token(&claims), &es256().verifying_key(), &rules());
    let verified = read(json!({"sub": "ada", "level": 3, "more": []})).expect("verified");
    assert_eq!(verified.into_claims(), Mine { sub: "ada".into(), level: 3 });
    assert_eq!(read(json!({"sub": "ada", "level": 300})).expect_err("too high").check(), "claims");
    assert_eq!(read(json!({"sub": "ada"})).expect_err("missing").check(), "claims");
}
