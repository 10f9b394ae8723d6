//! Introspection (RFC 7662) and revocation (RFC 7009).

use oidc::request::Params;
use oidc::{OAuthError, Time};
use serde_json::{Map, Value, json};
use store::containers::Container;

use crate::access::{read, text};
use crate::clients::RegisteredClient;
use crate::possession::ClientRequest;
use crate::{Context, Fault};

impl Context {
    /// Answers an introspection request. `active` is true only for the token's client or one that is its audience
    /// (RFC 7662 §4); nobody learns why it is false (§2.2).
    pub async fn introspect(&self, request: &ClientRequest<'_>) -> Result<Value, OAuthError> {
        let params = Params::parse(request.form).map_err(|unsound| unsound.error)?;
        let caller = self.authenticate(request.authorization, &params, "/oauth2/introspect").await?;
        if caller.client.is_public() {
            // RFC 7662 §2.1: some authorization is required.
            return Err(OAuthError::invalid_client("a public client may not introspect"));
        }
        let token = token_of(&params)?;
        let answer = match self.about_refresh_token(token, &caller).await? {
            Some(answer) => Some(answer),
            None => self.about_access_token(token, &caller).await?,
        };
        Ok(answer.map_or_else(|| json!({ "active": false }), Value::Object))
    }

    /// Revokes a token of the caller's: with a person's token its whole family ends, of a client's own just the one.
    /// A token that is nothing to us is fine already (RFC 7009 §2.2).
    pub async fn revoke(&self, request: &ClientRequest<'_>) -> Result<(), OAuthError> {
        let params = Params::parse(request.form).map_err(|unsound| unsound.error)?;
        let caller = self.authenticate(request.authorization, &params, "/oauth2/revoke").await?;
        let token = token_of(&params)?;
        if let Some((container, _)) = self.container(token).await? {
            return self.revoke_container(&caller, &container, request).await;
        }
        let (id, access) = match self.refresh_tokens.verify(token) {
            Some(refresh) => (Some(refresh.id), None),
            None => match self.genuine(token) {
                Some(genuine) if text(&genuine.claims, "client_id") != caller.client.id => return Err(not_yours()),
                Some(genuine) => (genuine.family, Some(genuine)),
                None => return Ok(()),
            },
        };
        let family = match id {
            Some(id) => store::families::find(&self.store, id).await.map_err(Fault::from)?,
            None => None,
        };
        match (family, access) {
            (Some(family), _) if family.client_id == caller.client.id => {
                let reason = "revoked by its client";
                store::families::revoke(&self.store, family.id, reason, self.now()).await.map_err(Fault::from)?;
            }
            // A client's own, or one that was exchanged for another client's: that one alone.
            (_, Some(access)) => {
                let expires = access.claims.get("exp").and_then(Value::as_i64).unwrap_or_default();
                let (jti, until) = (text(&access.claims, "jti"), Time::from_seconds(expires));
                store::revoked::insert(&self.store, jti, until).await.map_err(Fault::from)?;
            }
            (Some(_), None) => return Err(not_yours()),
            (None, None) => {}
        }
        Ok(())
    }

    /// An app signs all apps of its developer out on this device.
    async fn revoke_container(
        &self,
        caller: &RegisteredClient,
        container: &Container,
        request: &ClientRequest<'_>,
    ) -> Result<(), OAuthError> {
        if caller.client.app_group.as_ref() != Some(&container.app_group) {
            return Err(not_yours());
        }
        Ok(self.end_container(container, "its apps signed out", request.caller).await?)
    }

    async fn about_access_token(
        &self,
        token: &str,
        caller: &RegisteredClient,
    ) -> Result<Option<Map<String, Value>>, Fault> {
        let Some(access) = self.access(token).await? else {
            return Ok(None);
        };
        let id = &caller.client.id;
        if text(&access.claims, "client_id") != id && !access.is_for(id) {
            return Ok(None);
        }
        let mut answer = access.claims;
        answer.insert("active".to_owned(), true.into());
        let scheme = if answer.contains_key("cnf") { "DPoP" } else { "Bearer" };
        answer.insert("token_type".to_owned(), scheme.into());
        Ok(Some(answer))
    }

    async fn about_refresh_token(
        &self,
        token: &str,
        caller: &RegisteredClient,
    ) -> Result<Option<Map<String, Value>>, Fault> {
        let Some(refresh) = self.refresh_tokens.verify(token) else {
            return Ok(None);
        };
        let found = store::families::find(&self.store, refresh.id).await?;
        let Some(family) = found.filter(|family| family.client_id == caller.client.id) else {
            return Ok(None);
        };
        let (now, grant) = (self.now(), read(&family)?);
        if family.counter != refresh.counter || now >= family.idle_expires_at {
            return Ok(None);
        }
        let Some(until) = self.family_counts(&family, &grant, now).await? else {
            return Ok(None);
        };
        let mut answer = json!({
            "active": true,
            "iss": self.issuer,
            "client_id": family.client_id,
            "sub": self.subject(&caller.client, grant.user_id),
            "scope": grant.scopes,
            "iat": family.rotated_at.unwrap_or(family.created_at).seconds(),
            "exp": family.idle_expires_at.min(until).seconds(),
        });
        if !grant.authorization_details.is_empty() {
            // RFC 9396 §9.2.
            answer["authorization_details"] = grant.authorization_details.into();
        }
        Ok(answer.as_object().cloned())
    }
}

fn token_of(params: &Params) -> Result<&str, OAuthError> {
    params.get("token").ok_or_else(|| OAuthError::invalid_request("token is missing"))
}

/// RFC 7009 §2.1: told, since only the holder of the token can ask.
fn not_yours() -> OAuthError {
    OAuthError::invalid_grant("the token is another client's")
}
