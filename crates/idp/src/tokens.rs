//! Tokens for a grant: access tokens (RFC 9068), ID tokens (Core §2), and what the token endpoint answers.

use std::borrow::Cow;
use std::time::Duration;

use jose::JwsAlgorithm;
use jose::jwt::left_half_hash;
use jose::provider::aws_lc;
use oidc::client::Client;
use oidc::scope;
use oidc::token::device_proof;
use oidc::token::exchange::ACCESS_TOKEN;
use oidc::token::grant::Grant;
use oidc::{Id, Scopes, Time};
use serde::Serialize;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::keys::TokenType;
use crate::mac::Counted;
use crate::{Context, Fault};

/// What a grant gives, before it is signed.
#[derive(Debug)]
pub(crate) struct Granted {
    /// For whom the access token speaks.
    pub(crate) who: Who,
    /// What it may.
    pub(crate) scopes: Scopes,
    /// Where it is to be used; the issuer where empty.
    pub(crate) resource: Vec<String>,
    /// The refresh token, where there is one.
    pub(crate) refresh: Option<Counted>,
    /// The thumbprint of the key that the access token is bound to.
    pub(crate) key: Option<String>,
    /// What it may, in the terms of types (RFC 9396).
    pub(crate) details: Vec<Value>,
    /// When what it rests on ends at the latest, and so each of its tokens.
    pub(crate) until: Option<Time>,
    /// What came of its being exchanged for another token.
    pub(crate) exchanged: Option<Exchanged>,
    /// The device secret, where the app shares a container (Native SSO 1.0 §3.4).
    pub(crate) device: Option<Counted>,
}

/// What an exchange adds to a token (RFC 8693).
#[derive(Debug, Default)]
pub(crate) struct Exchanged {
    /// Who acts (§4.1).
    pub(crate) act: Option<Value>,
}

/// Whose access it is.
#[derive(Debug)]
pub(crate) enum Who {
    /// The client's own.
    Client,
    /// A person's.
    Person {
        /// The flow, and so the token family.
        flow: Id,
        /// What was granted.
        grant: Box<Grant>,
        /// The `nonce` of the ID token.
        nonce: Option<String>,
    },
}

/// The answer of the token endpoint (RFC 6749 §5.1, Core §3.1.3.3).
#[derive(Debug, Serialize)]
pub struct TokenAnswer {
    access_token: SecretText,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<SecretText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<SecretText>,
    #[serde(skip_serializing_if = "Option::is_none")]
    device_secret: Option<SecretText>,
    #[serde(skip_serializing_if = "Scopes::is_empty")]
    scope: Scopes,
    /// RFC 9396 §7.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authorization_details: Vec<Value>,
}

/// A secret that goes out in an answer and into no log.
pub(crate) struct SecretText(pub(crate) Zeroizing<String>);

impl Serialize for SecretText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The claims of an access token (RFC 9068 §2.2).
#[derive(Serialize)]
struct AccessTokenClaims<'a> {
    iss: &'a str,
    sub: Cow<'a, str>,
    aud: Audience<'a>,
    client_id: &'a str,
    jti: String,
    iat: i64,
    exp: i64,
    #[serde(skip_serializing_if = "Scopes::is_empty")]
    scope: &'a Scopes,
    #[serde(flatten)]
    authentication: Option<Authentication<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cnf: Option<Confirmation<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    act: Option<&'a Value>,
    /// RFC 9396 §9.1.
    #[serde(skip_serializing_if = "<[Value]>::is_empty")]
    authorization_details: &'a [Value],
}

/// The key that the token is bound to (RFC 9449 §6.1).
#[derive(Serialize)]
struct Confirmation<'a> {
    jkt: &'a str,
}

/// What an ID token stands beside, and says.
struct Beside<'a> {
    nonce: Option<&'a str>,
    access_token: &'a str,
    /// Native SSO 1.0 §3.4.
    device_secret: Option<&'a str>,
}

/// RFC 9068 §2.2.1, and the session.
#[derive(Serialize)]
struct Authentication<'a> {
    sid: Id,
    auth_time: i64,
    amr: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<&'a str>,
}

/// One audience is a string, several are an array (RFC 7519 §4.1.3).
#[derive(Serialize)]
#[serde(untagged)]
enum Audience<'a> {
    One(&'a str),
    Many(Vec<&'a str>),
}

impl TokenAnswer {
    /// A code for a mini program. RFC 8693 §2.2.1: the member is called so whatever is issued, and `N_A` says that it is no
    /// access token.
    pub(crate) fn code(code: String, sort: &'static str, scope: Scopes, lifetime: Duration) -> Self {
        Self {
            access_token: SecretText(Zeroizing::new(code)),
            token_type: "N_A",
            issued_token_type: Some(sort),
            expires_in: lifetime.as_secs(),
            refresh_token: None,
            id_token: None,
            device_secret: None,
            authorization_details: Vec::new(),
            scope,
        }
    }
}

impl Context {
    /// Signs what was granted.
    pub(crate) async fn answer(&self, client: &Client, granted: Granted, now: Time) -> Result<TokenAnswer, Fault> {
        // No token promises more than the session has: who verifies it alone asks nobody whether that is over.
        let within = |lifetime| granted.until.into_iter().fold(now.plus(lifetime), Time::min);
        let expires = within(self.settings.tokens.access_token_lifetime);
        let access_token = self.access_token(client, &granted, (now, expires)).await?;
        let device_secret = granted.device.map(|device| self.device_secrets.encode(device));
        let id_token = match &granted.who {
            Who::Person { grant, nonce, .. } if granted.scopes.contains(scope::OPENID) => {
                let beside = Beside {
                    nonce: nonce.as_deref(),
                    access_token: &access_token,
                    device_secret: device_secret.as_deref().map(String::as_str),
                };
                let expires = within(self.settings.tokens.id_token_lifetime);
                Some(self.id_token(client, grant, &beside, (now, expires)).await?)
            }
            _ => None,
        };
        Ok(TokenAnswer {
            access_token: SecretText(Zeroizing::new(access_token)),
            token_type: match granted.key {
                Some(_) => "DPoP",
                None => "Bearer",
            },
            // RFC 8693 §2.2.1.
            issued_token_type: granted.exchanged.is_some().then_some(ACCESS_TOKEN),
            expires_in: expires.since(now).as_secs(),
            refresh_token: granted.refresh.map(|token| SecretText(self.refresh_tokens.encode(token))),
            device_secret: device_secret.map(SecretText),
            id_token: id_token.map(|token| SecretText(Zeroizing::new(token))),
            scope: granted.scopes,
            authorization_details: granted.details,
        })
    }

    async fn access_token(
        &self,
        client: &Client,
        granted: &Granted,
        (now, expires): (Time, Time),
    ) -> Result<String, Fault> {
        let random = self.randomness.new_id();
        let (sub, jti, authentication) = match &granted.who {
            Who::Client => (Cow::Borrowed(client.id.as_str()), random.to_string(), None),
            Who::Person { flow, grant, .. } => (
                Cow::Owned(self.subject(client, grant.user_id).to_string()),
                format!("{flow}-{random}"),
                Some(Authentication {
                    sid: grant.session_id,
                    auth_time: grant.authenticated_at.seconds(),
                    amr: &grant.amr,
                    acr: grant.acr.as_deref(),
                }),
            ),
        };
        let claims = AccessTokenClaims {
            iss: &self.issuer,
            sub,
            aud: self.audience(granted),
            client_id: &client.id,
            jti,
            iat: now.seconds(),
            exp: expires.seconds(),
            scope: &granted.scopes,
            authentication,
            act: granted.exchanged.as_ref().and_then(|exchanged| exchanged.act.as_ref()),
            cnf: granted.key.as_deref().map(|jkt| Confirmation { jkt }),
            authorization_details: &granted.details,
        };
        Ok(self.signer(ACCESS_TOKEN_ALG, TokenType::AccessToken).await?.sign(&claims)?)
    }

    /// RFC 9068 §3: the issuer by default. With `openid` it stands beside a resource, since UserInfo is here.
    fn audience<'a>(&'a self, granted: &'a Granted) -> Audience<'a> {
        let mut named: Vec<&str> = granted.resource.iter().map(String::as_str).collect();
        if granted.scopes.contains(scope::OPENID) && !named.contains(&self.issuer.as_str()) {
            named.push(&self.issuer);
        }
        match named.as_slice() {
            [] => Audience::One(&self.issuer),
            [one] => Audience::One(one),
            _ => Audience::Many(named),
        }
    }

    /// Core §2, §3.1.3.6; claims that were asked for by name (§5.5), and no others (§5.4).
    async fn id_token(
        &self,
        client: &Client,
        grant: &Grant,
        beside: &Beside<'_>,
        (now, expires): (Time, Time),
    ) -> Result<String, Fault> {
        let alg = client.id_token_alg;
        let mut claims = self.asked_in_id_token(grant).await?;
        claims.extend(self.standing_claims(grant, &client.id, &grant.scopes).await?);
        let mut tell = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        tell("iss", self.issuer.as_str().into());
        tell("sub", self.subject(client, grant.user_id).to_string().into());
        tell("aud", client.id.as_str().into());
        tell("azp", client.id.as_str().into());
        tell("iat", now.seconds().into());
        tell("exp", expires.seconds().into());
        tell("auth_time", grant.authenticated_at.seconds().into());
        tell("amr", grant.amr.clone().into());
        tell("sid", grant.session_id.to_string().into());
        tell("at_hash", left_half_hash(alg, beside.access_token).into());
        if let Some(acr) = &grant.acr {
            tell("acr", acr.as_str().into());
        }
        if let Some(nonce) = beside.nonce {
            tell("nonce", nonce.into());
        }
        if let Some(secret) = beside.device_secret {
            tell("ds_hash", device_proof::hash(aws_lc(), secret).into());
        }
        Ok(self.signer(alg, TokenType::Jwt).await?.sign(&claims)?)
    }

    async fn asked_in_id_token(&self, grant: &Grant) -> Result<Map<String, Value>, Fault> {
        if grant.claims.id_token.is_empty() {
            return Ok(Map::new());
        }
        let user = self.user(grant.user_id).await?;
        let asked = oidc::user::asked_within(&grant.claims.id_token, &grant.scopes);
        Ok(user.map(|user| user.claims(&Scopes::default(), asked)).unwrap_or_default())
    }
}

/// DESIGN §3: access tokens are ours to read and everybody's to verify.
pub(crate) const ACCESS_TOKEN_ALG: JwsAlgorithm = JwsAlgorithm::ES256;
