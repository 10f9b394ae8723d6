//! An app and whoever is signed in to it.

use std::sync::Arc;

use tokio::sync::OnceCell;
use url::Url;

use crate::container::{Container, Held};
use crate::device_proof::{About, prove};
use crate::error::Error;
use crate::loopback::{Awaited, Loopback};
use crate::pkce::{challenge, random};
use crate::protocol::parse;
use crate::provider::Provider;
use crate::settings::{Platform, Settings};
use crate::stores::blocking;
use crate::tokens::{Answer, Tokens};

/// An app. Cheap to clone; clones are the same app.
///
/// ```no_run
/// use std::sync::Arc;
/// use vestibule_native::stores::Memory;
/// use vestibule_native::{App, Ending, Error, Platform, Settings};
///
/// # async fn example() -> Result<(), Error> {
/// let settings = Settings::new("https://id.example.com", "notes").scope("openid profile device_sso");
/// let app = App::new(settings, Platform::new(Arc::new(Memory::default())).shared(Arc::new(Memory::default())));
/// if !app.is_signed_in().await? && !app.join().await? {
///     app.sign_in().await?;
/// }
/// let credentials = app.credentials("GET", "https://api.example.com/notes").await?;
/// println!("{} and {:?}, for {:?}", credentials.authorization, credentials.dpop, app.subject().await?);
/// app.sign_out(Ending::EveryApp).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    settings: Settings,
    platform: Platform,
    container: Option<Container>,
    provider: OnceCell<Provider>,
    /// One at a time renews the tokens; the others wait and find them new.
    held: Arc<tokio::sync::Mutex<()>>,
}

/// What a request to an API carries.
///
/// ```
/// use vestibule_native::Credentials;
///
/// let credentials = Credentials { authorization: "Bearer t".to_owned(), dpop: None };
/// assert!(credentials.dpop.is_none());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credentials {
    /// The value of `Authorization`.
    pub authorization: String,
    /// The value of `DPoP`, for this request alone.
    pub dpop: Option<String>,
}

/// What ends.
///
/// ```
/// use vestibule_native::Ending;
///
/// assert_ne!(Ending::ThisApp, Ending::EveryApp);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// This app alone; the developer's other apps stay.
    ThisApp,
    /// All apps that share the container.
    EveryApp,
}

impl App {
    /// An app on a platform. Nothing is read and nobody asked yet.
    pub fn new(settings: Settings, platform: Platform) -> Self {
        let container = platform.shared.clone().map(|store| Container::new(store, &settings.issuer));
        let (provider, held) = (OnceCell::new(), Arc::default());
        Self(Arc::new(Inner { settings, platform, container, provider, held }))
    }

    /// Whether somebody is signed in, as far as this device knows.
    pub async fn is_signed_in(&self) -> Result<bool, Error> {
        Ok(self.0.load().await?.is_some())
    }

    /// Who is signed in.
    pub async fn subject(&self) -> Result<Option<String>, Error> {
        Ok(self.0.load().await?.and_then(|tokens| tokens.subject))
    }

    /// Signs somebody in through the system's browser (RFC 8252 §4.1), and leaves for the other apps what they need.
    pub async fn sign_in(&self) -> Result<(), Error> {
        let inner = &*self.0;
        let provider = inner.provider().await?;
        let loopback = Loopback::open().await?;
        let redirect_uri = loopback.redirect_uri.clone();
        let (verifier, state, nonce) = (random()?, random()?, random()?);
        let address = inner.address(provider, &redirect_uri, &challenge(&verifier), &state, &nonce).await?;
        inner.platform.browser.open(&address)?;
        let names_issuer = provider.metadata.authorization_response_iss_parameter_supported;
        let awaited = Awaited { state: &state, issuer: &inner.settings.issuer, names_issuer };
        let code = loopback.code(&awaited, inner.settings.patience).await?;
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", &verifier),
        ];
        let wants_container = self.0.settings.scope.split(' ').any(|scope| scope == "device_sso");
        let proof = if wants_container { inner.device_proof(provider, &code).await? } else { None };
        fields.extend(proof.as_deref().map(|proof| ("device_proof", proof)));
        let answer = provider.ask(&fields).await?;
        let id_token = answer.id_token.as_deref().ok_or_else(|| Error::Answer("no ID token came".to_owned()))?;
        let subject = provider.id_tokens.verify(id_token, Some(&nonce), None).await?;
        inner.keep(provider, &answer, None, Some(subject)).await
    }

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

    /// What a request to an API carries. Tokens that are about to expire are renewed first: by one for all who ask.
    pub async fn credentials(&self, method: &str, url: &str) -> Result<Credentials, Error> {
        self.credentials_with(method, url, None).await
    }

    /// The same, with the nonce that the API asked for (RFC 9449 §9).
    pub async fn credentials_with(&self, method: &str, url: &str, nonce: Option<&str>) -> Result<Credentials, Error> {
        let tokens = self.fresh().await?;
        if !tokens.bound {
            return Ok(Credentials { authorization: format!("Bearer {}", tokens.access_token), dpop: None });
        }
        let endpoints = &self.0.provider().await?.endpoints;
        let proof = endpoints.proof(method, url, Some(&tokens.access_token), nonce.map(str::to_owned)).await?;
        Ok(Credentials { authorization: format!("DPoP {}", tokens.access_token), dpop: proof })
    }

    /// Signs out: here, or of every app that shares the container. What lies here is forgotten even where the provider
    /// cannot be told; that is then said.
    pub async fn sign_out(&self, ending: Ending) -> Result<(), Error> {
        let inner = &*self.0;
        let _held = inner.held.lock().await;
        let mut secrets = Vec::new();
        if let Some(tokens) = inner.load().await? {
            secrets.extend(tokens.refresh_token.map(|token| (token, "refresh_token")));
        }
        if let (Ending::EveryApp, Some(container)) = (ending, &inner.container) {
            let held = blocking(container, Container::get).await?;
            secrets.extend(held.map(|held| (held.device_secret, DEVICE_SECRET)));
            blocking(container, Container::empty).await?;
        }
        inner.forget().await?;
        let provider = inner.provider().await?;
        for (secret, kind) in &secrets {
            provider.revoke(secret, kind).await?;
        }
        Ok(())
    }

    /// Tokens that are good for a while. The work goes on though whoever asked goes away: a refresh token that was used and
    /// whose successor was lost would sign the person out.
    async fn fresh(&self) -> Result<Tokens, Error> {
        if let Some(tokens) = self.0.load().await?.filter(|tokens| self.0.is_fresh(tokens)) {
            return Ok(tokens);
        }
        let inner = Arc::clone(&self.0);
        let renewing = tokio::spawn(async move { inner.renew().await });
        renewing.await.unwrap_or_else(|error| Err(Error::Answer(error.to_string())))
    }
}

impl Inner {
    async fn provider(&self) -> Result<&Provider, Error> {
        self.provider.get_or_try_init(|| Provider::find(&self.settings, &self.platform)).await
    }

    /// The container's word beside a code or a device secret, where there is a container.
    async fn device_proof(&self, provider: &Provider, beside: &str) -> Result<Option<String>, Error> {
        let keys = self.platform.container_keys.clone().filter(|_| provider.metadata.native_sso_supported);
        let Some(keys) = keys else { return Ok(None) };
        let key = blocking(&keys, |keys| keys.open("container")).await?;
        let (dpop_key, now) = (provider.thumbprint()?, self.platform.clock.now_ms().div_euclid(1000));
        let (client_id, issuer) = (self.settings.client_id.as_str(), self.settings.issuer.as_str());
        prove(key, &About { client_id, issuer, beside, dpop_key: dpop_key.as_deref(), now }).await.map(Some)
    }

    /// The address that the browser opens: a pushed request where the provider takes them (RFC 9126), so that nothing of it
    /// stands in the browser.
    async fn address(
        &self,
        provider: &Provider,
        redirect_uri: &str,
        challenge: &str,
        state: &str,
        nonce: &str,
    ) -> Result<String, Error> {
        let thumbprint = provider.thumbprint()?;
        let mut fields = vec![
            ("response_type", "code"),
            ("redirect_uri", redirect_uri),
            ("scope", &self.settings.scope),
            ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
            ("state", state),
            ("nonce", nonce),
        ];
        fields.extend(self.settings.resource.as_deref().map(|resource| ("resource", resource)));
        fields.extend(thumbprint.as_deref().map(|thumbprint| ("dpop_jkt", thumbprint)));
        let client = ("client_id", self.settings.client_id.as_str());
        let mut url = Url::parse(&provider.metadata.authorization_endpoint)
            .map_err(|_| Error::Answer("the authorization endpoint is no URL".to_owned()))?;
        match &provider.metadata.pushed_authorization_request_endpoint {
            Some(endpoint) => {
                let pushed: Pushed = parse(&provider.endpoints.post(endpoint, &fields).await?)?;
                url.query_pairs_mut().extend_pairs([client, ("request_uri", &pushed.request_uri)]);
            }
            None => drop(url.query_pairs_mut().extend_pairs([client]).extend_pairs(fields)),
        }
        Ok(url.into())
    }

    /// Keeps what came, for this app and in the container.
    async fn keep(
        &self,
        provider: &Provider,
        answer: &Answer,
        before: Option<Held>,
        subject: Option<String>,
    ) -> Result<(), Error> {
        let now = self.platform.clock.now_ms();
        let tokens = Tokens { subject, ..answer.held(now, provider.endpoints.key.is_some(), None)? };
        self.save(tokens).await?;
        let Some(container) = self.container.clone() else { return Ok(()) };
        let secret = answer.device_secret.clone();
        let held = match (before, secret, &answer.id_token) {
            (Some(before), Some(device_secret), _) => Some(Held { device_secret, ..before }),
            (None, Some(device_secret), Some(id_token)) => Some(Held { id_token: id_token.clone(), device_secret }),
            _ => None,
        };
        match held {
            Some(held) => blocking(&container, move |container| container.put(&held)).await,
            None => Ok(()),
        }
    }

    /// One refresh for all who wait (RFC 6749 §6).
    async fn renew(self: Arc<Self>) -> Result<Tokens, Error> {
        let _held = self.held.lock().await;
        let before = self.load().await?.ok_or(Error::SignedOut)?;
        if self.is_fresh(&before) {
            return Ok(before);
        }
        let provider = self.provider().await?;
        let Some(refresh_token) = before.refresh_token.as_deref() else {
            self.forget().await?;
            return Err(Error::SignedOut);
        };
        let answer = match provider.ask(&[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await {
            Err(Error::Refused(refusal)) if refusal.code == "invalid_grant" => {
                self.forget().await?;
                return Err(Error::SignedOut);
            }
            answer => answer?,
        };
        if let Some(id_token) = &answer.id_token {
            provider.id_tokens.verify(id_token, None, before.subject.as_deref()).await?;
        }
        let tokens = answer.held(self.platform.clock.now_ms(), before.bound, Some(&before))?;
        self.save(tokens.clone()).await?;
        Ok(tokens)
    }

    fn is_fresh(&self, tokens: &Tokens) -> bool {
        self.platform.clock.now_ms() < tokens.expires_at - AHEAD
    }

    async fn load(&self) -> Result<Option<Tokens>, Error> {
        let (store, id) = (Arc::clone(&self.platform.own), self.settings.client_id.clone());
        blocking(&store, move |store| Tokens::load(&**store, &id)).await
    }

    async fn save(&self, tokens: Tokens) -> Result<(), Error> {
        let (store, id) = (Arc::clone(&self.platform.own), self.settings.client_id.clone());
        blocking(&store, move |store| tokens.save(&**store, &id)).await
    }

    async fn forget(&self) -> Result<(), Error> {
        let (store, id) = (Arc::clone(&self.platform.own), self.settings.client_id.clone());
        blocking(&store, move |store| Tokens::remove(&**store, &id)).await
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("client_id", &self.0.settings.client_id).finish_non_exhaustive()
    }
}

#[derive(serde::Deserialize)]
struct Pushed {
    request_uri: String,
}

/// Milliseconds before its end in which a token is renewed rather than sent.
const AHEAD: i64 = 30_000;
const TOKEN_EXCHANGE: &str = "urn:ietf:params:oauth:grant-type:token-exchange";
const ID_TOKEN: &str = "urn:ietf:params:oauth:token-type:id_token";
const DEVICE_SECRET: &str = "urn:openid:params:token-type:device-secret";
