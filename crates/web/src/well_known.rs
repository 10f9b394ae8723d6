//! What browsers and password managers look up about passkeys.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::app::App;
use crate::lost;
use crate::visit::Visit;

/// `GET /.well-known/passkey-endpoints`: where passkeys are made and managed (A Well-Known URL for Relying Party Passkey
/// Endpoints §3).
pub(crate) async fn passkey_endpoints(State(app): State<App>) -> Response {
    let page = format!("{}/account/passkeys", app.context().issuer());
    (JSON, json!({ "enroll": page, "manage": page }).to_string()).into_response()
}

/// `GET /.well-known/webauthn`: the origins that may use this host's passkeys (Web Authentication Level 3 §5.11), where
/// there are any.
pub(crate) async fn related_origins(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Response {
    match app.context().settings().passkeys.related_origins.as_slice() {
        [] => lost::not_found(State(app), visit, headers).await,
        origins => (JSON, json!({ "origins": origins }).to_string()).into_response(),
    }
}

const JSON: [(header::HeaderName, &str); 2] =
    [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=300")];
