//! RFC 9901's own examples of §4.2, §5 and §6.3.

use serde_json::{Value, json};
use vestibule_jose::JwsAlgorithm;
use vestibule_jose::jwt::Rules;
use vestibule_jose::sd_jwt::{self, KeyBinding, SdJwt};

use super::{check, digest, sealed};
use crate::support::{LIMITS, provider, verifying};

fn example(name: &str) -> String {
    let texts: Value = serde_json::from_str(include_str!("vectors/rfc9901_5.json")).expect("JSON");
    texts[name].as_str().expect("text").to_owned()
}

/// Appendix A.5.
pub(super) fn issuer() -> vestibule_jose::VerifyingKey {
    verifying(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "b28d4MwZMjw8-00CG4xfnn9SLMVMM19SlqZpVb_uNtQ",
        "y": "Xv5zWwuoaTgdS6hV43yI6gBwTnjukmFQQnJ_kCxzqk8"
    }))
}

const ES256: &[JwsAlgorithm] = &[JwsAlgorithm::ES256];

fn rules() -> Rules<'static> {
    Rules::new(1_748_537_244, ES256).issuer("https://issuer.example.com").typ("example+sd-jwt").require_exp()
}

/// §5.1: ten disclosures.
#[test]
fn the_issued_example() {
    let verified =
        sd_jwt::verify::<Value>(provider(), &example("issued"), &issuer(), &rules(), None).expect("verified");
    let expected = json!({
        "iss": "https://issuer.example.com", "iat": 1683000000, "exp": 1883000000, "sub": "user_42",
        "nationalities": ["US", "DE"],
        "cnf": {"jwk": {
            "kty": "EC", "crv": "P-256",
            "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc", "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ"
        }},
        "given_name": "John", "family_name": "Doe", "email": "johndoe@example.com",
        "phone_number": "+1-202-555-0101", "phone_number_verified": true, "birthdate": "1940-01-01",
        "updated_at": 1570000000,
        "address": {"street_address": "123 Main St", "locality": "Anytown", "region": "Anystate", "country": "US"}
    });
    assert_eq!(verified.claims(), &expected);
}

/// §5.2: four of them, in another order, and the holder's proof; the holder's choice gives the same set.
#[test]
fn the_presented_example() {
    let binding = KeyBinding::new("1234567890", "https://verifier.example.org", ES256);
    let text = example("presented");
    let verified = sd_jwt::verify::<Value>(provider(), &text, &issuer(), &rules(), Some(&binding)).expect("verified");
    let claims = verified.claims();
    assert_eq!(claims["nationalities"], json!(["US"]));
    assert_eq!((&claims["given_name"], &claims["family_name"]), (&json!("John"), &json!("Doe")));
    assert!(claims.get("email").is_none() && claims.get("birthdate").is_none());

    let whole = SdJwt::parse(&example("issued"), &LIMITS).expect("read");
    let chosen = ["/given_name", "/family_name", "/address", "/nationalities/0"];
    let shown = whole.present(provider(), &chosen, &LIMITS).expect("presented");
    let presented = SdJwt::parse(&text, &LIMITS).expect("read");
    let sorted = |read: &SdJwt| {
        let mut texts: Vec<String> = read.disclosures().iter().map(|one| one.as_str().to_owned()).collect();
        texts.sort();
        texts
    };
    assert_eq!(sorted(&shown), sorted(&presented));
}

/// §6.3: the address and what lies in it, each behind a digest.
#[test]
fn the_recursive_example() {
    let street = "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgInN0cmVldF9hZGRyZXNzIiwgIlNjaHVsc3RyLiAxMiJd";
    let locality = "WyJlbHVWNU9nM2dTTklJOEVZbnN4QV9BIiwgImxvY2FsaXR5IiwgIlNjaHVscGZvcnRhIl0";
    let address = concat!(
        "WyJRZ19PNjR6cUF4ZTQxMmExMDhpcm9BIiwgImFkZHJlc3MiLCB7Il9zZCI6IFsiNnZoOWJxLXpTNEdLTV83R3BnZ1ZiWXp6dTZvT0dYcm1O",
        "VkdQSFA3NVVkMCIsICI5Z2pWdVh0ZEZST0NnUnJ0TmNHVVhtRjY1cmRlemlfNkVyX2o3NmttWXlNIiwgIktVUkRQaDRaQzE5LTN0aXotRGYz",
        "OVY4ZWlkeTFvVjNhM0gxRGEyTjBnODgiLCAiV045cjlkQ0JKOEhUQ3NTMmpLQVN4VGpFeVc1bTV4NjVfWl8ycm8yamZYTSJdfV0"
    );
    assert_eq!(digest(street), "9gjVuXtdFROCgRrtNcGUXmF65rdezi_6Er_j76kmYyM");
    assert_eq!(digest(locality), "6vh9bq-zS4GKM_7GpggVbYzzu6oOGXrmNVGPHP75Ud0");
    assert_eq!(digest(address), "HvrKX6fPV0v9K_yCVFBiLFHsMaxcD_114Em6VT8x1lg");
    let payload = json!({"_sd": ["HvrKX6fPV0v9K_yCVFBiLFHsMaxcD_114Em6VT8x1lg"], "_sd_alg": "sha-256"});
    let claims = check(&sealed(&payload, &[street, address, locality])).expect("verified");
    let expected = json!({"address": {"street_address": "Schulstr. 12", "locality": "Schulpforta"}});
    assert_eq!(Value::Object(claims), expected);
}

/// §4.2.1 to §4.2.4: one claim in four spellings, each with a digest of its own, and an element of an array.
#[test]
fn the_examples_of_disclosures() {
    let spellings = [
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
        "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
    ];
    assert_eq!(digest(spellings[0]), "X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0");
    for text in spellings {
        let payload = json!({"given_name": "Alice", "_sd": [digest(text)]});
        let claims = check(&sealed(&payload, &[text])).expect("verified");
        assert_eq!(Value::Object(claims), json!({"given_name": "Alice", "family_name": "Möbius"}));
        let others = spellings.iter().filter(|other| **other != text);
        assert!(others.into_iter().all(|other| check(&sealed(&payload, &[other])).is_err()), "{text}");
    }
    let element = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0";
    assert_eq!(digest(element), "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs");
    let payload = json!({"nationalities": ["DE", {"...": digest(element)}, "US"]});
    for (shown, expected) in [(&[element][..], json!(["DE", "FR", "US"])), (&[], json!(["DE", "US"]))] {
        assert_eq!(check(&sealed(&payload, shown)).expect("verified")["nationalities"], expected);
    }
}
