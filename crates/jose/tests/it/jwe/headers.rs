//! A header that is plain is read in another way than one that is not. What it says must not depend on that: a line break
//! behind the first brace makes any header one that is not plain.

use serde_json::{Value, json};
use vestibule_jose::alg::KeyManagement as K;
use vestibule_jose::jwe::{self, DecryptError, Header};
use vestibule_jose::jwk::DecryptionKey;
use vestibule_jose::provider::{Curve, KeySpec};

use super::support::{open, sealed};
use crate::support::{LIMITS, provider};

#[test]
fn says_the_same_plain_and_not_plain() {
    let keys = [KeySpec::X25519, KeySpec::Ec(Curve::P256)]
        .map(|spec| DecryptionKey::generate_from(provider(), K::EcdhEs, spec).expect("a key"));
    for key in &keys {
        for header in headers(&Value::Object(key.public_jwk().expect("a key pair"))) {
            let (plain, other) = (header.clone(), header.replacen('{', "{\n", 1));
            let (plain, other) = (both(&plain, key), both(&other, key));
            // The parser names line and column.
            let without_place = |text: String| text.split(" at line ").next().unwrap_or_default().to_owned();
            assert_eq!(without_place(plain.0), without_place(other.0), "{header}");
            assert_eq!(without_place(plain.1), without_place(other.1), "{header}");
            assert_eq!(plain.2, other.2, "{header}");
        }
    }
}

/// What is said of the token without a key, with one, and the header.
fn both(header: &str, key: &DecryptionKey) -> (String, String, Option<Header>) {
    let token = sealed(header, &[], &[1; 16], b"plaintext");
    let opened = match open(&token, key) {
        Ok(_) => "opened".to_owned(),
        Err(DecryptError::Decryption) => "the opaque error".to_owned(),
        Err(error) => error.to_string(),
    };
    match jwe::inspect(&token, &LIMITS) {
        Ok(message) => {
            let header = message.recipients()[0].header.clone();
            (format!("{header:?} {:?}", header.is_protected("epk")), opened, Some(header))
        }
        Err(error) => (error.to_string(), opened, None),
    }
}

fn headers(public: &Value) -> Vec<String> {
    let members = |name: &str| public[name].as_str().unwrap_or_default().to_owned();
    let mut epk = json!({"kty": members("kty"), "crv": members("crv"), "x": members("x")});
    if public.get("y").is_some() {
        epk["y"] = members("y").into();
    }
    let with = |change: &dyn Fn(&mut Value)| {
        let mut header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk, "apu": "QQ", "apv": "Qg", "kid": "k"});
        change(&mut header);
        header.to_string()
    };
    let mut all = vec![with(&|_| {})];
    for member in ["alg", "enc", "epk", "apu", "apv", "kid", "typ", "cty", "zip", "crit", "p2c", "iv", "x-other"] {
        let values =
            [json!("x"), json!(""), json!("Q"), json!("QR"), json!(1), json!(null), json!([]), json!(["x"]), json!({})];
        all.extend(values.iter().map(|value| with(&|header| header[member] = value.clone())));
        all.push(with(&|header| drop(header.as_object_mut().map(|members| members.remove(member)))));
    }
    for member in ["kty", "crv", "x", "y", "d", "kid", "use"] {
        let x = members("x");
        let long = format!("{x}AAAA");
        let values = ["EC", "OKP", "RSA", "P-384", "Ed25519", "X25519", "", "AA", "!", &x, &long, &x[1..]];
        all.extend(values.iter().map(|value| with(&|header| header["epk"][member] = json!(value))));
        all.push(with(&|header| header["epk"][member] = json!(1)));
        all.push(with(&|header| drop(header["epk"].as_object_mut().map(|members| members.remove(member)))));
    }
    let doubled = with(&|_| {});
    all.push(doubled.replacen("\"kty\"", "\"kty\":\"EC\",\"kty\"", 1));
    all.push(doubled.replacen("\"alg\"", "\"alg\":\"dir\",\"alg\"", 1));
    all
}
