//! Errors of the protocol: which code, which public words. The one place where an error of ours
//! becomes one of the registry's (RFC 6749 §4.1.2.1 and §5.2, OpenID Connect Core §3.1.2.6).

use std::borrow::Cow;

/// The error codes that go over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorCode {
    /// RFC 6749 §4.1.2.1, §5.2
    InvalidRequest,
    /// RFC 6749 §5.2
    InvalidClient,
    /// RFC 6749 §5.2
    InvalidGrant,
    /// RFC 6749 §4.1.2.1, §5.2
    UnauthorizedClient,
    /// RFC 6749 §5.2
    UnsupportedGrantType,
    /// RFC 6749 §4.1.2.1
    UnsupportedResponseType,
    /// RFC 6749 §4.1.2.1, §5.2
    InvalidScope,
    /// RFC 6749 §4.1.2.1
    AccessDenied,
    /// RFC 6749 §4.1.2.1
    ServerError,
    /// RFC 6749 §4.1.2.1
    TemporarilyUnavailable,
    /// RFC 8707 §2
    InvalidTarget,
    /// RFC 6750 §3.1
    InvalidToken,
    /// RFC 6750 §3.1
    InsufficientScope,
    /// RFC 7009 §2.2.1
    UnsupportedTokenType,
    /// OpenID Connect Core §3.1.2.6
    InteractionRequired,
    /// OpenID Connect Core §3.1.2.6
    LoginRequired,
    /// OpenID Connect Core §3.1.2.6
    ConsentRequired,
    /// OpenID Connect Core Unmet Authentication Requirements 1.0 §2
    UnmetAuthenticationRequirements,
    /// OpenID Connect Core §3.1.2.6
    RequestNotSupported,
    /// OpenID Connect Core §3.1.2.6
    RequestUriNotSupported,
    /// OpenID Connect Core §3.1.2.6
    RegistrationNotSupported,
    /// RFC 9101 §7; RFC 9126 §2.1
    InvalidRequestUri,
    /// RFC 9449 §5, §7.1
    InvalidDpopProof,
    /// RFC 9449 §8, §9
    UseDpopNonce,
    /// RFC 9470 §3
    InsufficientUserAuthentication,
    /// RFC 9396 §5
    InvalidAuthorizationDetails,
    /// RFC 8628 §3.5
    AuthorizationPending,
    /// RFC 8628 §3.5
    SlowDown,
    /// RFC 8628 §3.5
    ExpiredToken,
}

impl ErrorCode {
    /// The code's text.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::InvalidTarget => "invalid_target",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InteractionRequired => "interaction_required",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InsufficientUserAuthentication => "insufficient_user_authentication",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
        }
    }

    /// The HTTP status of a JSON answer with this code (RFC 6749 §5.2, RFC 6750 §3.1).
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidClient | Self::InvalidToken | Self::InsufficientUserAuthentication => 401,
            Self::InsufficientScope => 403,
            Self::ServerError => 500,
            Self::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }
}

/// An error of the protocol: the code and words for the developer at the other end. The words
/// never repeat a secret, nor say anything that the caller could not know.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {description}", code.as_str())]
pub struct OAuthError {
    /// The code.
    pub code: ErrorCode,
    /// `error_description`: ASCII without `"` and `\` (RFC 6749 §4.1.2.1).
    pub description: Cow<'static, str>,
    /// What happened, for the log alone: which rule, which row.
    pub detail: Option<String>,
    /// For how many seconds to wait, where too much was asked: the answer is 429 (RFC 9126 §2.3, RFC 6585 §4).
    pub retry_after: Option<u64>,
    /// Where a browser goes on with what cannot be finished here (`authorization_uri` of the answer).
    pub goes_on_at: Option<String>,
}

impl OAuthError {
    /// An error with words for the caller.
    pub fn new(code: ErrorCode, description: impl Into<Cow<'static, str>>) -> Self {
        let description: Cow<'static, str> = description.into();
        let description = if description.bytes().all(allowed) {
            description
        } else {
            description.chars().map(|c| if u8::try_from(c).is_ok_and(allowed) { c } else { '?' }).collect()
        };
        Self { code, description, detail: None, retry_after: None, goes_on_at: None }
    }

    /// Too much was asked, and it may be asked again in so many seconds.
    pub fn too_much(description: impl Into<Cow<'static, str>>, seconds: u64) -> Self {
        Self { retry_after: Some(seconds), ..Self::new(ErrorCode::TemporarilyUnavailable, description) }
    }

    /// The same with words for the log.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// `invalid_request` with words.
    pub fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    /// `invalid_grant` with the one public text that all its causes share, so that a guesser
    /// learns nothing; `detail` says the cause in the log.
    pub fn invalid_grant(detail: impl Into<String>) -> Self {
        Self::new(
            ErrorCode::InvalidGrant,
            "the grant is unknown, expired, revoked, used, or belongs to another client or request",
        )
        .with_detail(detail)
    }

    /// `invalid_client` with the one public text that all its causes share.
    pub fn invalid_client(detail: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidClient, "client authentication failed").with_detail(detail)
    }
}

/// RFC 6749 §4.1.2.1: `%x20-21 / %x23-5B / %x5D-7E`.
fn allowed(byte: u8) -> bool {
    matches!(byte, 0x20..=0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_keeps_to_rfc_6749_4_1_2_1() {
        let error = OAuthError::invalid_request("no \"quote\", no \\, no ü");
        assert_eq!(error.description, "no ?quote?, no ?, no ?");
    }
}
