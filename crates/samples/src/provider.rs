//! The provider as an app sees it: discovery, the authorization request, the tokens and their checks, sign-out.

mod folder;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient, CoreClientAuthMethod,
    CoreGrantType, CoreIdToken, CoreIdTokenClaims, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType, CoreTokenResponse,
    CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalProviderMetadata, AuthenticationContextClass, AuthorizationCode, ClientId,
    ClientSecret, CsrfToken, EndSessionUrl, EndpointMaybeSet, EndpointNotSet, EndpointSet, IntrospectionUrl, IssuerUrl,
    LogoutRequest, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl,
    ProviderMetadata, RedirectUrl, RefreshToken, RequestTokenError, Scope, TokenIntrospectionResponse, TokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::challenge::StepUp;
use crate::clock;
use crate::fault::Fault;
use crate::sessions::{Pending, SignedIn};
pub(crate) use folder::{ApiAddress, Opened};

/// One app's registration at the provider.
pub(crate) struct RelyingParty {
    pub(crate) issuer: IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUrl,
    post_logout_redirect_uri: PostLogoutRedirectUrl,
    api: Option<ApiAddress>,
    http: reqwest::Client,
    discovered: Mutex<Option<Arc<Discovered>>>,
}

/// Why the browser goes to the provider.
pub(crate) enum Begin {
    SignIn,
    /// Who is signed in is to prove more, since the API asks for it.
    StepUp(Box<SignedIn>, StepUp),
}

struct Discovered {
    client: Client,
    end_session_endpoint: EndSessionUrl,
}

impl RelyingParty {
    pub(crate) fn new(
        issuer: IssuerUrl,
        base: &Url,
        (client_id, client_secret): (String, String),
        api: Option<ApiAddress>,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            issuer,
            client_id: ClientId::new(client_id),
            client_secret: ClientSecret::new(client_secret),
            redirect_uri: RedirectUrl::from_url(base.join("/callback")?),
            post_logout_redirect_uri: PostLogoutRedirectUrl::from_url(base.join("/signed-out")?),
            api,
            http: http_client()?,
            discovered: Mutex::new(None),
        })
    }

    /// The authorization request, and what its answer will be held against.
    pub(crate) async fn begin(&self, begin: Begin) -> Result<(Url, Pending), Fault> {
        let discovered = self.discovered().await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = discovered
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".into()))
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(challenge);
        if let Some(api) = &self.api {
            request = request.add_extra_param("resource", api.resource.as_str());
        }
        let (before, wanted) = match begin {
            Begin::SignIn => (None, StepUp::default()),
            Begin::StepUp(user, wanted) => (Some(user), wanted),
        };
        if let Some(user) = &before {
            request = request.set_id_token_hint(&user.id_token);
        }
        // RFC 9470 §4: what the API asks for goes into the request as it is.
        for value in wanted.acr_values {
            request = request.add_auth_context_value(AuthenticationContextClass::new(value));
        }
        if let Some(age) = wanted.max_age {
            request = request.set_max_age(age);
        }
        let (url, state, nonce) = request.url();
        let pending = Pending { state, nonce, verifier, max_age: wanted.max_age, before };
        Ok((url, pending))
    }

    /// Redeems the code, checks the ID token and asks for the user's claims.
    pub(crate) async fn finish(&self, code: String, pending: Pending) -> Result<SignedIn, Fault> {
        let Pending { nonce, verifier, .. } = &pending;
        let discovered = self.discovered().await?;
        let answer = discovered
            .client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(unreachable)?
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.secret().clone()))
            .request_async(&self.http)
            .await
            .map_err(refused)?;
        let id_token = answer.id_token().cloned().ok_or_else(|| Fault::BadToken("there is no ID token".into()))?;
        let claims = self.verified(&id_token, Some(nonce), answer.access_token()).await?;
        pending.fits(&claims)?;
        let userinfo: CoreUserInfoClaims = discovered
            .client
            .user_info(answer.access_token().clone(), Some(claims.subject().clone()))
            .map_err(unreachable)?
            .request_async(&self.http)
            .await
            .map_err(|error| Fault::BadToken(format!("userinfo: {}", whole(&error))))?;
        let mut user = SignedIn {
            claims: payload(&id_token)?,
            id_token,
            userinfo: as_map(&userinfo),
            access_token: answer.access_token().clone(),
            access_until: None,
            refresh_token: None,
            refresh_until: None,
            refreshed: 0,
        };
        self.put_tokens(&mut user, &answer).await;
        Ok(user)
    }

    /// New tokens for old. A refused refresh token means that the session at the provider is over.
    pub(crate) async fn refresh(&self, mut user: SignedIn) -> Result<SignedIn, Fault> {
        let discovered = self.discovered().await?;
        let token = user.refresh_token.clone().ok_or(Fault::Ended)?;
        let answer = discovered
            .client
            .exchange_refresh_token(&token)
            .map_err(unreachable)?
            .request_async(&self.http)
            .await
            .map_err(|error| match refused(error) {
                Fault::Refused { code, .. } if code == "invalid_grant" => Fault::Ended,
                other => other,
            })?;
        if let Some(id_token) = answer.id_token() {
            self.same_person(&user, id_token, answer.access_token()).await?;
            user.claims = payload(id_token)?;
            user.id_token = id_token.clone();
        }
        user.access_token = answer.access_token().clone();
        user.refreshed += 1;
        self.put_tokens(&mut user, &answer).await;
        Ok(user)
    }

    /// RP-Initiated Logout 1.0 §2.
    pub(crate) async fn logout(&self, user: &SignedIn) -> Result<(Url, CsrfToken), Fault> {
        let discovered = self.discovered().await?;
        let state = CsrfToken::new_random();
        let url = LogoutRequest::from(discovered.end_session_endpoint.clone())
            .set_id_token_hint(&user.id_token)
            .set_client_id(self.client_id.clone())
            .set_post_logout_redirect_uri(self.post_logout_redirect_uri.clone())
            .set_state(state.clone())
            .http_get_url();
        Ok((url, state))
    }

    /// OIDC Core §12.2: a refreshed ID token has the same issuer and subject, and no other nonce.
    async fn same_person(
        &self,
        user: &SignedIn,
        id_token: &CoreIdToken,
        access_token: &AccessToken,
    ) -> Result<(), Fault> {
        let old = |name| user.claims.get(name).and_then(Value::as_str);
        let nonce = payload(id_token)?.get("nonce").map(|_| Nonce::new(old("nonce").unwrap_or_default().to_owned()));
        let claims = self.verified(id_token, nonce.as_ref(), access_token).await?;
        if Some(claims.subject().as_str()) != old("sub") {
            return Err(Fault::BadToken("the refreshed ID token is somebody else's".into()));
        }
        Ok(())
    }

    /// OIDC Core §3.1.3.7. A signature by an unknown key may mean that the keys were rotated: they are fetched again, once.
    async fn verified(
        &self,
        id_token: &CoreIdToken,
        nonce: Option<&Nonce>,
        access_token: &AccessToken,
    ) -> Result<CoreIdTokenClaims, Fault> {
        let discovered = self.discovered().await?;
        match verify(&discovered.client, id_token, nonce, access_token) {
            Ok(claims) => Ok(claims),
            Err(_) => {
                self.forget();
                let fresh = self.discovered().await?;
                verify(&fresh.client, id_token, nonce, access_token)
            }
        }
    }

    async fn put_tokens(&self, user: &mut SignedIn, answer: &CoreTokenResponse) {
        user.access_until = answer.expires_in().map(|span| clock::now().saturating_add_unsigned(span.as_secs()));
        if let Some(token) = answer.refresh_token() {
            user.refresh_token = Some(token.clone());
        }
        if let Some(token) = &user.refresh_token {
            user.refresh_until = self.refresh_until(token).await;
        }
    }

    /// No standard answer says how long a refresh token lasts; introspection does (RFC 7662 §2.2). Only for show, so
    /// that a failure is not one of the sign-in.
    async fn refresh_until(&self, token: &RefreshToken) -> Option<i64> {
        let discovered = self.discovered().await.ok()?;
        let answer = discovered
            .client
            .introspect(&AccessToken::new(token.secret().clone()))
            .set_token_type_hint("refresh_token")
            .request_async(&self.http)
            .await
            .ok()?;
        answer.exp().map(|at| at.timestamp())
    }

    /// The provider's metadata and keys. The provider may start after the app: it is asked for a few seconds.
    async fn discovered(&self) -> Result<Arc<Discovered>, Fault> {
        let mut attempt = 0;
        loop {
            if let Some(known) = self.known() {
                return Ok(known);
            }
            match self.discover().await {
                Ok(found) => {
                    *self.discovered.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(found));
                }
                Err(fault) if attempt == ATTEMPTS => return Err(fault),
                Err(_) => tokio::time::sleep(BETWEEN_ATTEMPTS).await,
            }
            attempt += 1;
        }
    }

    async fn discover(&self) -> Result<Discovered, Fault> {
        let metadata = Metadata::discover_async(self.issuer.clone(), &self.http).await.map_err(unreachable)?;
        let more = metadata.additional_metadata().clone();
        let client =
            CoreClient::from_provider_metadata(metadata, self.client_id.clone(), Some(self.client_secret.clone()))
                .set_redirect_uri(self.redirect_uri.clone())
                .set_introspection_url(more.introspection_endpoint);
        Ok(Discovered { client, end_session_endpoint: more.end_session_endpoint })
    }

    fn known(&self) -> Option<Arc<Discovered>> {
        self.discovered.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn forget(&self) {
        *self.discovered.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// A client as the library wants it: one that follows no redirect.
pub(crate) fn http_client() -> reqwest::Result<reqwest::Client> {
    let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.timeout(Duration::from_secs(10)).no_proxy().build()
}

/// OIDC Core §3.1.3.7, and `at_hash` where the ID token has one (§3.1.3.8).
fn verify(
    client: &Client,
    id_token: &CoreIdToken,
    nonce: Option<&Nonce>,
    access_token: &AccessToken,
) -> Result<CoreIdTokenClaims, Fault> {
    let verifier = client.id_token_verifier();
    let bad = |text: String| Fault::BadToken(text);
    let claims = match nonce {
        Some(nonce) => id_token.claims(&verifier, nonce),
        None => id_token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
    }
    .map_err(|error| bad(whole(&error)))?;
    if let Some(said) = claims.access_token_hash() {
        let alg = id_token.signing_alg().map_err(|error| bad(whole(&error)))?;
        let key = id_token.signing_key(&verifier).map_err(|error| bad(whole(&error)))?;
        let real = AccessTokenHash::from_token(access_token, alg, key).map_err(|error| bad(whole(&error)))?;
        if *said != real {
            return Err(bad("the ID token's at_hash is not that of the access token".into()));
        }
    }
    Ok(claims.clone())
}

/// All claims of an ID token that has been verified, `sid` and others included that the library has no field for.
fn payload(id_token: &CoreIdToken) -> Result<Map<String, Value>, Fault> {
    let text = id_token.to_string();
    let middle = text.split('.').nth(1).unwrap_or_default();
    URL_SAFE_NO_PAD
        .decode(middle)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or_else(|| Fault::BadToken("the ID token's claims cannot be read".into()))
}

fn as_map(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map.into_iter().filter(|(_, value)| !value.is_null()).collect(),
        _ => Map::new(),
    }
}

fn unreachable(error: impl std::error::Error) -> Fault {
    Fault::Unreachable(whole(&error))
}

fn refused<RE: std::error::Error + 'static>(
    error: RequestTokenError<RE, openidconnect::StandardErrorResponse<openidconnect::core::CoreErrorResponseType>>,
) -> Fault {
    match error {
        RequestTokenError::ServerResponse(answer) => Fault::Refused {
            code: answer.error().as_ref().to_owned(),
            description: answer.error_description().cloned(),
        },
        other => Fault::Unreachable(whole(&other)),
    }
}

/// An error with its causes, in one line.
fn whole(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

/// What discovery says beyond OIDC Discovery 1.0: RFC 8414 and RP-Initiated Logout 1.0.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct MoreMetadata {
    introspection_endpoint: IntrospectionUrl,
    end_session_endpoint: EndSessionUrl,
    #[serde(flatten)]
    rest: HashMap<String, Value>,
}

impl AdditionalProviderMetadata for MoreMetadata {}

type Metadata = ProviderMetadata<
    MoreMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

const ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(250);
