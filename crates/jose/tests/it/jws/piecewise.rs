//! Detached messages in pieces say what whole ones do.

use vestibule_jose::jws::{self, Draft, Headers, Rules, Signing, VerifyError, Verifying};
use vestibule_jose::{JwsAlgorithm, SigningKey};

use crate::support::{PROVIDER, es256, provider};

/// As long as it takes for every remainder of three, at the cuts and at the end.
const PAYLOADS: [&[u8]; 6] = [b"", b"a", b"ab", b"abc", b"abcd", b"a longer text, of which no piece is whole"];

/// Whether the provider under test can.
fn takes_pieces(alg: JwsAlgorithm) -> bool {
    #[expect(clippy::disallowed_methods, reason = "the tests run for each provider")]
    let is_aws = std::env::var(PROVIDER).is_err();
    is_aws && !matches!(alg.kty(), "OKP" | "AKP")
}

fn rules(algs: &[JwsAlgorithm]) -> Rules<'_> {
    Rules::new(algs)
}

#[test]
fn every_algorithm_that_hashes_takes_pieces() {
    for alg in JwsAlgorithm::ALL.iter().copied() {
        let key = SigningKey::generate(provider(), alg).expect("a key");
        let (verifying_key, algs) = (key.verifying_key(), [alg]);
        for (unencoded, payload) in [false, true].into_iter().flat_map(|plain| PAYLOADS.map(|payload| (plain, payload)))
        {
            let Some(mut signing) = Signing::begin(&key, &Headers::default(), unencoded).expect("begun") else {
                assert!(!takes_pieces(alg), "{alg}");
                let draft = Draft::new(payload).detached().sign(&key, &Headers::default()).expect("signed");
                let begun = Verifying::begin(&draft.compact().expect("written"), &verifying_key, &rules(&algs));
                assert!(begun.expect("well formed").is_none(), "{alg}");
                continue;
            };
            assert!(takes_pieces(alg), "{alg}");
            for piece in payload.chunks(2) {
                signing.update(piece);
            }
            let detached = signing.finish().expect("signed");
            for text in [detached.compact(), detached.flattened(), detached.general()] {
                let text = text.expect("written");
                let whole = jws::verify(&text, &verifying_key, &rules(&algs).detached(payload)).expect("right");
                assert_eq!(whole.payload(), payload);
                for size in [1, 2, 4, 5, 100] {
                    let verify = |payload: &[u8]| {
                        let begun = Verifying::begin(&text, &verifying_key, &rules(&algs)).expect("well formed");
                        let mut verifying = begun.expect("pieces");
                        payload.chunks(size).for_each(|piece| verifying.update(piece));
                        verifying.finish()
                    };
                    assert_eq!(verify(payload).expect("right")[0].key().kid(), verifying_key.kid());
                    let other = [payload, b"x"].concat();
                    assert!(matches!(verify(&other), Err(VerifyError::Signature { tried: 1, .. })), "{alg}");
                }
            }
        }
    }
}

#[test]
fn what_a_header_forbids_is_refused_before_the_payload_comes() {
    if !takes_pieces(JwsAlgorithm::ES256) {
        return;
    }
    let (key, algs) = (es256().verifying_key(), [JwsAlgorithm::ES256]);
    let inside = Draft::new(b"text").sign(&es256(), &Headers::default()).expect("signed").compact().expect("written");
    let begin = |text: &str, algs: &[JwsAlgorithm]| Verifying::begin(text, &key, &rules(algs)).map(drop);
    assert_eq!(begin(&inside, &algs).expect_err("inside").check(), "payload");
    assert_eq!(begin("a.b", &algs).expect_err("no message").check(), "token");
    let detached = Draft::new(b"text").detached().sign(&es256(), &Headers::default()).expect("signed");
    let finish = |text: &str, algs: &[JwsAlgorithm]| {
        let mut verifying = Verifying::begin(text, &key, &rules(algs)).expect("well formed").expect("pieces");
        verifying.update(b"text");
        verifying.finish()
    };
    let text = detached.compact().expect("written");
    assert_eq!(finish(&text, &algs).expect("right").len(), 1);
    assert_eq!(finish(&text, &[JwsAlgorithm::ES384]).expect_err("another").check(), "alg");
}

/// Of two signatures one may be wrong, unless all must hold; and no more keys are tried than are allowed.
#[test]
fn several_signatures_are_counted_as_they_are_in_the_whole() {
    if !takes_pieces(JwsAlgorithm::ES256) {
        return;
    }
    let other = SigningKey::generate(provider(), JwsAlgorithm::ES256).expect("a key");
    let draft = Draft::new(b"text").detached().sign(&other, &Headers::default());
    let text =
        draft.and_then(|draft| draft.sign(&es256(), &Headers::default())).expect("signed").general().expect("written");
    let algs = [JwsAlgorithm::ES256];
    let finish = |keys: &[vestibule_jose::VerifyingKey], rules: &Rules<'_>| {
        let mut verifying = Verifying::begin(&text, keys, rules).expect("well formed").expect("pieces");
        verifying.update(b"text");
        verifying.finish()
    };
    let (one, both) = ([es256().verifying_key()], [es256().verifying_key(), other.verifying_key()]);
    assert_eq!(finish(&one, &rules(&algs)).expect("one holds")[0].index(), 1);
    assert_eq!(finish(&both, &rules(&algs)).expect("the first that holds").len(), 1);
    assert!(
        matches!(finish(&one, &rules(&algs).all_signatures()), Err(VerifyError::Signatures(errors)) if errors.len() == 1)
    );
    assert_eq!(finish(&both, &rules(&algs).all_signatures()).expect("all hold").len(), 2);
    let mut limits = crate::support::LIMITS;
    limits.attempts = 1;
    let error = finish(&both, &rules(&algs).all_signatures().limits(limits)).expect_err("one try");
    assert!(matches!(error, VerifyError::Signatures(ref errors) if errors[0].0 == 1), "{error}");
}
