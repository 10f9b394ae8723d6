//! Stores of `vestibule-native` in the system's own secret store, through the crate `keyring`: the Secret Service on Linux,
//! Keychain Services on Apple's systems, the Credential Manager on Windows.
//!
//! Owns nothing but the translation. Two apps share a container by giving the same service. On Linux and Windows whatever runs
//! in the person's session can read it; on Apple's systems those apps alone to which the developer has given one access group
//! (`Keyring::in_access_group`, which is there on macOS and iOS). Android has no such store: there the app that owns the
//! container answers the others. The tests run the Secret Service; what is Apple's and Windows' is run nowhere here.

#[cfg(any(target_os = "macos", target_os = "ios"))]
mod apple;

use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
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
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    /// What `keyring` takes on this system.
    Usual,
    Store(Arc<CredentialStore>, Modifiers),
}

/// What a store is told of each entry beside its name.
type Modifiers = &'static [(&'static str, &'static str)];

impl Keyring {
    /// Under this service: one of the app's own, or one that a developer's apps share. On macOS that is the login keychain, where
    /// the system asks the person before another app reads what this one has put there. On iOS it is the app's first access
    /// group: where that is one that apps share, name the app's own by `Keyring::in_access_group`.
    pub fn new(service: impl Into<String>) -> Self {
        Self { service: service.into(), place: Place::Usual }
    }

    /// The same in another store that `keyring-core` has an implementation of; each entry is made with these modifiers, as that
    /// store knows them.
    ///
    /// ```
    /// use vestibule_native::stores::SharedStore as _;
    /// use vestibule_native_keyring::Keyring;
    ///
    /// let store = keyring_core::mock::Store::new()?;
    /// let notes = Keyring::over(store.clone(), &[], "com.example.notes");
    /// notes.put("tokens", "a secret")?;
    /// assert_eq!(Keyring::over(store, &[], "com.example.mail").get("tokens")?, None);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn over(store: Arc<CredentialStore>, modifiers: Modifiers, service: impl Into<String>) -> Self {
        Self { service: service.into(), place: Place::Store(store, modifiers) }
    }

    fn entry(&self, name: &str) -> Result<Entry, StoreError> {
        match &self.place {
            Place::Usual => usual(&self.service, name),
            Place::Store(store, modifiers) => {
                let modifiers = HashMap::from_iter(modifiers.iter().copied());
                store.build(&self.service, name, Some(&modifiers)).map_err(|error| failed(&error))
            }
        }
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

#[cfg(not(target_os = "ios"))]
fn usual(service: &str, name: &str) -> Result<Entry, StoreError> {
    use keyring::Entry;

    let entry = Entry::new(service, name).map_err(|error| match Entry::store_status() {
        Err(cause) => failed(cause),
        Ok(()) => failed(&error),
    })?;
    Ok(entry.inner)
}

#[cfg(target_os = "ios")]
use apple::usual;

fn failed(error: &Error) -> StoreError {
    StoreError(error.to_string())
}

#[cfg(test)]
mod tests {
    use keyring_core::mock::{Cred, Store};

    use super::*;

    #[test]
    fn what_is_put_under_a_service_is_there_for_all_who_name_it() {
        let store = Store::new().expect("a store");
        let (one, two) = (Keyring::over(store.clone(), &[], "suite"), Keyring::over(store.clone(), &[], "suite"));
        assert_eq!(one.get("container"), Ok(None));
        one.put("container", "first").expect("kept");
        two.put("container", "second").expect("kept");
        assert_eq!(one.get("container"), Ok(Some("second".to_owned().into())));
        assert_eq!(Keyring::over(store, &[], "other").get("container"), Ok(None));
        assert_eq!((two.remove("container"), one.remove("container")), (Ok(()), Ok(())), "once and again");
        assert_eq!(two.get("container"), Ok(None));
    }

    #[test]
    fn a_store_that_fails_says_why() {
        let store = Store::new().expect("a store");
        let keyring = Keyring::over(store.clone(), &[], "suite");
        let locked = || {
            let entry = keyring.entry("container").expect("an entry");
            let cred: &Cred = entry.as_any().downcast_ref().expect("of the mock store");
            cred.set_error(Error::NotSupportedByStore("it is locked".to_owned()));
        };
        let why = Err(StoreError("Unsupported: it is locked".to_owned()));
        locked();
        assert_eq!(keyring.put("container", "secret"), why);
        locked();
        assert_eq!(keyring.remove("container"), why);
        locked();
        assert_eq!(keyring.get("container").map(drop), why);
    }

    /// This store takes none, and says so.
    #[test]
    fn each_entry_is_made_with_the_modifiers() {
        let store = Store::new().expect("a store");
        let keyring = Keyring::over(store, &[("access-policy", "when-unlocked")], "suite");
        let Err(StoreError(why)) = keyring.get("container") else { panic!("the modifiers went missing") };
        assert!(why.contains("modifiers"), "{why}");
    }
}
