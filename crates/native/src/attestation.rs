//! What a phone's system says of the device's key. The library cannot ask the system itself: the app's own code does, once it
//! knows the challenge.

use std::sync::Arc;

use jose::base64url;
use serde_json::{Value, json};

use crate::error::Error;

/// Android Key Attestation: the system says it of a key that is made with the challenge. Calls may block.
///
/// ```
/// use vestibule_native::{AndroidAttester, Error};
///
/// /// A phone without such hardware.
/// struct Plain;
///
/// impl AndroidAttester for Plain {
///     fn make_key(&self, _name: &str, _challenge: &[u8]) -> Result<Option<Vec<Vec<u8>>>, Error> {
///         Ok(None)
///     }
/// }
/// # let _ = Plain.make_key("device/notes", &[]);
/// ```
pub trait AndroidAttester: Send + Sync {
    /// Makes the key of this name with this challenge (`setAttestationChallenge`), in place of one that is there, where the
    /// key store of the device's keys opens it afterwards. Answered are its certificates in DER, its own first
    /// (`KeyStore.getCertificateChain`); `None`, and nothing is made, where the system does not attest.
    fn make_key(&self, name: &str, challenge: &[u8]) -> Result<Option<Vec<Vec<u8>>>, Error>;
}

/// Apple App Attest: the system says it of the app, which says it of the key. Calls may block.
///
/// ```
/// use vestibule_native::{AppleAttester, Error};
///
/// /// A simulator.
/// struct Plain;
///
/// impl AppleAttester for Plain {
///     fn attest(&self, _client_data_hash: &[u8]) -> Result<Option<Vec<u8>>, Error> {
///         Ok(None)
///     }
/// }
/// # let _ = Plain.attest(&[]);
/// ```
pub trait AppleAttester: Send + Sync {
    /// The attestation object of a new key of App Attest's, for this hash (`attestKey(_:clientDataHash:)`); `None` where the
    /// system does not attest (`isSupported`).
    fn attest(&self, client_data_hash: &[u8]) -> Result<Option<Vec<u8>>, Error>;
}

/// The app's way to its system's word.
#[derive(Clone)]
pub(crate) enum Attester {
    Android(Arc<dyn AndroidAttester>),
    Apple(Arc<dyn AppleAttester>),
}

/// What an attestation is about (docs/book/app-to-app.md): one registration, by the nonce of its proof and the hash of the access
/// token; where the system attests another thing than the key itself, the key's thumbprint, too.
pub(crate) fn challenge(nonce: &str, ath: &str, jkt: Option<&str>) -> [u8; 32] {
    let parts = ["vestibule-device-key-attestation", nonce, ath].into_iter().chain(jkt);
    jose::sha256(parts.collect::<Vec<_>>().join(".").as_bytes())
}

/// As the provider takes it.
pub(crate) fn android(chain: &[Vec<u8>]) -> Value {
    json!({ "format": "android-key", "chain": chain.iter().map(base64url::encode).collect::<Vec<_>>() })
}

/// As the provider takes it.
pub(crate) fn apple(object: &[u8]) -> Value {
    json!({ "format": "apple-appattest", "object": base64url::encode(object) })
}
