//! What an app keeps in its own store beside its tokens, each under a name of its kind.

use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::Inner;
use crate::error::Error;
use crate::stores::blocking;

/// What is kept.
#[derive(Clone, Copy)]
pub(super) enum Kept {
    /// A sign-in that is under way.
    Begun,
    /// The id of this device's key at the provider.
    Device,
    /// A hand-off that awaits this device's answer.
    HandOff,
}

impl Inner {
    /// What nobody can read is as if it were not there.
    pub(super) async fn kept<T: DeserializeOwned>(&self, kind: Kept) -> Result<Option<T>, Error> {
        let name = self.name_of(kind);
        let text = blocking(&self.platform.own, move |store| store.get(&name).map_err(|error| Error::Store(error.0)));
        Ok(text.await?.and_then(|text| serde_json::from_str(&text).ok()))
    }

    pub(super) async fn keep_as<T: Serialize>(&self, kind: Kept, value: &T) -> Result<(), Error> {
        let text = serde_json::to_string(value).map_err(|error| Error::Store(error.to_string()))?;
        let (name, text) = (self.name_of(kind), Zeroizing::new(text));
        blocking(&self.platform.own, move |store| store.put(&name, &text).map_err(|error| Error::Store(error.0))).await
    }

    pub(super) async fn remove_kept(&self, kind: Kept) -> Result<(), Error> {
        let name = self.name_of(kind);
        blocking(&self.platform.own, move |store| store.remove(&name).map_err(|error| Error::Store(error.0))).await
    }

    fn name_of(&self, kind: Kept) -> String {
        let kind = match kind {
            Kept::Begun => "begun",
            Kept::Device => "device",
            Kept::HandOff => "hand-off",
        };
        format!("{kind}/{}", self.settings.client_id)
    }
}
