//! The holder's proof (RFC 9901 §4.3, §7.3).

use super::{SdJwt, SdJwtError};
use crate::alg::{Hash, JwsAlgorithm};
use crate::json::{self, Object, Value};
use crate::jwk::{KeyError, VerifyingKey};
use crate::jwt::{self, Rules, VerifyError};
use crate::provider::Provider;

/// What a holder says to whom, and when.
///
/// ```
/// use vestibule_jose::sd_jwt::Proof;
///
/// let proof = Proof { nonce: "n-1", audience: "https://shop.example.com", iat: 1_700_000_000 };
/// assert_eq!(proof.nonce, "n-1");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// What the verifier gave to be said again.
    pub nonce: &'a str,
    /// The verifier.
    pub audience: &'a str,
    /// The time, in seconds since 1970.
    pub iat: i64,
}

/// What a verifier demands of the proof. Time and leeway are those of the rules for the issuer-signed JWT.
///
/// ```
/// use vestibule_jose::jwt::{HeaderExtras, Rules, Signer};
/// use vestibule_jose::sd_jwt::{Issuance, KeyBinding, Proof};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, json::Object, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let signer = Signer::new(key.clone(), &HeaderExtras::default())?;
/// let claims = Object::from_iter([("email".to_owned(), "ada@example.com".into())]);
///
/// let holder = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let issued = Issuance::new(claims).holder(&holder.verifying_key()).issue(aws_lc(), &signer)?;
/// let proof = Proof { nonce: "n-1", audience: "shop", iat: 1_700_000_000 };
/// let shown = issued.bind(aws_lc(), &holder, &proof)?;
/// let asked = KeyBinding::new("n-1", "shop", &[JwsAlgorithm::ES256]).max_age(60);
/// let rules = Rules::new(1_700_000_060, &[JwsAlgorithm::ES256]);
/// let verified = shown.verify::<Object>(aws_lc(), &key.verifying_key(), &rules, Some(&asked))?;
/// assert_eq!(verified.holder().and_then(|key| key.thumbprint()), holder.verifying_key().thumbprint());
/// assert!(shown.key_binding_jwt().is_some());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyBinding<'a> {
    nonce: &'a str,
    audience: &'a str,
    algorithms: &'a [JwsAlgorithm],
    max_age: u32,
}

impl<'a> KeyBinding<'a> {
    /// The nonce that this verifier gave, its own name, and the algorithms that it allows a holder. The proof may be
    /// five minutes old.
    pub fn new(nonce: &'a str, audience: &'a str, algorithms: &'a [JwsAlgorithm]) -> Self {
        Self { nonce, audience, algorithms, max_age: 300 }
    }

    /// So many seconds old the proof may be (§7.3 step 5.5).
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = seconds;
        self
    }

    /// §7.3 step 5: key, algorithm, signature, `typ`, `iat`, `nonce` and `aud`, `sd_hash`.
    pub(super) fn check(
        &self,
        provider: &dyn Provider,
        sd_jwt: &SdJwt,
        holder: &VerifyingKey,
        hash: Hash,
        rules: &Rules<'_>,
    ) -> Result<(), SdJwtError> {
        let proof = sd_jwt.key_binding_jwt().ok_or(SdJwtError::Unbound)?;
        let sd_hash = sd_jwt.sd_hash(provider, hash);
        let demands = rules
            .for_proof(self.algorithms)
            .typ("kb+jwt")
            .audience(self.audience)
            .claim("nonce", self.nonce)
            .claim("sd_hash", &sd_hash)
            .max_age(self.max_age);
        let verified = jwt::verify::<Object>(proof, holder, &demands).map_err(SdJwtError::Binding)?;
        // §4.3: one audience, as a string.
        match verified.claims().get("aud") {
            Some(Value::String(_)) | None => Ok(()),
            Some(other) => {
                let found = json::kind(other);
                Err(SdJwtError::Binding(VerifyError::ClaimType { claim: "aud".into(), expected: "a string", found }))
            }
        }
    }
}

/// The key in `cnf` (§4.1.2, RFC 7800 §3.2): public, since whoever reads the SD-JWT could sign with a secret.
pub(super) fn holder(provider: &dyn Provider, claims: &Object) -> Result<VerifyingKey, SdJwtError> {
    let jwk = claims.get("cnf").and_then(|cnf| cnf.get("jwk")).and_then(Value::as_object);
    let key = VerifyingKey::from_jwk_object(provider, jwk.ok_or(SdJwtError::NoHolder)?)?;
    if key.is_symmetric() { Err(KeyError::SymmetricInSet.into()) } else { Ok(key) }
}
