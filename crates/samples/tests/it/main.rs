//! The `openidconnect` crate, put through the same list as the libraries of npm and PyPI (`tests/clients`), against
//! the binary over HTTP.

#![allow(clippy::unwrap_used, missing_docs)]
#![allow(clippy::disallowed_methods, reason = "tests read VESTIBULE_BIN and the time of day as any client would")]

mod person;
mod provider;

use openidconnect::core::{
    CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreIdTokenClaims,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreTokenResponse, CoreUserInfoClaims,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndSessionUrl,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, IntrospectionUrl, IssuerUrl, LogoutRequest, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, PostLogoutRedirectUrl, RedirectUrl, RefreshToken,
    RequestTokenError, Scope, TokenIntrospectionResponse, TokenResponse,
};
use person::{Person, http_client};
use provider::Provider;
use serde_json::Value;
use url::Url;

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

#[tokio::test]
async fn the_whole_list_with_rs256_id_tokens() {
    whole("RS256", &CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256).await;
}

#[tokio::test]
async fn the_whole_list_with_es256_id_tokens() {
    whole("ES256", &CoreJwsSigningAlgorithm::EcdsaP256Sha256).await;
}

#[tokio::test]
async fn client_authentication() {
    let world = World::start().await;
    for method in ["client_secret_basic", "client_secret_post", "none"] {
        let app = world.app(method, "RS256").await;
        let (tokens, _) = app.sign_in(&mut world.person()).await;
        let fresh = app.refresh(tokens.refresh_token().unwrap()).await.expect(method);
        assert!(fresh.refresh_token().is_some());
    }
}

#[tokio::test]
async fn prompt_none_without_a_session_and_with_one() {
    let world = World::start().await;
    let app = world.app("client_secret_basic", "RS256").await;
    let mut person = world.person();
    let refused = person.walk(app.request(Some(CoreAuthPrompt::None)).url).await;
    assert_eq!(refused["error"], "login_required", "OIDC Core §3.1.2.6");
    app.sign_in(&mut person).await;
    let silent = person.walk(app.request(Some(CoreAuthPrompt::None)).url).await;
    assert!(silent.contains_key("code"), "{silent:?}");
}

#[tokio::test]
async fn a_wrong_verifier_and_a_second_redemption() {
    let world = World::start().await;
    let app = world.app("client_secret_basic", "RS256").await;
    let mut person = world.person();
    let answer = person.walk(app.request(None).url).await;
    let (_, other) = PkceCodeChallenge::new_random_sha256();
    assert_eq!(refusal(app.redeem(&answer, other).await), CoreErrorResponseType::InvalidGrant);

    let request = app.request(None);
    let answer = person.walk(request.url).await;
    let again = PkceCodeVerifier::new(request.verifier.secret().clone());
    let tokens = app.redeem(&answer, request.verifier).await.unwrap();
    assert_eq!(refusal(app.redeem(&answer, again).await), CoreErrorResponseType::InvalidGrant);
    assert!(!app.is_active(tokens.access_token()).await, "a replay revokes what the code gave, RFC 6749 §4.1.2");
}

async fn whole(alg: &str, expected: &CoreJwsSigningAlgorithm) {
    let world = World::start().await;
    let app = world.app("client_secret_basic", alg).await;
    let mut person = world.person();
    let (tokens, claims) = app.sign_in(&mut person).await;
    assert_eq!(tokens.id_token().unwrap().signing_alg().unwrap(), expected);
    assert!(claims.auth_time().is_some());

    let info: CoreUserInfoClaims = app
        .client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .unwrap()
        .request_async(&app.http)
        .await
        .unwrap();
    assert_eq!(info.email().unwrap().as_str(), USERNAME);
    assert!(app.is_active(tokens.access_token()).await);

    let second = app.refresh(tokens.refresh_token().unwrap()).await.unwrap();
    let third = app.refresh(second.refresh_token().unwrap()).await.unwrap();
    assert_ne!(second.refresh_token().unwrap().secret(), third.refresh_token().unwrap().secret());
    app.revoke(third.refresh_token().unwrap()).await;
    assert!(!app.is_active(third.access_token()).await);
    let refused = app.refresh(third.refresh_token().unwrap()).await;
    assert_eq!(refusal(refused), CoreErrorResponseType::InvalidGrant);

    let (again, _) = app.sign_in(&mut person).await;
    let out = person.walk(app.logout_url(&again)).await;
    assert_eq!(out["state"], "bye");
    let refused = app.refresh(again.refresh_token().unwrap()).await;
    assert_eq!(refusal(refused), CoreErrorResponseType::InvalidGrant);

    let own = app.client.exchange_client_credentials().unwrap().request_async(&app.http).await.unwrap();
    assert!(own.refresh_token().is_none(), "RFC 6749 §4.4.3");
    assert!(app.is_active(own.access_token()).await);
}

/// A provider with one person.
struct World {
    provider: Provider,
    issuer: IssuerUrl,
}

impl World {
    async fn start() -> Self {
        let provider = Provider::start();
        provider.add_user(USERNAME, PASSWORD);
        let url = format!("{}/.well-known/openid-configuration", provider.address);
        let text = http_client().get(url).send().await.unwrap().text().await.unwrap();
        let metadata: Value = serde_json::from_str(&text).unwrap();
        let issuer = IssuerUrl::new(metadata["issuer"].as_str().unwrap().to_owned()).unwrap();
        Self { provider, issuer }
    }

    fn person(&self) -> Person {
        Person::new(&self.issuer, USERNAME, PASSWORD)
    }

    async fn app(&self, method: &str, alg: &str) -> App {
        let metadata = format!(r#"{{"id_token_signed_response_alg":"{alg}"}}"#);
        let kind = if method == "none" { "spa" } else { "web" };
        let mut arguments = vec!["--type", kind, "--auth", method, "--metadata", &metadata];
        arguments.extend(["--redirect-uri", REDIRECT_URI, "--post-logout-redirect-uri", AFTER_LOGOUT]);
        arguments.extend([
            "--scope",
            "openid profile email",
            "--grant",
            "authorization_code",
            "--grant",
            "refresh_token",
        ]);
        if method != "none" {
            arguments.extend(["--grant", "client_credentials"]);
        }
        let registered = self.provider.add_client(&arguments);
        App::discover(&self.issuer, &registered, method).await
    }
}

/// One registered client.
struct App {
    http: reqwest::Client,
    client: Client,
    endpoints: Value,
    registered: Value,
}

struct Request {
    url: Url,
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

type Answered<T> = Result<
    T,
    RequestTokenError<
        openidconnect::HttpClientError<reqwest::Error>,
        openidconnect::StandardErrorResponse<CoreErrorResponseType>,
    >,
>;

impl App {
    async fn discover(issuer: &IssuerUrl, registered: &Value, method: &str) -> Self {
        let http = http_client();
        let metadata = CoreProviderMetadata::discover_async(issuer.clone(), &http).await.unwrap();
        let url = issuer.join(".well-known/openid-configuration").unwrap();
        let endpoints: Value =
            serde_json::from_str(&http.get(url).send().await.unwrap().text().await.unwrap()).unwrap();
        let introspection = endpoints["introspection_endpoint"].as_str().unwrap().to_owned();
        let id = ClientId::new(registered["client_id"].as_str().unwrap().to_owned());
        let secret = registered["client_secret"].as_str().map(|secret| ClientSecret::new(secret.to_owned()));
        let auth = if method == "client_secret_post" { AuthType::RequestBody } else { AuthType::BasicAuth };
        let client = CoreClient::from_provider_metadata(metadata, id, secret)
            .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.into()).unwrap())
            .set_introspection_url(IntrospectionUrl::new(introspection).unwrap())
            .set_auth_type(auth);
        Self { http, client, endpoints, registered: registered.clone() }
    }

    fn request(&self, prompt: Option<CoreAuthPrompt>) -> Request {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = self
            .client
            .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
            .add_scope(Scope::new("profile".into()))
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(challenge);
        if let Some(prompt) = prompt {
            request = request.add_prompt(prompt);
        }
        let (url, state, nonce) = request.url();
        Request { url, state, nonce, verifier }
    }

    /// The whole of OIDC Core §3.1, with the library's checks of the ID token and `at_hash`.
    async fn sign_in(&self, person: &mut Person) -> (CoreTokenResponse, CoreIdTokenClaims) {
        let request = self.request(None);
        let answer = person.walk(request.url).await;
        assert_eq!(&answer["state"], request.state.secret());
        assert_eq!(answer["iss"], self.endpoints["issuer"], "RFC 9207 §2");
        let tokens = self.redeem(&answer, request.verifier).await.unwrap();
        let id_token = tokens.id_token().unwrap();
        let verifier = self.client.id_token_verifier();
        let claims = id_token.claims(&verifier, &request.nonce).unwrap().clone();
        let (alg, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&verifier).unwrap());
        let hash = AccessTokenHash::from_token(tokens.access_token(), alg, key).unwrap();
        assert_eq!(claims.access_token_hash(), Some(&hash), "OIDC Core §3.1.3.6");
        (tokens, claims)
    }

    async fn redeem(
        &self,
        answer: &std::collections::HashMap<String, String>,
        verifier: PkceCodeVerifier,
    ) -> Answered<CoreTokenResponse> {
        let code = AuthorizationCode::new(answer["code"].clone());
        self.client.exchange_code(code).unwrap().set_pkce_verifier(verifier).request_async(&self.http).await
    }

    async fn refresh(&self, token: &RefreshToken) -> Answered<CoreTokenResponse> {
        self.client.exchange_refresh_token(token).unwrap().request_async(&self.http).await
    }

    async fn is_active(&self, token: &AccessToken) -> bool {
        self.client.introspect(token).request_async(&self.http).await.unwrap().active()
    }

    /// By hand: the library revokes at https addresses only.
    async fn revoke(&self, token: &RefreshToken) {
        let endpoint = self.endpoints["revocation_endpoint"].as_str().unwrap();
        let text = |name: &str| self.registered[name].as_str();
        let body = url::form_urlencoded::Serializer::new(String::new()).append_pair("token", token.secret()).finish();
        let request = self.http.post(endpoint).header("content-type", "application/x-www-form-urlencoded").body(body);
        let answer = request.basic_auth(text("client_id").unwrap(), text("client_secret")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "RFC 7009 §2.2");
    }

    fn logout_url(&self, tokens: &CoreTokenResponse) -> Url {
        let endpoint = self.endpoints["end_session_endpoint"].as_str().unwrap();
        LogoutRequest::from(EndSessionUrl::new(endpoint.to_owned()).unwrap())
            .set_id_token_hint(tokens.id_token().unwrap())
            .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(AFTER_LOGOUT.into()).unwrap())
            .set_state(CsrfToken::new("bye".into()))
            .http_get_url()
    }
}

fn refusal<T>(answer: Answered<T>) -> CoreErrorResponseType {
    match answer {
        Err(RequestTokenError::ServerResponse(said)) => said.error().clone(),
        Err(other) => panic!("no error of RFC 6749 §5.2: {other:?}"),
        Ok(_) => panic!("it was not refused"),
    }
}

const USERNAME: &str = "ada@example.com";
const PASSWORD: &str = "correct horse battery staple";
const REDIRECT_URI: &str = "http://localhost:9876/callback";
const AFTER_LOGOUT: &str = "http://localhost:9876/bye";
