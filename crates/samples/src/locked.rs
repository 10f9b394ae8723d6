//! Drive's locked folder: its API may ask for more than the person has proven; then the app goes back to the provider with just
//! what the API asks for, and comes again with the token it gets (RFC 9470 §4, §5).

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use serde_json::json;

use crate::challenge::StepUp;
use crate::fault::Fault;
use crate::pages;
use crate::provider::{Begin, Opened};
use crate::routes::{App, session_id};
use crate::sessions::{Session, SignedIn};

/// `GET /api/locked`: the API.
pub(crate) async fn api(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    let Some(api) = &app.api else { return StatusCode::NOT_FOUND.into_response() };
    let authorization = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    match api.locked(authorization).await {
        Ok(files) => {
            let headers = [(header::CACHE_CONTROL, "no-store"), (header::CONTENT_TYPE, "application/json")];
            (headers, json!({ "files": files }).to_string()).into_response()
        }
        Err(refusal) => (StatusCode::UNAUTHORIZED, [(header::WWW_AUTHENTICATE, refusal.challenge())]).into_response(),
    }
}

#[derive(Deserialize)]
pub(crate) struct Way {
    /// The person comes back from the provider: what the API says now is its last word.
    tried: Option<String>,
}

/// `GET /locked`: the app's page.
pub(crate) async fn page(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(way): Query<Way>,
) -> Result<Response, Response> {
    shown(&app, &headers, way.tried.is_some()).await.map_err(|fault| app.fault(&fault))
}

async fn shown(app: &App, headers: &HeaderMap, tried: bool) -> Result<Response, Fault> {
    let id = session_id(app, headers).ok_or(Fault::Ended)?;
    let user = app.sessions.signed_in(&id).ok_or(Fault::Ended)?;
    match app.party.locked(&user).await? {
        Opened::Files(files) => Ok(app.page(StatusCode::OK, pages::locked(app.look, &user, &files))),
        Opened::NotEnough(_) if tried => {
            let account = format!("{}/account", app.party.issuer.as_str());
            Ok(app.page(StatusCode::FORBIDDEN, pages::not_enough(app.look, &user, &account)))
        }
        Opened::NotEnough(step_up) => go_and_prove(app, &id, user, step_up).await,
    }
}

/// Whoever gives up on the way is signed in as before.
async fn go_and_prove(app: &App, id: &str, user: SignedIn, step_up: StepUp) -> Result<Response, Fault> {
    let (url, pending) = app.party.begin(Begin::StepUp(Box::new(user), step_up)).await?;
    app.sessions.take(id);
    let id = app.sessions.insert(Session::SigningIn(pending));
    Ok(app.with_cookie(&id, Redirect::to(url.as_str())))
}
