//! Of a provider's metadata what an app needs (OpenID Connect Discovery §3, RFC 8414 §2).

use std::sync::Arc;

use serde::Deserialize;
use url::{Host, Url};
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
        if !is_sound(issuer, issuer) {
            return Err(Error::Answer("the issuer is no https URL".to_owned()));
        }
        let request = Request::get(url).header("accept", "application/json");
        let answer = fetch.fetch(request).await.map_err(|error| Error::Unreachable(error.to_string()))?;
        if answer.status != 200 {
            return Err(Error::Unreachable(format!("the metadata's answer is {}", answer.status)));
        }
        let metadata: Self = serde_json::from_slice(&answer.body).map_err(|error| Error::Answer(error.to_string()))?;
        if metadata.issuer != issuer {
            return Err(Error::Answer("the metadata are another issuer's".to_owned()));
        }
        if !metadata.endpoints().all(|endpoint| is_sound(endpoint, issuer)) {
            return Err(Error::Answer("the metadata have an endpoint without TLS".to_owned()));
        }
        Ok(Arc::new(metadata))
    }

    fn endpoints(&self) -> impl Iterator<Item = &str> {
        let certain = [&self.authorization_endpoint, &self.token_endpoint, &self.jwks_uri];
        let optional = [&self.revocation_endpoint, &self.pushed_authorization_request_endpoint];
        certain.into_iter().chain(optional.into_iter().flatten()).map(String::as_str)
    }

    /// Whether tokens are bound to a key: where the provider can, they are.
    pub(crate) fn takes_proofs(&self, alg: jose::JwsAlgorithm) -> bool {
        self.dpop_signing_alg_values_supported.iter().any(|name| name == alg.as_str())
    }
}

/// RFC 8252 §8.3, RFC 8414 §2: by https; a provider on this machine may do without, and so may its endpoints there. The app's own
/// network need not look.
fn is_sound(address: &str, issuer: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let here = |url: &Url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    match url.scheme() {
        "https" => true,
        "http" => issuer.starts_with("http:") && here(&url),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn secrets_go_by_tls_or_stay_on_this_machine() {
        for (address, issuer, sound) in [
            ("https://id.example/token", "https://id.example", true),
            ("http://id.example/token", "https://id.example", false),
            ("http://127.0.0.1/token", "https://id.example", false),
            ("http://127.0.0.1:8080/token", "http://127.0.0.1:8080", true),
            ("http://[::1]:8080/token", "http://localhost:8080", true),
            ("http://id.example", "http://id.example", false),
            ("http://127.0.0.1.example/token", "http://127.0.0.1", false),
            ("file:///token", "https://id.example", false),
            ("token", "https://id.example", false),
        ] {
            assert_eq!(is_sound(address, issuer), sound, "{address} of {issuer}");
        }
    }
}
