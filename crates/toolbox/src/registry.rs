//! All tools, in the order in which they are shown.

use crate::definition::{Action, Tool};
use crate::tools;

/// Every tool.
pub const TOOLS: &[&Tool] = &[
    &tools::hmac::TOOL,
    &tools::jwt::TOOL,
    &tools::sd_jwt::TOOL,
    &tools::jws::TOOL,
    &tools::jwe::TOOL,
    &tools::jwk::TOOL,
    &tools::jwks::TOOL,
    &tools::pkce::TOOL,
    &tools::totp::TOOL,
    &tools::qr::TOOL,
    &tools::secret::TOOL,
    &tools::password_hash::TOOL,
    &tools::base64url::TOOL,
    &tools::x509::TOOL,
    &tools::oidc::TOOL,
    &tools::recognise::TOOL,
];

/// The action of a tool; the name is empty where the tool has only one.
pub fn find(tool: &str, action: &str) -> Option<&'static Action> {
    TOOLS.iter().find(|known| known.name == tool)?.action(action)
}
