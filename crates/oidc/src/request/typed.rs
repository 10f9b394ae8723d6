//! The request after all checks: a value of this type has passed them.

use serde::{Deserialize, Serialize};

use crate::claims::ClaimsRequest;
use crate::details::Details;
use crate::pkce::CodeChallenge;
use crate::redirect_uri::RedirectUri;
use crate::scope::Scopes;

/// An authorization request that passed the table of checks. A flow keeps it as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorizationRequest {
    /// Who asks.
    pub client_id: String,
    /// Where the answer goes.
    pub reply: Reply,
    /// What is asked for, limited to what the client may have.
    pub scopes: Scopes,
    /// What binds the code to the one who asked (RFC 7636).
    pub code_challenge: Option<CodeChallenge>,
    /// Comes back in the ID token (Core §3.1.2.1).
    pub nonce: Option<String>,
    /// Which pages are wished or forbidden (Core §3.1.2.1).
    pub prompt: Prompt,
    /// The greatest age of the authentication in seconds, the client's default included.
    pub max_age: Option<u64>,
    /// The claims asked for one by one (Core §5.5).
    pub claims: ClaimsRequest,
    /// What the app wants to do, in the terms of types (RFC 9396 §2).
    #[serde(default)]
    pub authorization_details: Details,
    /// Where the access token is to be used (RFC 8707).
    pub resource: Vec<String>,
    /// What to fill into the sign-in form.
    pub login_hint: Option<String>,
    /// An ID token of the person expected; its signature is not checked yet.
    pub id_token_hint: Option<String>,
    /// The languages wished, best first.
    pub ui_locales: Vec<String>,
    /// The `acr` values wished, best first.
    pub acr_values: Vec<String>,
    /// The thumbprint of the key by which the code is redeemed (RFC 9449 §10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dpop_jkt: Option<String>,
}

/// Where and how an authorization response is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    /// Where.
    pub redirect_uri: RedirectUri,
    /// How.
    pub mode: ResponseMode,
    /// The client's own word, sent back unchanged (RFC 6749 §4.1.1).
    pub state: Option<String>,
}

/// How the response's parameters travel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query: the code flow's default (OAuth 2.0 Multiple Response Types §2.1).
    #[default]
    Query,
    /// In the fragment.
    Fragment,
    /// In a form that posts itself (OAuth 2.0 Form Post Response Mode §2).
    FormPost,
}

impl ResponseMode {
    /// All of them with their names, as the metadata list them.
    pub const ALL: &[(&str, Self)] =
        &[("query", Self::Query), ("fragment", Self::Fragment), ("form_post", Self::FormPost)];
}

/// The `prompt` values (Core §3.1.2.1). `none` stands alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompt {
    /// No page may be shown.
    pub none: bool,
    /// The person must authenticate again.
    pub login: bool,
    /// The consent page must be shown.
    pub consent: bool,
    /// The account must be chosen.
    pub select_account: bool,
}
