//! Access tokens that come back: are they ours, and do they still count?

use jose::jwt::{Rules, verify};
use oidc::token::grant::Grant;
use oidc::{Id, Scopes, Time};
use serde_json::{Map, Value};
use store::families::Family;

use crate::tokens::ACCESS_TOKEN_ALG;
use crate::{Context, Fault};

/// An access token that counts.
#[derive(Debug)]
pub(crate) struct Access {
    /// All its claims.
    pub(crate) claims: Map<String, Value>,
    /// What a person granted; `None` where a client acts for itself.
    pub(crate) grant: Option<Grant>,
    /// The flow, and so the family, of a person's token.
    pub(crate) family: Option<Id>,
}

/// What a genuine token says; whether it still counts, the rows say.
#[derive(Debug)]
pub(crate) struct Genuine {
    /// All its claims.
    pub(crate) claims: Map<String, Value>,
    /// The flow, and so the family, of a person's token.
    pub(crate) family: Option<Id>,
}

impl Context {
    /// The token, if it is genuine and nothing has ended it: family, session, person, or a revocation of its own.
    pub(crate) async fn access(&self, token: &str) -> Result<Option<Access>, Fault> {
        let Some(Genuine { claims, family }) = self.genuine(token) else {
            return Ok(None);
        };
        let Some(family) = family else {
            let counts = self.counts_by_itself(&claims).await?;
            return Ok(counts.then_some(Access { claims, grant: None, family: None }));
        };

        let now = self.now();
        let Some(family) = store::families::find(&self.store, family).await? else {
            return Ok(None);
        };
        // One that was exchanged for another client's ends with that, or by itself.
        if family.client_id != text(&claims, "client_id") && !self.counts_by_itself(&claims).await? {
            return Ok(None);
        }
        let grant = read(&family)?;
        let counts = self.family_counts(&family, &grant, now).await?;
        Ok(counts.map(|_| Access { claims, grant: Some(grant), family: Some(family.id) }))
    }

    /// Whether the client of a token is there, and this one token was not revoked.
    async fn counts_by_itself(&self, claims: &Map<String, Value>) -> Result<bool, Fault> {
        let client = self.enabled_client(text(claims, "client_id")).await?;
        Ok(client.is_some() && !store::revoked::exists(&self.store, text(claims, "jti")).await?)
    }

    /// Signature, issuer, type and time (RFC 9068 §4).
    pub(crate) fn genuine(&self, token: &str) -> Option<Genuine> {
        let algorithms = [ACCESS_TOKEN_ALG];
        let rules = Rules::new(self.now().seconds(), &algorithms).issuer(&self.issuer).typ("at+jwt").require_exp();
        let verified = verify::<Map<String, Value>>(token, &*self.verifying_keys(), &rules.require_jti()).ok()?;
        let claims = verified.into_claims();
        // Of a person's token the `jti` begins with the flow; its own `sub` is the client otherwise.
        let family = text(&claims, "jti").split_once('-').and_then(|(flow, _)| flow.parse().ok());
        Some(Genuine { claims, family })
    }

    /// Until when at the latest a family stands; `None` where it was revoked, or what it rests on has ended.
    pub(crate) async fn family_counts(&self, family: &Family, grant: &Grant, now: Time) -> Result<Option<Time>, Fault> {
        match family.revoked_at.is_some() || now >= family.expires_at {
            true => Ok(None),
            false => self.family_rests(family, grant, now).await,
        }
    }

    /// Until when at the latest what a family rests on is there: its client, its session unless it is offline, its person,
    /// who may still use the client. `None` where it is not. A client that was deleted and registered anew under the same
    /// id is another one.
    pub(crate) async fn family_rests(&self, family: &Family, grant: &Grant, now: Time) -> Result<Option<Time>, Fault> {
        let client = self.enabled_client(&family.client_id).await?;
        let Some(registered) = client.filter(|client| client.was_there(family.created_at)) else {
            return Ok(None);
        };
        if !self.is_with_its_host(&registered.client, grant, family.created_at).await? {
            return Ok(None);
        }
        let until = match family.offline {
            true => Some(family.expires_at),
            false => self.session_ends(grant, now).await?.map(|session| ends(family, session)),
        };
        let stands = until.is_some() && self.is_enabled(grant).await?;
        let stands = stands && self.may_use(&registered.client, grant.user_id).await?.is_ok();
        Ok(until.filter(|_| stands))
    }
}

/// When what a family rests on ends at the latest: its session does at this time.
pub(crate) fn ends(family: &Family, session: Time) -> Time {
    match family.offline {
        true => family.expires_at,
        false => session,
    }
}

/// The grant that a family keeps.
pub(crate) fn read(family: &Family) -> Result<Grant, Fault> {
    serde_json::from_str(&family.grant_json).map_err(|error| Fault::corrupt("family", error))
}

/// A claim that is text; empty where it is not there.
pub(crate) fn text<'a>(claims: &'a Map<String, Value>, name: &str) -> &'a str {
    claims.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl Access {
    /// The scopes of the token.
    pub(crate) fn scopes(&self) -> Scopes {
        Scopes::parse(text(&self.claims, "scope")).unwrap_or_default()
    }

    /// Whether `name` is among its audiences (RFC 7519 §4.1.3).
    pub(crate) fn is_for(&self, name: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::Array(many)) => many.iter().any(|one| one == name),
            Some(one) => one == name,
            None => false,
        }
    }
}
