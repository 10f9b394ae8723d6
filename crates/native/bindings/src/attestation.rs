//! What a phone's system says of the device's key. Each system has its own of the two.

use std::sync::Arc;

use vestibule_native::Error;

use crate::error::PlatformError;

/// Android Key Attestation. Calls may block.
#[uniffi::export(with_foreign)]
pub trait AndroidAttester: Send + Sync {
    /// Makes the key of this name with this challenge (`setAttestationChallenge`), in place of one that is there, where the
    /// device's key store opens it afterwards. Answered are its certificates, its own first (`getCertificateChain`, each
    /// `encoded`); none, and nothing is made, where the system does not attest.
    fn make_key(&self, name: String, challenge: Vec<u8>) -> Result<Option<Vec<Vec<u8>>>, PlatformError>;
}

/// Apple App Attest. Calls may block.
#[uniffi::export(with_foreign)]
pub trait AppleAttester: Send + Sync {
    /// The attestation object of a new key of App Attest's, for this hash (`attestKey(_:clientDataHash:)`); none where the
    /// system does not attest (`isSupported`).
    fn attest(&self, client_data_hash: Vec<u8>) -> Result<Option<Vec<u8>>, PlatformError>;
}

/// One of the app's, for the core.
pub(crate) struct Attesting<T: ?Sized>(pub(crate) Arc<T>);

impl vestibule_native::AndroidAttester for Attesting<dyn AndroidAttester> {
    fn make_key(&self, name: &str, challenge: &[u8]) -> Result<Option<Vec<Vec<u8>>>, Error> {
        self.0.make_key(name.to_owned(), challenge.to_owned()).map_err(failed)
    }
}

impl vestibule_native::AppleAttester for Attesting<dyn AppleAttester> {
    fn attest(&self, client_data_hash: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        self.0.attest(client_data_hash.to_owned()).map_err(failed)
    }
}

fn failed(error: PlatformError) -> Error {
    Error::Key(error.to_string())
}
