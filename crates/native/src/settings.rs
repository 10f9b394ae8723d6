//! What an app is told.

use std::sync::Arc;
use std::time::Duration;

use verify::clock::{Clock, System};
use verify::fetch::{Fetch, FetchError, Fetcher, Fetching, Reach, Request};

use crate::attestation::{AndroidAttester, AppleAttester, Attester};
use crate::browser::{Browser, SystemBrowser};
use crate::keys::{KeyStore, SoftwareKeys};
use crate::stores::SharedStore;

/// An app, as its provider knows it.
///
/// ```
/// use vestibule_native::Settings;
///
/// let settings = Settings::new("https://id.example.com", "notes").scope("openid profile offline_access").resource("https://api.example.com");
/// # let _ = settings;
/// ```
#[derive(Clone, Debug)]
pub struct Settings {
    pub(crate) issuer: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) resource: Option<String>,
    pub(crate) patience: Duration,
}

impl Settings {
    /// An app of this issuer.
    pub fn new(issuer: impl Into<String>, client_id: impl Into<String>) -> Self {
        let (issuer, client_id, scope) = (issuer.into(), client_id.into(), "openid".to_owned());
        Self { issuer, client_id, scope, resource: None, patience: Duration::from_secs(300) }
    }

    /// What it asks for.
    #[must_use]
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = scope.into();
        self
    }

    /// The API that its tokens are for (RFC 8707).
    #[must_use]
    pub fn resource(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }

    /// For how long a person may take in the browser; five minutes unless said.
    #[must_use]
    pub fn patience(mut self, span: Duration) -> Self {
        self.patience = span;
        self
    }
}

/// What differs between systems.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_native::Platform;
/// use vestibule_native::stores::Memory;
///
/// let own = Arc::new(Memory::default());
/// let shared = Arc::new(Memory::default());
/// let platform = Platform::new(own).shared(shared);
/// # let _ = platform;
/// ```
#[derive(Clone)]
pub struct Platform {
    pub(crate) own: Arc<dyn SharedStore>,
    pub(crate) shared: Option<Arc<dyn SharedStore>>,
    pub(crate) keys: Arc<dyn KeyStore>,
    pub(crate) container_keys: Option<Arc<dyn KeyStore>>,
    pub(crate) device_keys: Option<Arc<dyn KeyStore>>,
    pub(crate) attester: Option<Attester>,
    pub(crate) browser: Arc<dyn Browser>,
    pub(crate) fetch: Option<Arc<dyn Fetch>>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Platform {
    /// With this store for the app's own secrets; unless said otherwise, its keys lie there too, and the system's browser is
    /// opened.
    pub fn new(own: Arc<dyn SharedStore>) -> Self {
        let keys = Arc::new(SoftwareKeys::new(Arc::clone(&own)));
        let (shared, container_keys, device_keys, attester) = (None, None, None, None);
        let (browser, fetch, clock) = (Arc::new(SystemBrowser), None, Arc::new(System));
        Self { own, shared, keys, container_keys, device_keys, attester, browser, fetch, clock }
    }

    /// With a container that the developer's other apps share; unless said otherwise, its key lies there too.
    #[must_use]
    pub fn shared(mut self, store: Arc<dyn SharedStore>) -> Self {
        self.container_keys.get_or_insert_with(|| Arc::new(SoftwareKeys::new(Arc::clone(&store))));
        self.shared = Some(store);
        self
    }

    /// With keys elsewhere: in the Secure Enclave, in Android's Keystore, in a TPM.
    #[must_use]
    pub fn keys(mut self, keys: Arc<dyn KeyStore>) -> Self {
        self.keys = keys;
        self
    }

    /// With the container's key elsewhere: in a Keychain group's Secure Enclave, or, since Android's apps cannot share a key,
    /// in the app that owns the container and signs for the others.
    #[must_use]
    pub fn container_keys(mut self, keys: Arc<dyn KeyStore>) -> Self {
        self.container_keys = Some(keys);
        self
    }

    /// With the key that answers other apps' requests elsewhere: one that the person must unlock for each use. Unless said
    /// otherwise it lies where the app's other keys do.
    #[must_use]
    pub fn device_keys(mut self, keys: Arc<dyn KeyStore>) -> Self {
        self.device_keys = Some(keys);
        self
    }

    /// With Android's word for the device's key: `register_device` has the key made with the provider's challenge.
    #[must_use]
    pub fn android_attester(mut self, attester: Arc<dyn AndroidAttester>) -> Self {
        self.attester = Some(Attester::Android(attester));
        self
    }

    /// With Apple's word for the app, which vouches for the device's key when `register_device` registers it.
    #[must_use]
    pub fn apple_attester(mut self, attester: Arc<dyn AppleAttester>) -> Self {
        self.attester = Some(Attester::Apple(attester));
        self
    }

    /// With another way to the person's browser.
    #[must_use]
    pub fn browser(mut self, browser: Arc<dyn Browser>) -> Self {
        self.browser = browser;
        self
    }

    /// With another fetcher.
    #[must_use]
    pub fn fetch(mut self, fetch: Arc<dyn Fetch>) -> Self {
        self.fetch = Some(fetch);
        self
    }

    /// With another clock.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The fetcher; the provider may be on this machine only where the issuer says so.
    pub(crate) fn fetcher(&self, issuer: &str) -> Arc<dyn Fetch> {
        match &self.fetch {
            // The app's own may have no bounds, and whoever renews tokens keeps the others waiting.
            Some(fetch) => Arc::new(Bounded(Arc::clone(fetch), LONGEST)),
            None => Arc::new(Fetcher::new(Reach::public().of_issuer(issuer))),
        }
    }
}

/// Waits for an answer no longer than this.
struct Bounded(Arc<dyn Fetch>, Duration);

impl Fetch for Bounded {
    fn fetch(&self, request: Request) -> Fetching {
        let (answer, longest) = (self.0.fetch(request), self.1);
        Box::pin(
            async move { tokio::time::timeout(longest, answer).await.unwrap_or(Err(FetchError::TooSlow(longest))) },
        )
    }
}

const LONGEST: Duration = Duration::from_secs(30);

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Platform").field("shares", &self.shared.is_some()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A network in which nothing ever comes back.
    struct Silent;

    impl Fetch for Silent {
        fn fetch(&self, _: Request) -> Fetching {
            Box::pin(std::future::pending())
        }
    }

    #[tokio::test]
    async fn an_apps_own_network_is_not_waited_for_without_end() {
        let bounded = Bounded(Arc::new(Silent), Duration::from_millis(20));
        let answer = bounded.fetch(Request::get("https://id.example")).await;
        assert!(matches!(answer, Err(FetchError::TooSlow(_))));
    }
}
