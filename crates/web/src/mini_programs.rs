//! What a host app is told of a mini program, for the sheet that it shows.

use axum::extract::{Extension, Path, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use oidc::scope;
use serde_json::{Value, json};

use crate::app::App;
use crate::presented::{Token, refused, required, with_nonce};
use crate::visit::{Trace, Visit};
use crate::{answer, query, views};

/// `GET /api/mini-programs/v1/programs/{id}?scope=…` with the host's bound token: who asks, for what, in words, and what
/// is given without asking (`silent`), or was left out before (`declined`).
pub(crate) async fn show(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let token = required(&trace, Token::of(&Method::GET, &headers, &[]))?;
    let path = format!("/api/mini-programs/v1/programs/{id}");
    let asked = query::value(&visit, "scope");
    let response = match app.context().show_program(&token.at(&path), &id, &asked).await {
        Ok(program) => {
            let scopes: Vec<Value> = program
                .scopes
                .iter()
                .map(|one| {
                    let words = views::scope_words(visit.locale, &one.name);
                    json!({ "name": one.name, "words": words, "silent": one.silent, "declined": one.declined })
                })
                .collect();
            answer::json(StatusCode::OK, json!({ "client": program.client, "scopes": scopes }).to_string())
        }
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}
