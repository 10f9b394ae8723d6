//! The container that a developer's apps share: what one sign-in left signs in the others.

use super::{App, DEVICE_SECRET, Inner};
use crate::container::{Container, Held};
use crate::device_proof::{About, prove};
use crate::error::Error;
use crate::provider::Provider;
use crate::stores::blocking;

impl App {
    /// Signs in whoever is signed in to another of the developer's apps, without a browser (Native SSO §4). `false` where
    /// nobody is, or this person must be asked: then `sign_in`.
    pub async fn join(&self) -> Result<bool, Error> {
        let inner = &*self.0;
        let Some(container) = &inner.container else { return Ok(false) };
        let Some(held) = blocking(container, Container::get).await? else { return Ok(false) };
        let provider = inner.provider().await?;
        if !provider.metadata.native_sso_supported {
            return Ok(false);
        }
        let mut fields = vec![
            ("grant_type", TOKEN_EXCHANGE),
            ("audience", inner.settings.issuer.as_str()),
            ("subject_token", &held.id_token),
            ("subject_token_type", ID_TOKEN),
            ("actor_token", &held.device_secret),
            ("actor_token_type", DEVICE_SECRET),
            ("scope", &inner.settings.scope),
        ];
        let proof = inner.device_proof(provider, &held.device_secret).await?;
        fields.extend(proof.as_deref().map(|proof| ("device_proof", proof)));
        let answer = match provider.ask(&fields).await {
            Ok(answer) => answer,
            // What lies there stays: it may open another app, and the next sign-in puts something new in its place.
            Err(Error::Refused(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let subject = match &answer.id_token {
            Some(id_token) => Some(provider.id_tokens.verify(id_token, None, None).await?),
            None => None,
        };
        let kept = Held { id_token: answer.id_token.clone().unwrap_or(held.id_token), ..held };
        inner.keep(provider, &answer, Some(kept), subject).await?;
        Ok(true)
    }
}

impl Inner {
    /// The container's word beside a code or a device secret, where there is a container.
    pub(super) async fn device_proof(&self, provider: &Provider, beside: &str) -> Result<Option<String>, Error> {
        let keys = self.platform.container_keys.clone().filter(|_| provider.metadata.native_sso_supported);
        let Some(keys) = keys else { return Ok(None) };
        let key = blocking(&keys, |keys| keys.open("container")).await?;
        let (dpop_key, now) = (provider.thumbprint()?, self.now());
        let (client_id, issuer) = (self.settings.client_id.as_str(), self.settings.issuer.as_str());
        prove(key, &About { client_id, issuer, beside, dpop_key: dpop_key.as_deref(), now }).await.map(Some)
    }
}

const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
