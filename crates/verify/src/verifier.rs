//! From a request's head to what its token allows.

use std::sync::Arc;

use jose::jws::VerifyError as JwsError;
use jose::jwt::{Rules, VerifyError, inspect, verify};
use jose::{JwkSet, JwsAlgorithm, Limits};
use serde_json::{Map, Value};

use crate::access::Access;
use crate::binding;
use crate::builder::Builder;
use crate::clock::Clock;
use crate::counters::Counters;
use crate::demands::Demands;
use crate::denied::Denied;
use crate::discovery::Discovery;
use crate::fetch::Fetch;
use crate::introspection::{Answers, Introspection};
use crate::nonces::Nonces;
use crate::presented::Presented;
use crate::reason::Reason;
use crate::replays::Replays;

/// Verifies the tokens of one issuer for one API. Cheap to clone; clones share caches and counters.
///
/// ```
/// use vestibule_verify::{Demands, Presented, Reason, Verifier};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let verifier = Verifier::builder("https://id.example.com").audience("https://api.example.com").build()?;
/// let presented = Presented::new("GET", "/files").authorization("Bearer none.at-all");
/// let demands = Demands::new().scope("drive.read");
/// match verifier.verify(&presented, &demands).await {
///     Ok(access) => println!("{:?} may read", access.subject()),
///     Err(denied) => assert_eq!((denied.status(), denied.reason()), (401, Reason::Malformed)),
/// }
/// assert_eq!((verifier.denied(Reason::Malformed), verifier.let_in()), (1, 0));
/// assert!(verifier.metrics().contains("result=\"malformed\"} 1"));
/// assert!(verifier.nonce().is_none());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Verifier(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) issuer: String,
    pub(crate) audiences: Vec<String>,
    /// Scheme and host that proofs must be for.
    pub(crate) base: Option<String>,
    pub(crate) algorithms: Vec<JwsAlgorithm>,
    pub(crate) plain: bool,
    pub(crate) leeway: u32,
    pub(crate) discovery: Discovery,
    pub(crate) introspection: Option<Introspection>,
    pub(crate) answers: Answers,
    pub(crate) nonces: Option<Nonces>,
    pub(crate) replays: Arc<dyn Replays>,
    pub(crate) fetch: Arc<dyn Fetch>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) counters: Counters,
}

impl Verifier {
    /// For the tokens of this issuer, as its metadata write it.
    pub fn builder(issuer: impl Into<String>) -> Builder {
        Builder::new(issuer.into())
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// What the request's token allows, or the answer that refuses it.
    pub async fn verify(&self, presented: &Presented<'_>, demands: &Demands) -> Result<Access, Denied> {
        let inner = &*self.0;
        let verdict = inner.verified(presented, demands).await;
        inner.counters.count(verdict.as_ref().err().map(Denied::reason));
        verdict.map_err(|denied| {
            let scheme = presented.token().ok().map(|(scheme, _)| scheme);
            let nonce = inner.nonces.as_ref().filter(|_| denied.reason() == Reason::Nonce);
            let nonce = nonce.map(|nonces| nonces.make(inner.now()));
            denied.challenged(scheme, inner.base.is_some(), demands).with_nonce(nonce)
        })
    }

    /// Fetches metadata and keys now, so that the first request need not wait; what went wrong, for the log.
    ///
    /// ```
    /// use vestibule_verify::{Reason, Verifier};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let verifier = Verifier::builder("http://localhost:1").audience("https://api.example.com").build()?;
    /// let denied = verifier.warm_up().await.expect_err("nobody is there");
    /// assert_eq!(denied.reason(), Reason::KeysUnavailable);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn warm_up(&self) -> Result<(), Denied> {
        let keys = self.0.discovery.keys().await.map_err(unavailable)?;
        keys.keys().await.map_err(unavailable).map(drop)
    }

    /// The nonce to send with an answer (RFC 9449 §9), where this API asks for them.
    pub fn nonce(&self) -> Option<String> {
        self.0.nonces.as_ref().map(|nonces| nonces.make(self.0.now()))
    }

    /// How many requests were refused for this reason.
    pub fn denied(&self, reason: Reason) -> u64 {
        self.0.counters.of(reason)
    }

    /// How many were let in.
    pub fn let_in(&self) -> u64 {
        self.0.counters.let_in()
    }

    /// All counters in the text form of Prometheus, to be added to an API's own.
    pub fn metrics(&self) -> String {
        let keys = self.0.discovery.known_keys();
        let counts = keys.as_ref().map(|keys| keys.counts()).unwrap_or_default();
        let failing = keys.as_ref().is_some_and(|keys| keys.is_failing());
        self.0.counters.render(&self.0.issuer, counts, failing)
    }
}

impl std::fmt::Debug for Verifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verifier").field("issuer", &self.0.issuer).finish_non_exhaustive()
    }
}

impl Inner {
    /// The token, then what it is bound to, then what is demanded.
    async fn verified(&self, presented: &Presented<'_>, demands: &Demands) -> Result<Access, Denied> {
        let (scheme, token) = presented.token().map_err(plain)?;
        let claims = match token.contains('.') && token.split('.').count() == 3 {
            true => self.by_signature(token).await?,
            false if self.introspection.is_some() => Map::new(),
            false => return Err(Denied::new(Reason::Malformed, "it is no JWT")),
        };
        let claims = self.introspected(token, claims).await?;
        let binding = binding::check(self, presented, scheme, token, &claims).await?;
        let access = Access::new(claims, binding);
        access.meets(demands, self.now(), self.leeway).map_err(plain)?;
        Ok(access)
    }

    /// A JWT by the issuer's keys (RFC 9068 §4): asked for anew where none has its name, and once more where the signature
    /// does not hold.
    async fn by_signature(&self, token: &str) -> Result<Map<String, Value>, Denied> {
        let unverified =
            inspect(token, &Limits::DEFAULT).map_err(|error| Denied::new(Reason::Malformed, error.to_string()))?;
        let header = &unverified.header;
        let allowed = header.alg().filter(|alg| self.algorithms.contains(alg));
        let alg = allowed.ok_or_else(|| Denied::new(Reason::Algorithm, header.alg_name()))?;
        let source = self.discovery.keys().await.map_err(unavailable)?;
        let keys = source.keys_for(header.kid(), alg).await.map_err(unavailable)?;
        let plain = self.plain && !header.typ().is_some_and(is_access_token);
        match self.by_keys(token, &keys, plain) {
            Err(VerifyError::Jws(error @ JwsError::Signature { .. })) => match source.newer(&keys).await {
                Some(newer) => self.by_keys(token, &newer, plain),
                None => Err(error.into()),
            },
            verdict => verdict,
        }
        .map_err(|error| Denied::new(reason_of(&error), error.to_string()))
    }

    fn by_keys(&self, token: &str, keys: &JwkSet, plain: bool) -> Result<Map<String, Value>, VerifyError> {
        let rules = Rules::new(self.now(), &self.algorithms).issuer(&self.issuer).leeway(self.leeway).require_exp();
        let rules = self.audiences.iter().fold(rules, |rules, audience| rules.audience(audience));
        let rules = match plain {
            true => rules.typ_or_absent("JWT"),
            // RFC 9068 §2.1 and §2.2.
            false => rules.typ("at+jwt").require_sub().require_iat().require_jti().require("client_id"),
        };
        verify(token, keys, &rules).map(jose::jwt::Verified::into_claims)
    }

    /// What the issuer says of an opaque token, or of any where that is wanted. What a JWT says itself stays.
    async fn introspected(&self, token: &str, claims: Map<String, Value>) -> Result<Map<String, Value>, Denied> {
        let how = self.introspection.as_ref().filter(|how| how.every || claims.is_empty());
        let Some(how) = how else { return Ok(claims) };
        let failed = |error: String| Denied::new(Reason::IntrospectionUnavailable, error);
        let named = match &how.endpoint {
            Some(_) => None,
            None => Some(self.discovery.metadata().await.map_err(unavailable)?),
        };
        let named = named.as_ref().and_then(|metadata| metadata.introspection_endpoint.as_deref());
        let endpoint = how.endpoint.as_deref().or(named);
        let endpoint = endpoint.ok_or_else(|| failed("the metadata have no introspection_endpoint".to_owned()))?;
        let said = self.answers.ask(token, how, endpoint, &*self.fetch, self.clock.now_ms()).await.map_err(failed)?;
        let said = said.ok_or_else(|| plain(Reason::Inactive))?;
        if !claims.is_empty() {
            return Ok(claims);
        }
        self.fits(&said).map_err(plain)?;
        Ok((*said).clone())
    }

    /// RFC 7662 §2.2 and §4: what the answer says of issuer, audience and time must be right, where it says it.
    fn fits(&self, said: &Map<String, Value>) -> Result<(), Reason> {
        let now = self.now() as f64;
        let time = |name: &str| said.get(name).and_then(Value::as_f64);
        if said.get("iss").is_some_and(|issuer| issuer != self.issuer.as_str()) {
            return Err(Reason::Issuer);
        }
        let ours =
            |audience: &Value| audience.as_str().is_some_and(|text| self.audiences.iter().any(|one| one == text));
        let is_ours =
            |audience: &Value| audience.as_array().map_or_else(|| ours(audience), |many| many.iter().any(ours));
        if said.get("aud").is_some_and(|audience| !is_ours(audience)) {
            return Err(Reason::Audience);
        }
        if time("exp").is_some_and(|exp| now >= exp + f64::from(self.leeway)) {
            return Err(Reason::Expired);
        }
        match time("nbf").is_some_and(|nbf| now + f64::from(self.leeway) < nbf) {
            true => Err(Reason::NotYetValid),
            false => Ok(()),
        }
    }

    /// Seconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.clock.now_ms().div_euclid(1000)
    }
}

/// RFC 9068 §2.1; RFC 7515 §4.1.9 lets `application/` be left out.
fn is_access_token(typ: &str) -> bool {
    let short = typ.get(..12).filter(|start| start.eq_ignore_ascii_case("application/")).map_or(typ, |_| &typ[12..]);
    short.eq_ignore_ascii_case("at+jwt")
}

pub(crate) fn plain(reason: Reason) -> Denied {
    Denied::new(reason, "")
}

fn unavailable(error: impl std::fmt::Display) -> Denied {
    Denied::new(Reason::KeysUnavailable, error.to_string())
}

fn reason_of(error: &VerifyError) -> Reason {
    match error {
        VerifyError::Jws(JwsError::Algorithm { .. }) => Reason::Algorithm,
        VerifyError::Jws(JwsError::Typ { .. }) => Reason::Type,
        VerifyError::Jws(JwsError::NoKey { .. } | JwsError::Ambiguous { .. }) => Reason::UnknownKey,
        VerifyError::Jws(JwsError::Signature { .. } | JwsError::Signatures(_)) => Reason::Signature,
        VerifyError::Jws(_) => Reason::Malformed,
        VerifyError::Expired { .. } => Reason::Expired,
        VerifyError::NotYetValid { .. } => Reason::NotYetValid,
        error => match error.check() {
            "iss" => Reason::Issuer,
            "aud" => Reason::Audience,
            _ => Reason::Claims,
        },
    }
}
