//! `/handoff`: where a native app's one-time address lands, and `/api/handoff/v1/links`, where it gets one.

use axum::body::Bytes;
use axum::extract::{Extension, State};
use axum::response::Response;
use http::{HeaderMap, Method, StatusCode};
use idp::handoff::{Shown, Taken};
use oidc::request::Params;
use oidc::{OAuthError, scope};

use crate::app::App;
use crate::form::{Bound, Form, stale};
use crate::presented::{Token, refused, required, with_nonce};
use crate::views::{self, Notice};
use crate::visit::{Trace, Visit};
use crate::{answer, error, person, query};

/// `POST /api/handoff/v1/links`: `client_id` and perhaps `target_link_uri`, as a form, with the app's access token.
pub(crate) async fn push(
    State(app): State<App>,
    Extension(Trace(trace)): Extension<Trace>,
    visit: Visit,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Response> {
    let token = required(&trace, Token::of(&method, &headers, &body))?;
    let response = match pushed(&app, &visit, &token, &body).await {
        Ok(json) => answer::json(StatusCode::CREATED, json),
        Err(error) => refused(&trace, &error, Some(&token), scope::OPENID),
    };
    Ok(with_nonce(&app, &headers, response))
}

async fn pushed(app: &App, visit: &Visit, token: &Token, body: &[u8]) -> Result<String, OAuthError> {
    let params = Params::parse(body).map_err(|unsound| unsound.error)?;
    let client = params.get("client_id").ok_or_else(|| OAuthError::invalid_request("client_id is missing"))?;
    let wanted = (client, params.get("target_link_uri"));
    let pushed = app.context().push_handoff(&token.at(PUSH), wanted, &visit.caller).await?;
    serde_json::to_string(&pushed).map_err(|_| OAuthError::invalid_request("the answer cannot be written"))
}

/// `GET /handoff?token=…`: looking at it uses nothing up, so that nobody who fetches it beforehand does.
pub(crate) async fn show(State(app): State<App>, visit: Visit) -> Response {
    let token = query::value(&visit, "token");
    match app.context().handoff(&token).await {
        Ok(Some(shown)) => page(&app, &visit, &token, &shown),
        Ok(None) => gone(&app, &visit),
        Err(fault) => error::usual_page(&app, &visit, &fault.into()),
    }
}

/// `POST /handoff`: the fields `token` and `number`.
pub(crate) async fn take(State(app): State<App>, visit: Visit, form: Form) -> Response {
    let token = form.get("token");
    let shown = match app.context().handoff(token).await {
        Ok(Some(shown)) => shown,
        Ok(None) => return gone(&app, &visit),
        Err(fault) => return error::usual_page(&app, &visit, &fault.into()),
    };
    if form.sender(&app, &visit, &purpose(&shown)).is_none() {
        return stale(&app, &visit);
    }
    taken(&app, &visit, token, form.get("number").trim())
        .await
        .unwrap_or_else(|error| error::usual_page(&app, &visit, &error))
}

async fn taken(app: &App, visit: &Visit, token: &str, number: &str) -> Result<Response, OAuthError> {
    let browser = app.context().browser(visit.session.as_deref()).await?;
    Ok(match app.context().take_handoff(token, number, browser.as_ref(), &visit.caller).await? {
        Taken::In { to, cookie: None } => answer::see_other(&to),
        Taken::In { to, cookie: Some((cookie, state)) } => {
            let age = app.context().settings().session.lifetime.as_secs();
            let response =
                answer::with_cookie(answer::see_other(&to), &app.session_cookie().set(cookie.text(), Some(age)));
            app.state_cookie().keep(response, Some(&state), None)
        }
        Taken::WrongNumber => message(app, visit, StatusCode::FORBIDDEN, Notice::HandoffWrong),
        Taken::Gone => gone(app, visit),
    })
}

fn page(app: &App, visit: &Visit, token: &str, shown: &Shown) -> Response {
    let bound = Bound::of(app, visit);
    let html = views::Handoff {
        page: visit.page(app),
        form: views::Form {
            to: &query::address("/handoff", visit, &[]),
            csrf: &bound.token(app, &purpose(shown)),
            flow: None,
        },
        app: views::App { name: &shown.to, logo: None },
        from: &shown.from,
        account: person::account(&shown.person),
        token,
    }
    .render();
    bound.with_cookie(answer::page(app, StatusCode::OK, html, std::slice::from_ref(&shown.origin)))
}

fn purpose(shown: &Shown) -> String {
    format!("handoff {}", shown.id)
}

fn gone(app: &App, visit: &Visit) -> Response {
    message(app, visit, StatusCode::GONE, Notice::HandoffGone)
}

fn message(app: &App, visit: &Visit, status: StatusCode, notice: Notice) -> Response {
    let html = views::Message { page: visit.passing_page(app), notice, link: None }.render();
    answer::page(app, status, html, &[])
}

/// As the proof of a key names it (RFC 9449 §4.2 `htu`).
const PUSH: &str = "/api/handoff/v1/links";
