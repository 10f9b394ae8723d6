//! Clients: the apps that may ask (RFC 6749 §2, RFC 7591 §2).

pub mod metadata;
pub mod sector;

use jose::JwsAlgorithm;
use serde::{Deserialize, Serialize};

use crate::Time;
use crate::assurance::Policy;
use crate::redirect_uri::RedirectUri;
use crate::scope::{self, Scopes};
pub use metadata::{AndroidApp, ClientMetadata, MetadataError, SubjectType, is_client_id};

/// What kind of software a client is: it decides the defaults and whether a secret can be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClientKind {
    /// An app with a server of its own.
    Web,
    /// An app that runs in the browser alone.
    Spa,
    /// An installed app (RFC 8252).
    Native,
    /// A machine that acts for itself.
    Service,
}

/// A grant type (RFC 7591 §2 `grant_types`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1
    AuthorizationCode,
    /// RFC 6749 §6
    RefreshToken,
    /// RFC 6749 §4.4
    ClientCredentials,
    /// RFC 8628 §3.4
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
    /// RFC 8693 §2.1
    #[serde(rename = "urn:ietf:params:oauth:grant-type:token-exchange")]
    TokenExchange,
}

impl GrantType {
    /// The registered name, as `grant_type` says it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
            Self::TokenExchange => "urn:ietf:params:oauth:grant-type:token-exchange",
        }
    }
}

/// How a client proves who it is (RFC 7591 §2 `token_endpoint_auth_method`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthMethod {
    /// A public client: it does not.
    None,
    /// RFC 6749 §2.3.1, in the `Authorization` header
    ClientSecretBasic,
    /// RFC 6749 §2.3.1, in the body
    ClientSecretPost,
    /// OpenID Connect Core §9, with the secret as the MAC's key
    ClientSecretJwt,
    /// OpenID Connect Core §9, with a key of its own
    PrivateKeyJwt,
}

impl AuthMethod {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::None, Self::ClientSecretBasic, Self::ClientSecretPost, Self::ClientSecretJwt, Self::PrivateKeyJwt];

    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
            Self::ClientSecretJwt => "client_secret_jwt",
            Self::PrivateKeyJwt => "private_key_jwt",
        }
    }
}

/// When a code challenge is required of a client (RFC 9700 §2.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PkcePolicy {
    /// Always.
    Required,
    /// Unless it is an OpenID request with a `nonce`.
    OrNonce,
    /// Never: for apps in the field that send neither.
    Optional,
}

/// A client whose metadata hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "ClientMetadata", into = "ClientMetadata")]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// What kind of software it is.
    pub kind: ClientKind,
    /// Whether it is first-party: no consent page.
    pub trusted: bool,
    /// When a code challenge is required.
    pub pkce: PkcePolicy,
    /// Who offers it, for the consent page.
    pub owner: Option<String>,
    /// The groups it is for; whoever it is for, where there is none.
    pub groups: Vec<String>,
    /// Whether it is for those alone who are invited, or in one of its groups.
    pub invited_only: bool,
    /// From when nobody may use it any more, and what it holds counts no more.
    pub expires_at: Option<Time>,
    /// Where answers may go.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a browser may go after signing out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// Where it is told of a sign-out, server to server (Back-Channel Logout 1.0 §2.2).
    pub backchannel_logout_uri: Option<RedirectUri>,
    /// The page of it that signs out in an iframe (Front-Channel Logout 1.0 §2).
    pub frontchannel_logout_uri: Option<RedirectUri>,
    /// Where a sign-in begins that others ask for (OpenID Connect Core §4).
    pub initiate_login_uri: Option<RedirectUri>,
    /// The link that its app claims, and where that answers for a hand-off with its device's key.
    pub handoff_uri: Option<RedirectUri>,
    /// The grants it may use.
    pub grant_types: Vec<GrantType>,
    /// How it authenticates.
    pub auth_method: AuthMethod,
    /// The algorithm of its assertions; any fitting one where absent.
    pub auth_signing_alg: Option<JwsAlgorithm>,
    /// The scopes it may have.
    pub scopes: Scopes,
    /// The apps of one developer, among which it shares a session on a device (Native SSO 1.0).
    pub app_group: Option<String>,
    /// The sector whose own subjects it is told (OpenID Connect Core §8.1); everybody's where absent.
    pub sector: Option<String>,
    /// The algorithm of its ID tokens.
    pub id_token_alg: JwsAlgorithm,
    /// The algorithm of signed UserInfo answers; plain JSON where absent.
    pub userinfo_alg: Option<JwsAlgorithm>,
    /// The `max_age` of requests that carry none, in seconds.
    pub default_max_age: Option<u64>,
    /// Everything that is shown or handed on and decides nothing here.
    pub shown: ClientMetadata,
}

/// How far a mini program has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProgramState {
    /// Its maker works on it: it is for the invited alone.
    #[default]
    Draft,
    /// The host looks at it: it is for the invited alone.
    Review,
    /// It is for everybody who may use it.
    Live,
    /// It is for nobody, and what it holds counts no more.
    Blocked,
}

impl Client {
    /// How far it has come, where it is a mini program; any other client is live.
    pub fn program_state(&self) -> ProgramState {
        match self.shown.vestibule_host {
            Some(_) => self.shown.vestibule_program_state.unwrap_or_default(),
            None => ProgramState::Live,
        }
    }

    /// Whether mini programs may belong to it: it signs people in, exchanges its tokens for the programs' codes, and is no
    /// mini program itself.
    pub fn may_host(&self) -> bool {
        let grants = [GrantType::AuthorizationCode, GrantType::TokenExchange];
        self.shown.vestibule_host.is_none() && grants.iter().all(|grant| self.may_use(*grant))
    }

    /// What it asks of everybody who signs in to it, whatever its requests say.
    pub fn policy(&self) -> Policy {
        Policy { level: self.shown.vestibule_level, max_age: self.shown.vestibule_max_age }
    }

    /// Whether it can keep no secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.auth_method == AuthMethod::None
    }

    /// Whether it may use `grant`.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// The URI to answer at, where `requested` is a registered one: equal character by character, or
    /// for a native client equal but for a loopback port (RFC 8252 §7.3).
    pub fn redirect_uri(&self, requested: &str) -> Option<RedirectUri> {
        let registered = |uri: &RedirectUri| match self.kind {
            ClientKind::Native => uri.is_but_for_loopback_port(requested),
            _ => uri.is(requested),
        };
        self.redirect_uris.iter().any(registered).then(|| RedirectUri::parse(requested).ok())?
    }

    /// Whether what is sent to `redirect` reaches this client alone. A loopback port or a
    /// private-use scheme can be taken by any app on the device (RFC 8252 §8.6).
    pub fn assured_identity(&self, redirect: &RedirectUri) -> bool {
        self.kind != ClientKind::Native || redirect.is_claimed()
    }

    /// The part of `requested` that it may have; values it may not have are left out, and the answer
    /// says so (OpenID Connect Core §3.1.2.1).
    #[must_use]
    pub fn allowed(&self, requested: &Scopes) -> Scopes {
        let mut allowed = requested.intersection(&self.scopes);
        if self.app_group.is_some() && requested.contains(scope::DEVICE_SSO) {
            allowed = allowed.and(scope::DEVICE_SSO);
        }
        if self.may_use(GrantType::RefreshToken) {
            return allowed;
        }
        // Access while the person is away needs a refresh token (Core §11).
        Scopes::parse(scope::OFFLINE_ACCESS).map(|offline| allowed.without(&offline)).unwrap_or(allowed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(json: serde_json::Value) -> Client {
        serde_json::from_value(json).expect("a client")
    }

    /// RFC 8252 §7.3: the port is free for native clients, for nobody else.
    #[test]
    fn the_loopback_port_is_free_for_native_clients_alone() {
        for (kind, found) in [("native", true), ("web", false), ("spa", false)] {
            let client = client(serde_json::json!({
                "client_id": "c", "vestibule_type": kind, "redirect_uris": ["http://127.0.0.1/cb"],
            }));
            assert_eq!(client.redirect_uri("http://127.0.0.1:4711/cb").is_some(), found, "{kind}");
            assert!(client.redirect_uri("http://127.0.0.1/cb").is_some(), "{kind}");
            assert_eq!(client.redirect_uri("http://127.0.0.1/cb/"), None, "{kind}");
        }
    }

    /// One name in the metadata, in requests and in what is stored.
    #[test]
    fn names_are_the_registered_ones() {
        for method in AuthMethod::ALL {
            assert_eq!(serde_json::to_value(method).expect("a name"), method.as_str());
        }
        use GrantType::{AuthorizationCode, ClientCredentials, DeviceCode, RefreshToken};
        for grant in [AuthorizationCode, RefreshToken, ClientCredentials, DeviceCode] {
            assert_eq!(serde_json::to_value(grant).expect("a name"), grant.as_str());
        }
    }

    /// RFC 8252 §8.6.
    #[test]
    fn whose_identity_is_assured() {
        for (kind, uri, assured) in [
            ("native", "https://app.example/cb", true),
            ("native", "http://127.0.0.1/cb", false),
            ("native", "com.example.app:/cb", false),
            ("web", "https://app.example/cb", true),
            ("web", "http://photos.localhost:8081/cb", true),
        ] {
            let client =
                client(serde_json::json!({ "client_id": "c", "vestibule_type": kind, "redirect_uris": [uri] }));
            let redirect = client.redirect_uri(uri).expect(uri);
            assert_eq!(client.assured_identity(&redirect), assured, "{kind} {uri}");
        }
    }

    /// OpenID Connect Core §3.1.2.1 and §11.
    #[test]
    fn scopes_are_limited_to_the_registered_ones() {
        let all = Scopes::parse("openid email offline_access photos").expect("scopes");
        for (scope, grants, allowed) in [
            ("openid email", vec!["authorization_code", "refresh_token"], "email openid"),
            ("openid offline_access", vec!["authorization_code", "refresh_token"], "offline_access openid"),
            ("openid offline_access", vec!["authorization_code"], "openid"),
        ] {
            let client = client(serde_json::json!({
                "client_id": "c", "redirect_uris": ["https://app.example/cb"], "scope": scope, "grant_types": grants,
            }));
            assert_eq!(client.allowed(&all).to_string(), allowed, "{scope}");
        }
    }
}
