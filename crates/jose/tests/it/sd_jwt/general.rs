//! The general form: several signatures over one payload (RFC 9901 §8.3).

use serde_json::{Value, json};
use vestibule_jose::jws::VerifyError as JwsError;
use vestibule_jose::jwt::{HeaderExtras, Rules, Signer, VerifyError};
use vestibule_jose::sd_jwt::{Issuance, IssueError, KeyBinding, Proof, SdJwt, SdJwtError};
use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey};

use super::{object, person, signer};
use crate::support::{LIMITS, NOW, ed25519, es256, provider, rs256, with};

const ALGS: &[JwsAlgorithm] = &[JwsAlgorithm::ES256, JwsAlgorithm::RS256, JwsAlgorithm::EdDSA];

fn second() -> Signer {
    Signer::new(rs256(), &HeaderExtras::typ("example+sd-jwt")).expect("a signer")
}

fn issuance() -> Issuance<'static> {
    Issuance::new(person()).hide("/given_name").hide("/address").hide("/address/street")
}

fn whole() -> SdJwt {
    let holder = ed25519().verifying_key();
    issuance().holder(&holder).issue_general(provider(), &[&signer(), &second()]).expect("issued")
}

fn verify(text: &str, key: &VerifyingKey, binding: Option<&KeyBinding<'_>>) -> Result<Value, SdJwtError> {
    let read = SdJwt::read(text, &LIMITS)?;
    read.verify(provider(), key, &Rules::new(NOW, ALGS).typ("example+sd-jwt"), binding).map(|one| one.into_claims())
}

#[test]
fn either_signature_is_enough() {
    let text = whole().to_general().expect("written");
    assert_eq!(SdJwt::parse_general(&text, &LIMITS).as_ref(), Ok(&whole_of(&text)));
    let mut expected = person();
    for key in [es256().verifying_key(), rs256().verifying_key()] {
        let claims = object(verify(&text, &key, None).expect("verified"));
        expected.insert("cnf".into(), claims["cnf"].clone());
        assert_eq!(claims, expected);
    }
    let stranger = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key").verifying_key();
    let error = verify(&text, &stranger, None).expect_err("nobody's");
    assert!(matches!(&error, SdJwtError::Jwt(VerifyError::Jws(JwsError::Signatures(each))) if each.len() == 2));

    // The other forms carry the first signature.
    for text in [whole_of(&text).to_string(), whole_of(&text).to_flattened().expect("written")] {
        verify(&text, &es256().verifying_key(), None).expect("verified");
        verify(&text, &rs256().verifying_key(), None).expect_err("the second is left out");
    }
    assert!(matches!(issuance().issue_general(provider(), &[]), Err(IssueError::Sign(_))));
}

fn whole_of(text: &str) -> SdJwt {
    let read = SdJwt::read(text, &LIMITS).expect("read");
    assert_eq!(read.issuer_jwts().count(), 2);
    read
}

/// §8.1: the proof is over the first signature, whichever the verifier believes.
#[test]
fn the_holder_shows_and_binds() {
    let proof = Proof { nonce: "n-1", audience: "https://verifier.example.org", iat: NOW };
    let demanded = KeyBinding::new("n-1", "https://verifier.example.org", &[JwsAlgorithm::EdDSA]);
    let shown = whole().present(provider(), &["/given_name"], &LIMITS).expect("presented");
    assert_eq!(shown.issuer_jwts().count(), 2);
    let text = shown.bind(provider(), &ed25519(), &proof).expect("bound").to_general().expect("written");
    for key in [es256().verifying_key(), rs256().verifying_key()] {
        let claims = verify(&text, &key, Some(&demanded)).expect("verified");
        assert_eq!((&claims["given_name"], claims.get("address")), (&json!("Ada"), None));
    }
    // With the signatures in another order it is about something else.
    let mut turned: Value = serde_json::from_str(&text).expect("JSON");
    let header = turned["signatures"][0]["header"].take();
    turned["signatures"].as_array_mut().expect("signatures").swap(0, 1);
    turned["signatures"][0]["header"] = header;
    turned["signatures"][1].as_object_mut().expect("an object").remove("header");
    let error = verify(&turned.to_string(), &es256().verifying_key(), Some(&demanded)).expect_err("turned");
    assert!(matches!(&error, SdJwtError::Binding(error) if error.check() == "sd_hash"), "{error}");
    verify(&turned.to_string(), &es256().verifying_key(), None).expect("without a proof the order says nothing");
}

#[test]
fn the_form_is_strict() {
    let good: Value = serde_json::from_str(&whole().to_general().expect("written")).expect("JSON");
    let signatures = |change: &dyn Fn(&mut Value)| {
        let mut each = good["signatures"].clone();
        change(&mut each);
        with(&good, "signatures", each)
    };
    // Another unprotected member is passed over.
    SdJwt::parse_general(&signatures(&|each| each[1]["header"] = json!({"kid": "x"})).to_string(), &LIMITS)
        .expect("read");
    for (name, wrong) in [
        ("no array", with(&good, "signatures", json!({}))),
        ("empty", with(&good, "signatures", json!([]))),
        ("no object", with(&good, "signatures", json!(["x"]))),
        ("both forms", with(&good, "signature", json!("x"))),
        ("a header outside", with(&good, "header", json!({}))),
        ("a JWE", with(&good, "ciphertext", json!("x"))),
        ("no payload", with(&good, "payload", json!(null))),
        ("a payload of two parts", with(&good, "payload", json!("e30.e30"))),
        ("no protected header", signatures(&|each| each[1]["protected"] = json!(null))),
        ("a signature of two parts", signatures(&|each| each[1]["signature"] = json!("a.b"))),
        ("an empty header", signatures(&|each| each[1]["header"] = json!({}))),
        ("a header that is none", signatures(&|each| each[1]["header"] = json!([]))),
        // §8.3.
        ("disclosures elsewhere", signatures(&|each| each[1]["header"] = json!({"disclosures": []}))),
        ("a proof elsewhere", signatures(&|each| each[1]["header"] = json!({"kb_jwt": "x"}))),
    ] {
        SdJwt::parse_general(&wrong.to_string(), &LIMITS).expect_err(name);
    }
    let flattened = whole().to_flattened().expect("written");
    SdJwt::parse_general(&flattened, &LIMITS).expect_err("flattened");
    SdJwt::parse_flattened(&good.to_string(), &LIMITS).expect_err("general");
    // A signature that cannot be read spoils the others too.
    let broken = signatures(&|each| each[1]["protected"] = json!("####"));
    verify(&broken.to_string(), &es256().verifying_key(), None).expect_err("broken");
}

/// So many signatures are read, and all together cost so many verifications.
#[test]
fn signatures_and_attempts_are_bounded() {
    let signer = signer();
    let issued = |count: usize| {
        let signers: Vec<&Signer> = std::iter::repeat_n(&signer, count).collect();
        issuance().issue_general(provider(), &signers).expect("issued").to_general().expect("written")
    };
    SdJwt::read(&issued(16), &LIMITS).expect("at the bound");
    let error = SdJwt::read(&issued(17), &LIMITS).expect_err("above");
    assert!(error.to_string().contains("17 signatures, of which 16"), "{error}");

    let strangers: Vec<VerifyingKey> = (0..2)
        .map(|_| {
            let key = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key").verifying_key();
            let material = key.material().expect("public").clone();
            VerifyingKey::public(provider(), material, None, None).expect("nameless")
        })
        .collect();
    let read = SdJwt::read(&issued(3), &LIMITS).expect("read");
    let limits = Limits { attempts: 3, ..LIMITS };
    let error = read.verify::<Value>(provider(), &strangers, &Rules::new(NOW, ALGS).limits(limits), None);
    let Err(SdJwtError::Jwt(VerifyError::Jws(JwsError::Signatures(each)))) = error else { panic!("{error:?}") };
    let tried = each.iter().map(|(_, error)| match error {
        JwsError::Signature { tried, .. } => *tried,
        other => panic!("{other}"),
    });
    assert_eq!(tried.collect::<Vec<_>>(), [2, 1, 0]);
}
