//! A client at the endpoints that clients call by themselves.

use axum::body::Body;
use axum::http::{HeaderMap, Request, header};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use testkit::House;
use tower::ServiceExt as _;

use crate::lobby::{ADA, Lobby, app, ask, assert_code};

/// A confidential client with its secret.
#[derive(Clone)]
pub(crate) struct Api {
    router: axum::Router,
    pub(crate) id: String,
    pub(crate) secret: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) json: Value,
}

impl Reply {
    /// The code of its error; empty where it is none.
    pub(crate) fn error(&self) -> &str {
        self.json["error"].as_str().unwrap_or_default()
    }

    /// A member that is text.
    pub(crate) fn text(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.json)).to_owned()
    }
}

impl Api {
    /// Registers a web client named `id` that may do all there is.
    pub(crate) async fn register(lobby: &Lobby, id: &str, more: Value) -> Self {
        let mut metadata = app(id, id, json!({ "vestibule_type": "web", "vestibule_trusted": true }));
        let grants = ["authorization_code", "refresh_token", "client_credentials"];
        metadata["grant_types"] = json!(grants);
        metadata["scope"] = json!("openid profile email offline_access read write");
        metadata.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let written = lobby.node.add_client(serde_json::from_value(metadata).unwrap()).await.unwrap();
        let secret = written.secret.map(|secret| secret.to_string()).unwrap_or_default();
        Self { router: House::router(&lobby.node), id: id.to_owned(), secret }
    }

    /// The same client at another node.
    pub(crate) fn at(&self, router: axum::Router) -> Self {
        Self { router, ..self.clone() }
    }

    /// Posts a form with its secret in the body (RFC 6749 §2.3.1).
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let own = [("client_id", self.id.as_str()), ("client_secret", self.secret.as_str())];
        self.post_as_is(path, &[], &[fields, &own].concat()).await
    }

    /// Posts a form with these headers, and nothing of its own.
    pub(crate) async fn post_as_is(&self, path: &str, headers: &[(&str, &str)], fields: &[(&str, &str)]) -> Reply {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body)).unwrap()).await
    }

    /// Posts a body as it is, with these headers.
    pub(crate) async fn post_body(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Reply {
        let mut request = Request::post(path);
        for (name, value) in headers.iter().filter(|(_, value)| !value.is_empty()) {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// `GET` with a bearer token.
    pub(crate) async fn get(&self, path: &str, token: &str) -> Reply {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// `GET` with these headers.
    pub(crate) async fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Reply {
        let request = headers.iter().fold(Request::get(path), |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// `DELETE` with a bearer token; none where it is empty.
    pub(crate) async fn delete(&self, path: &str, token: &str) -> Reply {
        let mut request = Request::delete(path);
        if !token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// The signed answer of UserInfo (Core §5.3.2).
    pub(crate) async fn userinfo_text(&self, token: &str) -> String {
        let request = Request::post("/oauth2/userinfo").header(header::AUTHORIZATION, format!("Bearer {token}"));
        let (reply, bytes) = self.exchange(request.body(Body::empty()).unwrap()).await;
        assert_eq!((reply.status, &reply.headers[header::CONTENT_TYPE]), (200, &"application/jwt".parse().unwrap()));
        String::from_utf8(bytes).unwrap()
    }

    async fn send(&self, request: Request<Body>) -> Reply {
        self.exchange(request).await.0
    }

    async fn exchange(&self, request: Request<Body>) -> (Reply, Vec<u8>) {
        let answer = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let json = serde_json::from_slice(&bytes).unwrap_or_default();
        (Reply { status: parts.status.as_u16(), headers: parts.headers, json }, bytes)
    }

    /// Ada signs in, and this client gets the code.
    pub(crate) async fn code(&self, lobby: &Lobby, scope: &str) -> String {
        let mut browser = lobby.browser();
        let page = browser.open(&ask(&self.id, &[("scope", scope)])).await;
        assert_code(&browser.sign_in(&page, ADA).await)
    }

    /// Redeems a code as the request that asked for it wants.
    pub(crate) async fn redeem(&self, code: &str) -> Reply {
        self.redeem_with(code, &self.redirect(), VERIFIER).await
    }

    /// Redeems a code with this redirect URI and verifier.
    pub(crate) async fn redeem_with(&self, code: &str, redirect: &str, verifier: &str) -> Reply {
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ];
        self.post("/oauth2/token", &fields).await
    }

    /// Refreshes.
    pub(crate) async fn refresh(&self, token: &str) -> Reply {
        self.post("/oauth2/token", &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// Whether introspection calls it active.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        let reply = self.post("/oauth2/introspect", &[("token", token)]).await;
        assert_eq!(reply.status, 200, "{}", reply.json);
        reply.json["active"].as_bool().unwrap()
    }

    /// Its redirect URI.
    pub(crate) fn redirect(&self) -> String {
        format!("https://{}.example/cb", self.id)
    }
}

/// RFC 7636 appendix B; the challenge stands in every request of the lobby.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
