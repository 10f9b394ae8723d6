//! The container that a developer's apps share: what one sign-in left signs in the others.

use std::sync::Arc;

use super::begun::Begun;
use super::kept::Kept;
use super::{App, DEVICE_SECRET, Inner, to_its_end};
use crate::container::{Container, Held};
use crate::device_proof::{About, prove};
use crate::error::{Error, Refusal};
use crate::provider::Provider;
use crate::sign_in::SignIn;
use crate::stores::blocking;
use crate::tokens::Answer;

/// What came of joining.
///
/// ```
/// use vestibule_native::Joined;
///
/// fn next(joined: &Joined) -> &str {
///     match joined {
///         Joined::SignedIn => "go on",
///         Joined::Nobody | Joined::MustAsk(None) => "sign in",
///         Joined::MustAsk(Some(address)) => address,
///     }
/// }
/// # let _ = next;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joined {
    /// Whoever is signed in to the other app is signed in to this one.
    SignedIn,
    /// Nobody is, or this app may not join them: `sign_in`.
    Nobody,
    /// Somebody is, and must be asked in the browser: at this address, where `join_or_begin` was told of the way back; open it, and
    /// `finish` finishes. Without an address: `sign_in`.
    MustAsk(Option<String>),
}

impl App {
    /// Signs in whoever is signed in to another of the developer's apps, without a browser (Native SSO §4).
    pub async fn join(&self) -> Result<Joined, Error> {
        let inner = Arc::clone(&self.0);
        to_its_end(async move { inner.join(None).await }).await
    }

    /// The same, and where the person must be asked, begins a sign-in whose way back is a link that the app claims, as `begin`
    /// does: where the provider says it goes on (`authorization_uri`), else by a request of the app's own.
    pub async fn join_or_begin(&self, redirect_uri: &str) -> Result<Joined, Error> {
        let (inner, begun) = (Arc::clone(&self.0), Begun::at(redirect_uri)?);
        to_its_end(async move { inner.join(Some(begun)).await }).await
    }
}

impl Inner {
    async fn join(&self, begun: Option<Begun>) -> Result<Joined, Error> {
        let Some(container) = self.container.clone() else { return Ok(Joined::Nobody) };
        let Some(held) = blocking(&container, Container::get).await? else { return Ok(Joined::Nobody) };
        let provider = self.provider().await?;
        if !provider.metadata.native_sso_supported {
            return Ok(Joined::Nobody);
        }
        provider.id_tokens.prepare().await?;
        let answer = match self.exchange(provider, &held, begun.as_ref()).await {
            Ok(answer) => answer,
            // What lies there stays: it may open another app, and the next sign-in puts something new in its place.
            Err(Error::Refused(refusal)) if MUST_ASK.contains(&refusal.code.as_str()) => {
                return self.must_ask(provider, begun, refusal).await;
            }
            Err(Error::Refused(_)) => return Ok(Joined::Nobody),
            Err(error) => return Err(error),
        };
        // The secret that was used is worth nothing by now: its successor comes before all else, or the next use of it would end
        // the container.
        if let Some(device_secret) = answer.device_secret.clone() {
            let id_token = answer.id_token.clone().unwrap_or_else(|| held.id_token.clone());
            blocking(&container, move |container| container.replace(&held, &Held { id_token, device_secret })).await?;
        }
        let subject = match &answer.id_token {
            Some(id_token) => Some(provider.id_tokens.verify(id_token, None, None).await?),
            None => None,
        };
        self.keep(provider, &answer, subject).await?;
        Ok(Joined::SignedIn)
    }

    /// Native SSO §4.2. A lost answer is asked for again: the provider gives the same for a while.
    async fn exchange(&self, provider: &Provider, held: &Held, begun: Option<&Begun>) -> Result<Answer, Error> {
        let mut fields = vec![
            ("grant_type", TOKEN_EXCHANGE),
            ("audience", self.settings.issuer.as_str()),
            ("subject_token", &held.id_token),
            ("subject_token_type", ID_TOKEN),
            ("actor_token", &held.device_secret),
            ("actor_token_type", DEVICE_SECRET),
            ("scope", &self.settings.scope),
        ];
        // RFC 8693 §2.1.
        fields.extend(self.settings.resource.as_deref().map(|resource| ("resource", resource)));
        let challenge = begun.map(Begun::challenge);
        if let (Some(begun), Some(challenge)) = (begun, &challenge) {
            fields.extend(begun.fields(challenge));
        }
        let began = self.platform.clock.now_ms();
        let answer = self.proven(provider, &held.device_secret, &fields).await;
        match self.was_lost(&answer, began) {
            true => self.proven(provider, &held.device_secret, &fields).await,
            false => answer,
        }
    }

    /// Asks with a proof of the container's key, which counts once.
    async fn proven(&self, provider: &Provider, secret: &str, fields: &[(&str, &str)]) -> Result<Answer, Error> {
        let proof = self.device_proof(provider, secret).await?;
        let proof = proof.as_deref().map(|proof| ("device_proof", proof));
        provider.ask(&fields.iter().copied().chain(proof).collect::<Vec<_>>()).await
    }

    async fn must_ask(&self, provider: &Provider, begun: Option<Begun>, refusal: Refusal) -> Result<Joined, Error> {
        let Some(begun) = begun else { return Ok(Joined::MustAsk(None)) };
        let said = refusal.goes_on_at.as_deref();
        let address = match said.and_then(|said| begun.goes_on(said, &self.settings.client_id, provider)) {
            Some(mut url) => {
                let pushed = url.query_pairs().any(|(name, _)| name == "request_uri");
                let more = [("resource", self.settings.resource.clone()), ("dpop_jkt", provider.thumbprint()?)];
                let more = more.into_iter().filter_map(|(name, value)| Some((name, value?)));
                if !pushed {
                    url.query_pairs_mut().extend_pairs(more);
                }
                url.into()
            }
            None => self.address(provider, &SignIn::default(), &begun).await?,
        };
        self.keep_as(Kept::Begun, &begun).await?;
        Ok(Joined::MustAsk(Some(address)))
    }

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

/// OpenID Connect Core §3.1.2.6.
const MUST_ASK: &[&str] = &["interaction_required", "login_required", "account_selection_required", "consent_required"];
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
