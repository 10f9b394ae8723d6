//! The keychain of apps that are signed with a provisioning profile ("data protection keychain"): an app's own, or one that a
//! developer's apps share. The compiler has checked it for both systems; it has been run on neither.

use std::collections::HashMap;
use std::sync::Arc;

use apple_native_keyring_store::protected::Store;
use vestibule_native::stores::StoreError;

use super::{Keyring, Modifiers, failed};

impl Keyring {
    /// Under this service in an access group: the apps share it that have the group among their `keychain-access-groups`, with
    /// the team's id before it, and no others. An app without that entitlement is told so by the system when it first asks.
    ///
    /// ```no_run
    /// use std::sync::Arc;
    /// use vestibule_native::Platform;
    /// use vestibule_native_keyring::Keyring;
    ///
    /// let own = Keyring::in_access_group("ABCDE12345.com.example.notes", "com.example.notes")?;
    /// let shared = Keyring::in_access_group("ABCDE12345.com.example.suite", "com.example.suite")?;
    /// let platform = Platform::new(Arc::new(own)).shared(Arc::new(shared));
    /// # let _ = platform;
    /// # Ok::<(), vestibule_native::stores::StoreError>(())
    /// ```
    pub fn in_access_group(group: &str, service: impl Into<String>) -> Result<Self, StoreError> {
        if group.is_empty() {
            // To the store that is whichever group comes first.
            return Err(StoreError("an access group has a name".to_owned()));
        }
        Ok(Self::over(store(group)?, KEPT, service))
    }
}

/// On iOS there is no other keychain. Without a group the system takes the first that the app has.
#[cfg(target_os = "ios")]
pub(crate) fn usual(service: &str, name: &str) -> Result<keyring_core::Entry, StoreError> {
    Keyring::over(store("")?, KEPT, service).entry(name)
}

fn store(group: &str) -> Result<Arc<Store>, StoreError> {
    Store::new_with_configuration(&HashMap::from([("access-group", group)])).map_err(|error| failed(&error))
}

/// There from the first unlocking on, since tokens are renewed while the screen is locked; in no backup that another device
/// could be restored from.
const KEPT: Modifiers = &[("access-policy", "after-first-unlock-this-device-only")];
