//! Damaged tokens: what we believe the others believe, and what is damaged nobody believes, but for spellings that the
//! others forgive.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::jwe::{self, DecryptError, JsonEncrypter, JweError, Options};
use vestibule_jose::jwk::DecryptionKey;
use vestibule_jose::jws::{self, Form, Rules, TokenError, VerifyError};
use vestibule_jose::{JwsAlgorithm, SigningKey, VerifyingKey, base64url};

use super::{Chance, FORMS, Peer, public, signing_key};
use crate::jwe::support::anything;
use crate::support::{LIMITS, provider};

const ROUNDS: usize = 1500;

const KEYS: [JwsAlgorithm; 3] = [JwsAlgorithm::ES256, JwsAlgorithm::EdDSA, JwsAlgorithm::HS256];

#[test]
#[ignore = "needs Node and Python with packages; cargo xtask test --only clients runs it"]
fn damage_is_refused_alike() {
    let mut chance = Chance::new();
    let mut differences = BTreeMap::<String, String>::new();
    for mut peer in Peer::all() {
        for _ in 0..ROUNDS {
            let alg = *chance.one(&KEYS);
            let jwk = signing_key(&chance, alg);
            let key = SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
            let (form, expected) = *chance.one(&[
                ("compact", Form::Compact),
                ("compact", Form::Compact),
                ("flattened", Form::Flattened),
                ("general", Form::General),
            ]);
            let good = odd(&mut chance, &key, alg);
            let token = match form {
                "compact" => damaged(&mut chance, &good),
                _ => rearranged(&mut chance, &in_json(&good, form)),
            };
            let (nameless, algs) = (public(&jwk), [alg]);
            let verifying =
                VerifyingKey::from_jwk(provider(), nameless.to_string().as_bytes(), &LIMITS).expect("a key");
            let ours = jws::verify(&token, &verifying, &Rules::new(&algs).form(expected));
            let request = json!({"op": "verify", "alg": alg.as_str(), "form": form, "token": token, "key": nameless});
            match (ours, peer.ask(&request)) {
                (Ok(ours), Ok(theirs)) => assert_eq!(theirs, base64url::encode(ours.payload()), "{token}"),
                (Err(_), Err(_)) => {}
                (Err(error), Ok(_)) if forgiven(&error) => {}
                // RFC 7515 §4 wants unknown members passed over.
                (Ok(_), Err(error)) if peer.name == "joserfc" && error.contains("Unsupported {'x'} in header") => {}
                (Err(error), Ok(_)) => drop(differences.insert(format!("only {} believes: {error}", peer.name), token)),
                (Ok(_), Err(error)) => drop(differences.insert(format!("only {} refuses: {error}", peer.name), token)),
            }
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// The same with what is encrypted, in each form.
#[test]
#[ignore = "needs Node and Python with packages; cargo xtask test --only clients runs it"]
fn damage_to_what_is_encrypted_is_refused_alike() {
    let mut chance = Chance::new();
    let mut differences = BTreeMap::<String, String>::new();
    for mut peer in Peer::all() {
        for _ in 0..ROUNDS {
            let enc = *chance.one(C::ALL);
            let key = DecryptionKey::generate(&chance.provider, K::A256Kw).expect("a key");
            let jwk: Value = serde_json::from_str(&key.private_jwk().expect("a JWK")).expect("JSON");
            let jwk = super::without(jwk, &["kid", "use", "key_ops"]);
            let key = DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
            let theirs = key.encryption_key().expect("the other half");
            let (plaintext, options) = (chance.bytes(40), Options::default());
            let form = *chance.one(&FORMS);
            let json = JsonEncrypter::new(enc, &options).recipient(theirs.clone());
            let good = match form {
                "compact" => jwe::encrypt(provider(), &theirs, enc, &options, &plaintext),
                "flattened" => json.flattened(provider(), &plaintext),
                _ => json.general(provider(), &plaintext),
            };
            let good = good.expect("encrypted");
            let token = if form == "compact" { damaged(&mut chance, &good) } else { rearranged(&mut chance, &good) };
            let ours = match form {
                "compact" => jwe::decrypt(provider(), &token, &key, &anything()),
                _ => jwe::decrypt_json(provider(), &token, &key, &anything()),
            };
            let request = json!({
                "op": "decrypt", "alg": "A256KW", "enc": enc.as_str(), "form": form, "token": token, "key": jwk
            });
            match (ours, peer.ask(&request)) {
                (Ok(ours), Ok(theirs)) => assert_eq!(theirs, base64url::encode(ours.plaintext()), "{token}"),
                (Err(_), Err(_)) => {}
                (Err(DecryptError::Token(error)), Ok(_)) if is_a_matter_of_shape(&error) => {}
                (Err(DecryptError::Decryption), Ok(_)) if peer.name == "joserfc" && respelled(&good, &token) => {}
                (Err(error), Ok(_)) => {
                    drop(differences.insert(format!("only {} opens a {form} one: {error}", peer.name), token));
                }
                (Ok(_), Err(error)) => {
                    drop(differences.insert(format!("only {} refuses a {form} one: {error}", peer.name), token));
                }
            }
        }
    }
    assert!(differences.is_empty(), "{differences:#?}");
}

/// Where the others are more lenient than RFC 7516 §7.2: another spelling of base64url, a member that is empty or of
/// another type, both forms at once.
fn is_a_matter_of_shape(error: &JweError) -> bool {
    matches!(error, JweError::Base64url(_) | JweError::Empty(_) | JweError::Member { .. } | JweError::MixedForms(_))
}

/// Whether the protected header says the same in another spelling. joserfc writes it anew before it checks the tag; the
/// tag is over the header as it came (RFC 7516 §5.2, step 14).
fn respelled(good: &str, token: &str) -> bool {
    let protected = |text: &str| -> Option<(Value, Value)> {
        let json: Value = serde_json::from_str(text).ok()?;
        let bytes = base64url::decode(json["protected"].as_str()?).ok()?;
        Some((json["protected"].clone(), serde_json::from_slice(&bytes).ok()?))
    };
    let (Some(good), Some(token)) = (protected(good), protected(token)) else { return false };
    good.0 != token.0 && good.1 == token.1
}

/// A compact token in one of the JSON forms (RFC 7515 §7.2).
fn in_json(compact: &str, form: &str) -> String {
    let parts: Vec<&str> = compact.split('.').collect();
    let one = json!({"protected": parts[0], "signature": parts[2]});
    if form == "general" {
        return json!({"payload": parts[1], "signatures": [one]}).to_string();
    }
    super::with(one, json!({"payload": parts[1]})).to_string()
}

/// JSON with a member left out, put elsewhere or of another value.
fn rearranged(chance: &mut Chance, good: &str) -> String {
    let mut json: Value = serde_json::from_str(good).expect("JSON");
    let names: Vec<String> = json.as_object().expect("an object").keys().cloned().collect();
    let name = chance.one(&names).clone();
    match chance.below(8) {
        0 => json = super::without(json, &[&name]),
        1 => {
            if let Value::String(text) = &json[&name] {
                json[&name] = damaged(chance, &format!("{text}A")).into();
            }
        }
        2 => json[&name] = chance.one(&[json!(""), json!(null), json!(1), json!([]), json!({})]).clone(),
        3 => json["unknown"] = json!({"a": [1]}),
        4 => json["aad"] = base64url::encode(chance.bytes(4)).into(),
        5 => json["recipients"] = json!([]),
        6 => json["header"] = chance.one(&[json!({}), json!({"alg": "none"}), json!({"kid": "x"}), json!([])]).clone(),
        _ => {}
    }
    json.to_string()
}

/// Where the others are more lenient than the standards.
fn forgiven(error: &VerifyError) -> bool {
    match error {
        // Padding, line ends and stray bits (RFC 7515 §2, RFC 4648 §3.5).
        VerifyError::Token(TokenError::Base64url(_)) => true,
        // A member twice, of which they take the last (RFC 7515 §4).
        VerifyError::Token(TokenError::Json { error, .. }) => error.to_string().contains("twice"),
        // A `typ` that is no string (RFC 7515 §4.1.9), which panva/jose does not look at.
        VerifyError::Token(TokenError::Member { member: "typ", .. }) => true,
        // A `crit` that is empty or names what is no extension (RFC 7515 §4.1.11), which joserfc does not mind.
        VerifyError::Token(TokenError::Critical(_)) => true,
        // A header that is empty or no object, both forms at once (RFC 7515 §7.2).
        VerifyError::Token(TokenError::Serialization(_)) => true,
        // A name in both headers (RFC 7515 §4), which joserfc does not mind.
        VerifyError::Token(TokenError::Twice(_)) => true,
        _ => false,
    }
}

/// A token whose header is unusual, rightly signed.
fn odd(chance: &mut Chance, key: &SigningKey, alg: JwsAlgorithm) -> String {
    let alg = alg.as_str();
    let header = match chance.below(16) {
        0 => format!(r#" {{ "alg" : "{alg}" }} "#),
        1 => format!(r#"{{"alg":"{alg}","alg":"{alg}"}}"#),
        2 => format!(r#"{{"alg":"none","alg":"{alg}"}}"#),
        3 => format!(r#"{{"alg":"{alg}","crit":[]}}"#),
        4 => format!(r#"{{"alg":"{alg}","crit":["exp"],"exp":1}}"#),
        5 => format!(r#"{{"alg":"{alg}","crit":["b64"],"b64":true}}"#),
        6 => format!(r#"{{"alg":"{alg}","crit":["alg"]}}"#),
        7 => format!(r#"{{"alg":"{alg}","x":{{"deep":[[[[1]]]]}},"kid":"a"}}"#),
        8 => format!(r#"{{"alg":"{alg}","typ":1}}"#),
        9 => r#"{"alg":"none"}"#.to_owned(),
        10 => r#"{}"#.to_owned(),
        11 => r#"[]"#.to_owned(),
        _ => format!(r#"{{"alg":"{alg}"}}"#),
    };
    let input = format!("{}.{}", base64url::encode(header), base64url::encode(chance.bytes(20)));
    format!("{input}.{}", base64url::encode(key.sign(input.as_bytes()).expect("signed")))
}

/// The token itself now and then, else with a few signs changed, left out, added or put elsewhere.
fn damaged(chance: &mut Chance, good: &str) -> String {
    let mut token: Vec<char> = good.chars().collect();
    for _ in 0..chance.below(3) {
        if token.is_empty() {
            break;
        }
        let place = chance.below(token.len());
        match chance.below(6) {
            0 => token[place] = *chance.one(&['A', 'z', '_', '-', '.', '=', '+']),
            1 => drop(token.remove(place)),
            2 => token.insert(place, *chance.one(&['A', '.', '=', '\n', ' ', '+', 'é'])),
            3 => token.push(*chance.one(&['=', 'A', '.', '\n'])),
            4 => token.truncate(place.max(1)),
            _ => {
                // The last sign of a part has bits that do not count.
                let ends: Vec<usize> =
                    (0..token.len()).filter(|at| token.get(at + 1).is_none_or(|next| *next == '.')).collect();
                let place = *chance.one(&ends);
                token[place] = *chance.one(&['A', 'B', 'C', 'D', 'Q', 'R', 'g', 'h', 'w', 'x']);
            }
        }
    }
    token.into_iter().collect()
}
