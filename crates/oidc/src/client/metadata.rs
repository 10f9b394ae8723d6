//! Client metadata as they are registered (RFC 7591 §2, OpenID Connect Registration §2), and the
//! check that makes a [`Client`] of them.

mod error;
mod validate;

use jose::JwsAlgorithm;
use serde::{Deserialize, Serialize};

use super::{AuthMethod, Client, ClientKind, GrantType, PkcePolicy, ProgramState};
use crate::Time;
use crate::assurance::Level;
use crate::token::exchange::Exchange;
pub use error::MetadataError;

/// Metadata in RFC 7591's names; ours begin with `vestibule_`. Unknown members are ignored (RFC 7591 §2).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[allow(
    missing_docs,
    reason = "the members are the registry's: RFC 7591 §2, OpenID Connect Registration §2, the logout specifications, \
              RFC 9126 §6, RFC 9449 §5.2"
)]
pub struct ClientMetadata {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contacts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application_type: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub backchannel_logout_session_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frontchannel_logout_uri: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub frontchannel_logout_session_required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<GrantType>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_types: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_method: Option<AuthMethod>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token_endpoint_auth_signing_alg: Option<JwsAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id_token_signed_response_alg: Option<JwsAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_signed_response_alg: Option<JwsAlgorithm>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks: Option<serde_json::Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jwks_uri: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub require_pushed_authorization_requests: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub dpop_bound_access_tokens: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_type: Option<SubjectType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sector_identifier_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initiate_login_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_acr_values: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub authorization_details_types: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vestibule_app2app_host: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vestibule_android_apps: Vec<AndroidApp>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vestibule_apple_apps: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_level: Option<Level>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_max_age: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_type: Option<ClientKind>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vestibule_trusted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_pkce: Option<PkcePolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_owner: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vestibule_groups: Vec<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub vestibule_invited_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_expires_at: Option<i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vestibule_handoff_from: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_handoff_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_terms_version: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vestibule_exchange: Vec<Exchange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_app_group: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vestibule_program_state: Option<ProgramState>,
}

/// Whether a client is told everybody's subjects or its sector's own (OpenID Connect Core §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SubjectType {
    /// Everybody's.
    Public,
    /// Its sector's own.
    Pairwise,
}

impl SubjectType {
    /// All of them, by the registered names.
    pub const NAMES: &[&str] = &["public", "pairwise"];
}

/// An Android app that claims links (Digital Asset Links).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AndroidApp {
    /// Its package.
    pub package_name: String,
    /// SHA-256 of the certificates that sign it: hexadecimal, with colons.
    pub sha256_cert_fingerprints: Vec<String>,
}

impl AndroidApp {
    /// The fingerprints as bytes.
    pub fn digests(&self) -> Vec<[u8; 32]> {
        let bytes =
            |text: &String| text.split(':').map(|pair| u8::from_str_radix(pair, 16).ok()).collect::<Option<Vec<_>>>();
        self.sha256_cert_fingerprints.iter().filter_map(|text| bytes(text)?.try_into().ok()).collect()
    }

    fn is_sound(&self) -> bool {
        let print = |text: &String| {
            let pairs: Vec<&str> = text.split(':').collect();
            let pair = |pair: &&str| {
                pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte))
            };
            pairs.len() == 32 && pairs.iter().all(pair)
        };
        is_bundle(&self.package_name)
            && !self.sha256_cert_fingerprints.is_empty()
            && self.sha256_cert_fingerprints.iter().all(print)
    }
}

/// A name of an app, as both systems have them: parts with points between.
fn is_bundle(name: &str) -> bool {
    let part =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    name.len() <= 200 && name.contains('.') && name.split('.').all(part)
}

/// An app as Apple's systems name it: the team's ten letters and digits, then its own name.
fn is_apple_app(name: &str) -> bool {
    let of_team = |team: &str| team.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    name.split_once('.').is_some_and(|(team, _)| team.len() == 10 && of_team(team)) && is_bundle(name)
}

impl TryFrom<ClientMetadata> for Client {
    type Error = MetadataError;

    fn try_from(metadata: ClientMetadata) -> Result<Self, MetadataError> {
        metadata.validate()
    }
}

/// The metadata with every default written out.
impl From<Client> for ClientMetadata {
    fn from(client: Client) -> Self {
        Self {
            client_id: Some(client.id),
            grant_types: Some(client.grant_types.clone()),
            response_types: Some(match client.grant_types.contains(&GrantType::AuthorizationCode) {
                true => vec!["code".to_owned()],
                false => Vec::new(),
            }),
            redirect_uris: client.redirect_uris.into_iter().map(String::from).collect(),
            post_logout_redirect_uris: client.post_logout_redirect_uris.into_iter().map(String::from).collect(),
            backchannel_logout_uri: client.backchannel_logout_uri.map(String::from),
            frontchannel_logout_uri: client.frontchannel_logout_uri.map(String::from),
            initiate_login_uri: client.initiate_login_uri.map(String::from),
            vestibule_handoff_uri: client.handoff_uri.map(String::from),
            scope: Some(client.scopes.to_string()),
            token_endpoint_auth_method: Some(client.auth_method),
            token_endpoint_auth_signing_alg: client.auth_signing_alg,
            id_token_signed_response_alg: Some(client.id_token_alg),
            userinfo_signed_response_alg: client.userinfo_alg,
            default_max_age: client.default_max_age,
            vestibule_type: Some(client.kind),
            vestibule_trusted: client.trusted,
            vestibule_pkce: Some(client.pkce),
            vestibule_owner: client.owner,
            vestibule_groups: client.groups,
            vestibule_invited_only: client.invited_only,
            vestibule_expires_at: client.expires_at.map(Time::seconds),
            ..client.shown
        }
    }
}

/// RFC 6749 appendix A.1, without blanks, and short enough for every log and key.
pub fn is_client_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, 0x21..=0x7e))
}

#[cfg(test)]
mod tests;
