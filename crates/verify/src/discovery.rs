//! A provider's metadata (OpenID Connect Discovery 1.0, RFC 8414) and the keys that they name.

use std::sync::{Arc, Mutex, PoisonError};

use jose::remote::{Policy, Wish};
use serde::Deserialize;

use crate::clock::Clock;
use crate::fetch::Fetch;
use crate::sets::{KeySource, Shared, Unavailable};

/// Of a provider's metadata what an API needs.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    jwks_uri: Option<String>,
    pub(crate) introspection_endpoint: Option<String>,
}

/// One provider, as its metadata describe it.
pub(crate) struct Discovery {
    issuer: String,
    metadata: Arc<Shared<Metadata>>,
    keys: Mutex<Option<(String, KeySource)>>,
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    policy: Policy,
}

/// Why a provider's word is not at hand: for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotDiscovered {
    #[error(transparent)]
    Unavailable(#[from] Unavailable),
    #[error("the metadata are those of the issuer {0:?}")]
    OtherIssuer(String),
    #[error("the metadata have no jwks_uri")]
    NoKeys,
}

impl Discovery {
    pub(crate) fn new(
        issuer: String,
        metadata_url: String,
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        policy: Policy,
    ) -> Self {
        let metadata = Shared::new(metadata_url, Arc::clone(&fetch), Arc::clone(&clock), METADATA, read);
        Self { issuer, metadata, keys: Mutex::default(), fetch, clock, policy }
    }

    pub(crate) async fn metadata(&self) -> Result<Arc<Metadata>, NotDiscovered> {
        let metadata = self.metadata.get(Wish::Any).await?;
        // Discovery §4.3, RFC 8414 §3.3: the issuer must be the one that was asked for, character by character.
        match metadata.issuer == self.issuer {
            true => Ok(metadata),
            false => Err(NotDiscovered::OtherIssuer(metadata.issuer.clone())),
        }
    }

    /// The keys, wherever the metadata say now that they lie.
    pub(crate) async fn keys(&self) -> Result<KeySource, NotDiscovered> {
        let metadata = self.metadata().await?;
        let url = metadata.jwks_uri.as_deref().ok_or(NotDiscovered::NoKeys)?;
        let mut kept = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, source)) = kept.as_ref().filter(|(at, _)| at == url) {
            return Ok(source.clone());
        }
        let source = KeySource::new(url, Arc::clone(&self.fetch), Arc::clone(&self.clock), self.policy);
        *kept = Some((url.to_owned(), source.clone()));
        Ok(source)
    }

    /// The keys that were last asked for, for who counts.
    pub(crate) fn known_keys(&self) -> Option<KeySource> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(_, source)| source.clone())
    }
}

fn read(body: &[u8]) -> Result<Metadata, String> {
    serde_json::from_slice(body).map_err(|error| format!("the metadata are none: {error}"))
}

/// Metadata change seldom, and without them nothing works.
const METADATA: Policy = Policy {
    least_fresh: 5 * 60_000,
    usually_fresh: 3_600_000,
    most_fresh: 24 * 3_600_000,
    stale: 24 * 3_600_000,
    ..Policy::KEYS
};
