//! Where nothing is, or nothing of that kind: a page for people, words for programs.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use oidc::OAuthError;

use crate::app::App;
use crate::error;
use crate::views::ErrorKind;
use crate::visit::Visit;

/// RFC 9110 §15.5.5.
pub(crate) async fn not_found(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Response {
    answer(&app, &visit, &headers, StatusCode::NOT_FOUND, "nothing is at this address")
}

/// RFC 9110 §15.5.6; axum says in `Allow` what would do.
pub(crate) async fn other_method(State(app): State<App>, visit: Visit, headers: HeaderMap) -> Response {
    answer(&app, &visit, &headers, StatusCode::METHOD_NOT_ALLOWED, "this address takes another method, see Allow")
}

fn answer(app: &App, visit: &Visit, headers: &HeaderMap, status: StatusCode, words: &'static str) -> Response {
    if !wants_page(headers) {
        let guard = (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        return (status, [guard], format!("{words}\n")).into_response();
    }
    let mut response = error::page(app, visit, ErrorKind::NotFound, &OAuthError::invalid_request(words));
    *response.status_mut() = status;
    response
}

/// Whether somebody looks: browsers name HTML, programs do not.
fn wants_page(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(header::ACCEPT).iter().filter_map(|line| line.to_str().ok());
    accepted.flat_map(|line| line.split(',')).any(|kind| kind.trim_start().starts_with("text/html"))
}
