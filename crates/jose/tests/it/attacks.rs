//! What attackers try that belongs to no one module. `docs/THREATS.md` has the table of all classes, with their tests.

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, DecryptError, EncryptionKeySet, JweError, Options};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey, Jwk};
use vestibule_jose::jws::{self, Draft, Headers};
use vestibule_jose::sd_jwt::SdJwt;
use vestibule_jose::{JwkSet, JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use crate::support::{LIMITS, ed25519, es256, provider, rs256, rules, token};

/// RFC 7518 §3.4 on each curve: `r ‖ s`, both of the field's length and between 1 and the order.
#[test]
fn ecdsa_numbers_are_in_range_on_every_curve() {
    for (alg, order) in ORDERS {
        let order = hex(order);
        let key = SigningKey::generate(provider(), *alg).expect("a key");
        let good = key.sign(b"message").expect("signed");
        let len = good.len() / 2;
        let (r, s) = good.split_at(len);
        let order = [vec![0; len - order.len()], order].concat();
        let (zero, ones) = (vec![0; len], vec![0xff; len]);
        let mut above = order.clone();
        *above.last_mut().expect("a byte") += 1;
        let cut = good[..good.len() - 1].to_vec();
        for (name, signature) in [
            ("r is 0", [&zero, s].concat()),
            ("s is 0", [r, &zero].concat()),
            ("both are 0", vec![0; 2 * len]),
            ("r is n", [&order, s].concat()),
            ("s is n", [r, &order].concat()),
            ("r is n + 1", [&above, s].concat()),
            ("s is n + 1", [r, &above].concat()),
            ("r is all ones", [&ones, s].concat()),
            ("s is all ones", [r, &ones].concat()),
            ("DER", der(r, s)),
            ("a byte short", cut),
            ("a byte long", [&good, &[0][..]].concat()),
            ("a byte long in front", [&[0], &good[..]].concat()),
            ("nothing", Vec::new()),
        ] {
            assert!(!key.verifying_key().verify(*alg, b"message", &signature), "{alg}: {name}");
        }
        assert!(key.verifying_key().verify(*alg, b"message", &good), "{alg}: the control");
    }
}

/// ECDSA-Sig-Value (RFC 3279 §2.2.3), with lengths of one byte, which P-521 needs two of.
fn der(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let digits = [&[0], number].concat();
        [&[2, u8::try_from(digits.len()).expect("short")], &digits[..]].concat()
    };
    let both = [integer(r), integer(s)].concat();
    let len = u8::try_from(both.len()).expect("short");
    if len < 0x80 { [&[0x30, len], &both[..]].concat() } else { [&[0x30, 0x81, len], &both[..]].concat() }
}

/// One signature, one spelling: EdDSA's S below the order (RFC 8032 §5.1.7), RSA's number below the modulus and as long
/// (RFC 8017 §8.2.2), a MAC whole (RFC 7518 §3.2).
#[test]
fn other_signatures_have_one_spelling() {
    let order = "edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";
    let good = ed25519().sign(b"message").expect("signed");
    let wrapped = [&good[..32], &sum(&good[32..], &hex(order), Order::Little)].concat();
    assert!(!ed25519().verifying_key().verify(JwsAlgorithm::EdDSA, b"message", &wrapped), "S + L");

    let key = rs256();
    let n = match key.verifying_key().material() {
        Some(vestibule_jose::provider::PublicMaterial::Rsa { n, .. }) => n.clone(),
        other => panic!("{other:?}"),
    };
    // The sum has the modulus' length in one of a few messages.
    let wrapped = (0..200u8).find_map(|number| {
        let good = key.sign(&[number]).expect("signed");
        let sum = sum(&good, &n, Order::Big);
        (sum.len() == n.len()).then_some((number, good, sum))
    });
    let (number, good, sum) = wrapped.expect("one that fits");
    let verifying = key.verifying_key();
    assert!(verifying.verify(JwsAlgorithm::RS256, &[number], &good), "the control");
    assert!(!verifying.verify(JwsAlgorithm::RS256, &[number], &sum), "the signature and the modulus");
    assert!(!verifying.verify(JwsAlgorithm::RS256, &[number], &[&[0], &good[..]].concat()), "a zero in front");

    for alg in [JwsAlgorithm::HS256, JwsAlgorithm::HS384, JwsAlgorithm::HS512, JwsAlgorithm::MlDsa44] {
        let key = SigningKey::generate(provider(), alg).expect("a key");
        let good = key.sign(b"message").expect("signed");
        for len in [0, 1, good.len() / 2, good.len() - 1] {
            assert!(!key.verifying_key().verify(alg, b"message", &good[..len]), "{alg}: {len} bytes");
        }
        assert!(!key.verifying_key().verify(alg, b"message", &[&good, &[0][..]].concat()), "{alg}: one byte more");
    }
}

enum Order {
    Big,
    Little,
}

/// The sum of two numbers, a byte longer where it must be.
fn sum(a: &[u8], b: &[u8], order: Order) -> Vec<u8> {
    let turned = |bytes: &[u8]| match order {
        Order::Big => bytes.iter().rev().copied().collect::<Vec<_>>(),
        Order::Little => bytes.to_vec(),
    };
    let (a, b) = (turned(a), turned(b));
    let mut carry = 0;
    let mut out: Vec<u8> = Vec::new();
    for at in 0..a.len().max(b.len()) {
        let digits = u16::from(*a.get(at).unwrap_or(&0)) + u16::from(*b.get(at).unwrap_or(&0)) + carry;
        out.push(digits.to_le_bytes()[0]);
        carry = digits >> 8;
    }
    if carry > 0 {
        out.push(1);
    }
    turned(&out)
}

/// RFC 8725 §3.2: not in the JSON forms either, whichever header says it.
#[test]
fn none_is_no_algorithm_in_json() {
    for name in ["none", "None", "NONE", "nOnE", ""] {
        let protected = base64url::encode(json!({"alg": name}).to_string());
        for signature in ["", "AA"] {
            for one in [
                json!({"protected": protected, "signature": signature}),
                json!({"header": {"alg": name}, "signature": signature}),
            ] {
                let mut flattened = one.clone();
                flattened["payload"] = "e30".into();
                let general = json!({"payload": "e30", "signatures": [one]});
                for text in [flattened.to_string(), general.to_string()] {
                    let error = jws::verify(&text, &keys(), &jws::Rules::new(JwsAlgorithm::ALL)).expect_err(&text);
                    assert_eq!(error.check(), "alg", "{text}");
                }
            }
        }
    }
}

fn keys() -> Vec<VerifyingKey> {
    [es256(), rs256(), ed25519()].map(|key| key.verifying_key()).into()
}

/// RFC 7516 §9: whatever reads one sort refuses the other, in each form, and with a key that would fit both.
#[test]
fn a_signed_token_is_no_encrypted_one() {
    let secret = [7; 32];
    let signing = SigningKey::from_secret(provider(), &secret, JwsAlgorithm::HS256).expect("a secret");
    let draft = Draft::new(b"text").sign(&signing, &Headers::default()).expect("signed");
    let decrypting = DecryptionKey::from_secret(&secret, Some(K::Dir), None).expect("the same secret");
    let anything = super::jwe::support::anything();
    let signed = JweError::Signed;
    for (text, answer) in [
        (draft.compact(), jwe::decrypt as fn(_, &_, &_, &_) -> _),
        (draft.flattened(), jwe::decrypt_json),
        (draft.general(), jwe::decrypt_json),
    ] {
        let text = text.expect("written");
        let refused: Result<jwe::Decrypted, DecryptError> = answer(provider(), &text, &decrypting, &anything);
        assert_eq!(refused.expect_err("signed"), signed.clone().into(), "{text}");
    }
    let theirs = decrypting.encryption_key().expect("the other half");
    let options = Options::default();
    let encrypter = jwe::JsonEncrypter::new(C::A256Gcm, &options).recipient(theirs.clone());
    let verifying = signing.verifying_key();
    for text in [
        jwe::encrypt(provider(), &theirs, C::A256Gcm, &options, b"text"),
        encrypter.flattened(provider(), b"text"),
        encrypter.general(provider(), b"text"),
    ] {
        let text = text.expect("written");
        let error = jws::verify(&text, &verifying, &jws::Rules::new(JwsAlgorithm::ALL)).expect_err("encrypted");
        assert!(error.to_string().contains("encrypted"), "{error}");
        vestibule_jose::jwt::verify::<Value>(&text, &verifying, &rules()).expect_err("encrypted");
    }
}

/// One text that two readers could take for two things is taken for none.
#[test]
fn an_encrypted_message_is_not_two_things() {
    let key = DecryptionKey::from_secret(&[7; 32], Some(K::Dir), None).expect("a key");
    let theirs = key.encryption_key().expect("the other half");
    let anything = super::jwe::support::anything();
    let options = Options::default();
    let encrypter = jwe::JsonEncrypter::new(C::A256Gcm, &options).recipient(theirs.clone());
    let json: Value = serde_json::from_str(&encrypter.flattened(provider(), b"text").expect("w")).expect("JSON");
    let compact = jwe::encrypt(provider(), &theirs, C::A256Gcm, &options, b"text").expect("a token");
    jwe::decrypt_json(provider(), &json.to_string(), &key, &anything).expect("the control");
    let with = |member: &str, value: Value| crate::support::with(&json, member, value).to_string();
    for text in [
        with("payload", json!("e30")),
        with("signature", json!("AA")),
        with("signatures", json!([])),
        format!("{json}{json}"),
        format!("{json}{compact}"),
        format!("[{json}]"),
        format!("\u{feff}{json}"),
        compact.clone(),
        json!(compact).to_string(),
    ] {
        jwe::decrypt_json(provider(), &text, &key, &anything).expect_err(&text);
    }
    for text in [
        json.to_string(),
        format!("{compact}{json}"),
        format!(" {compact}"),
        format!("{compact}\n"),
        json!(compact).to_string(),
    ] {
        jwe::decrypt(provider(), &text, &key, &anything).expect_err(&text);
    }
}

/// A `kid` is a name and nothing else, and is short and printable where it is shown.
#[test]
fn a_kid_is_only_a_name() {
    let key = DecryptionKey::from_secret(&[7; 16], Some(K::A128Kw), Some("mine".into())).expect("a key");
    for kid in ["../../dev/null", "' OR 1=1 --", "\u{1b}[2J", "file:///etc/passwd", &"k".repeat(5000)] {
        let theirs = EncryptionKey::from_secret(&[7; 16], Some(K::A128Kw), Some(kid.into())).expect("a key");
        let token = jwe::encrypt(provider(), &theirs, C::A128Gcm, &Options::default(), b"text").expect("a token");
        let error = jwe::decrypt(provider(), &token, &key, &super::jwe::support::anything()).expect_err("no such key");
        assert_eq!(error.check(), "key");
        let words = error.to_string();
        assert!(words.len() < 400 && !words.contains('\u{1b}'), "{words}");
    }
}

/// RFC 7517 §4: no member twice in a key or a set, and none in another spelling.
#[test]
fn keys_are_strict_json_in_canonical_base64url() {
    let good = Value::Object(es256().public_jwk().expect("public")).to_string();
    let x = r#""x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU""#;
    assert!(good.contains(x));
    for doubled in [
        good.replacen('{', r#"{"kty":"oct","#, 1),
        good.replacen('{', r#"{"\u006bty":"oct","#, 1),
        good.replacen('{', r#"{"a":{"b":1,"b":1},"#, 1),
        good.replacen(x, &format!("{x},{x}"), 1),
        // 32 bytes leave four bits over.
        good.replacen("RVEU\"", "RVEV\"", 1),
        good.replacen("RVEU\"", "RVEU=\"", 1),
        good.replacen("RVEU\"", "RVEU\\n\"", 1),
        good.replacen("RVEU\"", "RVE\"", 1),
        good.replacen("f83O", "f8/O", 1),
        format!("{good}{good}"),
        format!("{good}x"),
    ] {
        VerifyingKey::from_jwk(provider(), doubled.as_bytes(), &LIMITS).expect_err(&doubled);
        Jwk::parse(provider(), doubled.as_bytes(), &LIMITS).expect_err(&doubled);
        let set = format!(r#"{{"keys":[{doubled}]}}"#);
        let read = JwkSet::parse(provider(), set.as_bytes(), &LIMITS);
        assert!(!read.is_ok_and(|set| !set.keys().is_empty()), "{doubled}");
    }
    let set = format!(r#"{{"keys":[],"keys":[{good}]}}"#);
    JwkSet::parse(provider(), set.as_bytes(), &LIMITS).expect_err("two sets in one");
    EncryptionKeySet::parse(provider(), set.as_bytes(), &LIMITS).expect_err("two sets in one");
}

/// RFC 7515 §4.1.11: `crit` must be protected; RFC 9901 §8.1 lets other members stand there, but not this one.
#[test]
fn crit_is_protected_in_an_sd_jwt_too() {
    let text = format!("{}~", token(&json!({"sub": "ada"})));
    let read = SdJwt::parse(&text, &LIMITS).expect("read");
    for text in [read.to_flattened().expect("written"), read.to_general().expect("written")] {
        SdJwt::read(&text, &LIMITS).expect("the control");
        for member in [r#""crit":["exp"]"#, r#""alg":"ES256""#, r#""b64":false"#] {
            let changed = text.replacen(r#""header":{"#, &format!(r#""header":{{{member},"#), 1);
            assert_ne!(changed, text);
            SdJwt::read(&changed, &LIMITS).expect_err(&changed);
        }
    }
}

/// RFC 9901 §7.1 step 6 with RFC 7519 §4.1: types are checked in what was disclosed as in what was not.
#[test]
fn disclosed_claims_have_their_types() {
    for (claim, value) in [
        ("exp", json!(1e300)),
        ("nbf", json!("1")),
        ("iat", json!(null)),
        ("iss", json!(1)),
        ("sub", json!(["x"])),
        ("aud", json!({})),
        ("jti", json!(true)),
    ] {
        let disclosure = base64url::encode(json!(["salt", claim, value]).to_string());
        let digest = base64url::encode(provider().sha256(disclosure.as_bytes()));
        let text = format!("{}~{disclosure}~", token(&json!({"_sd": [digest]})));
        let keys = es256().verifying_key();
        let answer = vestibule_jose::sd_jwt::verify::<Value>(provider(), &text, &keys, &rules(), None);
        let error = answer.expect_err(claim).to_string();
        assert!(error.starts_with(claim), "{claim}: {error}");
    }
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).expect("hex")).collect()
}

/// The orders of the curves' groups (NIST SP 800-186 §3.2.1, SEC 2 §2.4.1).
const ORDERS: &[(JwsAlgorithm, &str)] = &[
    (JwsAlgorithm::ES256, "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551"),
    (
        JwsAlgorithm::ES384,
        "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    ),
    (
        JwsAlgorithm::ES512,
        concat!(
            "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa",
            "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        ),
    ),
    (JwsAlgorithm::ES256K, "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"),
];
