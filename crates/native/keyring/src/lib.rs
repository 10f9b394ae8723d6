//! Stores of `vestibule-native` in the system's own secret store: the Secret Service on Linux, Keychain Services on macOS, the
//! Credential Manager on Windows, through the crate `keyring`.
//!
//! Owns nothing but the translation. Two apps share a container by giving the same service; on macOS the Keychain's access
//! group decides who may read it, on Linux whoever runs in the person's session may.

use keyring::{Entry, Error};
use vestibule_native::stores::{SharedStore, StoreError};
use zeroize::Zeroizing;

/// Secrets of one service.
///
/// ```no_run
/// use vestibule_native::stores::SharedStore as _;
/// use vestibule_native_keyring::Keyring;
///
/// let container = Keyring::new("com.example.suite");
/// container.put("container", "a secret")?;
/// # Ok::<(), vestibule_native::stores::StoreError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Keyring {
    service: String,
}

impl Keyring {
    /// Under this service: one of the app's own, or one that a developer's apps share.
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into() }
    }

    fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        Entry::new(&self.service, name).map_err(|error| match Entry::store_status() {
            Err(cause) => failed(cause),
            Ok(()) => failed(&error),
        })
    }
}

impl SharedStore for Keyring {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        match self.entry(name)?.get_password() {
            Ok(secret) => Ok(Some(secret.into())),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(failed(&error)),
        }
    }

    fn put(&self, name: &str, secret: &str) -> Result<(), StoreError> {
        self.entry(name)?.set_password(secret).map_err(|error| failed(&error))
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        match self.entry(name)?.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(failed(&error)),
        }
    }
}

fn failed(error: &Error) -> StoreError {
    StoreError(error.to_string())
}
