//! DPoP proofs (RFC 9449 §4).

use serde_json::{Value, json};
use vestibule_jose::dpop::{Draft, Expected, Nonces, Proof, ProofError, verify};
use vestibule_jose::jwt::{self, HeaderExtras};
use vestibule_jose::provider::aws_lc;
use vestibule_jose::{JwsAlgorithm, SigningKey};

const NOW: i64 = 1_700_000_000;
const URI: &str = "https://id.example.com/oauth2/token";

fn key() -> SigningKey {
    SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).expect("a key")
}

fn check(proof: &str, expected: &Expected<'_>) -> Result<Proof, ProofError> {
    verify(aws_lc(), proof, expected)
}

/// A proof with other members in its header and other claims than it should have.
fn odd(key: &SigningKey, typ: &str, jwk: Option<Value>, claims: &Value) -> String {
    let mut extras = HeaderExtras::typ(typ);
    if let Some(jwk) = jwk {
        extras.members.insert("jwk".to_owned(), jwk);
    }
    jwt::sign(key, &extras, claims).expect("signed")
}

fn claims() -> Value {
    json!({ "jti": "j-1", "htm": "POST", "htu": URI, "iat": NOW })
}

/// RFC 9449 figure 2: the proof of the specification's own example.
#[test]
fn the_rfcs_own_proof_holds() {
    let proof = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
    let expected = Expected::new(1_562_262_616, "POST", "https://server.example.com/token");
    let verified = check(proof, &expected).expect("the proof of figure 2");
    // Figure 5: the thumbprint that binds a token to this key.
    assert_eq!(verified.thumbprint(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    assert_eq!((verified.jti(), verified.issued_at()), ("-BwC3ESc6acc2lTc", 1_562_262_616));
}

/// RFC 9449 §4.3, checks 3 to 9.
#[test]
fn each_check_refuses() {
    let (key, other) = (key(), key());
    let jwk = || key.public_jwk().map(Value::Object);
    let expected = Expected::new(NOW, "POST", URI);
    assert!(check(&odd(&key, "dpop+jwt", jwk(), &claims()), &expected).is_ok());

    let without = |name: &str| {
        let mut claims = claims();
        claims.as_object_mut().expect("an object").remove(name);
        claims
    };
    for name in ["jti", "htm", "htu", "iat"] {
        let error = check(&odd(&key, "dpop+jwt", jwk(), &without(name)), &expected).expect_err(name);
        assert!(matches!(error, ProofError::Token(_)), "{name}: {error}");
    }
    let with = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        claims
    };
    for (name, value) in [
        ("htm", json!("GET")),
        ("htm", json!("post")),
        ("htu", json!("https://id.example.com/oauth2/par")),
        ("jti", json!("")),
        ("jti", json!("j".repeat(513))),
    ] {
        let error = check(&odd(&key, "dpop+jwt", jwk(), &with(name, value.clone())), &expected).expect_err(name);
        assert_eq!(error, ProofError::Claim(name), "{value}");
    }
    // Check 4: another type, or none.
    for typ in ["JWT", "at+jwt"] {
        assert!(matches!(check(&odd(&key, typ, jwk(), &claims()), &expected), Err(ProofError::Token(_))), "{typ}");
    }
    // Check 6: the key in the header is not the one that signed.
    let foreign = odd(&key, "dpop+jwt", other.public_jwk().map(Value::Object), &claims());
    assert!(matches!(check(&foreign, &expected), Err(ProofError::Token(_))));
    assert_eq!(check(&odd(&key, "dpop+jwt", None, &claims()), &expected).expect_err("no key"), ProofError::NoKey);
    // Check 7: the private half is in it.
    let private: Value = serde_json::from_str(&key.private_jwk()).expect("JSON");
    assert!(matches!(check(&odd(&key, "dpop+jwt", Some(private), &claims()), &expected), Err(ProofError::Key(_))));
}

/// RFC 9449 §4.3, check 5: whoever reads a proof could make one with a shared secret.
#[test]
fn a_shared_secret_proves_nothing() {
    let secret = SigningKey::from_secret(aws_lc(), &[7; 32], JwsAlgorithm::HS256).expect("a key");
    let jwk = json!({ "kty": "oct", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc" });
    let proof = odd(&secret, "dpop+jwt", Some(jwk), &claims());
    assert!(matches!(check(&proof, &Expected::new(NOW, "POST", URI)), Err(ProofError::Token(_))));
}

/// RFC 9449 §4.3, check 11, and §8.
#[test]
fn freshness_is_by_the_clock_or_by_a_nonce() {
    let key = key();
    let ours = |nonce: &str| nonce == "ours";
    let at = |now| Expected::new(now, "POST", URI).max_age(60).leeway(10);
    let plain = Draft::new("POST", URI, NOW, "j").sign(&key).expect("signed");
    let with_nonce = |nonce| Draft::new("POST", URI, NOW, "j").nonce(nonce).sign(&key).expect("signed");
    let (good, bad) = (with_nonce("ours"), with_nonce("theirs"));
    let (stale, nonce) = (Err(ProofError::Stale), Err(ProofError::Nonce));
    for (proof, now, nonces, verdict) in [
        (&plain, NOW + 70, Nonces::Unused, Ok(())),
        (&plain, NOW + 71, Nonces::Unused, stale.clone()),
        (&plain, NOW - 10, Nonces::Unused, Ok(())),
        (&plain, NOW - 11, Nonces::Accepted(&ours), stale.clone()),
        (&plain, NOW, Nonces::Accepted(&ours), Ok(())),
        (&plain, NOW, Nonces::Required(&ours), nonce.clone()),
        (&good, NOW + 9_000, Nonces::Required(&ours), Ok(())),
        (&good, NOW + 9_000, Nonces::Accepted(&ours), Ok(())),
        (&good, NOW + 9_000, Nonces::Unused, stale),
        (&bad, NOW, Nonces::Accepted(&ours), nonce.clone()),
        (&bad, NOW, Nonces::Required(&ours), nonce),
        (&bad, NOW, Nonces::Unused, Ok(())),
    ] {
        assert_eq!(check(proof, &at(now).nonces(nonces)).map(drop), verdict, "{now}");
    }
}

/// RFC 9449 §4.3, check 12.
#[test]
fn a_proof_beside_a_token_names_it() {
    let key = key();
    let expected = Expected::new(NOW, "GET", URI).access_token("one");
    let proof = |token: Option<&str>| {
        let draft = Draft::new("GET", URI, NOW, "j");
        token.map_or(draft.clone(), |token| draft.access_token(token)).sign(&key).expect("signed")
    };
    assert!(check(&proof(Some("one")), &expected).is_ok());
    assert_eq!(check(&proof(Some("other")), &expected).expect_err("another token"), ProofError::Claim("ath"));
    assert_eq!(check(&proof(None), &expected).expect_err("no token"), ProofError::Claim("ath"));
}
