//! The RFCs' own examples: each opens in each of its forms, and is made again byte for byte where nothing in it is the
//! provider's own chance (RSA's padding) or the compressor's choice.

use serde_json::{Value, json};
use vestibule_jose::alg::ContentEncryption;
use vestibule_jose::base64url;
use vestibule_jose::jwe::{self, Encrypter, JsonEncrypter, Options, Placement};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};
use vestibule_jose::provider::{Curve, PrivateMaterial};
use zeroize::Zeroizing;

use super::support::{decryption, encryption, open};
use crate::support::provider;
use crate::support::scripted::Scripted;

/// RFC 7516 appendix A.1 to A.5.
#[test]
fn rfc_7516_appendix_a() {
    let (opened, made) = run(include_str!("vectors/rfc7516.json"));
    assert_eq!((opened, made), (6, 2), "A.4 opens for both; A.3 and A.5 are made again");
}

/// RFC 7520 §5.1 to §5.12; §5.13 has a test of its own.
#[test]
fn rfc_7520_section_5() {
    let (opened, made) = run(include_str!("vectors/rfc7520.json"));
    assert_eq!((opened, made), (31, 22), "not §5.1, §5.2 and §5.9, in three forms each");
}

/// The forms that opened, and those that were made again.
fn run(text: &str) -> (usize, usize) {
    let cases: Vec<Value> = serde_json::from_str(text).expect("the vectors");
    let (mut opened, mut made) = (0, 0);
    for case in cases.iter().filter(|case| case["name"] != "5.13") {
        let name = case["name"].as_str().expect("a name");
        let plaintext = text_of(case, "plaintext");
        for (form, token) in forms(case) {
            let keys = [Some(key(case)), case.get("other").map(decryption)];
            for key in keys.into_iter().flatten() {
                let found = open(&token, &key).unwrap_or_else(|error| panic!("{name} {form}: {error}"));
                assert_eq!(found.plaintext(), plaintext.as_bytes(), "{name} {form}");
                assert_eq!(found.aad(), case.get("aad").map(|aad| aad.as_str().expect("text").as_bytes()));
                opened += 1;
            }
            made += usize::from(make_again(case, form, &token));
        }
    }
    (opened, made)
}

/// Whether the form could be made again, which is then equal.
fn make_again(case: &Value, form: &str, token: &str) -> bool {
    let name = case["name"].as_str().expect("a name");
    // A.4 has a recipient with RSA1_5, which is never written.
    if case["alg"] == "RSA1_5" || case.get("other").is_some() {
        return false;
    }
    let script = script(case);
    let mut options = Options::default();
    if let Some(cty) = case["cty"].as_str() {
        options = options.cty(cty);
    }
    if let Some(p2c) = case["p2c"].as_u64() {
        options = options.p2c(u32::try_from(p2c).expect("a count"));
    }
    if case.get("zip").is_some() {
        options = options.deflate();
    }
    let enc = content(case);
    let plaintext = text_of(case, "plaintext");
    let made = if form == "compact" {
        let encrypter = Encrypter::new(their_key(case), enc, &options).expect("a header");
        encrypter.encrypt(&script, plaintext.as_bytes()).expect("a token")
    } else {
        let aad = case["aad"].as_str().unwrap_or_default();
        let placement = match case["placement"].as_str() {
            Some("shared") => Placement::Shared,
            Some("unprotected") => Placement::Unprotected,
            Some("recipient") => Placement::PerRecipient,
            _ => Placement::Protected,
        };
        let mut message = JsonEncrypter::new(enc, &options).recipient(their_key(case)).aad(aad.as_bytes());
        for (name, value) in case["unprotected"].as_object().into_iter().flatten() {
            message = message.unprotected(name, value.clone());
        }
        let message = message.placement(placement);
        let made = match form {
            "flattened" => message.flattened(&script, plaintext.as_bytes()),
            _ => message.general(&script, plaintext.as_bytes()),
        };
        made.expect("a token")
    };
    assert!(script.is_finished(), "{name}: all of the script was used");
    if case["alg"].as_str().is_some_and(|alg| alg.starts_with("RSA")) {
        assert_eq!(without_key(&made), without_key(token), "{name}");
        return false;
    }
    if case.get("zip").is_some() {
        return false;
    }
    if form == "compact" {
        assert_eq!(made, token, "{name}");
    } else {
        let value = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(value(&made), value(token), "{name} {form}");
    }
    true
}

/// All but the encrypted key, which has the provider's own padding in it.
fn without_key(token: &str) -> Vec<String> {
    if token.starts_with('{') {
        let value: Value = serde_json::from_str(token).expect("JSON");
        return ["protected", "iv", "ciphertext", "tag"].map(|name| value[name].to_string()).into();
    }
    token.split('.').enumerate().filter(|(index, _)| *index != 1).map(|(_, part)| part.to_owned()).collect()
}

/// RFC 7520 §5.13: what the recipients with ECDH-ES+A256KW and A256GCMKW get is made again, and so is the content. The
/// third has RSA1_5.
#[test]
fn rfc_7520_section_5_13() {
    let cases: Vec<Value> = serde_json::from_str(include_str!("vectors/rfc7520.json")).expect("the vectors");
    let case = cases.iter().find(|case| case["name"] == "5.13").expect("§5.13");
    let token = case["general"].to_string();
    let keys: Vec<_> = case["keys"].as_array().expect("keys").iter().collect();
    for (index, key) in keys.iter().enumerate() {
        let opened = open(&token, &decryption(key)).expect("opened");
        assert_eq!((opened.plaintext(), opened.recipient()), (text_of(case, "plaintext").as_bytes(), index));
        assert_eq!(opened.header().cty(), Some("text/plain"));
    }
    let alg = "ECDH-ES+A256KW".parse().expect("an algorithm");
    let options = Options::default();
    let message = JsonEncrypter::new(content(case), &options)
        .recipient(encryption(&public(keys[1])).with_alg(alg).expect("its algorithm"))
        .recipient(encryption(keys[2]))
        .unprotected("cty", json!("text/plain"));
    let made = message.general(&script(case), text_of(case, "plaintext").as_bytes()).expect("a token");
    let mut expected = case["general"].clone();
    expected["recipients"].as_array_mut().expect("recipients").remove(0);
    assert_eq!(serde_json::from_str::<Value>(&made).expect("JSON"), expected);
}

/// RFC 7517 appendix C. Its header puts `cty` behind `enc`, so that ours has another tag; the key is wrapped alike.
#[test]
fn rfc_7517_appendix_c() {
    let case: Value = serde_json::from_str(include_str!("vectors/rfc7517_c.json")).expect("the vector");
    let (token, plaintext) = (text_of(&case, "token"), text_of(&case, "plaintext"));
    let alg = "PBES2-HS256+A128KW".parse().expect("an algorithm");
    let password = b"Thus from my lips, by yours, my sin is purged.";
    let key = DecryptionKey::from_password(password, Some(alg)).expect("a password");
    let opened = open(&token, &key).expect("opened");
    assert_eq!(opened.plaintext(), plaintext.as_bytes());
    assert_eq!(opened.header().cty(), Some("jwk+json"));
    let draws = ["bxsZNEIdFE5csDjwQdBScKGDJDfK7LmsgReZwsMw_bY", "2WCTcJZ1Rvd_CJuJripQ1w", "Ye9j1qs22DmRSAddIh-VnA"];
    let script = Scripted::random(draws.map(bytes));
    let options = Options::default().p2c(4096).cty("jwk+json");
    let enc = ContentEncryption::A128CbcHs256;
    let theirs = key.encryption_key().expect("the other half");
    let made = jwe::encrypt(&script, &theirs, enc, &options, plaintext.as_bytes()).expect("a token");
    let parts = |token: &str| token.split('.').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(parts(&made)[1..4], parts(&token)[1..4]);
}

/// RFC 7518 appendix C: Alice agrees with Bob on a key for A128GCM.
#[test]
fn rfc_7518_appendix_c() {
    let bob = json!({
        "kty": "EC", "crv": "P-256",
        "x": "weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ",
        "y": "e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck",
        "d": "VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw"
    });
    let alice = PrivateMaterial::Ec {
        curve: Curve::P256,
        d: Zeroizing::new(bytes("0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo")),
        public: None,
    };
    let key = decryption(&bob);
    let theirs = key.encryption_key().expect("the other half").with_alg("ECDH-ES".parse().expect("an algorithm"));
    let options = Options::default().apu(b"Alice").apv(b"Bob");
    let script = Scripted::random([vec![7; 12]]).ephemeral(alice);
    let theirs = theirs.expect("its algorithm");
    let token = jwe::encrypt(&script, &theirs, ContentEncryption::A128Gcm, &options, b"text").expect("a token");
    let parts: Vec<_> = token.split('.').collect();
    let header: Value = serde_json::from_slice(&bytes(parts[0])).expect("JSON");
    assert_eq!((&header["apu"], &header["apv"]), (&json!("QWxpY2U"), &json!("Qm9i")));
    assert_eq!(header["epk"]["x"], "gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0");
    // The agreed key that the appendix gives opens the content.
    let (content_key, tag) = (bytes("VqqN6vgjbSBcIijNcacQGg"), bytes(parts[4]));
    let tag = tag.as_slice().try_into().expect("16 bytes");
    let found = provider().open_gcm(&content_key, &[7; 12], parts[0].as_bytes(), &bytes(parts[3]), tag);
    assert_eq!(found.expect("opened").as_slice(), b"text");
    assert_eq!(open(&token, &key).expect("opened").plaintext(), b"text");
}

/// RFC 8037 appendix A.6: X25519, whose shared secret is that of RFC 7748 §6.1.
#[test]
fn rfc_8037_appendix_a_6() {
    let bob = json!({"kty": "OKP", "crv": "X25519", "kid": "Bob",
        "x": "3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08", "d": "XasIfmJKikt54X-Lg4AO5m87sSkmGLb9HC-LJ_-I4Os"});
    let d = bytes("dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo").try_into().expect("32 bytes");
    let script = Scripted::default().ephemeral(PrivateMaterial::X25519 { d: Zeroizing::new(d), public: None });
    let alg = "ECDH-ES+A128KW".parse().expect("an algorithm");
    let key = decryption(&bob);
    let theirs = key.encryption_key().expect("the other half").with_alg(alg).expect("its algorithm");
    let enc = ContentEncryption::A128Gcm;
    let token = jwe::encrypt(&script, &theirs, enc, &Options::default(), b"text").expect("a token");
    let header: Value = serde_json::from_slice(&bytes(token.split('.').next().expect("a header"))).expect("JSON");
    let expected = json!({"alg": "ECDH-ES+A128KW", "enc": "A128GCM", "kid": "Bob",
        "epk": {"kty": "OKP", "crv": "X25519", "x": "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}});
    assert_eq!(header, expected);
    assert_eq!(open(&token, &key).expect("opened").plaintext(), b"text");
}

fn forms(case: &Value) -> Vec<(&'static str, String)> {
    let form = |name| {
        let token = match case.get(name)? {
            Value::String(compact) => compact.clone(),
            json => json.to_string(),
        };
        Some((name, token))
    };
    ["compact", "flattened", "general"].into_iter().filter_map(form).collect()
}

fn key(case: &Value) -> DecryptionKey {
    match case["password"].as_str() {
        Some(password) => DecryptionKey::from_password(password.as_bytes(), None).expect("a password"),
        None => decryption(&case["key"]),
    }
}

fn their_key(case: &Value) -> EncryptionKey {
    let alg = text_of(case, "alg").parse().expect("an algorithm");
    match case["password"].as_str() {
        Some(password) => EncryptionKey::from_password(password.as_bytes(), Some(alg)).expect("a password"),
        None => encryption(&public(&case["key"])).with_alg(alg).expect("its algorithm"),
    }
}

fn public(key: &Value) -> Value {
    let mut key = key.clone();
    let members = key.as_object_mut().expect("a JWK");
    for name in ["d", "p", "q", "dp", "dq", "qi"] {
        members.remove(name);
    }
    key
}

fn script(case: &Value) -> Scripted {
    let draws = case["draws"].as_array().expect("draws").iter().map(|draw| bytes(draw.as_str().expect("text")));
    let script = Scripted::random(draws);
    match case.get("ephemeral") {
        Some(key) => {
            let curve = Curve::named(&text_of(key, "crv")).expect("a curve");
            script.ephemeral(PrivateMaterial::Ec { curve, d: Zeroizing::new(bytes(&text_of(key, "d"))), public: None })
        }
        None => script,
    }
}

fn content(case: &Value) -> ContentEncryption {
    text_of(case, "enc").parse().expect("an encryption")
}

fn text_of(case: &Value, member: &str) -> String {
    case[member].as_str().expect("text").to_owned()
}

fn bytes(text: &str) -> Vec<u8> {
    base64url::decode(text).expect("base64url")
}
