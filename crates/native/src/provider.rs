//! The provider, as its metadata describe it.

use std::sync::{Arc, Mutex};

use crate::error::Error;
use crate::id_token::IdTokens;
use crate::keys::thumbprint;
use crate::metadata::Metadata;
use crate::protocol::{Endpoints, parse};
use crate::settings::{Platform, Settings};
use crate::stores::blocking;
use crate::tokens::Answer;

/// The provider with what the app has there.
pub(crate) struct Provider {
    pub(crate) metadata: Arc<Metadata>,
    pub(crate) endpoints: Endpoints,
    pub(crate) id_tokens: IdTokens,
}

impl Provider {
    pub(crate) async fn find(settings: &Settings, platform: &Platform) -> Result<Self, Error> {
        let (fetch, clock) = (platform.fetcher(&settings.issuer), Arc::clone(&platform.clock));
        let metadata = Metadata::of(&settings.issuer, &*fetch).await?;
        let (keys, name) = (Arc::clone(&platform.keys), settings.client_id.clone());
        let key = blocking(&keys, move |keys| keys.open(&name)).await?;
        let key = Some(key).filter(|key| metadata.takes_proofs(key.alg()));
        let id_tokens = IdTokens::new(
            &settings.issuer,
            &settings.client_id,
            &metadata.jwks_uri,
            Arc::clone(&fetch),
            Arc::clone(&clock),
        );
        let endpoints = Endpoints { client_id: settings.client_id.clone(), fetch, clock, key, nonce: Mutex::default() };
        Ok(Self { metadata, endpoints, id_tokens })
    }

    pub(crate) async fn ask(&self, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        parse(&self.endpoints.post(&self.metadata.token_endpoint, fields).await?)
    }

    /// RFC 7009 §2.1. What is not there any more is revoked enough.
    pub(crate) async fn revoke(&self, secret: &str, kind: &str) -> Result<(), Error> {
        let Some(endpoint) = &self.metadata.revocation_endpoint else { return Ok(()) };
        match self.endpoints.post(endpoint, &[("token", secret), ("token_type_hint", kind)]).await {
            Ok(_) | Err(Error::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// RFC 9449 §10: the code is bound to the key, too.
    pub(crate) fn thumbprint(&self) -> Result<Option<String>, Error> {
        self.endpoints.key.as_deref().map(thumbprint).transpose().map(Option::flatten)
    }
}
