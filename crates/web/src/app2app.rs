//! App to app: a link that the host app claims, with the browser as the way that is always there; the requests for the host app, and
//! the keys of its devices.

use axum::body::Bytes;
use axum::extract::{Extension, Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, header};
use oidc::request::PUSHED;
use oidc::{OAuthError, scope};
use serde_json::{Value, json};

use crate::app::App;
use crate::client::address;
use crate::presented::{Token, give_nonce, refused, required, with_nonce};
use crate::visit::{Trace, Visit};
use crate::{answer, query, views};

/// `GET /a2a/{host}?client_id=…&request_uri=…`: where the host app is not installed, the same goes on as an ordinary request. Nothing
/// else of the link does: what is asked was pushed.
pub(crate) async fn link(visit: Visit, Path(_): Path<String>) -> Response {
    let (client, request) = (query::value(&visit, "client_id"), query::value(&visit, "request_uri"));
    answer::see_other(&query::address(
        "/oauth2/authorize",
        &visit,
        &[("client_id", &client), ("request_uri", &request)],
    ))
}

/// `GET /api/app2app/v1/requests/{id}?client_id=…`: who asks, for what, and what the answer must cover.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let (path, client, uri) = of(&id, &visit);
    let token = required(&trace, Token::of(&Method::GET, &headers, &[]))?;
    let languages = [visit.locale.tag()];
    let response = match app.context().app_request(&token.at(&path), (&client, &uri), &languages).await {
        Ok(request) => {
            let say = |scope: &str| views::scope_words(visit.locale, scope);
            let scopes: Vec<Value> =
                request.scopes.iter().map(|scope| json!({ "name": scope, "words": say(scope) })).collect();
            let details: Vec<Value> =
                request.details.iter().map(|(item, words)| json!({ "item": item, "words": words })).collect();
            let body = json!({
                "client": request.client,
                "scopes": scopes,
                "authorization_details": details,
                "locale": visit.locale.tag(),
                "challenge": request.challenge,
                "request_hash": request.request_hash,
            });
            answer::json(StatusCode::OK, body.to_string())
        }
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}

/// `POST /api/app2app/v1/requests/{id}?client_id=…` with `{"proof": …}`: `redirect_to` leads back to the app that asked.
pub(crate) async fn decide(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let (path, client, uri) = of(&id, &visit);
    let token = required(&trace, json_token(&headers))?;
    let outcome = app.context().answer_app_request(&token.at(&path), (&client, &uri), &body, &visit.caller).await;
    let response = match outcome {
        Ok(answered) => answer::json(StatusCode::OK, json!({ "redirect_to": address(&answered) }).to_string()),
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}

/// `POST /api/device-keys/v1/keys` with `{"jwk": …, "name": …, "proof": …}`.
pub(crate) async fn register(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    visit: Visit,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let token = required(&trace, json_token(&headers))?;
    let outcome = app.context().register_device_key(&token.at(KEYS), &body, &visit.caller).await;
    let response = match outcome {
        Ok(kept) => answer::json(StatusCode::CREATED, kept.to_string()),
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    // Here the nonce is the key's, whatever the token is bound to.
    Ok(give_nonce(&app, response))
}

/// `DELETE /api/device-keys/v1/keys/{id}`: the app's own key, of the token's person. 204; 404 where there is none.
pub(crate) async fn discard(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    Path(id): Path<String>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Response> {
    let token = required(&trace, Token::of(&Method::DELETE, &headers, &[]))?;
    let path = format!("{KEYS}/{id}");
    let response = match app.context().discard_device_key(&token.at(&path), &id, &visit.caller).await {
        Ok(true) => StatusCode::NO_CONTENT.into_response(),
        Ok(false) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}

/// `GET /.well-known/assetlinks.json` (Digital Asset Links): the Android apps that claim links here.
pub(crate) async fn asset_links(State(app): State<App>) -> Response {
    match app.context().host_apps().await {
        Ok(apps) => association(apps.android()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// `GET /.well-known/apple-app-site-association`: those of Apple's systems, each for its own links alone.
pub(crate) async fn site_association(State(app): State<App>) -> Response {
    match app.context().host_apps().await {
        Ok(apps) => association(apps.apple()),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

fn association(body: Value) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, "public, max-age=300"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, body.to_string()).into_response()
}

/// The path below the issuer, the client that asks, and the reference of its request.
fn of(id: &str, visit: &Visit) -> (String, String, String) {
    (format!("/api/app2app/v1/requests/{id}"), query::value(visit, "client_id"), format!("{PUSHED}{id}"))
}

/// The token of a request whose body is JSON; a page of another site can send neither without asking first.
fn json_token(headers: &HeaderMap) -> Result<Option<Token>, OAuthError> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        true => Token::of(&Method::POST, headers, &[]),
        false => Err(OAuthError::invalid_request("the body must be application/json")),
    }
}

const KEYS: &str = "/api/device-keys/v1/keys";
