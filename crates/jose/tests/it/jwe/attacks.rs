//! What attackers try on an encrypted token, and that each is met where it can be seen: before a key is used, or by the
//! one opaque error.

use serde_json::{Value, json};
use vestibule_jose::alg::{ContentEncryption as C, KeyManagement as K};
use vestibule_jose::base64url;
use vestibule_jose::jwe::{self, DecryptError, JweError, Options, Rules};
use vestibule_jose::jwk::DecryptionKey;

use super::support::{anything, keys, open, rsa, sealed};
use crate::support::scripted::Scripted;
use crate::support::{LIMITS, provider};

/// RFC 7518 §5.2.2.2 and §5.3: a tag has one length. A shorter one is easier to guess.
#[test]
fn tags_and_ivs_have_one_length() {
    for enc in C::ALL {
        let key = keys(K::Dir, *enc).remove(0);
        let token = token(&key, K::Dir, *enc);
        for (at, part, needed) in [(2, "iv", enc.iv_len()), (4, "tag", enc.tag_len())] {
            let mut lengths: Vec<_> = (0..needed + 3).filter(|length| *length != needed).collect();
            lengths.push(200);
            for found in lengths {
                let changed = with_part(&token, at, |bytes| bytes.resize(found, 0));
                assert_eq!(refusal(&changed, &key), JweError::Length { part, found, needed }.into(), "{enc}");
            }
        }
    }
}

/// Each bit of each part counts, and none of them gives another answer than the others.
#[test]
fn a_changed_bit_is_the_one_opaque_error() {
    for enc in C::ALL {
        for alg in [K::A128Kw, K::A256GcmKw, K::Dir] {
            let key = keys(alg, *enc).remove(0);
            let token = token(&key, alg, *enc);
            for at in 1..5 {
                let length = base64url::decode(token.split('.').nth(at).expect("a part")).expect("base64url").len();
                for byte in 0..length {
                    let changed = with_part(&token, at, |bytes| bytes[byte] ^= 1 << (byte % 8));
                    assert_eq!(refusal(&changed, &key), DecryptError::Decryption, "{alg} {enc} {at} {byte}");
                }
            }
        }
    }
}

/// RFC 7518 §5.2.2.2: the MAC first. The padding is never looked at where the MAC is wrong.
#[test]
fn no_padding_is_read_before_the_mac_holds() {
    for enc in [C::A128CbcHs256, C::A192CbcHs384, C::A256CbcHs512] {
        let key = keys(K::Dir, enc).remove(0);
        for at in [2, 3, 4] {
            let changed = with_part(&token(&key, K::Dir, enc), at, |bytes| bytes[0] ^= 1);
            let counter = Scripted::default();
            let refused = jwe::decrypt(&counter, &changed, &key, &anything()).expect_err("changed");
            assert_eq!((refused, counter.count("mac"), counter.count("decrypt_cbc")), (DecryptError::Decryption, 1, 0));
        }
    }
}

/// RFC 7516 §5.2, step 10, and the lengths that RFC 3394 and RFC 7518 §4.7 give.
#[test]
fn encrypted_keys_have_the_length_of_the_content_key() {
    for (alg, enc, needed) in [
        (K::Dir, C::A128Gcm, 0),
        (K::EcdhEs, C::A128Gcm, 0),
        (K::A128Kw, C::A128Gcm, 24),
        (K::A128GcmKw, C::A256Gcm, 32),
        (K::EcdhEsA128Kw, C::A256CbcHs512, 72),
        (K::Pbes2Hs256A128Kw, C::A128Gcm, 24),
    ] {
        let key = keys(alg, enc).remove(0);
        let token = token(&key, alg, enc);
        for found in [0, 1, 8, 16, 24, 32, 40, 72, 100_000].into_iter().filter(|found| *found != needed) {
            let changed = with_part(&token, 1, |bytes| bytes.resize(found, 0));
            let limits = vestibule_jose::Limits { token_bytes: 1_000_000, ..LIMITS };
            let refused = jwe::decrypt(provider(), &changed, &key, &anything().limits(limits)).expect_err("a length");
            assert_eq!(refused, JweError::Length { part: "encrypted_key", found, needed }.into(), "{alg}");
        }
    }
}

/// A content key that has another length than `enc` asks for, though rightly encrypted, does not open anything.
#[test]
fn a_content_key_of_the_wrong_length_is_the_opaque_error() {
    let key = super::support::decryption(rsa());
    let theirs = key.encryption_key().expect("the other half");
    let handle = provider().encrypt_key(K::RsaOaep, theirs.material().expect("public")).expect("a handle");
    let header = base64url::encode(r#"{"alg":"RSA-OAEP","enc":"A128GCM"}"#);
    for length in [0, 1, 15, 16, 17, 24, 32, 64] {
        let content_key = vec![7; length];
        let encrypted = handle.encrypt(&content_key).expect("encrypted");
        // Where AES has a key of this length, the content is rightly sealed under it: as A192GCM, or as A256GCM.
        let sealing = if matches!(length, 16 | 24 | 32) { content_key } else { vec![7; 16] };
        let mut in_out = b"text".to_vec();
        let tag = provider().seal_gcm(&sealing, &[3; 12], header.as_bytes(), &mut in_out).expect("sealed");
        let token = format!("{header}.{}", [&encrypted[..], &[3; 12], &in_out, &tag].map(base64url::encode).join("."));
        match open(&token, &key) {
            Ok(opened) => assert_eq!((length, opened.plaintext()), (16, &b"text"[..])),
            Err(error) => assert_eq!((length != 16, error), (true, DecryptError::Decryption), "{length}"),
        }
    }
}

/// An invalid point would give the private key away piece by piece; one on another curve names no key of ours.
#[test]
fn the_ephemeral_key_is_checked() {
    let enc = C::A128Gcm;
    let all = keys(K::EcdhEsA128Kw, enc);
    for key in &all {
        let token = token(key, K::EcdhEsA128Kw, enc);
        let with = |epk: Value| with_header(&token, "epk", epk);
        let epk = header(&token)["epk"].clone();
        let coordinate = if epk["kty"] == "EC" { "y" } else { "x" };
        let changed = |change: &dyn Fn(&mut Vec<u8>)| {
            let mut bytes = base64url::decode(epk[coordinate].as_str().expect("text")).expect("base64url");
            change(&mut bytes);
            let mut epk = epk.clone();
            epk[coordinate] = base64url::encode(bytes).into();
            with(epk)
        };
        assert_eq!(refusal(&changed(&|bytes| bytes[20] ^= 1), key), DecryptError::Decryption, "{epk}");
        let zeros = changed(&|bytes| bytes.fill(0));
        assert_eq!(refusal(&zeros, key), DecryptError::Decryption, "{epk}");
        // Shorter, longer, private, of no kind, no key at all.
        let wrong: DecryptError = JweError::Member { member: "epk", expected: "a public key of this algorithm" }.into();
        assert_eq!(refusal(&changed(&|bytes| bytes.truncate(20)), key), wrong);
        assert_eq!(refusal(&changed(&|bytes| bytes.push(0)), key), wrong);
        for epk in [
            json!({}),
            json!("key"),
            json!(null),
            json!({"kty": "oct", "k": "AAAA"}),
            json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}),
            crate::support::with(&epk, "d", "AAAA".into()),
        ] {
            assert_eq!(refusal(&with(epk.clone()), key), wrong, "{epk}");
        }
        assert_eq!(refusal(&without_header(&token, "epk"), key), JweError::Missing("epk").into());
        for member in ["apu", "apv"] {
            let wrong = JweError::Member { member, expected: "canonical base64url" };
            for value in [json!("QQ=="), json!("QR"), json!(1), json!(["QQ"])] {
                assert_eq!(refusal(&with_header(&token, member, value), key), wrong.clone().into());
            }
            assert_eq!(refusal(&with_header(&token, member, json!("QQ")), key), DecryptError::Decryption);
        }
        // RFC 7518 §4.6.1.1: the recipient's curve.
        for other in &all {
            let theirs = self::token(other, K::EcdhEsA128Kw, enc);
            let foreign = without_header(&with_header(&theirs, "kid", json!("x")), "kid");
            if header(&theirs)["epk"]["crv"] != epk["crv"] {
                assert_eq!(refusal(&foreign, key), DecryptError::NoKey { alg: K::EcdhEsA128Kw, kid: None });
            }
        }
    }
}

/// RFC 7748 §6.1: points of small order agree on zero with everybody.
#[test]
fn an_agreement_on_zero_is_refused() {
    let key = keys(K::EcdhEs, C::A128Gcm).pop().expect("X25519 comes last");
    let token = token(&key, K::EcdhEs, C::A128Gcm);
    for x in SMALL_ORDER {
        let bytes: Vec<u8> =
            (0..64).step_by(2).map(|at| u8::from_str_radix(&x[at..at + 2], 16).expect("hex")).collect();
        let epk = json!({"kty": "OKP", "crv": "X25519", "x": base64url::encode(&bytes)});
        // The content is rightly sealed under what the zero secret would give, which the attacker can compute.
        let header = json!({"alg": "ECDH-ES", "enc": "A128GCM", "epk": epk}).to_string();
        let forged = sealed(&header, &[], &zero_secret_key(), b"forged");
        assert_eq!(refusal(&forged, &key), DecryptError::Decryption, "{x}");
        assert!(open(&token, &key).is_ok());
    }
}

/// RFC 7518 §4.6.2 over a shared secret of zeros.
fn zero_secret_key() -> [u8; 16] {
    let mut input = vec![0, 0, 0, 1];
    input.extend([0; 32]);
    input.extend([0, 0, 0, 7]);
    input.extend(b"A128GCM");
    input.extend([0; 8]);
    input.extend([0, 0, 0, 128]);
    *provider().sha256(&input).first_chunk().expect("32 bytes")
}

/// RFC 7518 §8.5: whoever writes the token says how long the reader works, so that the reader bounds it before.
#[test]
fn no_round_of_pbkdf2_is_done_beyond_the_limit() {
    let key = keys(K::Pbes2Hs256A128Kw, C::A128Gcm).remove(0);
    let token = token(&key, K::Pbes2Hs256A128Kw, C::A128Gcm);
    let member = |member, expected| DecryptError::from(JweError::Member { member, expected });
    let count = member("p2c", "a positive integer");
    let huge = |found| DecryptError::Rounds { found, limit: LIMITS.p2c };
    for (p2c, expected) in [
        (json!(LIMITS.p2c + 1), huge(u64::from(LIMITS.p2c) + 1)),
        (json!(u32::MAX), huge(u32::MAX.into())),
        (json!(u64::MAX), huge(u64::MAX)),
        (json!(0), count.clone()),
        (json!(-1), count.clone()),
        (json!(1000.0), count.clone()),
        (json!(1e300), count.clone()),
        (json!("1000"), count.clone()),
        (json!(null), count),
    ] {
        let counter = Scripted::default();
        let refused = jwe::decrypt(&counter, &with_header(&token, "p2c", p2c.clone()), &key, &anything());
        assert_eq!((refused.expect_err("refused"), counter.work()), (expected, 0), "{p2c}");
    }
    let short = member("p2s", "8 bytes or longer (RFC 7518 §4.8.1.1)");
    assert_eq!(refusal(&with_header(&token, "p2s", "AAAAAAAAAA".into()), &key), short);
    assert_eq!(refusal(&with_header(&token, "p2s", "".into()), &key), short);
    assert_eq!(refusal(&without_header(&token, "p2s"), &key), JweError::Missing("p2s").into());
    assert_eq!(refusal(&without_header(&token, "p2c"), &key), JweError::Missing("p2c").into());
    // Off unless switched on, though the algorithm is allowed by name.
    let counter = Scripted::default();
    let refused = jwe::decrypt(&counter, &token, &key, &Rules::new(K::ALL, C::ALL)).expect_err("switched off");
    assert_eq!((refused.check(), counter.work()), ("alg", 0));
    // Several keys, or several recipients, do not multiply the bound.
    let keys: Vec<_> = (0..10u8).map(|n| DecryptionKey::from_password(&[n; 9], None).expect("a password")).collect();
    let limits = vestibule_jose::Limits { p2c: 3500, ..LIMITS };
    let counter = Scripted::default();
    let refused = jwe::decrypt(&counter, &token, &keys, &anything().limits(limits)).expect_err("the wrong passwords");
    assert_eq!((refused, counter.count("pbkdf2")), (DecryptError::Decryption, 3000));
}

/// RFC 8725 §3.6, and RFC 7516 §4.1.3: compressed content must be accepted, protected and bounded.
#[test]
fn compression_is_bounded() {
    let key = [7; 16];
    let ours = DecryptionKey::from_secret(&key, Some(K::Dir), None).expect("a key");
    let theirs = ours.encryption_key().expect("the other half");
    let options = Options::default().deflate();
    let bomb = jwe::encrypt(provider(), &theirs, C::A128Gcm, &options, &vec![0; 20_000_000]).expect("a token");
    assert!(bomb.len() < 30_000, "it is small: {}", bomb.len());
    let limit = LIMITS.inflated_bytes;
    assert_eq!(refusal(&bomb, &ours), DecryptError::Inflate { limit });
    let one_more = jwe::encrypt(provider(), &theirs, C::A128Gcm, &options, &vec![0; limit + 1]).expect("a token");
    assert_eq!(refusal(&one_more, &ours), DecryptError::Inflate { limit });
    let strict = Rules::new(K::ALL, C::ALL);
    let refused = jwe::decrypt(provider(), &bomb, &ours, &strict).expect_err("switched off");
    assert_eq!(refused, DecryptError::Compression("DEF".into()));
    for zip in ["GZIP", "def", "", "none"] {
        let header = json!({"alg": "dir", "enc": "A128GCM", "zip": zip}).to_string();
        assert_eq!(refusal(&sealed(&header, &[], &key, b"x"), &ours), DecryptError::Compression(zip.into()));
    }
    // Not raw DEFLATE: nothing, cut off, something behind it, the wrapping of zlib, a match before the beginning.
    let header = r#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#;
    for content in [&b""[..], &[0x4b], &[0x4b, 0x04, 0x00, 0x00], &[0x78, 0x9c, 0x4b, 0x04, 0x00], &[0x03, 0x02], &[7]]
    {
        assert_eq!(refusal(&sealed(header, &[], &key, content), &ours), DecryptError::Inflate { limit }, "{content:?}");
    }
    let right = sealed(header, &[], &key, &[0x4b, 0x04, 0x00]);
    assert_eq!(open(&right, &ours).expect("opened").plaintext(), b"a");
}

/// RFC 7516 §4.1.13 and RFC 7515 §4.1.11.
#[test]
fn crit_is_understood_or_refused() {
    let key = [7; 16];
    let ours = DecryptionKey::from_secret(&key, Some(K::Dir), None).expect("a key");
    let token = |crit: Value| {
        let header = json!({"alg": "dir", "enc": "A128GCM", "ext": 1, "other": 2, "crit": crit});
        sealed(&header.to_string(), &[], &key, b"text")
    };
    let understand: &[&str] = &["ext", "missing", "enc"];
    let rules = anything().understand(understand);
    let form = |words| DecryptError::from(JweError::Critical(words));
    for (crit, expected) in [
        (json!([]), form("is not an array with at least one name")),
        (json!("ext"), form("is not an array with at least one name")),
        (json!(null), form("is not an array with at least one name")),
        (json!([1]), form("holds something else than names")),
        (json!(["ext", "ext"]), form("names an extension twice")),
        (json!(["enc"]), form("names a member that is no extension")),
        (json!(["crit"]), form("names a member that is no extension")),
        (json!(["missing"]), form("names a member that is not there")),
        (json!(["ext", "other"]), JweError::NotUnderstood.into()),
        (json!(["other"]), JweError::NotUnderstood.into()),
        (json!(vec!["ext"; 4000]), JweError::NotUnderstood.into()),
    ] {
        let limits = vestibule_jose::Limits { header_bytes: 40_000, ..LIMITS };
        let refused = jwe::decrypt(provider(), &token(crit.clone()), &ours, &rules.clone().limits(limits));
        assert_eq!(refused.expect_err("refused"), expected, "{crit}");
    }
    let right = token(json!(["ext"]));
    assert_eq!(jwe::decrypt(provider(), &right, &ours, &rules).expect("understood").plaintext(), b"text");
    assert_eq!(refusal(&right, &ours), JweError::NotUnderstood.into());
}

/// RFC 8725 §3.1: neither the header nor the key alone says what is done.
#[test]
fn algorithms_are_those_of_the_caller_and_of_the_key() {
    let key = DecryptionKey::from_secret(&[7; 16], Some(K::A128Kw), None).expect("a key");
    let token = token(&key, K::A128Kw, C::A128Gcm);
    let check = |token: &str, rules: &Rules<'_>| jwe::decrypt(provider(), token, &key, rules).expect_err("refused");
    let refused = check(&token, &Rules::new(&[K::Dir, K::A256Kw], C::ALL));
    let allowed = vec![K::Dir, K::A256Kw];
    assert_eq!(refused, DecryptError::Algorithm { allowed, found: "A128KW".into() });
    assert_eq!(refused.to_string(), "alg: expected dir or A256KW, found \"A128KW\"");
    let refused = check(&token, &Rules::new(K::ALL, &[C::A256Gcm]));
    assert_eq!(refused, DecryptError::Encryption { allowed: vec![C::A256Gcm], found: "A128GCM".into() });
    for name in ["none", "", "a128kw", "A128KW ", "HS256", "RSA1_5"] {
        let refused = check(&with_header(&token, "alg", name.into()), &Rules::new(K::ALL, C::ALL));
        assert_eq!(refused.check(), "alg", "{name}");
    }
    for name in ["none", "", "a128gcm", "A128KW"] {
        let refused = check(&with_header(&token, "enc", name.into()), &anything());
        assert_eq!(refused.check(), "enc", "{name}");
    }
    // Wycheproof's confusion of KW and GCMKW: the key's own `alg` decides.
    let header =
        json!({"alg": "A128GCMKW", "enc": "A128GCM", "iv": "AAAAAAAAAAAAAAAA", "tag": "AAAAAAAAAAAAAAAAAAAAAA"});
    let confused = sealed(&header.to_string(), &[0; 16], &[7; 16], b"text");
    assert_eq!(check(&confused, &anything()), DecryptError::NoKey { alg: K::A128GcmKw, kid: None });
    // A key for `dir` is one for the content encryption of its length.
    let direct = DecryptionKey::from_secret(&[7; 32], Some(K::Dir), None).expect("a key");
    let token = self::token(&direct, K::Dir, C::A256Gcm);
    assert_eq!(refusal(&with_header(&token, "enc", "A128GCM".into()), &direct).check(), "key");
    assert_eq!(open(&token, &direct).expect("opened").plaintext(), b"text");
}

/// What a header says about keys is passed over.
#[test]
fn keys_in_the_header_are_never_used() {
    let mine = [7; 16];
    let header = json!({"alg": "dir", "enc": "A128GCM",
        "jwk": {"kty": "oct", "k": base64url::encode([9; 16])}, "jku": "https://evil.example/keys", "x5c": ["AAAA"]});
    let ours = DecryptionKey::from_secret(&mine, Some(K::Dir), None).expect("a key");
    assert_eq!(refusal(&sealed(&header.to_string(), &[], &[9; 16], b"text"), &ours), DecryptError::Decryption);
    assert!(open(&sealed(&header.to_string(), &[], &mine, b"text"), &ours).is_ok());
}

fn token(key: &DecryptionKey, alg: K, enc: C) -> String {
    let theirs = key.encryption_key().expect("the other half").with_alg(alg).expect("its algorithm");
    jwe::encrypt(provider(), &theirs, enc, &Options::default().p2c(1000), b"text").expect("a token")
}

fn refusal(token: &str, key: &DecryptionKey) -> DecryptError {
    open(token, key).expect_err(token)
}

fn with_part(token: &str, at: usize, change: impl Fn(&mut Vec<u8>)) -> String {
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let mut bytes = base64url::decode(&parts[at]).expect("base64url");
    change(&mut bytes);
    parts[at] = base64url::encode(bytes);
    parts.join(".")
}

fn header(token: &str) -> Value {
    let header = base64url::decode(token.split('.').next().expect("a header")).expect("base64url");
    serde_json::from_slice(&header).expect("JSON")
}

fn with_header(token: &str, member: &str, value: Value) -> String {
    with_part(token, 0, |bytes| {
        let mut header: Value = serde_json::from_slice(bytes).expect("JSON");
        header[member] = value.clone();
        *bytes = header.to_string().into_bytes();
    })
}

fn without_header(token: &str, member: &str) -> String {
    with_part(token, 0, |bytes| {
        let mut header: Value = serde_json::from_slice(bytes).expect("JSON");
        header.as_object_mut().expect("an object").remove(member);
        *bytes = header.to_string().into_bytes();
    })
}

/// The coordinates of points whose order divides 8, as they can be spelled (RFC 7748 §5: the top bit does not count).
const SMALL_ORDER: &[&str] = &[
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
    "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
];
