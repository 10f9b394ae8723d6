//! The container that a developer's apps share (OpenID Connect Native SSO 1.0): an ID token and a device secret.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::stores::SharedStore;

/// What one sign-in left for the others.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Held {
    pub(crate) id_token: String,
    pub(crate) device_secret: String,
}

/// The container of one issuer in one store.
#[derive(Clone)]
pub(crate) struct Container {
    store: Arc<dyn SharedStore>,
    name: String,
}

impl Container {
    pub(crate) fn new(store: Arc<dyn SharedStore>, issuer: &str) -> Self {
        Self { store, name: format!("container/{issuer}") }
    }

    pub(crate) fn get(&self) -> Result<Option<Held>, Error> {
        let text = self.store.get(&self.name).map_err(|error| Error::Store(error.0))?;
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(crate) fn put(&self, held: &Held) -> Result<(), Error> {
        let text = Zeroizing::new(serde_json::to_string(held).map_err(|error| Error::Store(error.to_string()))?);
        self.store.put(&self.name, &text).map_err(|error| Error::Store(error.0))
    }

    /// Puts something in place of what was read. What another app has put there meanwhile stays: it is the same, or newer.
    pub(crate) fn replace(&self, read: &Held, held: &Held) -> Result<(), Error> {
        match self.get()?.is_some_and(|there| there.device_secret == read.device_secret) {
            true => self.put(held),
            false => Ok(()),
        }
    }

    pub(crate) fn empty(&self) -> Result<(), Error> {
        self.store.remove(&self.name).map_err(|error| Error::Store(error.0))
    }
}
