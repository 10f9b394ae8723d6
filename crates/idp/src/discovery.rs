//! The provider's metadata (OpenID Connect Discovery §3, RFC 8414 §2): derived from what is there.

use jose::JwsAlgorithm;
use oidc::client::{AuthMethod, SubjectType};
use oidc::request::ResponseMode;
use oidc::{claims, pkce, scope};
use serde_json::{Value, json};

use crate::{Context, grants};

impl Context {
    /// The metadata; `ui_locales` are the languages that the pages speak.
    pub fn metadata(&self, ui_locales: &[&str]) -> Value {
        let signing: Vec<&str> = algorithms(|alg| !alg.is_symmetric());
        let methods: Vec<&str> = AuthMethod::ALL.iter().map(|method| method.as_str()).collect();
        // RFC 7662 §2.1: who asks must prove who it is.
        let proven: Vec<&str> = methods.iter().copied().filter(|name| *name != AuthMethod::None.as_str()).collect();
        let claims: Vec<&str> =
            ["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "azp", "at_hash", "sid"]
                .into_iter()
                .chain(scope::STANDARD.iter().flat_map(|scope| claims::of_scope(scope)).copied())
                .chain(scope::OF_OURS.iter().copied())
                .collect();
        let scopes = [scope::STANDARD, scope::OF_OURS, &[scope::DEVICE_SSO]].concat();
        let own = json!({
            "issuer": self.issuer,
            "authorization_endpoint": self.address("/oauth2/authorize"),
            "token_endpoint": self.address("/oauth2/token"),
            "userinfo_endpoint": self.address("/oauth2/userinfo"),
            "jwks_uri": self.address("/.well-known/jwks.json"),
            "introspection_endpoint": self.address("/oauth2/introspect"),
            "revocation_endpoint": self.address("/oauth2/revoke"),
            "end_session_endpoint": self.address("/oauth2/logout"),
            "check_session_iframe": self.address("/oauth2/check-session"),
            "scopes_supported": scopes,
            "response_types_supported": ["code"],
            "response_modes_supported": ResponseMode::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>(),
            "grant_types_supported": grants::grant_types().map(|grant| grant.as_str()).collect::<Vec<_>>(),
            "subject_types_supported": SubjectType::NAMES,
            "id_token_signing_alg_values_supported": signing,
            "userinfo_signing_alg_values_supported": signing,
            "token_endpoint_auth_methods_supported": methods,
            "token_endpoint_auth_signing_alg_values_supported": algorithms(|_| true),
            "introspection_endpoint_auth_methods_supported": proven,
            "introspection_endpoint_auth_signing_alg_values_supported": algorithms(|_| true),
            "revocation_endpoint_auth_methods_supported": methods,
            "revocation_endpoint_auth_signing_alg_values_supported": algorithms(|_| true),
            "code_challenge_methods_supported": [pkce::METHOD],
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "acr_values_supported": self.settings.contexts.names().collect::<Vec<_>>(),
            "claim_types_supported": ["normal"],
            "claims_supported": claims,
            "claims_parameter_supported": true,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "require_request_uri_registration": false,
            "authorization_response_iss_parameter_supported": true,
            "ui_locales_supported": ui_locales,
        });
        let parts = [own, self.of_specifications()].into_iter().filter_map(|part| part.as_object().cloned());
        Value::Object(parts.flatten().collect())
    }

    /// What each specification beside Discovery and RFC 8414 adds.
    fn of_specifications(&self) -> Value {
        json!({
            // Back-Channel Logout 1.0 §2.1, Front-Channel Logout 1.0 §3.
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true,
            "frontchannel_logout_supported": true,
            "frontchannel_logout_session_supported": true,
            // RFC 9126 §5.
            "pushed_authorization_request_endpoint": self.address("/oauth2/par"),
            "require_pushed_authorization_requests": false,
            // RFC 9449 §5.1.
            "dpop_signing_alg_values_supported":
                jose::dpop::ALGORITHMS.iter().map(|alg| alg.as_str()).collect::<Vec<_>>(),
            // RFC 8628 §4.
            "device_authorization_endpoint": self.address("/oauth2/device"),
            // RFC 9396 §10.
            "authorization_details_types_supported": self.settings.detail_types.names().collect::<Vec<_>>(),
            // Native SSO 1.0 §5.
            "native_sso_supported": true,
        })
    }
}

fn algorithms(fits: impl Fn(&JwsAlgorithm) -> bool) -> Vec<&'static str> {
    JwsAlgorithm::ALL.iter().filter(|alg| fits(alg)).map(|alg| alg.as_str()).collect()
}
