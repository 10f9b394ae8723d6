//! How a verifier is set up.

use std::sync::Arc;

use jose::JwsAlgorithm;
use jose::remote::Policy;
use url::Url;

use crate::clock::{Clock, System};
use crate::counters::Counters;
use crate::discovery::Discovery;
use crate::fetch::{Fetch, Fetcher, Reach, is_on_loopback};
use crate::introspection::{Answers, Introspection};
use crate::nonces::Nonces;
use crate::replays::{InMemory, Replays};
use crate::verifier::{Inner, Verifier};

/// What a verifier is made of. Issuer and audience are all that is needed.
///
/// ```
/// use std::sync::Arc;
/// use jose::JwsAlgorithm;
/// use jose::remote::Policy;
/// use vestibule_verify::clock::System;
/// use vestibule_verify::fetch::{Fetcher, Network, Reach};
/// use vestibule_verify::replays::InMemory;
/// use vestibule_verify::{Introspection, Nonces, Verifier};
///
/// let intranet = Network::parse("10.20.0.0/16").expect("a network");
/// let verifier = Verifier::builder("https://id.example.com")
///     .audience("https://api.example.com")
///     .public_url("https://api.example.com")
///     .algorithms(&[JwsAlgorithm::ES256])
///     .also_plain_jwt()
///     .leeway(5)
///     .metadata_url("https://id.example.com/.well-known/oauth-authorization-server")
///     .introspection(Introspection::new("drive-api", "its secret"))
///     .nonces(Nonces::new([7; 32]))
///     .replays(Arc::new(InMemory::default()))
///     .keys(Policy { stale: 4 * 3_600_000, ..Policy::KEYS })
///     .fetch(Arc::new(Fetcher::new(Reach::public().and_network(intranet))))
///     .clock(Arc::new(System))
///     .build()?;
/// # let _ = verifier;
/// # Ok::<(), vestibule_verify::BuildError>(())
/// ```
#[derive(Clone)]
pub struct Builder {
    issuer: String,
    audiences: Vec<String>,
    public_url: Option<String>,
    algorithms: Vec<JwsAlgorithm>,
    plain: bool,
    leeway: u32,
    metadata_url: Option<String>,
    introspection: Option<Introspection>,
    nonces: Option<Nonces>,
    replays: Arc<dyn Replays>,
    policy: Policy,
    fetch: Option<Arc<dyn Fetch>>,
    clock: Arc<dyn Clock>,
}

/// What is wrong with a setup.
///
/// ```
/// use vestibule_verify::{BuildError, Verifier};
///
/// assert_eq!(Verifier::builder("https://id.example.com").build().err(), Some(BuildError::NoAudience));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// OpenID Connect Discovery §2, RFC 8414 §2: https, without query and fragment.
    #[error("the issuer is an https URL without query and fragment; http only on this machine")]
    Issuer,
    /// Without one, a token for any other API of the issuer would do (RFC 9068 §4).
    #[error("name at least one audience, by which tokens for this API are known")]
    NoAudience,
    /// The address that proofs name.
    #[error("the public URL is an http or https URL")]
    PublicUrl,
    /// At least one, and none with a shared secret.
    #[error("name at least one algorithm, and none with a shared secret")]
    Algorithms,
}

impl Builder {
    pub(crate) fn new(issuer: String) -> Self {
        Self {
            issuer,
            audiences: Vec::new(),
            public_url: None,
            algorithms: jose::dpop::ALGORITHMS.to_vec(),
            plain: false,
            leeway: 10,
            metadata_url: None,
            introspection: None,
            nonces: None,
            replays: Arc::new(InMemory::default()),
            policy: Policy::KEYS,
            fetch: None,
            clock: Arc::new(System),
        }
    }

    /// `aud` must hold this, or another that is named by a further call.
    #[must_use]
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audiences.push(audience.into());
        self
    }

    /// Where clients reach the root of this API: what the addresses that DPoP proofs must be for begin with (RFC 9449 §4.2
    /// `htu`). A path in it is what a proxy strips, as in `https://example.com/drive`. What a request says of its own host is
    /// not believed. Without it DPoP is not taken, unless the first audience is such a URL, whose path does not count.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// These algorithms alone; unless said, all with a public key that are in wide use.
    #[must_use]
    pub fn algorithms(mut self, algorithms: &[JwsAlgorithm]) -> Self {
        self.algorithms = algorithms.to_vec();
        self
    }

    /// Takes JWTs that do not say `typ: at+jwt`, as providers before RFC 9068 write them. What keeps ID tokens out is then the
    /// audience alone.
    #[must_use]
    pub fn also_plain_jwt(mut self) -> Self {
        self.plain = true;
        self
    }

    /// Seconds by which clocks may differ; 10 unless said.
    #[must_use]
    pub fn leeway(mut self, seconds: u32) -> Self {
        self.leeway = seconds;
        self
    }

    /// Where the metadata lie; unless said, at the issuer's `/.well-known/openid-configuration`.
    #[must_use]
    pub fn metadata_url(mut self, url: impl Into<String>) -> Self {
        self.metadata_url = Some(url.into());
        self
    }

    /// Asks the issuer about tokens that are no JWTs, or about all.
    #[must_use]
    pub fn introspection(mut self, introspection: Introspection) -> Self {
        self.introspection = Some(introspection);
        self
    }

    /// Proofs must carry a nonce of this API (RFC 9449 §9).
    #[must_use]
    pub fn nonces(mut self, nonces: Nonces) -> Self {
        self.nonces = Some(nonces);
        self
    }

    /// Where proofs are remembered; unless said, in this process.
    #[must_use]
    pub fn replays(mut self, replays: Arc<dyn Replays>) -> Self {
        self.replays = replays;
        self
    }

    /// How patient and how eager to be with the issuer's keys.
    #[must_use]
    pub fn keys(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Another fetcher: one that reaches private networks, has roots of its own, or fetches nothing at all. Unless said,
    /// public addresses are reached, and this machine where the issuer is on it.
    #[must_use]
    pub fn fetch(mut self, fetch: Arc<dyn Fetch>) -> Self {
        self.fetch = Some(fetch);
        self
    }

    /// Another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The verifier. Nothing is fetched yet.
    pub fn build(self) -> Result<Verifier, BuildError> {
        let issuer = Url::parse(&self.issuer).map_err(|_| BuildError::Issuer)?;
        let secure = issuer.scheme() == "https" || (issuer.scheme() == "http" && is_on_loopback(&issuer));
        if !secure || issuer.query().is_some() || issuer.fragment().is_some() {
            return Err(BuildError::Issuer);
        }
        if self.algorithms.is_empty() || self.algorithms.iter().any(|alg| alg.is_symmetric()) {
            return Err(BuildError::Algorithms);
        }
        let first = self.audiences.first().ok_or(BuildError::NoAudience)?;
        let base = match &self.public_url {
            Some(url) => Some(base(url).ok_or(BuildError::PublicUrl)?),
            None => web_url(first).map(|url| url.origin().ascii_serialization()),
        };
        let reach = || Reach::public().of_issuer(&self.issuer);
        let fetch = self.fetch.unwrap_or_else(|| Arc::new(Fetcher::new(reach())));
        // Discovery §4.1: a final slash is left out.
        let well_known = || format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let metadata_url = self.metadata_url.unwrap_or_else(well_known);
        let (clock, issuer) = (Arc::clone(&self.clock), self.issuer.clone());
        let discovery = Discovery::new(issuer, metadata_url, Arc::clone(&fetch), clock, self.policy);
        Ok(Verifier::of(Inner {
            issuer: self.issuer,
            audiences: self.audiences,
            base,
            algorithms: self.algorithms,
            plain: self.plain,
            leeway: self.leeway,
            discovery,
            introspection: self.introspection,
            answers: Answers::default(),
            nonces: self.nonces,
            replays: self.replays,
            fetch,
            clock: self.clock,
            counters: Counters::default(),
        }))
    }
}

/// Without what is secret in it.
impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("issuer", &self.issuer)
            .field("audiences", &self.audiences)
            .finish_non_exhaustive()
    }
}

/// What stands before the paths that a router sees: an origin, and the prefix that a proxy strips.
fn base(url: &str) -> Option<String> {
    let url = web_url(url).filter(|url| url.query().is_none() && url.fragment().is_none())?;
    Some(format!("{}{}", url.origin().ascii_serialization(), url.path().trim_end_matches('/')))
}

fn web_url(url: &str) -> Option<Url> {
    Url::parse(url).ok().filter(|url| matches!(url.scheme(), "http" | "https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_set_up() {
        let built = |issuer: &str, algorithms: &[JwsAlgorithm], public_url: &str| {
            let builder = Builder::new(issuer.to_owned()).audience("api").algorithms(algorithms);
            builder.public_url(public_url).build().err()
        };
        let (https, es256) = ("https://id.example", &[JwsAlgorithm::ES256][..]);
        for (issuer, algorithms, public_url, expected) in [
            (https, es256, https, None),
            ("http://localhost:8080", es256, "http://localhost:1", None),
            ("http://id.example", es256, https, Some(BuildError::Issuer)),
            ("https://id.example?a", es256, https, Some(BuildError::Issuer)),
            ("id.example", es256, https, Some(BuildError::Issuer)),
            (https, &[][..], https, Some(BuildError::Algorithms)),
            (https, &[JwsAlgorithm::HS256][..], https, Some(BuildError::Algorithms)),
            (https, es256, "api.example", Some(BuildError::PublicUrl)),
            (https, es256, "ftp://api.example", Some(BuildError::PublicUrl)),
            (https, es256, "https://api.example/drive/", None),
            (https, es256, "https://api.example/?drive", Some(BuildError::PublicUrl)),
        ] {
            assert_eq!(built(issuer, algorithms, public_url), expected, "{issuer} {public_url}");
        }
    }
}
