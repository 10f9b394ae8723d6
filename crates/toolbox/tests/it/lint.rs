//! `lint` of tokens, keys and metadata: a verdict, and findings with a code, a place and a clause.

use toolbox::Verdict;
use vestibule_toolbox as toolbox;

use crate::support::{codes, done, made};

#[test]
fn findings_have_codes_and_make_the_verdict() {
    let key = made(&[("kty", "EC"), ("use", "sig"), ("alg", "ES256")]);
    let claims = r#"{"iss":"https://id.example.com","aud":"a","exp":1700000300,"iat":1700000000}"#;
    let fields = [("claims", claims), ("key", key.as_str()), ("header", r#"{"typ":"at+jwt"}"#)];
    let token = done("jwt sign", &fields).text().expect("text").to_owned();
    let good = done("jwt lint", &[("token", &token)]);
    assert_eq!((good.verdict, codes(&good)), (Verdict::Yes, vec![]));
    let none = done("jwt lint", &[("token", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZGEifQ.")]);
    assert_eq!(none.verdict, Verdict::No);
    assert!(codes(&none).contains(&"token.alg.none"), "{:?}", codes(&none));
    let note = none.notes.iter().find(|note| note.code == "token.alg.none").expect("the finding");
    assert_eq!(note.clause.as_deref(), Some("RFC 8725 §3.2"));
    assert_eq!(done("jwk lint", &[("file", &key)]).verdict, Verdict::Yes);
    let published = done("jwk lint", &[("file", &key), ("published", "")]);
    assert!(published.verdict == Verdict::No && codes(&published).contains(&"key.private.published"));
    let metadata = r#"{"issuer":"http://id.example.com","id_token_signing_alg_values_supported":["none"]}"#;
    let document = done("oidc lint", &[("document", metadata)]);
    assert!(document.verdict == Verdict::No && codes(&document).contains(&"discovery.alg.none"));
}
