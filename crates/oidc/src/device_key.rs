//! Keys that an app keeps in its device's key store, and the one rule of proofs by them.
//!
//! A proof is a JWT for one purpose (its `typ`), for this server, a minute old at most, and counts once. What it is about stands in
//! claims that must be there word by word: a proof of one thing is none of another.

use jose::json::{Map, Value};
use jose::jwt::{Rules, VerifyError, verify};
use jose::provider::PublicMaterial;
use jose::{JwsAlgorithm, VerifyingKey, base64url};

use crate::{Id, Time};

/// A public key on P-256, which the key stores of phones make (Secure Enclave, Android Keystore).
#[derive(Clone, Debug)]
pub struct DeviceKey {
    jwk: Value,
    key: VerifyingKey,
}

/// What an attestation's challenge is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// The registration: the system attests the key itself, which is made with the challenge and not known before.
    Registration,
    /// The registration of this key.
    Key,
}

/// Why a key is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// Not a JWK of a public key (RFC 7517 §4).
    #[error("is no public key in JWK")]
    NotAKey,
    /// Whoever sends a private key has lost it.
    #[error("holds a private key")]
    Private,
    /// RFC 7518 §3.4.
    #[error("must be for ES256, on P-256")]
    Algorithm,
}

/// What a proof must say.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// What it is for.
    pub typ: &'a str,
    /// The issuer.
    pub audience: &'a str,
    /// What it is about: claims and their values.
    pub claims: &'a [(&'a str, &'a str)],
    /// The time now.
    pub now: Time,
}

/// A proof that counts, if its `jti` was not used before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Its own name.
    pub jti: String,
    /// Until when it could come again.
    pub until: Time,
    /// All that it says.
    pub claims: Map<String, Value>,
}

impl DeviceKey {
    /// Reads a JWK. What it says beside the key itself is left out.
    pub fn parse(jwk: &Value) -> Result<Self, KeyRefused> {
        let member = |name: &str| jwk.get(name).and_then(Value::as_str);
        if jwk.get("d").is_some() {
            return Err(KeyRefused::Private);
        }
        let (Some("EC"), Some("P-256")) = (member("kty"), member("crv")) else { return Err(KeyRefused::Algorithm) };
        let (Some(x), Some(y)) = (member("x"), member("y")) else { return Err(KeyRefused::NotAKey) };
        let bare = serde_json::json!({ "kty": "EC", "crv": "P-256", "x": x, "y": y, "alg": "ES256" });
        let members = bare.as_object().ok_or(KeyRefused::NotAKey)?;
        let key = VerifyingKey::from_jwk_object(jose::provider::aws_lc(), members).map_err(|_| KeyRefused::NotAKey)?;
        Ok(Self { jwk: bare, key })
    }

    /// The JWK, as it is kept.
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// Its id, the first half of its thumbprint (RFC 7638 §3): it follows from the key, so that a key is known once.
    pub fn id(&self) -> Id {
        first_half(&self.digest())
    }

    fn digest(&self) -> [u8; 32] {
        let member = |name: &str| self.jwk.get(name).and_then(Value::as_str).unwrap_or_default();
        let (x, y) = (member("x"), member("y"));
        jose::sha256(format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#).as_bytes())
    }

    /// The key as `04 ‖ x ‖ y`.
    pub fn point(&self) -> &[u8] {
        match self.key.material() {
            Some(PublicMaterial::Ec { point, .. }) => point,
            _ => &[],
        }
    }

    /// What an attestation of this key must be about: the registration that it comes with, by the nonce of its proof and the
    /// hash of the access token (`ath`), so that it is none for another person, another app or another day. `Of::Key` has
    /// the key's thumbprint too, for a system that attests something else than this very key.
    pub fn attested_about(&self, nonce: &str, ath: &str, of: Of) -> [u8; 32] {
        let jkt = base64url::encode(self.digest());
        let parts = match of {
            Of::Registration => vec![ATTESTED, nonce, ath],
            Of::Key => vec![ATTESTED, nonce, ath, &jkt],
        };
        jose::sha256(parts.join(".").as_bytes())
    }

    /// The id that a proof's `kid` names, its key's thumbprint; `None` for what can be none.
    pub fn id_of_kid(kid: &str) -> Option<Id> {
        let digest: [u8; 32] = jose::base64url::decode(kid).ok()?.try_into().ok()?;
        Some(first_half(&digest))
    }

    /// Whether a proof by this key says what is expected.
    pub fn verify(&self, proof: &str, expected: &Expected<'_>) -> Result<Proof, VerifyError> {
        let algorithms = [JwsAlgorithm::ES256];
        let mut rules = Rules::new(expected.now.seconds(), &algorithms)
            .typ(expected.typ)
            .audience(expected.audience)
            .require_jti()
            .max_age(AGE)
            .leeway(LEEWAY);
        for (claim, value) in expected.claims {
            rules = rules.claim(claim, value);
        }
        let claims: Map<String, Value> = verify(proof, &self.key, &rules)?.into_claims();
        let jti = claims.get("jti").and_then(Value::as_str).unwrap_or_default().to_owned();
        let until = expected.now.plus(std::time::Duration::from_secs(u64::from(AGE + 2 * LEEWAY + 1)));
        Ok(Proof { jti, until, claims })
    }
}

fn first_half(digest: &[u8; 32]) -> Id {
    let mut id = [0; 16];
    id.copy_from_slice(&digest[..16]);
    Id::from_bytes(id)
}

/// What the challenge of an attestation begins with, so that it is a hash of nothing else.
const ATTESTED: &str = "vestibule-device-key-attestation";
/// Seconds that a proof counts.
const AGE: u32 = 60;
/// Seconds by which a phone's clock may differ from ours.
const LEEWAY: u32 = 30;

#[cfg(test)]
mod tests {
    use super::*;
    use jose::SigningKey;
    use jose::jwt::{HeaderExtras, sign};
    use jose::provider::aws_lc;
    use serde_json::json;

    const EXPECTED: Expected<'_> = Expected {
        typ: "x+jwt",
        audience: "https://id.example",
        claims: &[("decision", "allow"), ("challenge", "c")],
        now: Time::from_seconds(1000),
    };

    fn signer() -> (SigningKey, DeviceKey) {
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).unwrap();
        let device = DeviceKey::parse(&Value::Object(key.public_jwk().unwrap())).unwrap();
        (key, device)
    }

    #[test]
    fn a_proof_says_all_that_is_expected_or_nothing() {
        let (key, device) = signer();
        let good =
            json!({ "aud": "https://id.example", "jti": "1", "iat": 1000, "decision": "allow", "challenge": "c" });
        let signed = |typ: &str, claims: &Value| sign(&key, &HeaderExtras::typ(typ), claims).unwrap();
        let proof = device.verify(&signed("x+jwt", &good), &EXPECTED).unwrap();
        assert_eq!(proof.jti, "1");
        assert!(proof.until > Time::from_seconds(1090));
        for (name, value) in [
            ("aud", json!("https://other.example")),
            ("decision", json!("deny")),
            ("challenge", json!("d")),
            ("iat", json!(900)),
            ("iat", json!(1100)),
            ("jti", json!(null)),
        ] {
            let mut claims = good.clone();
            claims[name] = value;
            assert!(device.verify(&signed("x+jwt", &claims), &EXPECTED).is_err(), "{name}");
        }
        assert!(device.verify(&signed("y+jwt", &good), &EXPECTED).is_err(), "for another purpose");
        let (_, other) = signer();
        assert!(other.verify(&signed("x+jwt", &good), &EXPECTED).is_err(), "by another key");
    }

    #[test]
    fn an_attestation_is_about_one_registration() {
        let ((key, device), (_, other)) = (signer(), signer());
        let jkt = key.kid().unwrap();
        let expected = |text: String| jose::sha256(text.as_bytes());
        assert_eq!(
            device.attested_about("n", "a", Of::Registration),
            expected("vestibule-device-key-attestation.n.a".into())
        );
        let of_key = device.attested_about("n", "a", Of::Key);
        assert_eq!(of_key, expected(format!("vestibule-device-key-attestation.n.a.{jkt}")));
        for another in [
            device.attested_about("m", "a", Of::Key),
            device.attested_about("n", "b", Of::Key),
            other.attested_about("n", "a", Of::Key),
        ] {
            assert_ne!(of_key, another);
        }
        assert_eq!((device.point().len(), device.point()[0]), (65, 4));
    }

    #[test]
    fn what_is_no_public_key_on_p_256_is_refused() {
        let (key, device) = signer();
        let jwk = device.jwk().clone();
        assert_eq!(DeviceKey::parse(&jwk).unwrap().id(), device.id());
        assert_eq!(key.kid().and_then(DeviceKey::id_of_kid), Some(device.id()), "RFC 7638");
        assert_eq!(DeviceKey::id_of_kid("AA"), None);
        let with = |name: &str, value: &str| {
            let mut jwk = jwk.clone();
            jwk[name] = json!(value);
            DeviceKey::parse(&jwk).err()
        };
        assert_eq!(with("d", "AA"), Some(KeyRefused::Private));
        assert_eq!(with("crv", "P-384"), Some(KeyRefused::Algorithm));
        assert_eq!(with("x", "AA"), Some(KeyRefused::NotAKey));
        assert_eq!(DeviceKey::parse(&json!({})).err(), Some(KeyRefused::Algorithm));
    }
}
