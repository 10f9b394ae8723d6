//! From metadata to a client: defaults by kind, and whether all fits together.

use jose::JwsAlgorithm;
use url::Url;

use super::{ClientMetadata, MetadataError, SubjectType, is_apple_app, is_client_id};
use crate::Time;
use crate::client::{AndroidApp, AuthMethod, Client, ClientKind, GrantType, PkcePolicy};
use crate::redirect_uri::{RedirectUri, RedirectUriError};
use crate::scope::{self, Scopes};

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
            || !self.vestibule_apple_apps.iter().all(|name| is_apple_app(name))
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
            handoff_uri: own_uri("vestibule_handoff_uri", self.vestibule_handoff_uri.as_deref())?,
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
