//! Disclosures and digests that do not fit together (RFC 9901 §7.1). All is rightly signed, so that only the rule in
//! its row can refuse it.

use serde_json::{Value, json};
use vestibule_jose::sd_jwt::SdJwtError;
use vestibule_jose::{Limits, sd_jwt};

use super::{check, digest, disclosure, object, refused, sealed};
use crate::support::{LIMITS, es256, provider, rules};

fn member(name: &str, value: &Value) -> (String, String) {
    let text = disclosure(&json!(["salt", name, value]));
    let digest = digest(&text);
    (text, digest)
}

fn element(value: &Value) -> (String, String) {
    let text = disclosure(&json!(["salt", value]));
    let digest = digest(&text);
    (text, digest)
}

#[test]
fn what_the_tables_start_from_is_believed() {
    let (claim, by_name) = member("a", &json!(1));
    let (entry, by_place) = element(&json!(2));
    let payload = json!({"_sd": [by_name], "list": [{"...": by_place}, {"...": "decoy"}, 3], "empty": {"_sd": ["x"]}});
    let claims = check(&sealed(&payload, &[&entry, &claim])).expect("verified");
    assert_eq!(claims, object(json!({"a": 1, "list": [2, 3], "empty": {}})));
    // Without `_sd_alg` it is SHA-256 (§4.1.1), and where it stands it is taken out.
    let named = json!({"_sd": [by_name], "_sd_alg": "sha-256"});
    assert_eq!(check(&sealed(&named, &[&claim])).expect("verified"), object(json!({"a": 1})));
}

/// §4: a text of another form.
#[test]
fn the_text_has_one_form() {
    let (claim, by_name) = member("a", &json!(1));
    let good = sealed(&json!({"_sd": [by_name]}), &[&claim]);
    let jwt = good.split('~').next().expect("a JWT");
    for (text, is_format) in [
        (jwt.to_owned(), true),
        (String::new(), true),
        (format!("{jwt}~~"), false),
        (format!("~{claim}~"), false),
        (format!("{jwt}~{claim}~~"), false),
        (format!("{jwt}~~{claim}~"), false),
        (format!("{jwt}~{claim}~{claim}~"), false),
        (format!("{jwt}~{claim}="), false),
    ] {
        let error = check(&text).err();
        match text == format!("{jwt}~{claim}=") {
            // What follows the last tilde is a proof, which nobody asked for; but then the claim is missing.
            true => assert_eq!(error, None),
            false => assert_eq!(matches!(error.expect("refused"), SdJwtError::Format(_)), is_format, "{text}"),
        }
    }
}

/// §4.2: a disclosure is an array of two or three, and strict JSON in canonical base64url.
#[test]
fn a_disclosure_has_one_form() {
    for contents in [
        json!([]),
        json!(["salt"]),
        json!(["salt", "a", 1, 2]),
        json!([1, "a", 1]),
        json!(["salt", 1, 1]),
        json!([null, 1]),
        json!({"salt": "a"}),
        json!("salt"),
        json!(1),
        json!(["salt", null, 1]),
    ] {
        let text = disclosure(&contents);
        let error = refused(&sealed(&json!({"_sd": [digest(&text)]}), &[&text]));
        assert!(matches!(error, SdJwtError::Disclosure { index: 0, .. }), "{contents}: {error}");
    }
    let (good, _) = member("a", &json!(1));
    let doubled = vestibule_jose::base64url::encode(r#"["salt","a",{"x":1,"x":1}]"#);
    for text in [format!("{good}="), format!("{good}\n"), "A".into(), "####".into(), doubled] {
        let error = refused(&sealed(&json!({"_sd": [digest(&text)]}), &[&text]));
        assert!(matches!(error, SdJwtError::Disclosure { .. }), "{text}: {error}");
    }
}

/// Step 3.3: a claim belongs into an object, an element into an array.
#[test]
fn each_disclosure_has_its_sort_of_place() {
    let (claim, by_name) = member("a", &json!(1));
    let (entry, by_place) = element(&json!(2));
    let error = refused(&sealed(&json!({"_sd": [by_place]}), &[&entry]));
    assert!(matches!(error, SdJwtError::Disclosure { index: 0, .. }), "{error}");
    let error = refused(&sealed(&json!({"list": [{"...": by_name}]}), &[&claim]));
    assert!(matches!(error, SdJwtError::Disclosure { index: 0, .. }), "{error}");
}

/// Step 3.3.2.2 and 3.3.2.3: names that are kept, and names that are there.
#[test]
fn names_are_checked() {
    for name in ["_sd", "...", "_sd_alg"] {
        let (claim, by_name) = member(name, &json!(["x"]));
        let error = refused(&sealed(&json!({"_sd": [by_name]}), &[&claim]));
        assert!(matches!(&error, SdJwtError::Name { name: found, .. } if found == name), "{error}");
    }
    let (claim, by_name) = member("a", &json!(1));
    let error = refused(&sealed(&json!({"_sd": [by_name], "a": 1}), &[&claim]));
    assert!(matches!(error, SdJwtError::Collision { index: 0, .. }), "{error}");
    let (other, by_other) = member("a", &json!(2));
    let error = refused(&sealed(&json!({"_sd": [by_name, by_other]}), &[&claim, &other]));
    assert!(matches!(error, SdJwtError::Collision { .. }), "{error}");
    // At another level it is another claim.
    check(&sealed(&json!({"_sd": [by_name], "x": {"a": 1, "_sd": [by_other]}}), &[&claim])).expect("verified");
}

/// Step 4: a digest stands once, whether it is disclosed or not; step 5: a disclosure has its digest.
#[test]
fn digests_and_disclosures_meet_once() {
    let (claim, by_name) = member("a", &json!(1));
    let (entry, by_place) = element(&json!(2));
    for payload in [
        json!({"_sd": [by_name, by_name]}),
        json!({"_sd": [by_name], "x": {"_sd": [by_name]}}),
        json!({"x": {"_sd": [by_name]}, "y": {"_sd": [by_name]}}),
    ] {
        let error = refused(&sealed(&payload, &[&claim]));
        assert!(matches!(error, SdJwtError::Twice(_)), "{payload}: {error}");
    }
    for payload in [
        json!({"_sd": ["decoy", "decoy"]}),
        json!({"x": [{"...": "decoy"}, {"...": "decoy"}]}),
        json!({"_sd": ["decoy"], "x": [[{"y": {"_sd": ["decoy"]}}]]}),
    ] {
        assert!(matches!(refused(&sealed(&payload, &[])), SdJwtError::Twice(_)), "{payload}");
    }
    // Through a disclosure too.
    let (outer, by_outer) = member("outer", &json!({"_sd": [by_name]}));
    let error = refused(&sealed(&json!({"_sd": [by_outer, by_name]}), &[&claim, &outer]));
    assert!(matches!(error, SdJwtError::Twice(_) | SdJwtError::Collision { .. }), "{error}");

    assert_eq!(refused(&sealed(&json!({}), &[&claim])), SdJwtError::Unreferenced(0));
    assert_eq!(refused(&sealed(&json!({"_sd": [by_name]}), &[&claim, &entry])), SdJwtError::Unreferenced(1));
    // What lies in something that is not shown is not reached.
    assert_eq!(refused(&sealed(&json!({"_sd": [by_outer]}), &[&claim])), SdJwtError::Unreferenced(0));
    check(&sealed(&json!({"_sd": [by_outer]}), &[&claim, &outer])).expect("the control");
    let error = refused(&sealed(&json!({"_sd": [by_name], "x": [{"...": by_place}]}), &[&claim, &claim]));
    assert_eq!(error, SdJwtError::DisclosedTwice(1));
}

/// §4.1, §4.2.4: digests have one shape.
#[test]
fn digests_have_one_shape() {
    for payload in [
        json!({"_sd": "x"}),
        json!({"_sd": {}}),
        json!({"_sd": null}),
        json!({"_sd": [1]}),
        json!({"x": {"_sd": [["x"]]}}),
        json!({"...": "x"}),
        json!({"x": {"...": "x"}}),
        json!({"x": [{"...": 1}]}),
        json!({"x": [{"...": "x", "y": 1}]}),
    ] {
        assert!(matches!(refused(&sealed(&payload, &[])), SdJwtError::Digests(_)), "{payload}");
    }
    for sd_alg in [json!("sha-1"), json!("SHA-256"), json!("md5"), json!(1), json!(null), json!("sha-256-32")] {
        assert!(matches!(refused(&sealed(&json!({"_sd_alg": sd_alg}), &[])), SdJwtError::Hash(_)), "{sd_alg}");
    }
    // §4.1.1: another hash, another digest.
    let (claim, by_name) = member("a", &json!(1));
    let error = refused(&sealed(&json!({"_sd": [by_name], "_sd_alg": "sha-512"}), &[&claim]));
    assert_eq!(error, SdJwtError::Unreferenced(0));
}

/// Disclosures within disclosures nest no deeper than other JSON; there are so many and no more.
#[test]
fn depth_and_number_are_bounded() {
    let chain = |levels: usize| {
        let (mut texts, mut digest) = (Vec::new(), "decoy".to_owned());
        for level in 0..levels {
            let (text, next) = member("a", &json!({"level": level, "_sd": [digest]}));
            texts.push(text);
            digest = next;
        }
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        sealed(&json!({"_sd": [digest]}), &texts)
    };
    check(&chain(15)).expect("at the bound");
    assert_eq!(refused(&chain(16)), SdJwtError::Depth);
    assert_eq!(refused(&chain(200)), SdJwtError::Depth);
    let many: Vec<String> = (0..257).map(|number| member("a", &json!(number)).0).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    assert_eq!(check(&sealed(&json!({}), &many)), Err(SdJwtError::TooMany { found: 257, limit: 256 }));
    let limits = Limits { token_bytes: 100, ..LIMITS };
    let answer =
        sd_jwt::verify::<Value>(provider(), &chain(1), &es256().verifying_key(), &rules().limits(limits), None);
    assert!(answer.expect_err("too long").to_string().contains("of which 100"));
}

/// The rules are about what is disclosed too (step 6), and the signature comes before all of it.
#[test]
fn rules_hold_for_what_comes_of_it() {
    let (claim, by_name) = member("sub", &json!("ada"));
    let text = sealed(&json!({"_sd": [by_name], "iss": "x"}), &[&claim]);
    let with = |rules: vestibule_jose::jwt::Rules<'_>| {
        sd_jwt::verify::<Value>(provider(), &text, &es256().verifying_key(), &rules, None).map(|one| one.into_claims())
    };
    assert_eq!(with(rules().subject("ada").issuer("x")), Ok(json!({"iss": "x", "sub": "ada"})));
    assert!(matches!(with(rules().subject("eve")), Err(SdJwtError::Jwt(_))));
    assert!(matches!(with(rules().require_exp()), Err(SdJwtError::Jwt(_))));
    assert!(matches!(with(rules().typ("jwt")), Err(SdJwtError::Jwt(_))));
    let (expired, by_expired) = member("exp", &json!(1));
    assert!(matches!(refused_claims(&sealed(&json!({"_sd": [by_expired]}), &[&expired])), SdJwtError::Jwt(_)));

    let forged = text.replacen("~", "A~", 1);
    assert!(matches!(check(&forged), Err(SdJwtError::Jwt(_))));
    let broken = sealed(&json!({}), &[&claim]).replacen("~", "AAAA~", 1);
    assert!(matches!(check(&broken), Err(SdJwtError::Jwt(_))), "the signature first");
}

/// Refused for its claims; read it can be.
fn refused_claims(text: &str) -> SdJwtError {
    check(text).expect_err(text)
}
