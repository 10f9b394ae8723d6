//! The token tools as pages, which compute in the browser and send nothing: at `/tools`, and as a folder of files.
//!
//! The forms come from `toolbox`'s definitions, the work is done by the same Rust as a WebAssembly module. No page here
//! knows a person, sets a cookie or may make a request; only the service worker may, within `/tools/`.

mod gzip;
mod module;
mod offline;
mod place;
mod written;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

pub use module::Module;
pub use written::{File, files};

pub(crate) use place::Place;

use crate::app::App;
use crate::look::assets;
use crate::views::tools as views;
use crate::visit::Visit;

/// `GET /tools`: leads to the list in the folder, where the service worker answers for it. Its scope ends with that
/// slash: `/tools` would be the beginning of `/toolsX` too (Service Workers §«Match Service Worker Registration»).
pub(crate) async fn door(asked: Uri) -> Response {
    let query = asked.query().map(|query| format!("?{query}")).unwrap_or_default();
    let Ok(within) = HeaderValue::try_from(format!("/tools/{query}")) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let kept = HeaderValue::from_static("public, max-age=86400");
    (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, within), (header::CACHE_CONTROL, kept)]).into_response()
}

/// `GET /tools/`: all of them.
pub(crate) async fn list(State(app): State<App>, visit: Visit, asking: HeaderMap) -> Response {
    let place = Place::served(&app, &visit);
    let page = visit.page(&app);
    guarded(&app, &asking, views::List::of(page, &place).render())
}

/// `GET /tools/NAME`: one of them.
pub(crate) async fn tool(
    State(app): State<App>,
    Path(name): Path<String>,
    visit: Visit,
    asking: HeaderMap,
) -> Response {
    let place = Place::served(&app, &visit);
    match views::Tool::named(&name, visit.page(&app), &place) {
        Some(view) => guarded(&app, &asking, view.render()),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /tools/assets/NAME`: what the pages load. It stands below `/tools`, where the service worker may fetch it.
pub(crate) async fn asset(State(app): State<App>, Path(name): Path<String>, asking: HeaderMap) -> Response {
    if let Some(module) = app.module().filter(|module| module.name() == name) {
        return module.answer(&asking);
    }
    let path = format!("/assets/{name}");
    match (assets::find(&path), gzip::packed(&path)) {
        (Some(asset), Some(packed)) => gzip::answer(&asking, asset.content_type(), asset.into_bytes(), packed),
        (Some(asset), None) => kept(asset.content_type(), asset.into_bytes().into_owned()).into_response(),
        (None, _) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// `GET /tools/worker.js`: the service worker, the only script here that may make requests.
pub(crate) async fn worker(State(app): State<App>) -> Response {
    let text = offline::worker(&offline::served(&app));
    // A source with a path is one with a host (CSP 3 §6.7.2.8): under another name of this provider it keeps nothing.
    let policy = format!("default-src 'none'; connect-src {}/tools/", app.origin());
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, &policy),
        (header::CACHE_CONTROL, "no-cache"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}

/// `GET /tools/manifest.webmanifest`: what makes the tools an app to install.
pub(crate) async fn manifest(State(app): State<App>) -> Response {
    let text = offline::manifest(app.brand(), &assets::below("/tools/assets/", "favicon.svg"));
    ([(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// A page that may run its scripts and WebAssembly, and may send nothing anywhere: no request, no form.
fn guarded(app: &App, asking: &HeaderMap, html: String) -> Response {
    let packed = gzip::page(asking, &html);
    let mut response = crate::answer::page(app, StatusCode::OK, html, &[]);
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(packed) = packed {
        *response.body_mut() = Body::from(packed);
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}

/// A file whose name changes with its content.
fn kept(content_type: &'static str, bytes: Vec<u8>) -> impl IntoResponse {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, bytes)
}

/// `frame-ancestors` counts in a header alone; a page on a disk has the rest.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'none'; worker-src 'self'; manifest-src 'self'; form-action 'none'; \
     base-uri 'none'; frame-ancestors 'none'";
