//! What the tests share.

use serde_json::{Value, json};
use vestibule_jose::jwt::Rules;
use vestibule_jose::provider::{Provider, aws_lc};
use vestibule_jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey};

/// The moment at which all tests happen.
pub(crate) const NOW: i64 = 1_700_000_000;

pub(crate) const LIMITS: Limits = Limits::DEFAULT;

pub(crate) fn provider() -> &'static dyn Provider {
    aws_lc()
}

/// A fixed ES256 key: RFC 7515 appendix A.3.1.
pub(crate) fn es256() -> SigningKey {
    signing(&json!({
        "kty": "EC", "crv": "P-256",
        "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        "d": "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"
    }))
}

/// A fixed RS256 key: RFC 7515 appendix A.2.1.
pub(crate) fn rs256() -> SigningKey {
    signing(&serde_json::from_str(include_str!("rfc7515_a2.json")).expect("a JWK"))
}

pub(crate) fn signing(jwk: &Value) -> SigningKey {
    SigningKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a signing key")
}

pub(crate) fn verifying(jwk: &Value) -> VerifyingKey {
    VerifyingKey::from_jwk(provider(), jwk.to_string().as_bytes(), &LIMITS).expect("a verifying key")
}

/// Rules that ask for ES256 alone.
pub(crate) fn rules() -> Rules<'static> {
    Rules::new(NOW, &[JwsAlgorithm::ES256])
}
