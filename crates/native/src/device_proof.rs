//! The proof that a device secret is used on the device it was given to: a JWT of the container's key, beside the code or the
//! secret. It is no part of Native SSO 1.0; Vestibule asks for it unless a developer says otherwise, and others ignore it.

use std::sync::Arc;

use jose::base64url;
use jose::json::{Object, Value};
use jose::jwt::{HeaderExtras, prepare};
use serde_json::json;

use crate::error::Error;
use crate::keys::{DeviceKey, sign};
use crate::pkce::random;

/// What a proof is about.
pub(crate) struct About<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) issuer: &'a str,
    /// The code or the device secret.
    pub(crate) beside: &'a str,
    /// The thumbprint of the app's own key, where the request carries a DPoP proof of it.
    pub(crate) dpop_key: Option<&'a str>,
    /// In seconds since 1970.
    pub(crate) now: i64,
}

/// A new one.
pub(crate) async fn prove(key: Arc<dyn DeviceKey>, about: &About<'_>) -> Result<String, Error> {
    let mut claims = json!({
        "iss": about.client_id, "aud": about.issuer, "iat": about.now, "jti": random()?,
        "hash": base64url::encode(jose::sha256(about.beside.as_bytes())),
    });
    if let Some(thumbprint) = about.dpop_key {
        claims["jkt"] = thumbprint.into();
    }
    let members = Object::from_iter([("jwk".to_owned(), Value::Object(key.public_jwk()))]);
    let extras = HeaderExtras { members, ..HeaderExtras::typ("device-proof+jwt") };
    let prepared = prepare(key.alg(), None, &extras, &claims).map_err(|error| Error::Key(error.to_string()))?;
    sign(key, prepared).await
}
