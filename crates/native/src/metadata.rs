//! Of a provider's metadata what an app needs (OpenID Connect Discovery §3, RFC 8414 §2).

use std::sync::Arc;

use serde::Deserialize;
use verify::fetch::{Fetch, Request};

use crate::error::Error;

#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) jwks_uri: String,
    pub(crate) revocation_endpoint: Option<String>,
    pub(crate) pushed_authorization_request_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub(crate) native_sso_supported: bool,
    #[serde(default)]
    dpop_signing_alg_values_supported: Vec<String>,
}

impl Metadata {
    /// Those of this issuer, and of nobody else (Discovery §4.3).
    pub(crate) async fn of(issuer: &str, fetch: &dyn Fetch) -> Result<Arc<Self>, Error> {
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let request = Request::get(url).header("accept", "application/json");
        let answer = fetch.fetch(request).await.map_err(|error| Error::Unreachable(error.to_string()))?;
        if answer.status != 200 {
            return Err(Error::Unreachable(format!("the metadata's answer is {}", answer.status)));
        }
        let metadata: Self = serde_json::from_slice(&answer.body).map_err(|error| Error::Answer(error.to_string()))?;
        match metadata.issuer == issuer {
            true => Ok(Arc::new(metadata)),
            false => Err(Error::Answer("the metadata are another issuer's".to_owned())),
        }
    }

    /// Whether tokens are bound to a key: where the provider can, they are.
    pub(crate) fn takes_proofs(&self, alg: jose::JwsAlgorithm) -> bool {
        self.dpop_signing_alg_values_supported.iter().any(|name| name == alg.as_str())
    }
}
