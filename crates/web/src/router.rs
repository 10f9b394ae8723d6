//! Which path leads where, and what every answer carries.

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use tracing::Instrument as _;

use crate::app::App;
use crate::front::{Peer, Route};
use crate::look::assets;
use crate::visit::Trace;
use crate::{
    account, authorize, cors, discovery, home, jwks, logout, protocol, set_password, signin, signup, userinfo,
};

/// All endpoints of one provider.
pub fn router(app: App) -> Router {
    let tracer = app.clone();
    Router::new()
        .route("/healthz", get(async || "ok\n"))
        .route("/readyz", get(ready))
        .route("/assets/{name}", get(asset))
        .merge(for_everybody())
        .merge(for_apps(&app))
        .merge(of_people())
        .merge(of_sign_ins())
        .route("/oauth2/introspect", post(protocol::introspect))
        .route("/oauth2/logout", get(logout::ask).post(logout::post))
        .route("/oauth2/logout/confirm", post(logout::confirm))
        .with_state(app)
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn(limited))
        .layer(from_fn(move |request: Request, next: Next| traced(tracer.next_trace(), request, next)))
}

/// From an app's request to the answer that it gets.
fn of_sign_ins() -> Router<App> {
    Router::new()
        .route("/oauth2/authorize", get(authorize::get).post(authorize::post))
        .route("/signin", get(signin::show))
        .route("/signin/{step}", get(signin::back).post(signin::step))
}

/// The pages on which people make and keep their accounts.
fn of_people() -> Router<App> {
    Router::new()
        .route("/", get(home::home))
        .route("/signup", get(signup::show).post(signup::sign_up))
        .route("/set-password", get(set_password::show).post(set_password::set))
        .route("/account", get(account::show))
        .route("/account/password", get(account::password::show).post(account::password::change))
        .route("/account/signout", post(account::sign_out))
}

/// CONTRACT §3: read by pages of any origin.
fn for_everybody() -> Router<App> {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::metadata))
        .route("/.well-known/oauth-authorization-server", get(discovery::metadata))
        .route("/.well-known/jwks.json", get(jwks::keys))
        .layer(from_fn(cors::everybody))
}

/// CONTRACT §3: read by the pages of registered apps.
fn for_apps(app: &App) -> Router<App> {
    Router::new()
        .route("/oauth2/token", post(protocol::token))
        .route("/oauth2/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
        .route("/oauth2/revoke", post(protocol::revoke))
        .layer(from_fn_with_state(app.clone(), cors::apps))
}

/// The process is up *and* can work: what a load balancer asks.
async fn ready(State(app): State<App>) -> (StatusCode, &'static str) {
    if app.context().is_ready().await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// A file of the look; its address changes with its content, so it may be kept for ever.
async fn asset(Path(name): Path<String>) -> Response {
    let Some(asset) = assets::find(&format!("/assets/{name}")) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, asset.content_type()),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.into_bytes().into_owned()).into_response()
}

/// DESIGN §6: a head of more than 32 KiB is refused (RFC 6585 §5); so is a body that says it is larger than 128 KiB,
/// unread (RFC 9110 §15.5.14). One that does not say its length meets the same limit where it is read.
async fn limited(request: Request, next: Next) -> Response {
    if head_length(&request) > HEAD {
        return StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response();
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    match length.and_then(|length| length.parse::<u64>().ok()) {
        Some(length) if length > BODY as u64 => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        _ => next.run(request).await,
    }
}

/// As RFC 9112 §3 and §5 write it: a request line, and lines of fields.
fn head_length(request: &Request) -> usize {
    let uri = request.uri();
    let query = uri.query().map_or(0, |query| query.len() + 1);
    let line = request.method().as_str().len() + uri.path().len() + query + " HTTP/1.1\r\n".len() + 1;
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    line + fields.sum::<usize>() + "\r\n".len()
}

/// Every answer names its trace, and so does every line of the log that is written on the way to it.
async fn traced(trace: String, mut request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let peer = request.extensions().get::<Peer>().map(|Peer(address)| tracing::field::display(*address));
    let span = tracing::info_span!("request", trace, peer);
    let route = request.extensions().get::<MatchedPath>().cloned().map(Route::new);
    request.extensions_mut().insert(Trace(trace.clone()));
    let mut response = next.run(request).instrument(span.clone()).await;
    span.in_scope(|| tracing::info!(%method, path, status = response.status().as_u16(), "answered"));
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    if let Ok(value) = HeaderValue::try_from(trace) {
        response.headers_mut().insert(TRACE, value);
    }
    response
}

const HEAD: usize = 32 * 1024;
const BODY: usize = 128 * 1024;
const TRACE: HeaderName = HeaderName::from_static("vestibule-trace");
