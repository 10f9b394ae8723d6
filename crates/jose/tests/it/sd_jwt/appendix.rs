//! RFC 9901's examples of §6, §8 and appendix A, byte for byte. Where the RFC prints only a presentation (A.1, A.2), what
//! was issued is put together from the disclosures that it prints beside.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vestibule_jose::JwsAlgorithm;
use vestibule_jose::jwt::Rules;
use vestibule_jose::sd_jwt::{KeyBinding, SdJwt};

use super::standard::issuer;
use super::{check, digest, disclosure, sealed};
use crate::support::{LIMITS, provider};

const ES256: &[JwsAlgorithm] = &[JwsAlgorithm::ES256];

/// When the holder signed.
const THEN: i64 = 1_748_537_244;

fn example(name: &str) -> SdJwt {
    let texts: Value = serde_json::from_str(include_str!("vectors/rfc9901_a.json")).expect("JSON");
    let text = match &texts[name] {
        Value::String(text) => text.clone(),
        object => object.to_string(),
    };
    SdJwt::read(&text, &LIMITS).expect(name)
}

fn binding() -> KeyBinding<'static> {
    KeyBinding::new("1234567890", "https://verifier.example.org", ES256)
}

fn verified(sd_jwt: &SdJwt, binding: Option<&KeyBinding<'_>>) -> Value {
    let rules = Rules::new(THEN, ES256);
    sd_jwt.verify(provider(), &issuer(), &rules, binding).expect("verified").into_claims()
}

fn disclosed(sd_jwt: &SdJwt) -> BTreeSet<&str> {
    sd_jwt.disclosures().iter().map(|one| one.as_str()).collect()
}

/// Of what was issued, the holder's choice of these claims is the example's presentation.
fn chosen(issued: &str, claims: &[&str], presented: &str) {
    let shown = example(issued).present(provider(), claims, &LIMITS).expect(issued);
    assert_eq!(disclosed(&shown), disclosed(&example(presented)));
}

/// Appendix A.1: decoys, at two levels.
#[test]
fn simple_structured() {
    let times = json!({"iss": "https://issuer.example.com", "iat": 1683000000, "exp": 1883000000});
    let mut expected = times.clone();
    expected["address"] = json!({"region": "港区", "country": "JP"});
    assert_eq!(verified(&example("A.1 presented"), None), expected);
    chosen("A.1 issued", &["/address/region", "/address/country"], "A.1 presented");
    let mut whole = times;
    for (name, value) in [
        ("sub", json!("6c5c0a49-b589-431d-bae7-219122a9ec2c")),
        ("given_name", json!("太郎")),
        ("family_name", json!("山田")),
        ("email", json!("\"unusual email address\"@example.jp")),
        ("phone_number", json!("+81-80-1234-5678")),
        ("birthdate", json!("1940-01-01")),
        (
            "address",
            json!({
                "street_address": "東京都港区芝公園４丁目２−８", "locality": "東京都", "region": "港区", "country": "JP"
            }),
        ),
    ] {
        whole[name] = value;
    }
    assert_eq!(verified(&example("A.1 issued"), None), whole);
}

/// Appendix A.2: an element of an array whose members are hidden in it.
#[test]
fn complex_structured() {
    let expected = json!({
        "iss": "https://issuer.example.com", "iat": 1683000000, "exp": 1883000000,
        "verified_claims": {
            "verification": {
                "trust_framework": "de_aml", "evidence": [{"method": "pipp"}], "time": "2012-04-23T18:25Z"
            },
            "claims": {
                "given_name": "Max", "family_name": "Müller",
                "address": {
                    "locality": "Maxstadt", "postal_code": "12344", "country": "DE", "street_address": "Weidenstraße 22"
                }
            }
        }
    });
    assert_eq!(verified(&example("A.2 presented"), None), expected);
    let claims = [
        "/verified_claims/verification/time",
        "/verified_claims/verification/evidence/0/method",
        "/verified_claims/claims/given_name",
        "/verified_claims/claims/family_name",
        "/verified_claims/claims/address",
    ];
    chosen("A.2 issued", &claims, "A.2 presented");
    let whole = verified(&example("A.2 issued"), None);
    assert_eq!(whole["verified_claims"]["verification"]["evidence"][0]["document"]["issuer"]["name"], "Stadt Augsburg");
    assert_eq!(whole["verified_claims"]["claims"]["place_of_birth"]["locality"], "Þykkvabæjarklaustur");
    assert_eq!((&whole["birth_middle_name"], &whole["msisdn"]), (&json!("Timotheus"), &json!("49123456789")));
}

fn holder() -> Value {
    json!({"jwk": {
        "kty": "EC", "crv": "P-256",
        "x": "TCAER19Zvu3OHF4j4W4vfSVoHIP1ILilDls7vCeGemc", "y": "ZxjiWWbZMQGHVWKVQ4hbSIirsVfuecCE6t4jT9F2HZQ"
    }})
}

/// Appendix A.3: an SD-JWT VC with the holder's proof.
#[test]
fn person_identification_data() {
    let presented = example("A.3 presented");
    let rules = Rules::new(THEN, ES256).typ("dc+sd-jwt").issuer("https://pid-issuer.bund.de.example").require_exp();
    let claims = presented.verify::<Value>(provider(), &issuer(), &rules, Some(&binding())).expect("verified");
    let expected = json!({
        "iss": "https://pid-issuer.bund.de.example", "iat": 1683000000, "exp": 1883000000, "vct": "urn:eudi:pid:de:1",
        "cnf": holder(), "age_equal_or_over": {"18": true}, "nationalities": ["DE"]
    });
    assert_eq!(claims.claims(), &expected);
    chosen("A.3 issued", &["/age_equal_or_over/18", "/nationalities"], "A.3 presented");
    let whole = verified(&example("A.3 issued"), None);
    assert_eq!(whole["age_equal_or_over"]["65"], json!(false));
    assert_eq!(whole["place_of_birth"], json!({"locality": "Berlin", "country": "DE"}));
    assert_eq!((&whole["sex"], &whole["age_in_years"]), (&json!(2), &json!(62)));
}

/// Appendix A.4: a credential of the W3C's data model.
#[test]
fn verifiable_credential() {
    let expected = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", "https://w3id.org/vaccination/v1"],
        "type": ["VerifiableCredential", "VaccinationCertificate"],
        "issuer": "https://example.com/issuer",
        "issuanceDate": "2023-02-09T11:01:59Z", "expirationDate": "2028-02-08T11:01:59Z",
        "name": "COVID-19 Vaccination Certificate", "description": "COVID-19 Vaccination Certificate",
        "credentialSubject": {
            "vaccine": {
                "type": "Vaccine", "atcCode": "J07BX03", "medicinalProductName": "COVID-19 Vaccine Moderna"
            },
            "recipient": {"type": "VaccineRecipient"},
            "type": "VaccinationEvent", "order": "3/3", "dateOfVaccination": "2021-06-23T13:40:12Z"
        },
        "cnf": holder()
    });
    assert_eq!(verified(&example("A.4 presented"), Some(&binding())), expected);
    let subject = |name: &str| format!("/credentialSubject/{name}");
    let claims = ["order", "dateOfVaccination", "vaccine/atcCode", "vaccine/medicinalProductName"].map(subject);
    chosen("A.4 issued", &claims.each_ref().map(String::as_str), "A.4 presented");
    let whole = verified(&example("A.4 issued"), None);
    assert_eq!(whole["credentialSubject"]["recipient"]["givenName"], "Marion");
}

/// §8.2 and §8.3: flattened as issued, flattened with a proof, general with a proof. The second signature of the general
/// one is of a key that the RFC does not print.
#[test]
fn json_serializations() {
    let mut expected = json!({
        "iss": "https://issuer.example.com", "iat": 1683000000, "exp": 1883000000, "cnf": holder(),
        "given_name": "John", "family_name": "Doe"
    });
    for name in ["8.2 presented", "8.3 presented"] {
        assert_eq!(verified(&example(name), Some(&binding())), expected, "{name}");
    }
    assert_eq!(example("8.3 presented").issuer_jwts().count(), 2);
    expected["sub"] = json!("john_doe_42");
    expected["birthdate"] = json!("1940-01-01");
    assert_eq!(verified(&example("8.2 issued"), None), expected);
    chosen("8.2 issued", &["/given_name", "/family_name"], "8.2 presented");
}

/// §6.1 and §6.2, of which the RFC prints payload and disclosures.
#[test]
fn flat_and_structured() {
    let flat = concat!(
        "WyIyR0xDNDJzS1F2ZUNmR2ZyeU5STjl3IiwgImFkZHJlc3MiLCB7InN0cmVldF9hZGRyZXNzIjogIlNjaHVsc3RyLiAxMiIsICJsb2NhbGl0eSI6",
        "ICJTY2h1bHBmb3J0YSIsICJyZWdpb24iOiAiU2FjaHNlbi1BbmhhbHQiLCAiY291bnRyeSI6ICJERSJ9XQ"
    );
    let address = json!({"street_address": "Schulstr. 12", "locality": "Schulpforta", "region": "Sachsen-Anhalt", "country": "DE"});
    assert_eq!(digest(flat), "fOBUSQvo46yQO-wRwXBcGqvnbKIueISEL961_Sjd4do");
    let claims = check(&sealed(&json!({"_sd": [digest(flat)]}), &[flat])).expect("verified");
    assert_eq!(Value::Object(claims), json!({"address": address}));

    let members = [
        ("2GLC42sKQveCfGfryNRN9w", "street_address", "9gjVuXtdFROCgRrtNcGUXmF65rdezi_6Er_j76kmYyM"),
        ("eluV5Og3gSNII8EYnsxA_A", "locality", "6vh9bq-zS4GKM_7GpggVbYzzu6oOGXrmNVGPHP75Ud0"),
        ("6Ij7tM-a5iVPGboS5tmvVA", "region", "KURDPh4ZC19-3tiz-Df39V8eidy1oV3a3H1Da2N0g88"),
        ("eI8ZWm9QnKPpNPeNenHdhQ", "country", "WN9r9dCBJ8HTCsS2jKASxTjEyW5m5x65_Z_2ro2jfXM"),
    ];
    let texts = members.map(|(salt, name, hash)| {
        // The RFC's JSON has a blank behind each comma.
        let contents = format!("[{}, {}, {}]", json!(salt), json!(name), address[name]);
        let text = vestibule_jose::base64url::encode(contents);
        assert_eq!(digest(&text), hash, "{name}");
        assert_ne!(text, disclosure(&json!([salt, name, address[name]])), "the text counts, not what it says");
        text
    });
    let digests = members.map(|(_, _, hash)| hash);
    let texts = texts.each_ref().map(String::as_str);
    let claims = check(&sealed(&json!({"address": {"_sd": digests}}), &texts)).expect("verified");
    assert_eq!(Value::Object(claims), json!({"address": address}));
    let clear = json!({"address": {"_sd": digests[..3], "country": "DE"}});
    let claims = check(&sealed(&clear, &texts[..3])).expect("verified");
    assert_eq!(Value::Object(claims), json!({"address": address}));
}
