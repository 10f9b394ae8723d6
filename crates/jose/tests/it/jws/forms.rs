//! The three forms (RFC 7515 §7), written and read.

use serde_json::{Value, json};
use vestibule_jose::jws::{self, Draft, Form, Headers, Rules, SignError, VerifyError};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey};

use super::{ES256, check, headers, signed, unprotected};
use crate::support::{LIMITS, ed25519, es256, provider, rs256};

/// Any bytes, no UTF-8 among them.
const PAYLOAD: &[u8] = b"\x00\xff any bytes \n";

#[test]
fn every_form_carries_what_it_was_given() {
    let draft = signed(PAYLOAD);
    for (form, text) in
        [(Form::Compact, draft.compact()), (Form::Flattened, draft.flattened()), (Form::General, draft.general())]
    {
        let text = text.expect("written");
        let verified = check(&text).expect("verified");
        assert_eq!((verified.payload(), verified.form()), (PAYLOAD, form));
        assert_eq!(verified.header().kid(), es256().kid());
        assert_eq!(verified.signatures()[0].key().kid(), es256().kid());

        let unverified = jws::inspect(&text, &LIMITS).expect("read");
        assert_eq!((unverified.form, unverified.payload.as_deref()), (form, Some(PAYLOAD)));

        for other in [Form::Compact, Form::Flattened, Form::General] {
            let answer = jws::verify(&text, &es256().verifying_key(), &Rules::new(ES256).form(other));
            assert_eq!(answer.err(), (other != form).then_some(VerifyError::Form { expected: other, found: form }));
        }
    }
}

/// An empty payload is one too.
#[test]
fn nothing_can_be_signed() {
    let draft = signed(b"");
    for text in [draft.compact(), draft.flattened(), draft.general()] {
        assert_eq!(check(&text.expect("written")).expect("verified").payload(), b"");
    }
}

/// RFC 7515 §5.2: it is the caller's to say which signatures must hold.
#[test]
fn one_signature_holds_or_all() {
    let stranger = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
    let by = |keys: &[&SigningKey]| {
        let each = keys.iter().try_fold(Draft::new(PAYLOAD), |draft, key| draft.sign(key, &headers(&json!({}))));
        each.and_then(|draft| draft.general()).expect("written")
    };
    let (es, ed, rs) = (es256(), ed25519(), rs256());
    let keys: Vec<VerifyingKey> = [&es, &ed, &rs].map(SigningKey::verifying_key).into();
    let algs = [JwsAlgorithm::ES256, JwsAlgorithm::EdDSA, JwsAlgorithm::RS256];
    let indices = |text: &str, rules: &Rules<'_>| -> Result<Vec<usize>, VerifyError> {
        Ok(jws::verify(text, &keys, rules)?.signatures().iter().map(|one| one.index()).collect())
    };
    let (any, all) = (Rules::new(&algs), Rules::new(&algs).all_signatures());

    assert_eq!(indices(&by(&[&es, &ed, &rs]), &any), Ok(vec![0]));
    assert_eq!(indices(&by(&[&es, &ed, &rs]), &all), Ok(vec![0, 1, 2]));
    assert_eq!(indices(&by(&[&stranger, &stranger, &ed]), &any), Ok(vec![2]));
    let error = indices(&by(&[&es, &stranger, &ed]), &all).expect_err("not all");
    assert!(matches!(&error, VerifyError::Signatures(errors) if errors.len() == 1 && errors[0].0 == 1), "{error}");
    let error = indices(&by(&[&stranger, &stranger]), &any).expect_err("none");
    assert!(matches!(&error, VerifyError::Signatures(errors) if errors.len() == 2), "{error}");
    assert_eq!(error.check(), "signature");
    // An algorithm that is not allowed does not hold, whatever its signature.
    let only_ed = Rules::new(&[JwsAlgorithm::EdDSA]);
    assert_eq!(indices(&by(&[&es, &ed]), &only_ed), Ok(vec![1]));
    assert_eq!(indices(&by(&[&es, &ed]), &only_ed.all_signatures()).expect_err("ES256").check(), "signature");
}

/// RFC 7515 §7.2.1: `alg` and `kid` may stand unprotected; the rules of algorithm and key are the same.
#[test]
fn headers_stand_in_two_places() {
    let mut both = unprotected();
    both.unprotected.insert("x-note".into(), "anybody's word".into());
    both.protected.typ = Some("example");
    let text = Draft::new(PAYLOAD).sign(&es256(), &both).and_then(|draft| draft.flattened()).expect("written");
    let verified = check(&text).expect("verified");
    let header = verified.header();
    assert_eq!(header.alg(), Some(JwsAlgorithm::ES256));
    assert_eq!((header.kid(), header.typ()), (es256().kid(), Some("example")));
    assert_eq!(Value::Object(header.members().clone()), json!({"typ": "example"}));
    assert_eq!(header.get("x-note"), header.unprotected().get("x-note"));
    assert!(!header.members().contains_key("x-note"));

    let nothing_protected = Draft::new(PAYLOAD).sign(&es256(), &unprotected());
    let text = nothing_protected.and_then(|draft| draft.general()).expect("written");
    assert!(!text.contains("protected"), "absent where it would be empty (RFC 7515 §7.2.1)");
    check(&text).expect("verified");
    let none = text.replace("ES256", "none");
    assert_eq!(check(&none).expect_err("none").check(), "alg");

    let wrong_typ = jws::verify(&text, &es256().verifying_key(), &Rules::new(ES256).typ("example"));
    assert_eq!(wrong_typ.expect_err("no typ").check(), "typ");
}

#[test]
fn what_a_form_cannot_carry_is_not_written() {
    let form = |answer: Result<String, SignError>| matches!(answer, Err(SignError::Form(_)));
    let nothing = Draft::new(PAYLOAD);
    assert!(form(nothing.compact()) && form(nothing.flattened()) && form(nothing.general()));
    let two = signed(PAYLOAD).sign(&ed25519(), &Headers::default()).expect("signed");
    assert!(form(two.compact()) && form(two.flattened()) && two.general().is_ok());
    let outside = Draft::new(PAYLOAD).sign(&es256(), &unprotected()).expect("signed");
    assert!(form(outside.compact()) && outside.flattened().is_ok());
}

#[test]
fn a_key_that_lies_elsewhere_signs_every_form() {
    let key = es256();
    let draft = Draft::new(PAYLOAD);
    let prepared = draft.prepare(key.alg(), key.kid(), &Headers::default()).expect("prepared");
    let signature = key.sign(prepared.signing_input()).expect("signed");
    let general = draft.clone().attach(prepared.clone(), &signature).expect("attached").general().expect("written");
    check(&general).expect("verified");

    let error = draft.clone().attach(prepared.clone(), &signature[1..]).expect_err("too short");
    assert!(matches!(error, SignError::SignatureLength { found: 63, .. }));
    for other in [Draft::new(b"another"), draft.unencoded()] {
        assert!(matches!(other.attach(prepared.clone(), &signature), Err(SignError::Form(_))));
    }
}

/// RFC 7515 appendix F: the payload travels by itself, and there are never two.
#[test]
fn a_payload_can_be_detached() {
    let draft = Draft::new(PAYLOAD).detached().sign(&es256(), &Headers::default()).expect("signed");
    let key = es256().verifying_key();
    for (text, whole) in [
        (draft.compact(), signed(PAYLOAD).compact()),
        (draft.flattened(), signed(PAYLOAD).flattened()),
        (draft.general(), signed(PAYLOAD).general()),
    ] {
        let (text, whole) = (text.expect("written"), whole.expect("written"));
        assert!(text.contains("..") || !text.contains("payload"));
        let rules = Rules::new(ES256).detached(PAYLOAD);
        assert_eq!(jws::verify(&text, &key, &rules).expect("verified").payload(), PAYLOAD);
        assert_eq!(jws::verify(&whole, &key, &rules).expect_err("two payloads").check(), "payload");
        let other = jws::verify(&text, &key, &Rules::new(ES256).detached(b"another"));
        assert_eq!(other.expect_err("another payload").check(), "signature");
        let missing = check(&text).expect_err("no payload").check();
        assert_eq!(missing, if text.starts_with('{') { "payload" } else { "signature" });
    }
}
