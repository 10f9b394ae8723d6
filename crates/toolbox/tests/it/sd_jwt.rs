//! `sd-jwt issue`, `sd-jwt present`, `sd-jwt verify` (RFC 9901).

use toolbox::{Output, Verdict};
use vestibule_toolbox as toolbox;

use crate::support::{call_at, codes, done, made, member, public, refused};

const CLAIMS: &str = r#"{"iss":"https://issuer.example.com","sub":"ada","email":"ada@example.com",
    "address":{"country":"DE","locality":"Bonn"},"nationalities":["DE","FR"]}"#;
const SHOP: &str = "https://shop.example.com";

/// Issuer, holder, and an SD-JWT of the one for the other.
struct Scene {
    issuer: String,
    holder: String,
    issued: String,
}

fn scene() -> Scene {
    let (issuer, holder) = (made(&[("kty", "EC")]), made(&[("kty", "OKP")]));
    let hidden = ["/email", "address/locality", "/nationalities/0", "/nationalities/1", "address"];
    let holder_public = public(&holder);
    let mut fields = vec![("claims", CLAIMS), ("key", &*issuer), ("holder", &holder_public), ("expires-in", "1h")];
    fields.extend(hidden.iter().map(|pointer| ("hide", *pointer)));
    let output = done("sd-jwt issue", &fields);
    let issued = output.text().expect("text").to_owned();
    assert_eq!(output.result["disclosures"].as_array().map(Vec::len), Some(5));
    Scene { issuer, holder, issued }
}

impl Scene {
    fn present(&self, fields: &[(&str, &str)]) -> Output {
        let held = [("token", &*self.issued), ("key", &self.holder), ("nonce", "n-1"), ("verifier", SHOP)];
        done("sd-jwt present", &[&held, fields].concat())
    }

    fn verify(&self, token: &str, fields: &[(&str, &str)]) -> Output {
        done("sd-jwt verify", &[&[("token", token), ("key", &self.issuer)], fields].concat())
    }
}

#[test]
fn what_is_shown_is_believed_and_no_more() {
    let scene = scene();
    for format in ["compact", "flattened", "general"] {
        let output = scene.present(&[("show", "/address/locality"), ("show", "/nationalities/1"), ("format", format)]);
        assert_eq!(output.result["shown"], serde_json::json!(["/address", "/address/locality", "/nationalities/1"]));
        assert_eq!(output.result["withheld"], serde_json::json!(["/email", "/nationalities/0"]));
        let presented = output.text().expect("text");
        let asked = [("nonce", "n-1"), ("verifier", SHOP), ("iss", "https://issuer.example.com")];
        let verified = scene.verify(presented, &asked);
        assert_eq!((verified.verdict, member(&verified, "holder").as_str()), (Verdict::Yes, "proved"), "{format}");
        let claims = &verified.result["claims"];
        assert_eq!(claims["address"], serde_json::json!({"country": "DE", "locality": "Bonn"}));
        assert_eq!((&claims["nationalities"], claims.get("email")), (&serde_json::json!(["FR"]), None));
    }
}

/// RFC 9901 §7.3: nonce, audience, age and the holder's own signature.
#[test]
fn the_proof_must_be_the_one_that_was_asked_for() {
    let scene = scene();
    let presented = scene.present(&[("all", "")]);
    let presented = presented.text().expect("text");
    let asked = [("nonce", "n-1"), ("verifier", SHOP)];
    assert_eq!(scene.verify(presented, &asked).verdict, Verdict::Yes);
    let unproved = done("sd-jwt present", &[("token", &scene.issued), ("show", "email")]);
    assert_eq!((codes(&unproved), member(&unproved, "bound").as_str()), (vec!["sd-jwt-not-bound"], "false"));
    let unproved = unproved.text().expect("text");
    for (token, fields) in [
        (presented, &[("nonce", "n-2"), asked[1]][..]),
        (presented, &[asked[0], ("verifier", "https://other.example.com")]),
        (presented, &[asked[0], asked[1], ("at", "1700000301")]),
        (unproved, &asked),
    ] {
        let output = scene.verify(token, fields);
        assert_eq!((output.verdict, member(&output, "check").as_str()), (Verdict::No, "key binding"), "{fields:?}");
    }
    assert_eq!(
        scene.verify(presented, &[asked[0], asked[1], ("at", "1700000301"), ("max-age", "10m")]).verdict,
        Verdict::Yes
    );
    // Without the question there is no answer, and it is said.
    let unasked = scene.verify(presented, &[]);
    assert_eq!((unasked.verdict, codes(&unasked)), (Verdict::Yes, vec!["sd-jwt-binding-unchecked"]));
    // One disclosure less, and the proof is of something else.
    let (jwt, rest) = presented.split_once('~').expect("a tilde");
    let fewer = format!("{jwt}~{}", rest.split_once('~').expect("another").1);
    assert_eq!(member(&scene.verify(&fewer, &asked), "check"), "key binding");
}

#[test]
fn a_token_that_is_wrong_says_where() {
    let scene = scene();
    let other = made(&[("kty", "EC")]);
    let verify = |token: &str, key: &str, at: i64| {
        let output = call_at(at, "sd-jwt verify", &[("token", token), ("key", key)]).expect("a verdict");
        (output.verdict, member(&output, "check"))
    };
    let now = crate::support::NOW;
    assert_eq!(verify(&scene.issued, &scene.issuer, now + 3601), (Verdict::No, "exp".into()));
    assert_eq!(verify(&scene.issued, &other, now), (Verdict::No, "key".into()));
    let (jwt, rest) = scene.issued.split_once('~').expect("a tilde");
    let first = rest.split('~').next().expect("a disclosure");
    assert_eq!(verify(&format!("{jwt}~{first}~{first}~"), &scene.issuer, now), (Verdict::No, "disclosures".into()));
    let stranger = jose::base64url::encode(br#"["salt","admin",true]"#);
    assert_eq!(verify(&format!("{jwt}~{stranger}~"), &scene.issuer, now), (Verdict::No, "disclosures".into()));
}

#[test]
fn what_cannot_be_done_is_refused() {
    let scene = scene();
    let issue = |fields: &[(&str, &str)]| refused("sd-jwt issue", &[&[("key", &*scene.issuer)], fields].concat());
    let present = |fields: &[(&str, &str)]| refused("sd-jwt present", &[&[("token", &*scene.issued)], fields].concat());
    let unheld = done("sd-jwt issue", &[("claims", CLAIMS), ("key", &scene.issuer), ("hide", "email")]);
    let secret = made(&[("kty", "oct")]);
    let proof = [("nonce", "n"), ("verifier", SHOP)];
    for (message, words) in [
        (issue(&[("claims", CLAIMS), ("hide", "/phone")]), "points to no claim that can be hidden"),
        (issue(&[("claims", CLAIMS), ("hide", "iss")]), "must stay visible"),
        (issue(&[("claims", r#"{"_sd":[]}"#)]), "name it otherwise"),
        (issue(&[("claims", CLAIMS), ("holder", &secret)]), "must be a public key"),
        (present(&[("show", "/phone")]), "take /"),
        (present(&[("show", "/email"), ("nonce", "n")]), "a proof needs --key, --nonce and --verifier"),
        (present(&[("key", &scene.issuer), proof[0], proof[1]]), "the issuer named another key"),
        (present(&[("key", &public(&scene.holder)), proof[0], proof[1]]), "a private key is needed"),
        (
            refused(
                "sd-jwt present",
                &[("token", unheld.text().expect("text")), ("key", &scene.holder), proof[0], proof[1]],
            ),
            "names no key of its holder",
        ),
        (
            refused("sd-jwt verify", &[("token", &scene.issued), ("key", &scene.issuer), ("nonce", "n")]),
            "verifier is missing",
        ),
        (refused("sd-jwt verify", &[("token", &scene.issued)]), "there is no key to verify with"),
        (refused("sd-jwt verify", &[("token", "a.b.c"), ("key", &scene.issuer)]), "has no tilde"),
    ] {
        assert!(message.contains(words), "{words}: {message}");
    }
}

/// RFC 9901 §4.1.1, §4.2.5.
#[test]
fn decoys_and_hashes_are_the_issuers() {
    let issuer = made(&[("kty", "EC")]);
    for hash in ["sha-256", "sha-384", "sha-512"] {
        let fields = [("claims", CLAIMS), ("key", &*issuer), ("hide", "email"), ("decoys", "3"), ("hash", hash)];
        let output = done("sd-jwt issue", &fields);
        let issued = output.text().expect("text").to_owned();
        let payload = issued.split('.').nth(1).and_then(|part| jose::base64url::decode(part).ok()).expect("a payload");
        let payload: serde_json::Value = serde_json::from_slice(&payload).expect("JSON");
        assert_eq!((payload["_sd"].as_array().map(Vec::len), &payload["_sd_alg"]), (Some(4), &hash.into()));
        let verified = done("sd-jwt verify", &[("token", &issued), ("key", &issuer)]);
        assert_eq!((verified.verdict, member(&verified, "holder").as_str()), (Verdict::Yes, "not asked for"));
        assert_eq!(verified.result["claims"]["email"], "ada@example.com");
    }
    let bare = done("sd-jwt issue", &[("claims", CLAIMS), ("key", &issuer)]);
    assert_eq!(codes(&bare), ["sd-jwt-nothing-hidden"]);
}
