//! The token endpoint: parse, authenticate, find the grant, apply policy, sign, answer (DESIGN §1.6).
//!
//! A grant fills one hook and cannot forget a phase; it never knows another grant.

mod authorization_code;
mod client_credentials;
mod device_code;
mod refresh_token;
mod token_exchange;

use std::pin::Pin;

use oidc::client::{Client, GrantType};
use oidc::details::narrowed;
use oidc::request::{Params, resources};
use oidc::token::grant::Grant;
use oidc::{ErrorCode, Id, OAuthError, Scopes, Time, scope};
use serde_json::Value;
use store::families::Family;

use crate::caller::Caller;
use crate::possession::ClientRequest;
use crate::throttle::Kept;
use crate::tokens::{Granted, TokenAnswer};
use crate::{Context, Fault};

/// What a grant's hook may look at.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    context: &'a Context,
    client: &'a Client,
    params: &'a Params,
    /// The thumbprint of the key that the request proves (RFC 9449 §5).
    key: Option<&'a str>,
    caller: &'a Caller,
    now: Time,
}

type Outcome<'a> = Pin<Box<dyn Future<Output = Result<Issued, OAuthError>> + Send + 'a>>;

/// What a grant gives.
enum Issued {
    /// Tokens, which are yet to be signed.
    Tokens(Box<Granted>),
    /// A code for somebody else (RFC 8693 §2.2.1: a token that is no access token).
    Code {
        /// Its text.
        code: String,
        /// `issued_token_type`.
        sort: &'static str,
        /// What it grants.
        scopes: Scopes,
        /// Until when.
        expires_at: Time,
    },
}

impl From<Granted> for Issued {
    fn from(granted: Granted) -> Self {
        Self::Tokens(Box::new(granted))
    }
}

type Hook = for<'a> fn(Call<'a>) -> Outcome<'a>;

/// The grants there are: the metadata list just these.
const GRANTS: &[(GrantType, Hook)] = &[
    (GrantType::AuthorizationCode, |call| {
        Box::pin(async move { authorization_code::redeem(call).await.map(Issued::from) })
    }),
    (GrantType::RefreshToken, |call| Box::pin(async move { refresh_token::refresh(call).await.map(Issued::from) })),
    (GrantType::ClientCredentials, |call| {
        Box::pin(async move { client_credentials::grant(call).await.map(Issued::from) })
    }),
    (GrantType::DeviceCode, |call| Box::pin(async move { device_code::ask(call).await.map(Issued::from) })),
    (GrantType::TokenExchange, |call| Box::pin(token_exchange::exchange(call))),
];

/// What a token family rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rests {
    /// The session, and its own lifetime.
    OnSession,
    /// Its own lifetime alone.
    OnItself,
}

/// A family that is to begin with this grant. Without a refresh token it lives as long as the one access token it is asked
/// about.
fn new_family(call: Call<'_>, id: Id, grant: &Grant, rests: Rests) -> Result<Family, Fault> {
    let Call { context, client, now, .. } = call;
    let tokens = &context.settings.tokens;
    // RFC 9449 §5: refresh tokens of public clients are bound to the key; the others to the client's own credentials.
    let dpop_jkt = call.bound_to().filter(|_| client.is_public());
    // RFC 9396 §6: what is for one use is in the first access token, and in none that a refresh gives.
    let authorization_details = context.settings.detail_types.lasting(&grant.authorization_details);
    let kept = Grant { dpop_jkt, authorization_details, ..grant.clone() };
    let (idle, longest) = match client.may_use(GrantType::RefreshToken) {
        true => (tokens.refresh_idle_lifetime, tokens.refresh_lifetime),
        false => (tokens.access_token_lifetime, tokens.access_token_lifetime),
    };
    Ok(Family {
        id,
        client_id: client.id.clone(),
        user_id: grant.user_id,
        browser_id: Some(grant.browser_id),
        session_id: Some(grant.session_id),
        offline: rests == Rests::OnItself,
        grant_json: serde_json::to_string(&kept).map_err(|error| Fault::corrupt("grant", error))?,
        counter: FIRST,
        request_hash: None,
        rotated_at: None,
        created_at: now,
        idle_expires_at: now.plus(idle.min(longest)),
        expires_at: now.plus(longest),
        revoked_at: None,
        revoked_reason: None,
    })
}

/// Whether what this client is granted outlives the session (Core §11).
fn rests(client: &Client, scopes: &Scopes) -> Rests {
    match client.may_use(GrantType::RefreshToken) && scopes.contains(scope::OFFLINE_ACCESS) {
        true => Rests::OnItself,
        false => Rests::OnSession,
    }
}

/// The grant types of the token endpoint, for the metadata.
pub fn grant_types() -> impl Iterator<Item = GrantType> {
    GRANTS.iter().map(|(grant, _)| *grant)
}

impl Context {
    /// Answers a token request (RFC 6749 §3.2).
    pub async fn token(&self, request: &ClientRequest<'_>) -> Result<TokenAnswer, OAuthError> {
        let params = Params::parse(request.form).map_err(|unsound| unsound.error)?;
        let registered = self.authenticate(request.authorization, &params, PATH).await?;
        let client = &registered.client;
        let name = params.get("grant_type").ok_or_else(|| OAuthError::invalid_request("grant_type is missing"))?;
        let Some((grant, hook)) = GRANTS.iter().find(|(grant, _)| grant.as_str() == name) else {
            return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, "grant_type is not supported"));
        };
        if !client.may_use(*grant) {
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, "this client may not use this grant"));
        }
        // What comes to nothing is counted, where anybody can send it; what proves good is given back.
        let taken = match request.proof {
            Some(_) => self.count_kept(Kept::Proof, client, request.caller).await?,
            None => None,
        };
        let key = self.held_key(request.proof, ("POST", PATH), None).await?;
        if key.is_none() && client.shown.dpop_bound_access_tokens {
            // RFC 9449 §5.2.
            return Err(OAuthError::new(ErrorCode::InvalidDpopProof, "this client must send a DPoP proof"));
        }
        let now = self.now();
        let call = Call { context: self, client, params: &params, key: key.as_deref(), caller: request.caller, now };
        let issued = hook(call).await?;
        if let Some(taken) = taken {
            self.give_back(&taken).await?;
        }
        match issued {
            Issued::Tokens(granted) => Ok(self.answer(client, *granted, now).await?),
            Issued::Code { code, sort, scopes, expires_at } => {
                Ok(TokenAnswer::code(code, sort, scopes, expires_at.since(now)))
            }
        }
    }

    /// When the session of a grant ends at the latest; `None` where it has.
    pub(crate) async fn session_ends(&self, grant: &Grant, now: Time) -> Result<Option<Time>, Fault> {
        let session = self.living_session(grant.browser_id, grant.session_id, now).await?;
        Ok(session.map(|session| session.expires_at))
    }

    /// Whether the person of a grant may still be spoken for.
    pub(crate) async fn is_enabled(&self, grant: &Grant) -> Result<bool, Fault> {
        let user = store::users::find(&self.store, grant.user_id).await?;
        Ok(user.is_some_and(|user| user.disabled_at.is_none() && user.delete_at.is_none()))
    }
}

impl Call<'_> {
    /// The key that the access token will be bound to.
    fn bound_to(&self) -> Option<String> {
        self.key.map(str::to_owned)
    }

    /// A grant as it was written, without the scopes that were taken from the client since.
    fn grant(&self, json: &str) -> Result<Grant, Fault> {
        let grant: Grant = serde_json::from_str(json).map_err(|error| Fault::corrupt("a grant", error))?;
        let scopes = self.client.allowed(&grant.scopes);
        Ok(Grant { scopes, ..grant })
    }

    /// The resources asked for, where `allowed` has them all; `allowed` itself where none is asked for (RFC 8707 §2.2).
    fn narrowed_resource(&self, allowed: &[String]) -> Result<Vec<String>, OAuthError> {
        let asked = resources(self.params)?;
        if asked.is_empty() {
            return Ok(allowed.to_vec());
        }
        match asked.iter().all(|one| allowed.contains(one)) {
            true => Ok(asked),
            false => Err(OAuthError::new(ErrorCode::InvalidTarget, "resource goes beyond what was granted")),
        }
    }

    /// Of what was granted in the terms of types, what is asked for (RFC 9396 §6).
    fn narrowed_details(&self, granted: &[Value]) -> Result<Vec<Value>, OAuthError> {
        narrowed(self.params.get("authorization_details"), granted)
    }

    /// The scopes asked for, within `allowed`; `allowed` itself where none is asked for (RFC 6749 §6).
    fn narrowed_scopes(&self, allowed: &Scopes) -> Result<Scopes, OAuthError> {
        let Some(text) = self.params.get("scope") else {
            return Ok(allowed.clone());
        };
        match Scopes::parse(text) {
            Ok(asked) if asked.is_within(allowed) => Ok(asked),
            Ok(_) => Err(OAuthError::new(ErrorCode::InvalidScope, "scope goes beyond what was granted")),
            Err(error) => Err(OAuthError::new(ErrorCode::InvalidScope, error.to_string())),
        }
    }
}

const PATH: &str = "/oauth2/token";
/// The counter of a new family.
const FIRST: i64 = 0;
