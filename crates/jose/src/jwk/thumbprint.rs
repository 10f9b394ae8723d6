//! A name for a key that everybody computes alike (RFC 7638).

use super::material::PublicMaterial;
use super::members;
use crate::base64url;
use crate::provider::Provider;

/// The SHA-256 thumbprint in base64url: the required members alone, in lexicographic order,
/// without blanks (RFC 7638 §3.2). No value in them needs escaping.
pub(crate) fn thumbprint(provider: &dyn Provider, key: &PublicMaterial) -> String {
    let members: Vec<String> =
        members::of_public(key).into_iter().map(|(name, value)| format!("\"{name}\":\"{value}\"")).collect();
    base64url::encode(provider.sha256(format!("{{{}}}", members.join(",")).as_bytes()))
}
