//! Keys of the device, which prove that a token is in the right hands (RFC 9449).

use std::sync::Arc;

use jose::json::Object;
use jose::jwt::Prepared;
use jose::{JwsAlgorithm, Limits, SigningKey, VerifyingKey, provider::aws_lc};

use crate::error::Error;
use crate::stores::SharedStore;

/// A key that signs and need not be readable. Its calls may block, and may ask the person.
///
/// ```
/// use jose::{JwsAlgorithm, SigningKey, provider::aws_lc};
/// use vestibule_native::DeviceKey;
///
/// let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256)?;
/// let key: &dyn DeviceKey = &key;
/// assert_eq!((key.alg(), key.sign(b"text").map(|signature| signature.len()).ok()), (JwsAlgorithm::ES256, Some(64)));
/// assert_eq!(key.public_jwk()["kty"], "EC");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub trait DeviceKey: Send + Sync {
    /// What it signs with: ES256, wherever a phone's hardware holds it.
    fn alg(&self) -> JwsAlgorithm;

    /// Its public half (RFC 7517 §4).
    fn public_jwk(&self) -> Object;

    /// Signs; of ECDSA the raw `r ‖ s` (RFC 7518 §3.4).
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error>;
}

/// Where the device's keys lie.
///
/// ```
/// use std::sync::Arc;
/// use vestibule_native::stores::Memory;
/// use vestibule_native::{KeyStore, SoftwareKeys};
///
/// let keys = SoftwareKeys::new(Arc::new(Memory::default()));
/// let (key, again) = (keys.open("notes")?, keys.open("notes")?);
/// assert_eq!(key.public_jwk(), again.public_jwk());
/// keys.forget("notes")?;
/// assert_ne!(key.public_jwk(), keys.open("notes")?.public_jwk());
/// # Ok::<(), vestibule_native::Error>(())
/// ```
pub trait KeyStore: Send + Sync {
    /// The key of this name, made where there is none.
    fn open(&self, name: &str) -> Result<Arc<dyn DeviceKey>, Error>;

    /// Forgets a key.
    fn forget(&self, name: &str) -> Result<(), Error>;
}

/// Keys that lie as secrets in a store: for systems whose hardware holds none.
#[derive(Clone)]
pub struct SoftwareKeys(Arc<dyn SharedStore>);

impl SoftwareKeys {
    /// In this store.
    pub fn new(store: Arc<dyn SharedStore>) -> Self {
        Self(store)
    }
}

impl KeyStore for SoftwareKeys {
    fn open(&self, name: &str) -> Result<Arc<dyn DeviceKey>, Error> {
        let failed = |error: &dyn std::fmt::Display| Error::Key(error.to_string());
        let name = format!("key/{name}");
        let kept = || self.0.get(&name).map_err(|error| Error::Store(error.0));
        let read = |jwk: &str| {
            SigningKey::from_jwk(aws_lc(), jwk.as_bytes(), &Limits::DEFAULT).map_err(|error| failed(&error))
        };
        if let Some(jwk) = kept()? {
            return Ok(Arc::new(read(&jwk)?));
        }
        let key = SigningKey::generate(aws_lc(), JwsAlgorithm::ES256).map_err(|error| failed(&error))?;
        self.0.put(&name, &key.private_jwk()).map_err(|error| Error::Store(error.0))?;
        // Another app may have made the container's key just now: the one that lies there is the key.
        match kept()? {
            Some(jwk) => Ok(Arc::new(read(&jwk)?)),
            None => Ok(Arc::new(key)),
        }
    }

    fn forget(&self, name: &str) -> Result<(), Error> {
        self.0.remove(&format!("key/{name}")).map_err(|error| Error::Store(error.0))
    }
}

/// RFC 7638.
pub(crate) fn thumbprint(key: &dyn DeviceKey) -> Result<Option<String>, Error> {
    let public = VerifyingKey::from_jwk_object(aws_lc(), &key.public_jwk());
    let public = public.map_err(|error| Error::Key(error.to_string()))?;
    Ok(public.thumbprint().map(str::to_owned))
}

/// Keys may ask the person, so that a thread waits for them.
pub(crate) async fn sign(key: Arc<dyn DeviceKey>, prepared: Prepared) -> Result<String, Error> {
    let message = prepared.signing_input().to_vec();
    let signature = tokio::task::spawn_blocking(move || key.sign(&message)).await;
    let signature = signature.map_err(|error| Error::Key(error.to_string()))??;
    prepared.attach(&signature).map_err(|error| Error::Key(error.to_string()))
}

impl DeviceKey for SigningKey {
    fn alg(&self) -> JwsAlgorithm {
        self.alg()
    }

    fn public_jwk(&self) -> Object {
        self.public_jwk().unwrap_or_default()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        self.sign(message).map_err(|error| Error::Key(error.to_string()))
    }
}
