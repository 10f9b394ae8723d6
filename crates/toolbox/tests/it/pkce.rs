//! `pkce`.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, member, refused};

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn the_rfcs_example() {
    let output = done("pkce", &[("verifier", VERIFIER)]);
    assert_eq!((output.verdict, member(&output, "code_challenge").as_str()), (Verdict::Done, CHALLENGE));
    assert_eq!(done("pkce", &[("verifier", VERIFIER), ("challenge", CHALLENGE)]).verdict, Verdict::Yes);
}

#[test]
fn a_new_verifier_is_long_enough_and_new() {
    let [a, b] = [done("pkce", &[]), done("pkce", &[])].map(|output| member(&output, "code_verifier"));
    assert_eq!((a.len(), a == b), (43, false));
    let again = done("pkce", &[("verifier", &a)]);
    assert_eq!(member(&again, "code_challenge_method"), "S256");
}

#[test]
fn a_wrong_challenge_is_explained() {
    for (challenge, words) in [
        (VERIFIER, "the method was plain"),
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "padded"),
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM=", "base64 instead of base64url"),
        ("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cX", "another verifier"),
    ] {
        let output = done("pkce", &[("verifier", VERIFIER), ("challenge", challenge)]);
        assert_eq!((output.verdict, codes(&output)), (Verdict::No, vec!["pkce-mismatch"]));
        let cause = output.notes[0].cause.clone().unwrap_or_default();
        assert!(cause.contains(words), "{challenge}: {cause}");
    }
    let plain = done("pkce", &[("verifier", VERIFIER), ("challenge", VERIFIER), ("method", "plain")]);
    assert_eq!((plain.verdict, codes(&plain)), (Verdict::Yes, vec!["pkce-plain"]));
}

/// RFC 7636 §4.1.
#[test]
fn a_verifier_has_its_length_and_letters() {
    for (verifier, words) in [
        ("short", "has 5 characters"),
        (&"a".repeat(129), "has 129 characters"),
        (&VERIFIER.replace('-', "+"), "cannot hold '+'"),
        (&format!("{VERIFIER}é"), "cannot hold 'é'"),
    ] {
        assert!(refused("pkce", &[("verifier", verifier)]).contains(words), "{verifier}");
    }
    assert!(refused("pkce", &[("challenge", CHALLENGE)]).contains("verifier is missing"));
}
