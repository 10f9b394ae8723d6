//! Client metadata as they are registered (RFC 7591 §2, OpenID Connect Registration §2), and the
//! check that makes a [`Client`] of them.

use jose::JwsAlgorithm;
use serde::{Deserialize, Serialize};
use url::Url;

use super::{AuthMethod, Client, ClientKind, GrantType, PkcePolicy, ProgramState};
use crate::Time;
use crate::assurance::Level;
use crate::redirect_uri::{RedirectUri, RedirectUriError};
use crate::scope::{self, NotScopes, Scopes};
use crate::token::exchange::Exchange;

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

/// Why metadata make no client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// RFC 6749 appendix A.1
    #[error("client_id must be 1 to 128 visible ASCII characters")]
    ClientId,
    /// RFC 7591 §3.2.2 `invalid_redirect_uri`
    #[error("{uri}: {error}")]
    RedirectUri {
        /// The text.
        uri: String,
        /// Its fault.
        error: RedirectUriError,
    },
    /// Back-Channel Logout 1.0 §2.2, Front-Channel Logout 1.0 §2: an absolute URI without a fragment; by plain http only
    /// where it does not leave the machine.
    #[error("{member}: {error}")]
    OwnUri {
        /// Which of the two.
        member: &'static str,
        /// Its fault.
        error: RedirectUriError,
    },
    /// OpenID Connect Registration §2: an https URL.
    #[error("jwks_uri must be an https URL (http only for localhost) without a fragment, user name or password")]
    JwksUri,
    /// Front-Channel Logout 1.0 §2
    #[error("frontchannel_logout_uri must have scheme, host and port of a redirect URI")]
    FrontchannelOrigin,
    /// RFC 8252 §7.1 is for installed apps.
    #[error("{0}: only a native client may have a private-use scheme")]
    PrivateScheme(String),
    /// RFC 6749 §3.1.2.2
    #[error("the authorization_code grant needs at least one redirect URI")]
    NoRedirectUri,
    /// `scope` is malformed.
    #[error(transparent)]
    Scope(#[from] NotScopes),
    /// `response_types` asks for what is not there (RFC 9700 §2.1.2).
    #[error("response_types may only be code")]
    ResponseType,
    /// RFC 6749 §4.4: confidential clients only.
    #[error("client_credentials needs a client that authenticates itself")]
    PublicCredentials,
    /// RFC 6749 §2.1: what runs on people's devices keeps no secret.
    #[error("a client of this type runs on people's devices and keeps no secret: its authentication method is none")]
    SecretOnDevice,
    /// RFC 9700 §2.1.1
    #[error("a public client must use PKCE")]
    PublicWithoutPkce,
    /// RFC 7591 §2
    #[error("jwks and jwks_uri exclude each other")]
    TwoKeySets,
    /// OpenID Connect Core §9
    #[error("private_key_jwt needs jwks or jwks_uri")]
    NoKeys,
    /// Tokens of ours are verified by others: with a public key.
    #[error("{0} is not an asymmetric signature algorithm")]
    Symmetric(JwsAlgorithm),
    /// OpenID Connect Core §8.1: which host would be the sector?
    #[error("pairwise subjects of a client with redirect URIs on several hosts, or none, need a sector_identifier_uri")]
    NoSector,
    /// OpenID Connect Registration §5
    #[error("sector_identifier_uri must be an https address")]
    SectorIdentifier,
    /// What a system's association file could not say.
    #[error(
        "vestibule_android_apps needs package names and SHA-256 fingerprints, vestibule_apple_apps names with the team before"
    )]
    InstalledApp,
    /// In Apple's association file they stand for other ids.
    #[error("the client_id of a host app (vestibule_app2app_host) is made of letters, digits and `.`, `_`, `-`, `:`")]
    HostId,
    /// A code in a web view is worth something with the program's own credential alone.
    #[error("a mini program (vestibule_host) redeems its codes by a server of its own: it must authenticate itself")]
    PublicProgram,
    /// Not a name.
    #[error("vestibule_app_group is made of 1 to 64 letters and digits, with `.`, `_`, `-` and `:` between them")]
    AppGroup,
    /// The algorithm does not fit the method.
    #[error("token_endpoint_auth_signing_alg does not fit token_endpoint_auth_method")]
    AuthAlgorithm,
}

impl MetadataError {
    /// The code of RFC 7591 §3.2.2.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::RedirectUri { .. } | Self::PrivateScheme(_) | Self::NoRedirectUri => "invalid_redirect_uri",
            _ => "invalid_client_metadata",
        }
    }
}

impl ClientMetadata {
    /// Fills in the defaults of the client's kind and checks that all fits together.
    pub fn validate(self) -> Result<Client, MetadataError> {
        let kind = self.kind();
        let id = self.client_id.clone().filter(|id| is_client_id(id)).ok_or(MetadataError::ClientId)?;
        let grant_types = self.grant_types.clone().unwrap_or_else(|| match kind {
            ClientKind::Service => vec![GrantType::ClientCredentials],
            // Native SSO 1.0 §4: an app joins by an exchange.
            _ if self.vestibule_app_group.is_some() => {
                vec![GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::TokenExchange]
            }
            _ => vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        });
        let redirect_uris = uris(&self.redirect_uris, kind)?;
        let with_code = grant_types.contains(&GrantType::AuthorizationCode);
        if with_code && redirect_uris.is_empty() {
            return Err(MetadataError::NoRedirectUri);
        }
        if self.vestibule_app2app_host && !is_plain_name(&id) {
            return Err(MetadataError::HostId);
        }
        if self.vestibule_app_group.as_deref().is_some_and(|name| !is_plain_name(name)) {
            return Err(MetadataError::AppGroup);
        }
        if self.response_types.iter().flatten().any(|kind| kind != "code") {
            return Err(MetadataError::ResponseType);
        }
        let auth_method = self.auth_method(kind, &grant_types)?;
        if self.vestibule_host.is_some() && auth_method == AuthMethod::None {
            return Err(MetadataError::PublicProgram);
        }
        if !self.vestibule_android_apps.iter().all(AndroidApp::is_sound)
            || !self.vestibule_apple_apps.iter().all(|name| is_bundle(name))
        {
            return Err(MetadataError::InstalledApp);
        }
        jwks_uri(self.jwks_uri.as_deref())?;
        let frontchannel_logout_uri = own_uri("frontchannel_logout_uri", self.frontchannel_logout_uri.as_deref())?;
        if let Some(uri) = &frontchannel_logout_uri
            && !redirect_uris.iter().any(|redirect| redirect.origin() == uri.origin())
        {
            return Err(MetadataError::FrontchannelOrigin);
        }
        let scopes = match &self.scope {
            Some(scope) => Scopes::parse(scope)?,
            // A service acts for itself: there is nobody whose claims it could ask for.
            None if !with_code && !grant_types.contains(&GrantType::DeviceCode) => Scopes::default(),
            None => Scopes::parse(&scope::STANDARD.join(" "))?,
        };
        Ok(Client {
            id,
            kind,
            trusted: self.vestibule_trusted,
            pkce: self.pkce(auth_method)?,
            owner: self.vestibule_owner.clone(),
            groups: self.vestibule_groups.clone(),
            invited_only: self.vestibule_invited_only,
            expires_at: self.vestibule_expires_at.map(Time::from_seconds),
            post_logout_redirect_uris: uris(&self.post_logout_redirect_uris, kind)?,
            backchannel_logout_uri: own_uri("backchannel_logout_uri", self.backchannel_logout_uri.as_deref())?,
            frontchannel_logout_uri,
            initiate_login_uri: own_uri("initiate_login_uri", self.initiate_login_uri.as_deref())?,
            redirect_uris,
            grant_types,
            auth_method,
            auth_signing_alg: self.token_endpoint_auth_signing_alg,
            scopes,
            sector: self.sector()?,
            app_group: self.vestibule_app_group.clone(),
            id_token_alg: asymmetric(self.id_token_signed_response_alg)?.unwrap_or(JwsAlgorithm::RS256),
            userinfo_alg: asymmetric(self.userinfo_signed_response_alg)?,
            default_max_age: self.default_max_age,
            shown: self,
        })
    }

    /// The kind as given, or as the registry's members tell it.
    fn kind(&self) -> ClientKind {
        let only_itself = |grants: &Vec<GrantType>| grants == &[GrantType::ClientCredentials];
        match self.vestibule_type {
            Some(kind) => kind,
            None if self.application_type.as_deref() == Some("native") => ClientKind::Native,
            None if self.grant_types.as_ref().is_some_and(only_itself) => ClientKind::Service,
            None if self.token_endpoint_auth_method == Some(AuthMethod::None) => ClientKind::Spa,
            None => ClientKind::Web,
        }
    }

    fn auth_method(&self, kind: ClientKind, grants: &[GrantType]) -> Result<AuthMethod, MetadataError> {
        let on_device = matches!(kind, ClientKind::Spa | ClientKind::Native);
        let method = self.token_endpoint_auth_method.unwrap_or(match on_device {
            true => AuthMethod::None,
            false => AuthMethod::ClientSecretBasic,
        });
        if on_device && method != AuthMethod::None {
            return Err(MetadataError::SecretOnDevice);
        }
        if method == AuthMethod::None && grants.contains(&GrantType::ClientCredentials) {
            return Err(MetadataError::PublicCredentials);
        }
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            return Err(MetadataError::TwoKeySets);
        }
        if method == AuthMethod::PrivateKeyJwt && self.jwks.is_none() && self.jwks_uri.is_none() {
            return Err(MetadataError::NoKeys);
        }
        match (method, self.token_endpoint_auth_signing_alg.map(JwsAlgorithm::is_symmetric)) {
            (AuthMethod::PrivateKeyJwt, Some(true)) | (AuthMethod::ClientSecretJwt, Some(false)) => {
                Err(MetadataError::AuthAlgorithm)
            }
            _ => Ok(method),
        }
    }

    /// The host of the sector identifier, or that of all redirect URIs (OpenID Connect Core §8.1).
    fn sector(&self) -> Result<Option<String>, MetadataError> {
        // A program knows people by subjects of its own, whatever it says.
        if let Some(id) = self.client_id.as_ref().filter(|_| self.vestibule_host.is_some()) {
            return Ok(Some(format!("program {id}")));
        }
        if self.subject_type != Some(SubjectType::Pairwise) {
            return Ok(None);
        }
        let host = |text: &String| Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned));
        if let Some(identifier) = &self.sector_identifier_uri {
            // By plain http only where it does not leave the machine, as everything else here.
            let secure = RedirectUri::parse(identifier).is_ok_and(|uri| !uri.is_private_use());
            return match host(identifier).filter(|_| secure) {
                Some(host) => Ok(Some(host)),
                None => Err(MetadataError::SectorIdentifier),
            };
        }
        let mut hosts: Vec<Option<String>> = self.redirect_uris.iter().map(host).collect();
        hosts.dedup();
        match hosts.as_slice() {
            [Some(one)] => Ok(Some(one.clone())),
            _ => Err(MetadataError::NoSector),
        }
    }

    fn pkce(&self, method: AuthMethod) -> Result<PkcePolicy, MetadataError> {
        match (method, self.vestibule_pkce) {
            (AuthMethod::None, None | Some(PkcePolicy::Required)) => Ok(PkcePolicy::Required),
            (AuthMethod::None, Some(_)) => Err(MetadataError::PublicWithoutPkce),
            (_, policy) => Ok(policy.unwrap_or(PkcePolicy::OrNonce)),
        }
    }
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

fn uris(texts: &[String], kind: ClientKind) -> Result<Vec<RedirectUri>, MetadataError> {
    let parse = |text: &String| {
        let uri = RedirectUri::parse(text).map_err(|error| MetadataError::RedirectUri { uri: text.clone(), error })?;
        match uri.is_private_use() && kind != ClientKind::Native {
            true => Err(MetadataError::PrivateScheme(text.clone())),
            false => Ok(uri),
        }
    };
    texts.iter().map(parse).collect()
}

/// An address of the client that is told of a sign-out, or where sign-ins begin.
fn own_uri(member: &'static str, text: Option<&str>) -> Result<Option<RedirectUri>, MetadataError> {
    let Some(text) = text else { return Ok(None) };
    match RedirectUri::parse(text) {
        Ok(uri) if uri.is_private_use() => Err(MetadataError::OwnUri { member, error: RedirectUriError::Scheme }),
        Ok(uri) => Ok(Some(uri)),
        Err(error) => Err(MetadataError::OwnUri { member, error }),
    }
}

/// An address that is fetched from (RFC 7591 §2).
fn jwks_uri(text: Option<&str>) -> Result<(), MetadataError> {
    match text.map(RedirectUri::parse) {
        None => Ok(()),
        Some(Ok(uri)) if !uri.is_private_use() => Ok(()),
        Some(_) => Err(MetadataError::JwksUri),
    }
}

fn asymmetric(alg: Option<JwsAlgorithm>) -> Result<Option<JwsAlgorithm>, MetadataError> {
    match alg {
        Some(alg) if alg.is_symmetric() => Err(MetadataError::Symmetric(alg)),
        _ => Ok(alg),
    }
}

fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':');
    (1..=64).contains(&name.len()) && name.bytes().all(plain)
}

/// RFC 6749 appendix A.1, without blanks, and short enough for every log and key.
pub fn is_client_id(id: &str) -> bool {
    (1..=128).contains(&id.len()) && id.bytes().all(|byte| matches!(byte, 0x21..=0x7e))
}

#[cfg(test)]
mod tests;
