//! What the tests share.

pub(crate) mod scripted;
pub(crate) mod wycheproof;

use std::sync::LazyLock;

use serde_json::Value;
use vestibule_jose::jwt::{self, HeaderExtras, Rules, Verified, VerifyError};
use vestibule_jose::provider::{Provider, RustCrypto, SeededRandom, aws_lc, rustcrypto};
use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, base64url};

/// The moment at which all tests happen.
pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) const LIMITS: Limits = Limits::DEFAULT;

/// The provider that this process tests; `providers` starts a second one for the other.
pub(crate) fn provider() -> &'static dyn Provider {
    static RUSTCRYPTO: LazyLock<RustCrypto> = LazyLock::new(pure);
    if tests_rustcrypto() { &*RUSTCRYPTO } else { aws_lc() }
}

/// The provider in pure Rust, with a seed of its own.
pub(crate) fn pure() -> RustCrypto {
    let mut seed = [0; SeededRandom::SEED_LEN];
    aws_lc().fill_random(&mut seed).expect("randomness");
    rustcrypto(SeededRandom::new(&seed).expect("long enough").into_source())
}

#[expect(clippy::disallowed_methods, reason = "how the process that tests the other provider learns that it does")]
fn tests_rustcrypto() -> bool {
    std::env::var(PROVIDER).is_ok_and(|name| name == "rustcrypto")
}

/// The variable that names the provider to test.
pub(crate) const PROVIDER: &str = "VESTIBULE_JOSE_PROVIDER";

/// An example of an RFC in the compact form: `key`, signing `input` and `signature`. The test of the tools in a browser reads
/// them too.
pub(crate) fn example(name: &str) -> &'static Value {
    static ALL: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(include_str!("examples.json")).expect("JSON"));
    ALL.get(name).expect("an example of this name")
}

/// A fixed ES256 key: RFC 7515 appendix A.3.1.
pub(crate) fn es256() -> SigningKey {
    signing(&example("RFC 7515 A.3")["key"])
}

/// A fixed RS256 key: RFC 7515 appendix A.2.1.
pub(crate) fn rs256() -> SigningKey {
    signing(&serde_json::from_str(include_str!("rfc7515_a2.json")).expect("a JWK"))
}

/// A fixed Ed25519 key: RFC 8037 appendix A.1.
pub(crate) fn ed25519() -> SigningKey {
    signing(&example("RFC 8037 A.4")["key"])
}

/// The JWK with one member set.
pub(crate) fn with(jwk: &Value, member: &str, value: Value) -> Value {
    let mut jwk = jwk.clone();
    jwk[member] = value;
    jwk
}

pub(crate) fn signing(jwk: &Value) -> SigningKey {
    SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a signing key")
}

pub(crate) fn verifying(jwk: &Value) -> VerifyingKey {
    VerifyingKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a verifying key")
}

/// A token of these encoded parts, rightly signed with ES256 whatever they say.
pub(crate) fn seal(header: &str, payload: &str) -> String {
    let input = format!("{header}.{payload}");
    let signature = es256().sign(input.as_bytes()).expect("a signature");
    format!("{input}.{}", base64url::encode(signature))
}

/// A token with this header and payload, rightly signed with ES256 whatever they say.
pub(crate) fn signed(header: &str, payload: &str) -> String {
    seal(&base64url::encode(header), &base64url::encode(payload))
}

/// A token with these claims and the usual header.
pub(crate) fn token(claims: &Value) -> String {
    jwt::sign(&es256(), &HeaderExtras::default(), claims).expect("a token")
}

/// Verifies with the ES256 key.
pub(crate) fn check(token: &str, rules: &Rules<'_>) -> Result<Verified<Value>, VerifyError> {
    jwt::verify(token, &es256().verifying_key(), rules)
}

/// Rules that ask for ES256 alone.
pub(crate) fn rules() -> Rules<'static> {
    Rules::new(NOW, &[JwsAlgorithm::ES256])
}
