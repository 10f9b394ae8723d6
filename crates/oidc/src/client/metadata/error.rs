//! Why metadata make no client.

use jose::JwsAlgorithm;

use crate::redirect_uri::RedirectUriError;
use crate::scope::NotScopes;

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
        "vestibule_android_apps needs package names and SHA-256 fingerprints, vestibule_apple_apps names with the team before, as in ABCDE12345.com.example.app"
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
