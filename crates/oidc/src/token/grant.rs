//! What a person granted a client: it stands with the code, then with the token family.

use serde::{Deserialize, Serialize};

use crate::claims::ClaimsRequest;
use crate::pkce::CodeChallenge;
use crate::{Id, Scopes, Time};

/// A grant by a person, as code and family keep it (JSON).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// Who granted: the `sub`.
    pub user_id: Id,
    /// The browser of the session.
    pub browser_id: Id,
    /// The session: the `sid`.
    pub session_id: Id,
    /// `auth_time` (Core §2).
    pub authenticated_at: Time,
    /// RFC 8176's names.
    pub amr: Vec<String>,
    /// The `acr` reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acr: Option<String>,
    /// What was granted.
    pub scopes: Scopes,
    /// As what the person entered, where they are several things at the client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What the app may do, in the terms of types (RFC 9396 §2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authorization_details: Vec<serde_json::Value>,
    /// Where access tokens are to be used (RFC 8707 §2).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource: Vec<String>,
    /// The claims asked for one by one (Core §5.5).
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// The `nonce` of the request (Core §2).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
    /// The device that it was granted to, where that is not a browser (RFC 8628).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Device>,
    /// The host app that the code was handed to, where the client is a mini program in it: with the host's part in it the
    /// grant is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// The thumbprint of the key that must be proven when code or refresh token come (RFC 9449 §5, §10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
    /// What binds the code to the one who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_challenge: Option<CodeChallenge>,
}

/// A device that was signed in by a code, as its person is told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// From where the code was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// What the device said of itself.
    #[serde(default)]
    pub agent: String,
}
