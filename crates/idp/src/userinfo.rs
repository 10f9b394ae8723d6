//! UserInfo (Core §5.3).

use oidc::{OAuthError, scope};
use serde_json::{Map, Value};

use crate::access::text;
use crate::keys::TokenType;
use crate::possession::{Presented, not_good};
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
        let access = self.accept(presented, scope::OPENID).await?;
        let scopes = access.scopes();
        let grant = access.grant.as_ref().ok_or_else(|| not_good("it speaks for no person"))?;
        let user = self.user(grant.user_id).await?.ok_or_else(|| not_good("its person is gone"))?;
        let asked = oidc::user::asked_within(&grant.claims.userinfo, &scopes);
        let mut claims = user.claims(&scopes, asked);
        claims.insert("sub".to_owned(), text(&access.claims, "sub").into());
        claims.extend(self.standing_claims(grant, text(&access.claims, "client_id"), &scopes).await?);
        let registered = self.client(text(&access.claims, "client_id")).await?;
        let Some(registered) = registered.filter(|registered| !registered.disabled) else {
            return Err(not_good("its client is gone"));
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
