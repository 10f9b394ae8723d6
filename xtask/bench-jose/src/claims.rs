//! The claims of an access token (RFC 9068 §2.2), as all sides sign and read them.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use serde::{Deserialize, Serialize};

/// What the tokens say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) sub: String,
    pub(crate) aud: String,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) jti: String,
    pub(crate) iat: u64,
    pub(crate) exp: u64,
}

impl Claims {
    /// Claims that hold for an hour from `now`.
    pub(crate) fn new(now: u64) -> Self {
        Self {
            iss: ISSUER.into(),
            sub: "0193f0a5c8d17b3e9c41b6a2d7e8f501".into(),
            aud: AUDIENCE.into(),
            client_id: "photos".into(),
            scope: "openid profile photos.read photos.write".into(),
            jti: "0193f0a5c8d17b3e9c41b6a2d7e8f502-mZ3hQ1x9TqWvB7cRk2LpYg".into(),
            iat: now,
            exp: now + 3600,
        }
    }
}

/// Seconds since 1970. jsonwebtoken looks at the clock itself, so that the tokens must hold now.
pub(crate) fn now() -> Result<u64> {
    Ok(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())
}

pub(crate) const ISSUER: &str = "https://id.example.com";
pub(crate) const AUDIENCE: &str = "https://api.example.com";
pub(crate) const TYP: &str = "at+jwt";
