//! Key sets at others' addresses (RFC 7517 §5), and other documents there: fetched by one for all, refreshed ahead, used on
//! while their provider is away, and asked for anew where a key is missing, a signature does not hold, or a document does not
//! say what it should. When, [`jose::remote`] decides.

mod documents;
mod many;
mod shared;

use std::sync::Arc;

use jose::remote::{Policy, Wish};
use jose::{JwkSet, JwsAlgorithm, Limits};
use many::Many;
pub(crate) use shared::Shared;

pub use documents::{DocumentSource, Documents};
pub use shared::{Counts, Unavailable};

use crate::clock::Clock;
use crate::fetch::Fetch;

/// The keys at one address. Cheap to clone; clones share what is kept.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::clock::System;
/// use vestibule_verify::fetch::{Answer, Fetch, Fetching, Request};
/// use vestibule_verify::sets::KeySource;
/// use jose::remote::Policy;
///
/// struct Empty;
///
/// impl Fetch for Empty {
///     fn fetch(&self, _: Request) -> Fetching {
///         Box::pin(async { Ok(Answer { status: 200, headers: Default::default(), body: br#"{"keys":[]}"#.to_vec() }) })
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let source = KeySource::new("https://app.example/jwks", Arc::new(Empty), Arc::new(System), Policy::KEYS);
/// let keys = source.keys().await?;
/// assert!(keys.keys().is_empty() && source.newer(&keys).await.is_some());
/// assert!(source.keys_for(Some("k"), jose::JwsAlgorithm::ES256).await?.keys().is_empty());
/// assert_eq!((source.counts().fetched, source.is_failing()), (2, false));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct KeySource(Arc<Shared<JwkSet>>);

impl KeySource {
    /// The keys at this URL; nothing is fetched yet.
    pub fn new(url: impl Into<String>, fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>, policy: Policy) -> Self {
        Self(Shared::new(url.into(), fetch, clock, policy, read))
    }

    /// The keys as they are.
    pub async fn keys(&self) -> Result<Arc<JwkSet>, Unavailable> {
        self.0.get(Wish::Any).await
    }

    /// The keys with which a token of this header may be verified. Where none serves it, the set is asked for anew, as
    /// often as the cool-down allows; what then comes is given, whether or not it has the key.
    pub async fn keys_for(&self, kid: Option<&str>, alg: JwsAlgorithm) -> Result<Arc<JwkSet>, Unavailable> {
        let keys = self.keys().await?;
        let serves = |keys: &JwkSet| keys.candidates(kid, alg).next().is_some();
        if serves(&keys) {
            return Ok(keys);
        }
        let Ok(newer) = self.0.get(Wish::Newer { than: &keys, missing: kid }).await else { return Ok(keys) };
        if let Some(kid) = kid.filter(|_| !serves(&newer)) {
            self.0.not_there(kid);
        }
        Ok(newer)
    }

    /// A set that is newer than this one, under which a signature did not hold: a provider may have put another key under
    /// the same name. None where there is none, or none may be asked for now.
    pub async fn newer(&self, than: &Arc<JwkSet>) -> Option<Arc<JwkSet>> {
        self.0.get(Wish::Newer { than, missing: None }).await.ok()
    }

    /// How often it was fetched.
    pub fn counts(&self) -> Counts {
        self.0.counts()
    }

    /// Whether the last fetch came to nothing.
    pub fn is_failing(&self) -> bool {
        self.0.is_failing()
    }
}

/// RFC 7517 §5, at most so large and of so many keys as [`Limits::DEFAULT`] says.
fn read(body: &[u8]) -> Result<JwkSet, String> {
    JwkSet::parse(jose::provider::aws_lc(), body, &Limits::DEFAULT).map_err(|error| error.to_string())
}

/// The keys at many addresses: those of a provider's clients.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_verify::clock::System;
/// use vestibule_verify::fetch::{Fetcher, Reach};
/// use vestibule_verify::sets::KeySets;
///
/// let sets = KeySets::new(Arc::new(Fetcher::new(Reach::public())), Arc::new(System));
/// assert_eq!(sets.at("https://app.example/jwks").counts().fetched, 0);
/// ```
pub struct KeySets(Many<JwkSet>);

impl KeySets {
    /// None yet.
    pub fn new(fetch: Arc<dyn Fetch>, clock: Arc<dyn Clock>) -> Self {
        Self(Many::new(fetch, clock, read))
    }

    /// The keys at this address. Of too many, those that nobody has asked for longest are forgotten.
    pub fn at(&self, url: &str) -> KeySource {
        KeySource(self.0.at(url))
    }
}

impl std::fmt::Debug for KeySets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeySets").finish_non_exhaustive()
    }
}
