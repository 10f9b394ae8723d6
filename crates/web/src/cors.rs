//! Which pages of other origins may read which answers (Fetch §3.2); never with cookies.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, Method, StatusCode, header};

use crate::app::App;

/// For the origins of registered redirect URIs: the endpoints that apps in the browser call themselves.
pub(crate) async fn apps(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let allowed = match origin.as_ref().and_then(|origin| origin.to_str().ok()) {
        Some(origin) => app.context().is_app_origin(origin).await.unwrap_or_default(),
        None => false,
    };
    let mut response = match is_preflight(&request) {
        true => preflight(),
        false => next.run(request).await,
    };
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = origin.filter(|_| allowed) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("DPoP-Nonce, WWW-Authenticate, Vestibule-Trace");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    } else {
        for name in [header::ACCESS_CONTROL_ALLOW_METHODS, header::ACCESS_CONTROL_ALLOW_HEADERS] {
            headers.remove(name);
        }
    }
    response
}

/// For everybody: what is public anyway.
pub(crate) async fn everybody(request: Request, next: Next) -> Response {
    let mut response = match is_preflight(&request) {
        true => preflight(),
        false => next.run(request).await,
    };
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

fn preflight() -> Response {
    let mut response = Response::new(axum::body::Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, HeaderValue::from_static("GET, POST"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("Authorization, Content-Type, DPoP"));
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}
