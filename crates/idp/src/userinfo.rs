//! UserInfo (Core §5.3).

use oidc::{ErrorCode, OAuthError, scope};
use serde_json::{Map, Value};

use crate::access::text;
use crate::keys::TokenType;
use crate::possession::Presented;
use crate::{Context, Fault};

/// What UserInfo answers: as the client registered it (Core §5.3.2).
#[derive(Debug)]
pub enum UserInfo {
    /// JSON.
    Plain(Map<String, Value>),
    /// A signed JWT.
    Signed(String),
}

impl Context {
    /// The claims that the token's scopes and its request allow; `sub` always.
    pub async fn userinfo(&self, presented: &Presented<'_>) -> Result<UserInfo, OAuthError> {
        let invalid =
            |why| OAuthError::new(ErrorCode::InvalidToken, "the access token is not good here").with_detail(why);
        let access = self.accept(presented).await?;
        let scopes = access.scopes();
        let Some(grant) = access.grant.as_ref().filter(|_| scopes.contains(scope::OPENID)) else {
            return Err(OAuthError::new(ErrorCode::InsufficientScope, "the access token lacks the scope openid"));
        };
        let user = self.user(grant.user_id).await?.ok_or_else(|| invalid("its person is gone"))?;
        let asked = oidc::user::asked_within(&grant.claims.userinfo, &scopes);
        let mut claims = user.claims(&scopes, asked);
        claims.insert("sub".to_owned(), grant.user_id.to_string().into());
        claims.extend(self.standing_claims(grant, text(&access.claims, "client_id"), &scopes).await?);
        let registered = self.client(text(&access.claims, "client_id")).await?;
        let Some(registered) = registered.filter(|registered| !registered.disabled) else {
            return Err(invalid("its client is gone"));
        };
        let Some(alg) = registered.client.userinfo_alg else {
            return Ok(UserInfo::Plain(claims));
        };
        // Core §5.3.2: a signed answer names its issuer and its audience.
        claims.insert("iss".to_owned(), self.issuer.as_str().into());
        claims.insert("aud".to_owned(), registered.client.id.as_str().into());
        let signed = self.signer(alg, TokenType::Jwt).await?.sign(&claims).map_err(Fault::from)?;
        Ok(UserInfo::Signed(signed))
    }
}
