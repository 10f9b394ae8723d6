//! From a request to tokens: through the browser and back to this machine, or through a link that the app claims.

use std::sync::Arc;

use serde::Deserialize;
use url::Url;

use super::begun::Begun;
use super::kept::Kept;
use super::{App, Inner, to_its_end};
use crate::container::Held;
use crate::error::Error;
use crate::loopback::Loopback;
use crate::protocol::parse;
use crate::provider::Provider;
use crate::redirect::{Awaited, code_of, is_at};
use crate::sign_in::SignIn;
use crate::stores::blocking;
use crate::tokens::{Answer, Tokens};

impl App {
    /// Signs somebody in through the system's browser (RFC 8252 §4.1), and leaves for the other apps what they need.
    pub async fn sign_in(&self) -> Result<(), Error> {
        self.sign_in_with(&SignIn::default()).await
    }

    /// The same, with more asked for than usual.
    pub async fn sign_in_with(&self, sign_in: &SignIn) -> Result<(), Error> {
        let inner = &*self.0;
        let provider = inner.provider().await?;
        let loopback = Loopback::open().await?;
        let (begun, address) = inner.begun(provider, sign_in, &loopback.redirect_uri).await?;
        inner.platform.browser.open(&address)?;
        let code = loopback.code(&inner.awaited(provider, &begun), inner.settings.patience).await?;
        let inner = Arc::clone(&self.0);
        to_its_end(async move { inner.redeem(inner.provider().await?, &begun, &code).await }).await
    }

    /// Begins a sign-in whose way back is a link that the app claims (RFC 8252 §7.1, §7.2): answered is the address to open.
    /// What is needed to finish lies in the app's own store, so that the system may end the app in between; a further
    /// `begin` takes its place.
    pub async fn begin(&self, sign_in: &SignIn, redirect_uri: &str) -> Result<String, Error> {
        let inner = &*self.0;
        let (begun, address) = inner.begun(inner.provider().await?, sign_in, redirect_uri).await?;
        inner.keep_as(Kept::Begun, &begun).await?;
        Ok(address)
    }

    /// Finishes it, with the link that came. A link that was not awaited changes nothing; any app and any page can open one.
    /// After `Unreachable` it may be tried again with the same.
    pub async fn finish(&self, redirected: &str) -> Result<(), Error> {
        let (inner, redirected) = (Arc::clone(&self.0), redirected.to_owned());
        to_its_end(async move { inner.finish(&redirected).await }).await
    }
}

#[derive(Deserialize)]
struct Pushed {
    request_uri: String,
}

impl Inner {
    async fn finish(&self, redirected: &str) -> Result<(), Error> {
        let _finishing = self.finishing.lock().await;
        let foreign = || Error::Answer("nobody awaits this redirect".to_owned());
        let begun: Begun = self.kept(Kept::Begun).await?.ok_or_else(foreign)?;
        let provider = self.provider().await?;
        let url = Url::parse(redirected).ok().filter(|url| is_at(url, &begun.redirect_uri)).ok_or_else(foreign)?;
        let finished = match code_of(&url, &self.awaited(provider, &begun)).ok_or_else(foreign)? {
            Ok(code) => self.redeem(provider, &begun, &code).await,
            Err(error) => Err(error),
        };
        if !matches!(finished, Err(Error::Unreachable(_))) {
            self.remove_kept(Kept::Begun).await?;
        }
        finished
    }

    /// Draws what is new for each request, and says where the browser goes.
    async fn begun(&self, provider: &Provider, sign_in: &SignIn, redirect_uri: &str) -> Result<(Begun, String), Error> {
        // What must be at hand when the code comes is fetched while there is time.
        provider.id_tokens.prepare().await?;
        let begun = Begun::at(redirect_uri)?;
        let address = self.address(provider, sign_in, &begun).await?;
        Ok((begun, address))
    }

    /// A pushed request where the provider takes them (RFC 9126), so that nothing of it stands in the address. What another
    /// app is to answer is always pushed: nothing else of its link counts.
    pub(super) async fn address(&self, provider: &Provider, sign_in: &SignIn, begun: &Begun) -> Result<String, Error> {
        let (thumbprint, challenge) = (provider.thumbprint()?, begun.challenge());
        let mut fields = vec![("response_type", "code"), ("scope", self.settings.scope.as_str())];
        fields.extend(begun.fields(&challenge));
        fields.extend(self.settings.resource.as_deref().map(|resource| ("resource", resource)));
        fields.extend(thumbprint.as_deref().map(|thumbprint| ("dpop_jkt", thumbprint)));
        fields.extend(sign_in.fields());
        let client = ("client_id", self.settings.client_id.as_str());
        let mut url = match &sign_in.through {
            Some(host) => self.at(&["a2a", host])?,
            None => Url::parse(&provider.metadata.authorization_endpoint)
                .map_err(|_| Error::Answer("the authorization endpoint is no URL".to_owned()))?,
        };
        match &provider.metadata.pushed_authorization_request_endpoint {
            Some(endpoint) => {
                let pushed: Pushed = parse(&provider.endpoints.post(endpoint, &fields).await?)?;
                url.query_pairs_mut().extend_pairs([client, ("request_uri", &pushed.request_uri)]);
            }
            None if sign_in.through.is_some() => {
                return Err(Error::Answer("the provider takes no pushed requests".to_owned()));
            }
            None => drop(url.query_pairs_mut().extend_pairs([client]).extend_pairs(fields)),
        }
        Ok(url.into())
    }

    fn awaited<'a>(&'a self, provider: &Provider, begun: &'a Begun) -> Awaited<'a> {
        let names_issuer = provider.metadata.authorization_response_iss_parameter_supported;
        Awaited { state: &begun.state, issuer: &self.settings.issuer, names_issuer }
    }

    /// From the code to tokens (RFC 6749 §4.1.3). The code is used once: what verifies the answer is there before.
    async fn redeem(&self, provider: &Provider, begun: &Begun, code: &str) -> Result<(), Error> {
        provider.id_tokens.prepare().await?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &begun.redirect_uri),
            ("code_verifier", &begun.verifier),
        ];
        let wants_container = self.settings.scope.split(' ').any(|scope| scope == "device_sso");
        let proof = if wants_container { self.device_proof(provider, code).await? } else { None };
        fields.extend(proof.as_deref().map(|proof| ("device_proof", proof)));
        let answer = provider.ask(&fields).await?;
        let id_token = answer.id_token.as_deref().ok_or_else(|| Error::Answer("no ID token came".to_owned()))?;
        let subject = provider.id_tokens.verify(id_token, Some(&begun.nonce), None).await?;
        if let (Some(container), Some(device_secret)) = (self.container.clone(), answer.device_secret.clone()) {
            let held = Held { id_token: id_token.to_owned(), device_secret };
            blocking(&container, move |container| container.put(&held)).await?;
        }
        self.keep(provider, &answer, Some(subject)).await
    }

    /// Keeps what came, for this app. Whoever renews the tokens of before does it first.
    pub(super) async fn keep(
        &self,
        provider: &Provider,
        answer: &Answer,
        subject: Option<String>,
    ) -> Result<(), Error> {
        let _held = self.held.lock().await;
        let now = self.platform.clock.now_ms();
        let tokens = Tokens { subject, ..answer.held(now, provider.endpoints.key.is_some(), None)? };
        self.save(tokens).await
    }
}
