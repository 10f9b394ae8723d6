//! Keys that never leave the system's store: it signs, and says their public half.

use std::sync::Arc;

use serde_json::{Map, Value};
use vestibule_jose::{JwsAlgorithm, base64url};
use vestibule_native::Error;

use crate::der::{coordinates, raw_signature};
use crate::error::PlatformError;

/// A P-256 key in the system's store: Android's Keystore, the Secure Enclave. Calls may block and may ask the person.
#[uniffi::export(with_foreign)]
pub trait DeviceKey: Send + Sync {
    /// Its public half: `SecKeyCopyExternalRepresentation` of it, or `PublicKey.getEncoded`.
    fn public_key(&self) -> Result<Vec<u8>, PlatformError>;

    /// Signs with ECDSA and SHA-256; the signature as the system writes it (`ecdsaSignatureMessageX962SHA256`, `SHA256withECDSA`).
    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, PlatformError>;
}

/// Where such keys lie.
#[uniffi::export(with_foreign)]
pub trait KeyStore: Send + Sync {
    /// The key of this name, made where there is none.
    fn open(&self, name: String) -> Result<Arc<dyn DeviceKey>, PlatformError>;

    /// Forgets a key, if it is there.
    fn forget(&self, name: String) -> Result<(), PlatformError>;
}

/// One of the app's, for the core.
pub(crate) struct Keys(pub(crate) Arc<dyn KeyStore>);

struct Key {
    public: Map<String, Value>,
    key: Arc<dyn DeviceKey>,
}

impl vestibule_native::KeyStore for Keys {
    fn open(&self, name: &str) -> Result<Arc<dyn vestibule_native::DeviceKey>, Error> {
        let key = self.0.open(name.to_owned()).map_err(failed)?;
        let bytes = key.public_key().map_err(failed)?;
        let (x, y) = coordinates(&bytes).ok_or_else(|| Error::Key("it is no public key on P-256".to_owned()))?;
        let members = [("kty", "EC".to_owned()), ("crv", "P-256".to_owned())];
        let members = members.into_iter().chain([("x", base64url::encode(x)), ("y", base64url::encode(y))]);
        let public = members.map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
        Ok(Arc::new(Key { public, key }))
    }

    fn forget(&self, name: &str) -> Result<(), Error> {
        self.0.forget(name.to_owned()).map_err(failed)
    }
}

impl vestibule_native::DeviceKey for Key {
    fn alg(&self) -> JwsAlgorithm {
        JwsAlgorithm::ES256
    }

    fn public_jwk(&self) -> Map<String, Value> {
        self.public.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let der = self.key.sign(message.to_owned()).map_err(failed)?;
        let raw = raw_signature(&der).ok_or_else(|| Error::Key("the signature is no ECDSA-Sig-Value".to_owned()))?;
        Ok(raw.to_vec())
    }
}

fn failed(error: PlatformError) -> Error {
    Error::Key(error.to_string())
}
