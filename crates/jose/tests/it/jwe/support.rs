//! Keys and rules for the tests of encryption.

use std::sync::OnceLock;

use serde_json::Value;
use vestibule_jose::alg::{ContentEncryption, KeyManagement, KeyManagement as K};
use vestibule_jose::base64url;
use vestibule_jose::jwe::{self, DecryptError, Decrypted, Rules};
use vestibule_jose::jwk::{DecryptionKey, EncryptionKey};
use vestibule_jose::provider::{Curve, KeySpec};

use crate::support::{LIMITS, provider};

/// Rules under which everything is allowed.
pub(crate) fn anything() -> Rules<'static> {
    Rules::new(K::ALL, ContentEncryption::ALL).accept_rsa1_5().accept_passwords().accept_compression()
}

pub(crate) fn decryption(jwk: &Value) -> DecryptionKey {
    DecryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a decryption key")
}

pub(crate) fn encryption(jwk: &Value) -> EncryptionKey {
    EncryptionKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("an encryption key")
}

/// Opens a token of any form, where everything is allowed.
pub(crate) fn open(token: &str, key: &DecryptionKey) -> Result<Decrypted, DecryptError> {
    if token.starts_with('{') {
        jwe::decrypt_json(provider(), token, key, &anything())
    } else {
        jwe::decrypt(provider(), token, key, &anything())
    }
}

/// One RSA key for all tests: making one is slow.
pub(crate) fn rsa() -> &'static Value {
    static KEY: OnceLock<Value> = OnceLock::new();
    KEY.get_or_init(|| serde_json::from_str(include_str!("../rfc7515_a2.json")).expect("a JWK"))
}

/// Keys for this algorithm, one on each curve where there are several, that serve this content encryption.
pub(crate) fn keys(alg: KeyManagement, enc: ContentEncryption) -> Vec<DecryptionKey> {
    let one = match alg {
        K::Dir => DecryptionKey::generate_for(provider(), enc),
        K::RsaOaep | K::RsaOaep256 | K::RsaOaep384 | K::RsaOaep512 | K::Rsa15 => Ok(decryption(rsa())),
        K::EcdhEs | K::EcdhEsA128Kw | K::EcdhEsA192Kw | K::EcdhEsA256Kw => {
            let specs = [Curve::P256, Curve::P384, Curve::P521].map(KeySpec::Ec).into_iter().chain([KeySpec::X25519]);
            return specs.map(|spec| DecryptionKey::generate_from(provider(), alg, spec).expect("a key")).collect();
        }
        alg if alg.is_password_based() => DecryptionKey::from_password(b"correct horse battery staple", Some(alg)),
        alg => DecryptionKey::generate(provider(), alg),
    };
    vec![one.expect("a key")]
}

/// A compact token under A128GCM, rightly sealed whatever the header says.
pub(crate) fn sealed(header: &str, encrypted_key: &[u8], content_key: &[u8; 16], plaintext: &[u8]) -> String {
    let header = base64url::encode(header);
    let mut in_out = plaintext.to_vec();
    let tag = provider().seal_gcm(content_key, &[3; 12], header.as_bytes(), &mut in_out).expect("sealed");
    let parts = [encrypted_key, &[3; 12], &in_out, &tag].map(base64url::encode);
    format!("{header}.{}", parts.join("."))
}
