//! Keys and key sets in JSON, in every type that reads them: what is read is written so that it is read alike.
#![no_main]

use fuzz::{LIMITS, provider};
use jose::explain::Explain as _;
use jose::jwk::{Jwk, KeyUse, Layout, PemForm, ThumbprintHash};
use jose::x509::Certificate;
use jose::{DecryptionKey, EncryptionKey, JwkSet, SigningKey, VerifyingKey};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    match Jwk::parse(provider(), data, &LIMITS) {
        Ok(key) => check(&key),
        Err(error) => drop(error.explain()),
    }
    let _ = SigningKey::from_jwk(provider(), data, &LIMITS);
    let _ = VerifyingKey::from_jwk(provider(), data, &LIMITS);
    let _ = EncryptionKey::from_jwk(provider(), data, &LIMITS);
    let _ = DecryptionKey::from_jwk(provider(), data, &LIMITS);
    match JwkSet::parse(provider(), data, &LIMITS) {
        Ok(set) => {
            assert!(set.keys().len() + set.skipped().len() <= LIMITS.set_keys);
            let text = set.render().to_string();
            let again = JwkSet::parse(provider(), text.as_bytes(), &LIMITS).expect("what was written");
            assert_eq!(again.keys().len(), set.keys().len());
            for key in set.keys() {
                let alg = key.algs().next().expect("a key is for something");
                assert!(set.candidates(key.kid(), alg).any(|one| one.thumbprint() == key.thumbprint()));
                assert!(key.kid().is_none_or(|kid| set.find(kid, alg).is_some()));
            }
            assert_eq!(JwkSet::from_keys(set.keys().to_vec()).keys().len(), set.keys().len());
        }
        Err(error) => drop(error.explain()),
    }
});

fn check(key: &Jwk) {
    let text = key.to_json(Layout::Compact);
    let again = Jwk::parse(provider(), text.as_bytes(), &LIMITS).expect("what was written");
    assert_eq!(again.to_json(Layout::Compact), text);
    assert_eq!(
        again.thumbprint(provider(), ThumbprintHash::Sha256),
        key.thumbprint(provider(), ThumbprintHash::Sha256)
    );
    if let Some(public) = key.public() {
        assert!(public.is_public());
        let text = public.to_json(Layout::Lines);
        assert!(!text.contains("\"d\":") && !text.contains("\"k\":") && !text.contains("\"priv\":"), "{}", *text);
    }
    for form in [PemForm::Pkcs8, PemForm::Pkcs1, PemForm::Sec1, PemForm::Spki, PemForm::Pkcs1Public] {
        if let Ok(pem) = key.to_pem(form) {
            // A key that is carried only (Ed448, X448) has a form that is read again too.
            let again = Jwk::from_pem(provider(), &pem, None, &LIMITS).expect("what was written");
            assert_eq!(
                again.thumbprint(provider(), ThumbprintHash::Sha256),
                key.thumbprint(provider(), ThumbprintHash::Sha256)
            );
        }
    }
    for usage in [KeyUse::Signature, KeyUse::Encryption] {
        let _ = key.clone().with_use(usage);
    }
    let algorithms =
        ["ES256", "EdDSA", "Ed448", "PS512", "HS512", "ML-DSA-44", "ECDH-ES", "RSA-OAEP", "A192KW", "dir", "A128GCM"];
    for alg in algorithms {
        let _ = key.clone().with_alg(alg.parse().expect("an algorithm")).map(|key| key.alg().map(|alg| alg.usage()));
    }
    for operation in ["sign", "verify", "encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"] {
        let _ = key.permits(operation);
        let _ = key.clone().with_key_ops(vec![operation.to_owned()]).map(|key| key.public());
    }
    let chain: Vec<_> = key.certificates().iter().flat_map(|der| Certificate::from_der(der, &LIMITS)).collect();
    if let Ok(again) = key.clone().with_certificates(provider(), &chain) {
        assert_eq!(again.certificate_sha256().is_some(), !chain.is_empty());
    }
    let _ = key.signing_key(provider(), None);
    let _ = key.verifying_key(provider(), None);
    let _ = key.encryption_key(provider(), None);
    let _ = key.decryption_key(provider(), None);
}
