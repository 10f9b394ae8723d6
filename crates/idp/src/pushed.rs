//! Pushed authorization requests (RFC 9126): checked when they come, and used once.

use oidc::request::{AuthorizationRequest, PUSHED, Params, pushed_request};
use oidc::secret::{Secret, SecretKind};
use oidc::{ErrorCode, OAuthError};
use serde::Serialize;
use store::Hidden;
use store::links::{self, Link};

use crate::flows::MOST_KEPT;
use crate::possession::ClientRequest;
use crate::throttle::Kept;
use crate::{Context, Fault};

/// The answer to a pushed request (RFC 9126 §2.2).
#[derive(Debug, Serialize)]
pub struct Pushed {
    pub(crate) request_uri: String,
    expires_in: u64,
}

impl Context {
    /// Checks and keeps a request that a client pushes (RFC 9126 §2.1).
    pub async fn push(&self, request: &ClientRequest<'_>) -> Result<Pushed, OAuthError> {
        let params = Params::parse(request.form).map_err(|unsound| unsound.error)?;
        let registered = self.authenticate(request.authorization, &params, PATH).await?;
        // §2.3: 429. What is kept here is anybody's to ask for in the name of a public client.
        self.count_kept(Kept::Pushed, &registered.client, request.caller).await?;
        let key = self.held_key(request.proof, ("POST", PATH), None).await?;
        if params.get("request_uri").is_some() {
            return Err(OAuthError::invalid_request("a pushed request has no request_uri"));
        }
        let mut pushed = pushed_request(&params, &registered.client, &self.settings.detail_types)?;
        // RFC 9449 §10.1: the proof is as good as the parameter; both must say the same.
        if key.is_some() && pushed.dpop_jkt.is_some() && key != pushed.dpop_jkt {
            return Err(OAuthError::new(
                ErrorCode::InvalidDpopProof,
                "dpop_jkt is another key's than the DPoP proof's",
            ));
        }
        pushed.dpop_jkt = pushed.dpop_jkt.or(key);
        self.keep_pushed(&pushed).await
    }

    /// Keeps a request that was checked, until it is taken up or too old.
    pub(crate) async fn keep_pushed(&self, pushed: &AuthorizationRequest) -> Result<Pushed, OAuthError> {
        let data_json = serde_json::to_string(pushed).map_err(|error| Fault::corrupt("a pushed request", error))?;
        if data_json.len() > MOST_KEPT {
            return Err(OAuthError::invalid_request("the request as a whole is too large"));
        }
        let secret = self.randomness.new_secret(SecretKind::PushedRequest);
        let now = self.now();
        let link = Link {
            id: secret.id(),
            purpose: PURPOSE.to_owned(),
            user_id: None,
            secret_hash: Hidden::from(secret.hash()),
            data_json,
            created_at: now,
            expires_at: now.plus(LIFETIME),
            used_at: None,
        };
        links::insert(&self.store, &link).await.map_err(Fault::from)?;
        let request_uri = format!("{PUSHED}{}", secret.to_text().as_str());
        Ok(Pushed { request_uri, expires_in: LIFETIME.as_secs() })
    }

    /// Takes up the request that `client_id` has pushed: once (RFC 9126 §4, §7.3).
    pub(crate) async fn take_pushed(
        &self,
        client_id: &str,
        request_uri: &str,
    ) -> Result<AuthorizationRequest, OAuthError> {
        let (id, request) = self.find_pushed(client_id, request_uri).await?;
        match links::claim(&self.store, id, self.now()).await.map_err(Fault::from)? {
            true => Ok(request),
            false => Err(unknown()),
        }
    }

    /// The request that `client_id` has pushed, with the id under which it is kept; it stays to be taken up.
    pub(crate) async fn find_pushed(
        &self,
        client_id: &str,
        request_uri: &str,
    ) -> Result<(oidc::Id, AuthorizationRequest), OAuthError> {
        let secret = request_uri.strip_prefix(PUSHED).and_then(|text| Secret::parse(SecretKind::PushedRequest, text));
        let secret = secret.ok_or_else(unknown)?;
        let link = links::find(&self.store, secret.id()).await.map_err(Fault::from)?;
        let counts = |link: &Link| link.purpose == PURPOSE && secret.matches(&link.secret_hash);
        let link = link.filter(counts).ok_or_else(unknown)?;
        if link.used_at.is_some() || self.now() >= link.expires_at {
            return Err(unknown());
        }
        let request: AuthorizationRequest =
            serde_json::from_str(&link.data_json).map_err(|error| Fault::corrupt("a pushed request", error))?;
        let registered = self.client(client_id).await?;
        let same = registered.is_some_and(|registered| registered.was_there(link.created_at));
        match same && request.client_id == client_id {
            true => Ok((link.id, request)),
            false => Err(unknown()),
        }
    }
}

/// Whether a `request_uri` is one of ours.
pub(crate) fn is_pushed(request_uri: &str) -> bool {
    request_uri.starts_with(PUSHED)
}

/// RFC 9126 §2.2 leaves the text of all its causes to us: whoever has no right to it learns nothing.
pub(crate) fn unknown() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidRequestUri,
        "request_uri is unknown, has expired, was used, or is another client's",
    )
}

const PURPOSE: &str = "pushed-request";
const PATH: &str = "/oauth2/par";
/// RFC 9126 §2.2 has it between 5 and 600 seconds; an app opens the browser at once.
pub(crate) const LIFETIME: std::time::Duration = std::time::Duration::from_secs(90);
