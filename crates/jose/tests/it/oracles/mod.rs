//! Other implementations as oracles, with random inputs both ways: panva/jose (npm) and joserfc (PyPI), each a program
//! that answers requests (`tests/clients/oracle.mjs` and `.py`). They are not everywhere, so that these tests are asked
//! for: `cargo xtask test --only clients` does. A failure shows the seed; `VESTIBULE_ORACLE_SEED` repeats it, the other
//! side's own chance excepted. OpenSSL is asked about keys and signatures in `jwk::openssl` and `openssl`.

mod chance;
mod claims;
mod encryption;
mod keys;
mod mutations;
mod peer;
mod signatures;

use chance::Chance;
use peer::Peer;
use serde_json::Value;
use vestibule_jose::JwsAlgorithm;
use vestibule_jose::provider::RsaSize;
use vestibule_jose::{SigningKey, jwk};

use crate::support::{LIMITS, provider};

/// A private key for this algorithm, as its JWK without a name.
fn signing_key(chance: &Chance, alg: JwsAlgorithm) -> Value {
    let mut jwk = match alg.kty() {
        "RSA" => chance.rsa().clone(),
        _ => private(&SigningKey::generate(&chance.provider, alg).expect("a key")),
    };
    jwk["alg"] = alg.as_str().into();
    without(jwk, &["kid", "use", "key_ops"])
}

fn private(key: &SigningKey) -> Value {
    serde_json::from_str(&key.private_jwk()).expect("JSON")
}

fn without(mut jwk: Value, members: &[&str]) -> Value {
    for member in members {
        jwk.as_object_mut().expect("an object").remove(*member);
    }
    jwk
}

/// The public half, or the secret itself.
fn public(jwk: &Value) -> Value {
    let read = jwk::Jwk::parse(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a key");
    match read.public() {
        Some(public) => serde_json::from_str(&public.to_json(jwk::Layout::Compact)).expect("JSON"),
        None => jwk.clone(),
    }
}

fn new_rsa(chance: &Chance) -> Value {
    let key = SigningKey::generate_sized(&chance.provider, JwsAlgorithm::RS256, RsaSize::Bits2048).expect("a key");
    without(private(&key), &["kid", "use", "alg"])
}

/// A request with these members beside the others.
fn with(mut request: Value, more: Value) -> Value {
    let Value::Object(more) = more else { panic!("an object") };
    request.as_object_mut().expect("an object").extend(more);
    request
}

const FORMS: [&str; 3] = ["compact", "flattened", "general"];
