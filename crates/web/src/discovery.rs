//! The metadata at both well-known addresses (Discovery §4, RFC 8414 §3).

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;

use crate::app::App;
use crate::look::Locale;

/// Written once: it changes with the program alone.
pub(crate) fn written(context: &idp::Context) -> Bytes {
    let languages = Locale::ALL.map(Locale::tag);
    Bytes::from(context.metadata(&languages).to_string())
}

pub(crate) async fn metadata(State(app): State<App>) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, app.metadata()).into_response()
}
