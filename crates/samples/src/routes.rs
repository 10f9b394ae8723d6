//! The routes, the same for both apps.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use crate::api::Api;
use crate::fault::Fault;
use crate::locked;
use crate::pages::{self, Look};
use crate::provider::{Begin, RelyingParty};
use crate::sessions::{Session, Sessions, SignedIn};

/// One running app.
pub(crate) struct App {
    pub(crate) look: Look,
    pub(crate) party: RelyingParty,
    /// The API that this app has, with the folder that is locked.
    pub(crate) api: Option<Api>,
    pub(crate) sessions: Sessions,
}

pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(home))
        .route("/login", get(login))
        .route("/callback", get(callback))
        .route("/refresh", post(refresh))
        .route("/logout", post(logout))
        .route("/signed-out", get(signed_out))
        .route("/style.css", get(style))
        .route("/favicon.svg", get(favicon))
        .route("/locked", get(locked::page))
        .route("/api/locked", get(locked::api))
        .with_state(app)
}

async fn home(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match session_id(&app, &headers).and_then(|id| app.sessions.signed_in(&id)) {
        Some(user) => app.page(StatusCode::OK, pages::signed_in(app.look, &user)),
        None => app.page(StatusCode::OK, pages::welcome(app.look, None)),
    }
}

async fn login(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Response> {
    let (url, pending) = app.party.begin(Begin::SignIn).await.map_err(|fault| app.fault(&fault))?;
    if let Some(old) = session_id(&app, &headers) {
        app.sessions.take(&old);
    }
    let id = app.sessions.insert(Session::SigningIn(pending));
    Ok(app.with_cookie(&id, Redirect::to(url.as_str())))
}

/// RFC 6749 §4.1.2 and RFC 9207 §2.
#[derive(Deserialize)]
struct Answer {
    state: Option<String>,
    iss: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

async fn callback(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, Response> {
    finish(&app, &headers, answer).await.map_err(|fault| app.fault(&fault))
}

async fn finish(app: &App, headers: &HeaderMap, answer: Answer) -> Result<Response, Fault> {
    let id = session_id(app, headers).ok_or(Fault::NotOurs("there is no cookie"))?;
    if app.sessions.signed_in(&id).is_some() && !app.sessions.is_under_way(&id) {
        // The back button after a sign-in: the code is used up, the person is in.
        return Ok(Redirect::to("/").into_response());
    }
    let Some(Session::SigningIn(mut pending)) = app.sessions.take(&id) else {
        return Err(Fault::NotOurs("no sign-in is under way"));
    };
    if answer.state.as_deref() != Some(pending.state.secret()) {
        return Err(Fault::NotOurs("state is another"));
    }
    if answer.iss.as_deref() != Some(app.party.issuer.as_str()) {
        return Err(Fault::NotOurs("iss is another"));
    }
    if let Some(code) = answer.error {
        // Whoever did not prove more is signed in as before.
        let Some(user) = pending.before.take() else {
            return Err(Fault::Refused { code, description: answer.error_description });
        };
        let id = app.sessions.insert(Session::SignedIn(user));
        return Ok(app.with_cookie(&id, Redirect::to("/locked?tried=1")));
    }
    let code = answer.code.ok_or(Fault::NotOurs("there is no code"))?;
    let onward = if pending.before.is_some() { "/locked?tried=1" } else { "/" };
    let user = app.party.finish(code, pending).await?;
    let id = app.sessions.insert(Session::SignedIn(Box::new(user)));
    Ok(app.with_cookie(&id, Redirect::to(onward)))
}

async fn refresh(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Response> {
    let (id, user) = app.own_form(&headers).map_err(|fault| app.fault(&fault))?;
    match app.party.refresh(user).await {
        Ok(user) => {
            app.sessions.update(&id, user);
            Ok(Redirect::to("/").into_response())
        }
        Err(fault) => {
            if matches!(fault, Fault::Ended) {
                app.sessions.take(&id);
            }
            Err(app.fault(&fault))
        }
    }
}

async fn logout(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Response> {
    let (id, user) = app.own_form(&headers).map_err(|fault| app.fault(&fault))?;
    app.sessions.take(&id);
    let (url, state) = app.party.logout(&user).await.map_err(|fault| app.fault(&fault))?;
    let id = app.sessions.insert(Session::SigningOut(state));
    Ok(app.with_cookie(&id, Redirect::to(url.as_str())))
}

async fn signed_out(State(app): State<Arc<App>>, headers: HeaderMap, Query(answer): Query<Answer>) -> Response {
    let id = session_id(&app, &headers);
    if id.as_deref().is_some_and(|id| app.sessions.signed_in(id).is_some()) {
        return Redirect::to("/").into_response();
    }
    let expected = id.and_then(|id| app.sessions.take(&id));
    match expected {
        Some(Session::SigningOut(state)) if answer.state.as_ref() == Some(state.secret()) => {
            app.page(StatusCode::OK, pages::welcome(app.look, Some("You are signed out.")))
        }
        _ => app.fault(&Fault::NotOurs("no sign-out is under way")),
    }
}

async fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], STYLE).into_response()
}

async fn favicon(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "image/svg+xml")], app.look.icon()).into_response()
}

impl App {
    pub(crate) fn page(&self, status: StatusCode, html: String) -> Response {
        // The sign-out form is answered by a redirect to the provider, which Chromium holds against form-action too.
        let policy = format!(
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; base-uri 'none'; \
             frame-ancestors 'none'",
            self.party.issuer.url().origin().ascii_serialization()
        );
        let headers = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
            (header::CACHE_CONTROL, "no-store".to_owned()),
            (header::CONTENT_SECURITY_POLICY, policy),
            (header::REFERRER_POLICY, "no-referrer".to_owned()),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        ];
        (status, headers, html).into_response()
    }

    pub(crate) fn fault(&self, fault: &Fault) -> Response {
        let status = StatusCode::from_u16(fault.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self.page(status, pages::fault(self.look, fault))
    }

    /// Lax, so that it comes along when the provider sends the browser back (a cross-site GET).
    pub(crate) fn with_cookie(&self, id: &str, answer: impl IntoResponse) -> Response {
        let cookie = format!("{}={id}; Path=/; HttpOnly; SameSite=Lax", self.look.cookie());
        ([(header::SET_COOKIE, cookie)], answer).into_response()
    }

    /// A POST from a page of this app by somebody signed in. The Lax cookie already keeps other sites out.
    fn own_form(&self, headers: &HeaderMap) -> Result<(String, SignedIn), Fault> {
        let site = headers.get("sec-fetch-site").map(|value| value.as_bytes());
        if !matches!(site, None | Some(b"same-origin")) {
            return Err(Fault::Foreign);
        }
        let id = session_id(self, headers).ok_or(Fault::Ended)?;
        let user = self.sessions.signed_in(&id).ok_or(Fault::Ended)?;
        Ok((id, user))
    }
}

pub(crate) fn session_id(app: &App, headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == app.look.cookie())
        .map(|(_, value)| value.to_owned())
}

const STYLE: &str = include_str!("../assets/style.css");
