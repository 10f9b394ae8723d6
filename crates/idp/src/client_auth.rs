//! Authenticating clients (RFC 6749 §2.3, OpenID Connect Core §9).

use std::sync::Arc;

use jose::jws::Header;
use jose::jwt::{Rules, VerifyError, inspect, verify};
use jose::{JwsAlgorithm, VerifyingKey, jws};
use oidc::client::AuthMethod;
use oidc::client_auth::{Presented, assertion_algorithms, presented, takes_secret};
use oidc::request::Params;
use oidc::secret::{Secret, SecretKind};
use oidc::{OAuthError, Time};
use serde_json::{Map, Value};

use crate::clients::RegisteredClient;
use crate::outbound::Wanted;
use crate::{Context, Fault};

impl Context {
    /// The client that a request comes from. `authorization` is the header's value; `endpoint` is the path of the
    /// endpoint asked, one of the audiences an assertion may name.
    pub(crate) async fn authenticate(
        &self,
        authorization: Option<&str>,
        params: &Params,
        endpoint: &str,
    ) -> Result<Arc<RegisteredClient>, OAuthError> {
        match presented(authorization, params)? {
            Presented::Name(id) => {
                let registered = self.registered(id).await?;
                match registered.client.is_public() {
                    true => Ok(registered),
                    false => Err(OAuthError::invalid_client("a confidential client without credentials")),
                }
            }
            Presented::Secret { client_id, secret } => {
                let registered = self.registered(&client_id).await?;
                match takes_secret(&registered.client) && is_secret_of(&registered, &secret) {
                    true => Ok(registered),
                    false => Err(OAuthError::invalid_client("the secret is not this client's")),
                }
            }
            Presented::Assertion { jwt, client_id } => self.by_assertion(jwt, client_id, endpoint).await,
        }
    }

    /// A client that may do anything at all.
    async fn registered(&self, id: &str) -> Result<Arc<RegisteredClient>, OAuthError> {
        let found = self.enabled_client(id).await?;
        found.ok_or_else(|| OAuthError::invalid_client("unknown or disabled client, or one that has ended"))
    }

    /// RFC 7523 §3: issuer and subject are the client, the audience is this server, and it is used once.
    async fn by_assertion(
        &self,
        jwt: &str,
        client_id: Option<&str>,
        endpoint: &str,
    ) -> Result<Arc<RegisteredClient>, OAuthError> {
        let invalid = |error: &dyn std::fmt::Display| OAuthError::invalid_client(format!("client_assertion: {error}"));
        let unverified = inspect(jwt, &jose::Limits::DEFAULT).map_err(|error| invalid(&error))?;
        let subject = unverified.claims.get("sub").and_then(Value::as_str).unwrap_or_default().to_owned();
        if client_id.is_some_and(|id| id != subject) {
            return Err(invalid(&"its subject is another client than client_id"));
        }
        let registered = self.registered(&subject).await?;
        let algorithms = assertion_algorithms(&registered.client);
        let (token_endpoint, endpoint) = (self.address("/oauth2/token"), self.address(endpoint));
        let rules = Rules::new(self.now().seconds(), &algorithms)
            .issuer(&subject)
            .subject(&subject)
            .audience(&self.issuer)
            .audience(&token_endpoint)
            .audience(&endpoint)
            .require_jti()
            .max_lifetime(LONGEST)
            .leeway(LEEWAY);
        let claims = match fetched_from(&registered) {
            Some(url) => self.verify_with_fetched(url, jwt, &unverified.header, &algorithms, &rules).await?,
            None => {
                let keys = self.assertion_keys(&registered)?;
                verify(jwt, &keys, &rules).map_err(|error| invalid(&error))?.into_claims()
            }
        };
        self.claim_assertion(&subject, &claims).await?;
        Ok(registered)
    }

    /// With the keys at a client's `jwks_uri`: fetched anew where none has the name in the header, and once more where the
    /// signature does not hold, since a key may have been replaced under its name (OpenID Connect Core §10.1.1).
    async fn verify_with_fetched(
        &self,
        url: &str,
        jwt: &str,
        header: &Header,
        algorithms: &[JwsAlgorithm],
        rules: &Rules<'_>,
    ) -> Result<Map<String, Value>, OAuthError> {
        let invalid = |error: &dyn std::fmt::Display| OAuthError::invalid_client(format!("client_assertion: {error}"));
        let alg =
            header.alg().filter(|alg| algorithms.contains(alg)).ok_or_else(|| invalid(&"its alg is not allowed"))?;
        let wanted = Wanted::Serving { kid: header.kid().map(str::to_owned), alg };
        let keys = self.outbound.keys(url, wanted).await.map_err(|why| {
            tracing::warn!(url, %why, "the keys of a client cannot be fetched");
            invalid(&"its keys cannot be fetched")
        })?;
        let error = match verify(jwt, &*keys, rules) {
            Ok(verified) => return Ok(verified.into_claims()),
            Err(error) => error,
        };
        let newer = match &error {
            VerifyError::Jws(jws::VerifyError::Signature { .. }) => {
                self.outbound.keys(url, Wanted::NewerThan(keys)).await.map_err(|_| invalid(&error))?
            }
            _ => return Err(invalid(&error)),
        };
        verify(jwt, &*newer, rules).map(jose::jwt::Verified::into_claims).map_err(|error| invalid(&error))
    }

    fn assertion_keys(&self, registered: &RegisteredClient) -> Result<Vec<VerifyingKey>, Fault> {
        if registered.client.auth_method != AuthMethod::ClientSecretJwt {
            return Ok(registered.keys.keys().to_vec());
        }
        let Some(secret) = self.client_secret(registered)? else {
            return Ok(Vec::new());
        };
        // A key serves one algorithm; a secret serves the three.
        let key = |alg| VerifyingKey::from_secret(jose::provider::aws_lc(), &secret, alg);
        Ok(assertion_algorithms(&registered.client).into_iter().map(key).collect::<Result<_, _>>()?)
    }

    /// RFC 7523 §3: a `jti` counts once, for as long as its assertion could come again.
    async fn claim_assertion(&self, client_id: &str, claims: &Map<String, Value>) -> Result<(), OAuthError> {
        let jti = claims.get("jti").and_then(Value::as_str).unwrap_or_default();
        let expires = claims.get("exp").and_then(Value::as_f64).unwrap_or_default();
        // Bounded above by `max_lifetime`, so the conversion is exact but for the fraction.
        let until = Time::from_seconds(expires as i64 + i64::from(LEEWAY) + 1);
        let digest = jose::sha256(format!("{client_id}\0{jti}").as_bytes());
        let id = jose::base64url::encode(digest);
        match store::assertions::claim(&self.store, &id, until).await.map_err(Fault::from)? {
            true => Ok(()),
            false => Err(OAuthError::invalid_client("client_assertion: its jti was used before")),
        }
    }

    /// The address of a path of ours.
    pub(crate) fn address(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}

/// Where the keys of a client's assertions lie, if that is elsewhere.
fn fetched_from(registered: &RegisteredClient) -> Option<&str> {
    let by_key = registered.client.auth_method == AuthMethod::PrivateKeyJwt;
    registered.client.shown.jwks_uri.as_deref().filter(|_| by_key)
}

fn is_secret_of(registered: &RegisteredClient, text: &str) -> bool {
    let secret = Secret::parse(SecretKind::ClientSecret, text);
    secret.zip(registered.secret_hash.as_ref()).is_some_and(|(secret, hash)| secret.matches(hash))
}

/// Seconds that an assertion may live: each is remembered for so long.
const LONGEST: u32 = 60 * 60;
/// Seconds by which a client's clock may differ from ours.
const LEEWAY: u32 = 30;
