//! The proof that whoever sends a device secret is on the device it was given to: a JWT signed by the container's key,
//! beside the secret. It is no part of Native SSO 1.0, by which the secret is a bearer secret; an app group asks for it.

use jose::JwsAlgorithm;
use jose::dpop::ALGORITHMS;
use jose::json::Object;
use jose::jwt::{OwnKeyError, Rules, VerifyError, verify_by_own_key};
use jose::provider::Provider;
use serde::{Deserialize, Serialize};

/// What the apps of one developer are asked for, beside what the specification says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupPolicy {
    /// Each use gives a new device secret, and the one before is worth nothing soon.
    pub rotation: bool,
    /// The device secret counts with a proof of the container's key alone.
    pub device_proof: bool,
}

impl Default for GroupPolicy {
    fn default() -> Self {
        Self { rotation: true, device_proof: true }
    }
}

/// What a device proof must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The time in seconds since 1970.
    pub now: i64,
    /// The issuer: its audience.
    pub issuer: &'a str,
    /// The client that sends it.
    pub client_id: &'a str,
    /// The code or the device secret that it stands beside.
    pub beside: &'a str,
    /// The thumbprint of the key of the DPoP proof in the same request.
    pub dpop_key: Option<&'a str>,
}

/// A proof that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceProof {
    /// The thumbprint of the container's key (RFC 7638).
    pub thumbprint: String,
    /// Counts once.
    pub jti: String,
}

/// Checks a device proof. Whose key it is, and whether its `jti` was seen before, the caller knows.
pub fn verify(provider: &dyn Provider, proof: &str, expected: &Expected<'_>) -> Result<DeviceProof, OwnKeyError> {
    let hash = hash(provider, expected.beside);
    let rules = Rules::new(expected.now, algorithms())
        .typ(TYP)
        .issuer(expected.client_id)
        .audience(expected.issuer)
        .claim("hash", &hash)
        .require_jti()
        .max_age(LIFETIME)
        .leeway(LEEWAY);
    let rules = expected.dpop_key.map_or(rules.clone(), |key| rules.claim("jkt", key));
    let (verified, key) = verify_by_own_key::<Object>(provider, proof, &rules)?;
    let claims = verified.into_claims();
    // A proof that names a DPoP key was made to stand beside that key's.
    if expected.dpop_key.is_none() && claims.contains_key("jkt") {
        let claim = VerifyError::Claim { claim: "jkt".into(), expected: "none".into(), found: "a key".into() };
        return Err(claim.into());
    }
    let jti = claims.get("jti").and_then(|jti| jti.as_str()).unwrap_or_default().to_owned();
    Ok(DeviceProof { thumbprint: key.thumbprint().unwrap_or_default().to_owned(), jti })
}

/// What `hash` says of a code or a device secret, and `ds_hash` of the secret (Native SSO 1.0 §3.4): its SHA-256 in
/// base64url.
pub fn hash(provider: &dyn Provider, text: &str) -> String {
    jose::base64url::encode(provider.sha256(text.as_bytes()))
}

fn algorithms() -> &'static [JwsAlgorithm] {
    ALGORITHMS
}

/// The header's `typ`.
pub const TYP: &str = "device-proof+jwt";
/// Seconds that a proof may be old.
pub const LIFETIME: u32 = 60;
/// Seconds by which the device's clock may be wrong.
pub const LEEWAY: u32 = 30;

#[cfg(test)]
mod tests {
    use jose::jwt::{HeaderExtras, sign};
    use jose::provider::aws_lc;
    use jose::{JwsAlgorithm, SigningKey};
    use serde_json::{Value, json};

    use super::*;

    const NOW: i64 = 1_700_000_000;

    /// Each word of a proof is held against the request, one by one.
    #[test]
    fn a_proof_is_about_this_request() {
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).expect("a key");
        let secret = SigningKey::from_secret(aws_lc(), &[7; 32], JwsAlgorithm::HS256).expect("a key");
        let good = json!({
            "iss": "mail", "aud": "https://id.example", "iat": NOW, "jti": "1", "jkt": "k",
            "hash": hash(aws_lc(), "secret"),
        });
        let signed = |key: &SigningKey, typ: &str, jwk: Option<Value>, claims: &Value| {
            let members = jwk.into_iter().map(|jwk| ("jwk".to_owned(), jwk)).collect();
            sign(key, &HeaderExtras { members, ..HeaderExtras::typ(typ) }, claims).expect("signed")
        };
        let jwk = || key.public_jwk().map(Value::Object);
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            claims
        };
        let check = |proof: &str, now: i64, dpop_key| {
            let expected =
                Expected { now, issuer: "https://id.example", client_id: "mail", beside: "secret", dpop_key };
            verify(aws_lc(), proof, &expected)
        };
        let proof = signed(&key, TYP, jwk(), &good);
        let held = check(&proof, NOW, Some("k")).expect("the good one");
        assert_eq!((Some(held.thumbprint.as_str()), held.jti.as_str()), (key.verifying_key().thumbprint(), "1"));
        assert!(check(&proof, NOW + 90, Some("k")).is_ok() && check(&proof, NOW + 91, Some("k")).is_err());
        assert!(check(&proof, NOW - 30, Some("k")).is_ok() && check(&proof, NOW - 31, Some("k")).is_err());
        assert!(check(&proof, NOW, None).is_err(), "the DPoP proof was taken away");
        assert!(check(&proof, NOW, Some("other")).is_err(), "another DPoP key");
        for (what, broken) in [
            ("another type", signed(&key, "dpop+jwt", jwk(), &good)),
            ("no key", signed(&key, TYP, None, &good)),
            (
                "another's key",
                signed(&SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).expect("a key"), TYP, jwk(), &good),
            ),
            (
                "a shared secret",
                signed(
                    &secret,
                    TYP,
                    Some(json!({ "kty": "oct", "k": "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc" })),
                    &good,
                ),
            ),
            ("another client", signed(&key, TYP, jwk(), &with("iss", "notes".into()))),
            ("another audience", signed(&key, TYP, jwk(), &with("aud", "https://evil.example".into()))),
            ("another secret", signed(&key, TYP, jwk(), &with("hash", hash(aws_lc(), "other").into()))),
            ("no jti", signed(&key, TYP, jwk(), &with("jti", Value::Null))),
        ] {
            assert!(check(&broken, NOW, Some("k")).is_err(), "{what}");
        }
    }
}
