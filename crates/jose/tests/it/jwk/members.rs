//! The RFCs' examples, and what the members of a key must be.

use serde_json::{Value, json};
use vestibule_jose::JwsAlgorithm;
use vestibule_jose::alg::KeyManagement;
use vestibule_jose::jwk::{KeyAlgorithm, KeyError, KeyUse, Layout, ThumbprintHash, set_to_json};

use super::{json as written, key, parse, rfc7517, without};
use crate::support::{provider, with};

/// RFC 7517 appendices A.1 to A.3: what is read is written again, and the public view is what A.1 shows.
#[test]
fn the_examples_of_rfc_7517_come_back_as_they_went() {
    let (ec, rsa, oct) = (rfc7517("EC"), rfc7517("RSA"), rfc7517("oct"));
    for jwk in [&ec, &rsa, &oct[0], &oct[1]] {
        let key = key(jwk);
        assert_eq!(written(&key), *jwk);
        assert_eq!(Some(key.kty()), jwk["kty"].as_str());
        assert_eq!(key.kid(), jwk["kid"].as_str());
    }
    let public = key(&ec).public().expect("a public half");
    assert_eq!(written(&public), without(&ec, &["d"]));
    let public = key(&rsa).public().expect("a public half");
    assert_eq!(written(&public), without(&rsa, &["d", "p", "q", "dp", "dq", "qi"]));
    assert_eq!(Value::Object(public.public_object().expect("public")), written(&public));
    assert!(key(&oct[0]).public().is_none() && key(&oct[0]).public_object().is_none());
    assert_eq!(key(&ec).usage(), Some(&KeyUse::Encryption));
    assert_eq!(key(&oct[0]).alg(), Some(KeyManagement::A128Kw.into()));
}

/// The order of the members is always the same, and what is not known here is kept.
#[test]
fn members_stand_in_one_order_and_others_are_kept() {
    let jwk = json!({
        "z": [1, {"a": "ü\n"}], "d": rfc7517("EC")["d"], "y": rfc7517("EC")["y"], "x": rfc7517("EC")["x"],
        "crv": "P-256", "alg": "ES256", "key_ops": ["sign"], "use": "sig", "kid": "a \"name\"", "kty": "EC", "exp": 7,
    });
    let key = key(&jwk);
    let text = key.to_json(Layout::Compact);
    assert_eq!(
        text.as_str(),
        concat!(
            r#"{"kty":"EC","kid":"a \"name\"","use":"sig","key_ops":["sign"],"alg":"ES256","crv":"P-256","#,
            r#""x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","#,
            r#""d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE","exp":7,"z":[1,{"a":"ü\n"}]}"#
        )
    );
    let lines = key.to_json(Layout::Lines);
    assert_eq!(serde_json::from_str::<Value>(&lines).expect("JSON"), jwk);
    assert!(lines.starts_with("{\n  \"kty\": \"EC\",\n  \"kid\""), "{}", lines.as_str());
    assert!(written(&key.public().expect("public"))["key_ops"] == json!(["verify"]));

    let keys = [key, super::key(&rfc7517("RSA"))];
    for layout in [Layout::Compact, Layout::Lines] {
        let set: Value = serde_json::from_str(&set_to_json(&keys, layout)).expect("JSON");
        assert_eq!(set, json!({"keys": [jwk, rfc7517("RSA")]}));
    }
    assert_eq!(set_to_json(&[], Layout::Lines).as_str(), r#"{"keys":[]}"#);
}

/// RFC 7517 §4.2 to §4.4, RFC 7518 §6: what contradicts itself is refused, and the words say why.
#[test]
fn contradictions_are_refused() {
    let (ec, rsa) = (rfc7517("EC"), rfc7517("RSA"));
    let oct = rfc7517("oct")[1].clone();
    let plain = without(&ec, &["use"]);
    for (jwk, words) in [
        (with(&ec, "key_ops", json!(["sign"])), "key_ops is not what `use` allows"),
        (with(&ec, "key_ops", json!(["deriveKey", "deriveKey"])), "key_ops is not an array of distinct strings"),
        (with(&ec, "key_ops", json!([7])), "key_ops is not an array of distinct strings"),
        (with(&ec, "key_ops", json!("sign")), "key_ops is not an array of distinct strings"),
        (with(&ec, "use", json!(7)), "use is not a string"),
        (with(&ec, "kid", json!(null)), "kid is not a string"),
        (with(&ec, "alg", json!("none")), r#"algorithm "none" is not known"#),
        (with(&ec, "alg", json!("ES384")), "ES384 does not go with this key (private EC on P-256)"),
        (with(&ec, "alg", json!("RSA-OAEP")), "RSA-OAEP does not go with this key"),
        (with(&ec, "alg", json!("A128KW")), "A128KW does not go with this key"),
        (with(&rsa, "alg", json!("ECDH-ES")), "ECDH-ES does not go with this key"),
        (with(&oct, "alg", json!("A128KW")), "A128KW does not go with this key (a secret of 64 bytes)"),
        (with(&oct, "alg", json!("A128GCM")), "A128GCM does not go with this key"),
        (with(&oct, "alg", json!("ES256")), "ES256 does not go with this key"),
        (with(&rfc7517("oct")[0], "alg", json!("HS256")), "a secret of 16 bytes is too short for HS256"),
        (json!({"kty": "oct", "k": ""}), "one byte or more"),
        (json!({"kty": "oct"}), "member k is missing"),
        (with(&ec, "p", json!("AQAB")), "p is not absent"),
        (with(&ec, "k", json!("AQAB")), "k is not absent"),
        (with(&ec, "priv", json!("AQAB")), "priv is not absent"),
        (with(&oct, "d", json!("AQAB")), "d is not absent"),
        (with(&without(&rsa, &["d"]), "p", rsa["p"].clone()), "member d is missing"),
        (without(&plain, &["x"]), "member x is missing"),
        (with(&plain, "y", plain["x"].clone()), "not valid"),
        (with(&without(&plain, &["d"]), "y", plain["x"].clone()), "not valid"),
    ] {
        let error = parse(&jwk).expect_err(words).to_string();
        assert!(error.contains(words), "{words}: {error}");
    }
    for alg in ["ES256", "ECDH-ES", "ECDH-ES+A192KW"] {
        assert!(parse(&with(&plain, "alg", json!(alg))).is_ok(), "{alg}");
    }
    assert!(parse(&with(&oct, "alg", json!("A256CBC-HS512"))).is_ok());
    assert!(parse(&with(&oct, "alg", json!("PBES2-HS256+A128KW"))).is_ok());
    assert!(parse(&with(&plain, "key_ops", json!(["deriveKey", "somebody's own"]))).is_ok());
    // The same by the builders.
    assert!(key(&plain).with_alg(JwsAlgorithm::ES384.into()).is_err());
    assert!(key(&ec).with_key_ops(vec!["sign".into()]).is_err());
    assert!(key(&ec).with_key_ops(vec!["deriveKey".into()]).expect("allowed").with_use(KeyUse::Signature).is_err());
}

/// RFC 7638 §3.1 and RFC 9278 §3 (with the key of the former); RFC 8037 appendix A.3; RFC 9964 §6.
#[test]
fn thumbprints_are_the_standards() {
    let rsa = key(&rfc7517("RSA"));
    let of = |hash| rsa.thumbprint(provider(), hash);
    assert_eq!(of(ThumbprintHash::Sha256).as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
    assert_eq!(
        rsa.thumbprint_uri(provider(), ThumbprintHash::Sha256).as_deref(),
        Some("urn:ietf:params:oauth:jwk-thumbprint:sha-256:NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
    );
    // Of the others there is no published example; the lengths are those of the hashes.
    for (hash, len) in [(ThumbprintHash::Sha384, 64), (ThumbprintHash::Sha512, 86)] {
        assert_eq!(of(hash).map(|print| print.len()), Some(len));
        let uri = rsa.thumbprint_uri(provider(), hash).expect("a URI");
        assert_eq!(uri.rsplit_once(':').map(|(_, print)| print.to_owned()), of(hash));
        assert_eq!(ThumbprintHash::named(hash.as_str()), Some(hash));
    }
    let okp = key(&json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}));
    let print = okp.thumbprint(provider(), ThumbprintHash::Sha256);
    assert_eq!(print.as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
    assert!(key(&rfc7517("oct")[1]).thumbprint(provider(), ThumbprintHash::Sha256).is_none());
}

/// RFC 9964 §2: `alg` is part of the key, and must be there.
#[test]
fn an_akp_key_names_its_algorithm() {
    let made = vestibule_jose::jwk::Jwk::generate(
        provider(),
        vestibule_jose::jwk::NewKey::MlDsa(vestibule_jose::provider::MlDsa::L44),
    );
    let jwk = written(&made.expect("a key"));
    assert_eq!(written(&key(&jwk)), jwk);
    assert_eq!(parse(&without(&jwk, &["alg"])).map(drop), Err(KeyError::Missing("alg")));
    assert!(parse(&with(&jwk, "alg", json!("ML-DSA-65"))).is_err());
    assert!(matches!(key(&jwk).with_alg(JwsAlgorithm::MlDsa65.into()), Err(KeyError::Mismatch { .. })));
}

/// RFC 7517 §4.2 to §4.4: what a key says of itself is obeyed when something is to be done with it.
#[test]
fn use_key_ops_and_alg_are_obeyed() {
    let plain = without(&rfc7517("EC"), &["use"]);
    let signs = |jwk: &Value| key(jwk).signing_key(provider(), None);
    let verifies = |jwk: &Value| key(jwk).verifying_key(provider(), None);
    assert!(signs(&plain).is_ok() && verifies(&plain).is_ok());
    assert!(matches!(signs(&rfc7517("EC")).map(drop), Err(KeyError::Usage { member: "use", .. })));
    assert!(matches!(verifies(&rfc7517("EC")).map(drop), Err(KeyError::Usage { member: "use", .. })));
    let derive = with(&plain, "key_ops", json!(["deriveKey"]));
    assert!(matches!(signs(&derive).map(drop), Err(KeyError::Usage { member: "key_ops", .. })));
    assert!(matches!(verifies(&derive).map(drop), Err(KeyError::Usage { member: "key_ops", .. })));
    let sign = with(&plain, "key_ops", json!(["sign"]));
    assert!(signs(&sign).is_ok() && verifies(&sign).is_ok(), "whoever signs may look at the signature");
    let agree = with(&plain, "alg", json!("ECDH-ES"));
    assert_eq!(signs(&agree).map(drop), Err(KeyError::UnknownAlgorithm("ECDH-ES".into())));

    let rsa = key(&rfc7517("RSA"));
    assert_eq!(rsa.signing_key(provider(), None).expect("a key").alg(), JwsAlgorithm::RS256);
    assert!(matches!(rsa.signing_key(provider(), Some(JwsAlgorithm::PS256)), Err(KeyError::Algorithm { .. })));
    let free = key(&without(&rfc7517("RSA"), &["alg"]));
    let signer = free.signing_key(provider(), Some(JwsAlgorithm::PS256)).expect("a key");
    let verifier = free.public().expect("public").verifying_key(provider(), None).expect("a key");
    assert!(verifier.verify(JwsAlgorithm::PS256, b"message", &signer.sign(b"message").expect("signed")));
    assert_eq!((signer.kid(), verifier.kid()), (Some("2011-04-29"), Some("2011-04-29")));
    assert!(free.public().expect("public").signing_key(provider(), None).is_err());
    assert_eq!(rsa.alg(), Some(KeyAlgorithm::Signature(JwsAlgorithm::RS256)));
}

/// RFC 7517 §4.2 to §4.4 for what encrypts: the same terms as of keys that are read for it alone.
#[test]
fn a_key_encrypts_and_decrypts_where_it_may() {
    let jwk = rfc7517("EC");
    let own = key(&jwk);
    let (open, seal) = (own.decryption_key(provider(), None), own.encryption_key(provider(), None));
    let (open, seal) = (open.expect("a key"), seal.expect("a key"));
    assert_eq!((open.kid(), seal.kid()), (Some("1"), Some("1")));
    assert!(open.allows(KeyManagement::EcdhEs) && seal.algs() == open.algs());
    assert!(own.public().expect("public").decryption_key(provider(), None).is_err());
    assert!(own.public().expect("public").encryption_key(provider(), Some(KeyManagement::EcdhEs)).is_ok());
    for (jwk, wish) in [
        (with(&jwk, "use", json!("sig")), None),
        (with(&without(&jwk, &["use"]), "key_ops", json!(["sign"])), None),
        (with(&without(&jwk, &["use"]), "alg", json!("ES256")), None),
        (with(&jwk, "alg", json!("ECDH-ES")), Some(KeyManagement::EcdhEsA128Kw)),
        (jwk.clone(), Some(KeyManagement::RsaOaep256)),
        (rfc7517("RSA"), None),
    ] {
        assert!(key(&jwk).decryption_key(provider(), wish).is_err(), "{jwk} {wish:?}");
        assert!(key(&jwk).encryption_key(provider(), wish).is_err(), "{jwk} {wish:?}");
    }
    let wrap = key(&rfc7517("oct")[0]);
    assert_eq!(wrap.decryption_key(provider(), None).expect("a key").algs(), [KeyManagement::A128Kw]);
    assert_eq!(wrap.encryption_key(provider(), None).expect("a key").alg(), KeyManagement::A128Kw);
}
