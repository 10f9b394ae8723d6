//! Where secrets are kept: the system's own places, behind one trait.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::error::Error;

/// A place for secrets: an app's own, or one that a developer's apps share. Its calls may block. Android's apps implement it
/// over a bound service or the AccountManager of the app that owns the container; that is a callback into Kotlin.
///
/// ```
/// use vestibule_native::stores::{Memory, SharedStore};
///
/// let store = Memory::default();
/// store.put("container", "a secret")?;
/// assert_eq!(store.get("container")?.as_deref().map(String::as_str), Some("a secret"));
/// store.remove("container")?;
/// assert!(store.get("container")?.is_none());
/// # Ok::<(), vestibule_native::stores::StoreError>(())
/// ```
pub trait SharedStore: Send + Sync {
    /// What lies under a name.
    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreError>;

    /// Puts a secret under a name, in place of what is there.
    fn put(&self, name: &str, secret: &str) -> Result<(), StoreError>;

    /// Takes away what lies under a name, if anything does.
    fn remove(&self, name: &str) -> Result<(), StoreError>;
}

/// Why a store does not work: in the system's words.
///
/// ```
/// use vestibule_native::stores::StoreError;
///
/// assert_eq!(StoreError("the keychain is locked".to_owned()).to_string(), "the keychain is locked");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct StoreError(pub String);

/// A store that forgets when the process ends, for tests.
#[derive(Default)]
pub struct Memory(Mutex<HashMap<String, Zeroizing<String>>>);

/// Names alone.
impl std::fmt::Debug for Memory {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.lock().unwrap_or_else(PoisonError::into_inner).keys()).finish()
    }
}

impl SharedStore for Memory {
    fn get(&self, name: &str) -> Result<Option<Zeroizing<String>>, StoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn put(&self, name: &str, secret: &str) -> Result<(), StoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), secret.to_owned().into());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

/// Stores of the system may block, and may ask the person.
pub(crate) async fn blocking<S: Clone + Send + 'static, T: Send + 'static>(
    store: &S,
    act: impl FnOnce(&S) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let store = store.clone();
    let done = tokio::task::spawn_blocking(move || act(&store)).await;
    done.unwrap_or_else(|error| Err(Error::Store(error.to_string())))
}
