//! What the system brings.

use std::sync::Arc;

use vestibule_native::Error;
use vestibule_native::stores::{SharedStore, StoreError};
use zeroize::Zeroizing;

use crate::attestation::{AndroidAttester, AppleAttester, Attesting};
use crate::error::PlatformError;
use crate::keys::{KeyStore, Keys};
use crate::network::{Network, Sent};

/// A place for secrets: the app's own, or one that a developer's apps share. On Apple's systems the Keychain, with an access
/// group where it is shared; on Android the app's own encrypted store, or a bound service or the AccountManager of the app that
/// owns the container. Calls may block.
#[uniffi::export(with_foreign)]
pub trait SecretStore: Send + Sync {
    /// What lies under a name.
    fn get(&self, name: String) -> Result<Option<String>, PlatformError>;

    /// Puts a secret under a name, in place of what is there.
    fn put(&self, name: String, secret: String) -> Result<(), PlatformError>;

    /// Takes away what lies under a name, if anything does.
    fn remove(&self, name: String) -> Result<(), PlatformError>;
}

/// Opens addresses in the person's own browser: `ASWebAuthenticationSession`, Custom Tabs.
#[uniffi::export(with_foreign)]
pub trait Browser: Send + Sync {
    /// Opens one, and does not wait.
    fn open(&self, address: String) -> Result<(), PlatformError>;
}

/// All that differs between systems.
#[derive(uniffi::Record)]
pub struct Platform {
    /// For the app's own secrets.
    pub own: Arc<dyn SecretStore>,
    /// For what the developer's apps share.
    #[uniffi(default = None)]
    pub shared: Option<Arc<dyn SecretStore>>,
    /// For the key that the app's tokens are bound to; without it the key lies in `own`.
    #[uniffi(default = None)]
    pub keys: Option<Arc<dyn KeyStore>>,
    /// For the container's key; without it the key lies in `shared`.
    #[uniffi(default = None)]
    pub container_keys: Option<Arc<dyn KeyStore>>,
    /// For the key that answers other apps, which the person unlocks for each use; without it the key lies in `keys`.
    #[uniffi(default = None)]
    pub device_keys: Option<Arc<dyn KeyStore>>,
    /// Android's word for the device's key, which `registerDevice` takes along.
    #[uniffi(default = None)]
    pub android_attester: Option<Arc<dyn AndroidAttester>>,
    /// Apple's word for the app, which vouches for that key.
    #[uniffi(default = None)]
    pub apple_attester: Option<Arc<dyn AppleAttester>>,
    /// The way to the person's browser; without it the desktop's.
    #[uniffi(default = None)]
    pub browser: Option<Arc<dyn Browser>>,
    /// The way to the provider; without it the core's own, which knows the desktop's roots.
    #[uniffi(default = None)]
    pub network: Option<Arc<dyn Network>>,
}

impl Platform {
    pub(crate) fn for_the_core(self) -> vestibule_native::Platform {
        let store = |store| Arc::new(Store(store));
        let keys = |keys| Arc::new(Keys(keys));
        let mut platform = vestibule_native::Platform::new(store(self.own));
        if let Some(shared) = self.shared {
            platform = platform.shared(store(shared));
        }
        if let Some(kept) = self.keys {
            platform = platform.keys(keys(kept));
        }
        if let Some(kept) = self.container_keys {
            platform = platform.container_keys(keys(kept));
        }
        if let Some(kept) = self.device_keys {
            platform = platform.device_keys(keys(kept));
        }
        if let Some(attester) = self.android_attester {
            platform = platform.android_attester(Arc::new(Attesting(attester)));
        }
        if let Some(attester) = self.apple_attester {
            platform = platform.apple_attester(Arc::new(Attesting(attester)));
        }
        if let Some(browser) = self.browser {
            platform = platform.browser(Arc::new(Opened(browser)));
        }
        match self.network {
            Some(network) => platform.fetch(Arc::new(Sent(network))),
            None => platform,
        }
    }
}

struct Store(Arc<dyn SecretStore>);

impl SharedStore for Store {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        Ok(self.0.get(name.to_owned()).map_err(failed)?.map(Zeroizing::new))
    }

    fn put(&self, name: &str, secret: &str) -> Result<(), StoreError> {
        self.0.put(name.to_owned(), secret.to_owned()).map_err(failed)
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.0.remove(name.to_owned()).map_err(failed)
    }
}

struct Opened(Arc<dyn Browser>);

impl vestibule_native::Browser for Opened {
    fn open(&self, address: &str) -> Result<(), Error> {
        self.0.open(address.to_owned()).map_err(|error| Error::Browser(std::io::Error::other(error)))
    }
}

fn failed(error: PlatformError) -> StoreError {
    StoreError(error.to_string())
}
