//! DPoP: proof that whoever sends a request holds a key (RFC 9449).
//!
//! The key stands in the proof itself. What it is worth, the caller says: it compares the key's thumbprint with the one
//! that a code, a token or a registration is bound to, and lets each `jti` count once.

mod error;
mod prove;
mod uri;

use crate::JwsAlgorithm;
use crate::base64url;
use crate::jwk::VerifyingKey;
use crate::jwt::{self, Rules};
use crate::provider::Provider;

pub use error::ProofError;
pub use prove::{Draft, access_token_hash};

/// The algorithms that a proof may be signed with: none with a shared secret (RFC 9449 §4.3, check 5).
///
/// ```
/// use vestibule_jose::{JwsAlgorithm, dpop};
///
/// assert!(dpop::ALGORITHMS.contains(&JwsAlgorithm::ES256) && dpop::ALGORITHMS.iter().all(|alg| !alg.is_symmetric()));
/// ```
pub const ALGORITHMS: &[JwsAlgorithm] = &[
    JwsAlgorithm::ES256,
    JwsAlgorithm::ES384,
    JwsAlgorithm::ES512,
    JwsAlgorithm::EdDSA,
    JwsAlgorithm::Ed25519,
    JwsAlgorithm::PS256,
    JwsAlgorithm::PS384,
    JwsAlgorithm::PS512,
    JwsAlgorithm::RS256,
];

/// What the server says to a nonce that a proof carries (RFC 9449 §8, §9).
///
/// ```
/// use vestibule_jose::dpop::{Expected, Nonces};
///
/// let ours = |nonce: &str| nonce == "n-1";
/// let expected = Expected::new(1_700_000_000, "POST", "https://id.example.com/token").nonces(Nonces::Required(&ours));
/// # let _ = (expected, Nonces::Unused, Nonces::Accepted(&ours));
/// ```
#[derive(Clone, Copy, Default)]
pub enum Nonces<'a> {
    /// This server gives none out: what stands there says nothing.
    #[default]
    Unused,
    /// One that stands there must be ours, and then says that the proof is fresh, whatever the other clock says.
    Accepted(&'a dyn Fn(&str) -> bool),
    /// One of ours must stand there.
    Required(&'a dyn Fn(&str) -> bool),
}

/// What a proof must be about.
///
/// ```
/// use vestibule_jose::dpop::{Draft, Expected, ProofError, verify};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let proof = Draft::new("GET", "https://api.example.com/orders", 1_700_000_000, "j-1").access_token("the token").sign(&key)?;
///
/// let expected = Expected::new(1_700_000_003, "GET", "https://API.example.com:443/orders?page=2").access_token("the token");
/// let verified = verify(aws_lc(), &proof, &expected)?;
/// assert_eq!((Some(verified.thumbprint()), verified.jti()), (key.verifying_key().thumbprint(), "j-1"));
/// assert_eq!((verified.issued_at(), verified.nonce(), verified.key().is_symmetric()), (1_700_000_000, None, false));
///
/// let late = Expected::new(1_700_000_300, "GET", "https://api.example.com/orders").access_token("the token").max_age(30).leeway(2);
/// assert!(matches!(verify(aws_lc(), &proof, &late.algorithms(&[JwsAlgorithm::ES256])), Err(ProofError::Stale)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Expected<'a> {
    now: i64,
    method: &'a str,
    uri: &'a str,
    access_token: Option<&'a str>,
    nonces: Nonces<'a>,
    algorithms: &'a [JwsAlgorithm],
    max_age: i64,
    leeway: i64,
}

impl<'a> Expected<'a> {
    /// A proof for this request, at this time in seconds since 1970. Query and fragment of the URI do not count.
    pub fn new(now: i64, method: &'a str, uri: &'a str) -> Self {
        let (access_token, nonces) = (None, Nonces::Unused);
        Self { now, method, uri, access_token, nonces, algorithms: ALGORITHMS, max_age: 60, leeway: 10 }
    }

    /// The request carries this access token, so that the proof must too (RFC 9449 §4.3, check 12).
    #[must_use]
    pub fn access_token(mut self, token: &'a str) -> Self {
        self.access_token = Some(token);
        self
    }

    /// What is said to a nonce.
    #[must_use]
    pub fn nonces(mut self, nonces: Nonces<'a>) -> Self {
        self.nonces = nonces;
        self
    }

    /// Other algorithms than [`ALGORITHMS`].
    #[must_use]
    pub fn algorithms(mut self, algorithms: &'a [JwsAlgorithm]) -> Self {
        self.algorithms = algorithms;
        self
    }

    /// Seconds that a proof without a nonce may be old; 60 unless said.
    #[must_use]
    pub fn max_age(mut self, seconds: u32) -> Self {
        self.max_age = seconds.into();
        self
    }

    /// Seconds by which the other clock may differ; 10 unless said.
    #[must_use]
    pub fn leeway(mut self, seconds: u32) -> Self {
        self.leeway = seconds.into();
        self
    }

    /// For how many seconds from now a `jti` can come again.
    ///
    /// ```
    /// let expected = vestibule_jose::dpop::Expected::new(0, "GET", "https://api.example.com").max_age(60).leeway(10);
    /// assert_eq!(expected.remember_for(), 80);
    /// ```
    pub fn remember_for(&self) -> i64 {
        self.max_age + 2 * self.leeway
    }
}

/// A proof that holds for the request it came with.
///
/// ```
/// use vestibule_jose::dpop::{Draft, Expected, Proof, verify};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let text = Draft::new("GET", "https://api.example.com", 0, "j-1").sign(&key)?;
/// let proof: Proof = verify(aws_lc(), &text, &Expected::new(0, "GET", "https://api.example.com"))?;
/// assert_eq!(Some(proof.thumbprint()), key.verifying_key().thumbprint());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Proof {
    key: VerifyingKey,
    claims: Claims,
}

#[derive(Clone, Debug, serde::Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: f64,
    ath: Option<String>,
    nonce: Option<String>,
}

impl Proof {
    /// The key that signed it.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The SHA-256 thumbprint of the key: what `jkt` says (RFC 9449 §6.1).
    pub fn thumbprint(&self) -> &str {
        self.key.thumbprint().expect("a public key, since all algorithms are asymmetric")
    }

    /// Its identifier, which counts once.
    pub fn jti(&self) -> &str {
        &self.claims.jti
    }

    /// When it was made, by the clock of who made it.
    pub fn issued_at(&self) -> i64 {
        self.claims.iat as i64
    }

    /// The nonce in it.
    pub fn nonce(&self) -> Option<&str> {
        self.claims.nonce.as_deref()
    }
}

/// Checks a proof (RFC 9449 §4.3, checks 2 to 12 without the comparison of keys). That its `jti` counts once, and that
/// the key is the right one, is left to the caller.
///
/// ```
/// use vestibule_jose::dpop::{Draft, Expected, verify};
/// use vestibule_jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let text = Draft::new("GET", "https://api.example.com", 0, "j-1").sign(&key)?;
/// assert!(verify(aws_lc(), &text, &Expected::new(0, "GET", "https://api.example.com")).is_ok());
/// assert!(verify(aws_lc(), &text, &Expected::new(0, "PUT", "https://api.example.com")).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn verify(provider: &dyn Provider, proof: &str, expected: &Expected<'_>) -> Result<Proof, ProofError> {
    let rules = Rules::new(expected.now, expected.algorithms).typ(TYP);
    let (verified, key) = jwt::verify_by_own_key::<Claims>(provider, proof, &rules)?;
    let claims = verified.into_claims();
    if claims.jti.is_empty() || claims.jti.len() > LONGEST_JTI {
        return Err(ProofError::Claim("jti"));
    }
    if claims.htm != expected.method {
        return Err(ProofError::Claim("htm"));
    }
    if !uri::is_same(&claims.htu, expected.uri) {
        return Err(ProofError::Claim("htu"));
    }
    let hash = expected.access_token.map(|token| base64url::encode(provider.sha256(token.as_bytes())));
    if hash.is_some() && claims.ath != hash {
        return Err(ProofError::Claim("ath"));
    }
    fresh(&claims, expected)?;
    Ok(Proof { key, claims })
}

/// Check 11: by a nonce of ours, or by the other clock.
fn fresh(claims: &Claims, expected: &Expected<'_>) -> Result<(), ProofError> {
    match (expected.nonces, &claims.nonce) {
        (Nonces::Accepted(is_ours) | Nonces::Required(is_ours), Some(nonce)) => {
            return is_ours(nonce).then_some(()).ok_or(ProofError::Nonce);
        }
        (Nonces::Required(_), None) => return Err(ProofError::Nonce),
        (Nonces::Accepted(_), None) | (Nonces::Unused, _) => {}
    }
    let age = expected.now as f64 - claims.iat;
    let within = age <= (expected.max_age + expected.leeway) as f64 && age >= -(expected.leeway as f64);
    within.then_some(()).ok_or(ProofError::Stale)
}

/// The header's `typ` (RFC 9449 §4.2).
const TYP: &str = "dpop+jwt";
/// More than anybody needs; each is hashed and remembered.
const LONGEST_JTI: usize = 512;
