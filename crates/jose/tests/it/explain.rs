//! Every failure can be explained, and the explanation names the rule.

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption, KeyManagement};
use vestibule_jose::dpop::ProofError;
use vestibule_jose::explain::{Explain, Explanation};
use vestibule_jose::jwe::{DecryptError, EncryptError};
use vestibule_jose::jwk::KeyError;
use vestibule_jose::jwks::SetError;
use vestibule_jose::jws::SignError;
use vestibule_jose::jwt::{self, NestedError, OwnKeyError, Rules, TokenError, VerifyError};
use vestibule_jose::provider::ProviderError;
use vestibule_jose::sd_jwt::{IssueError, SdJwtError};
use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey, base64url};

use crate::jwk::{parse, rfc7517, without};
use crate::support::{LIMITS, NOW, check, es256, provider, rules, signed, token, with};

/// Whole, in sentences, and no longer than somebody reads.
fn whole(explanation: &Explanation) {
    let Explanation { check, expected, found, cause, remedy, clause } = explanation;
    assert!(!check.is_empty() && !expected.is_empty() && !found.is_empty(), "{explanation}");
    assert!(cause.ends_with('.') && remedy.ends_with('.'), "{explanation}");
    assert!(clause.is_none_or(|clause| clause.contains(' ')), "{explanation}");
    assert!(explanation.to_string().len() < 700, "{explanation}");
}

fn of_token(text: &str, rules: &Rules<'_>) -> Explanation {
    let explanation = check(text, rules).map(drop).expect_err(text).explain();
    whole(&explanation);
    explanation
}

#[test]
fn a_token_that_is_not_believed_is_explained() {
    let good = json!({"iss": "https://id.example", "aud": "me", "exp": NOW + 60, "iat": NOW, "sub": "a"});
    let with_rules = || rules().issuer("https://id.example").audience("me");
    for (claims, check, clause) in [
        (with(&good, "exp", json!(NOW - 61)), "exp", "RFC 7519 §4.1.4"),
        (with(&good, "nbf", json!(NOW + 1000)), "nbf", "RFC 7519 §4.1.5"),
        (with(&good, "iss", json!("https://id.example/")), "iss", "RFC 7519 §4.1.1"),
        (with(&good, "aud", json!("you")), "aud", "RFC 7519 §4.1.3"),
        (without(&good, &["aud"]), "aud", "RFC 7519 §4"),
        (with(&good, "sub", json!(7)), "sub", "RFC 7519 §4.1"),
    ] {
        let explanation = of_token(&token(&claims), &with_rules());
        assert_eq!((explanation.check.as_str(), explanation.clause), (check, Some(clause)), "{explanation}");
    }
    let explanation = of_token(&token(&with(&good, "iss", json!("https://other.example"))), &with_rules());
    assert!(explanation.expected.contains("https://id.example") && explanation.found.contains("https://other.example"));
    let none = of_token(&signed(r#"{"alg":"none"}"#, "{}"), &rules());
    assert!(none.cause.contains("anybody can write it") && none.check == "alg");
    let other = of_token(&signed(r#"{"alg":"HS256"}"#, "{}"), &rules());
    assert!(other.remedy.contains("never allow what a token asks for"));
    let mut forged = token(&good);
    forged.replace_range(forged.len() - 4.., "AAAA");
    assert_eq!(of_token(&forged, &rules()).check, "signature");
    for (text, check) in [("a.b", "token"), ("a.b.c.d.e", "token"), ("!.e30.AAAA", "token"), ("W10.e30.AAAA", "token")]
    {
        assert_eq!(of_token(text, &rules()).check, check, "{text}");
    }
    assert_eq!(of_token(&signed(r#"{"alg":"ES256","crit":["x"],"x":1}"#, "{}"), &rules()).check, "crit");
    // A secret that is wrong is told from a key that is wrong.
    let secret = SigningKey::from_secret(provider(), &[7; 32], JwsAlgorithm::HS256).expect("a secret");
    let foreign = SigningKey::from_secret(provider(), &[8; 32], JwsAlgorithm::HS256).expect("a secret");
    let text = jwt::sign(&secret, &Default::default(), &good).expect("a token");
    let error = jwt::verify::<Value>(&text, &foreign.verifying_key(), &Rules::new(NOW, &[JwsAlgorithm::HS256]));
    assert!(error.expect_err("another secret").explain().cause.contains("The secret is another"));
    let set = JwkSet::parse(provider(), br#"{"keys":[]}"#, &LIMITS).expect("a set");
    let error = jwt::verify::<Value>(&token(&good), &set, &rules()).expect_err("no key");
    assert!(error.explain().remedy.contains("Fetch the issuer's key set again"));
}

#[test]
fn a_key_that_is_refused_is_explained() {
    let (ec, rsa) = (rfc7517("EC"), rfc7517("RSA"));
    for (jwk, check, clause) in [
        (json!({}), "kty", "RFC 7518 §6"),
        (with(&ec, "kty", json!("X")), "kty", "RFC 7517 §4.1"),
        (with(&ec, "crv", json!("X")), "crv", "RFC 7518 §6.2.1.1"),
        (with(&ec, "alg", json!("X")), "alg", "RFC 7517 §4.4"),
        (with(&ec, "alg", json!("RS256")), "alg", "RFC 8725 §3.1"),
        (with(&ec, "y", ec["x"].clone()), "key", "RFC 7518 §6"),
        (with(&rsa, "e", json!("AQ")), "key", "RFC 8725 §3.5"),
        (with(&rfc7517("oct")[0], "alg", json!("HS256")), "k", "RFC 7518 §3.2"),
    ] {
        let explanation = parse(&jwk).expect_err(check).explain();
        whole(&explanation);
        assert_eq!((explanation.check.as_str(), explanation.clause), (check, Some(clause)), "{explanation}");
    }
    let d = rsa["d"].as_str().expect("text");
    let explanation = parse(&with(&rsa, "p", json!(d))).expect_err("foreign").explain();
    assert!(!format!("{explanation:?}").contains(&d[..12]));
}

/// Each kind of error, whether or not it is easy to meet.
#[test]
fn every_error_has_an_explanation() {
    let errors: Vec<Box<dyn Explain>> = vec![
        Box::new(KeyError::CannotSign("X25519".into())),
        Box::new(KeyError::CannotEncrypt("Ed25519".into())),
        Box::new(KeyError::NotForEncryption("ES256".into())),
        Box::new(KeyError::Private("d")),
        Box::new(KeyError::SymmetricInSet),
        Box::new(KeyError::Usage { member: "use", operation: "sign" }),
        Box::new(KeyError::Encoding("the DER ends too early")),
        Box::new(KeyError::Password("the password is wrong")),
        Box::new(KeyError::NotMade("not made")),
        Box::new(KeyError::NoForm("no form")),
        Box::new(KeyError::TooLong { found: 9, limit: 8 }),
        Box::new(SetError::NoKeys),
        Box::new(SetError::NotAnObject(3)),
        Box::new(SetError::TooMany { found: 9, limit: 8 }),
        Box::new(TokenError::Encrypted),
        Box::new(TokenError::Twice("kid".into())),
        Box::new(TokenError::B64),
        Box::new(TokenError::NoAlgorithm),
        Box::new(VerifyError::LivesTooLong { exp: 9.0, now: 1, limit: 2 }),
        Box::new(VerifyError::Age { iat: 9.0, now: 1, max_age: 2, leeway: 0 }),
        Box::new(VerifyError::Shape("no field".into())),
        Box::new(SdJwtError::Unbound),
        Box::new(SdJwtError::Format("has no tilde")),
        Box::new(SdJwtError::Twice("x".into())),
        Box::new(SdJwtError::Holder(KeyError::Missing("x"))),
        Box::new(DecryptError::Decryption),
        Box::new(DecryptError::Compression("DEF".into())),
        Box::new(DecryptError::Rounds { found: 9, limit: 8 }),
        Box::new(DecryptError::Inflate { limit: 8 }),
        Box::new(DecryptError::Algorithm { allowed: vec![], found: "dir".into() }),
        Box::new(NestedError::NotEncrypted),
        Box::new(NestedError::ContentType(None)),
        Box::new(NestedError::NotText),
        Box::new(NestedError::TooDeep(3)),
        Box::new(NestedError::Encryption(DecryptError::Decryption)),
        Box::new(NestedError::Signed(VerifyError::Missing("exp".into()))),
        Box::new(SignError::NotAnObject),
        Box::new(SignError::Header("alg".into())),
        Box::new(SignError::Critical("alg".into())),
        Box::new(SignError::Form("nothing is signed yet")),
        Box::new(SignError::SignatureLength { alg: JwsAlgorithm::ES256, found: 71 }),
        Box::new(SignError::Provider(ProviderError::Failed)),
        Box::new(EncryptError::NotAnObject),
        Box::new(EncryptError::Header("epk".into())),
        Box::new(EncryptError::Key(KeyError::Missing("x"))),
        Box::new(EncryptError::Content(ContentEncryption::A128Gcm)),
        Box::new(EncryptError::OneRecipient(KeyManagement::Dir)),
        Box::new(EncryptError::Recipients("a JWE needs a recipient")),
        Box::new(EncryptError::Rounds),
        Box::new(IssueError::Pointer("/x".into())),
        Box::new(IssueError::Validity("exp".into())),
        Box::new(IssueError::Name("_sd".into())),
        Box::new(IssueError::Hash),
        Box::new(IssueError::Holder),
        Box::new(OwnKeyError::NoKey),
        Box::new(ProviderError::KeyRejected),
        Box::new(ProofError::NoKey),
        Box::new(ProofError::Nonce),
        Box::new(ProofError::Stale),
    ];
    for error in errors {
        whole(&error.explain());
    }
    for claim in ["jti", "htm", "htu", "ath"] {
        let explanation = ProofError::Claim(claim).explain();
        whole(&explanation);
        assert_eq!((explanation.check.as_str(), explanation.clause), (claim, Some("RFC 9449 §4.3")));
    }
    assert_eq!(OwnKeyError::Key(KeyError::Missing("x")).explain().check, "jwk");
    let json = serde_json::to_value(KeyError::SymmetricInSet.explain()).expect("JSON");
    assert_eq!(json["check"], "kty");
    assert!(es256().kid().is_some() && base64url::encode([0]) == "AA");
}
