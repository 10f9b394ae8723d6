//! An app and whoever is signed in to it.

mod begun;
mod device;
mod hand_off;
mod host;
mod join;
mod kept;
mod renew;
mod sign_in;

use std::sync::Arc;

use tokio::sync::OnceCell;
use url::Url;

use crate::container::Container;
use crate::error::Error;
use crate::provider::Provider;
use crate::settings::{Platform, Settings};
use crate::stores::blocking;
use crate::tokens::Tokens;

pub use hand_off::HandOff;
pub use join::Joined;
use kept::Kept;

/// An app. Cheap to clone; clones are the same app.
///
/// ```no_run
/// use std::sync::Arc;
/// use vestibule_native::stores::Memory;
/// use vestibule_native::{App, Ending, Error, Joined, Platform, Settings};
///
/// # async fn example() -> Result<(), Error> {
/// let settings = Settings::new("https://id.example.com", "notes").scope("openid profile device_sso");
/// let app = App::new(settings, Platform::new(Arc::new(Memory::default())).shared(Arc::new(Memory::default())));
/// if !app.is_signed_in().await? && app.join().await? != Joined::SignedIn {
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
    held: tokio::sync::Mutex<()>,
    /// One at a time finishes a sign-in: a link may come twice, and its code counts once.
    finishing: tokio::sync::Mutex<()>,
}

/// What a request to an API carries.
///
/// ```
/// use vestibule_native::Credentials;
///
/// let credentials = Credentials { authorization: "Bearer t".to_owned(), dpop: None };
/// assert!(credentials.dpop.is_none());
/// ```
#[derive(Clone, PartialEq, Eq)]
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
        let (provider, held, finishing) = (OnceCell::new(), Default::default(), Default::default());
        Self(Arc::new(Inner { settings, platform, container, provider, held, finishing }))
    }

    /// Whether somebody is signed in, as far as this device knows.
    pub async fn is_signed_in(&self) -> Result<bool, Error> {
        Ok(self.0.load().await?.is_some())
    }

    /// Who is signed in.
    pub async fn subject(&self) -> Result<Option<String>, Error> {
        Ok(self.0.load().await?.and_then(|tokens| tokens.subject))
    }

    /// What a request to an API carries. Tokens that are about to expire are renewed first: by one for all who ask.
    pub async fn credentials(&self, method: &str, url: &str) -> Result<Credentials, Error> {
        self.credentials_with(method, url, None).await
    }

    /// The same, with the nonce that the API asked for (RFC 9449 §9).
    pub async fn credentials_with(&self, method: &str, url: &str, nonce: Option<&str>) -> Result<Credentials, Error> {
        let tokens = self.fresh().await?;
        if !tokens.bound {
            return Ok(Credentials { authorization: tokens.authorization(), dpop: None });
        }
        let endpoints = &self.0.provider().await?.endpoints;
        let proof = endpoints.proof(method, url, Some(&tokens.access_token), nonce.map(str::to_owned)).await?;
        Ok(Credentials { authorization: tokens.authorization(), dpop: proof })
    }

    /// Signs out: here, or of every app that shares the container. What lies here is forgotten even where the provider
    /// cannot be told; that is then said.
    pub async fn sign_out(&self, ending: Ending) -> Result<(), Error> {
        let inner = Arc::clone(&self.0);
        to_its_end(async move { inner.sign_out(ending).await }).await
    }
}

/// Does it though whoever asked goes away: what was used at the provider and not kept here would be lost.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, Error>> + Send + 'static,
) -> Result<T, Error> {
    tokio::spawn(work).await.unwrap_or_else(|error| Err(Error::Answer(error.to_string())))
}

impl Inner {
    async fn sign_out(&self, ending: Ending) -> Result<(), Error> {
        let _held = self.held.lock().await;
        let mut secrets = Vec::new();
        if let Some(tokens) = self.load().await? {
            secrets.extend(tokens.refresh_token.map(|token| (token, "refresh_token")));
        }
        if let (Ending::EveryApp, Some(container)) = (ending, &self.container) {
            let held = blocking(container, Container::get).await?;
            secrets.extend(held.map(|held| (held.device_secret, DEVICE_SECRET)));
            blocking(container, Container::empty).await?;
        }
        self.forget().await?;
        // What was under way was this person's, and so was the key at the provider.
        for kind in [Kept::Begun, Kept::Device, Kept::HandOff] {
            self.remove_kept(kind).await?;
        }
        let provider = self.provider().await?;
        let mut told = Ok(());
        for (secret, kind) in &secrets {
            told = told.and(provider.revoke(secret, kind).await);
        }
        told
    }

    async fn provider(&self) -> Result<&Provider, Error> {
        self.provider.get_or_try_init(|| Provider::find(&self.settings, &self.platform)).await
    }

    /// A path below the issuer.
    fn at(&self, path: &[&str]) -> Result<Url, Error> {
        let none = || Error::Answer("the issuer is no URL".to_owned());
        let mut url = Url::parse(&self.settings.issuer).map_err(|_| none())?;
        url.path_segments_mut().map_err(|()| none())?.pop_if_empty().extend(path);
        Ok(url)
    }

    /// In seconds since 1970.
    fn now(&self) -> i64 {
        self.platform.clock.now_ms().div_euclid(1000)
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

/// Neither the token nor its proof.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Credentials").field("bound", &self.dpop.is_some()).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("client_id", &self.0.settings.client_id).finish_non_exhaustive()
    }
}

const DEVICE_SECRET: &str = "urn:openid:params:token-type:device-secret";
